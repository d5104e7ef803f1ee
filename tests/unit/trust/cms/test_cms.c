/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures: good ones of each algorithm, made by ourselves and by OpenSSL; forgeries; every
 * flipped bit. */
#include <criterion/criterion.h>
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "pki.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms.h"
#include "trust/x509/certificate_parts.h"

static const char content[] = "{\n  \"cretula\": \"manifest/1\"\n}\n";

Test(cms, algorithms)
{
    static const struct {
        const char *key;
        const char *digest;
        bool pss;
        const char *name;
    } rows[] = {
        {"P-256", "sha256", false, "ecdsa-p256-sha256"},
        {"P-256", "sha512", false, "ecdsa-p256-sha512"},
        {"P-384", "sha384", false, "ecdsa-p384-sha384"},
        {"P-521", "sha512", false, "ecdsa-p521-sha512"},
        {"RSA-3072", "sha256", false, "rsa-3072-pkcs1-sha256"},
        {"RSA-3072", "sha384", true, "rsa-3072-pss-sha384"},
        {"ED25519", "sha512", false, "ed25519-sha512"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pki_entity leaf = pki_make((struct pki_spec){
            .name = "Signer", .algorithm = rows[i].key, .extensions = {PKI_LEAF}});
        struct forge forge;
        struct cret_cms *cms = NULL;
        struct cret_err err;
        size_t size = 0;
        uint8_t hash[64];
        unsigned length = 0;
        struct cret_buffer value = {0};
        forge_begin(&forge, &leaf, content, NULL, 0);
        forge.digest = cret_digest_by_name(rows[i].digest);
        forge.pss = rows[i].pss;
        cr_assert_eq(EVP_Digest(content, strlen(content), hash, &length, forge.digest->md(), NULL),
                     1);
        der_put(&value, CRET_DER_OCTET_STRING, hash, length);
        forge_replace(&forge, 1, cret_oid_message_digest, value.data, value.size);
        uint8_t *der = forge_write(&forge, &size);
        cret_err_clear(&err);
        cr_assert_eq(cret_cms_parse(&cms, der, size, &err), CRET_OK, "%s: %s", rows[i].name,
                     err.what);
        cr_expect_str_eq(cret_cms_algorithm(cms), rows[i].name);
        cr_expect_eq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), &err), CRET_OK,
                     "%s: %s", rows[i].name, err.what);
        cr_expect_neq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content) - 1, &err),
                      CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
        cr_expect_eq(cret_cms_meaning(cms), CRET_MEANING_NONE);
        cret_cms_free(&cms);
        cret_buffer_free(&value);
        free(der);
        forge_end(&forge);
        pki_clear(&leaf);
    }
}

/* The hints of the design: partial signing, signingCertificateV2 over the whole chain. */
static uint8_t *sign_with_openssl(const struct pki_entity *leaf, const struct pki_entity *issuer,
                                  unsigned extra_flags, bool all_listed, size_t *ret_size)
{
    const unsigned flags =
        CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_NOCERTS | extra_flags;
    STACK_OF(X509) *chain = sk_X509_new_null();
    uint8_t *der = NULL, *encoded = NULL;
    int size = 0;
    cr_assert_gt(sk_X509_push(chain, issuer->x509), 0);
    BIO *data = BIO_new_mem_buf(content, (int)strlen(content));
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    CMS_SignerInfo *signer = CMS_add1_signer(cms, leaf->x509, leaf->pkey, EVP_sha256(), flags);
    cr_assert_not_null(signer);
    ESS_SIGNING_CERT_V2 *list =
        OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), leaf->x509, all_listed ? chain : NULL, 1);
    size = i2d_ESS_SIGNING_CERT_V2(list, &encoded);
    ASN1_STRING *sequence = ASN1_STRING_new();
    ASN1_STRING_set(sequence, encoded, size);
    cr_assert_eq(CMS_signed_add1_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2,
                                             V_ASN1_SEQUENCE, sequence, -1),
                 1);
    cr_assert_eq(CMS_add1_cert(cms, leaf->x509), 1);
    cr_assert_eq(CMS_add1_cert(cms, issuer->x509), 1);
    cr_assert_eq(CMS_final(cms, data, NULL, flags), 1);
    size = i2d_CMS_ContentInfo(cms, &der);
    cr_assert_gt(size, 0);
    *ret_size = (size_t)size;
    ASN1_STRING_free(sequence);
    ESS_SIGNING_CERT_V2_free(list);
    OPENSSL_free(encoded);
    CMS_ContentInfo_free(cms);
    sk_X509_free(chain);
    BIO_free(data);
    return der;
}

