/* SPDX-License-Identifier: Apache-2.0 */
/* Putting together attributes and signatures in the one form. */
#include "trust/cms/cms_build.h"

#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/asn1/der_write.h"
#include "trust/asn1/oid.h"
#include "trust/x509/certificate_parts.h"

/* Attribute ::= SEQUENCE { type, SET OF value }, with its one value. */
static void put_attribute(struct cret_buffer *out, struct cret_bytes type, uint8_t tag,
                          struct cret_buffer *value)
{
    struct cret_buffer encoded = {0}, attribute = {0};
    cret_der_wrap(&encoded, tag, value);
    cret_der_put_oid(&attribute, type);
    cret_der_wrap(&attribute, CRET_DER_SET, &encoded);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &attribute);
}

/* RFC 5652 11.3: UTCTime through 2049, GeneralizedTime after. */
static void put_signing_time(struct cret_buffer *out, int64_t seconds)
{
    char text[32], digits[32] = "";
    size_t size = 0;
    struct cret_buffer value = {0};
    cret_time_format(text, seconds);
    for (const char *c = text; *c != '\0'; c++) {
        if ((*c >= '0' && *c <= '9') || *c == 'Z') {
            digits[size++] = *c;
        }
    }
    const bool utc = memcmp(digits, "2050", 4) < 0;
    const size_t skipped = utc && size > 2 ? 2 : 0;
    cret_buffer_append(&value, digits + skipped, size - skipped);
    put_attribute(out, cret_oid_signing_time, utc ? CRET_DER_UTC_TIME : CRET_DER_GENERALIZED_TIME,
                  &value);
}

/* ESSCertIDv2 (RFC 5035 4): SHA-256, which as the default is left out, and issuer and serial. */
static void put_certificate_id(struct cret_buffer *out, const struct cret_certificate *certificate)
{
    const struct cret_certificate_parts *parts = cret_certificate_parts(certificate);
    struct cret_buffer name = {0}, names = {0}, issuer_serial = {0}, id = {0};
    cret_der_put(&id, CRET_DER_OCTET_STRING, cret_certificate_digest(certificate),
                 CRET_SHA256_BYTES);
    cret_der_put_raw(&name, parts->issuer);
    cret_der_wrap(&names, CRET_DER_CONTEXT_CONSTRUCTED | 4, &name);
    cret_der_wrap(&issuer_serial, CRET_DER_SEQUENCE, &names);
    cret_der_put_raw(&issuer_serial, parts->serial);
    cret_der_wrap(&id, CRET_DER_SEQUENCE, &issuer_serial);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &id);
}

static void put_signing_certificate(struct cret_buffer *out, const struct cret_cms_plan *plan)
{
    struct cret_buffer ids = {0}, value = {0};
    put_certificate_id(&ids, plan->signer);
    for (size_t i = 0; i < plan->intermediate_count; i++) {
        put_certificate_id(&ids, plan->intermediates[i]);
    }
    cret_der_wrap(&value, CRET_DER_SEQUENCE, &ids);
    put_attribute(out, cret_oid_signing_certificate, CRET_DER_SEQUENCE, &value);
}

static const struct cret_bytes *meaning_oid(enum cret_meaning meaning)
{
    static const struct cret_bytes *const oids[CRET_MEANING_COUNT] = {
        [CRET_MEANING_ORIGIN] = &cret_oid_proof_of_origin,
        [CRET_MEANING_APPROVAL] = &cret_oid_proof_of_approval,
        [CRET_MEANING_RECEIPT] = &cret_oid_proof_of_receipt};
    return oids[meaning];
}

const struct cret_digest_algorithm *cret_cms_default_digest(const struct cret_public_key *key)
{
    switch (cret_public_key_family(key)) {
    case CRET_FAMILY_PURE:
        return cret_digest_by_name("sha512");
    case CRET_FAMILY_RSA:
        return cret_digest_by_name(key->bits >= 4096 ? "sha384" : "sha256");
    default:
        return cret_digest_for_curve(key);
    }
}

