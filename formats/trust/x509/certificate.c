/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a certificate, and what is asked of it. */
#include "trust/x509/certificate.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "trust/asn1/library.h"
#include "trust/asn1/mistaken.h"
#include "trust/asn1/pem.h"
#include "trust/x509/certificate_parts.h"

#define FORM CRET_CHECK_CERTIFICATE_PATH

enum {
    SERIAL_OCTETS_MAXIMUM = 21, /* RFC 5280 4.1.2.2 says 20; a leading zero octet is often missed */
    EXTENSIONS_MAXIMUM = 64
};

struct cret_certificate {
    uint8_t *der;
    size_t size;
    X509 *x509;
    struct cret_certificate_parts parts; /* point into der */
    uint8_t digest[CRET_SHA256_BYTES];
    char *subject, *issuer, *serial;
    int64_t not_before, not_after;
    bool is_ca;
};

/* RFC 5280 4.2: "must not include more than one instance of a particular extension". */
static enum cret_status walk_extensions(struct cret_der *fields)
{
    struct cret_der explicit_tag, list;
    struct cret_bytes seen[EXTENSIONS_MAXIMUM];
    size_t count = 0;
    if (cret_der_enter(fields, CRET_DER_CONTEXT_CONSTRUCTED | 3, "extensions", &explicit_tag) !=
            CRET_OK ||
        cret_der_enter(&explicit_tag, CRET_DER_SEQUENCE, "Extensions", &list) != CRET_OK ||
        cret_der_end(&explicit_tag, "Extensions") != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&list)) {
        struct cret_der extension;
        struct cret_bytes oid;
        const uint8_t *at = list.next;
        if (cret_der_enter(&list, CRET_DER_SEQUENCE, "Extension", &extension) != CRET_OK ||
            cret_der_oid(&extension, "extnID", &oid) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_der_next_is(&extension, CRET_DER_BOOLEAN) &&
            cret_der_take(&extension, CRET_DER_BOOLEAN, "critical", NULL) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_der_take(&extension, CRET_DER_OCTET_STRING, "extnValue", NULL) != CRET_OK ||
            cret_der_end(&extension, "Extension") != CRET_OK) {
            return CRET_FAILED;
        }
        if (count == EXTENSIONS_MAXIMUM) {
            return cret_der_refuse(&list, at, "has more than %d extensions", EXTENSIONS_MAXIMUM);
        }
        for (size_t i = 0; i < count; i++) {
            if (cret_bytes_equal(seen[i], oid)) {
                return cret_der_refuse(&list, at, "has the same extension twice");
            }
        }
        seen[count++] = oid;
    }
    return CRET_OK;
}

static enum cret_status walk_version(struct cret_der *fields, unsigned *ret_version)
{
    struct cret_der version;
    if (!cret_der_next_is(fields, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        *ret_version = 1;
        return CRET_OK;
    }
    /* 2 stands for version 3; version 2 was never in use, version 1 is the DEFAULT. */
    if (cret_der_enter(fields, CRET_DER_CONTEXT_CONSTRUCTED | 0, "version", &version) != CRET_OK ||
        cret_der_number(&version, "version", 2) != CRET_OK ||
        cret_der_end(&version, "version") != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_version = 3;
    return CRET_OK;
}

/* TBSCertificate (RFC 5280 4.1). *ret_algorithm is its `signature` field. */
static enum cret_status walk_fields(struct cret_certificate *certificate, struct cret_der *fields,
                                    struct cret_bytes *ret_algorithm)
{
    struct cret_certificate_parts *parts = &certificate->parts;
    struct cret_der validity;
    struct cret_der_element algorithm, issuer, subject, key_info;
    struct cret_bytes magnitude;
    const uint8_t *at = fields->next;
    if (walk_version(fields, &parts->version) != CRET_OK ||
        cret_der_unsigned(fields, "serialNumber", &magnitude, &parts->serial) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "signature", &algorithm) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "issuer", &issuer) != CRET_OK ||
        cret_der_enter(fields, CRET_DER_SEQUENCE, "validity", &validity) != CRET_OK ||
        cret_der_time(&validity, "notBefore", &certificate->not_before) != CRET_OK ||
        cret_der_time(&validity, "notAfter", &certificate->not_after) != CRET_OK ||
        cret_der_end(&validity, "validity") != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "subject", &subject) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "subjectPublicKeyInfo", &key_info) != CRET_OK) {
        return CRET_FAILED;
    }
    if (magnitude.size > SERIAL_OCTETS_MAXIMUM) {
        return cret_der_refuse(fields, at, "has a serial number of %zu bytes", magnitude.size);
    }
    if (issuer.content.size == 0) {
        return cret_der_refuse(fields, issuer.whole.data, "names no issuer");
    }
    parts->issuer = issuer.whole;
    parts->subject = subject.whole;
    parts->key_info = key_info.whole;
    parts->signature = algorithm.whole;
    *ret_algorithm = algorithm.whole;
    if (parts->version == 3 && cret_der_more(fields) && walk_extensions(fields) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(fields, "TBSCertificate");
}

