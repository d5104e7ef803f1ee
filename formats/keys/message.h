/* SPDX-License-Identifier: Apache-2.0 */
/* Bare signatures, for formats that are not CMS. */
#ifndef CRET_KEYS_MESSAGE_H
#define CRET_KEYS_MESSAGE_H

#include "keys/keystore.h"

struct cret_message_signature {
    uint8_t *value; /* the caller frees */
    size_t size;
    uint8_t key_digest[CRET_SHA256_BYTES]; /* SHA-256 of the SubjectPublicKeyInfo */
};

/*
 * A bare signature over a message (DSSE): ECDSA as DER with the digest of the curve's size
 * (SHA-256, -384, -512), RSA with PKCS#1 v1.5 and SHA-256, Ed25519, ML-DSA and SLH-DSA over the
 * message itself. class USAGE for an example key that is not allowed, UNDECIDED where the key does
 * not sign.
 */
CRET_MUST_CHECK enum cret_status cret_key_sign_message(struct cret_message_signature *ret_signature,
                                                       const struct cret_key *key,
                                                       bool allow_example_keys,
                                                       const uint8_t *message, size_t size,
                                                       struct cret_err *err);

#endif
