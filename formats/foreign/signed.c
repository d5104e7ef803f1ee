/* SPDX-License-Identifier: Apache-2.0 */
/* Reading SignedData as tools of others write it. */
#include "foreign/signed_parts.h"

#include <string.h>

#include "trust/asn1/oid.h"
#include "trust/x509/certificate_parts.h"

#define CHECK CRET_CHECK_FOREIGN_FORM

/* 1.3.6.1.4.1.311.3.3.1, 1.2.840.113549.1.9.6, 1.3.6.1.4.1.311.2.4.1 */
static const uint8_t microsoft_token[] = {0x2b, 0x06, 0x01, 0x04, 0x01,
                                          0x82, 0x37, 0x03, 0x03, 0x01};
static const uint8_t countersignature[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x06};
static const uint8_t nested_signature[] = {0x2b, 0x06, 0x01, 0x04, 0x01,
                                           0x82, 0x37, 0x02, 0x04, 0x01};
const struct cret_bytes cret_oid_microsoft_token = {microsoft_token, sizeof(microsoft_token)};
const struct cret_bytes cret_oid_countersignature = {countersignature, sizeof(countersignature)};
const struct cret_bytes cret_oid_nested_signature = {nested_signature, sizeof(nested_signature)};

static const struct {
    const char *name;
    uint8_t oid[11]; /* content octets */
    size_t size;
    const EVP_MD *(*md)(void);
} digests[] = {
    {"sha256", {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}, 9, EVP_sha256},
    {"sha384", {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}, 9, EVP_sha384},
    {"sha512", {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}, 9, EVP_sha512},
    {"sha1", {0x2b, 0x0e, 0x03, 0x02, 0x1a}, 5, EVP_sha1},
    {"md5", {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05}, 8, EVP_md5},
};

const EVP_MD *cret_signed_digest(struct cret_bytes identifier, const char **ret_name)
{
    struct cret_der der = cret_der_begin(identifier.data, identifier.size, "digest", CHECK, NULL);
    struct cret_der inner;
    struct cret_bytes oid;
    *ret_name = NULL;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "AlgorithmIdentifier", &inner) != CRET_OK ||
        cret_der_oid(&inner, "algorithm", &oid) != CRET_OK) {
        return NULL;
    }
    if (cret_der_more(&inner) &&
        (cret_der_take(&inner, CRET_DER_NULL, "parameters", NULL) != CRET_OK ||
         cret_der_end(&inner, "AlgorithmIdentifier") != CRET_OK)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
        if (cret_bytes_equal(oid, (struct cret_bytes){digests[i].oid, digests[i].size})) {
            *ret_name = digests[i].name;
            return digests[i].md();
        }
    }
    return NULL;
}

/* One attribute: its type and the content of its SET OF. */
static enum cret_status read_attribute(struct cret_der *list, struct cret_bytes *ret_oid,
                                       struct cret_der *ret_values, struct cret_bytes *ret_set)
{
    struct cret_der inner;
    struct cret_der_element set;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "Attribute", &inner) != CRET_OK ||
        cret_der_oid(&inner, "attrType", ret_oid) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_SET, "attrValues", &set) != CRET_OK ||
        cret_der_end(&inner, "Attribute") != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_set = set.content;
    *ret_values = *list;
    ret_values->next = set.content.data;
    ret_values->end = set.content.data + set.content.size;
    return CRET_OK;
}

static enum cret_status take_attribute(struct cret_signer_info *info, const struct cret_der *list,
                                       struct cret_bytes oid, struct cret_der *values)
{
    struct cret_der_element value;
    if (cret_bytes_equal(oid, cret_oid_content_type)) {
        return info->content_type.size > 0
                   ? cret_der_refuse(list, oid.data, "has two contentType attributes")
               : cret_der_oid(values, "contentType", &info->content_type) == CRET_OK
                   ? cret_der_end(values, "contentType")
                   : CRET_FAILED;
    }
    if (cret_bytes_equal(oid, cret_oid_message_digest)) {
        if (info->message_digest.size > 0) {
            return cret_der_refuse(list, oid.data, "has two messageDigest attributes");
        }
        if (cret_der_take(values, CRET_DER_OCTET_STRING, "messageDigest", &value) != CRET_OK ||
            cret_der_end(values, "messageDigest") != CRET_OK) {
            return CRET_FAILED;
        }
        info->message_digest = value.content;
        return CRET_OK;
    }
    if (cret_bytes_equal(oid, cret_oid_signing_time)) {
        int64_t seconds = 0;
        if (info->signing_time.given) {
            return cret_der_refuse(list, oid.data, "has two signingTime attributes");
        }
        if (cret_der_time(values, "signingTime", &seconds) != CRET_OK) {
            return CRET_FAILED;
        }
        info->signing_time = cret_optional_of(seconds);
    }
    return CRET_OK; /* the others are signed, and change nothing of what is asked here */
}

