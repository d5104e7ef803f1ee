/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and SHA-512 over OpenSSL, in steps and in one call; SHA-1 in one call. */
#include "base/digest/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/library.h"
#include "base/digest/sha1.h"
#include "base/finding/fault.h"

struct cret_sha256 {
    EVP_MD *algorithm; /* fetched once: a fetch by name costs more than a small hash */
    EVP_MD_CTX *context;
    bool failed;
};

static enum cret_status library_failed(struct cret_err *err)
{
    cret_fault_note("a digest could not be computed");
    cret_err_undecided(err, "the cryptographic library could not compute a digest");
    return cret_err_hint(err, "check the OpenSSL installation and its configuration (FIPS mode, "
                              "providers), and free memory");
}

enum cret_status cret_sha256_new(struct cret_sha256 **ret_hash, struct cret_err *err)
{
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_sha256 *hash = calloc(1, sizeof(*hash));
    if (hash == NULL) {
        return cret_err_memory(err);
    }
    hash->algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    hash->context = EVP_MD_CTX_new();
    if (hash->algorithm == NULL || hash->context == NULL ||
        EVP_DigestInit_ex2(hash->context, hash->algorithm, NULL) != 1) {
        cret_sha256_free(&hash);
        return library_failed(err);
    }
    *ret_hash = hash;
    return CRET_OK;
}

void cret_sha256_free(struct cret_sha256 **hash)
{
    if (hash == NULL || *hash == NULL) {
        return;
    }
    EVP_MD_CTX_free((*hash)->context);
    EVP_MD_free((*hash)->algorithm);
    free(*hash);
    *hash = NULL;
}

void cret_sha256_reset(struct cret_sha256 *hash)
{
    hash->failed = EVP_DigestInit_ex2(hash->context, NULL, NULL) != 1;
}

void cret_sha256_update(struct cret_sha256 *hash, const void *data, size_t size)
{
    if (!hash->failed && EVP_DigestUpdate(hash->context, data, size) != 1) {
        hash->failed = true;
    }
}

enum cret_status cret_sha256_final(struct cret_sha256 *hash, uint8_t ret_digest[CRET_SHA256_BYTES],
                                   struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    unsigned size = 0;
    if (hash->failed || EVP_DigestFinal_ex(hash->context, digest, &size) != 1 ||
        size != sizeof(digest)) {
        hash->failed = true;
        return library_failed(err);
    }
    /* A second final without a reset would hash on from an ended state: make it fail instead. */
    hash->failed = true;
    memcpy(ret_digest, digest, sizeof(digest));
    return CRET_OK;
}

struct cret_sha512 {
    EVP_MD_CTX *context;
    bool failed;
};

enum cret_status cret_sha512_new(struct cret_sha512 **ret_hash, struct cret_err *err)
{
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_sha512 *hash = calloc(1, sizeof(*hash));
    if (hash == NULL) {
        return cret_err_memory(err);
    }
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA2-512", NULL);
    hash->context = EVP_MD_CTX_new();
    const bool ready = algorithm != NULL && hash->context != NULL &&
                       EVP_DigestInit_ex2(hash->context, algorithm, NULL) == 1;
    EVP_MD_free(algorithm);
    if (!ready) {
        cret_sha512_free(&hash);
        return library_failed(err);
    }
    *ret_hash = hash;
    return CRET_OK;
}

void cret_sha512_free(struct cret_sha512 **hash)
{
    if (hash == NULL || *hash == NULL) {
        return;
    }
    EVP_MD_CTX_free((*hash)->context);
    free(*hash);
    *hash = NULL;
}

void cret_sha512_update(struct cret_sha512 *hash, const void *data, size_t size)
{
    if (!hash->failed && EVP_DigestUpdate(hash->context, data, size) != 1) {
        hash->failed = true;
    }
}

enum cret_status cret_sha512_final(struct cret_sha512 *hash, uint8_t ret_digest[CRET_SHA512_BYTES],
                                   struct cret_err *err)
{
    uint8_t digest[CRET_SHA512_BYTES];
    unsigned size = 0;
    if (hash->failed || EVP_DigestFinal_ex(hash->context, digest, &size) != 1 ||
        size != sizeof(digest)) {
        hash->failed = true;
        return library_failed(err);
    }
    hash->failed = true; /* as in cret_sha256_final */
    memcpy(ret_digest, digest, sizeof(digest));
    return CRET_OK;
}

static enum cret_status one_call(uint8_t *ret_digest, size_t digest_size, const char *algorithm,
                                 const void *data, size_t size, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t got = 0;
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (EVP_Q_digest(NULL, algorithm, NULL, data, size, digest, &got) != 1 || got != digest_size) {
        return library_failed(err);
    }
    memcpy(ret_digest, digest, digest_size);
    return CRET_OK;
}

enum cret_status cret_sha256(uint8_t ret_digest[CRET_SHA256_BYTES], const void *data, size_t size,
                             struct cret_err *err)
{
    return one_call(ret_digest, CRET_SHA256_BYTES, "SHA2-256", data, size, err);
}

enum cret_status cret_sha512(uint8_t ret_digest[64], const void *data, size_t size,
                             struct cret_err *err)
{
    return one_call(ret_digest, 64, "SHA2-512", data, size, err);
}

enum cret_status cret_sha1(uint8_t ret_digest[CRET_SHA1_BYTES], const void *data, size_t size,
                           struct cret_err *err)
{
    return one_call(ret_digest, CRET_SHA1_BYTES, "SHA1", data, size, err);
}

const char *cret_digest_library(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
