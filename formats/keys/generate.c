/* SPDX-License-Identifier: Apache-2.0 */
/* New keys, each with what certifies it (cretula-sign keygen). */
#include "keys/generate.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "keys/key.h"
#include "trust/asn1/library.h"

#define PASSPHRASE_ITERATIONS 600000 /* PBKDF2-HMAC-SHA256; about a quarter of a second */

/* One row per algorithm: a curve, a number of RSA bits, or the name by which OpenSSL knows it. */
static const struct {
    const char *name;
    enum cret_key_kind kind;
    const char *curve;
    unsigned bits;
    const char *known_as;
} algorithms[] = {
    {"ecdsa-p256", CRET_KEY_P256, "P-256", 0, NULL},
    {"ecdsa-p384", CRET_KEY_P384, "P-384", 0, NULL},
    {"rsa-3072", CRET_KEY_RSA, NULL, 3072, NULL},
    {"rsa-4096", CRET_KEY_RSA, NULL, 4096, NULL},
    {"ed25519", CRET_KEY_ED25519, NULL, 0, "ED25519"},
    {"ml-dsa-65", CRET_KEY_ML_DSA_65, NULL, 0, "ML-DSA-65"},
    {"ml-dsa-87", CRET_KEY_ML_DSA_87, NULL, 0, "ML-DSA-87"},
};
#define ALGORITHM_COUNT (CRET_LENGTH(algorithms))

const char *const *cret_key_algorithms(void)
{
    static const char *const names[] = {"ecdsa-p256", "ecdsa-p384", "rsa-3072",  "rsa-4096",
                                        "ed25519",    "ml-dsa-65",  "ml-dsa-87", NULL};
    return names;
}

static enum cret_status library_failed(struct cret_err *err, const char *what)
{
    char reason[256];
    return cret_err_undecided(err, "%s: %s", what, cret_library_reason(reason, sizeof(reason)));
}

static enum cret_status new_key(EVP_PKEY **ret_pkey, size_t row, struct cret_err *err)
{
    const char *kind = algorithms[row].known_as;
    EVP_KEYMGMT *known = kind == NULL ? NULL : EVP_KEYMGMT_fetch(NULL, kind, NULL);
    if (kind != NULL && known == NULL) {
        ERR_clear_error();
        return cret_key_unsupported(algorithms[row].name, err);
    }
    EVP_KEYMGMT_free(known);
    *ret_pkey = kind != NULL                    ? EVP_PKEY_Q_keygen(NULL, NULL, kind)
                : algorithms[row].curve != NULL ? EVP_EC_gen(algorithms[row].curve)
                                                : EVP_RSA_gen(algorithms[row].bits);
    return *ret_pkey != NULL ? CRET_OK : library_failed(err, "cannot generate a key");
}

/* PKCS#8, encrypted with AES-256-CBC under PBKDF2 where there is a passphrase. */
static char *key_text(EVP_PKEY *pkey, const char *passphrase)
{
    char *text = NULL;
    X509_SIG *encrypted = NULL;
    PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(pkey);
    BIO *bio = BIO_new(BIO_s_secmem());
    if (plain == NULL || bio == NULL) {
        goto out;
    }
    if (passphrase == NULL) {
        if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, plain) == 1) {
            text = cret_bio_text(bio);
        }
        goto out;
    }
    encrypted = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase, (int)strlen(passphrase), NULL, 0,
                              PASSPHRASE_ITERATIONS, plain);
    if (encrypted != NULL && PEM_write_bio_PKCS8(bio, encrypted) == 1) {
        text = cret_bio_text(bio);
    }
out:
    X509_SIG_free(encrypted);
    PKCS8_PRIV_KEY_INFO_free(plain);
    BIO_free(bio);
    return text;
}

static size_t find_algorithm(const char *name)
{
    size_t row = 0;
    while (row < ALGORITHM_COUNT && strcmp(algorithms[row].name, name) != 0) {
        row++;
    }
    return row;
}

enum cret_status cret_key_generate(char **ret_key_pem, char **ret_certificate_pem,
                                   const struct cret_generate_request *request,
                                   struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_key key = {0};
    char *key_pem = NULL, *certificate_pem = NULL;
    const size_t row = find_algorithm(request->algorithm);
    if (row == ALGORITHM_COUNT) {
        return cret_err_usage(err, "unknown key algorithm: %s", request->algorithm);
    }
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    key.public_key.kind = algorithms[row].kind;
    key.public_key.bits = algorithms[row].bits;
    if (new_key(&key.pkey, row, err) != CRET_OK ||
        cret_key_certify(&certificate_pem, &key, &request->certificate, err) != CRET_OK) {
        goto out;
    }
    key_pem = key_text(key.pkey, request->passphrase);
    if (key_pem == NULL) {
        library_failed(err, "cannot write the key");
        goto out;
    }
    *ret_key_pem = key_pem;
    *ret_certificate_pem = certificate_pem;
    key_pem = NULL;
    certificate_pem = NULL;
    status = CRET_OK;
out:
    cret_key_text_free(&key_pem);
    free(certificate_pem);
    EVP_PKEY_free(key.pkey);
    return status;
}

void cret_key_text_free(char **text)
{
    if (text == NULL || *text == NULL) {
        return;
    }
    OPENSSL_cleanse(*text, strlen(*text));
    free(*text);
    *text = NULL;
}
