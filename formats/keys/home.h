/* SPDX-License-Identifier: Apache-2.0 */
/* Where a key lives that is not in a PEM file. Internal to this folder. */
#ifndef CRET_KEYS_HOME_H
#define CRET_KEYS_HOME_H

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "base/finding/err.h"

/* Outlives the key, and is closed after it. All of it is empty for keys in files. */
struct cret_key_home {
    OSSL_LIB_CTX *library;       /* of this keystore alone; NULL: the default one */
    OSSL_PROVIDER *providers[2]; /* in the order they were loaded */
    const char *properties;      /* for fetching; a constant */
    void *engine;                /* keys/pkcs11.c: an initialized ENGINE */
};
/* Frees whatever there is, and empties it. */
void cret_key_home_close(struct cret_key_home *home);
/* Whether this program can use such keys at all: a static one cannot, class USAGE. */
CRET_MUST_CHECK enum cret_status cret_key_home_possible(struct cret_err *err);
/* A library context of its own with the default provider, and then the named one. *ret_loaded false
 * (and CRET_OK) where that is not installed; the reason is then in the error queue. */
CRET_MUST_CHECK enum cret_status cret_key_home_open(struct cret_key_home *home,
                                                    const char *provider, const char *properties,
                                                    bool *ret_loaded, struct cret_err *err);

#endif
