/* SPDX-License-Identifier: Apache-2.0 */
/* The signed attributes of a SignerInfo: a row for each that there may be. */
#include <string.h>

#include "trust/asn1/oid.h"
#include "trust/cms/cms_form.h"

struct context {
    const struct cret_cms_form *form;
    struct cret_cms_attributes *result;
    struct cret_cms_certificate_id old_ids[CRET_LIMIT_CHAIN]; /* of signingCertificate */
    size_t old_count;
};

static enum cret_status read_content_type(struct cret_der *value, struct context *context)
{
    struct cret_bytes oid;
    const uint8_t *at = value->next;
    const bool token = context->form->kind == CRET_CMS_TOKEN;
    if (cret_der_oid(value, "contentType", &oid) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(oid, token ? cret_oid_timestamp_info : cret_oid_data)) {
        return cret_der_refuse(value, at, "signs a contentType other than %s",
                               token ? "id-ct-TSTInfo" : "id-data");
    }
    return CRET_OK;
}

static enum cret_status read_message_digest(struct cret_der *value, struct context *context)
{
    struct cret_der_element element;
    if (cret_der_take(value, CRET_DER_OCTET_STRING, "messageDigest", &element) != CRET_OK) {
        return CRET_FAILED;
    }
    if (element.content.size != context->form->digest->size) {
        return cret_der_refuse(value, element.whole.data,
                               "has a messageDigest of the wrong length for its digest");
    }
    context->result->message_digest = element.content;
    return CRET_OK;
}

/* RFC 5652 11.3: UTCTime up to 2049, GeneralizedTime from then on. */
static enum cret_status read_signing_time(struct cret_der *value, struct context *context)
{
    enum { YEAR_2050 = 2524608000 };
    const uint8_t *at = value->next;
    const bool generalized = cret_der_next_is(value, CRET_DER_GENERALIZED_TIME);
    context->result->has_signing_time = true;
    if (cret_der_time(value, "signingTime", &context->result->signing_time) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!generalized || context->result->signing_time >= YEAR_2050) {
        return CRET_OK;
    }
    cret_der_refuse(value, at, "has a signingTime before 2050 as GeneralizedTime");
    return cret_err_expected(value->err, "UTCTime YYMMDDHHMMSSZ up to 2049");
}

static enum cret_status read_commitment(struct cret_der *value, struct context *context)
{
    static const struct {
        const struct cret_bytes *oid;
        enum cret_meaning meaning;
    } rows[] = {
        {&cret_oid_proof_of_origin, CRET_MEANING_ORIGIN},
        {&cret_oid_proof_of_approval, CRET_MEANING_APPROVAL},
        {&cret_oid_proof_of_receipt, CRET_MEANING_RECEIPT},
    };
    struct cret_der indication;
    struct cret_bytes oid;
    const uint8_t *at = value->next;
    if (cret_der_enter(value, CRET_DER_SEQUENCE, "commitmentTypeIndication", &indication) !=
            CRET_OK ||
        cret_der_oid(&indication, "commitmentTypeId", &oid) != CRET_OK ||
        cret_der_end(&indication, "commitmentTypeIndication (no qualifiers)") != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (cret_bytes_equal(*rows[i].oid, oid)) {
            context->result->meaning = rows[i].meaning;
            return CRET_OK;
        }
    }
    cret_der_refuse(value, at, "has a commitment type that is not known");
    return cret_err_expected(value->err, "proof of origin, of approval, or of receipt");
}

/* RFC 6211 2: digestAlgorithm, [1] signatureAlgorithm; the [2] is for MACs. */
static enum cret_status read_protection(struct cret_der *value, struct context *context)
{
    struct cret_der protection;
    struct cret_der_element digest, signature;
    if (cret_der_enter(value, CRET_DER_SEQUENCE, "cmsAlgorithmProtection", &protection) !=
            CRET_OK ||
        cret_der_take(&protection, CRET_DER_SEQUENCE, "its digestAlgorithm", &digest) != CRET_OK ||
        cret_der_take(&protection, CRET_DER_CONTEXT_CONSTRUCTED | 1, "its signatureAlgorithm",
                      &signature) != CRET_OK ||
        cret_der_end(&protection, "cmsAlgorithmProtection") != CRET_OK) {
        return CRET_FAILED;
    }
    context->result->protected_digest = digest.whole;
    context->result->protected_signature = signature.content;
    return CRET_OK;
}

