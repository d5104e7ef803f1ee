/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that a key makes of itself, and certificate requests (cretula-sign keygen). */
#include "keys/certify.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "keys/key.h"
#include "trust/asn1/library.h"

#define SERIAL_BITS 127 /* positive, and unique without a register (RFC 5280 4.1.2.2) */

/* Only what a code signer needs; the last row, which is computed of the key, is of certificates:
 * in a request it would be for the authority to say. */
static const struct {
    int nid;
    const char *value;
} extensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                  {NID_key_usage, "critical,digitalSignature"},
                  {NID_ext_key_usage, "critical,codeSigning"},
                  {NID_subject_key_identifier, "hash"}};
#define EXTENSION_COUNT CRET_LENGTH(extensions)

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

static X509_EXTENSION *make_extension(size_t row, X509 *certificate)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    return X509V3_EXT_conf_nid(NULL, &context, extensions[row].nid, extensions[row].value);
}

/* RFC 5280: version 3, random serial. */
static bool fill_certificate(X509 *certificate, EVP_PKEY *pkey, unsigned days, int64_t now)
{
    bool done = false;
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
           X509_set_pubkey(certificate, pkey) == 1;
    for (size_t i = 0; done && i < EXTENSION_COUNT; i++) {
        X509_EXTENSION *extension = make_extension(i, certificate);
        done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
        X509_EXTENSION_free(extension);
    }
out:
    BN_free(serial);
    return done;
}

/* RFC 2986, with the extensions that are asked for (RFC 2985 5.4.2). */
static bool fill_request(X509_REQ *request, EVP_PKEY *pkey)
{
    STACK_OF(X509_EXTENSION) *wanted = sk_X509_EXTENSION_new_null();
    bool done = wanted != NULL && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
                X509_REQ_set_pubkey(request, pkey) == 1;
    for (size_t i = 0; done && i < EXTENSION_COUNT - 1; i++) {
        X509_EXTENSION *extension = make_extension(i, NULL);
        done = extension != NULL && sk_X509_EXTENSION_push(wanted, extension) > 0;
        if (!done) {
            X509_EXTENSION_free(extension);
        }
    }
    done = done && X509_REQ_add_extensions(request, wanted) == 1;
    sk_X509_EXTENSION_pop_free(wanted, X509_EXTENSION_free);
    return done;
}

/* The public half in OpenSSL's own hands: a token's provider need not know how to verify or to
 * write it. */
static EVP_PKEY *public_half(const struct cret_key *key, struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0;
    if (cret_key_public_der(&der, &size, key->pkey, err) != CRET_OK) {
        return NULL;
    }
    const unsigned char *at = der;
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)size);
    OPENSSL_free(der);
    if (pkey == NULL) {
        cret_err_memory(err);
    }
    return pkey;
}

/* Where the key lives. NULL: it cannot sign. */
static EVP_MD_CTX *begin_signing(const struct cret_key *key)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool pure = cret_public_key_family(&key->public_key) == CRET_FAMILY_PURE;
    const char *digest =
        pure ? NULL : EVP_MD_get0_name(cret_cms_default_digest(&key->public_key)->md());
    if (context != NULL && cret_key_sign_init(context, NULL, key, digest) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return context;
}

char *cret_bio_text(BIO *bio)
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

/* Both kinds, made, signed, and verified before anybody sees them. NULL: the error queue says why.
 */
static char *certificate_text(const struct cret_key *key, EVP_PKEY *pkey, X509 *certificate,
                              const struct cret_certify_request *request)
{
    char *text = NULL;
    EVP_MD_CTX *context = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL && fill_certificate(certificate, pkey, request->days, request->now)) {
        context = begin_signing(key);
        if (context != NULL && X509_sign_ctx(certificate, context) > 0 &&
            cret_library_done(X509_verify(certificate, pkey)) &&
            PEM_write_bio_X509(bio, certificate) == 1) {
            text = cret_bio_text(bio);
        }
    }
    EVP_MD_CTX_free(context);
    BIO_free(bio);
    return text;
}

static char *request_text(const struct cret_key *key, EVP_PKEY *pkey, X509_REQ *request)
{
    char *text = NULL;
    EVP_MD_CTX *context = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL && fill_request(request, pkey)) {
        context = begin_signing(key);
        if (context != NULL && X509_REQ_sign_ctx(request, context) > 0 &&
            cret_library_done(X509_REQ_verify(request, pkey)) &&
            PEM_write_bio_X509_REQ(bio, request) == 1) {
            text = cret_bio_text(bio);
        }
    }
    EVP_MD_CTX_free(context);
    BIO_free(bio);
    return text;
}

enum cret_status cret_key_certify(char **ret_pem, const struct cret_key *key,
                                  const struct cret_certify_request *request, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *pem = NULL, reason[256];
    X509 *certificate = X509_new();
    X509_REQ *ask = X509_REQ_new();
    EVP_PKEY *pkey = public_half(key, err);
    if (pkey == NULL) {
        goto out;
    }
    if (certificate == NULL || ask == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (set_subject(request->for_authority ? X509_REQ_get_subject_name(ask)
                                           : X509_get_subject_name(certificate),
                    request->subject, err) != CRET_OK) {
        goto out;
    }
    pem = request->for_authority ? request_text(key, pkey, ask)
                                 : certificate_text(key, pkey, certificate, request);
    if (pem == NULL) {
        cret_err_undecided(err, "the key could not sign the %s: %s",
                           request->for_authority ? "request" : "certificate",
                           cret_library_reason(reason, sizeof(reason)));
        goto out;
    }
    *ret_pem = pem;
    status = CRET_OK;
out:
    EVP_PKEY_free(pkey);
    X509_REQ_free(ask);
    X509_free(certificate);
    return status;
}

const char *cret_key_algorithm(const struct cret_key *key)
{
    return key->public_key.name;
}
