/* SPDX-License-Identifier: Apache-2.0 */
/* Public areas and Names made of keys; signatures in the form of a TPM verified. */
#include "trust/tpm/tpm_key.h"

#include <limits.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/library.h"
#include "trust/asn1/pem.h"
#include "trust/tpm/tpm_wire.h"
#include "trust/x509/certificate_parts.h"

/* TPMA_OBJECT (part 2, 8.3). */
#define ATTRIBUTES_VERIFY 0x00040040u /* sign, userWithAuth */
/* fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA, restricted, sign */
#define ATTRIBUTES_ATTEST 0x00050472u

#define AREA_MAXIMUM 512u

struct cret_tpm_key {
    struct cret_public_key public;
    EVP_PKEY *pkey;
    char *pem;
    uint8_t area[AREA_MAXIMUM];
    size_t area_size;
    uint8_t name[CRET_TPM_NAME_BYTES];
};

/* The keys that a TPM takes. coordinate: octets of r, s, x and y. */
static const struct key_row {
    enum cret_key_kind kind;
    unsigned bits;
    uint16_t curve;
    size_t coordinate;
    bool attest;
} key_rows[] = {
    {CRET_KEY_RSA, 3072, 0, 0, false},
    {CRET_KEY_P256, 256, CRET_TPM_CURVE_P256, 32, true},
    {CRET_KEY_P384, 384, CRET_TPM_CURVE_P384, 48, false},
};

static const struct key_row *row_of(const struct cret_public_key *key)
{
    for (size_t i = 0; i < CRET_LENGTH(key_rows); i++) {
        const bool exponent = key->kind != CRET_KEY_RSA || key->exponent == 65537;
        if (key_rows[i].kind == key->kind && key_rows[i].bits == key->bits && exponent) {
            return &key_rows[i];
        }
    }
    return NULL;
}

/* The octets of the BIT STRING of a SubjectPublicKeyInfo whose form was checked. */
static enum cret_status key_octets(const uint8_t *der, size_t size, struct cret_bytes *ret_octets)
{
    struct cret_der outer =
        cret_der_begin(der, size, "public key", CRET_CHECK_CERTIFICATE_ALGORITHM, NULL);
    struct cret_der info;
    struct cret_der_element bits;
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "SubjectPublicKeyInfo", &info) != CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "algorithm", NULL) != CRET_OK ||
        cret_der_take(&info, CRET_DER_BIT_STRING, "subjectPublicKey", &bits) != CRET_OK ||
        bits.content.size < 2) {
        return CRET_FAILED;
    }
    *ret_octets = (struct cret_bytes){bits.content.data + 1, bits.content.size - 1};
    return CRET_OK;
}

static enum cret_status put_rsa(struct cret_tpm_writer *writer, struct cret_bytes octets)
{
    struct cret_der der = cret_der_begin(octets.data, octets.size, "public key",
                                         CRET_CHECK_CERTIFICATE_ALGORITHM, NULL);
    struct cret_der inner;
    struct cret_bytes modulus;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "RSAPublicKey", &inner) != CRET_OK ||
        cret_der_unsigned(&inner, "modulus", &modulus, NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_tpm_put_u16(writer, CRET_TPM_ALG_NULL); /* symmetric */
    cret_tpm_put_u16(writer, CRET_TPM_ALG_NULL); /* scheme */
    cret_tpm_put_u16(writer, 3072);
    cret_tpm_put_u32(writer, 0); /* exponent: 0 stands for 65537 */
    cret_tpm_put_sized(writer, modulus.data, modulus.size);
    return CRET_OK;
}

