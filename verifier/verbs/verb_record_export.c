/* SPDX-License-Identifier: Apache-2.0 */
/* record export: a verified record in the form of another system. */
#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "console/print.h"
#include "evidence/export/export.h"
#include "keys/message.h"
#include "verifier/evidence/evidence.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_trust.h"
#include "verifier/verbs/verbs.h"

/* Signs what a form asks to have signed, with the key that the options name: opened only now, so
 * that nobody is asked for a secret in vain. */
static enum cret_status sign(void *context, const char *message, size_t size,
                             struct cret_export_signature *ret_signature, struct cret_err *err)
{
    const struct cret_options *options = context;
    struct cret_record_signer signer = {0};
    struct cret_message_signature made = {0};
    if (cret_record_signer_open(&signer, options, "key", "no-certificate", "no-chain", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_key_sign_message(&made, signer.key, cret_options_given(options, "allow-example-keys"),
                              (const uint8_t *)message, size, err);
    cret_record_signer_clear(&signer);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    ret_signature->value = made.value;
    ret_signature->size = made.size;
    memcpy(ret_signature->key_digest, made.key_digest, CRET_SHA256_BYTES);
    return CRET_OK;
}

/* Only the record of a run that its journal confirms is anybody's evidence elsewhere. */
static enum cret_status check_settled(const struct cret_record_trust *trust, struct cret_err *err)
{
    if (cret_record_trust_settled(trust, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return !trust->belongs || trust->confirmed
               ? CRET_OK
               : cret_err_refuse(err, CRET_CHECK_JOURNAL_RECORDS,
                                 "the journal says that the run of this record did not finish");
}

static enum cret_status write_export(const struct cret_export *form,
                                     const struct cret_options *options,
                                     const struct cret_record_trust *trust, struct cret_err *err)
{
    const struct cret_export_job job = {
        .record = &trust->record,
        .signature = (const uint8_t *)trust->signature,
        .signature_size = trust->signature_size,
        .options = options,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .sign = sign,
        .context = (void *)(uintptr_t)options,
    };
    const char *path = cret_options_value(options, "out");
    char *text = NULL;
    size_t size = 0;
    if (form->make(&text, &size, &job, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = path == NULL || strcmp(path, "-") == 0
                                        ? cret_print_text(stdout, text, size, err)
                                        : cret_file_write(path, text, size, 0644, err);
    free(text);
    return status;
}

static int act(const struct cret_options *options)
{
    struct cret_record_trust trust = {0};
    const struct cret_export *form = NULL;
    struct cret_err err = {0};
    if (cret_export_choose(&form, options, &err) != CRET_OK ||
        cret_record_trust_open(&trust, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = check_settled(&trust, &err) == CRET_OK &&
                             write_export(form, options, &trust, &err) == CRET_OK
                         ? CRET_EXIT_DONE
                         : cret_verb_fail(options, &err);
    cret_record_trust_clear(&trust);
    return code;
}

static const struct cret_option export_options[] = {
    CRET_OPTION("key", "URI", "The private key, for a form that is signed."),
    CRET_OPTION("out", "FILE", "Where it is written. Default: standard output."),
    CRET_OPTION_END,
};
static const struct cret_option_group export_group = {"Export", export_options};

const struct cret_verb cret_verb_record_export = {
    .name = "export",
    .operands = "FILE",
    .summary = "Write a verified record in the form of another system",
    .help = "The record is verified as by `record verify` first. One form is asked for.",
    .groups = CRET_GROUPS(CRET_RECORD_EXPORTS(CRET_EXPORT_GROUP) & export_group,
                          &cret_record_trust_group, &cret_example_group, &cret_confinement_group,
                          &cret_secret_group, &cret_site_group, &cret_json_errors_group),
    .examples = CRET_EXAMPLES("cretula-verify record export RECORD.json --vsa "
                              "--key recorder.key.pem --anchor recorder-root.pem "
                              "--out release.vsa.json",
                              "cretula-verify record export RECORD.json --asic "
                              "--anchor recorder-root.pem --out RECORD.asics"),
    .run = act,
};
