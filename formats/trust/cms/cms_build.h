/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the CMS profile: the signed attributes that a key signs, and the finished signature
 * around its value. Shared by signing in one step and by ceremonies in which another tool holds
 * the key. What is built here is always parsed again by trust/cms/cms.h before it is used.
 */
#ifndef CRET_TRUST_CMS_BUILD_H
#define CRET_TRUST_CMS_BUILD_H

#include "trust/cms/cms.h"
#include "trust/x509/cms_algorithm.h"

struct cret_cms_plan {
    const struct cret_certificate *signer;
    const struct cret_certificate *const *intermediates; /* in chain order, no root */
    size_t intermediate_count;
    const struct cret_digest_algorithm *digest;
    const struct cret_signature_algorithm *algorithm;
    enum cret_meaning meaning;
    bool has_signing_time;
    int64_t signing_time;
};

/* The digest for a key: SHA-256 for P-256 and RSA below 4096, SHA-384 for P-384 and RSA from 4096
 * on, SHA-512 for P-521, Ed25519, ML-DSA and SLH-DSA. Never NULL. */
const struct cret_digest_algorithm *cret_cms_default_digest(const struct cret_public_key *key);

/* DER of the signed attributes as SET OF (RFC 5652 5.4): the bytes whose digest is signed.
 * message_digest has plan->digest->size bytes. Caller frees *ret_der. Fails only for memory. */
CRET_MUST_CHECK enum cret_status cret_cms_build_attributes(uint8_t **ret_der, size_t *ret_size,
                                                           const struct cret_cms_plan *plan,
                                                           const uint8_t *message_digest,
                                                           struct cret_err *err);

/* The whole signature, from attributes as built above and the signature value. Caller frees. */
CRET_MUST_CHECK enum cret_status cret_cms_build(uint8_t **ret_der, size_t *ret_size,
                                                const struct cret_cms_plan *plan,
                                                struct cret_bytes attributes,
                                                struct cret_bytes value, struct cret_err *err);

#endif
