/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public keys as other formats give them, and bare signature values by them. A key becomes a
 * SubjectPublicKeyInfo in the one form of public_key.h first, so that it has one identity, and is
 * held to the same strengths as every other key.
 */
#ifndef CRET_FOREIGN_RAW_KEY_H
#define CRET_FOREIGN_RAW_KEY_H

#include "trust/x509/chain.h"
#include "trust/x509/cms_algorithm.h"

struct cret_raw_key; /* a key that OpenSSL has read; any thread */

/* The key of an anchor: of its certificate, or the bare one. Here and below, `subject` names the
 * key in errors; class REFUSED with foreign.form, or with foreign.strength for a key that is too
 * weak, by name; allow_rsa_2048: but not for one of 2048 to 3071 bits, which here always counts. */
CRET_MUST_CHECK enum cret_status cret_raw_key_of_anchor(struct cret_raw_key **ret_key,
                                                        const struct cret_anchor *anchor,
                                                        struct cret_err *err);
/* From modulus and exponent, big-endian, without leading zeros. */
CRET_MUST_CHECK enum cret_status cret_raw_key_rsa(struct cret_raw_key **ret_key,
                                                  struct cret_bytes modulus,
                                                  struct cret_bytes exponent, bool allow_rsa_2048,
                                                  const char *subject, struct cret_err *err);
/* From the octets of a key of this kind (Ed25519: 32; a curve: its uncompressed point). */
CRET_MUST_CHECK enum cret_status cret_raw_key_point(struct cret_raw_key **ret_key,
                                                    enum cret_key_kind kind,
                                                    struct cret_bytes octets, const char *subject,
                                                    struct cret_err *err);
void cret_raw_key_free(struct cret_raw_key **key);

/* Borrowed. */
const struct cret_public_key *cret_raw_key_info(const struct cret_raw_key *key);
/* The SubjectPublicKeyInfo, and the content of its BIT STRING (RSA: RSAPublicKey, RFC 8017 A.1.1).
 */
struct cret_bytes cret_raw_key_der(const struct cret_raw_key *key);
struct cret_bytes cret_raw_key_inner(const struct cret_raw_key *key);

/* How an RSA key signs a digest; ECDSA has one way, and takes any of these. */
enum cret_raw_scheme {
    CRET_RAW_PKCS1,    /* v1.5, RFC 8017 8.2 */
    CRET_RAW_PSS,      /* 8.1, MGF1 of the same digest, a salt of its length */
    CRET_RAW_PSS_SALTS /* the same with a salt of whatever length */
};

/* Is `value` a signature over this digest by the key (ECDSA as DER)? class REFUSED with
 * foreign.value. */
CRET_MUST_CHECK enum cret_status cret_raw_key_verify(const struct cret_raw_key *key,
                                                     enum cret_raw_scheme scheme,
                                                     const struct cret_digest_algorithm *algorithm,
                                                     const uint8_t *digest, struct cret_bytes value,
                                                     struct cret_err *err);
/* The same for Ed25519 (RFC 8032 5.1.7), over the message itself. */
CRET_MUST_CHECK enum cret_status cret_raw_key_verify_message(const struct cret_raw_key *key,
                                                             struct cret_bytes message,
                                                             struct cret_bytes value,
                                                             struct cret_err *err);

#endif
