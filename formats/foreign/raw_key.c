/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of other formats, made into ours, and the values of their signatures. */
#include "foreign/raw_key.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/der_write.h"
#include "trust/asn1/library.h"
#include "trust/x509/certificate_parts.h"

struct cret_raw_key {
    struct cret_public_key info;
    uint8_t *der;
    size_t size;
    EVP_PKEY *key;
};

static enum cret_status weak(const struct cret_public_key *key, bool allow_rsa_2048,
                             const char *subject, struct cret_err *err)
{
    const char *weakness = cret_public_key_weakness_under(key, allow_rsa_2048);
    if (weakness == NULL) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH, "the %s is not accepted: %s", subject,
                    weakness);
    cret_err_actual(err, "%s", key->name);
    return cret_public_key_is_rsa_2048(key) ? cret_err_hint(err, CRET_RSA_2048_HINT) : CRET_FAILED;
}

/* From a DER SubjectPublicKeyInfo. */
static enum cret_status read_info(struct cret_raw_key **ret_key, struct cret_bytes info,
                                  bool allow_rsa_2048, const char *subject, struct cret_err *err)
{
    struct cret_raw_key *key = NULL;
    const unsigned char *at = info.data;
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    key = calloc(1, sizeof(*key));
    if (key != NULL) {
        key->der = malloc(info.size);
    }
    if (key == NULL || key->der == NULL) {
        free(key);
        return cret_err_memory(err);
    }
    memcpy(key->der, info.data, info.size);
    key->size = info.size;
    if (cret_public_key_parse(&key->info, info.data, info.size, subject, CRET_CHECK_FOREIGN_FORM,
                              err) != CRET_OK ||
        weak(&key->info, allow_rsa_2048, subject, err) != CRET_OK) {
        cret_raw_key_free(&key);
        return CRET_FAILED;
    }
    key->key = d2i_PUBKEY(NULL, &at, (long)info.size);
    if (key->key == NULL || at != info.data + info.size) {
        char reason[120];
        cret_raw_key_free(&key);
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the %s cannot be read: %s", subject,
                               cret_library_reason(reason, sizeof(reason)));
    }
    *ret_key = key;
    return CRET_OK;
}

enum cret_status cret_raw_key_of_anchor(struct cret_raw_key **ret_key,
                                        const struct cret_anchor *anchor, struct cret_err *err)
{
    const struct cret_bytes info = anchor->key != NULL
                                       ? (struct cret_bytes){anchor->key, anchor->key_size}
                                       : cret_certificate_parts(anchor->certificate)->key_info;
    return read_info(ret_key, info, true, "pinned key", err);
}

/* SubjectPublicKeyInfo around the content of a BIT STRING, which is emptied. */
static enum cret_status read_wrapped(struct cret_raw_key **ret_key, struct cret_bytes identifier,
                                     struct cret_buffer *content, bool allow_rsa_2048,
                                     const char *subject, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_buffer bits = {0}, inner = {0}, whole = {0};
    cret_buffer_append(&bits, "", 1); /* no unused bits */
    cret_buffer_append(&bits, content->data, content->size);
    cret_der_put_raw(&inner, identifier);
    cret_der_wrap(&inner, CRET_DER_BIT_STRING, &bits);
    cret_der_wrap(&whole, CRET_DER_SEQUENCE, &inner);
    if (content->failed || whole.failed) {
        cret_err_memory(err);
    } else {
        status = read_info(ret_key, (struct cret_bytes){(const uint8_t *)whole.data, whole.size},
                           allow_rsa_2048, subject, err);
    }
    cret_buffer_free(&bits);
    cret_buffer_free(&inner);
    cret_buffer_free(&whole);
    cret_buffer_free(content);
    return status;
}

enum cret_status cret_raw_key_rsa(struct cret_raw_key **ret_key, struct cret_bytes modulus,
                                  struct cret_bytes exponent, bool allow_rsa_2048,
                                  const char *subject, struct cret_err *err)
{
    struct cret_buffer numbers = {0}, sequence = {0};
    cret_der_put_unsigned(&numbers, modulus);
    cret_der_put_unsigned(&numbers, exponent);
    cret_der_wrap(&sequence, CRET_DER_SEQUENCE, &numbers);
    return read_wrapped(ret_key, cret_key_kind_identifier(CRET_KEY_RSA), &sequence, allow_rsa_2048,
                        subject, err);
}

