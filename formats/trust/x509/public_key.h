/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7) in the one form that this project accepts: rsaEncryption
 * with NULL (RFC 3279 2.3.1), id-ecPublicKey with a named curve and an uncompressed point (RFC
 * 5480), or Ed25519 (RFC 8410), ML-DSA (RFC 9881), SLH-DSA (RFC 9909) without parameters. A second
 * encoding would give the same key a second identity. Keys are read on every OpenSSL, also where it
 * cannot use them.
 */
#ifndef CRET_TRUST_PUBLIC_KEY_H
#define CRET_TRUST_PUBLIC_KEY_H

#include <stdbool.h>

#include "base/digest/digest.h"
#include "trust/asn1/der.h"

enum cret_key_kind {
    CRET_KEY_NONE = 0,
    CRET_KEY_RSA,
    CRET_KEY_P256,
    CRET_KEY_P384,
    CRET_KEY_P521,
    CRET_KEY_ED25519,
    CRET_KEY_ML_DSA_65, /* from here on: no quantum computer is known to break them */
    CRET_KEY_ML_DSA_87,
    CRET_KEY_SLH_DSA_SHA2_128S,
    CRET_KEY_SLH_DSA_SHA2_128F,
    CRET_KEY_SLH_DSA_SHA2_192S,
    CRET_KEY_SLH_DSA_SHA2_192F,
    CRET_KEY_SLH_DSA_SHA2_256S,
    CRET_KEY_SLH_DSA_SHA2_256F,
    CRET_KEY_SLH_DSA_SHAKE_128S,
    CRET_KEY_SLH_DSA_SHAKE_128F,
    CRET_KEY_SLH_DSA_SHAKE_192S,
    CRET_KEY_SLH_DSA_SHAKE_192F,
    CRET_KEY_SLH_DSA_SHAKE_256S,
    CRET_KEY_SLH_DSA_SHAKE_256F,
    CRET_KEY_COUNT
};

enum cret_key_family {
    CRET_FAMILY_NONE = 0,
    CRET_FAMILY_RSA,
    CRET_FAMILY_EC,
    CRET_FAMILY_PURE /* signs the message itself, not a digest of it: Ed25519, ML-DSA, SLH-DSA */
};

#define CRET_SIGNATURE_VALUE_MAXIMUM 49856u /* SLH-DSA-256f, FIPS 205 table 2 */

#define CRET_RSA_BITS_MINIMUM 3072u  /* 128 bits of strength: NIST SP 800-57 part 1, table 2 */
#define CRET_RSA_BITS_ALLOWED 2048u  /* 112 bits: only where a trust policy names rsa-2048 */
#define CRET_RSA_BITS_MAXIMUM 16384u /* OpenSSL's own bound; larger ones only cost time */

struct cret_public_key {
    enum cret_key_kind kind;
    unsigned bits;                     /* of the modulus, or of the curve's field; else 0 */
    uint64_t exponent;                 /* RSA; UINT64_MAX where it does not fit */
    uint8_t digest[CRET_SHA256_BYTES]; /* SHA-256 of the SubjectPublicKeyInfo */
    char name[24];                     /* "ecdsa-p256", "rsa-3072", "ml-dsa-65" */
};

/* Parses exactly one SubjectPublicKeyInfo. class REFUSED: check certificate.algorithm for a kind
 * of key that is not known, `check` for a form that is not the one. `subject` names the object in
 * errors. */
CRET_MUST_CHECK enum cret_status
cret_public_key_parse(struct cret_public_key *ret_key, const uint8_t *der, size_t size,
                      const char *subject, enum cret_check_id check, struct cret_err *err);

/* "rsa", "ecdsa-p256"; NULL: no such kind. */
const char *cret_key_kind_name(enum cret_key_kind kind);
/* The AlgorithmIdentifier of a SubjectPublicKeyInfo of this kind; empty: no such kind. */
struct cret_bytes cret_key_kind_identifier(enum cret_key_kind kind);

/* Why this key must not be used for signatures ("RSA with 2048 bits: at least 3072"), or NULL. */
const char *cret_public_key_weakness(const struct cret_public_key *key);

/* An RSA key of 2048 to 3071 bits: too weak, but a trust policy may let it count. */
bool cret_public_key_is_rsa_2048(const struct cret_public_key *key);
/* cret_public_key_weakness for a policy that lets such keys count, or does not. */
const char *cret_public_key_weakness_under(const struct cret_public_key *key, bool allow_rsa_2048);
/* What the one who verifies can do about such a key. */
#define CRET_RSA_2048_HINT                                                                         \
    "ask the vendor for certificates with stronger keys; for a private PKI that cannot change "    \
    "yet, a "                                                                                      \
    "trust policy may name rsa-2048 in its algorithms"

enum cret_key_family cret_public_key_family(const struct cret_public_key *key);
bool cret_public_key_is_post_quantum(const struct cret_public_key *key);
/* Whether this OpenSSL can use this kind of key; it begins to know ML-DSA and SLH-DSA with 3.5. */
bool cret_public_key_available(const struct cret_public_key *key);

/* FAMILY_PURE, else empty or 0: the AlgorithmIdentifier, which names the signature algorithm too,
 * and the length of every signature value in octets. */
struct cret_bytes cret_public_key_identifier(const struct cret_public_key *key);
size_t cret_public_key_value_size(const struct cret_public_key *key);
/* Is this the AlgorithmIdentifier of a signature by some FAMILY_PURE key? */
bool cret_public_key_pure_identifier(struct cret_bytes identifier);

/* A key without value whose name `text` begins with, followed by "-": its kind, size and name, as
 * far as names of algorithms need them. False where there is none, or it would be too weak. */
bool cret_public_key_named(struct cret_public_key *ret_key, const char *text);

/* The order n of the curve's base point, big-endian (SEC 2); empty for other keys. */
struct cret_bytes cret_public_key_order(const struct cret_public_key *key);

#endif
