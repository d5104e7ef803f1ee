/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7) in the one form that this project accepts: rsaEncryption
 * with NULL (RFC 3279 2.3.1), or id-ecPublicKey with a named curve and an uncompressed point (RFC
 * 5480). A second encoding would give the same key a second identity.
 */
#ifndef CRET_TRUST_PUBLIC_KEY_H
#define CRET_TRUST_PUBLIC_KEY_H

#include <stdbool.h>

#include "base/digest.h"
#include "trust/der.h"

enum cret_key_kind {
    CRET_KEY_NONE = 0,
    CRET_KEY_RSA,
    CRET_KEY_P256,
    CRET_KEY_P384,
    CRET_KEY_P521,
    CRET_KEY_ED25519, /* recognized, so that a refusal can name it; signs nothing here */
    CRET_KEY_COUNT
};

#define CRET_RSA_BITS_MINIMUM 3072u  /* 128 bits of strength: NIST SP 800-57 part 1, table 2 */
#define CRET_RSA_BITS_MAXIMUM 16384u /* OpenSSL's own bound; larger ones only cost time */

struct cret_public_key {
    enum cret_key_kind kind;
    unsigned bits;                     /* of the modulus, or of the curve's field */
    uint64_t exponent;                 /* RSA; UINT64_MAX where it does not fit */
    uint8_t digest[CRET_SHA256_BYTES]; /* SHA-256 of the SubjectPublicKeyInfo */
    char name[24];                     /* "ecdsa-p256", "rsa-3072" */
};

/* Parses exactly one SubjectPublicKeyInfo. class REFUSED: check certificate.algorithm for a kind
 * of key that is not known, `check` for a form that is not the one. `subject` names the object in
 * errors. */
CRET_MUST_CHECK enum cret_status
cret_public_key_parse(struct cret_public_key *ret_key, const uint8_t *der, size_t size,
                      const char *subject, enum cret_check_id check, struct cret_err *err);

/* Why this key must not be used for signatures ("RSA with 2048 bits: at least 3072"), or NULL. */
const char *cret_public_key_weakness(const struct cret_public_key *key);

bool cret_public_key_is_ec(const struct cret_public_key *key);
/* The order n of the curve's base point, big-endian (SEC 2); empty for other keys. */
struct cret_bytes cret_public_key_order(const struct cret_public_key *key);

#endif