enum cret_status cret_raw_key_point(struct cret_raw_key **ret_key, enum cret_key_kind kind,
                                    struct cret_bytes octets, const char *subject,
                                    struct cret_err *err)
{
    struct cret_buffer content = {0};
    cret_buffer_append(&content, octets.data, octets.size);
    return read_wrapped(ret_key, cret_key_kind_identifier(kind), &content, false, subject, err);
}

void cret_raw_key_free(struct cret_raw_key **key)
{
    if (key != NULL && *key != NULL) {
        EVP_PKEY_free((*key)->key);
        free((*key)->der);
        free(*key);
        *key = NULL;
    }
}

const struct cret_public_key *cret_raw_key_info(const struct cret_raw_key *key)
{
    return &key->info;
}

struct cret_bytes cret_raw_key_der(const struct cret_raw_key *key)
{
    return (struct cret_bytes){key->der, key->size};
}

struct cret_bytes cret_raw_key_inner(const struct cret_raw_key *key)
{
    struct cret_der whole =
        cret_der_begin(key->der, key->size, "key", CRET_CHECK_FOREIGN_FORM, NULL);
    struct cret_der info;
    struct cret_der_element bits = {0};
    if (cret_der_enter(&whole, CRET_DER_SEQUENCE, "SubjectPublicKeyInfo", &info) != CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "algorithm", NULL) != CRET_OK ||
        cret_der_take(&info, CRET_DER_BIT_STRING, "subjectPublicKey", &bits) != CRET_OK ||
        bits.content.size < 2) {
        return (struct cret_bytes){NULL, 0};
    }
    return (struct cret_bytes){bits.content.data + 1, bits.content.size - 1};
}

static enum cret_status refuse_value(struct cret_err *err)
{
    char reason[120];
    cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                    "the signature is not one over these bytes by this key: %s",
                    cret_library_reason(reason, sizeof(reason)));
    return cret_err_hint(err, "the file or its signature was damaged or changed, or another file "
                              "was signed; fetch both again from their source");
}

/* RSA: the padding; ECDSA: nothing. */
static bool set_scheme(EVP_PKEY_CTX *context, const struct cret_public_key *key,
                       enum cret_raw_scheme scheme, const EVP_MD *md)
{
    if (!cret_library_done(EVP_PKEY_verify_init(context)) ||
        !cret_library_done(EVP_PKEY_CTX_set_signature_md(context, md))) {
        return false;
    }
    if (key->kind != CRET_KEY_RSA) {
        return true;
    }
    if (scheme == CRET_RAW_PKCS1) {
        return cret_library_done(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING));
    }
    return cret_library_done(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING)) &&
           cret_library_done(EVP_PKEY_CTX_set_rsa_mgf1_md(context, md)) &&
           cret_library_done(EVP_PKEY_CTX_set_rsa_pss_saltlen(
               context, scheme == CRET_RAW_PSS ? RSA_PSS_SALTLEN_DIGEST : RSA_PSS_SALTLEN_AUTO));
}

enum cret_status cret_raw_key_verify(const struct cret_raw_key *key, enum cret_raw_scheme scheme,
                                     const struct cret_digest_algorithm *algorithm,
                                     const uint8_t *digest, struct cret_bytes value,
                                     struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const enum cret_key_family family = cret_public_key_family(&key->info);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->key, NULL);
    if (context == NULL) {
        cret_err_memory(err);
    } else if (family != CRET_FAMILY_RSA && family != CRET_FAMILY_EC) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "a key of the kind %s does not sign digests", key->info.name);
    } else if (!set_scheme(context, &key->info, scheme, algorithm->md())) {
        cret_err_undecided(err, "the cryptographic library could not do its work");
    } else if (cret_signature_value_form(&key->info, value, err) != CRET_OK) {
        /* said */
    } else if (!cret_library_holds(
                   EVP_PKEY_verify(context, value.data, value.size, digest, algorithm->size))) {
        refuse_value(err);
    } else {
        status = CRET_OK;
    }
    EVP_PKEY_CTX_free(context);
    return status;
}

enum cret_status cret_raw_key_verify_message(const struct cret_raw_key *key,
                                             struct cret_bytes message, struct cret_bytes value,
                                             struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL) {
        cret_err_memory(err);
    } else if (key->info.kind != CRET_KEY_ED25519) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "a key of the kind %s does not sign whole messages", key->info.name);
    } else if (!cret_library_done(EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->key))) {
        cret_err_undecided(err, "the cryptographic library could not do its work");
    } else if (!cret_library_holds(
                   EVP_DigestVerify(context, value.data, value.size, message.data, message.size))) {
        refuse_value(err);
    } else {
        status = CRET_OK;
    }
    EVP_MD_CTX_free(context);
    return status;
}