/* Every byte of the certificate, held to DER and to RFC 5280's structure. */
static enum cret_status walk(struct cret_certificate *certificate, struct cret_err *err)
{
    struct cret_der tree =
        cret_der_begin(certificate->der, certificate->size, "certificate", FORM, err);
    struct cret_der outer = tree, inner, fields;
    struct cret_bytes algorithm;
    if (cret_der_check_tree(&tree, "Certificate") != CRET_OK ||
        cret_der_end(&tree, "Certificate") != CRET_OK ||
        cret_der_enter(&outer, CRET_DER_SEQUENCE, "Certificate", &inner) != CRET_OK ||
        cret_der_enter(&inner, CRET_DER_SEQUENCE, "TBSCertificate", &fields) != CRET_OK ||
        walk_fields(certificate, &fields, &algorithm) != CRET_OK ||
        cret_der_exact(&inner, "signatureAlgorithm (the same as inside)", algorithm) != CRET_OK ||
        cret_der_take(&inner, CRET_DER_BIT_STRING, "signatureValue", NULL) != CRET_OK ||
        cret_der_end(&inner, "Certificate") != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes key_info = certificate->parts.key_info;
    return cret_public_key_parse(&certificate->parts.key, key_info.data, key_info.size,
                                 "certificate", FORM, err);
}

/* OpenSSL's parser, after ours. */
static enum cret_status parse_x509(struct cret_certificate *certificate,
                                   const struct cret_certificate_decoded *decoded,
                                   struct cret_err *err)
{
    char reason[120];
    const unsigned char *at = certificate->der, *end = certificate->der + certificate->size;
    if (decoded != NULL) {
        certificate->x509 = decoded->get(decoded->context, certificate->der, certificate->size);
        at = certificate->x509 != NULL ? end : at;
    }
    if (certificate->x509 == NULL) {
        certificate->x509 = d2i_X509(NULL, &at, (long)certificate->size);
    }
    if (certificate->x509 == NULL || at != end) {
        return cret_err_refuse(err, FORM, "the certificate cannot be read: %s",
                               cret_library_reason(reason, sizeof(reason)));
    }
    if (X509_get0_pubkey(certificate->x509) == NULL &&
        cret_public_key_available(&certificate->parts.key)) {
        return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_ALGORITHM,
                               "the public key of the certificate cannot be one: %s",
                               cret_library_reason(reason, sizeof(reason)));
    }
    ERR_clear_error();
    const uint32_t flags = X509_get_extension_flags(certificate->x509);
    if ((flags & EXFLAG_INVALID) != 0) {
        return cret_err_refuse(err, FORM, "the certificate has a malformed extension");
    }
    certificate->is_ca =
        certificate->parts.version == 3 && (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_CA) != 0;
    return CRET_OK;
}

char *cret_certificate_name_text(const X509_NAME *name)
{
    char *escaped = NULL;
    char *raw = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    const unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (bio != NULL && X509_NAME_print_ex(bio, name, 0, flags) >= 0 && BIO_write(bio, "", 1) == 1 &&
        BIO_get_mem_data(bio, &raw) > 0) {
        /* An empty name is allowed in certificates (RFC 5280 4.1.2.6). The words cannot be a name:
         * these begin with a type and an equals sign. */
        escaped = cret_text_escape(raw[0] != '\0' ? raw : "(empty name)");
    }
    BIO_free(bio);
    return escaped;
}

static enum cret_status describe(struct cret_certificate *certificate, struct cret_err *err)
{
    const struct cret_bytes serial = certificate->parts.serial;
    const size_t header = 2; /* at most 21 content octets: a short length */
    certificate->subject = cret_certificate_name_text(X509_get_subject_name(certificate->x509));
    certificate->issuer = cret_certificate_name_text(X509_get_issuer_name(certificate->x509));
    certificate->serial = malloc(2 * serial.size + 1);
    if (certificate->subject == NULL || certificate->issuer == NULL ||
        certificate->serial == NULL) {
        return cret_err_memory(err);
    }
    cret_hex_encode(certificate->serial, serial.data + header, serial.size - header);
    return cret_sha256(certificate->digest, certificate->der, certificate->size, err);
}

enum cret_status cret_certificate_from_der(struct cret_certificate **ret_certificate,
                                           const uint8_t *der, size_t size, struct cret_err *err)
{
    return cret_certificate_from_decoded(ret_certificate, der, size, NULL, err);
}

enum cret_status cret_certificate_from_decoded(struct cret_certificate **ret_certificate,
                                               const uint8_t *der, size_t size,
                                               const struct cret_certificate_decoded *decoded,
                                               struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_certificate *certificate = NULL;
    if (cret_library_begin(err) != CRET_OK) {
        goto out;
    }
    if (size == 0 || size > CRET_LIMIT_SIGNATURE_BYTES) {
        cret_err_refuse(err, FORM, "the certificate has an impossible size of %zu bytes", size);
        goto out;
    }
    certificate = calloc(1, sizeof(*certificate));
    if (certificate != NULL) {
        certificate->der = malloc(size);
    }
    if (certificate == NULL || certificate->der == NULL) {
        cret_err_memory(err);
        goto out;
    }
    memcpy(certificate->der, der, size);
    certificate->size = size;
    if (walk(certificate, err) != CRET_OK || parse_x509(certificate, decoded, err) != CRET_OK ||
        describe(certificate, err) != CRET_OK) {
        goto out;
    }
    *ret_certificate = certificate;
    certificate = NULL;
    status = CRET_OK;
out:
    cret_certificate_free(&certificate);
    return status;
}