enum cret_status cret_cms_build_attributes(uint8_t **ret_der, size_t *ret_size,
                                           const struct cret_cms_plan *plan,
                                           const uint8_t *message_digest, struct cret_err *err)
{
    struct cret_buffer attributes[5] = {{0}}, value = {0}, out = {0};
    size_t count = 0;
    cret_der_put_raw(&value, cret_oid_data);
    put_attribute(&attributes[count++], cret_oid_content_type, CRET_DER_OID, &value);
    cret_buffer_append(&value, message_digest, plan->digest->size);
    put_attribute(&attributes[count++], cret_oid_message_digest, CRET_DER_OCTET_STRING, &value);
    put_signing_certificate(&attributes[count++], plan);
    if (plan->has_signing_time) {
        put_signing_time(&attributes[count++], plan->signing_time);
    }
    const struct cret_bytes *meaning = meaning_oid(plan->meaning);
    if (meaning != NULL) {
        cret_der_put_oid(&value, *meaning);
        put_attribute(&attributes[count++], cret_oid_commitment_type, CRET_DER_SEQUENCE, &value);
    }
    cret_der_put_sorted(&out, CRET_DER_SET, attributes, count);
    return cret_der_finish(ret_der, ret_size, &out, err);
}

static void put_certificates(struct cret_buffer *out, const struct cret_cms_plan *plan)
{
    struct cret_buffer encodings[CRET_LIMIT_CHAIN + 1] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i <= plan->intermediate_count && i <= CRET_LIMIT_CHAIN; i++) {
        size_t size = 0;
        const uint8_t *der =
            cret_certificate_der(i == 0 ? plan->signer : plan->intermediates[i - 1], &size);
        cret_buffer_append(&encodings[count++], der, size);
    }
    cret_der_put_sorted(out, CRET_DER_CONTEXT_CONSTRUCTED, encodings, count);
}

static void put_signer_info(struct cret_buffer *out, const struct cret_cms_plan *plan,
                            struct cret_bytes attributes, struct cret_bytes value)
{
    static const uint8_t version[] = {1};
    const struct cret_certificate_parts *parts = cret_certificate_parts(plan->signer);
    struct cret_buffer info = {0}, identifier = {0};
    cret_der_put(&info, CRET_DER_INTEGER, version, sizeof(version));
    cret_der_put_raw(&identifier, parts->issuer);
    cret_der_put_raw(&identifier, parts->serial);
    cret_der_wrap(&info, CRET_DER_SEQUENCE, &identifier);
    cret_der_put_raw(&info, plan->digest->identifier);
    /* The same bytes under the implicit tag [0]. */
    static const uint8_t context_0 = CRET_DER_CONTEXT_CONSTRUCTED;
    cret_buffer_append(&info, &context_0, 1);
    cret_buffer_append(&info, attributes.data + 1, attributes.size - 1);
    cret_der_put_raw(&info, cret_signature_identifier(plan->algorithm, &parts->key));
    cret_der_put(&info, CRET_DER_OCTET_STRING, value.data, value.size);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &info);
}

enum cret_status cret_cms_build(uint8_t **ret_der, size_t *ret_size,
                                const struct cret_cms_plan *plan, struct cret_bytes attributes,
                                struct cret_bytes value, struct cret_err *err)
{
    static const uint8_t version[] = {1};
    struct cret_buffer data = {0}, inner = {0}, out = {0};
    if (attributes.size < 2 || plan->intermediate_count >= CRET_LIMIT_CHAIN) {
        return cret_err_usage(err, "the chain has more than %u certificates", CRET_LIMIT_CHAIN);
    }
    cret_der_put(&data, CRET_DER_INTEGER, version, sizeof(version));
    cret_der_put(&data, CRET_DER_SET, plan->digest->identifier.data, plan->digest->identifier.size);
    cret_der_put_oid(&inner, cret_oid_data);
    cret_der_wrap(&data, CRET_DER_SEQUENCE, &inner);
    put_certificates(&data, plan);
    put_signer_info(&inner, plan, attributes, value);
    cret_der_wrap(&data, CRET_DER_SET, &inner);

    cret_der_wrap(&inner, CRET_DER_SEQUENCE, &data);
    cret_der_put_oid(&data, cret_oid_signed_data);
    cret_der_wrap(&data, CRET_DER_CONTEXT_CONSTRUCTED, &inner);
    cret_der_wrap(&out, CRET_DER_SEQUENCE, &data);
    return cret_der_finish(ret_der, ret_size, &out, err);
}
