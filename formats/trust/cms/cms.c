/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/cms/cms.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/der_write.h"
#include "trust/asn1/library.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"

#define FORM CRET_CHECK_SIGNATURE_FORM

struct cret_cms {
    uint8_t *der;
    size_t size;
    struct cret_cms_form form; /* points into der, as do the attributes */
    struct cret_cms_attributes attributes;
    struct cret_certificate *chain[CRET_LIMIT_CHAIN]; /* signer first */
    size_t chain_count;
    const struct cret_signature_algorithm *algorithm;
    struct cret_timestamp *timestamp; /* NULL: none */
    char algorithm_name[48];
};

const char *cret_meaning_name(enum cret_meaning meaning)
{
    static const char *const names[CRET_MEANING_COUNT] = {
        [CRET_MEANING_NONE] = "none",
        [CRET_MEANING_ORIGIN] = "origin",
        [CRET_MEANING_APPROVAL] = "approval",
        [CRET_MEANING_RECEIPT] = "receipt",
    };
    return (size_t)meaning < CRET_MEANING_COUNT ? names[meaning] : "unknown";
}

/* Which embedded certificate has this hash? -1: none. */
static int find_certificate(const struct cret_cms_form *form,
                            const struct cret_cms_certificate_id *id)
{
    for (size_t i = 0; i < form->certificate_count; i++) {
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned length = 0;
        const struct cret_bytes der = form->certificates[i];
        if (cret_library_done(
                EVP_Digest(der.data, der.size, digest, &length, id->digest->md(), NULL)) &&
            length == id->hash.size && memcmp(digest, id->hash.data, length) == 0) {
            return (int)i;
        }
    }
    return -1;
}

enum cret_status cret_cms_expect_certificate(const struct cret_cms_certificate_id *id,
                                             struct cret_err *err)
{
    char hex[2 * CRET_DIGEST_BYTES_MAXIMUM + 1];
    cret_hex_encode(hex, id->hash.data, id->hash.size);
    return cret_err_expected(err, "the certificate with %s %s", id->digest->name, hex);
}

static enum cret_status refuse(struct cret_err *err, size_t index, const char *what)
{
    cret_err_refuse(err, FORM, "the signature %s", what);
    return cret_err_where(err, "entry %zu of signingCertificateV2", index + 1);
}

/* Each embedded certificate is listed once, in chain order, and nothing else is listed: then every
 * certificate byte is covered by the signature. */
static enum cret_status match_certificates(struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_cms_form *form = &cms->form;
    bool used[CRET_LIMIT_CHAIN] = {false};
    if (cms->attributes.id_count != form->certificate_count) {
        cret_err_refuse(err, FORM,
                        "the signature embeds %zu certificates, but lists %zu of them "
                        "in signingCertificateV2",
                        form->certificate_count, cms->attributes.id_count);
        return cret_err_hint(err, "embed exactly the certificates that the signature covers");
    }
    for (size_t i = 0; i < cms->attributes.id_count; i++) {
        const struct cret_cms_certificate_id *id = &cms->attributes.ids[i];
        const int found = find_certificate(form, id);
        if (found < 0) {
            refuse(err, i, "lists a certificate that it does not embed");
            return cret_cms_expect_certificate(id, err);
        }
        if (used[found]) {
            return refuse(err, i, "lists the same certificate twice");
        }
        used[found] = true;
        const struct cret_bytes der = form->certificates[found];
        if (cret_certificate_from_der(&cms->chain[i], der.data, der.size, err) != CRET_OK) {
            if (err != NULL && err->class == CRET_ERR_REFUSED) {
                err->check = err->check == CRET_CHECK_CERTIFICATE_ALGORITHM
                                 ? CRET_CHECK_SIGNATURE_ALGORITHM
                                 : FORM;
            }
            return cret_err_context(err, "certificate %zu of the signature", i + 1);
        }
        cms->chain_count++;
        const struct cret_certificate_parts *parts = cret_certificate_parts(cms->chain[i]);
        if (id->issuer.size != 0 && (!cret_bytes_equal(id->issuer, parts->issuer) ||
                                     !cret_bytes_equal(id->serial, parts->serial))) {
            return refuse(err, i, "gives another issuer or serial number than the certificate has");
        }
    }
    return CRET_OK;
}

/* The list is one path: each certificate was issued by the next one. Where this OpenSSL cannot use
 * the issuer's key, the names must fit; no path through such a key is ever found (chain.h). */
static enum cret_status check_linear(const struct cret_cms *cms, struct cret_err *err)
{
    for (size_t i = 0; i + 1 < cms->chain_count; i++) {
        const struct cret_certificate *issuer = cms->chain[i + 1];
        if (!(cret_public_key_available(&cret_certificate_parts(issuer)->key)
                  ? cret_certificate_issued_by(cms->chain[i], issuer)
                  : cret_certificate_names_issuer(cms->chain[i], issuer))) {
            return refuse(err, i + 1, "has certificates that are not one chain in order");
        }
    }
    return CRET_OK;
}