Test(cms, openssl_signs_in_the_profile)
{
    struct pki_chain f = pki_chain_make();
    struct cret_cms *cms = NULL;
    struct cret_err err;
    size_t size = 0;
    int64_t when = 0;
    char name[17], hex[65];
    uint8_t *der = sign_with_openssl(&f.leaf, &f.middle, 0, true, &size);
    cret_err_clear(&err);
    cr_assert_eq(cret_cms_parse(&cms, der, size, &err), CRET_OK, "%s: %s", err.what, err.where);
    cr_expect_eq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), &err), CRET_OK,
                 "%s", err.what);
    cr_expect(cret_cms_signing_time(cms, &when));
    cr_expect_gt(when, 0);
    cr_expect_eq(cret_cms_intermediate_count(cms), 1);
    cr_expect_str_eq(cret_certificate_subject(cret_cms_signer(cms)), "CN=Signer,O=Unit");
    cr_expect_str_eq(cret_certificate_subject(cret_cms_intermediate(cms, 0)), "CN=Middle,O=Unit");
    cr_expect_null(cret_cms_intermediate(cms, 1));
    cret_cms_member_name(cms, name);
    cret_hex_encode(hex, cret_certificate_key_digest(f.leaf.certificate), 32);
    cr_expect_eq(strncmp(name, hex, 16), 0);
    cr_expect_eq(strlen(name), 16);
    cret_cms_free(&cms);
    OPENSSL_free(der);

    /* A certificate that no attribute lists could be exchanged. */
    der = sign_with_openssl(&f.leaf, &f.middle, 0, false, &size);
    cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    OPENSSL_free(der);

    /* The signer by key identifier. */
    struct pki_entity with_identifier =
        pki_make((struct pki_spec){.name = "Signer",
                                   .issuer = &f.middle,
                                   .extensions = {PKI_LEAF, "subjectKeyIdentifier=hash"}});
    der = sign_with_openssl(&with_identifier, &f.middle, CMS_USE_KEYID, true, &size);
    cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    OPENSSL_free(der);
    pki_clear(&with_identifier);
    pki_chain_clear(&f);
}

/* A SignerInfo without signed attributes: OpenSSL verifies it, we do not take it. */
static uint8_t *sign_without_attributes(const struct pki_entity *leaf, const char *text,
                                        size_t text_size, size_t *ret_size)
{
    uint8_t *der = NULL;
    BIO *data = BIO_new_mem_buf(text, (int)text_size);
    CMS_ContentInfo *cms =
        CMS_sign(leaf->x509, leaf->pkey, NULL, data, CMS_DETACHED | CMS_BINARY | CMS_NOATTR);
    cr_assert_not_null(cms);
    const int size = i2d_CMS_ContentInfo(cms, &der);
    cr_assert_gt(size, 0);
    *ret_size = (size_t)size;
    CMS_ContentInfo_free(cms);
    BIO_free(data);
    return der;
}

static bool openssl_accepts(const uint8_t *der, size_t size, const void *text, size_t text_size)
{
    const unsigned char *at = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)size);
    BIO *data = BIO_new_mem_buf(text, (int)text_size);
    const bool accepted = cms != NULL && CMS_verify(cms, NULL, NULL, data, NULL,
                                                    CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    BIO_free(data);
    CMS_ContentInfo_free(cms);
    return accepted;
}

Test(cms, lesson_13_signed_attributes_are_required)
{
    struct pki_chain f = pki_chain_make();
    struct cret_err err;
    size_t size = 0;
    uint8_t *der = sign_without_attributes(&f.leaf, content, strlen(content), &size);
    cr_assert(openssl_accepts(der, size, content, strlen(content)), "the premise of this test");
    cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    cr_expect_not_null(strstr(err.what, "no signed attributes"), "%s", err.what);
    OPENSSL_free(der);

    /* The same, otherwise in the profile. */
    struct forge forge;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    forge.no_attributes = true;
    der = forge_write(&forge, &size);
    cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "no signed attributes"), "%s", err.what);
    free(der);
    forge_end(&forge);
    pki_chain_clear(&f);
}

