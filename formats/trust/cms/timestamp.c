/* SPDX-License-Identifier: Apache-2.0 */
/* The timestamp token in a signature: a SignedData of its own around one TSTInfo. */
#include "trust/cms/timestamp.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/library.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"

#define CHECK CRET_CHECK_SIGNATURE_TIMESTAMP
#define SUBJECT "timestamp token"

enum {
    SERIAL_OCTETS_MAXIMUM = 20, /* RFC 3161 2.4.2: up to 160 bits */
    ACCURACY_MAXIMUM = 3600,    /* seconds; an authority that knows the time no better is none */
    MILLION = 1000000
};

struct cret_timestamp {
    struct cret_cms *cms;
    int64_t time;
    bool fraction;
    uint64_t accuracy; /* microseconds */
    const struct cret_digest_algorithm *digest;
    struct cret_bytes imprint;   /* points into the cms, as does: */
    struct cret_bytes authority; /* Name in the field tsa; size 0: absent */
    char serial[2 * SERIAL_OCTETS_MAXIMUM + 3];
};

/* A small number under a context tag or as INTEGER: at most four octets, not negative. */
static enum cret_status take_number(struct cret_der *der, uint8_t tag, const char *name,
                                    uint64_t maximum, uint64_t *ret_number)
{
    struct cret_der_element element;
    uint64_t number = 0;
    const uint8_t *at = der->next;
    if (cret_der_take(der, tag, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes content = element.content;
    bool good = content.size >= 1 && content.size <= 4 && content.data[0] < 0x80 &&
                !(content.size > 1 && content.data[0] == 0 && content.data[1] < 0x80);
    for (size_t i = 0; good && i < content.size; i++) {
        number = number << 8 | content.data[i];
    }
    if (!good || number > maximum) {
        cret_der_refuse(der, at, "has an impossible number for %s", name);
        return cret_err_expected(der->err, "0 to %llu", (unsigned long long)maximum);
    }
    *ret_number = number;
    return CRET_OK;
}

/* Accuracy ::= SEQUENCE { seconds OPTIONAL, millis [0] OPTIONAL, micros [1] OPTIONAL } */
static enum cret_status read_accuracy(struct cret_timestamp *timestamp, struct cret_der *info)
{
    struct cret_der accuracy;
    uint64_t seconds = 0, millis = 0, micros = 0;
    if (!cret_der_next_is(info, CRET_DER_SEQUENCE)) {
        return CRET_OK;
    }
    if (cret_der_enter(info, CRET_DER_SEQUENCE, "accuracy", &accuracy) != CRET_OK ||
        (cret_der_next_is(&accuracy, CRET_DER_INTEGER) &&
         take_number(&accuracy, CRET_DER_INTEGER, "accuracy.seconds", ACCURACY_MAXIMUM, &seconds) !=
             CRET_OK) ||
        (cret_der_next_is(&accuracy, CRET_DER_CONTEXT | 0) &&
         take_number(&accuracy, CRET_DER_CONTEXT | 0, "accuracy.millis", 999, &millis) !=
             CRET_OK) ||
        (cret_der_next_is(&accuracy, CRET_DER_CONTEXT | 1) &&
         take_number(&accuracy, CRET_DER_CONTEXT | 1, "accuracy.micros", 999, &micros) !=
             CRET_OK)) {
        return CRET_FAILED;
    }
    timestamp->accuracy = seconds * MILLION + millis * 1000 + micros;
    return cret_der_end(&accuracy, "accuracy");
}

/* messageImprint: which hash of the signature value. */
static enum cret_status read_imprint(struct cret_timestamp *timestamp, struct cret_der *info)
{
    struct cret_der imprint;
    struct cret_der_element identifier, hash;
    if (cret_der_enter(info, CRET_DER_SEQUENCE, "messageImprint", &imprint) != CRET_OK ||
        cret_der_take(&imprint, CRET_DER_SEQUENCE, "hashAlgorithm", &identifier) != CRET_OK ||
        cret_der_take(&imprint, CRET_DER_OCTET_STRING, "hashedMessage", &hash) != CRET_OK ||
        cret_der_end(&imprint, "messageImprint") != CRET_OK) {
        return CRET_FAILED;
    }
    timestamp->digest = cret_digest_by_any_identifier(identifier.whole);
    if (timestamp->digest == NULL) {
        cret_der_refuse(info, identifier.whole.data,
                        "is over a hash of the signature that is not accepted");
        cret_err_expected(info->err, "SHA-256, SHA-384 or SHA-512");
        return cret_err_hint(info->err, "request a new token with cretula-sign timestamp");
    }
    if (hash.content.size != timestamp->digest->size) {
        return cret_der_refuse(info, hash.whole.data, "has an imprint of the wrong length");
    }
    timestamp->imprint = hash.content;
    return CRET_OK;
}

/* tsa [0]: the authority's name; only a directoryName can be compared with a certificate. */
static enum cret_status read_authority(struct cret_timestamp *timestamp, struct cret_der *info)
{
    struct cret_der tagged, name;
    struct cret_der_element directory;
    if (!cret_der_next_is(info, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        return CRET_OK;
    }
    if (cret_der_enter(info, CRET_DER_CONTEXT_CONSTRUCTED | 0, "tsa", &tagged) != CRET_OK ||
        cret_der_enter(&tagged, CRET_DER_CONTEXT_CONSTRUCTED | 4, "directoryName of tsa", &name) !=
            CRET_OK ||
        cret_der_end(&tagged, "tsa") != CRET_OK ||
        cret_der_take(&name, CRET_DER_SEQUENCE, "Name of tsa", &directory) != CRET_OK ||
        cret_der_end(&name, "directoryName of tsa") != CRET_OK) {
        return CRET_FAILED;
    }
    timestamp->authority = directory.whole;
    return CRET_OK;
}

/* extensions [1]: none may be critical, since none is understood. */
static enum cret_status read_extensions(struct cret_der *info)
{
    struct cret_der list, extension;
    if (!cret_der_next_is(info, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return CRET_OK;
    }
    if (cret_der_enter(info, CRET_DER_CONTEXT_CONSTRUCTED | 1, "extensions", &list) != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&list)) {
        struct cret_bytes oid;
        const uint8_t *at = list.next;
        if (cret_der_enter(&list, CRET_DER_SEQUENCE, "Extension", &extension) != CRET_OK ||
            cret_der_oid(&extension, "extnID", &oid) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_der_next_is(&extension, CRET_DER_BOOLEAN)) {
            return cret_der_refuse(info, at, "has a critical extension that is not understood");
        }
        if (cret_der_take(&extension, CRET_DER_OCTET_STRING, "extnValue", NULL) != CRET_OK ||
            cret_der_end(&extension, "Extension") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* ordering BOOLEAN DEFAULT FALSE: says how tokens of one authority compare, which nobody asks here;
 * but DER writes it only where it is TRUE. */
static enum cret_status read_ordering(struct cret_der *info)
{
    struct cret_der_element ordering;
    const uint8_t *at = info->next;
    if (!cret_der_next_is(info, CRET_DER_BOOLEAN)) {
        return CRET_OK;
    }
    if (cret_der_take(info, CRET_DER_BOOLEAN, "ordering", &ordering) != CRET_OK) {
        return CRET_FAILED;
    }
    if (ordering.content.size != 1 || ordering.content.data[0] != 0xff) {
        return cret_der_refuse(info, at, "does not leave out ordering where it is FALSE (not DER)");
    }
    return CRET_OK;
}

/* TSTInfo (RFC 3161 2.4.2). */
static enum cret_status read_info(struct cret_timestamp *timestamp, struct cret_der *info)
{
    struct cret_bytes policy, serial;
    const uint8_t *at = NULL;
    if (cret_der_number(info, "TSTInfo.version", 1) != CRET_OK ||
        cret_der_oid(info, "policy", &policy) != CRET_OK ||
        read_imprint(timestamp, info) != CRET_OK) {
        return CRET_FAILED;
    }
    at = info->next;
    if (cret_der_unsigned(info, "serialNumber", &serial, NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    if (serial.size > SERIAL_OCTETS_MAXIMUM) {
        return cret_der_refuse(info, at, "has a serial number of %zu bytes", serial.size);
    }
    if (serial.size == 0) {
        memcpy(timestamp->serial, "00", sizeof("00"));
    } else {
        cret_hex_encode(timestamp->serial, serial.data, serial.size);
    }
    if (cret_der_generalized_time(info, "genTime", &timestamp->time, &timestamp->fraction) !=
            CRET_OK ||
        read_accuracy(timestamp, info) != CRET_OK || read_ordering(info) != CRET_OK ||
        (cret_der_next_is(info, CRET_DER_INTEGER) &&
         cret_der_take(info, CRET_DER_INTEGER, "nonce", NULL) != CRET_OK) ||
        read_authority(timestamp, info) != CRET_OK || read_extensions(info) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(info, "TSTInfo");
}

static enum cret_status walk_info(struct cret_timestamp *timestamp, struct cret_err *err)
{
    const struct cret_bytes content = cret_cms_form(timestamp->cms)->content;
    struct cret_der tree = cret_der_begin(content.data, content.size, SUBJECT, CHECK, err);
    struct cret_der outer = tree, info;
    if (cret_der_check_tree(&tree, "TSTInfo") != CRET_OK ||
        cret_der_end(&tree, "TSTInfo") != CRET_OK ||
        cret_der_enter(&outer, CRET_DER_SEQUENCE, "TSTInfo", &info) != CRET_OK) {
        return CRET_FAILED;
    }
    return read_info(timestamp, &info);
}

static enum cret_status check_imprint(const struct cret_timestamp *timestamp,
                                      struct cret_bytes signature_value, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!cret_library_done(EVP_Digest(signature_value.data, signature_value.size, digest, &length,
                                      timestamp->digest->md(), NULL))) {
        return cret_err_memory(err);
    }
    if (cret_bytes_equal(timestamp->imprint, (struct cret_bytes){digest, length})) {
        return CRET_OK;
    }
    cret_err_refuse(err, CHECK, "the " SUBJECT " is over another signature than the one it is in");
    return cret_err_hint(err, "request a new token with cretula-sign timestamp");
}

/* RFC 3161 2.3: extendedKeyUsage is critical and has id-kp-timeStamping alone. */
static enum cret_status check_usage(const struct cret_timestamp *timestamp, struct cret_err *err)
{
    const struct cret_certificate *signer = cret_cms_signer(timestamp->cms);
    int critical = -1;
    EXTENDED_KEY_USAGE *list =
        X509_get_ext_d2i(cret_certificate_x509(signer), NID_ext_key_usage, &critical, NULL);
    const bool alone = sk_ASN1_OBJECT_num(list) == 1 &&
                       OBJ_obj2nid(sk_ASN1_OBJECT_value(list, 0)) == NID_time_stamp;
    EXTENDED_KEY_USAGE_free(list);
    if (alone && critical == 1) {
        return CRET_OK;
    }
    cret_err_refuse(err, CHECK, "the certificate of the timestamp authority %s %s",
                    cret_certificate_subject(signer),
                    alone ? "does not have its extended key usage critical"
                          : "was not issued for time stamping, and for that alone");
    return cret_err_expected(err, "extendedKeyUsage, critical, with timeStamping only");
}

/* The name that the token gives, where it does, is that of the certificate. */
static enum cret_status check_authority(const struct cret_timestamp *timestamp,
                                        struct cret_err *err)
{
    const struct cret_certificate *signer = cret_cms_signer(timestamp->cms);
    const unsigned char *at = timestamp->authority.data;
    if (timestamp->authority.size == 0) {
        return CRET_OK;
    }
    X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)timestamp->authority.size);
    const bool same =
        name != NULL &&
        X509_NAME_cmp(name, X509_get_subject_name(cret_certificate_x509(signer))) == 0;
    X509_NAME_free(name);
    if (same) {
        return CRET_OK;
    }
    cret_err_refuse(err, CHECK,
                    "the " SUBJECT " names another authority than its certificate does");
    return cret_err_actual(err, "signed by %s", cret_certificate_subject(signer));
}

/* Whatever is wrong with the token is a matter of signature.timestamp. */
static enum cret_status blame(struct cret_err *err)
{
    if (err != NULL && err->class == CRET_ERR_REFUSED) {
        if (err->check == CRET_CHECK_SIGNATURE_ALGORITHM ||
            err->check == CRET_CHECK_CERTIFICATE_ALGORITHM) {
            cret_err_hint(err,
                          "use a timestamp service whose certificates have RSA keys of at least "
                          "3072 bits or EC keys on a NIST curve; for a private one a trust "
                          "policy may name rsa-2048 in its algorithms");
        }
        err->check = CHECK;
    }
    return cret_err_context(err, "the timestamp");
}

/* signature_value NULL: the imprint is compared by the caller. */
static enum cret_status parse(struct cret_timestamp **ret_timestamp, struct cret_bytes token,
                              const struct cret_bytes *signature_value, bool allow_rsa_2048,
                              struct cret_err *err)
{
    struct cret_timestamp *timestamp = calloc(1, sizeof(*timestamp));
    if (timestamp == NULL) {
        return cret_err_memory(err);
    }
    if (cret_cms_object_parse(&timestamp->cms, CRET_CMS_TOKEN, token.data, token.size,
                              allow_rsa_2048, err) != CRET_OK ||
        check_usage(timestamp, err) != CRET_OK || walk_info(timestamp, err) != CRET_OK ||
        check_authority(timestamp, err) != CRET_OK ||
        (signature_value != NULL && check_imprint(timestamp, *signature_value, err) != CRET_OK)) {
        cret_timestamp_free(&timestamp);
        return blame(err);
    }
    const struct cret_bytes content = cret_cms_form(timestamp->cms)->content;
    if (cret_cms_verify(timestamp->cms, content.data, content.size, err) != CRET_OK) {
        cret_timestamp_free(&timestamp);
        return blame(err);
    }
    *ret_timestamp = timestamp;
    return CRET_OK;
}

enum cret_status cret_timestamp_parse(struct cret_timestamp **ret_timestamp,
                                      struct cret_bytes token, struct cret_bytes signature_value,
                                      bool allow_rsa_2048, struct cret_err *err)
{
    return parse(ret_timestamp, token, &signature_value, allow_rsa_2048, err);
}

enum cret_status cret_timestamp_parse_alone(struct cret_timestamp **ret_timestamp,
                                            struct cret_bytes token, bool allow_rsa_2048,
                                            struct cret_err *err)
{
    return parse(ret_timestamp, token, NULL, allow_rsa_2048, err);
}

const struct cret_digest_algorithm *cret_timestamp_imprint(const struct cret_timestamp *timestamp,
                                                           struct cret_bytes *ret_hash)
{
    *ret_hash = timestamp->imprint;
    return timestamp->digest;
}

void cret_timestamp_free(struct cret_timestamp **timestamp)
{
    if (timestamp == NULL || *timestamp == NULL) {
        return;
    }
    cret_cms_object_free(&(*timestamp)->cms);
    free(*timestamp);
    *timestamp = NULL;
}

int64_t cret_timestamp_time(const struct cret_timestamp *timestamp)
{
    return timestamp->time;
}

int64_t cret_timestamp_latest(const struct cret_timestamp *timestamp)
{
    const uint64_t seconds = (timestamp->accuracy + MILLION - 1) / MILLION;
    return timestamp->time + (timestamp->fraction ? 1 : 0) + (int64_t)seconds;
}

uint64_t cret_timestamp_accuracy(const struct cret_timestamp *timestamp)
{
    return timestamp->accuracy;
}

const char *cret_timestamp_serial(const struct cret_timestamp *timestamp)
{
    return timestamp->serial;
}

const struct cret_certificate *cret_timestamp_signer(const struct cret_timestamp *timestamp)
{
    return cret_cms_signer(timestamp->cms);
}

bool cret_timestamp_named_by_sha1(const struct cret_timestamp *timestamp)
{
    return cret_cms_named_by_sha1(timestamp->cms);
}

const struct cret_cms *cret_timestamp_cms(const struct cret_timestamp *timestamp)
{
    return timestamp->cms;
}

enum cret_status cret_timestamp_verify(const struct cret_timestamp *timestamp,
                                       const struct cret_chain_request *request,
                                       struct cret_chain *ret_chain, struct cret_err *err)
{
    struct cret_chain_request whole = *request;
    whole.signer = cret_cms_signer(timestamp->cms);
    whole.time = timestamp->time;
    whole.usage = CRET_USAGE_TIME_STAMPING;
    return cret_chain_verify(&whole, ret_chain, err);
}
