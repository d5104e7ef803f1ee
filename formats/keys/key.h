/* SPDX-License-Identifier: Apache-2.0 */
/* A private key as the modules of keys/ see it. Internal to this folder. */
#ifndef CRET_KEYS_KEY_H
#define CRET_KEYS_KEY_H

#include <openssl/evp.h>

#include "keys/keystore.h"
#include "trust/cms_build.h"
#include "trust/public_key.h"

struct cret_key {
    EVP_PKEY *pkey;
    struct cret_public_key public_key; /* of the same key: what a certificate must match */
};

/* Takes over pkey (freed on failure too). class USAGE where the key's kind is not accepted. */
CRET_MUST_CHECK enum cret_status cret_key_adopt(struct cret_key **ret_key, EVP_PKEY *pkey,
                                                const char *origin, struct cret_err *err);

/* The public half as DER SubjectPublicKeyInfo. Caller frees with OPENSSL_free. */
CRET_MUST_CHECK enum cret_status cret_key_public_der(uint8_t **ret_der, size_t *ret_size,
                                                     EVP_PKEY *pkey, struct cret_err *err);

/* What a signature by this request is built from; borrows from it. */
CRET_MUST_CHECK enum cret_status cret_sign_plan(struct cret_cms_plan *ret_plan,
                                                const struct cret_sign_request *request,
                                                struct cret_err *err);

#endif