static enum cret_status check_signer(const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_certificate_parts *parts = cret_certificate_parts(cms->chain[0]);
    if (!cret_bytes_equal(cms->form.issuer, parts->issuer) ||
        !cret_bytes_equal(cms->form.serial, parts->serial)) {
        return cret_err_refuse(err, FORM,
                               "the signature names another issuer or serial number than its "
                               "signer's certificate has");
    }
    return CRET_OK;
}

static enum cret_status check_key(const struct cret_cms *cms, bool allow_rsa_2048,
                                  struct cret_err *err)
{
    const struct cret_public_key *key = &cret_certificate_parts(cms->chain[0])->key;
    const char *weakness = cret_public_key_weakness_under(key, allow_rsa_2048);
    if (weakness == NULL) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_ALGORITHM, "the %s's key is not accepted: %s",
                    cms->form.kind == CRET_CMS_TOKEN ? "timestamp authority" : "signer", weakness);
    cret_err_actual(err, "%s", key->name);
    return cret_public_key_is_rsa_2048(key) ? cret_err_hint(err, CRET_RSA_2048_HINT) : CRET_FAILED;
}

static enum cret_status check_algorithm(struct cret_cms *cms, bool allow_rsa_2048,
                                        struct cret_err *err)
{
    const struct cret_public_key *key = &cret_certificate_parts(cms->chain[0])->key;
    if (check_key(cms, allow_rsa_2048, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cms->form.kind == CRET_CMS_SIGNATURE && cms->attributes.has_signing_time &&
        cret_public_key_is_post_quantum(key)) {
        cret_err_refuse(err, FORM, "the signature by a post-quantum key has a signingTime");
        cret_err_expected(err, "none: a verifier that lacks the algorithm could not hold it to "
                               "anything");
        return cret_err_hint(err, "sign without it; for OpenSSL 3.5: openssl cms -sign "
                                  "-no_signing_time");
    }
    cms->algorithm =
        cms->form.kind == CRET_CMS_TOKEN
            ? cret_signature_algorithm_find_any(key, cms->form.digest, cms->form.algorithm)
            : cret_signature_algorithm_find(key, cms->form.digest, cms->form.algorithm);
    if (cms->algorithm == NULL) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_ALGORITHM,
                        "the signature algorithm, or its encoding, does not fit the signer's key "
                        "and digest");
        cret_err_where(err, "byte %zu of the signature",
                       (size_t)(cms->form.algorithm.data - cms->der));
        cret_err_expected(err, "rsaEncryption with NULL, RSASSA-PSS with MGF1 and the same digest "
                               "and a salt of its length, ecdsa-with-SHA2 of the same digest, or "
                               "Ed25519, ML-DSA or SLH-DSA with SHA-512");
        return cret_err_actual(err, "key %s, digest %s", key->name, cms->form.digest->name);
    }
    cret_signature_algorithm_name(cms->algorithm_name, sizeof(cms->algorithm_name), cms->algorithm,
                                  key);
    return cret_signature_value_form(key, cms->form.value, err);
}

/* RFC 6211: what the signer meant is what the fields say; the same algorithms, in whichever of the
 * equivalent ways they are written there, where they cannot be written anew. */
static enum cret_status check_protection(const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_cms_attributes *attributes = &cms->attributes;
    const struct cret_bytes content = attributes->protected_signature;
    const struct cret_public_key *key = &cret_certificate_parts(cms->chain[0])->key;
    struct cret_buffer der = {0};
    if (attributes->protected_digest.size == 0) {
        return CRET_OK;
    }
    /* Its tag is implicit there. */
    cret_der_put(&der, CRET_DER_SEQUENCE, content.data, content.size);
    const struct cret_bytes identifier = {(const uint8_t *)der.data, der.size};
    const bool failed = der.failed;
    const bool same =
        !failed &&
        cret_digest_by_any_identifier(attributes->protected_digest) == cms->form.digest &&
        cret_signature_algorithm_find_any(key, cms->form.digest, identifier) == cms->algorithm;
    cret_buffer_free(&der);
    if (failed) {
        return cret_err_memory(err);
    }
    if (same) {
        return CRET_OK;
    }
    return cret_err_refuse(err, FORM,
                           "the signature's cmsAlgorithmProtection names other algorithms than its "
                           "fields do");
}

