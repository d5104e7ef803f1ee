/* SPDX-License-Identifier: Apache-2.0 */
/* The digests and signature algorithms of the CMS profile, each with its one encoding. */
#ifndef CRET_TRUST_CMS_ALGORITHM_H
#define CRET_TRUST_CMS_ALGORITHM_H

#include <openssl/evp.h>

#include "trust/asn1/der.h"
#include "trust/x509/public_key.h"

struct cret_digest_algorithm {
    const char *name;             /* "sha256" */
    size_t size;                  /* octets */
    struct cret_bytes identifier; /* AlgorithmIdentifier, parameters absent (RFC 5754 2) */
    const EVP_MD *(*md)(void);
};
#define CRET_DIGEST_BYTES_MAXIMUM 64u

struct cret_signature_algorithm {
    const char *scheme;          /* "pkcs1", "pss"; NULL where the key has only one */
    enum cret_key_family family; /* whose keys it is for */
    bool pss;
    const struct cret_digest_algorithm *digest;
    /* AlgorithmIdentifier with its parameters; empty for FAMILY_PURE: that of the key */
    struct cret_bytes identifier;
};

/* "sha256", "sha384", "sha512"; NULL where the name is another. */
const struct cret_digest_algorithm *cret_digest_by_name(const char *name);
/* The one as long as the order of the key's curve; NULL for a key without one. */
const struct cret_digest_algorithm *cret_digest_for_curve(const struct cret_public_key *key);
/* By the whole AlgorithmIdentifier, or NULL. */
const struct cret_digest_algorithm *cret_digest_by_identifier(struct cret_bytes identifier);

/* SHA-1, by which signingCertificate of RFC 2634 names the certificate of a timestamp authority. A
 * name and no more: no function above or below hands it out, so that nothing is signed by it. */
const struct cret_digest_algorithm *cret_digest_of_old_certificate_names(void);

/* The same with parameters absent or NULL, both of which others write (RFC 5754 2). */
const struct cret_digest_algorithm *cret_digest_by_any_identifier(struct cret_bytes identifier);

/* The algorithm of this key, digest and padding (pss: RSA only), or NULL. */
const struct cret_signature_algorithm *
cret_signature_algorithm_for(const struct cret_public_key *key,
                             const struct cret_digest_algorithm *digest, bool pss);
/* The one that fits key and digest and has this AlgorithmIdentifier, or NULL. */
const struct cret_signature_algorithm *
cret_signature_algorithm_find(const struct cret_public_key *key,
                              const struct cret_digest_algorithm *digest,
                              struct cret_bytes identifier);

/* Whether a signature of the profile can be called so: key, scheme where there are several, digest
 * ("ecdsa-p256-sha256", "rsa-4096-pss-sha512"). */
bool cret_signature_algorithm_named(const char *name);
/* Whether a name as below is one of an RSA key of 2048 to 3071 bits. */
bool cret_signature_algorithm_is_rsa_2048(const char *name);
/* Into out: the name of the algorithm with this key. */
void cret_signature_algorithm_name(char *out, size_t size,
                                   const struct cret_signature_algorithm *algorithm,
                                   const struct cret_public_key *key);

/* The parameters of id-RSASSA-PSS as others write them (RFC 4055 3.1): hashes with parameters
 * absent or NULL, any salt, the default trailer field left out or not. */
struct cret_pss {
    const struct cret_digest_algorithm *digest, *mask_digest; /* of the message, and of MGF1 */
    unsigned salt;                                            /* octets */
};
/* From the whole AlgorithmIdentifier. False: another algorithm, a hash other than SHA-2, a mask
 * other than MGF1, or malformed. */
CRET_MUST_CHECK bool cret_pss_read(struct cret_pss *ret_pss, struct cret_bytes identifier);

/* The same, also as others write it: PKCS#1 v1.5 under sha256WithRSAEncryption and its like, PSS
 * with NULL in its hash identifiers. */
const struct cret_signature_algorithm *
cret_signature_algorithm_find_any(const struct cret_public_key *key,
                                  const struct cret_digest_algorithm *digest,
                                  struct cret_bytes identifier);

/* The AlgorithmIdentifier under which this key signs by this algorithm. */
struct cret_bytes cret_signature_identifier(const struct cret_signature_algorithm *algorithm,
                                            const struct cret_public_key *key);

/* Is the value encoded as the key's algorithm does? RSA: exactly the length of the modulus (RFC
 * 8017 8.1.2, 8.2.2). ECDSA: DER of r and s (RFC 3279 2.2.3), each within 1..n-1. Ed25519, ML-DSA,
 * SLH-DSA: their one length. class REFUSED, signature.value. */
CRET_MUST_CHECK enum cret_status cret_signature_value_form(const struct cret_public_key *key,
                                                           struct cret_bytes value,
                                                           struct cret_err *err);

#endif
