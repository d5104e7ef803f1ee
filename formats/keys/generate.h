/* SPDX-License-Identifier: Apache-2.0 */
/* New keys, each with a self-signed certificate or a request for one. */
#ifndef CRET_KEYS_GENERATE_H
#define CRET_KEYS_GENERATE_H

#include "keys/certify.h"

struct cret_generate_request {
    const char *algorithm;  /* one of cret_key_algorithms() */
    const char *passphrase; /* NULL: the key is not encrypted */
    struct cret_certify_request certificate;
};

/* A new key, written as PKCS#8 PEM, and its certificate or request. Both texts are the caller's;
 * key text is cleansed by cret_key_text_free. class USAGE where this OpenSSL lacks the algorithm.
 */
CRET_MUST_CHECK enum cret_status cret_key_generate(char **ret_key_pem, char **ret_certificate_pem,
                                                   const struct cret_generate_request *request,
                                                   struct cret_err *err);
void cret_key_text_free(char **text);
/* Algorithms that `keygen` knows, NULL-terminated; not every OpenSSL has all of them. */
const char *const *cret_key_algorithms(void);

#endif
