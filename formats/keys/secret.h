/* SPDX-License-Identifier: Apache-2.0 */
/* PINs and passphrases while a key is opened. Internal to this folder. */
#ifndef CRET_KEYS_SECRET_H
#define CRET_KEYS_SECRET_H

#include "keys/keystore.h"

struct cret_secret_request {
    const struct cret_secret_source *source; /* or NULL */
    const char *file;                        /* of a URI's pin-source; used after source's own */
    const char *what;                        /* "passphrase", "PIN" */
    const char *origin;                      /* names the key, without any secret */
    struct cret_err *err;
    bool asked;  /* somebody wanted the secret */
    bool failed; /* and it could not be had: err says why */
};

/* One line, terminated. The caller cleanses out. */
CRET_MUST_CHECK enum cret_status cret_secret_obtain(char *out, size_t size,
                                                    struct cret_secret_request *request);

/* pem_password_cb of OpenSSL; context: a struct cret_secret_request. */
int cret_secret_callback(char *buffer, int size, int writing, void *context);

#endif
