/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of digests and signature algorithms, and looking things up in them. */
#include "trust/x509/cms_algorithm.h"

#include <stdio.h>
#include <string.h>

#define BYTES(array)                                                                               \
    {                                                                                              \
        (array), sizeof(array)                                                                     \
    }

/* RFC 5754 2: id-sha2NN with absent parameters. */
#define SHA2_IDENTIFIER(number)                                                                    \
    0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, number
static const uint8_t sha256_identifier[] = {SHA2_IDENTIFIER(0x01)};
static const uint8_t sha384_identifier[] = {SHA2_IDENTIFIER(0x02)};
static const uint8_t sha512_identifier[] = {SHA2_IDENTIFIER(0x03)};

static const struct cret_digest_algorithm digests[] = {
    {"sha256", 32, BYTES(sha256_identifier), EVP_sha256},
    {"sha384", 48, BYTES(sha384_identifier), EVP_sha384},
    {"sha512", 64, BYTES(sha512_identifier), EVP_sha512},
};

/* RFC 3370 3.2: rsaEncryption with NULL, whatever the digest. */
static const uint8_t pkcs1_identifier[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                           0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
/* RFC 4056 2.2, RFC 4055 3.1: id-RSASSA-PSS, hash, MGF1 with the same hash, salt of its length; the
 * default trailer field is left out, as DER asks, and the hashes have absent parameters. */
#define PSS_IDENTIFIER(number, salt)                                                               \
    0x30, 0x3d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, 0x30, 0x30,      \
        0xa0, 0x0d, SHA2_IDENTIFIER(number), 0xa1, 0x1a, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, \
        0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, SHA2_IDENTIFIER(number), 0xa2, 0x03, 0x02, 0x01, salt
static const uint8_t pss256_identifier[] = {PSS_IDENTIFIER(0x01, 32)};
static const uint8_t pss384_identifier[] = {PSS_IDENTIFIER(0x02, 48)};
static const uint8_t pss512_identifier[] = {PSS_IDENTIFIER(0x03, 64)};
/* RFC 5758 3.2: ecdsa-with-SHA2, parameters absent. */
#define ECDSA_IDENTIFIER(number)                                                                   \
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, number
static const uint8_t ecdsa256_identifier[] = {ECDSA_IDENTIFIER(0x02)};
static const uint8_t ecdsa384_identifier[] = {ECDSA_IDENTIFIER(0x03)};
static const uint8_t ecdsa512_identifier[] = {ECDSA_IDENTIFIER(0x04)};

static const struct cret_signature_algorithm algorithms[] = {
    {"pkcs1", CRET_FAMILY_RSA, false, &digests[0], BYTES(pkcs1_identifier)},
    {"pkcs1", CRET_FAMILY_RSA, false, &digests[1], BYTES(pkcs1_identifier)},
    {"pkcs1", CRET_FAMILY_RSA, false, &digests[2], BYTES(pkcs1_identifier)},
    {"pss", CRET_FAMILY_RSA, true, &digests[0], BYTES(pss256_identifier)},
    {"pss", CRET_FAMILY_RSA, true, &digests[1], BYTES(pss384_identifier)},
    {"pss", CRET_FAMILY_RSA, true, &digests[2], BYTES(pss512_identifier)},
    {NULL, CRET_FAMILY_EC, false, &digests[0], BYTES(ecdsa256_identifier)},
    {NULL, CRET_FAMILY_EC, false, &digests[1], BYTES(ecdsa384_identifier)},
    {NULL, CRET_FAMILY_EC, false, &digests[2], BYTES(ecdsa512_identifier)},
    /* RFC 8419 3, RFC 9882 3.3, RFC 9814 4: over the signed attributes themselves; SHA-512 for the
     * messageDigest is what RFC 8419 demands and the others recommend or allow. */
    {NULL, CRET_FAMILY_PURE, false, &digests[2], {NULL, 0}},
};

const struct cret_digest_algorithm *cret_digest_by_name(const char *name)
{
    for (size_t i = 0; i < CRET_LENGTH(digests); i++) {
        if (strcmp(digests[i].name, name) == 0) {
            return &digests[i];
        }
    }
    return NULL;
}

const struct cret_digest_algorithm *cret_digest_for_curve(const struct cret_public_key *key)
{
    switch (key->kind) {
    case CRET_KEY_P256:
        return cret_digest_by_name("sha256");
    case CRET_KEY_P384:
        return cret_digest_by_name("sha384");
    case CRET_KEY_P521:
        return cret_digest_by_name("sha512");
    default:
        return NULL;
    }
}

const struct cret_digest_algorithm *cret_digest_by_identifier(struct cret_bytes identifier)
{
    for (size_t i = 0; i < CRET_LENGTH(digests); i++) {
        if (cret_bytes_equal(digests[i].identifier, identifier)) {
            return &digests[i];
        }
    }
    return NULL;
}

const struct cret_digest_algorithm *cret_digest_of_old_certificate_names(void)
{
    static const struct cret_digest_algorithm sha1 = {"sha1", 20, {NULL, 0}, EVP_sha1};
    return &sha1;
}

const struct cret_digest_algorithm *cret_digest_by_any_identifier(struct cret_bytes identifier)
{
    uint8_t absent[sizeof(sha256_identifier)];
    /* SEQUENCE { OID, NULL }: two octets more, and a length that says so. */
    if (identifier.size != sizeof(absent) + 2 || identifier.data[1] != sizeof(absent) ||
        memcmp(identifier.data + sizeof(absent), "\x05\x00", 2) != 0) {
        return cret_digest_by_identifier(identifier);
    }
    memcpy(absent, identifier.data, sizeof(absent));
    absent[1] -= 2;
    return cret_digest_by_identifier((struct cret_bytes){absent, sizeof(absent)});
}

/* HashAlgorithm under one of the tags of RSASSA-PSS-params; NULL where it is not one of SHA-2. */
static const struct cret_digest_algorithm *read_hash(struct cret_der *parameters, uint8_t tag)
{
    struct cret_der tagged;
    struct cret_der_element hash;
    if (cret_der_enter(parameters, tag, "hash", &tagged) != CRET_OK ||
        cret_der_take(&tagged, CRET_DER_SEQUENCE, "hash", &hash) != CRET_OK ||
        cret_der_end(&tagged, "hash") != CRET_OK) {
        return NULL;
    }
    return cret_digest_by_any_identifier(hash.whole);
}

/* The same inside MaskGenAlgorithm, which must be MGF1. */
static const struct cret_digest_algorithm *read_mask(struct cret_der *parameters)
{
    static const uint8_t mgf1[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08};
    struct cret_der tagged, mask;
    struct cret_bytes oid;
    struct cret_der_element hash;
    if (cret_der_enter(parameters, CRET_DER_CONTEXT_CONSTRUCTED | 1, "mask", &tagged) != CRET_OK ||
        cret_der_enter(&tagged, CRET_DER_SEQUENCE, "mask", &mask) != CRET_OK ||
        cret_der_end(&tagged, "mask") != CRET_OK || cret_der_oid(&mask, "mask", &oid) != CRET_OK ||
        !cret_bytes_equal(oid, (struct cret_bytes){mgf1, sizeof(mgf1)}) ||
        cret_der_take(&mask, CRET_DER_SEQUENCE, "hash", &hash) != CRET_OK ||
        cret_der_end(&mask, "mask") != CRET_OK) {
        return NULL;
    }
    return cret_digest_by_any_identifier(hash.whole);
}

/* [2] saltLength, [3] trailerField; absent: 20 and 1. */
static bool read_salt(struct cret_der *parameters, unsigned *ret_salt)
{
    struct cret_der tagged;
    struct cret_bytes number;
    *ret_salt = 20;
    if (cret_der_next_is(parameters, CRET_DER_CONTEXT_CONSTRUCTED | 2)) {
        if (cret_der_enter(parameters, CRET_DER_CONTEXT_CONSTRUCTED | 2, "salt", &tagged) !=
                CRET_OK ||
            cret_der_unsigned(&tagged, "salt", &number, NULL) != CRET_OK ||
            cret_der_end(&tagged, "salt") != CRET_OK || number.size > 2) {
            return false;
        }
        *ret_salt = 0;
        for (size_t i = 0; i < number.size; i++) {
            *ret_salt = *ret_salt << 8 | number.data[i];
        }
    }
    return !cret_der_more(parameters) ||
           (cret_der_enter(parameters, CRET_DER_CONTEXT_CONSTRUCTED | 3, "trailer", &tagged) ==
                CRET_OK &&
            cret_der_number(&tagged, "trailer", 1) == CRET_OK &&
            cret_der_end(&tagged, "trailer") == CRET_OK &&
            cret_der_end(parameters, "RSASSA-PSS-params") == CRET_OK);
}

bool cret_pss_read(struct cret_pss *ret_pss, struct cret_bytes identifier)
{
    static const uint8_t name[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
    struct cret_der outer = cret_der_begin(identifier.data, identifier.size, "signature algorithm",
                                           CRET_CHECK_SIGNATURE_ALGORITHM, NULL);
    struct cret_der inner, parameters;
    struct cret_bytes oid;
    struct cret_pss pss = {NULL, NULL, 0};
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "AlgorithmIdentifier", &inner) != CRET_OK ||
        cret_der_end(&outer, "AlgorithmIdentifier") != CRET_OK ||
        cret_der_oid(&inner, "algorithm", &oid) != CRET_OK ||
        !cret_bytes_equal(oid, (struct cret_bytes){name, sizeof(name)}) ||
        cret_der_enter(&inner, CRET_DER_SEQUENCE, "RSASSA-PSS-params", &parameters) != CRET_OK ||
        cret_der_end(&inner, "AlgorithmIdentifier") != CRET_OK) {
        return false;
    }
    pss.digest = read_hash(&parameters, CRET_DER_CONTEXT_CONSTRUCTED | 0);
    pss.mask_digest = pss.digest != NULL ? read_mask(&parameters) : NULL;
    if (pss.mask_digest == NULL || !read_salt(&parameters, &pss.salt)) {
        return false;
    }
    *ret_pss = pss;
    return true;
}