static enum cret_status read_attributes(struct cret_signer_info *info, struct cret_der *der)
{
    struct cret_der_element whole;
    if (!cret_der_next_is(der, CRET_DER_CONTEXT_CONSTRUCTED)) {
        /* Without them a signature over the attributes of another one would be one over content. */
        return cret_der_refuse(der, der->next, "has no signed attributes");
    }
    if (cret_der_take(der, CRET_DER_CONTEXT_CONSTRUCTED, "signedAttrs", &whole) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_der list = *der;
    list.next = whole.content.data;
    list.end = whole.content.data + whole.content.size;
    info->attributes = whole.whole;
    while (cret_der_more(&list)) {
        struct cret_bytes oid, set;
        struct cret_der values;
        if (read_attribute(&list, &oid, &values, &set) != CRET_OK ||
            take_attribute(info, &list, oid, &values) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return info->message_digest.size > 0
               ? CRET_OK
               : cret_der_refuse(der, whole.whole.data, "has no messageDigest attribute");
}

/* Nobody signs them; each must be one, and those that are not read here are counted. */
static enum cret_status read_unsigned(struct cret_signer_info *info, struct cret_der *der)
{
    const struct cret_bytes known[] = {cret_oid_timestamp_token, cret_oid_microsoft_token,
                                       cret_oid_countersignature, cret_oid_nested_signature};
    struct cret_der_element whole;
    if (!cret_der_next_is(der, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return CRET_OK;
    }
    if (cret_der_take(der, CRET_DER_CONTEXT_CONSTRUCTED | 1, "unsignedAttrs", &whole) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_der list = *der;
    list.next = whole.content.data;
    list.end = whole.content.data + whole.content.size;
    info->unsigned_attributes = whole.content;
    size_t count = 0;
    while (cret_der_more(&list)) {
        const uint8_t *start = list.next;
        struct cret_bytes oid, set;
        struct cret_der values;
        bool is_known = false;
        if (read_attribute(&list, &oid, &values, &set) != CRET_OK) {
            return CRET_FAILED;
        }
        if (set.size == 0 || ++count > CRET_SIGNED_ATTRIBUTES) {
            return cret_der_refuse(&list, start,
                                   set.size == 0 ? "has an unsigned attribute without a value"
                                                 : "has too many unsigned attributes");
        }
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            is_known = is_known || cret_bytes_equal(oid, known[i]);
        }
        if (!is_known) {
            const size_t size = (size_t)(list.next - start);
            info->unknown_attribute = info->unknown_bytes > 0 ? info->unknown_attribute
                                                              : (struct cret_bytes){start, size};
            info->unknown_bytes += size;
        }
    }
    return CRET_OK;
}

/* The version: one octet, of those that the standards have; more would be room for something. */
static enum cret_status read_version(struct cret_der *der)
{
    struct cret_der_element version;
    if (cret_der_take(der, CRET_DER_INTEGER, "version", &version) != CRET_OK) {
        return CRET_FAILED;
    }
    return version.content.size == 1 && version.content.data[0] >= 1 && version.content.data[0] <= 5
               ? CRET_OK
               : cret_der_refuse(der, version.content.data, "has a version that no standard has");
}

/* sid: issuerAndSerialNumber, or [0] subjectKeyIdentifier. */
static enum cret_status read_identifier(struct cret_signer_info *info, struct cret_der *der)
{
    struct cret_der inner;
    struct cret_der_element issuer, serial, key;
    if (cret_der_next_is(der, CRET_DER_CONTEXT)) {
        if (cret_der_take(der, CRET_DER_CONTEXT, "subjectKeyIdentifier", &key) != CRET_OK) {
            return CRET_FAILED;
        }
        info->key_identifier = key.content;
        return CRET_OK;
    }
    if (cret_der_enter(der, CRET_DER_SEQUENCE, "issuerAndSerialNumber", &inner) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_SEQUENCE, "issuer", &issuer) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_INTEGER, "serialNumber", &serial) != CRET_OK ||
        cret_der_end(&inner, "issuerAndSerialNumber") != CRET_OK) {
        return CRET_FAILED;
    }
    info->issuer = issuer.whole;
    info->serial = serial.whole;
    return CRET_OK;
}

enum cret_status cret_signer_info_read(struct cret_signer_info *ret_info, struct cret_der *der)
{
    struct cret_signer_info info = {0};
    struct cret_der inner;
    struct cret_der_element digest, algorithm, value;
    if (cret_der_enter(der, CRET_DER_SEQUENCE, "SignerInfo", &inner) != CRET_OK ||
        read_version(&inner) != CRET_OK || read_identifier(&info, &inner) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_SEQUENCE, "digestAlgorithm", &digest) != CRET_OK) {
        return CRET_FAILED;
    }
    info.digest = cret_signed_digest(digest.whole, &info.digest_name);
    if (info.digest == NULL) {
        return cret_der_refuse(&inner, digest.whole.data, "has a digest algorithm that is unknown");
    }
    if (read_attributes(&info, &inner) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_SEQUENCE, "signatureAlgorithm", &algorithm) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_OCTET_STRING, "signature", &value) != CRET_OK) {
        return CRET_FAILED;
    }
    info.algorithm = algorithm.whole;
    info.value = value.content;
    if (read_unsigned(&info, &inner) != CRET_OK || cret_der_end(&inner, "SignerInfo") != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_info = info;
    return CRET_OK;
}

