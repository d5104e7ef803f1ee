/* SPDX-License-Identifier: Apache-2.0 */
/* attach: signatures made elsewhere come into the archive. Their bytes are read here, and parsed
 * where the archive is: in a process that can do nothing else. */
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

struct attach {
    struct cret_amend amend;
    char *data[CRET_LIMIT_SIGNATURES]; /* of the files, in order; of --raw the only one */
    size_t sizes[CRET_LIMIT_SIGNATURES];
    size_t count;
};

/* The reading process. */

/* Two of the given signatures by one key would be refused as soon as one of them is in. */
static enum cret_status check_new(struct cret_amend *amend, struct cret_addition *addition,
                                  struct cret_err *err)
{
    if (cret_amend_parse(amend, addition, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (amend->package &&
        cret_package_suits(&amend->seen, cret_cms_meaning(addition->cms), err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_certificate *signer = cret_cms_signer(addition->cms);
    for (size_t i = 0; i + 1 < amend->count; i++) {
        if (memcmp(cret_certificate_key_digest(cret_cms_signer(amend->additions[i].cms)),
                   cret_certificate_key_digest(signer), CRET_SHA256_BYTES) == 0) {
            return cret_err_usage(err, "two of these signatures are by the same key");
        }
    }
    return cret_amend_takes(amend, signer, err);
}

/* What was signed is made anew of the file: of a package it is another list when somebody else has
 * signed meanwhile. */
static enum cret_status explain(const struct cret_amend *amend, const char *path,
                                struct cret_err *err)
{
    if (amend->package && err->class == CRET_ERR_REFUSED &&
        err->check == CRET_CHECK_SIGNATURE_VALUE) {
        cret_err_hint(err, "sign what prepare writes for this package as it is now: whoever signs "
                           "it later signs a list that names the signatures before; with --raw "
                           "give the same --cert, --chain and --meaning");
    }
    return cret_err_context(err, "%s", path);
}

static enum cret_status adapt(struct attach *attach, size_t index, struct cret_err *err)
{
    struct cret_amend *amend = &attach->amend;
    const char *path = cret_options_operand(amend->options, index + 1);
    const struct cret_credentials *credentials = &amend->credentials;
    const struct cret_bytes content = cret_amend_content(amend);
    const struct cret_certificate **known =
        calloc(credentials->count + credentials->intermediate_count + 1, sizeof(*known));
    struct cret_foreign_signature foreign = {
        .data = attach->data[index],
        .size = attach->sizes[index],
        .certificates = known,
        .now = cret_os_now(),
        .allow_example_keys = amend->work.allow_example_keys,
        .origin = path,
    };
    if (known == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < credentials->count; i++) {
        known[foreign.certificate_count++] = credentials->list[i];
    }
    for (size_t i = 0; i < credentials->intermediate_count; i++) {
        known[foreign.certificate_count++] = credentials->chain[i];
    }
    struct cret_addition *addition = cret_amend_next(amend);
    enum cret_status status = cret_foreign_adapt(&addition->der, &addition->size, amend->notes,
                                                 &foreign, content.data, content.size, err);
    if (status == CRET_OK) {
        status = check_new(amend, addition, err);
    }
    free(known);
    return status == CRET_OK ? CRET_OK : explain(amend, path, err);
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

static struct cret_sign_request raw_request(const struct cret_amend *amend,
                                            enum cret_meaning meaning)
{
    return (struct cret_sign_request){
        .certificate = amend->credentials.list[0],
        .chain = amend->credentials.chain,
        .chain_count = amend->credentials.intermediate_count,
        .meaning = meaning,
        .allow_example_keys = amend->work.allow_example_keys,
    };
}

static enum cret_status finish_raw(struct attach *attach, const char *path, struct cret_err *err)
{
    struct cret_amend *amend = &attach->amend;
    const struct cret_bytes content = cret_amend_content(amend);
    const struct cret_sign_request request = raw_request(amend, cret_amend_meaning(amend));
    if (decode_base64(&attach->data[0], &attach->sizes[0], err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_addition *addition = cret_amend_next(amend);
    const enum cret_status status = cret_ceremony_finish(
        &addition->der, &addition->size, &request, content.data, content.size,
        (struct cret_bytes){(const uint8_t *)attach->data[0], attach->sizes[0]}, err);
    return status == CRET_OK ? check_new(amend, addition, err) : explain(amend, path, err);
}

static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    struct attach *attach = context;
    const char *raw = cret_options_value(attach->amend.options, "raw");
    for (size_t i = 0; raw == NULL && i < attach->count; i++) {
        if (adapt(attach, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if ((raw != NULL && finish_raw(attach, raw, err) != CRET_OK) ||
        cret_amend_ready(&attach->amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_amend_tell(&attach->amend, told, cret_amend_added(&attach->amend), err);
}

/* Whoever asked. */

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

static enum cret_status read_signature(struct attach *attach, const char *path,
                                       struct cret_err *err)
{
    const size_t place = attach->count;
    if (cret_file_read(&attach->data[place], &attach->sizes[place], path,
                       CRET_LIMIT_SIGNATURE_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    attach->count++;
    return CRET_OK;
}

/* The time is no part of what was signed, but nobody signs with an expired certificate. */
static enum cret_status check_certificate(const struct cret_amend *amend, struct cret_err *err)
{
    struct cret_sign_request request = raw_request(amend, cret_option_meaning(amend->options));
    request.has_signing_time = true;
    request.signing_time = cret_os_now();
    return cret_sign_check(&request, err);
}

static enum cret_status run(struct cret_amend *amend, struct cret_err *err)
{
    struct attach *attach = (struct attach *)amend; /* its first member */
    const struct cret_options *options = amend->options;
    const char *raw = cret_options_value(options, "raw");
    if (check_usage(options, err) != CRET_OK || cret_amend_begin(amend, err) != CRET_OK ||
        cret_amend_open(amend, cret_options_operand(options, 0), true, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (amend->package && cret_options_operand_count(options) > 2) {
        cret_err_usage(err, "a package gets one signature at a time: each is over a list that "
                            "names those before it");
        return cret_err_hint(err, "attach the first one, then prepare for the next signer");
    }
    for (size_t i = 1; i < cret_options_operand_count(options); i++) {
        if (read_signature(attach, cret_options_operand(options, i), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (raw != NULL &&
        (check_certificate(amend, err) != CRET_OK || read_signature(attach, raw, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    return cret_amend_read(amend, read_apart, attach, err) == CRET_OK &&
                   cret_amend_said(amend, attach->count, err) == CRET_OK &&
                   cret_amend_replace(amend, attach->count, NULL, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

static int act(const struct cret_options *options)
{
    struct attach attach = {.count = 0};
    cret_amend_init(&attach.amend, options, "verifying");
    attach.amend.unsigned_too = true;
    const int code = cret_amend_run(&attach.amend, run);
    for (size_t i = 0; i < attach.count; i++) {
        free(attach.data[i]);
    }
    return code;
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
        "with its reason. Every byte of FILE is verified before it is replaced. Of an OPC UA "
        "package "
        "(.uadipkg) the signature is over the list that prepare wrote: its author's where nobody "
        "has signed it, else an approval.",
    .groups = CRET_GROUPS(&attach_group, &cret_meaning_group, &cret_replace_group,
                          &cret_payload_group, &cret_example_group, &cret_confinement_group,
                          &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign attach r.cretula.tar release.p7s",
                              "cretula-sign attach r.cretula.tar --raw quality.sig "
                              "--cert quality.cert.pem --meaning approval",
                              "cretula-sign attach RTU-7.uadipkg --raw plant.sig "
                              "--cert plant.cert.pem"),
    .run = act,
};