/* The forgery: the signed attributes of a good signature become the content of one without. */
Test(cms, lesson_13_stripped_attributes_as_content)
{
    struct pki_chain f = pki_chain_make();
    struct forge forge, forged;
    struct cret_err err;
    size_t size = 0, forged_size = 0;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    uint8_t *good = forge_write(&forge, &size);
    cr_assert_eq(pki_judge(good, size, content, &err), CRET_OK, "%s", err.what);

    /* Out of the good signature alone: the attributes as a SET, and the value. */
    const unsigned char *at = good;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)size);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
    struct cret_bytes attributes[3];
    struct cret_buffer set = {0};
    for (size_t i = 0; i < 3; i++) {
        attributes[i] = (struct cret_bytes){(const uint8_t *)forge.attributes[i].data,
                                            forge.attributes[i].size};
    }
    size_t start = 0;
    for (size_t i = 0; i + 4 < size && start == 0; i++) {
        /* [0] with the attributes follows the digest algorithm of SignerInfo. */
        if (good[i] == 0xa0 && good[i + 1] == 0x81 &&
            good[i + 2] == attributes[0].size + attributes[1].size + attributes[2].size) {
            start = i;
        }
    }
    cr_assert_gt(start, 0u);
    cret_buffer_append(&set, good + start, 3u + good[start + 2]);
    set.data[0] = 0x31;

    forge_begin(&forged, &f.leaf, content, NULL, 0);
    forged.no_attributes = true;
    der_put(&forged.value, CRET_DER_OCTET_STRING, ASN1_STRING_get0_data(value),
            (size_t)ASN1_STRING_length(value));
    uint8_t *bad = forge_write(&forged, &forged_size);
    cr_assert(openssl_accepts(bad, forged_size, set.data, set.size),
              "the premise: OpenSSL takes the forgery");
    struct cret_cms *parsed = NULL;
    cret_err_clear(&err);
    cr_expect_neq(cret_cms_parse(&parsed, bad, forged_size, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "no signed attributes"), "%s", err.what);
    free(bad);
    free(good);
    cret_buffer_free(&set);
    CMS_ContentInfo_free(cms);
    forge_end(&forge);
    forge_end(&forged);
    pki_chain_clear(&f);
}

/* Every flipped bit, every truncation, every appended byte: none may be accepted. */
static void flip_everything(const char *algorithm)
{
    struct pki_entity leaf = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = algorithm, .extensions = {PKI_LEAF}});
    struct forge forge;
    struct cret_err err;
    size_t size = 0, accepted = 0, tries = 0;
    forge_begin(&forge, &leaf, content, NULL, 0);
    uint8_t *der = forge_write(&forge, &size);
    cr_assert_eq(pki_judge(der, size, content, &err), CRET_OK, "%s", err.what);
    for (size_t bit = 0; bit < size * 8; bit++) {
        der[bit / 8] = (uint8_t)(der[bit / 8] ^ (1u << (bit % 8)));
        if (pki_judge(der, size, content, &err) == CRET_OK) {
            accepted++;
            cr_log_error("%s: bit %zu of byte %zu accepted", algorithm, bit % 8, bit / 8);
        }
        der[bit / 8] = (uint8_t)(der[bit / 8] ^ (1u << (bit % 8)));
        tries++;
    }
    for (size_t length = 0; length < size; length++) {
        accepted += pki_judge(der, length, content, &err) == CRET_OK;
        tries++;
    }
    uint8_t *longer = calloc(1, size + 1);
    memcpy(longer, der, size);
    for (unsigned byte = 0; byte < 256; byte++) {
        longer[size] = (uint8_t)byte;
        accepted += pki_judge(longer, size + 1, content, &err) == CRET_OK;
        tries++;
    }
    cr_assert_gt(tries, size * 9);
    cr_assert_eq(accepted, 0, "%zu of %zu accepted", accepted, tries);
    cr_assert_eq(pki_judge(der, size, content, &err), CRET_OK, "unchanged, it is accepted again");
    cr_log_info("%s: %zu tries, 0 accepted", algorithm, tries);
    free(longer);
    free(der);
    forge_end(&forge);
    pki_clear(&leaf);
}

