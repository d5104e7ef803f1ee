/* SPDX-License-Identifier: Apache-2.0 */
/* Which kind of key a path or URI names, and opening it. */
#include "keys/keystore.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "keys/key.h"
#include "keys/token.h"
#include "trust/asn1/library.h"
#include "trust/asn1/mistaken.h"
#include "trust/x509/example_keys.h"

enum cret_status cret_key_public_der(uint8_t **ret_der, size_t *ret_size, EVP_PKEY *pkey,
                                     struct cret_err *err)
{
    unsigned char *der = NULL;
    const int size = i2d_PUBKEY(pkey, &der);
    if (size <= 0) {
        return cret_err_usage(err, "the key has no public half that can be written");
    }
    *ret_der = der;
    *ret_size = (size_t)size;
    return CRET_OK;
}

/* The public half of a key. A token that holds the private object alone gives none: then it is the
 * certificate's. */
static enum cret_status take_public_half(struct cret_key *key,
                                         const struct cret_certificate *certificate,
                                         struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0;
    if (cret_key_public_der(&der, &size, key->pkey, err) != CRET_OK) {
        ERR_clear_error();
        if (certificate == NULL) {
            return cret_err_hint(err, "write the public object into the token too, beside the "
                                      "private one");
        }
        key->public_key = *cret_certificate_key(certificate);
        return CRET_OK;
    }
    const enum cret_status status = cret_public_key_parse(&key->public_key, der, size, "key",
                                                          CRET_CHECK_SIGNATURE_ALGORITHM, err);
    OPENSSL_free(der);
    if (status != CRET_OK && err != NULL) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return status;
}

/* Takes over pkey and home (freed on failure too). class USAGE where the key's kind is not
 * accepted. */
static enum cret_status adopt(struct cret_key **ret_key, EVP_PKEY *pkey, struct cret_key_home *home,
                              const char *origin, const struct cret_certificate *certificate,
                              struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_key *key = calloc(1, sizeof(*key));
    if (key == NULL) {
        cret_err_memory(err);
        goto out;
    }
    key->pkey = pkey;
    key->home = *home;
    pkey = NULL;
    memset(home, 0, sizeof(*home));
    if (take_public_half(key, certificate, err) != CRET_OK) {
        goto out;
    }
    const char *weakness = cret_public_key_weakness(&key->public_key);
    if (weakness != NULL) {
        cret_err_usage(err, "the key %s cannot be used: %s", origin, weakness);
        goto out;
    }
    *ret_key = key;
    key = NULL;
    status = CRET_OK;
out:
    EVP_PKEY_free(pkey);
    cret_key_home_close(home);
    cret_key_free(&key);
    return status;
}

/* A key whose PEM block itself is encrypted ("DEK-Info", the form before PKCS#8) names its cipher,
 * which OpenSSL finds in a table of its own: those that its tools have offered for it. */
static enum cret_status know_ciphers(const char *text, struct cret_err *err)
{
    const EVP_CIPHER *(*const ciphers[])(void) = {
        EVP_aes_128_cbc,      EVP_aes_192_cbc,      EVP_aes_256_cbc,      EVP_des_ede3_cbc,
        EVP_camellia_128_cbc, EVP_camellia_192_cbc, EVP_camellia_256_cbc, EVP_aria_128_cbc,
        EVP_aria_192_cbc,     EVP_aria_256_cbc};
    for (size_t i = 0; strstr(text, "DEK-Info:") != NULL && i < CRET_LENGTH(ciphers); i++) {
        if (EVP_add_cipher(ciphers[i]()) != 1) {
            return cret_err_memory(err);
        }
    }
    return CRET_OK;
}

