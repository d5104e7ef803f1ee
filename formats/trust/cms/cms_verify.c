/* SPDX-License-Identifier: Apache-2.0 */
/* The value of a signature, and what it is over. */
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/library.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"

#define FORM CRET_CHECK_SIGNATURE_FORM

/* OpenSSL must see the same object as we do: its own encoding of it gives the same bytes. */
static enum cret_status same_bytes(const struct cret_cms *cms, CMS_ContentInfo *info,
                                   struct cret_err *err)
{
    unsigned char *encoded = NULL;
    const int size = i2d_CMS_ContentInfo(info, &encoded);
    const bool same =
        size > 0 && (size_t)size == cms->size && memcmp(encoded, cms->der, cms->size) == 0;
    OPENSSL_free(encoded);
    if (!same) {
        return cret_err_refuse(err, FORM, "the signature is read differently by OpenSSL");
    }
    return CRET_OK;
}

enum cret_status cret_cms_decode(CMS_ContentInfo **ret_info, const struct cret_cms *cms,
                                 struct cret_err *err)
{
    char reason[120];
    const unsigned char *at = cms->der;
    CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, (long)cms->size);
    if (info == NULL || at != cms->der + cms->size) {
        CMS_ContentInfo_free(info);
        return cret_err_refuse(err, FORM, "the signature cannot be read: %s",
                               cret_library_reason(reason, sizeof(reason)));
    }
    if (same_bytes(cms, info, err) != CRET_OK) {
        CMS_ContentInfo_free(info);
        return CRET_FAILED;
    }
    *ret_info = info;
    return CRET_OK;
}

/* Decoded already, or now. */
static enum cret_status take_decoded(CMS_ContentInfo **ret_info, const struct cret_cms *cms,
                                     struct cret_err *err)
{
    if (cms->decoded == NULL || cms->decoded->info == NULL) {
        return cret_cms_decode(ret_info, cms, err);
    }
    *ret_info = cms->decoded->info;
    cms->decoded->info = NULL;
    return CRET_OK;
}

/* Feeds the content to the digest that the SignedData names; returns the chain of BIOs, or NULL. */
static BIO *digest_content(CMS_ContentInfo *info, const uint8_t *content, size_t size)
{
    BIO *sink = BIO_new(BIO_s_null());
    BIO *chain = sink == NULL ? NULL : CMS_dataInit(info, sink);
    if (chain == NULL) {
        BIO_free(sink);
        return NULL;
    }
    while (size > 0) {
        const size_t step = size < CRET_IO_BYTES ? size : CRET_IO_BYTES;
        if (BIO_write(chain, content, (int)step) != (int)step) {
            BIO_free_all(chain);
            return NULL;
        }
        content += step;
        size -= step;
    }
    return chain;
}

static enum cret_status refuse_value(const struct cret_cms *cms, struct cret_err *err)
{
    char reason[120];
    cret_err_refuse(
        err, CRET_CHECK_SIGNATURE_VALUE, "the signature of %s is not one by this key: %s",
        cret_certificate_subject(cms->chain[0]), cret_library_reason(reason, sizeof(reason)));
    return cret_err_hint(err, "the file was damaged or changed; fetch it again from its source");
}

static enum cret_status refuse_content(const struct cret_cms *cms, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_VALUE,
                    "the signature of %s was made over other content",
                    cret_certificate_subject(cms->chain[0]));
    return cret_err_hint(err, "the file was damaged or changed; fetch it again from its source");
}

static enum cret_status verify_signer(const struct cret_cms *cms, CMS_ContentInfo *info,
                                      const uint8_t *content, size_t size, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char reason[120];
    BIO *chain = NULL;
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(info);
    if (sk_CMS_SignerInfo_num(infos) != 1) {
        cret_err_refuse(err, FORM, "the signature does not have exactly one SignerInfo");
        goto out;
    }
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(infos, 0);
    CMS_SignerInfo_set1_signer_cert(signer, cret_certificate_x509(cms->chain[0]));
    if (!cret_library_holds(CMS_SignerInfo_verify(signer))) {
        refuse_value(cms, err);
        goto out;
    }
    chain = digest_content(info, content, size);
    if (chain == NULL) {
        cret_err_undecided(err, "the signed content cannot be hashed: %s",
                           cret_library_reason(reason, sizeof(reason)));
        goto out;
    }
    if (!cret_library_holds(CMS_SignerInfo_verify_content(signer, chain))) {
        refuse_content(cms, err);
        goto out;
    }
    status = CRET_OK;
out:
    BIO_free_all(chain);
    return status;
}

