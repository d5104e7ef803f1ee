/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a SubjectPublicKeyInfo, and whether the key is strong enough. */
#include "trust/x509/public_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define BYTES(array)                                                                               \
    {                                                                                              \
        (array), sizeof(array)                                                                     \
    }

/* AlgorithmIdentifiers, complete with tag and length. */
static const uint8_t rsa_identifier[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                         0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t p256_identifier[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                          0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
                                          0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t p384_identifier[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                          0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
static const uint8_t p521_identifier[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                          0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23};
static const uint8_t ed25519_identifier[] = {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70};
/* RFC 9881 2, RFC 9909 3: sigAlgs (2.16.840.1.101.3.4.3), parameters absent. */
#define NIST_IDENTIFIER(number)                                                                    \
    {                                                                                              \
        0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, number             \
    }
static const uint8_t nist_identifiers[][13] = {
    NIST_IDENTIFIER(18), NIST_IDENTIFIER(19), NIST_IDENTIFIER(20), NIST_IDENTIFIER(21),
    NIST_IDENTIFIER(22), NIST_IDENTIFIER(23), NIST_IDENTIFIER(24), NIST_IDENTIFIER(25),
    NIST_IDENTIFIER(26), NIST_IDENTIFIER(27), NIST_IDENTIFIER(28), NIST_IDENTIFIER(29),
    NIST_IDENTIFIER(30), NIST_IDENTIFIER(31),
};

/* SEC 2, 2.4.2, 2.5.1, 2.6.1. */
static const uint8_t p256_order[] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t p384_order[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
static const uint8_t p521_order[] = {
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b,
    0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c,
    0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09};

struct key_row {
    enum cret_key_kind kind;
    enum cret_key_family family;
    unsigned bits;
    const char *name;
    struct cret_bytes identifier;
    struct cret_bytes order; /* FAMILY_EC */
    size_t point;            /* octets of the key in its BIT STRING; 0: a structure */
    size_t value;            /* FAMILY_PURE: octets of a signature */
    const char *library;     /* OpenSSL's name of the kind */
};

#define NO_ORDER                                                                                   \
    {                                                                                              \
        NULL, 0                                                                                    \
    }
/* FIPS 204 table 2, FIPS 205 table 2. */
#define NIST_ROW(kind, index, name, point, value, library)                                         \
    {                                                                                              \
        kind, CRET_FAMILY_PURE, 0, name, BYTES(nist_identifiers[index]), NO_ORDER, point, value,   \
            library                                                                                \
    }

static const struct key_row key_rows[] = {
    {CRET_KEY_RSA, CRET_FAMILY_RSA, 0, "rsa", BYTES(rsa_identifier), NO_ORDER, 0, 0, "RSA"},
    {CRET_KEY_P256, CRET_FAMILY_EC, 256, "ecdsa-p256", BYTES(p256_identifier), BYTES(p256_order),
     65, 0, "EC"},
    {CRET_KEY_P384, CRET_FAMILY_EC, 384, "ecdsa-p384", BYTES(p384_identifier), BYTES(p384_order),
     97, 0, "EC"},
    {CRET_KEY_P521, CRET_FAMILY_EC, 521, "ecdsa-p521", BYTES(p521_identifier), BYTES(p521_order),
     133, 0, "EC"},
    {CRET_KEY_ED25519, CRET_FAMILY_PURE, 256, "ed25519", BYTES(ed25519_identifier), NO_ORDER, 32,
     64, "ED25519"},
    NIST_ROW(CRET_KEY_ML_DSA_65, 0, "ml-dsa-65", 1952, 3309, "ML-DSA-65"),
    NIST_ROW(CRET_KEY_ML_DSA_87, 1, "ml-dsa-87", 2592, 4627, "ML-DSA-87"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_128S, 2, "slh-dsa-sha2-128s", 32, 7856, "SLH-DSA-SHA2-128s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_128F, 3, "slh-dsa-sha2-128f", 32, 17088, "SLH-DSA-SHA2-128f"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_192S, 4, "slh-dsa-sha2-192s", 48, 16224, "SLH-DSA-SHA2-192s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_192F, 5, "slh-dsa-sha2-192f", 48, 35664, "SLH-DSA-SHA2-192f"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_256S, 6, "slh-dsa-sha2-256s", 64, 29792, "SLH-DSA-SHA2-256s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHA2_256F, 7, "slh-dsa-sha2-256f", 64, 49856, "SLH-DSA-SHA2-256f"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_128S, 8, "slh-dsa-shake-128s", 32, 7856, "SLH-DSA-SHAKE-128s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_128F, 9, "slh-dsa-shake-128f", 32, 17088, "SLH-DSA-SHAKE-128f"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_192S, 10, "slh-dsa-shake-192s", 48, 16224,
             "SLH-DSA-SHAKE-192s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_192F, 11, "slh-dsa-shake-192f", 48, 35664,
             "SLH-DSA-SHAKE-192f"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_256S, 12, "slh-dsa-shake-256s", 64, 29792,
             "SLH-DSA-SHAKE-256s"),
    NIST_ROW(CRET_KEY_SLH_DSA_SHAKE_256F, 13, "slh-dsa-shake-256f", 64, 49856,
             "SLH-DSA-SHAKE-256f"),
};

static const struct key_row *row_of_kind(enum cret_key_kind kind)
{
    for (size_t i = 0; i < CRET_LENGTH(key_rows); i++) {
        if (key_rows[i].kind == kind) {
            return &key_rows[i];
        }
    }
    return NULL;
}

const char *cret_key_kind_name(enum cret_key_kind kind)
{
    const struct key_row *row = row_of_kind(kind);
    return row != NULL ? row->name : NULL;
}

struct cret_bytes cret_key_kind_identifier(enum cret_key_kind kind)
{
    const struct key_row *row = row_of_kind(kind);
    return row != NULL ? row->identifier : (struct cret_bytes){NULL, 0};
}

static const struct key_row *row_of_identifier(struct cret_bytes identifier)
{
    for (size_t i = 0; i < CRET_LENGTH(key_rows); i++) {
        if (cret_bytes_equal(key_rows[i].identifier, identifier)) {
            return &key_rows[i];
        }
    }
    return NULL;
}

bool cret_public_key_named(struct cret_public_key *ret_key, const char *text)
{
    for (size_t i = 0; i < CRET_LENGTH(key_rows); i++) {
        struct cret_public_key key = {.kind = key_rows[i].kind, .bits = key_rows[i].bits};
        const size_t length = strlen(key_rows[i].name);
        int used = 0;
        if (strncmp(text, key_rows[i].name, length) != 0 || text[length] != '-') {
            continue;
        }
        if (key.kind == CRET_KEY_RSA) {
            key.exponent = 65537;
            if (sscanf(text, "rsa-%5u-%n", &key.bits, &used) != 1 || used == 0) {
                return false;
            }
            snprintf(key.name, sizeof(key.name), "rsa-%u", key.bits);
        } else {
            snprintf(key.name, sizeof(key.name), "%s", key_rows[i].name);
        }
        if (cret_public_key_weakness(&key) != NULL || key.bits > CRET_RSA_BITS_MAXIMUM) {
            return false;
        }
        *ret_key = key;
        return true;
    }
    return false;
}

static enum cret_status parse_rsa(struct cret_der *bits, struct cret_public_key *key)
{
    struct cret_der inner;
    struct cret_bytes modulus, exponent;
    const uint8_t *at = bits->next;
    if (cret_der_enter(bits, CRET_DER_SEQUENCE, "RSAPublicKey", &inner) != CRET_OK ||
        cret_der_unsigned(&inner, "the RSA modulus", &modulus, NULL) != CRET_OK ||
        cret_der_unsigned(&inner, "the RSA exponent", &exponent, NULL) != CRET_OK ||
        cret_der_end(&inner, "RSAPublicKey") != CRET_OK ||
        cret_der_end(bits, "RSAPublicKey") != CRET_OK) {
        return CRET_FAILED;
    }
    if (modulus.size < 64 || modulus.size > CRET_RSA_BITS_MAXIMUM / 8 ||
        (modulus.data[modulus.size - 1] & 1u) == 0) {
        return cret_der_refuse(bits, at, "has an RSA modulus that cannot be one (%zu bytes)",
                               modulus.size);
    }
    if (exponent.size == 0 || (exponent.data[exponent.size - 1] & 1u) == 0) {
        return cret_der_refuse(bits, at, "has an RSA exponent that cannot be one");
    }
    unsigned top = 0;
    while ((modulus.data[0] >> top) != 0) {
        top++;
    }
    key->bits = (unsigned)(modulus.size - 1) * 8u + top;
    key->exponent = exponent.size > 8 ? UINT64_MAX : 0;
    for (size_t i = 0; exponent.size <= 8 && i < exponent.size; i++) {
        key->exponent = (key->exponent << 8) | exponent.data[i];
    }
    snprintf(key->name, sizeof(key->name), "rsa-%u", key->bits);
    return CRET_OK;
}

static enum cret_status parse_point(struct cret_der *bits, const struct key_row *row,
                                    struct cret_public_key *key)
{
    const size_t size = (size_t)(bits->end - bits->next);
    const bool ec = row->family == CRET_FAMILY_EC;
    if (size != row->point || (ec && bits->next[0] != 0x04)) {
        cret_der_refuse(bits, bits->next, "has a public key in another form than the one accepted");
        return cret_err_expected(bits->err, "%s of %zu bytes",
                                 ec ? "an uncompressed point" : "a key", row->point);
    }
    key->bits = row->bits;
    snprintf(key->name, sizeof(key->name), "%s", row->name);
    return CRET_OK;
}

static enum cret_status refuse_kind(const struct cret_der *der, struct cret_bytes identifier)
{
    struct cret_der other = *der;
    other.check = CRET_CHECK_CERTIFICATE_ALGORITHM;
    cret_der_refuse(&other, identifier.data,
                    "has a public key of a kind or encoding that is not accepted");
    cret_err_expected(der->err, "rsaEncryption with NULL, id-ecPublicKey with the named curve "
                                "P-256, P-384 or P-521, Ed25519, ML-DSA-65, ML-DSA-87, or SLH-DSA");
    return cret_err_hint(der->err,
                         "use a certificate with an RSA key of at least %u bits or an EC "
                         "key on a NIST curve; RSASSA-PSS keys are not accepted as such",
                         CRET_RSA_BITS_MINIMUM);
}

enum cret_status cret_public_key_parse(struct cret_public_key *ret_key, const uint8_t *der,
                                       size_t size, const char *subject, enum cret_check_id check,
                                       struct cret_err *err)
{
    struct cret_der outer = cret_der_begin(der, size, subject, check, err);
    struct cret_der info;
    struct cret_der_element algorithm, value;
    struct cret_public_key key;
    memset(&key, 0, sizeof(key));
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "SubjectPublicKeyInfo", &info) != CRET_OK ||
        cret_der_end(&outer, "SubjectPublicKeyInfo") != CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "the key's AlgorithmIdentifier", &algorithm) !=
            CRET_OK ||
        cret_der_take(&info, CRET_DER_BIT_STRING, "subjectPublicKey", &value) != CRET_OK ||
        cret_der_end(&info, "SubjectPublicKeyInfo") != CRET_OK) {
        return CRET_FAILED;
    }
    const struct key_row *row = row_of_identifier(algorithm.whole);
    if (row == NULL) {
        return refuse_kind(&outer, algorithm.whole);
    }
    if (value.content.size < 2 || value.content.data[0] != 0) {
        return cret_der_refuse(&outer, value.whole.data, "has a malformed subjectPublicKey");
    }
    struct cret_der bits = info;
    bits.next = value.content.data + 1;
    bits.end = value.content.data + value.content.size;
    key.kind = row->kind;
    if ((row->point == 0 ? parse_rsa(&bits, &key) : parse_point(&bits, row, &key)) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_sha256(key.digest, der, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_key = key;
    return CRET_OK;
}

bool cret_public_key_is_rsa_2048(const struct cret_public_key *key)
{
    struct cret_public_key longer = *key;
    longer.bits = CRET_RSA_BITS_MINIMUM;
    return key->kind == CRET_KEY_RSA && key->bits >= CRET_RSA_BITS_ALLOWED &&
           key->bits < CRET_RSA_BITS_MINIMUM && cret_public_key_weakness(&longer) == NULL;
}

const char *cret_public_key_weakness_under(const struct cret_public_key *key, bool allow_rsa_2048)
{
    return allow_rsa_2048 && cret_public_key_is_rsa_2048(key) ? NULL
                                                              : cret_public_key_weakness(key);
}

const char *cret_public_key_weakness(const struct cret_public_key *key)
{
    switch (cret_public_key_family(key)) {
    case CRET_FAMILY_EC:
    case CRET_FAMILY_PURE:
        return NULL;
    case CRET_FAMILY_RSA:
        if (key->bits < CRET_RSA_BITS_MINIMUM) {
            return "an RSA key needs at least 3072 bits";
        }
        if (key->bits > CRET_RSA_BITS_MAXIMUM) {
            return "an RSA key may have at most 16384 bits";
        }
        /* FIPS 186-5 A.1.1 asks for more than 2^16; OpenSSL takes at most 64 bits here. */
        if (key->exponent < 65537 || key->exponent == UINT64_MAX) {
            return "an RSA key needs a public exponent of at least 65537 and at most 64 bits";
        }
        return NULL;
    case CRET_FAMILY_NONE:
        break;
    }
    return "this kind of key is not known";
}

enum cret_key_family cret_public_key_family(const struct cret_public_key *key)
{
    const struct key_row *row = row_of_kind(key->kind);
    return row == NULL ? CRET_FAMILY_NONE : row->family;
}

bool cret_public_key_is_post_quantum(const struct cret_public_key *key)
{
    return key->kind >= CRET_KEY_ML_DSA_65 && key->kind < CRET_KEY_COUNT;
}

bool cret_public_key_available(const struct cret_public_key *key)
{
    const struct key_row *row = row_of_kind(key->kind);
    EVP_KEYMGMT *known = row == NULL ? NULL : EVP_KEYMGMT_fetch(NULL, row->library, NULL);
    const bool available = known != NULL;
    EVP_KEYMGMT_free(known);
    ERR_clear_error();
    return available;
}

struct cret_bytes cret_public_key_identifier(const struct cret_public_key *key)
{
    const struct key_row *row = row_of_kind(key->kind);
    const struct cret_bytes none = {NULL, 0};
    return row != NULL && row->family == CRET_FAMILY_PURE ? row->identifier : none;
}

size_t cret_public_key_value_size(const struct cret_public_key *key)
{
    const struct key_row *row = row_of_kind(key->kind);
    return row == NULL ? 0 : row->value;
}

bool cret_public_key_pure_identifier(struct cret_bytes identifier)
{
    const struct key_row *row = row_of_identifier(identifier);
    return row != NULL && row->family == CRET_FAMILY_PURE;
}

struct cret_bytes cret_public_key_order(const struct cret_public_key *key)
{
    const struct key_row *row = row_of_kind(key->kind);
    const struct cret_bytes none = {NULL, 0};
    return row == NULL ? none : row->order;
}
