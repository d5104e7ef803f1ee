/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys by path or URI. */
#ifndef CRET_KEYS_KEYSTORE_H
#define CRET_KEYS_KEYSTORE_H

#include "trust/x509/certificate.h"

/* How a passphrase or PIN is obtained; never argv or environment. */
struct cret_secret_source {
    int fd;            /* -1: none */
    const char *file;  /* NULL: none */
    bool may_prompt;   /* a prompt where stdin is a terminal */
    bool *ret_exposed; /* set where others than its owner may read that file; or NULL */
};

/* One line, terminated, where the source names a place; for a new key, which `origin` names. The
 * caller cleanses out. class USAGE for an empty one, and for a file that is neither a regular one
 * nor a pipe. */
CRET_MUST_CHECK enum cret_status cret_secret_read(char *out, size_t size,
                                                  const struct cret_secret_source *source,
                                                  const char *origin, struct cret_err *err);

struct cret_key; /* a private key that can sign */

/* class USAGE for a key that everybody has, unless it is allowed. */
CRET_MUST_CHECK enum cret_status cret_key_own(const struct cret_key *key, bool allow_example_keys,
                                              struct cret_err *err);

/*
 * Opens a key: a path to PEM (PKCS#8, encrypted or not, or TSS2 PRIVATE KEY of a TPM), an RFC 7512
 * URI "pkcs11:...", or "handle:0x81..." of a TPM. class USAGE for a wrong path, passphrase, PIN,
 * URI or form; UNDECIDED for a token out of reach. Errors never quote a secret. certificate: whose
 * public half serves where a token has no public object beside the private one; or NULL. Signatures
 * are verified with it before they leave this folder.
 */
CRET_MUST_CHECK enum cret_status cret_key_open(struct cret_key **ret_key, const char *uri,
                                               const struct cret_certificate *certificate,
                                               const struct cret_secret_source *secret,
                                               struct cret_err *err);
void cret_key_free(struct cret_key **key);
/* It lives in a token or TPM, with an open connection; else its bytes are in this process. */
bool cret_key_in_token(const struct cret_key *key);

/* Whether this OpenSSL can sign and verify with the certificate's key. class USAGE, naming the
 * version that can. */
CRET_MUST_CHECK enum cret_status cret_key_supported(const struct cret_certificate *certificate,
                                                    struct cret_err *err);

#endif