/* What the value is over: the signed attributes under the tag of SET OF, not under [0] (RFC 5652
 * 5.4). Caller frees *ret_der. Memory only. */
static enum cret_status signed_attributes(uint8_t **ret_der, size_t *ret_size,
                                          const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_bytes attributes = cms->form.attributes;
    /* Tag and length stand right before the content; only the tag differs. */
    size_t header = 2;
    for (size_t rest = attributes.size; attributes.size >= 0x80 && rest > 0; rest >>= 8) {
        header++;
    }
    uint8_t *der = malloc(header + attributes.size);
    if (der == NULL) {
        return cret_err_memory(err);
    }
    memcpy(der, attributes.data - header, header + attributes.size);
    der[0] = CRET_DER_SET;
    *ret_der = der;
    *ret_size = header + attributes.size;
    return CRET_OK;
}

bool cret_cms_checkable(const struct cret_cms *cms)
{
    return cret_library_begin(NULL) == CRET_OK &&
           cret_public_key_available(&cret_certificate_parts(cms->chain[0])->key);
}

enum cret_status cret_cms_match_content(const struct cret_cms *cms, const uint8_t *content,
                                        size_t size, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    const struct cret_bytes expected = cms->attributes.message_digest;
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_library_done(
            EVP_Digest(content, size, digest, &length, cms->form.digest->md(), NULL))) {
        return cret_err_undecided(err, "the signed content cannot be hashed");
    }
    if (length == expected.size && memcmp(digest, expected.data, length) == 0) {
        return CRET_OK;
    }
    return refuse_content(cms, err);
}

/* Ed25519, ML-DSA, SLH-DSA: the key signs the attributes themselves. */
static enum cret_status verify_pure(const struct cret_cms *cms, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t *attributes = NULL;
    size_t size = 0;
    const struct cret_bytes value = cms->form.value;
    EVP_PKEY *key = X509_get0_pubkey(cret_certificate_x509(cms->chain[0]));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!cret_cms_checkable(cms) || key == NULL) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "this OpenSSL cannot verify signatures of the kind %s",
                        cms->algorithm_name);
        cret_err_hint(err, "use a verifier with OpenSSL 3.5 or newer");
        goto out;
    }
    if (context == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (signed_attributes(&attributes, &size, cms, err) != CRET_OK) {
        goto out;
    }
    if (!cret_library_done(EVP_DigestVerifyInit(context, NULL, NULL, NULL, key)) ||
        !cret_library_holds(EVP_DigestVerify(context, value.data, value.size, attributes, size))) {
        refuse_value(cms, err);
        goto out;
    }
    status = CRET_OK;
out:
    EVP_MD_CTX_free(context);
    free(attributes);
    return status;
}

enum cret_status cret_cms_verify(const struct cret_cms *cms, const uint8_t *content, size_t size,
                                 struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    CMS_ContentInfo *info = NULL;
    if (cret_library_begin(err) != CRET_OK || take_decoded(&info, cms, err) != CRET_OK) {
        goto out;
    }
    if (cms->algorithm->family == CRET_FAMILY_PURE) {
        if (verify_pure(cms, err) != CRET_OK ||
            cret_cms_match_content(cms, content, size, err) != CRET_OK) {
            goto out;
        }
    } else if (verify_signer(cms, info, content, size, err) != CRET_OK) {
        goto out;
    }
    status = CRET_OK;
out:
    CMS_ContentInfo_free(info);
    return status;
}

enum cret_status cret_cms_material(struct cret_cms_material *ret_material,
                                   const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_bytes info = cret_certificate_parts(cms->chain[0])->key_info;
    uint8_t *attributes = NULL;
    size_t attributes_size = 0;
    unsigned size = 0;
    if (signed_attributes(&attributes, &attributes_size, cms, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool done = cret_library_done(EVP_Digest(
        attributes, attributes_size, ret_material->digest, &size, cms->form.digest->md(), NULL));
    free(attributes);
    if (!done) {
        return cret_err_memory(err);
    }
    ret_material->digest_size = size;
    ret_material->key = info.data;
    ret_material->key_size = info.size;
    ret_material->value = cms->form.value.data;
    ret_material->value_size = cms->form.value.size;
    return CRET_OK;
}
