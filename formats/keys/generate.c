/* SPDX-License-Identifier: Apache-2.0 */
/* New keys with a self-signed certificate (cretula-sign keygen). */
#include "keys/generate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "keys/key.h"
#include "trust/asn1/library.h"

#define SERIAL_BITS 127 /* positive, and unique without a register (RFC 5280 4.1.2.2) */
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

/* One "KEY=value" of a subject; a backslash takes the next character as it is. */
static enum cret_status add_name_part(X509_NAME *name, const char *part, size_t size,
                                      struct cret_err *err)
{
    char field[16], value[512];
    size_t field_size = 0, value_size = 0, i = 0;
    while (i < size && part[i] == ' ') {
        i++;
    }
    while (i < size && part[i] != '=' && field_size < sizeof(field) - 1) {
        field[field_size++] = part[i++];
    }
    field[field_size] = '\0';
    if (i == size || part[i] != '=') {
        cret_err_usage(err, "--subject: not a name: %.*s", (int)size, part);
        return cret_err_expected(err, "CN=Release key,O=Your company,C=DE");
    }
    for (i++; i < size && value_size < sizeof(value) - 1; i++) {
        if (part[i] == '\\' && i + 1 < size) {
            i++;
        }
        value[value_size++] = part[i];
    }
    if (value_size == 0 ||
        X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value,
                                   (int)value_size, 0, 0) != 1) {
        cret_err_usage(err, "--subject: %s is not a known field, or its value does not fit", field);
        return cret_err_expected(err, "fields such as CN, O, OU, L, ST, C (two letters)");
    }
    return CRET_OK;
}

/* RFC 4514 2.1: the text begins with the last part of the name, so each part goes to the front. */
static enum cret_status set_subject(X509_NAME *name, const char *subject, struct cret_err *err)
{
    const char *begin = subject;
    for (const char *c = subject;; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
            continue;
        }
        if (*c == ',' || *c == '\0') {
            if (add_name_part(name, begin, (size_t)(c - begin), err) != CRET_OK) {
                return CRET_FAILED;
            }
            begin = c + 1;
        }
        if (*c == '\0') {
            return CRET_OK;
        }
    }
}

static int add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    const int added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/* RFC 5280: version 3, random serial, only what a code signer needs. */
static int fill_certificate(X509 *certificate, EVP_PKEY *pkey, unsigned days, int64_t now)
{
    int done = 0;
    time_t begin = (time_t)now;
    BIGNUM *serial = BN_new();
    if ((int64_t)begin != now || serial == NULL ||
        BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1 ||
        BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) == NULL) {
        goto out;
    }
    done = X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != NULL &&
           /* Days by themselves: where time_t has 32 bits, a sum would not reach beyond 2038. */
           X509_time_adj_ex(X509_getm_notAfter(certificate), (int)days, 0, &begin) != NULL &&
           X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
           X509_set_pubkey(certificate, pkey) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "critical,codeSigning") &&
           add_extension(certificate, NID_subject_key_identifier, "hash");
out:
    BN_free(serial);
    return done;
}

/* NULL: the key brings its own digest. */
static const EVP_MD *digest_of(size_t row)
{
    const struct cret_public_key key = {.kind = algorithms[row].kind, .bits = algorithms[row].bits};
    return cret_public_key_family(&key) == CRET_FAMILY_PURE ? NULL
                                                            : cret_cms_default_digest(&key)->md();
}

/* Copies a memory BIO into a terminated text. */
static char *bio_text(BIO *bio)
{
    char *data = NULL;
    const long size = BIO_get_mem_data(bio, &data);
    char *text = size > 0 ? malloc((size_t)size + 1) : NULL;
    if (text != NULL) {
        memcpy(text, data, (size_t)size);
        text[size] = '\0';
    }
    return text;
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
            text = bio_text(bio);
        }
        goto out;
    }
    encrypted = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase, (int)strlen(passphrase), NULL, 0,
                              PASSPHRASE_ITERATIONS, plain);
    if (encrypted != NULL && PEM_write_bio_PKCS8(bio, encrypted) == 1) {
        text = bio_text(bio);
    }
out:
    X509_SIG_free(encrypted);
    PKCS8_PRIV_KEY_INFO_free(plain);
    BIO_free(bio);
    return text;
}

static char *certificate_text(X509 *certificate)
{
    char *text = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) {
        text = bio_text(bio);
    }
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
    EVP_PKEY *pkey = NULL;
    X509 *certificate = NULL;
    char *key_pem = NULL, *certificate_pem = NULL;
    const size_t row = find_algorithm(request->algorithm);
    if (row == ALGORITHM_COUNT) {
        return cret_err_usage(err, "unknown key algorithm: %s", request->algorithm);
    }
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (new_key(&pkey, row, err) != CRET_OK) {
        goto out;
    }
    certificate = X509_new();
    if (certificate == NULL) {
        library_failed(err, "cannot generate a key");
        goto out;
    }
    if (set_subject(X509_get_subject_name(certificate), request->subject, err) != CRET_OK) {
        goto out;
    }
    if (!fill_certificate(certificate, pkey, request->days, request->now) ||
        X509_sign(certificate, pkey, digest_of(row)) <= 0) {
        library_failed(err, "cannot make the certificate");
        goto out;
    }
    key_pem = key_text(pkey, request->passphrase);
    certificate_pem = certificate_text(certificate);
    if (key_pem == NULL || certificate_pem == NULL) {
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
    X509_free(certificate);
    EVP_PKEY_free(pkey);
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
