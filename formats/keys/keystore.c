/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keystore.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/os.h"
#include "keys/key.h"
#include "trust/library.h"

/* What the PEM reader is told when it needs a passphrase. */
struct passphrase_request {
    const struct cret_secret_source *source;
    const char *origin;
    bool asked;
    struct cret_err *err;
    bool failed; /* the passphrase could not be obtained: err says why */
};

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

enum cret_status cret_key_adopt(struct cret_key **ret_key, EVP_PKEY *pkey, const char *origin,
                                struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t *der = NULL;
    size_t size = 0;
    struct cret_key *key = calloc(1, sizeof(*key));
    if (key == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    key->pkey = pkey;
    pkey = NULL;
    if (cret_key_public_der(&der, &size, key->pkey, err) != CRET_OK) {
        goto out;
    }
    if (cret_public_key_parse(&key->public_key, der, size, "key", CRET_CHECK_SIGNATURE_ALGORITHM,
                              err) != CRET_OK) {
        if (err != NULL) {
            err->class = CRET_ERR_USAGE;
        }
        goto out;
    }
    const char *weakness = cret_public_key_weakness(&key->public_key);
    if (weakness != NULL) {
        (void)cret_err_usage(err, "the key %s cannot be used: %s", origin, weakness);
        goto out;
    }
    *ret_key = key;
    key = NULL;
    status = CRET_OK;
out:
    OPENSSL_free(der);
    EVP_PKEY_free(pkey);
    cret_key_free(&key);
    return status;
}

/* One line of a file, as PIN or passphrase. */
static enum cret_status read_secret_file(char *out, size_t size, const char *path,
                                         struct cret_err *err)
{
    int fd = -1;
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) != CRET_OK) {
        if (err != NULL) {
            err->class = CRET_ERR_USAGE;
        }
        return cret_err_context(err, "the passphrase file");
    }
    const enum cret_status status = cret_os_read_secret_fd(out, size, fd, err);
    cret_os_close(&fd);
    return status;
}

static enum cret_status obtain_secret(char *out, size_t size, const struct passphrase_request *want)
{
    const struct cret_secret_source *source = want->source;
    if (source != NULL && source->fd >= 0) {
        return cret_os_read_secret_fd(out, size, source->fd, want->err);
    }
    if (source != NULL && source->file != NULL) {
        return read_secret_file(out, size, source->file, want->err);
    }
    if (source != NULL && source->may_prompt) {
        char prompt[512];
        (void)BIO_snprintf(prompt, sizeof(prompt), "Passphrase of %.400s: ", want->origin);
        return cret_os_prompt_secret(out, size, prompt, want->err);
    }
    (void)cret_err_usage(want->err, "the key %s is encrypted, and no passphrase was given",
                         want->origin);
    return cret_err_hint(want->err, "--passphrase-fd N, or run it on a terminal");
}

/* pem_password_cb: the size of the passphrase, or -1. */
static int give_passphrase(char *buffer, int size, int writing, void *context)
{
    struct passphrase_request *want = context;
    char secret[CRET_LIMIT_SECRET_BYTES];
    int result = -1;
    (void)writing;
    want->asked = true;
    if (obtain_secret(secret, sizeof(secret), want) != CRET_OK) {
        want->failed = true;
    } else {
        const size_t length = strlen(secret);
        if (size > 0 && length <= (size_t)size) {
            memcpy(buffer, secret, length);
            result = (int)length;
        }
    }
    OPENSSL_cleanse(secret, sizeof(secret));
    return result;
}

static enum cret_status open_pem(EVP_PKEY **ret_pkey, const char *path,
                                 const struct cret_secret_source *secret, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    BIO *bio = NULL;
    struct passphrase_request want = {.source = secret, .origin = path, .err = err};
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    bio = BIO_new_mem_buf(text, (int)size);
    if (bio == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &want);
    if (pkey == NULL) {
        char reason[256];
        (void)cret_library_reason(reason, sizeof(reason));
        if (want.failed) {
            goto out;
        }
        if (want.asked) {
            (void)cret_err_usage(err, "the passphrase of %s is wrong", path);
        } else {
            (void)cret_err_usage(err, "%s holds no private key in PEM (%s)", path, reason);
            (void)cret_err_expected(err, "PKCS#8: BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY");
        }
        goto out;
    }
    *ret_pkey = pkey;
    status = CRET_OK;
out:
    BIO_free(bio);
    OPENSSL_cleanse(text, size);
    free(text);
    return status;
}

enum cret_status cret_key_open(struct cret_key **ret_key, const char *uri,
                               const struct cret_secret_source *secret, struct cret_err *err)
{
    EVP_PKEY *pkey = NULL;
    if (cret_library_begin(err) != CRET_OK || open_pem(&pkey, uri, secret, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_key_adopt(ret_key, pkey, uri, err);
}

void cret_key_free(struct cret_key **key)
{
    if (key == NULL || *key == NULL) {
        return;
    }
    EVP_PKEY_free((*key)->pkey);
    OPENSSL_cleanse(*key, sizeof(**key));
    free(*key);
    *key = NULL;
}
