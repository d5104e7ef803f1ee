/* SPDX-License-Identifier: Apache-2.0 */
/* One SignedData held to the profile: its form, its attributes, its certificates, its algorithms.
 * A signature is one, and so is the timestamp token in it; neither value is verified here. */
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/der_write.h"
#include "trust/asn1/library.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"

#define FORM CRET_CHECK_SIGNATURE_FORM

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

/* A reference to the only certificate of a signature, out of all that OpenSSL decodes of it. */
static X509 *only_certificate(void *context, const uint8_t *der, size_t size)
{
    struct cret_cms *cms = context;
    CMS_ContentInfo *info = NULL;
    X509 *found = NULL;
    unsigned char *encoded = NULL;
    struct cret_cms_decoded *decoded = calloc(1, sizeof(*decoded));
    if (decoded == NULL || cret_cms_decode(&info, cms, NULL) != CRET_OK) {
        free(decoded);
        return NULL;
    }
    decoded->info = info;
    cms->decoded = decoded;
    STACK_OF(X509) *list = CMS_get1_certs(info);
    const int length = sk_X509_num(list) == 1 ? i2d_X509(sk_X509_value(list, 0), &encoded) : -1;
    if (length > 0 && (size_t)length == size && memcmp(encoded, der, size) == 0) {
        found = sk_X509_shift(list);
    }
    OPENSSL_free(encoded);
    sk_X509_pop_free(list, X509_free);
    return found;
}

/* One embedded certificate becomes the next of the chain. */
static enum cret_status take_certificate(struct cret_cms *cms, size_t index, struct cret_err *err)
{
    const struct cret_cms_form *form = &cms->form;
    /* One alone: of several, OpenSSL would see some before our walker did. */
    const struct cret_certificate_decoded decoded = {only_certificate, cms};
    const bool only = form->kind != CRET_CMS_TOKEN && form->certificate_count == 1;
    const struct cret_bytes der = form->certificates[index];
    if (cret_certificate_from_decoded(&cms->chain[cms->chain_count], der.data, der.size,
                                      only ? &decoded : NULL, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            err->check = err->check == CRET_CHECK_CERTIFICATE_ALGORITHM
                             ? CRET_CHECK_SIGNATURE_ALGORITHM
                             : FORM;
        }
        return cret_err_context(err, "certificate %zu of the signature", cms->chain_count + 1);
    }
    cms->chain_count++;
    return CRET_OK;
}

/* Of CAdES: certificates that the signature does not name, each the issuer of the one before it. */
static enum cret_status add_unnamed(struct cret_cms *cms, bool used[CRET_LIMIT_CHAIN],
                                    struct cret_err *err)
{
    const size_t count = cms->form.certificate_count;
    for (size_t i = 0; i < count && cms->chain_count < count; i++) {
        if (used[i]) {
            continue;
        }
        if (take_certificate(cms, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
        const struct cret_certificate *issuer = cms->chain[cms->chain_count - 1];
        if (cret_certificate_issued_by(cms->chain[cms->chain_count - 2], issuer)) {
            used[i] = true;
            i = SIZE_MAX; /* look among all others for the next one */
            continue;
        }
        cms->chain_count--;
        cret_certificate_free(&cms->chain[cms->chain_count]);
    }
    return cms->chain_count == count
               ? CRET_OK
               : refuse(err, cms->chain_count, "has certificates that are not one chain");
}

/* Each embedded certificate is listed once, in chain order, and nothing else is listed: then every
 * certificate byte is covered by the signature. */
static enum cret_status match_certificates(struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_cms_form *form = &cms->form;
    bool used[CRET_LIMIT_CHAIN] = {false};
    if (form->kind == CRET_CMS_CADES ? cms->attributes.id_count > form->certificate_count
                                     : cms->attributes.id_count != form->certificate_count) {
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
        if (take_certificate(cms, (size_t)found, err) != CRET_OK) {
            return CRET_FAILED;
        }
        const struct cret_certificate_parts *parts = cret_certificate_parts(cms->chain[i]);
        if (id->issuer.size != 0 && (!cret_bytes_equal(id->issuer, parts->issuer) ||
                                     !cret_bytes_equal(id->serial, parts->serial))) {
            return refuse(err, i, "gives another issuer or serial number than the certificate has");
        }
    }
    return add_unnamed(cms, used, err);
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
    if (cms->form.kind != CRET_CMS_TOKEN && cms->attributes.has_signing_time &&
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

enum cret_status cret_cms_object_parse(struct cret_cms **ret_cms, enum cret_cms_kind kind,
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
        check_protection(cms, err) != CRET_OK || check_linear(cms, err) != CRET_OK) {
        goto out;
    }
    *ret_cms = cms;
    cms = NULL;
    status = CRET_OK;
out:
    cret_cms_object_free(&cms);
    return status;
}

void cret_cms_object_free(struct cret_cms **cms)
{
    if (cms == NULL || *cms == NULL) {
        return;
    }
    for (size_t i = 0; i < CRET_LIMIT_CHAIN; i++) {
        cret_certificate_free(&(*cms)->chain[i]);
    }
    if ((*cms)->decoded != NULL) {
        CMS_ContentInfo_free((*cms)->decoded->info);
    }
    free((*cms)->decoded);
    free((*cms)->der);
    free(*cms);
    *cms = NULL;
}

bool cret_cms_is_post_quantum(const struct cret_cms *cms)
{
    return cret_public_key_is_post_quantum(&cret_certificate_parts(cms->chain[0])->key);
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
