/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamp tokens made by the tests, with each part open to change. */
#ifndef CRET_TESTS_TOKEN_H
#define CRET_TESTS_TOKEN_H

#include "pki.h"
#include "trust/cms/timestamp_exchange.h"

#define PKI_TSA                                                                                    \
    "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",                    \
        "extendedKeyUsage=critical,timeStamping"

struct pki_token {
    struct forge forge;     /* of the SignedData */
    const char *time;       /* content of genTime */
    const char *hash;       /* name of the imprint's digest; "sha1" too */
    bool other_imprint;     /* of something else than the signature */
    const uint8_t *imprint; /* a finished digest in place of that of the signature; or NULL */
    struct cret_buffer version, serial,
        after_time;   /* finished elements instead of the right ones */
    bool wrong_value; /* messageDigest of other content */
    bool trailing;    /* a byte behind TSTInfo */
    /* Changes the finished TSTInfo before it is signed; or NULL. */
    void (*change)(const void *context, struct cret_buffer *info);
    const void *context;
};

/* A right token of this authority. */
void pki_token_begin(struct pki_token *token, const struct pki_entity *tsa, const char *time,
                     const struct pki_entity *const *intermediates, size_t count);
/* The token for the signature (NULL where an imprint is given); the caller frees. Ends the token.
 */
uint8_t *pki_token_write(struct pki_token *token, const struct cret_cms *cms, size_t *ret_size);
/* The signature with that token in it; the caller frees. */
uint8_t *pki_token_attach(struct pki_token *token, const struct cret_cms *cms, size_t *ret_size);

#endif