/* IssuerSerial (RFC 5035 5): GeneralNames with exactly one directoryName, serialNumber. */
static enum cret_status read_issuer_serial(struct cret_der *id,
                                           struct cret_cms_certificate_id *result)
{
    struct cret_der pair, names, name;
    struct cret_der_element issuer;
    if (cret_der_enter(id, CRET_DER_SEQUENCE, "issuerSerial", &pair) != CRET_OK ||
        cret_der_enter(&pair, CRET_DER_SEQUENCE, "GeneralNames", &names) != CRET_OK ||
        cret_der_enter(&names, CRET_DER_CONTEXT_CONSTRUCTED | 4, "directoryName", &name) !=
            CRET_OK ||
        cret_der_take(&name, CRET_DER_SEQUENCE, "Name", &issuer) != CRET_OK ||
        cret_der_end(&name, "directoryName") != CRET_OK ||
        cret_der_end(&names, "GeneralNames") != CRET_OK ||
        cret_der_unsigned(&pair, "serialNumber", NULL, &result->serial) != CRET_OK ||
        cret_der_end(&pair, "issuerSerial") != CRET_OK) {
        return CRET_FAILED;
    }
    result->issuer = issuer.whole;
    return CRET_OK;
}

/* ESSCertIDv2: the hash algorithm is absent for its DEFAULT, SHA-256; some write it all the same,
 * or its parameters as NULL, which says the same. The signature covers it, so it stays. ESSCertID
 * has none: SHA-1. */