static bool fits_key(const struct cret_signature_algorithm *algorithm,
                     const struct cret_public_key *key)
{
    return algorithm->family == cret_public_key_family(key);
}

struct cret_bytes cret_signature_identifier(const struct cret_signature_algorithm *algorithm,
                                            const struct cret_public_key *key)
{
    return algorithm->family == CRET_FAMILY_PURE ? cret_public_key_identifier(key)
                                                 : algorithm->identifier;
}

const struct cret_signature_algorithm *
cret_signature_algorithm_for(const struct cret_public_key *key,
                             const struct cret_digest_algorithm *digest, bool pss)
{
    for (size_t i = 0; i < CRET_LENGTH(algorithms); i++) {
        if (fits_key(&algorithms[i], key) && algorithms[i].digest == digest &&
            algorithms[i].pss == pss) {
            return &algorithms[i];
        }
    }
    return NULL;
}

const struct cret_signature_algorithm *
cret_signature_algorithm_find(const struct cret_public_key *key,
                              const struct cret_digest_algorithm *digest,
                              struct cret_bytes identifier)
{
    for (size_t i = 0; i < CRET_LENGTH(algorithms); i++) {
        if (fits_key(&algorithms[i], key) && algorithms[i].digest == digest &&
            cret_bytes_equal(cret_signature_identifier(&algorithms[i], key), identifier)) {
            return &algorithms[i];
        }
    }
    return NULL;
}