static enum cret_status parse(struct cret_cms **ret_cms, enum cret_cms_kind kind,
                              const uint8_t *der, size_t size, bool allow_rsa_2048,
                              struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_cms *cms = NULL;
    if (cret_library_begin(err) != CRET_OK) {
        goto out;
    }
    if (size == 0 || size > CRET_LIMIT_SIGNATURE_BYTES) {
        cret_err_refuse(err, FORM, "the signature has an impossible size of %zu bytes", size);
        cret_err_expected(err, "1 to %u bytes", CRET_LIMIT_SIGNATURE_BYTES);
        goto out;
    }
    cms = calloc(1, sizeof(*cms));
    if (cms != NULL) {
        cms->der = malloc(size);
    }
    if (cms == NULL || cms->der == NULL) {
        cret_err_memory(err);
        goto out;
    }
    memcpy(cms->der, der, size);
    cms->size = size;
    if (cret_cms_form_parse(&cms->form, kind, cms->der, size, err) != CRET_OK ||
        cret_cms_attributes_parse(&cms->attributes, cms->der, &cms->form, err) != CRET_OK ||
        match_certificates(cms, err) != CRET_OK || check_signer(cms, err) != CRET_OK ||
        check_algorithm(cms, allow_rsa_2048, err) != CRET_OK ||
        check_protection(cms, err) != CRET_OK || check_linear(cms, err) != CRET_OK ||
        (cms->form.token.size > 0 &&
         cret_timestamp_parse(&cms->timestamp, cms->form.token, cms->form.value, allow_rsa_2048,
                              err) != CRET_OK)) {
        goto out;
    }
    *ret_cms = cms;
    cms = NULL;
    status = CRET_OK;
out:
    cret_cms_free(&cms);
    return status;
}

enum cret_status cret_cms_parse(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                struct cret_err *err)
{
    return parse(ret_cms, CRET_CMS_SIGNATURE, der, size, false, err);
}

enum cret_status cret_cms_parse_under(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                      bool allow_rsa_2048, struct cret_err *err)
{
    return parse(ret_cms, CRET_CMS_SIGNATURE, der, size, allow_rsa_2048, err);
}

enum cret_status cret_cms_parse_token(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                      bool allow_rsa_2048, struct cret_err *err)
{
    return parse(ret_cms, CRET_CMS_TOKEN, der, size, allow_rsa_2048, err);
}

void cret_cms_free(struct cret_cms **cms)
{
    if (cms == NULL || *cms == NULL) {
        return;
    }
    for (size_t i = 0; i < CRET_LIMIT_CHAIN; i++) {
        cret_certificate_free(&(*cms)->chain[i]);
    }
    cret_timestamp_free(&(*cms)->timestamp);
    free((*cms)->der);
    free(*cms);
    *cms = NULL;
}

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

bool cret_cms_is_post_quantum(const struct cret_cms *cms)
{
    return cret_public_key_is_post_quantum(&cret_certificate_parts(cms->chain[0])->key);
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
    char reason[120];
    const unsigned char *at = cms->der;
    if (cret_library_begin(err) != CRET_OK) {
        goto out;
    }
    info = d2i_CMS_ContentInfo(NULL, &at, (long)cms->size);
    if (info == NULL || at != cms->der + cms->size) {
        cret_err_refuse(err, FORM, "the signature cannot be read: %s",
                        cret_library_reason(reason, sizeof(reason)));
        goto out;
    }
    if (same_bytes(cms, info, err) != CRET_OK) {
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

const struct cret_certificate *cret_cms_signer(const struct cret_cms *cms)
{
    return cms->chain[0];
}

size_t cret_cms_intermediate_count(const struct cret_cms *cms)
{
    return cms->chain_count - 1;
}

const struct cret_certificate *cret_cms_intermediate(const struct cret_cms *cms, size_t index)
{
    return index + 1 < cms->chain_count ? cms->chain[index + 1] : NULL;
}

enum cret_meaning cret_cms_meaning(const struct cret_cms *cms)
{
    return cms->attributes.meaning;
}

const struct cret_timestamp *cret_cms_timestamp(const struct cret_cms *cms)
{
    return cms->timestamp;
}

const struct cret_cms_form *cret_cms_form(const struct cret_cms *cms)
{
    return &cms->form;
}

bool cret_cms_named_by_sha1(const struct cret_cms *cms)
{
    return cms->attributes.named_by_sha1;
}

bool cret_cms_signing_time(const struct cret_cms *cms, int64_t *ret_seconds)
{
    if (cms->attributes.has_signing_time) {
        *ret_seconds = cms->attributes.signing_time;
    }
    return cms->attributes.has_signing_time;
}

const char *cret_cms_algorithm(const struct cret_cms *cms)
{
    return cms->algorithm_name;
}

void cret_cms_member_name(const struct cret_cms *cms, char out[17])
{
    cret_hex_encode(out, cret_certificate_key_digest(cms->chain[0]), 8);
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