Test(cms, every_change_of_an_ecdsa_signature_is_refused)
{
    flip_everything("P-256");
}

Test(cms, every_change_of_an_rsa_signature_is_refused)
{
    flip_everything("RSA-3072");
}

Test(cms, every_bit_of_the_content_counts)
{
    struct pki_chain f = pki_chain_make();
    struct cret_err err;
    char changed[sizeof(content)];
    struct cret_cms *cms = pki_cms(&f.leaf, content, CRET_MEANING_ORIGIN, NULL, 0);
    cr_expect_eq(cret_cms_meaning(cms), CRET_MEANING_ORIGIN);
    memcpy(changed, content, sizeof(content));
    for (size_t bit = 0; bit < 8 * strlen(content); bit++) {
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << (bit % 8)));
        cr_assert_neq(cret_cms_verify(cms, (const uint8_t *)changed, strlen(content), &err),
                      CRET_OK);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << (bit % 8)));
    }
    cr_assert_eq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), &err), CRET_OK);
    cret_cms_free(&cms);
    pki_chain_clear(&f);
}

/* r and n - s is another signature of the same key over the same bytes: another file of the same
 * release. r and s beyond the order, zero, or padded are not. */
Test(cms, ecdsa_values)
{
    const struct cret_public_key key = {.kind = CRET_KEY_P256, .bits = 256};
    static const uint8_t order[] = {0x00, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
                                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
                                    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9,
                                    0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    static const struct {
        const char *why;
        uint8_t r[40];
        size_t r_size;
        bool good;
    } rows[] = {
        {"one", {0x01}, 1, true},       {"zero", {0x00}, 1, false},
        {"negative", {0x80}, 1, false}, {"padded", {0x00, 0x01}, 2, false},
        {"empty", {0}, 0, false},       {"longer than the order", {0x01}, 34, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int place = 0; place < 2; place++) {
            struct cret_buffer pair = {0}, value = {0};
            der_put(&pair, CRET_DER_INTEGER, place == 0 ? rows[i].r : rows[0].r,
                    place == 0 ? rows[i].r_size : 1);
            der_put(&pair, CRET_DER_INTEGER, place == 1 ? rows[i].r : rows[0].r,
                    place == 1 ? rows[i].r_size : 1);
            der_wrap(&value, CRET_DER_SEQUENCE, &pair);
            const struct cret_bytes bytes = {(const uint8_t *)value.data, value.size};
            cr_expect_eq(cret_signature_value_form(&key, bytes, NULL),
                         rows[i].good ? CRET_OK : CRET_FAILED, "%s at %d", rows[i].why, place);
            cret_buffer_free(&value);
        }
    }
    for (int less = 0; less < 2; less++) {
        uint8_t r[sizeof(order)];
        struct cret_buffer pair = {0}, value = {0};
        memcpy(r, order, sizeof(r));
        r[sizeof(r) - 1] = (uint8_t)(r[sizeof(r) - 1] - less);
        der_put(&pair, CRET_DER_INTEGER, r, sizeof(r));
        der_put(&pair, CRET_DER_INTEGER, rows[0].r, 1);
        der_wrap(&value, CRET_DER_SEQUENCE, &pair);
        const struct cret_bytes bytes = {(const uint8_t *)value.data, value.size};
        cr_expect_eq(cret_signature_value_form(&key, bytes, NULL), less ? CRET_OK : CRET_FAILED,
                     "the order itself is not below the order");
        cret_buffer_free(&value);
    }
    const struct cret_public_key rsa = {.kind = CRET_KEY_RSA, .bits = 3072};
    static const uint8_t zeros[385];
    for (size_t size = 383; size <= 385; size++) {
        const struct cret_bytes bytes = {zeros, size};
        cr_expect_eq(cret_signature_value_form(&rsa, bytes, NULL),
                     size == 384 ? CRET_OK : CRET_FAILED);
    }
}
