/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures that other tools made, brought into the one form. */
#include "keys/foreign.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "keys/sign.h"
#include "trust/asn1/library.h"
#include "trust/asn1/pem.h"
#include "trust/cms/cms_build.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"

#define ATTRIBUTES_MAXIMUM 16 /* the profile knows six */
#define HOW_WITH_OPENSSL                                                                           \
    "for OpenSSL: openssl cms -sign -binary -cades -nosmimecap -outform DER -in MANIFEST.json"

/* One signature on its way. */
struct foreign {
    const struct cret_foreign_signature *given;
    struct cret_findings *notes;
    CMS_ContentInfo *info;
    CMS_SignerInfo *signer; /* borrowed from info */
    STACK_OF(X509) * embedded;
    const struct cret_digest_algorithm *digest;
    uint8_t *attributes; /* SET OF, sorted */
    size_t attributes_size;
    struct cret_cms_attributes parsed; /* borrows from attributes */
    struct cret_certificate *chain[CRET_LIMIT_CHAIN];
    size_t chain_count;
};

static enum cret_status refuse(struct cret_err *err, const char *what, const char *hint)
{
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the signature %s", what);
    return hint != NULL ? cret_err_hint(err, "%s", hint) : CRET_FAILED;
}

static void note(const struct foreign *foreign, const char *what, const char *hint)
{
    cret_findings_add(foreign->notes, CRET_CHECK_SIGNATURE_FORM, CRET_RESULT_WARN,
                      (struct cret_finding_text){.where = foreign->given->origin, .hint = hint},
                      "%s", what);
}

/* BER too, since no signature covers how the outer structure is encoded. */
static enum cret_status read_cms(struct foreign *foreign, const uint8_t *der, size_t size,
                                 struct cret_err *err)
{
    const unsigned char *at = der;
    if (size == 0 || size > CRET_LIMIT_SIGNATURE_BYTES) {
        return refuse(err, "has an impossible size", NULL);
    }
    foreign->info = d2i_CMS_ContentInfo(NULL, &at, (long)size);
    ERR_clear_error();
    if (foreign->info == NULL || OBJ_obj2nid(CMS_get0_type(foreign->info)) != NID_pkcs7_signed) {
        return refuse(err, "is not CMS SignedData (RFC 5652)", HOW_WITH_OPENSSL);
    }
    if (at != der + size) {
        return refuse(err, "is followed by other bytes", NULL);
    }
    return CRET_OK;
}

static enum cret_status read_any(struct foreign *foreign, const char *data, size_t size,
                                 struct cret_err *err)
{
    static const char begin[] = "-----BEGIN ";
    if (cret_pem_is_der(data, size) || memmem(data, size, begin, sizeof(begin) - 1) == NULL) {
        return read_cms(foreign, (const uint8_t *)data, size, err);
    }
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    if (cret_pem_read(&blocks, &count, data, size, foreign->given->origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        count == 1
            ? read_cms(foreign, blocks[0].der, blocks[0].size, err)
            : refuse(err, "is one of several PEM blocks", "give one file for each signature");
    cret_pem_free(&blocks, count);
    return status;
}

/* The parts that no signature covers and that have no place in the one form. */
static enum cret_status check_outer(struct foreign *foreign, struct cret_err *err)
{
    ASN1_OCTET_STRING **content = CMS_get0_content(foreign->info);
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(foreign->info);
    STACK_OF(X509_CRL) *crls = CMS_get1_crls(foreign->info);
    const bool has_crls = sk_X509_CRL_num(crls) > 0;
    sk_X509_CRL_pop_free(crls, X509_CRL_free);
    ERR_clear_error();
    if (OBJ_obj2nid(CMS_get0_eContentType(foreign->info)) != NID_pkcs7_data) {
        return refuse(err, "is over a content type other than id-data", HOW_WITH_OPENSSL);
    }
    if (sk_CMS_SignerInfo_num(signers) != 1) {
        return refuse(err, "does not have exactly one SignerInfo",
                      "make one file for each signer, and attach all of them");
    }
    foreign->signer = sk_CMS_SignerInfo_value(signers, 0);
    foreign->embedded = CMS_get1_certs(foreign->info);
    if (content != NULL && *content != NULL) {
        note(foreign, "the embedded content was left out: the archive has it", NULL);
    }
    if (has_crls) {
        note(foreign, "embedded CRLs were left out", "verifiers take CRLs from their policy");
    }
    if (CMS_unsigned_get_attr_count(foreign->signer) > 0) {
        note(foreign, "unsigned attributes were left out",
             "a time stamp is added with cretula-sign timestamp");
    }
    return CRET_OK;
}

static enum cret_status read_digest(struct foreign *foreign, struct cret_err *err)
{
    X509_ALGOR *algorithm = NULL;
    CMS_SignerInfo_get0_algs(foreign->signer, NULL, NULL, &algorithm, NULL);
    const ASN1_OBJECT *oid = NULL;
    int kind = 0;
    X509_ALGOR_get0(&oid, &kind, NULL, algorithm);
    const int nid = OBJ_obj2nid(oid);
    foreign->digest = cret_digest_by_name(nid == NID_sha256   ? "sha256"
                                          : nid == NID_sha384 ? "sha384"
                                          : nid == NID_sha512 ? "sha512"
                                                              : "");
    if (foreign->digest == NULL) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_ALGORITHM,
                        "the signature uses a digest that is not accepted");
        cret_err_actual(err, "%s", OBJ_nid2ln(nid) != NULL ? OBJ_nid2ln(nid) : "unknown");
        return cret_err_expected(err, "SHA-256, SHA-384 or SHA-512");
    }
    return CRET_OK;
}

