/* SPDX-License-Identifier: Apache-2.0 */
/* attach: signatures made elsewhere come into the archive. */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "keys/ceremony.h"
#include "keys/foreign.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/verbs/verbs.h"

static enum cret_status read_signature(char **ret_data, size_t *ret_size, const char *path,
                                       struct cret_err *err)
{
    if (cret_file_read(ret_data, ret_size, path, CRET_LIMIT_SIGNATURE_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* Two of the given signatures by one key would be refused as soon as one of them is in. */
static enum cret_status check_new(struct cret_amend *amend, struct cret_addition *addition,
                                  struct cret_err *err)
{
    if (cret_cms_parse(&addition->cms, addition->der, addition->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_certificate *signer = cret_cms_signer(addition->cms);
    for (size_t i = 0; i + 1 < amend->count; i++) {
        if (memcmp(cret_certificate_key_digest(cret_cms_signer(amend->additions[i].cms)),
                   cret_certificate_key_digest(signer), CRET_SHA256_BYTES) == 0) {
            return cret_err_usage(err, "two of these signatures are by the same key");
        }
    }
    return cret_existing_takes(amend->existing, signer,
                               cret_options_given(amend->options, "replace"), err);
}

static enum cret_status adapt(struct cret_amend *amend, const char *path, struct cret_err *err)
{
    const struct cret_credentials *credentials = &amend->credentials;
    const struct cret_front *front = amend->existing->front;
    const struct cret_certificate **known =
        calloc(credentials->count + credentials->intermediate_count + 1, sizeof(*known));
    struct cret_foreign_signature foreign = {
        .certificates = known,
        .now = cret_os_now(),
        .allow_example_keys = amend->work.allow_example_keys,
        .origin = path,
    };
    char *data = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (known == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < credentials->count; i++) {
        known[foreign.certificate_count++] = credentials->list[i];
    }
    for (size_t i = 0; i < credentials->intermediate_count; i++) {
        known[foreign.certificate_count++] = credentials->chain[i];
    }
    if (read_signature(&data, &size, path, err) == CRET_OK) {
        struct cret_addition *addition = cret_amend_next(amend);
        foreign.data = data;
        foreign.size = size;
        status = cret_foreign_adapt(&addition->der, &addition->size, amend->notes, &foreign,
                                    front->manifest, front->manifest_size, err);
        if (status == CRET_OK) {
            status = check_new(amend, addition, err);
        }
        if (status != CRET_OK) {
            cret_err_context(err, "%s", path);
        }
    }
    free(known);
    free(data);
    return status;
}

/* Cloud KMS give signature values in base64: decoded in place where the whole text is that. */
static enum cret_status decode_base64(char **data, size_t *size, struct cret_err *err)
{
    uint8_t *value = NULL;
    size_t kept = 0, value_size = 0;
    char *text = malloc(*size + 1);
    if (text == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < *size; i++) {
        if (strchr(" \t\r\n", (*data)[i]) == NULL || (*data)[i] == '\0') {
            text[kept++] = (*data)[i];
        }
    }
    text[kept] = '\0';
    if (strlen(text) == kept && cret_base64_decode(&value, &value_size, text) == CRET_OK &&
        value_size > 0) {
        free(*data);
        *data = (char *)value;
        *size = value_size;
    }
    free(text);
    return CRET_OK;
}

static enum cret_status finish_raw(struct cret_amend *amend, const char *path, struct cret_err *err)
{
    const struct cret_front *front = amend->existing->front;
    const struct cret_sign_request request = {
        .certificate = amend->credentials.list[0],
        .chain = amend->credentials.chain,
        .chain_count = amend->credentials.intermediate_count,
        .meaning = cret_option_meaning(amend->options),
        .allow_example_keys = amend->work.allow_example_keys,
    };
    char *data = NULL;
    size_t size = 0;
    /* The time is no part of what was signed, but nobody signs with an expired certificate. */
    struct cret_sign_request timed = request;
    timed.has_signing_time = true;
    timed.signing_time = cret_os_now();
    if (cret_sign_check(&timed, err) != CRET_OK ||
        read_signature(&data, &size, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (decode_base64(&data, &size, err) != CRET_OK) {
        free(data);
        return CRET_FAILED;
    }
    struct cret_addition *addition = cret_amend_next(amend);
    enum cret_status status = cret_ceremony_finish(
        &addition->der, &addition->size, &request, front->manifest, front->manifest_size,
        (struct cret_bytes){(const uint8_t *)data, size}, err);
    free(data);
    return status == CRET_OK ? check_new(amend, addition, err) : cret_err_context(err, "%s", path);
}

static enum cret_status check_usage(const struct cret_options *options, struct cret_err *err)
{
    const bool raw = cret_options_given(options, "raw");
    const size_t files = cret_options_operand_count(options) - 1;
    if (raw == (files > 0)) {
        cret_err_usage(err, raw ? "--raw and a CMS signature contradict each other"
                                : "no signature is given");
        return cret_err_expected(err, "FILE SIGNATURE.p7s..., or FILE --raw SIG --cert PEM");
    }
    if (files > CRET_LIMIT_SIGNATURES) {
        return cret_err_usage(err, "an archive holds at most %u signatures", CRET_LIMIT_SIGNATURES);
    }
    return CRET_OK;
}

static enum cret_status run(struct cret_amend *amend, struct cret_err *err)
{
    const struct cret_options *options = amend->options;
    const char *raw = cret_options_value(options, "raw");
    if (check_usage(options, err) != CRET_OK || cret_amend_begin(amend, err) != CRET_OK ||
        cret_amend_open(amend, cret_options_operand(options, 0), true, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 1; i < cret_options_operand_count(options); i++) {
        if (adapt(amend, cret_options_operand(options, i), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if ((raw != NULL && finish_raw(amend, raw, err) != CRET_OK) ||
        cret_amend_ready(amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_amend_outcome(amend, cret_amend_finish(amend, err), err);
}

static int act(const struct cret_options *options)
{
    return cret_amend_run(options, run);
}

static const struct cret_option attach_options[] = {
    CRET_OPTION("raw", "SIG",
                "A bare signature value over what prepare --tbs wrote: ECDSA in DER or as r and s, "
                "RSA with PKCS#1 v1.5 or PSS.",
                .needs = "cert"),
    CRET_OPTION("cert", "PEM",
                "With --raw: the certificate as given to prepare. Else: certificates that the "
                "signature covers and does not embed."),
    CRET_OPTION("chain", "PEM",
                "With --raw: the intermediates as given to prepare. Else as --cert."),
    CRET_OPTION_END,
};
static const struct cret_option_group attach_group = {"Signature", attach_options};

const struct cret_verb cret_verb_attach = {
    .name = "attach",
    .operands = "FILE [SIGNATURE.p7s...]",
    .summary = "Put signatures made elsewhere into an archive",
    .help =
        "Takes CMS signatures (DER, BER or PEM) over MANIFEST.json, or with --raw a bare value "
        "over what prepare --tbs wrote. What no signature covers is brought into the one form of "
        "the archive, and what was left out is listed; what cannot be brought into it is refused "
        "with its reason. Every byte of FILE is verified before it is replaced.",
    .groups =
        CRET_GROUPS(&attach_group, &cret_meaning_group, &cret_replace_group, &cret_payload_group,
                    &cret_example_group, &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign attach r.cretula.tar release.p7s",
                              "cretula-sign attach r.cretula.tar --raw quality.sig "
                              "--cert quality.cert.pem --meaning approval"),
    .run = act,
};