/* NULL: there is nothing to say. */
static void hint(struct cret_err *err, const char *text)
{
    if (text != NULL) {
        cret_err_hint(err, "%s", text);
    }
}

/* One block of a PEM text; faults become class USAGE, since the file is the user's own. */
static enum cret_status from_block(struct cret_certificate **ret_certificate,
                                   const struct cret_pem_block *block, size_t index,
                                   const char *origin, struct cret_err *err)
{
    if (strcmp(block->label, "CERTIFICATE") != 0) {
        cret_err_usage(err, "%s: block %zu is not a certificate", origin, index + 1);
        cret_err_expected(err, "-----BEGIN CERTIFICATE-----");
        hint(err, cret_mistaken_label(block->label));
        return cret_err_actual(err, "-----BEGIN %s-----", block->label);
    }
    if (cret_certificate_from_der(ret_certificate, block->der, block->size, err) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_context(err, "%s: certificate %zu", origin, index + 1);
    if (err != NULL && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        err->check = CRET_CHECK_NONE;
        hint(err, cret_mistaken_der(block->der, block->size));
    }
    return CRET_FAILED;
}

enum cret_status cret_certificates_read(struct cret_certificate ***ret_list, size_t *ret_count,
                                        const char *data, size_t size, const char *origin,
                                        struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_pem_block *blocks = NULL;
    struct cret_certificate **list = NULL;
    size_t count = 0;
    if (cret_pem_read_file(&blocks, &count, data, size, "CERTIFICATE", origin, err) != CRET_OK) {
        goto out;
    }
    list = calloc(count, sizeof(*list));
    if (list == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (from_block(&list[i], &blocks[i], i, origin, err) != CRET_OK) {
            goto out;
        }
    }
    *ret_list = list;
    *ret_count = count;
    list = NULL;
    status = CRET_OK;
out:
    cret_certificates_free(&list, count);
    cret_pem_free(&blocks, count);
    return status;
}

char *cret_certificate_pem(const struct cret_certificate *certificate)
{
    return cret_pem_text("CERTIFICATE", certificate->der, certificate->size);
}

void cret_certificate_free(struct cret_certificate **certificate)
{
    if (certificate == NULL || *certificate == NULL) {
        return;
    }
    X509_free((*certificate)->x509);
    free((*certificate)->subject);
    free((*certificate)->issuer);
    free((*certificate)->serial);
    free((*certificate)->der);
    free(*certificate);
    *certificate = NULL;
}

void cret_certificates_free(struct cret_certificate ***list, size_t count)
{
    if (list == NULL || *list == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        cret_certificate_free(&(*list)[i]);
    }
    free(*list);
    *list = NULL;
}

const char *cret_certificate_subject(const struct cret_certificate *certificate)
{
    return certificate->subject;
}

const char *cret_certificate_issuer(const struct cret_certificate *certificate)
{
    return certificate->issuer;
}

const char *cret_certificate_serial(const struct cret_certificate *certificate)
{
    return certificate->serial;
}

const uint8_t *cret_certificate_der(const struct cret_certificate *certificate, size_t *ret_size)
{
    *ret_size = certificate->size;
    return certificate->der;
}

const uint8_t *cret_certificate_key_digest(const struct cret_certificate *certificate)
{
    return certificate->parts.key.digest;
}

const uint8_t *cret_certificate_digest(const struct cret_certificate *certificate)
{
    return certificate->digest;
}

int64_t cret_certificate_not_before(const struct cret_certificate *certificate)
{
    return certificate->not_before;
}

int64_t cret_certificate_not_after(const struct cret_certificate *certificate)
{
    return certificate->not_after;
}

bool cret_certificate_is_ca(const struct cret_certificate *certificate)
{
    return certificate->is_ca;
}

const char *cret_certificate_key_algorithm(const struct cret_certificate *certificate)
{
    return certificate->parts.key.name;
}

const struct cret_public_key *cret_certificate_key(const struct cret_certificate *certificate)
{
    return &certificate->parts.key;
}

bool cret_certificate_key_is_rsa_2048(const struct cret_certificate *certificate)
{
    return cret_public_key_is_rsa_2048(&certificate->parts.key);
}

bool cret_certificate_key_available(const struct cret_certificate *certificate)
{
    return cret_public_key_available(&certificate->parts.key);
}

const struct cret_certificate_parts *
cret_certificate_parts(const struct cret_certificate *certificate)
{
    return &certificate->parts;
}

X509 *cret_certificate_x509(const struct cret_certificate *certificate)
{
    return certificate->x509;
}