static enum cret_status read_certificate_id(struct cret_der *list, bool old,
                                            struct cret_cms_certificate_id *result)
{
    struct cret_der id;
    struct cret_der_element hash;
    memset(result, 0, sizeof(*result));
    result->digest = old ? cret_digest_of_old_certificate_names() : cret_digest_by_name("sha256");
    if (cret_der_enter(list, CRET_DER_SEQUENCE, old ? "ESSCertID" : "ESSCertIDv2", &id) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (!old && cret_der_next_is(&id, CRET_DER_SEQUENCE)) {
        struct cret_der_element identifier;
        if (cret_der_take(&id, CRET_DER_SEQUENCE, "hashAlgorithm", &identifier) != CRET_OK) {
            return CRET_FAILED;
        }
        result->digest = cret_digest_by_any_identifier(identifier.whole);
        result->explicit_hash = true;
        if (result->digest == NULL) {
            cret_der_refuse(&id, identifier.whole.data,
                            "has a hashAlgorithm in signingCertificateV2 that is not accepted");
            return cret_err_expected(id.err, "SHA-256, SHA-384 or SHA-512");
        }
    }
    if (cret_der_take(&id, CRET_DER_OCTET_STRING, "certHash", &hash) != CRET_OK) {
        return CRET_FAILED;
    }
    if (hash.content.size != result->digest->size) {
        return cret_der_refuse(&id, hash.whole.data, "has a certHash of the wrong length");
    }
    result->hash = hash.content;
    if (cret_der_more(&id) && read_issuer_serial(&id, result) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(&id, old ? "ESSCertID" : "ESSCertIDv2");
}

/* SigningCertificate or SigningCertificateV2: the list, without policies. */
static enum cret_status read_certificate_list(struct cret_der *value, const char *name, bool old,
                                              struct cret_cms_certificate_id ids[CRET_LIMIT_CHAIN],
                                              size_t *ret_count)
{
    struct cret_der outer, list;
    const uint8_t *at = value->next;
    *ret_count = 0;
    if (cret_der_enter(value, CRET_DER_SEQUENCE, name, &outer) != CRET_OK ||
        cret_der_enter(&outer, CRET_DER_SEQUENCE, "certs", &list) != CRET_OK ||
        cret_der_end(&outer, "the list of certificates (no policies)") != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&list)) {
        if (*ret_count == CRET_LIMIT_CHAIN) {
            return cret_der_refuse(&list, list.next, "lists more than %u certificates",
                                   CRET_LIMIT_CHAIN);
        }
        if (read_certificate_id(&list, old, &ids[*ret_count]) != CRET_OK) {
            return CRET_FAILED;
        }
        ++*ret_count;
    }
    if (*ret_count == 0) {
        return cret_der_refuse(value, at, "lists no certificate in %s", name);
    }
    return CRET_OK;
}

static enum cret_status read_signing_certificate(struct cret_der *value, struct context *context)
{
    return read_certificate_list(value, "signingCertificateV2", false, context->result->ids,
                                 &context->result->id_count);
}

/* By SHA-1, of authorities that have only that (RFC 5816 3). Beside signingCertificateV2 it says
 * nothing, and must only be DER. */
static enum cret_status read_signing_certificate_v1(struct cret_der *value, struct context *context)
{
    struct cret_der copy = *value;
    copy.err = NULL;
    if (read_certificate_list(&copy, "signingCertificate", true, context->old_ids,
                              &context->old_count) != CRET_OK) {
        context->old_count = 0;
    }
    return cret_der_check_tree(value, "signingCertificate");
}

struct attribute_row {
    const struct cret_bytes *oid;
    const char *name;
    bool required;
    bool signature, token; /* where it may be */
    enum cret_status (*read)(struct cret_der *value, struct context *context);
};

static const struct attribute_row rows[] = {
    {&cret_oid_content_type, "contentType", true, true, true, read_content_type},
    {&cret_oid_message_digest, "messageDigest", true, true, true, read_message_digest},
    {&cret_oid_signing_certificate, "signingCertificateV2", false, true, true,
     read_signing_certificate},
    {&cret_oid_signing_certificate_v1, "signingCertificate", false, false, true,
     read_signing_certificate_v1},
    {&cret_oid_signing_time, "signingTime", false, true, true, read_signing_time},
    {&cret_oid_commitment_type, "commitmentTypeIndication", false, true, false, read_commitment},
    {&cret_oid_algorithm_protection, "cmsAlgorithmProtection", false, true, true, read_protection},
};
enum { ROWS = CRET_LENGTH(rows) };

static enum cret_status read_attribute(struct cret_der *set, struct context *context,
                                       bool seen[ROWS])
{
    struct cret_der attribute, values;
    struct cret_bytes oid;
    const uint8_t *at = set->next;
    if (cret_der_enter(set, CRET_DER_SEQUENCE, "Attribute", &attribute) != CRET_OK ||
        cret_der_oid(&attribute, "attrType", &oid) != CRET_OK ||
        cret_der_enter(&attribute, CRET_DER_SET, "attrValues", &values) != CRET_OK ||
        cret_der_end(&attribute, "Attribute") != CRET_OK) {
        return CRET_FAILED;
    }
    size_t row = 0;
    char name[CRET_OID_TEXT_BYTES];
    const bool token = context->form->kind == CRET_CMS_TOKEN;
    while (row < ROWS && (!cret_bytes_equal(*rows[row].oid, oid) ||
                          !(token ? rows[row].token : rows[row].signature))) {
        row++;
    }
    if (row == ROWS) {
        cret_oid_text(oid, name, sizeof(name));
        cret_der_refuse(set, at, "has a signed attribute that the profile does not know: %s", name);
        if (token) {
            return cret_err_hint(set->err,
                                 "use another timestamp service: the attribute is covered "
                                 "by the authority's signature, and cannot be left out");
        }
        cret_err_hint(set->err, "sign without it; for OpenSSL: `openssl cms -sign -binary -cades "
                                "-nosmimecap -outform DER`");
        return CRET_FAILED;
    }
    if (seen[row]) {
        return cret_der_refuse(set, at, "has the signed attribute %s twice", rows[row].name);
    }
    seen[row] = true;
    if (rows[row].read(&values, context) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(&values, rows[row].name);
}

static enum cret_status refuse_missing(const struct cret_der *set, const struct cret_cms_form *form,
                                       const char *name)
{
    cret_der_refuse(set, form->attributes.data, "lacks the signed attribute %s", name);
    return cret_err_hint(set->err, form->kind == CRET_CMS_TOKEN
                                       ? "ask the authority for tokens with signingCertificateV2 "
                                         "(RFC 5816)"
                                       : "for OpenSSL: `openssl cms -sign -binary -cades "
                                         "-nosmimecap -outform DER`");
}

enum cret_status cret_cms_attributes_parse(struct cret_cms_attributes *ret_attributes,
                                           const uint8_t *der, const struct cret_cms_form *form,
                                           struct cret_err *err)
{
    struct cret_cms_attributes result;
    struct context context = {.form = form, .result = &result};
    struct cret_bytes previous = {NULL, 0};
    bool seen[ROWS] = {false};
    const bool token = form->kind == CRET_CMS_TOKEN;
    struct cret_der set = cret_der_begin(der, 0, token ? "timestamp token" : "signature",
                                         CRET_CHECK_SIGNATURE_FORM, err);
    memset(&result, 0, sizeof(result));
    set.next = form->attributes.data;
    set.end = form->attributes.data + form->attributes.size;
    while (cret_der_more(&set)) {
        const uint8_t *at = set.next;
        if (read_attribute(&set, &context, seen) != CRET_OK) {
            return CRET_FAILED;
        }
        const struct cret_bytes whole = {at, (size_t)(set.next - at)};
        if (cret_der_ascending(&set, "signedAttrs", &previous, whole) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].required && !seen[i]) {
            return refuse_missing(&set, form, rows[i].name);
        }
    }
    if (result.id_count == 0 && token && context.old_count > 0) {
        memcpy(result.ids, context.old_ids, sizeof(result.ids));
        result.id_count = context.old_count;
        result.named_by_sha1 = true;
    }
    if (result.id_count == 0) {
        return refuse_missing(&set, form, "signingCertificateV2");
    }
    *ret_attributes = result;
    return CRET_OK;
}