void cret_signature_algorithm_name(char *out, size_t size,
                                   const struct cret_signature_algorithm *algorithm,
                                   const struct cret_public_key *key)
{
    snprintf(out, size, "%s%s%s-%s", key->name, algorithm->scheme == NULL ? "" : "-",
             algorithm->scheme == NULL ? "" : algorithm->scheme, algorithm->digest->name);
}

bool cret_signature_algorithm_is_rsa_2048(const char *name)
{
    unsigned bits = 0;
    return sscanf(name, "rsa-%5u-", &bits) == 1 && bits >= CRET_RSA_BITS_ALLOWED &&
           bits < CRET_RSA_BITS_MINIMUM;
}

bool cret_signature_algorithm_named(const char *name)
{
    struct cret_public_key key;
    char written[64];
    if (!cret_public_key_named(&key, name)) {
        return false;
    }
    for (size_t i = 0; i < CRET_LENGTH(algorithms); i++) {
        if (!fits_key(&algorithms[i], &key)) {
            continue;
        }
        cret_signature_algorithm_name(written, sizeof(written), &algorithms[i], &key);
        if (strcmp(written, name) == 0) {
            return true;
        }
    }
    return false;
}

const struct cret_signature_algorithm *
cret_signature_algorithm_find_any(const struct cret_public_key *key,
                                  const struct cret_digest_algorithm *digest,
                                  struct cret_bytes identifier)
{
    /* RFC 4055 5: shaNNNWithRSAEncryption, which differ in the last octet of the identifier. */
    static const struct {
        const struct cret_digest_algorithm *digest;
        uint8_t last;
    } rows[] = {{&digests[0], 0x0b}, {&digests[1], 0x0c}, {&digests[2], 0x0d}};
    uint8_t name[sizeof(pkcs1_identifier)];
    struct cret_pss pss;
    if (key->kind == CRET_KEY_RSA && cret_pss_read(&pss, identifier)) {
        return pss.digest == digest && pss.mask_digest == digest && pss.salt == digest->size
                   ? cret_signature_algorithm_for(key, digest, true)
                   : NULL;
    }
    const size_t octet = sizeof(name) - 3; /* before the NULL */
    memcpy(name, pkcs1_identifier, sizeof(name));
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        name[octet] = rows[i].last;
        if (rows[i].digest == digest && key->kind == CRET_KEY_RSA &&
            cret_bytes_equal(identifier, (struct cret_bytes){name, sizeof(name)})) {
            return cret_signature_algorithm_for(key, digest, false);
        }
    }
    return cret_signature_algorithm_find(key, digest, identifier);
}

