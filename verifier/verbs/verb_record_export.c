/* SPDX-License-Identifier: Apache-2.0 */
/* record export: a verified record in the form of another system. */
#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/json.h"
#include "console/print.h"
#include "evidence/record/vsa.h"
#include "keys/message.h"
#include "verifier/evidence/evidence.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_trust.h"
#include "verifier/verbs/verbs.h"

/* Statement, signature, envelope. */
static enum cret_status make_envelope(json_t **ret_envelope, const struct cret_options *options,
                                      const struct cret_record_trust *trust, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const bool example = cret_options_given(options, "allow-example-keys");
    const struct cret_vsa_names names = {.verifier_id = cret_options_value(options, "verifier-id"),
                                         .resource_uri =
                                             cret_options_value(options, "resource-uri")};
    struct cret_record_signer signer = {0};
    json_t *statement = NULL;
    char *payload = NULL, *message = NULL;
    size_t size = 0, message_size = 0;
    struct cret_message_signature signature = {0};
    if (cret_vsa_statement(&statement, &trust->record, &names, example, err) != CRET_OK ||
        cret_record_signer_open(&signer, options, "key", "no-certificate", "no-chain", err) !=
            CRET_OK) {
        goto out;
    }
    payload = json_dumps(statement, JSON_COMPACT);
    if (payload == NULL) {
        cret_err_memory(err);
        goto out;
    }
    size = strlen(payload);
    if (cret_dsse_encode(&message, &message_size, payload, size, err) == CRET_OK &&
        cret_key_sign_message(&signature, signer.key, example, (uint8_t *)message, message_size,
                              err) == CRET_OK) {
        status = cret_dsse_envelope(ret_envelope, payload, size, signature.value, signature.size,
                                    signature.key_digest, err);
    }
    if (status == CRET_OK && cret_dsse_read_back(*ret_envelope, statement, err) != CRET_OK) {
        json_decref(*ret_envelope);
        *ret_envelope = NULL;
        status = CRET_FAILED;
    }
out:
    json_decref(statement);
    cret_record_signer_clear(&signer);
    free(payload);
    free(message);
    free(signature.value);
    return status;
}

/* A URI has a scheme; anything else would not be found by who looks for it. */
static enum cret_status check_uris(const struct cret_options *options, struct cret_err *err)
{
    static const char *const names[] = {"verifier-id", "resource-uri"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = cret_options_value(options, names[i]);
        if (value != NULL && !cret_format_accepts(CRET_FORMAT_URI, value)) {
            cret_err_usage(err, "--%s: not a URI: %s", names[i], value);
            return cret_err_expected(err, "%s", cret_format_words(CRET_FORMAT_URI));
        }
    }
    return CRET_OK;
}

/* An attestation has no field that says as of when its maker judged the record. */
static enum cret_status check_now(const struct cret_options *options, struct cret_err *err)
{
    if (!cret_options_given(options, "at")) {
        return CRET_OK;
    }
    cret_err_usage(err, "a record that is judged as of another time (--at) gives no VSA");
    return cret_err_hint(err,
                         "verify the release again and export that record, or name what vouches "
                         "for this one today: --journal DIR, --station FILE");
}

static enum cret_status write_envelope(const struct cret_options *options, const json_t *envelope,
                                       struct cret_err *err)
{
    const char *path = cret_options_value(options, "out");
    char *text = NULL;
    size_t size = 0;
    if (cret_json_print(&text, &size, envelope, err) != CRET_OK) {
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
    struct cret_err err;
    json_t *envelope = NULL;
    int code = 0;
    cret_err_clear(&err);
    if (check_uris(options, &err) != CRET_OK || check_now(options, &err) != CRET_OK ||
        cret_record_trust_open(&trust, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_record_trust_settled(&trust, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else if (trust.belongs && !trust.confirmed) {
        cret_err_refuse(&err, CRET_CHECK_JOURNAL_RECORDS,
                        "the journal says that the run of this record did not finish");
        code = cret_verb_fail(options, &err);
    } else if (make_envelope(&envelope, options, &trust, &err) != CRET_OK ||
               write_envelope(options, envelope, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
    json_decref(envelope);
    cret_record_trust_clear(&trust);
    return code;
}

static const struct cret_option export_options[] = {
    {.name = "vsa",
     .required = true,
     .help = "SLSA Verification Summary Attestation (in-toto Statement v1) in a DSSE envelope."},
    {.name = "key",
     .argument = "URI",
     .required = true,
     .help = "The private key that signs the envelope."},
    {.name = "verifier-id",
     .argument = "URI",
     .help = "How policy engines know this verifier. Default: urn:cretula:verify."},
    {.name = "resource-uri",
     .argument = "URI",
     .help = "How they know the release. Default: the product's purl, or a URN of its identity."},
    {.name = "out", .argument = "FILE", .help = "Where it is written. Default: standard output."},
    {.name = NULL},
};
static const struct cret_option_group export_group = {"Export", export_options};

const struct cret_verb cret_verb_record_export = {
    .name = "export",
    .operands = "FILE",
    .summary = "Write a verified record in the form of another system",
    .help = "The record is verified as by `record verify` first.",
    .groups = CRET_GROUPS(&export_group, &cret_record_trust_group, &cret_example_group,
                          &cret_secret_group, &cret_site_group, &cret_json_errors_group),
    .examples = CRET_EXAMPLES("cretula-verify record export RECORD.json --vsa "
                              "--key recorder.key.pem --anchor recorder-root.pem "
                              "--out release.vsa.json"),
    .run = act,
};
