/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures made with a private key. */
#ifndef CRET_KEYS_SIGN_H
#define CRET_KEYS_SIGN_H

#include "keys/keystore.h"
#include "trust/cms/cms.h"

struct cret_sign_request {
    const struct cret_key *key;
    const struct cret_certificate *certificate;  /* must hold the key's public half */
    const struct cret_certificate *const *chain; /* intermediates in order, no root */
    size_t chain_count;
    enum cret_meaning meaning;
    bool pss;              /* RSA: PSS instead of PKCS#1 v1.5 */
    bool has_signing_time; /* not written for post-quantum keys (trust/cms/cms.h) */
    int64_t signing_time;
    bool allow_example_keys;
};

/* Whether key (NULL: held by somebody else, and not compared) and certificates may sign: the
 * certificate is the key's, each is strong, was issued by the next one, valid at signing_time
 * (where there is none: now, if the key is here), for code signing, and no example. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_sign_check(const struct cret_sign_request *request,
                                                 struct cret_err *err);

/* Signs content in the profile of trust/cms/cms.h, then parses and verifies the result with the
 * verifier's own code before it hands it out. Digest: SHA-256 for P-256 and RSA < 4096, SHA-384 for
 * P-384 and RSA >= 4096, SHA-512 for P-521, Ed25519, ML-DSA and SLH-DSA. class USAGE: certificate
 * does not fit the key, lacks the EKU codeSigning, is expired, is weak, is an example key. Caller
 * frees *ret_der. */
CRET_MUST_CHECK enum cret_status cret_key_sign(uint8_t **ret_der, size_t *ret_size,
                                               const struct cret_sign_request *request,
                                               const uint8_t *content, size_t size,
                                               struct cret_err *err);

#endif