bool cret_signed_unsigned(struct cret_bytes *rest, struct cret_bytes oid,
                          struct cret_bytes *ret_values)
{
    while (rest->size > 0) {
        struct cret_bytes type, set;
        struct cret_der values;
        struct cret_der der = cret_der_begin(rest->data, rest->size, "attributes", CHECK, NULL);
        if (read_attribute(&der, &type, &values, &set) != CRET_OK) {
            return false;
        }
        *rest = (struct cret_bytes){der.next, (size_t)(der.end - der.next)};
        if (cret_bytes_equal(type, oid)) {
            *ret_values = set;
            return true;
        }
    }
    return false;
}

static bool has_key_identifier(const struct cret_certificate *certificate, struct cret_bytes wanted)
{
    int critical = 0;
    ASN1_OCTET_STRING *own = X509_get_ext_d2i(cret_certificate_x509(certificate),
                                              NID_subject_key_identifier, &critical, NULL);
    const bool same = own != NULL && (size_t)ASN1_STRING_length(own) == wanted.size &&
                      memcmp(ASN1_STRING_get0_data(own), wanted.data, wanted.size) == 0;
    ASN1_OCTET_STRING_free(own);
    return same;
}

const struct cret_certificate *cret_signer_info_find(const struct cret_signer_info *info,
                                                     const struct cret_signed *message)
{
    for (size_t i = 0; i < message->certificate_count; i++) {
        const struct cret_certificate *certificate = message->certificates[i];
        const struct cret_certificate_parts *parts = cret_certificate_parts(certificate);
        if (info->key_identifier.size > 0 ? has_key_identifier(certificate, info->key_identifier)
                                          : cret_bytes_equal(parts->issuer, info->issuer) &&
                                                cret_bytes_equal(parts->serial, info->serial)) {
            return certificate;
        }
    }
    return NULL;
}