/* Numbers without leading zero octets: 1 <= value < order. */
static bool in_range(struct cret_bytes value, struct cret_bytes order)
{
    if (value.size == 0 || value.size > order.size) {
        return false;
    }
    return value.size < order.size || memcmp(value.data, order.data, order.size) < 0;
}

/* RSA and the pure algorithms: every value has the same length. */
static enum cret_status check_length(struct cret_der *outer, const struct cret_public_key *key,
                                     struct cret_bytes value)
{
    const size_t pure = cret_public_key_value_size(key);
    const size_t octets = pure != 0 ? pure : (key->bits + 7) / 8;
    if (value.size == octets) {
        return CRET_OK;
    }
    cret_der_refuse(outer, value.data, "has the wrong length for a signature by the key");
    cret_err_expected(outer->err, "%zu bytes for %s", octets, key->name);
    return cret_err_actual(outer->err, "%zu bytes", value.size);
}

enum cret_status cret_signature_value_form(const struct cret_public_key *key,
                                           struct cret_bytes value, struct cret_err *err)
{
    const struct cret_bytes order = cret_public_key_order(key);
    struct cret_der outer =
        cret_der_begin(value.data, value.size, "signature value", CRET_CHECK_SIGNATURE_VALUE, err);
    struct cret_der pair;
    struct cret_bytes r, s;
    if (order.size == 0) {
        return check_length(&outer, key, value);
    }
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "Ecdsa-Sig-Value", &pair) != CRET_OK ||
        cret_der_end(&outer, "Ecdsa-Sig-Value") != CRET_OK ||
        cret_der_unsigned(&pair, "r", &r, NULL) != CRET_OK ||
        cret_der_unsigned(&pair, "s", &s, NULL) != CRET_OK ||
        cret_der_end(&pair, "Ecdsa-Sig-Value") != CRET_OK) {
        return CRET_FAILED;
    }
    if (!in_range(r, order) || !in_range(s, order)) {
        return cret_der_refuse(&outer, value.data,
                               "has a number that is zero or not below the order of the curve");
    }
    return CRET_OK;
}
