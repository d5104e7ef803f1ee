/* SPDX-License-Identifier: Apache-2.0 */
/* A private key as the modules of keys/ see it. Internal to this folder. */
#ifndef CRET_KEYS_KEY_H
#define CRET_KEYS_KEY_H

#include <openssl/bio.h>
#include <openssl/evp.h>

#include "keys/home.h"
#include "keys/keystore.h"
#include "keys/sign.h"
#include "trust/cms/cms_build.h"
#include "trust/x509/public_key.h"

struct cret_key {
    EVP_PKEY *pkey;
    struct cret_public_key public_key; /* of the same key: what a certificate must match */
    struct cret_key_home home;
};

/* The public half as DER SubjectPublicKeyInfo. Caller frees with OPENSSL_free. */
CRET_MUST_CHECK enum cret_status cret_key_public_der(uint8_t **ret_der, size_t *ret_size,
                                                     EVP_PKEY *pkey, struct cret_err *err);

/* EVP_DigestSignInit where the key lives. digest: OpenSSL's name, "SHA256"; of no account for keys
 * that sign the message itself (CRET_FAMILY_PURE). Not 1: the error queue
 * says why. *ret_parameters may be NULL. */
int cret_key_sign_init(EVP_MD_CTX *context, EVP_PKEY_CTX **ret_parameters,
                       const struct cret_key *key, const char *digest);

/* What a memory BIO holds, as a terminated text that the caller frees; NULL: nothing, or memory. */
char *cret_bio_text(BIO *bio);

/* "this OpenSSL cannot use NAME keys", with the version that can. class USAGE. */
enum cret_status cret_key_unsupported(const char *name, struct cret_err *err);

/* What a signature by this request is built from; borrows from it. */
CRET_MUST_CHECK enum cret_status cret_sign_plan(struct cret_cms_plan *ret_plan,
                                                const struct cret_sign_request *request,
                                                struct cret_err *err);

#endif