/* Certificates that this program cannot read are of no use for a path, and are counted. */
static enum cret_status read_certificates(struct cret_signed *message, struct cret_der *der)
{
    struct cret_der_element set, one;
    if (!cret_der_next_is(der, CRET_DER_CONTEXT_CONSTRUCTED)) {
        return CRET_OK;
    }
    if (cret_der_take(der, CRET_DER_CONTEXT_CONSTRUCTED, "certificates", &set) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_der list = *der;
    list.next = set.content.data;
    list.end = set.content.data + set.content.size;
    while (cret_der_more(&list)) {
        struct cret_err why = {0};
        if (cret_der_any(&list, "certificate", &one) != CRET_OK) {
            return CRET_FAILED;
        }
        struct cret_certificate *certificate = NULL;
        if (message->certificate_count < CRET_SIGNED_CERTIFICATES &&
            cret_certificate_from_der(&certificate, one.whole.data, one.whole.size, &why) ==
                CRET_OK) {
            message->encoded[message->certificate_count] = one.whole;
            message->certificates[message->certificate_count++] = certificate;
        } else if (why.class == CRET_ERR_UNDECIDED) {
            return der->err != NULL ? (*der->err = why, CRET_FAILED) : CRET_FAILED;
        } else {
            message->unread = message->unread_bytes > 0 ? message->unread : one.whole;
            message->unread_bytes += one.whole.size;
        }
    }
    return CRET_OK;
}

static enum cret_status read_content(struct cret_signed *message, struct cret_der *der)
{
    struct cret_der inner, wrapped;
    struct cret_der_element content;
    if (cret_der_enter(der, CRET_DER_SEQUENCE, "encapContentInfo", &inner) != CRET_OK ||
        cret_der_oid(&inner, "eContentType", &message->content_type) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_der_more(&inner)) {
        return CRET_OK;
    }
    if (cret_der_enter(&inner, CRET_DER_CONTEXT_CONSTRUCTED, "eContent", &wrapped) != CRET_OK ||
        cret_der_any(&wrapped, "eContent", &content) != CRET_OK ||
        cret_der_end(&wrapped, "eContent") != CRET_OK ||
        cret_der_end(&inner, "encapContentInfo") != CRET_OK) {
        return CRET_FAILED;
    }
    message->content = content.whole;
    return CRET_OK;
}

/* digestAlgorithms is that of the one SignerInfo: nothing signs this set, and more in it would be
 * bytes that nobody vouches for. */
static enum cret_status check_digests(const struct cret_signed *message, const struct cret_der *der,
                                      struct cret_bytes set)
{
    struct cret_der list = *der;
    struct cret_der_element one;
    const char *name = NULL;
    list.next = set.data;
    list.end = set.data + set.size;
    if (cret_der_take(&list, CRET_DER_SEQUENCE, "digestAlgorithms", &one) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_signed_digest(one.whole, &name) == message->signer.digest && !cret_der_more(&list)
               ? CRET_OK
               : cret_der_refuse(der, set.data,
                                 "lists other digest algorithms than that of its signer");
}

static enum cret_status read_signed_data(struct cret_signed *message, struct cret_der *der)
{
    struct cret_der infos;
    struct cret_der_element listed;
    if (read_version(der) != CRET_OK ||
        cret_der_take(der, CRET_DER_SET, "digestAlgorithms", &listed) != CRET_OK ||
        read_content(message, der) != CRET_OK || read_certificates(message, der) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Nothing signs them, and nothing here reads them: whatever is in them would be passed over. */
    if (cret_der_next_is(der, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return cret_der_refuse(der, der->next, "holds revocation lists, which nothing signs");
    }
    if (cret_der_enter(der, CRET_DER_SET, "signerInfos", &infos) != CRET_OK ||
        cret_signer_info_read(&message->signer, &infos) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_more(&infos)) {
        return cret_der_refuse(&infos, infos.next, "has a second SignerInfo");
    }
    return check_digests(message, der, listed.content) == CRET_OK ? cret_der_end(der, "SignedData")
                                                                  : CRET_FAILED;
}

enum cret_status cret_signed_read(struct cret_signed *ret_signed, const uint8_t *der, size_t size,
                                  bool trailing, struct cret_err *err)
{
    struct cret_signed message = {0};
    struct cret_bytes type;
    struct cret_der outer = cret_der_begin(der, size, "signature", CHECK, err), info, wrapped, data;
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "ContentInfo", &info) != CRET_OK ||
        cret_der_oid(&info, "contentType", &type) != CRET_OK) {
        return cret_err_hint(err, "a signature in PEM or BER is not read: convert it to DER");
    }
    if (!cret_bytes_equal(type, cret_oid_signed_data)) {
        return cret_der_refuse(&info, type.data, "is not SignedData");
    }
    if (cret_der_enter(&info, CRET_DER_CONTEXT_CONSTRUCTED, "content", &wrapped) != CRET_OK ||
        cret_der_enter(&wrapped, CRET_DER_SEQUENCE, "SignedData", &data) != CRET_OK ||
        read_signed_data(&message, &data) != CRET_OK ||
        cret_der_end(&wrapped, "content") != CRET_OK ||
        cret_der_end(&info, "ContentInfo") != CRET_OK ||
        (!trailing && cret_der_end(&outer, "signature") != CRET_OK)) {
        cret_signed_clear(&message);
        return CRET_FAILED;
    }
    message.trailing = (size_t)(outer.end - outer.next);
    message.origin = der;
    message.certificate = cret_signer_info_find(&message.signer, &message);
    *ret_signed = message;
    return CRET_OK;
}

void cret_signed_clear(struct cret_signed *message)
{
    for (size_t i = 0; i < message->certificate_count; i++) {
        cret_certificate_free(&message->certificates[i]);
    }
    memset(message, 0, sizeof(*message));
}

enum cret_status cret_signed_data(const struct cret_signed *message, struct cret_err *err)
{
    static const uint8_t data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
    if (cret_bytes_equal(message->content_type, (struct cret_bytes){data, sizeof(data)})) {
        return CRET_OK;
    }
    cret_err_refuse(err, CHECK, "the signature is not over data, but over a structure");
    return cret_err_expected(err, "contentType id-data (1.2.840.113549.1.7.1)");
}

enum cret_status cret_signed_octets(const struct cret_signed *message,
                                    struct cret_bytes *ret_octets, struct cret_err *err)
{
    struct cret_der der =
        cret_der_begin(message->content.data, message->content.size, "signature", CHECK, err);
    struct cret_der_element octets;
    if (message->content.size == 0) {
        return cret_err_refuse(err, CHECK, "the signature holds no content");
    }
    if (cret_der_take(&der, CRET_DER_OCTET_STRING, "eContent", &octets) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_octets = octets.content;
    return CRET_OK;
}