static enum cret_status open_pem(EVP_PKEY **ret_pkey, const char *text, size_t size,
                                 const char *path, const struct cret_secret_source *secret,
                                 struct cret_err *err)
{
    struct cret_secret_request request = {
        .source = secret, .what = "passphrase", .origin = path, .err = err};
    if (know_ciphers(text, err) != CRET_OK) {
        return CRET_FAILED;
    }
    BIO *bio = BIO_new_mem_buf(text, (int)size);
    if (bio == NULL) {
        return cret_err_memory(err);
    }
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, cret_secret_callback, &request);
    BIO_free(bio);
    if (pkey == NULL) {
        char reason[256];
        cret_library_reason(reason, sizeof(reason));
        if (request.failed) {
            return CRET_FAILED;
        }
        if (request.asked) {
            cret_err_usage(err, "the passphrase of %s is wrong", path);
            return cret_err_hint(err,
                                 "look for a blank at its end, and for the layout of the keyboard; "
                                 "if it is right: %s may not know this kind of key",
                                 OpenSSL_version(OPENSSL_VERSION));
        }
        cret_err_usage(err, "%s holds no private key in PEM (%s)", path, reason);
        cret_err_hint(err, "%s", cret_mistaken_key(text, size));
        return cret_err_expected(err,
                                 "PKCS#8: BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY; or "
                                 "BEGIN TSS2 PRIVATE KEY of a TPM");
    }
    *ret_pkey = pkey;
    return CRET_OK;
}

static enum cret_status open_file(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                  const char *path, const struct cret_secret_source *secret,
                                  struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        strstr(text, "-----BEGIN TSS2 PRIVATE KEY-----") != NULL
            ? cret_token_open_tss2(ret_pkey, ret_home, text, size, path, secret, err)
            : open_pem(ret_pkey, text, size, path, secret, err);
    OPENSSL_cleanse(text, size);
    free(text);
    return status;
}

/* By the scheme of the URI; whatever has none of these is a path. */
static const struct {
    const char *scheme;
    enum cret_status (*open)(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home, const char *uri,
                             const struct cret_secret_source *secret, struct cret_err *err);
    bool quotable; /* names the key in messages as it is */
} kinds[] = {
    {"pkcs11:", cret_token_open_pkcs11, false},
    {"handle:", cret_token_open_handle, true},
    {"", open_file, true},
};

enum cret_status cret_key_open(struct cret_key **ret_key, const char *uri,
                               const struct cret_certificate *certificate,
                               const struct cret_secret_source *secret, struct cret_err *err)
{
    EVP_PKEY *pkey = NULL;
    struct cret_key_home home = {0};
    size_t kind = 0;
    while (strncmp(uri, kinds[kind].scheme, strlen(kinds[kind].scheme)) != 0) {
        kind++;
    }
    if (cret_library_begin(err) != CRET_OK ||
        kinds[kind].open(&pkey, &home, uri, secret, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return adopt(ret_key, pkey, &home, kinds[kind].quotable ? uri : "in the token", certificate,
                 err);
}

void cret_key_free(struct cret_key **key)
{
    if (key == NULL || *key == NULL) {
        return;
    }
    EVP_PKEY_free((*key)->pkey);
    cret_key_home_close(&(*key)->home);
    OPENSSL_cleanse(*key, sizeof(**key));
    free(*key);
    *key = NULL;
}

enum cret_status cret_key_own(const struct cret_key *key, bool allow_example_keys,
                              struct cret_err *err)
{
    const char *origin = cret_example_key_origin(key->public_key.digest);
    if (origin == NULL || allow_example_keys) {
        return CRET_OK;
    }
    cret_err_usage(err, "refusing to sign with a published key: %s", origin);
    return cret_err_hint(err, "use a key of your own; --allow-example-keys is for trying out only");
}

int cret_key_sign_init(EVP_MD_CTX *context, EVP_PKEY_CTX **ret_parameters,
                       const struct cret_key *key, const char *digest)
{
    const bool pure = cret_public_key_family(&key->public_key) == CRET_FAMILY_PURE;
    return EVP_DigestSignInit_ex(context, ret_parameters, pure ? NULL : digest, key->home.library,
                                 key->home.properties, key->pkey, NULL);
}

bool cret_key_in_token(const struct cret_key *key)
{
    return key->home.library != NULL || key->home.engine != NULL;
}
