/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a SignerInfo of others is right for its content. */
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "foreign/signed_parts.h"
#include "trust/asn1/library.h"
#include "trust/asn1/oid.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/cms_algorithm.h"

/* Signature algorithms by their OID: the digest that each names, NULL where digestAlgorithm says.
 */
static const struct {
    const char *digest; /* or NULL */
    enum cret_key_family family;
    uint8_t oid[10];
    size_t size;
} schemes[] = {
    {NULL, CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}, 9},
    {"md5", CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04}, 9},
    {"sha1", CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05}, 9},
    {"sha256", CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}, 9},
    {"sha384", CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c}, 9},
    {"sha512", CRET_FAMILY_RSA, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d}, 9},
    {NULL, CRET_FAMILY_EC, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01}, 7},
    {"sha1", CRET_FAMILY_EC, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01}, 7},
    {"sha256", CRET_FAMILY_EC, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}, 8},
    {"sha384", CRET_FAMILY_EC, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03}, 8},
    {"sha512", CRET_FAMILY_EC, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04}, 8},
};

struct scheme {
    bool pss;
    unsigned salt;
};

static enum cret_status refuse_algorithm(const char *what, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the signature %s", what);
    return cret_err_expected(err, "RSA or ECDSA with the digest of its digestAlgorithm");
}

static enum cret_status find_scheme(struct scheme *ret_scheme, const struct cret_signer_info *info,
                                    const struct cret_public_key *key, struct cret_err *err)
{
    struct cret_pss pss;
    struct cret_bytes oid;
    struct cret_der inner, der = cret_der_begin(info->algorithm.data, info->algorithm.size,
                                                "signature", CRET_CHECK_FOREIGN_FORM, err);
    *ret_scheme = (struct scheme){0};
    if (cret_pss_read(&pss, info->algorithm)) {
        if (cret_public_key_family(key) != CRET_FAMILY_RSA || pss.digest != pss.mask_digest ||
            strcmp(pss.digest->name, info->digest_name) != 0) {
            return refuse_algorithm("has an algorithm that does not fit its key and digest", err);
        }
        *ret_scheme = (struct scheme){true, pss.salt};
        return CRET_OK;
    }
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "signatureAlgorithm", &inner) != CRET_OK ||
        cret_der_oid(&inner, "algorithm", &oid) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (!cret_bytes_equal(oid, (struct cret_bytes){schemes[i].oid, schemes[i].size})) {
            continue;
        }
        if (schemes[i].family != cret_public_key_family(key) ||
            (schemes[i].digest != NULL && strcmp(schemes[i].digest, info->digest_name) != 0)) {
            return refuse_algorithm("has an algorithm that does not fit its key and digest", err);
        }
        /* Nothing signs them: absent, NULL, or those of the key. */
        return cret_bytes_equal(info->algorithm, cret_key_kind_identifier(key->kind)) ||
                       !cret_der_more(&inner) ||
                       (cret_der_take(&inner, CRET_DER_NULL, "parameters", NULL) == CRET_OK &&
                        cret_der_end(&inner, "signatureAlgorithm") == CRET_OK)
                   ? CRET_OK
                   : CRET_FAILED;
    }
    return refuse_algorithm("has an algorithm that is not known here", err);
}

/* The value over the attributes as a SET OF, in the order received (RFC 5652 5.4). */
static enum cret_status verify_value(const struct cret_signer_info *info, X509 *x509,
                                     const struct scheme *scheme, bool *ret_valid,
                                     struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    EVP_PKEY_CTX *parameters = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t *set = malloc(info->attributes.size + 1);
    EVP_PKEY *key = X509_get0_pubkey(x509);
    if (context == NULL || set == NULL) {
        cret_err_memory(err);
        goto out;
    }
    memcpy(set, info->attributes.data, info->attributes.size);
    set[0] = CRET_DER_SET;
    if (key == NULL ||
        !cret_library_done(EVP_DigestVerifyInit(context, &parameters, info->digest, NULL, key)) ||
        (scheme->pss &&
         (!cret_library_done(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING)) ||
          !cret_library_done(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, (int)scheme->salt))))) {
        cret_err_undecided(err, "the signature cannot be verified by this OpenSSL");
        goto out;
    }
    *ret_valid = cret_library_holds(
        EVP_DigestVerify(context, info->value.data, info->value.size, set, info->attributes.size));
    status = cret_fault_noted() ? cret_err_undecided(err, "%s", cret_fault_words()) : CRET_OK;
out:
    EVP_MD_CTX_free(context);
    free(set);
    return status;
}

enum cret_status cret_signer_info_verify(const struct cret_signer_info *info,
                                         const struct cret_certificate *certificate,
                                         const uint8_t *digest, size_t size, struct cret_err *err)
{
    struct scheme scheme;
    bool valid = false;
    if (!cret_bytes_equal(info->message_digest, (struct cret_bytes){digest, size})) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                        "the signature is not over this content: its messageDigest is another one");
        return cret_err_hint(err, "file and signature do not belong together, or one was changed");
    }
    if (find_scheme(&scheme, info, &cret_certificate_parts(certificate)->key, err) != CRET_OK ||
        verify_value(info, cret_certificate_x509(certificate), &scheme, &valid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (valid) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                    "the signature was not made with the key of its certificate");
    return cret_err_where(err, "%s", cret_certificate_subject(certificate));
}

enum cret_status cret_signed_hash(uint8_t *ret_digest, size_t *ret_size, const EVP_MD *md,
                                  struct cret_bytes bytes, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_hash_bytes(&hash, bytes.data, bytes.size);
    return cret_foreign_hash_end(&hash, ret_digest, ret_size, err);
}

enum cret_status cret_signed_verify(const struct cret_signed *message, const uint8_t *digest,
                                    size_t size, struct cret_foreign_proof *proof,
                                    struct cret_err *err)
{
    const struct cret_signer_info *info = &message->signer;
    if (message->certificate == NULL) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                        "the signature does not hold the certificate of its signer");
        return cret_err_hint(err, "ask the vendor for a signature with its certificate");
    }
    if (!cret_bytes_equal(info->content_type, message->content_type)) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "the contentType attribute is not that of the content");
    }
    if (cret_signer_info_verify(info, message->certificate, digest, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s", info->digest_name);
    memcpy(proof->digest, digest, size);
    proof->digest_size = size;
    proof->claimed_time = info->signing_time;
    cret_foreign_digest_strength(proof, info->digest_name, "the signature");
    return CRET_OK;
}