static void put_ecc(struct cret_tpm_writer *writer, const struct key_row *row,
                    struct cret_bytes point, enum cret_tpm_use use)
{
    cret_tpm_put_u16(writer, CRET_TPM_ALG_NULL); /* symmetric */
    if (use == CRET_TPM_USE_ATTEST) {
        cret_tpm_put_u16(writer, CRET_TPM_ALG_ECDSA);
        cret_tpm_put_u16(writer, CRET_TPM_ALG_SHA256);
    } else {
        cret_tpm_put_u16(writer, CRET_TPM_ALG_NULL);
    }
    cret_tpm_put_u16(writer, row->curve);
    cret_tpm_put_u16(writer, CRET_TPM_ALG_NULL); /* kdf */
    cret_tpm_put_sized(writer, point.data + 1, row->coordinate);
    cret_tpm_put_sized(writer, point.data + 1 + row->coordinate, row->coordinate);
}

/* TPMT_PUBLIC and the Name: nameAlg and its digest of the public area (part 1, 16). */
static enum cret_status make_area(struct cret_tpm_key *key, const struct key_row *row,
                                  struct cret_bytes octets, enum cret_tpm_use use,
                                  struct cret_err *err)
{
    const bool rsa = key->public.kind == CRET_KEY_RSA;
    struct cret_tpm_writer writer = {.data = key->area, .capacity = sizeof(key->area)};
    cret_tpm_put_u16(&writer, rsa ? CRET_TPM_ALG_RSA : CRET_TPM_ALG_ECC);
    cret_tpm_put_u16(&writer, CRET_TPM_ALG_SHA256);
    cret_tpm_put_u32(&writer, use == CRET_TPM_USE_ATTEST ? ATTRIBUTES_ATTEST : ATTRIBUTES_VERIFY);
    cret_tpm_put_sized(&writer, NULL, 0); /* authPolicy */
    if (!rsa) {
        put_ecc(&writer, row, octets, use);
    } else if (put_rsa(&writer, octets) != CRET_OK) {
        writer.failed = true;
    }
    if (writer.failed) {
        return cret_err_undecided(err, "cannot write a public key in the TPM's form");
    }
    key->area_size = writer.size;
    key->name[0] = CRET_TPM_ALG_SHA256 >> 8;
    key->name[1] = CRET_TPM_ALG_SHA256 & 0xff;
    return cret_sha256(key->name + 2, key->area, key->area_size, err);
}

static enum cret_status make_pem(struct cret_tpm_key *key, const uint8_t *der, size_t size,
                                 struct cret_err *err)
{
    struct cret_buffer text = {0};
    char *base64 = NULL;
    if (cret_base64_encode(&base64, der, size) != CRET_OK) {
        return cret_err_memory(err);
    }
    cret_buffer_printf(&text, "-----BEGIN PUBLIC KEY-----\n");
    for (size_t i = 0; i < strlen(base64); i += 64) {
        cret_buffer_printf(&text, "%.64s\n", base64 + i);
    }
    cret_buffer_printf(&text, "-----END PUBLIC KEY-----\n");
    free(base64);
    if (text.failed) {
        cret_buffer_free(&text);
        return cret_err_memory(err);
    }
    key->pem = text.data;
    return CRET_OK;
}

static enum cret_status refuse_kind(const struct cret_tpm_key *key, const char *origin,
                                    enum cret_tpm_use use, struct cret_err *err)
{
    cret_err_usage(err, "%s: not every TPM can load a key of this kind", origin);
    cret_err_expected(err, "%s",
                      use == CRET_TPM_USE_ATTEST ? "ecdsa-p256"
                                                 : "rsa-3072, ecdsa-p256 or ecdsa-p384");
    cret_err_actual(err, "%s", key->public.name);
    return cret_err_hint(err, "use a key of one of these kinds for the trust owner");
}

