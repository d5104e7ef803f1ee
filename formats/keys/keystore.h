/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys by path or URI, and the CMS signatures made with them. */
#ifndef CRET_KEYS_KEYSTORE_H
#define CRET_KEYS_KEYSTORE_H

#include "trust/cms/cms.h"

/* How a passphrase or PIN is obtained; never argv or environment. */
struct cret_secret_source {
    int fd;           /* -1: none */
    const char *file; /* NULL: none */
    bool may_prompt;  /* a prompt where stdin is a terminal */
};

struct cret_key; /* a private key that can sign */

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

/*
 * A bare signature over a message, for formats that are not CMS (DSSE): ECDSA as DER with the
 * digest of the curve's size (SHA-256, -384, -512), RSA with PKCS#1 v1.5 and SHA-256, Ed25519,
 * ML-DSA and SLH-DSA over the message itself. *ret_key_digest: SHA-256 of the SubjectPublicKeyInfo.
 * class USAGE for an example key that is not allowed, UNDECIDED where the key does not sign. Caller
 * frees *ret_value.
 */
CRET_MUST_CHECK enum cret_status cret_key_sign_message(uint8_t **ret_value, size_t *ret_size,
                                                       uint8_t ret_key_digest[CRET_SHA256_BYTES],
                                                       const struct cret_key *key,
                                                       bool allow_example_keys,
                                                       const uint8_t *message, size_t size,
                                                       struct cret_err *err);

struct cret_sign_request {
    const struct cret_key *key;
    const struct cret_certificate *certificate;  /* must hold the key's public half */
    const struct cret_certificate *const *chain; /* intermediates in order, no root */
    size_t chain_count;
    enum cret_meaning meaning;
    bool pss;              /* RSA: PSS instead of PKCS#1 v1.5 */
    bool has_signing_time; /* not written for post-quantum keys (trust/cms.h) */
    int64_t signing_time;
    bool allow_example_keys;
};

/* Whether key (NULL: held by somebody else, and not compared) and certificates may sign: the
 * certificate is the key's, each is strong, was issued by the next one, valid at signing_time
 * (where there is none: now, if the key is here), for code signing, and no example. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_sign_check(const struct cret_sign_request *request,
                                                 struct cret_err *err);

/* Signs content in the profile of trust/cms.h, then parses and verifies the result with the
 * verifier's own code before it hands it out. Digest: SHA-256 for P-256 and RSA < 4096, SHA-384 for
 * P-384 and RSA >= 4096, SHA-512 for P-521, Ed25519, ML-DSA and SLH-DSA. class USAGE: certificate
 * does not fit the key, lacks the EKU codeSigning, is expired, is weak, is an example key. Caller
 * frees *ret_der. */
CRET_MUST_CHECK enum cret_status cret_key_sign(uint8_t **ret_der, size_t *ret_size,
                                               const struct cret_sign_request *request,
                                               const uint8_t *content, size_t size,
                                               struct cret_err *err);

/* The largest size that cret_key_sign can return for this request (ECDSA values vary by a few
 * bytes), so that a container can be laid out before the key is used. */
CRET_MUST_CHECK enum cret_status cret_key_predict_size(size_t *ret_size,
                                                       const struct cret_sign_request *request,
                                                       struct cret_err *err);

/* keygen: a new key, written as encrypted PKCS#8 PEM (passphrase NULL: not encrypted), and a
 * self-signed certificate (EKU codeSigning, critical; keyUsage digitalSignature; SHA-2). Both texts
 * are the caller's; key text is cleansed by cret_key_text_free. class USAGE where this OpenSSL
 * lacks the algorithm. */
CRET_MUST_CHECK enum cret_status cret_key_generate(char **ret_key_pem, char **ret_certificate_pem,
                                                   const char *algorithm, const char *subject,
                                                   unsigned days, int64_t now,
                                                   const char *passphrase, struct cret_err *err);
void cret_key_text_free(char **text);
/* Algorithms that `keygen` knows, NULL-terminated; not every OpenSSL has all of them. */
const char *const *cret_key_algorithms(void);

#endif