/* X.690 11.6. */
static int compare_encodings(const void *left, const void *right)
{
    const struct cret_buffer *a = left, *b = right;
    const size_t common = a->size < b->size ? a->size : b->size;
    const int order = memcmp(a->data, b->data, common);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

/* The signature is over the DER of the SET OF (RFC 5652 5.4), whatever order they were sent in. */
static enum cret_status read_attributes(struct foreign *foreign, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_buffer encodings[ATTRIBUTES_MAXIMUM] = {{0}}, joined = {0};
    unsigned char *whole = NULL;
    const int count = CMS_signed_get_attr_count(foreign->signer);
    if (count <= 0) {
        return refuse(err, "has no signed attributes", HOW_WITH_OPENSSL);
    }
    if (count > ATTRIBUTES_MAXIMUM) {
        return refuse(err, "has signed attributes that the profile does not know",
                      HOW_WITH_OPENSSL);
    }
    for (int i = 0; i < count; i++) {
        unsigned char *der = NULL;
        const int size = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(foreign->signer, i), &der);
        if (size > 0) {
            cret_buffer_append(&encodings[i], der, (size_t)size);
        }
        OPENSSL_free(der);
        if (size <= 0 || encodings[i].failed) {
            cret_err_memory(err);
            goto out;
        }
    }
    qsort(encodings, (size_t)count, sizeof(*encodings), compare_encodings);
    for (int i = 0; i < count; i++) {
        cret_buffer_append(&joined, encodings[i].data, encodings[i].size);
    }
    const int total = joined.failed ? -1 : ASN1_object_size(1, (int)joined.size, V_ASN1_SET);
    whole = total > 0 ? malloc((size_t)total) : NULL;
    if (whole == NULL) {
        cret_err_memory(err);
        goto out;
    }
    unsigned char *at = whole;
    ASN1_put_object(&at, 1, (int)joined.size, V_ASN1_SET, V_ASN1_UNIVERSAL);
    memcpy(at, joined.data, joined.size);
    foreign->attributes = whole;
    foreign->attributes_size = (size_t)total;
    const struct cret_cms_form form = {.digest = foreign->digest, .attributes = {at, joined.size}};
    status = cret_cms_attributes_parse(&foreign->parsed, whole, &form, err);
out:
    for (int i = 0; i < count; i++) {
        cret_buffer_free(&encodings[i]);
    }
    cret_buffer_free(&joined);
    return status;
}

static bool has_hash(const struct cret_cms_certificate_id *id, const uint8_t *der, size_t size)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    return cret_library_done(EVP_Digest(der, size, digest, &length, id->digest->md(), NULL)) &&
           length == id->hash.size && memcmp(digest, id->hash.data, length) == 0;
}

/* The certificate that an entry of signingCertificateV2 means: from the signature, or from those
 * that came with it. */