enum cret_status cret_tpm_key_from_der(struct cret_tpm_key **ret_key, const uint8_t *der,
                                       size_t size, const char *origin, enum cret_tpm_use use,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_bytes octets = {NULL, 0};
    const uint8_t *at = der;
    struct cret_tpm_key *key = calloc(1, sizeof(*key));
    if (key == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_library_begin(err) != CRET_OK) {
        goto out;
    }
    if (cret_public_key_parse(&key->public, der, size, "public key",
                              CRET_CHECK_CERTIFICATE_ALGORITHM, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        cret_err_context(err, "%s", origin);
        goto out;
    }
    const struct key_row *row = row_of(&key->public);
    if (row == NULL || (use == CRET_TPM_USE_ATTEST && !row->attest)) {
        refuse_kind(key, origin, use, err);
        goto out;
    }
    if (size > LONG_MAX || key_octets(der, size, &octets) != CRET_OK ||
        (key->pkey = d2i_PUBKEY(NULL, &at, (long)size)) == NULL ||
        EVP_PKEY_get_bits(key->pkey) != (int)row->bits) {
        ERR_clear_error();
        cret_err_usage(err, "%s: OpenSSL cannot read the public key", origin);
        goto out;
    }
    if (make_area(key, row, octets, use, err) != CRET_OK ||
        make_pem(key, der, size, err) != CRET_OK) {
        goto out;
    }
    *ret_key = key;
    key = NULL;
    status = CRET_OK;
out:
    cret_tpm_key_free(&key);
    return status;
}

/* Of DER: SubjectPublicKeyInfo begins with an AlgorithmIdentifier, which begins with an OID; a
 * Certificate with a TBSCertificate, which does not. */
static bool is_key_info(const char *data, size_t size)
{
    struct cret_der outer =
        cret_der_begin((const uint8_t *)data, size, "key", CRET_CHECK_NONE, NULL);
    struct cret_der inner, first;
    return cret_der_enter(&outer, CRET_DER_SEQUENCE, "key", &inner) == CRET_OK &&
           cret_der_enter(&inner, CRET_DER_SEQUENCE, "algorithm", &first) == CRET_OK &&
           cret_der_next_is(&first, CRET_DER_OID);
}

enum cret_status cret_tpm_key_from_pem(struct cret_tpm_key **ret_key, const char *pem, size_t size,
                                       const char *origin, enum cret_tpm_use use,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_pem_block *blocks = NULL;
    struct cret_certificate *certificate = NULL;
    size_t count = 0;
    const char *label = is_key_info(pem, size) ? "PUBLIC KEY" : "CERTIFICATE";
    if (cret_pem_read_file(&blocks, &count, pem, size, label, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (count != 1) {
        cret_err_usage(err,
                       "%s: %zu blocks of PEM, where one public key or certificate is "
                       "expected",
                       origin, count);
    } else if (strcmp(blocks[0].label, "PUBLIC KEY") == 0) {
        status = cret_tpm_key_from_der(ret_key, blocks[0].der, blocks[0].size, origin, use, err);
    } else if (strcmp(blocks[0].label, "CERTIFICATE") != 0) {
        cret_err_usage(err, "%s: neither a public key nor a certificate", origin);
        cret_err_expected(err, "PUBLIC KEY or CERTIFICATE");
        cret_err_actual(err, "%s", blocks[0].label);
    } else if (cret_certificate_from_der(&certificate, blocks[0].der, blocks[0].size, err) !=
               CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        cret_err_context(err, "%s", origin);
    } else {
        const struct cret_bytes info = cret_certificate_parts(certificate)->key_info;
        status = cret_tpm_key_from_der(ret_key, info.data, info.size, origin, use, err);
    }
    cret_certificate_free(&certificate);
    cret_pem_free(&blocks, count);
    return status;
}

enum cret_status cret_tpm_key_from_point(struct cret_tpm_key **ret_key, const uint8_t x[32],
                                         const uint8_t y[32], struct cret_err *err)
{
    /* SubjectPublicKeyInfo of P-256 up to the point's coordinates (RFC 5480). */
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    uint8_t der[sizeof(head) + 64];
    memcpy(der, head, sizeof(head));
    memcpy(der + sizeof(head), x, 32);
    memcpy(der + sizeof(head) + 32, y, 32);
    return cret_tpm_key_from_der(ret_key, der, sizeof(der), "the TPM's attestation key",
                                 CRET_TPM_USE_ATTEST, err);
}

void cret_tpm_key_free(struct cret_tpm_key **key)
{
    if (key == NULL || *key == NULL) {
        return;
    }
    EVP_PKEY_free((*key)->pkey);
    free((*key)->pem);
    free(*key);
    *key = NULL;
}

enum cret_key_kind cret_tpm_key_kind(const struct cret_tpm_key *key)
{
    return key->public.kind;
}

const char *cret_tpm_key_algorithm(const struct cret_tpm_key *key)
{
    return key->public.name;
}

const uint8_t *cret_tpm_key_digest(const struct cret_tpm_key *key)
{
    return key->public.digest;
}

const uint8_t *cret_tpm_key_name(const struct cret_tpm_key *key)
{
    return key->name;
}

const uint8_t *cret_tpm_key_area(const struct cret_tpm_key *key, size_t *ret_size)
{
    *ret_size = key->area_size;
    return key->area;
}

const char *cret_tpm_key_pem(const struct cret_tpm_key *key)
{
    return key->pem;
}

size_t cret_tpm_key_signature_size(const struct cret_tpm_key *key)
{
    const struct key_row *row = row_of(&key->public);
    return row->coordinate != 0 ? 2 * row->coordinate : row->bits / 8;
}

/* Copies a magnitude into a field of fixed length. */
static bool place(uint8_t *out, size_t field, struct cret_bytes magnitude)
{
    if (magnitude.size == 0 || magnitude.size > field) {
        return false;
    }
    memset(out, 0, field);
    memcpy(out + field - magnitude.size, magnitude.data, magnitude.size);
    return true;
}

size_t cret_tpm_key_signature_form(const struct cret_tpm_key *key, uint8_t *out,
                                   const uint8_t *value, size_t size)
{
    const struct key_row *row = row_of(&key->public);
    const size_t expected = cret_tpm_key_signature_size(key);
    if (row->coordinate == 0) {
        if (size != expected) {
            return 0;
        }
        memcpy(out, value, size);
        return size;
    }
    struct cret_der der =
        cret_der_begin(value, size, "signature", CRET_CHECK_SIGNATURE_VALUE, NULL);
    struct cret_der inner;
    struct cret_bytes r, s;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "value", &inner) != CRET_OK ||
        cret_der_unsigned(&inner, "r", &r, NULL) != CRET_OK ||
        cret_der_unsigned(&inner, "s", &s, NULL) != CRET_OK ||
        cret_der_end(&inner, "value") != CRET_OK || cret_der_end(&der, "value") != CRET_OK ||
        !place(out, row->coordinate, r) || !place(out + row->coordinate, row->coordinate, s)) {
        return 0;
    }
    return expected;
}

/* DER of r and s, as OpenSSL wants it. NULL: memory. */
static uint8_t *ecdsa_der(const uint8_t *value, size_t coordinate, size_t *ret_size)
{
    uint8_t *der = NULL;
    int length = -1;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(value, (int)coordinate, NULL);
    BIGNUM *s = BN_bin2bn(value + coordinate, (int)coordinate, NULL);
    if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL;
        length = i2d_ECDSA_SIG(signature, &der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    *ret_size = length > 0 ? (size_t)length : 0;
    return length > 0 ? der : NULL;
}

enum cret_status cret_tpm_key_verify(const struct cret_tpm_key *key, const uint8_t *message,
                                     size_t size, const uint8_t *value, size_t value_size,
                                     bool *ret_valid, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const struct key_row *row = row_of(&key->public);
    uint8_t *der = NULL;
    size_t der_size = 0;
    if (value_size != cret_tpm_key_signature_size(key)) {
        *ret_valid = false;
        return CRET_OK;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (row->coordinate != 0 && (der = ecdsa_der(value, row->coordinate, &der_size)) == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (context == NULL ||
        !cret_library_done(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key->pkey))) {
        cret_err_undecided(err, "OpenSSL cannot begin to verify a signature");
        goto out;
    }
    *ret_valid = cret_library_holds(EVP_DigestVerify(
        context, der != NULL ? der : value, der != NULL ? der_size : value_size, message, size));
    status = CRET_OK;
out:
    ERR_clear_error();
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    return status;
}