static enum cret_status find_certificate(struct foreign *foreign,
                                         const struct cret_cms_certificate_id *id,
                                         bool *ret_embedded, struct cret_err *err)
{
    struct cret_certificate **place = &foreign->chain[foreign->chain_count];
    enum cret_status status = CRET_OK;
    for (int i = 0; *place == NULL && i < sk_X509_num(foreign->embedded); i++) {
        unsigned char *der = NULL;
        const int size = i2d_X509(sk_X509_value(foreign->embedded, i), &der);
        if (size > 0 && has_hash(id, der, (size_t)size)) {
            status = cret_certificate_from_der(place, der, (size_t)size, err);
            *ret_embedded = true;
        }
        OPENSSL_free(der);
        if (status != CRET_OK) {
            return cret_err_context(err, "a certificate of the signature");
        }
    }
    for (size_t i = 0; *place == NULL && i < foreign->given->certificate_count; i++) {
        size_t size = 0;
        const uint8_t *der = cret_certificate_der(foreign->given->certificates[i], &size);
        if (has_hash(id, der, size) &&
            cret_certificate_from_der(place, der, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (*place == NULL) {
        refuse(err, "covers a certificate that does not come with it",
               "give it with --cert or --chain");
        cret_cms_expect_certificate(id, err);
        return cret_err_where(err, "entry %zu of signingCertificateV2", foreign->chain_count + 1);
    }
    foreign->chain_count++;
    return CRET_OK;
}

static enum cret_status find_chain(struct foreign *foreign, struct cret_err *err)
{
    int used = 0;
    bool written_out = false;
    for (size_t i = 0; i < foreign->parsed.id_count; i++) {
        bool embedded = false;
        const struct cret_cms_certificate_id *id = &foreign->parsed.ids[i];
        written_out = written_out || (id->explicit_hash && strcmp(id->digest->name, "sha256") == 0);
        if (find_certificate(foreign, &foreign->parsed.ids[i], &embedded, err) != CRET_OK) {
            return CRET_FAILED;
        }
        used += embedded ? 1 : 0;
    }
    if (CMS_SignerInfo_cert_cmp(foreign->signer, cret_certificate_x509(foreign->chain[0])) != 0) {
        ERR_clear_error();
        return refuse(err, "names another signer than signingCertificateV2 lists first", NULL);
    }
    if (written_out) {
        note(foreign,
             "signingCertificateV2 writes out the hash algorithm that is its default: it says the "
             "same, and was taken as the signature covers it",
             NULL);
    }
    const int dropped = sk_X509_num(foreign->embedded) - used;
    if (foreign->embedded != NULL && dropped > 0) {
        char text[160];
        (void)BIO_snprintf(text, sizeof(text),
                           "%d embedded %s left out: signingCertificateV2 does not list "
                           "%s, so the signature does not cover %s",
                           dropped,
                           cret_plural((uint64_t)dropped, "certificate was", "certificates were"),
                           cret_plural((uint64_t)dropped, "it", "them"),
                           cret_plural((uint64_t)dropped, "it", "them"));
        note(foreign, text,
             "verifiers need intermediates in their policy then; or sign what prepare --tbs with "
             "--chain writes");
    }
    return CRET_OK;
}

/* RSASSA-PSS has parameters, which the value follows from: those of the profile, or the value could
 * never verify under the identifier that is written in their place. */
static enum cret_status check_pss(const struct foreign *foreign, const X509_ALGOR *algorithm,
                                  struct cret_err *err)
{
    unsigned char *der = NULL;
    struct cret_pss pss = {NULL, NULL, 0};
    const int size = i2d_X509_ALGOR(algorithm, &der);
    if (size <= 0) {
        return cret_err_memory(err);
    }
    const bool read = cret_pss_read(&pss, (struct cret_bytes){der, (size_t)size});
    OPENSSL_free(der);
    if (read && pss.digest == foreign->digest && pss.mask_digest == foreign->digest &&
        pss.salt == foreign->digest->size) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_ALGORITHM,
                    "the signature is RSASSA-PSS with other parameters than the profile has");
    cret_err_expected(err, "%s, MGF1 with %s, a salt of %zu bytes", foreign->digest->name,
                      foreign->digest->name, foreign->digest->size);
    if (read) {
        cret_err_actual(err, "%s, MGF1 with %s, a salt of %u bytes", pss.digest->name,
                        pss.mask_digest->name, pss.salt);
    }
    return cret_err_hint(err, "sign with a salt as long as the digest; for OpenSSL: -keyopt "
                              "rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest");
}

/* PKCS#1 v1.5 and PSS are told apart by the identifier; all else follows from key and digest. */
static enum cret_status choose_algorithm(const struct foreign *foreign,
                                         const struct cret_signature_algorithm **ret_algorithm,
                                         struct cret_err *err)
{
    X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *oid = NULL;
    const struct cret_public_key *key = &cret_certificate_parts(foreign->chain[0])->key;
    CMS_SignerInfo_get0_algs(foreign->signer, NULL, NULL, NULL, &algorithm);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    const bool pss = OBJ_obj2nid(oid) == NID_rsassaPss;
    if (pss && check_pss(foreign, algorithm, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_algorithm = cret_signature_algorithm_for(key, foreign->digest, pss);
    if (*ret_algorithm == NULL) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_ALGORITHM,
                        "the signature algorithm does not fit the signer's key and digest");
        return cret_err_actual(err, "key %s, digest %s", key->name, foreign->digest->name);
    }
    return CRET_OK;
}

static enum cret_status rebuild(struct foreign *foreign, uint8_t **ret_der, size_t *ret_size,
                                struct cret_err *err)
{
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(foreign->signer);
    const struct cret_certificate *intermediates[CRET_LIMIT_CHAIN] = {NULL};
    struct cret_cms_plan plan = {.signer = foreign->chain[0],
                                 .intermediates = intermediates,
                                 .intermediate_count = foreign->chain_count - 1,
                                 .digest = foreign->digest};
    for (size_t i = 1; i < foreign->chain_count; i++) {
        intermediates[i - 1] = foreign->chain[i];
    }
    if (choose_algorithm(foreign, &plan.algorithm, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_cms_build(
        ret_der, ret_size, &plan,
        (struct cret_bytes){foreign->attributes, foreign->attributes_size},
        (struct cret_bytes){ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)}, err);
}

static enum cret_status check_signer(const struct foreign *foreign, struct cret_err *err)
{
    const struct cret_certificate *intermediates[CRET_LIMIT_CHAIN] = {NULL};
    for (size_t i = 1; i < foreign->chain_count; i++) {
        intermediates[i - 1] = foreign->chain[i];
    }
    const struct cret_sign_request request = {
        .certificate = foreign->chain[0],
        .chain = intermediates,
        .chain_count = foreign->chain_count - 1,
        .has_signing_time = true,
        .signing_time = foreign->given->now,
        .allow_example_keys = foreign->given->allow_example_keys,
    };
    return cret_sign_check(&request, err);
}

static enum cret_status verify(const uint8_t *der, size_t der_size, const uint8_t *content,
                               size_t size, struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    enum cret_status status = cret_cms_parse(&cms, der, der_size, err);
    if (status == CRET_OK) {
        status = cret_key_supported(cret_cms_signer(cms), err);
    }
    if (status == CRET_OK) {
        status = cret_cms_verify(cms, content, size, err);
        if (status != CRET_OK && err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_hint(err, "it must be over the MANIFEST.json of this very archive, by the "
                               "key of the certificate that it lists");
        }
    }
    cret_cms_free(&cms);
    return status;
}

static void clear(struct foreign *foreign)
{
    for (size_t i = 0; i < CRET_LIMIT_CHAIN; i++) {
        cret_certificate_free(&foreign->chain[i]);
    }
    sk_X509_pop_free(foreign->embedded, X509_free);
    CMS_ContentInfo_free(foreign->info);
    free(foreign->attributes);
}

enum cret_status cret_foreign_adapt(uint8_t **ret_der, size_t *ret_size,
                                    struct cret_findings *notes,
                                    const struct cret_foreign_signature *signature,
                                    const uint8_t *content, size_t size, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct foreign foreign = {.given = signature, .notes = notes};
    uint8_t *der = NULL;
    size_t der_size = 0;
    if (cret_library_begin(err) != CRET_OK ||
        read_any(&foreign, signature->data, signature->size, err) != CRET_OK ||
        check_outer(&foreign, err) != CRET_OK || read_digest(&foreign, err) != CRET_OK ||
        read_attributes(&foreign, err) != CRET_OK || find_chain(&foreign, err) != CRET_OK ||
        rebuild(&foreign, &der, &der_size, err) != CRET_OK ||
        verify(der, der_size, content, size, err) != CRET_OK ||
        check_signer(&foreign, err) != CRET_OK) {
        goto out;
    }
    *ret_der = der;
    *ret_size = der_size;
    der = NULL;
    status = CRET_OK;
out:
    free(der);
    clear(&foreign);
    return status;
}
