/* SPDX-License-Identifier: Apache-2.0 */
/* The CMS profile: good signatures of each algorithm, made by ourselves and by OpenSSL; and every
 * deviation that signatures.md names, one by one. */
#include <criterion/criterion.h>
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "pki.h"
#include "trust/certificate_parts.h"
#include "trust/cms.h"
#include "trust/oid.h"

static const char content[] = "{\n  \"cretula\": \"manifest/1\"\n}\n";

/* Parsed and verified as a verifier would. */
static enum cret_status judge(const uint8_t *der, size_t size, const char *text,
                              struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    cret_err_clear(err);
    enum cret_status status = cret_cms_parse(&cms, der, size, err);
    if (status == CRET_OK)
        status = cret_cms_verify(cms, (const uint8_t *)text, strlen(text), err);
    cret_cms_free(&cms);
    return status;
}

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
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
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

struct fixture {
    struct pki_entity root, middle, leaf;
};

static struct fixture make_fixture(void)
{
    struct fixture f;
    f.root = pki_root("Root");
    f.middle =
        pki_make((struct pki_spec){.name = "Middle", .issuer = &f.root, .extensions = {PKI_CA}});
    f.leaf = pki_leaf("Signer", &f.middle);
    return f;
}

static void clear_fixture(struct fixture *f)
{
    pki_clear(&f->root);
    pki_clear(&f->middle);
    pki_clear(&f->leaf);
}

Test(cms, openssl_signs_in_the_profile)
{
    struct fixture f = make_fixture();
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
    cr_expect_neq(judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    OPENSSL_free(der);

    /* The signer by key identifier. */
    struct pki_entity with_identifier =
        pki_make((struct pki_spec){.name = "Signer",
                                   .issuer = &f.middle,
                                   .extensions = {PKI_LEAF, "subjectKeyIdentifier=hash"}});
    der = sign_with_openssl(&with_identifier, &f.middle, CMS_USE_KEYID, true, &size);
    cr_expect_neq(judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    OPENSSL_free(der);
    pki_clear(&with_identifier);
    clear_fixture(&f);
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
    struct fixture f = make_fixture();
    struct cret_err err;
    size_t size = 0;
    uint8_t *der = sign_without_attributes(&f.leaf, content, strlen(content), &size);
    cr_assert(openssl_accepts(der, size, content, strlen(content)), "the premise of this test");
    cr_expect_neq(judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    cr_expect_not_null(strstr(err.what, "no signed attributes"), "%s", err.what);
    OPENSSL_free(der);

    /* The same, otherwise in the profile. */
    struct forge forge;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    forge.no_attributes = true;
    der = forge_write(&forge, &size);
    cr_expect_neq(judge(der, size, content, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "no signed attributes"), "%s", err.what);
    free(der);
    forge_end(&forge);
    clear_fixture(&f);
}

/* The forgery: the signed attributes of a good signature become the content of one without. */
Test(cms, lesson_13_stripped_attributes_as_content)
{
    struct fixture f = make_fixture();
    struct forge forge, forged;
    struct cret_err err;
    size_t size = 0, forged_size = 0;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    uint8_t *good = forge_write(&forge, &size);
    cr_assert_eq(judge(good, size, content, &err), CRET_OK, "%s", err.what);

    /* Out of the good signature alone: the attributes as a SET, and the value. */
    const unsigned char *at = good;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)size);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
    struct cret_bytes attributes[3];
    struct cret_buffer set = {0};
    for (size_t i = 0; i < 3; i++)
        attributes[i] = (struct cret_bytes){(const uint8_t *)forge.attributes[i].data,
                                            forge.attributes[i].size};
    size_t start = 0;
    for (size_t i = 0; i + 4 < size && start == 0; i++) {
        /* [0] with the attributes follows the digest algorithm of SignerInfo. */
        if (good[i] == 0xa0 && good[i + 1] == 0x81 &&
            good[i + 2] == attributes[0].size + attributes[1].size + attributes[2].size)
            start = i;
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
    clear_fixture(&f);
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
    cr_assert_eq(judge(der, size, content, &err), CRET_OK, "%s", err.what);
    for (size_t bit = 0; bit < size * 8; bit++) {
        der[bit / 8] = (uint8_t)(der[bit / 8] ^ (1u << (bit % 8)));
        if (judge(der, size, content, &err) == CRET_OK) {
            accepted++;
            cr_log_error("%s: bit %zu of byte %zu accepted", algorithm, bit % 8, bit / 8);
        }
        der[bit / 8] = (uint8_t)(der[bit / 8] ^ (1u << (bit % 8)));
        tries++;
    }
    for (size_t length = 0; length < size; length++) {
        accepted += judge(der, length, content, &err) == CRET_OK;
        tries++;
    }
    uint8_t *longer = calloc(1, size + 1);
    memcpy(longer, der, size);
    for (unsigned byte = 0; byte < 256; byte++) {
        longer[size] = (uint8_t)byte;
        accepted += judge(longer, size + 1, content, &err) == CRET_OK;
        tries++;
    }
    cr_assert_gt(tries, size * 9);
    cr_assert_eq(accepted, 0, "%zu of %zu accepted", accepted, tries);
    cr_assert_eq(judge(der, size, content, &err), CRET_OK, "unchanged, it is accepted again");
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
    struct fixture f = make_fixture();
    struct cret_err err;
    char changed[sizeof content];
    struct cret_cms *cms = pki_cms(&f.leaf, content, CRET_MEANING_ORIGIN, NULL, 0);
    cr_expect_eq(cret_cms_meaning(cms), CRET_MEANING_ORIGIN);
    memcpy(changed, content, sizeof content);
    for (size_t bit = 0; bit < 8 * strlen(content); bit++) {
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << (bit % 8)));
        cr_assert_neq(cret_cms_verify(cms, (const uint8_t *)changed, strlen(content), &err),
                      CRET_OK);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << (bit % 8)));
    }
    cr_assert_eq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), &err), CRET_OK);
    cret_cms_free(&cms);
    clear_fixture(&f);
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
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
        uint8_t r[sizeof order];
        struct cret_buffer pair = {0}, value = {0};
        memcpy(r, order, sizeof r);
        r[sizeof r - 1] = (uint8_t)(r[sizeof r - 1] - less);
        der_put(&pair, CRET_DER_INTEGER, r, sizeof r);
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

/* ---- one deviation each ---- */

static void der_number(struct cret_buffer *out, uint8_t value)
{
    der_put(out, CRET_DER_INTEGER, &value, 1);
}

static void version_3(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_number(&forge->version, 3);
}

static void signer_version_3(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_number(&forge->signer_version, 3);
}

static void enveloped(struct forge *forge, const struct fixture *f)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
    (void)f;
    der_put(&forge->content_type, CRET_DER_OID, oid, sizeof oid);
}

static void two_digests(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer set = {0};
    (void)f;
    der_put_bytes(&set, cret_digest_by_name("sha256")->identifier);
    der_put_bytes(&set, cret_digest_by_name("sha512")->identifier);
    der_wrap(&forge->digests, CRET_DER_SET, &set);
}

static void other_digest(struct forge *forge, const struct fixture *f)
{
    (void)f;
    const struct cret_bytes other = cret_digest_by_name("sha512")->identifier;
    der_put(&forge->digests, CRET_DER_SET, other.data, other.size);
}

static void no_digest(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_put(&forge->digests, CRET_DER_SET, NULL, 0);
}

static void digest_with_null(struct forge *forge, const struct fixture *f)
{
    static const uint8_t identifier[] = {0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->signer_digest, identifier, sizeof identifier);
}

static void sha1_digest(struct forge *forge, const struct fixture *f)
{
    static const uint8_t identifier[] = {0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a};
    (void)f;
    der_put(&forge->digests, CRET_DER_SET, identifier, sizeof identifier);
    cret_buffer_append(&forge->signer_digest, identifier, sizeof identifier);
}

static void attached(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer inner = {0}, octets = {0};
    (void)f;
    der_put(&octets, CRET_DER_OCTET_STRING, content, strlen(content));
    der_put(&inner, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_wrap(&inner, 0xa0, &octets);
    der_wrap(&forge->encapsulated, CRET_DER_SEQUENCE, &inner);
}

static void other_content_type(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer inner = {0};
    (void)f;
    der_put(&inner, CRET_DER_OID, cret_oid_signed_data.data, cret_oid_signed_data.size);
    der_wrap(&forge->encapsulated, CRET_DER_SEQUENCE, &inner);
}

static void crls(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_put(&forge->crls, 0xa1, NULL, 0);
}

static void certificates_unsorted(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge->unsorted_certificates = true;
}

static void certificates_missing(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge->no_certificates = true;
}

static void certificates_empty(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge->certificate_count = 0;
}

static void certificate_missing(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge->certificate_count = 1;
}

static void certificate_not_listed(struct forge *forge, const struct fixture *f)
{
    struct cret_bytes *extra = &forge->certificates[forge->certificate_count++];
    extra->data = cret_certificate_der(f->root.certificate, &extra->size);
}

static void certificate_exchanged(struct forge *forge, const struct fixture *f)
{
    forge->certificates[1].data =
        cret_certificate_der(f->root.certificate, &forge->certificates[1].size);
}

static void list_certificates(struct forge *forge, const struct pki_entity *const *list,
                              size_t count, const struct cret_digest_algorithm *digest)
{
    struct cret_buffer ids = {0}, outer = {0}, value = {0};
    for (size_t i = 0; i < count; i++)
        der_put_certificate_id(&ids, list[i], digest, true);
    der_wrap(&outer, CRET_DER_SEQUENCE, &ids);
    der_wrap(&value, CRET_DER_SEQUENCE, &outer);
    forge_replace(forge, 2, cret_oid_signing_certificate, value.data, value.size);
    cret_buffer_free(&value);
}

static void list_in_wrong_order(struct forge *forge, const struct fixture *f)
{
    const struct pki_entity *const list[] = {&f->middle, &f->leaf};
    list_certificates(forge, list, 2, NULL);
}

static void listed_twice(struct forge *forge, const struct fixture *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->leaf};
    list_certificates(forge, list, 2, NULL);
}

static void chain_with_a_gap(struct forge *forge, const struct fixture *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->root};
    list_certificates(forge, list, 2, NULL);
    certificate_exchanged(forge, f);
}

static void explicit_sha256(struct forge *forge, const struct fixture *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->middle};
    list_certificates(forge, list, 2, cret_digest_by_name("sha256"));
}

static void empty_list(struct forge *forge, const struct fixture *f)
{
    (void)f;
    list_certificates(forge, NULL, 0, NULL);
    forge->certificate_count = 0;
}

static void certificate_policies(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer ids = {0}, outer = {0}, value = {0};
    der_put_certificate_id(&ids, &f->leaf, NULL, true);
    der_put_certificate_id(&ids, &f->middle, NULL, true);
    der_wrap(&outer, CRET_DER_SEQUENCE, &ids);
    der_put(&outer, CRET_DER_SEQUENCE, NULL, 0);
    der_wrap(&value, CRET_DER_SEQUENCE, &outer);
    forge_replace(forge, 2, cret_oid_signing_certificate, value.data, value.size);
    cret_buffer_free(&value);
}

static void wrong_issuer_serial(struct forge *forge, const struct fixture *f)
{
    /* The right hash with the names of another certificate. */
    struct cret_buffer ids = {0}, outer = {0}, value = {0};
    struct pki_entity mixed = f->leaf;
    mixed.certificate = f->root.certificate;
    der_put_certificate_id(&ids, &mixed, NULL, true);
    der_put_certificate_id(&ids, &f->middle, NULL, true);
    der_wrap(&outer, CRET_DER_SEQUENCE, &ids);
    der_wrap(&value, CRET_DER_SEQUENCE, &outer);
    forge_replace(forge, 2, cret_oid_signing_certificate, value.data, value.size);
    cret_buffer_free(&value);
}

static void drop_attribute(struct forge *forge, size_t index)
{
    cret_buffer_free(&forge->attributes[index]);
    forge->attributes[index] = forge->attributes[forge->attribute_count - 1];
    memset(&forge->attributes[--forge->attribute_count], 0, sizeof forge->attributes[0]);
}

static void no_content_type(struct forge *forge, const struct fixture *f)
{
    (void)f;
    drop_attribute(forge, 0);
}

static void no_message_digest(struct forge *forge, const struct fixture *f)
{
    (void)f;
    drop_attribute(forge, 1);
}

static void no_signing_certificate(struct forge *forge, const struct fixture *f)
{
    (void)f;
    drop_attribute(forge, 2);
}

static void attributes_unsorted(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge->unsorted_attributes = true;
}

static void attribute_twice(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge_commitment(forge, cret_oid_proof_of_origin);
    forge_commitment(forge, cret_oid_proof_of_approval);
}

static void unknown_attribute(struct forge *forge, const struct fixture *f)
{
    /* smimeCapabilities, which OpenSSL adds unless told not to. */
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0f};
    static const uint8_t value[] = {0x30, 0x00};
    const struct cret_bytes type = {oid, sizeof oid};
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], type, value, sizeof value);
}

static void two_values(struct forge *forge, const struct fixture *f)
{
    static const uint8_t value[] = {0x06, 0x03, 0x55, 0x04, 0x03, 0x06, 0x09, 0x2a,
                                    0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, value + 5, 11);
    cret_buffer_free(&forge->attributes[0]);
    der_put_attribute(&forge->attributes[0], cret_oid_content_type, value, sizeof value);
}

static void extra_value(struct forge *forge, const struct fixture *f)
{
    static const uint8_t value[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                    0x01, 0x07, 0x01, 0x06, 0x0a, 0x2a, 0x86, 0x48,
                                    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01};
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, value, sizeof value);
}

static void no_value(struct forge *forge, const struct fixture *f)
{
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, NULL, 0);
}

static void content_type_signed_data(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer value = {0};
    (void)f;
    der_put(&value, CRET_DER_OID, cret_oid_signed_data.data, cret_oid_signed_data.size);
    forge_replace(forge, 0, cret_oid_content_type, value.data, value.size);
    cret_buffer_free(&value);
}

static void short_message_digest(struct forge *forge, const struct fixture *f)
{
    static const uint8_t value[33] = {0x04, 31};
    (void)f;
    forge_replace(forge, 1, cret_oid_message_digest, value, sizeof value);
}

static void unknown_commitment(struct forge *forge, const struct fixture *f)
{
    /* proofOfDelivery */
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x03};
    const struct cret_bytes type = {oid, sizeof oid};
    (void)f;
    forge_commitment(forge, type);
}

static void bad_signing_time(struct forge *forge, const struct fixture *f)
{
    static const uint8_t value[] = "\x17\x0d"
                                   "260230000000Z";
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_signing_time, value,
                      sizeof value - 1);
}

static void put_protection(struct forge *forge, struct cret_bytes digest,
                           struct cret_bytes algorithm)
{
    struct cret_buffer inner = {0}, value = {0};
    der_put_bytes(&inner, digest);
    der_put(&inner, 0xa1, algorithm.data + 2, algorithm.size - 2);
    der_wrap(&value, CRET_DER_SEQUENCE, &inner);
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_algorithm_protection,
                      value.data, value.size);
    cret_buffer_free(&value);
}

static const struct cret_signature_algorithm *algorithm_of(const struct pki_entity *entity,
                                                           const char *digest)
{
    return cret_signature_algorithm_for(&cret_certificate_parts(entity->certificate)->key,
                                        cret_digest_by_name(digest), false);
}

static void protection_other_digest(struct forge *forge, const struct fixture *f)
{
    put_protection(forge, cret_digest_by_name("sha512")->identifier,
                   algorithm_of(&f->leaf, "sha256")->identifier);
}

static void protection_other_algorithm(struct forge *forge, const struct fixture *f)
{
    put_protection(forge, cret_digest_by_name("sha256")->identifier,
                   algorithm_of(&f->leaf, "sha384")->identifier);
}

static void foreign_sid(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer inner = {0};
    der_put_bytes(&inner, cret_certificate_parts(f->leaf.certificate)->issuer);
    der_put_bytes(&inner, cret_certificate_parts(f->middle.certificate)->serial);
    der_wrap(&forge->sid, CRET_DER_SEQUENCE, &inner);
}

static void key_identifier_sid(struct forge *forge, const struct fixture *f)
{
    static const uint8_t identifier[20];
    (void)f;
    der_put(&forge->sid, 0x80, identifier, sizeof identifier);
}

static void algorithm_of_other_digest(struct forge *forge, const struct fixture *f)
{
    der_put_bytes(&forge->algorithm, algorithm_of(&f->leaf, "sha384")->identifier);
}

static void algorithm_of_other_key(struct forge *forge, const struct fixture *f)
{
    static const uint8_t rsa[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                  0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->algorithm, rsa, sizeof rsa);
}

static void algorithm_with_null(struct forge *forge, const struct fixture *f)
{
    static const uint8_t ecdsa[] = {0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x04, 0x03, 0x02, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->algorithm, ecdsa, sizeof ecdsa);
}

static void unsigned_attributes(struct forge *forge, const struct fixture *f)
{
    struct cret_buffer set = {0};
    (void)f;
    static const uint8_t value[] = {0x30, 0x00};
    der_put_attribute(&set, cret_oid_signing_time, value, sizeof value);
    der_wrap(&forge->unsigned_attributes, 0xa1, &set);
}

static void empty_unsigned_attributes(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_put(&forge->unsigned_attributes, 0xa1, NULL, 0);
}

static void second_signer(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_put(&forge->second_signer, CRET_DER_SEQUENCE, NULL, 0);
}

static void after_signers(struct forge *forge, const struct fixture *f)
{
    (void)f;
    der_put(&forge->after_signers, CRET_DER_NULL, NULL, 0);
}

static void explicit_sha384(struct forge *forge, const struct fixture *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->middle};
    list_certificates(forge, list, 2, cret_digest_by_name("sha384"));
}

static void good_protection(struct forge *forge, const struct fixture *f)
{
    put_protection(forge, cret_digest_by_name("sha256")->identifier,
                   algorithm_of(&f->leaf, "sha256")->identifier);
}

static void good_extras(struct forge *forge, const struct fixture *f)
{
    static const uint8_t value[] = "\x17\x0d"
                                   "260228000000Z";
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_signing_time, value,
                      sizeof value - 1);
    forge_commitment(forge, cret_oid_proof_of_receipt);
}

static void nothing(struct forge *forge, const struct fixture *f)
{
    (void)forge;
    (void)f;
}

#define ROW(deviation)                                                                             \
    {                                                                                              \
#deviation, deviation                                                                      \
    }
static const struct {
    const char *name;
    void (*apply)(struct forge *forge, const struct fixture *f);
} deviations[] = {
    ROW(version_3),
    ROW(signer_version_3),
    ROW(enveloped),
    ROW(two_digests),
    ROW(other_digest),
    ROW(no_digest),
    ROW(digest_with_null),
    ROW(sha1_digest),
    ROW(attached),
    ROW(other_content_type),
    ROW(crls),
    ROW(certificates_unsorted),
    ROW(certificates_missing),
    ROW(certificates_empty),
    ROW(certificate_missing),
    ROW(certificate_not_listed),
    ROW(certificate_exchanged),
    ROW(list_in_wrong_order),
    ROW(listed_twice),
    ROW(chain_with_a_gap),
    ROW(explicit_sha256),
    ROW(empty_list),
    ROW(certificate_policies),
    ROW(wrong_issuer_serial),
    ROW(no_content_type),
    ROW(no_message_digest),
    ROW(no_signing_certificate),
    ROW(attributes_unsorted),
    ROW(attribute_twice),
    ROW(unknown_attribute),
    ROW(two_values),
    ROW(extra_value),
    ROW(no_value),
    ROW(content_type_signed_data),
    ROW(short_message_digest),
    ROW(unknown_commitment),
    ROW(bad_signing_time),
    ROW(protection_other_digest),
    ROW(protection_other_algorithm),
    ROW(foreign_sid),
    ROW(key_identifier_sid),
    ROW(algorithm_of_other_digest),
    ROW(algorithm_of_other_key),
    ROW(algorithm_with_null),
    ROW(unsigned_attributes),
    ROW(empty_unsigned_attributes),
    ROW(second_signer),
    ROW(after_signers),
};
static const struct {
    const char *name;
    void (*apply)(struct forge *forge, const struct fixture *f);
} variants[] = {ROW(nothing), ROW(explicit_sha384), ROW(good_protection), ROW(good_extras)};

static enum cret_status judge_forge(struct forge *forge, struct cret_err *err)
{
    size_t size = 0;
    uint8_t *der = forge_write(forge, &size);
    const enum cret_status status = judge(der, size, content, err);
    free(der);
    return status;
}

/* Lesson 14 among them: a second SignerInfo. */
Test(cms, each_deviation_from_the_profile_is_refused)
{
    struct fixture f = make_fixture();
    const struct pki_entity *const intermediates[] = {&f.middle};
    for (size_t i = 0; i < sizeof deviations / sizeof deviations[0]; i++) {
        struct forge forge;
        struct cret_err err;
        forge_begin(&forge, &f.leaf, content, intermediates, 1);
        deviations[i].apply(&forge, &f);
        cr_expect_neq(judge_forge(&forge, &err), CRET_OK, "%s", deviations[i].name);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: %s", deviations[i].name, err.what);
        cr_expect(err.check == CRET_CHECK_SIGNATURE_FORM ||
                      err.check == CRET_CHECK_SIGNATURE_ALGORITHM,
                  "%s: %s", deviations[i].name, err.what);
        forge_end(&forge);
    }
    clear_fixture(&f);
}

Test(cms, each_variant_of_the_profile_is_accepted)
{
    struct fixture f = make_fixture();
    const struct pki_entity *const intermediates[] = {&f.middle};
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        struct forge forge;
        struct cret_err err;
        forge_begin(&forge, &f.leaf, content, intermediates, 1);
        variants[i].apply(&forge, &f);
        cr_expect_eq(judge_forge(&forge, &err), CRET_OK, "%s: %s %s", variants[i].name, err.what,
                     err.where);
        forge_end(&forge);
    }
    clear_fixture(&f);
}

/* In the profile in everything but the size of the key. */
Test(cms, weak_signer_keys_are_refused)
{
    struct pki_entity weak = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}});
    struct forge forge;
    struct cret_err err;
    for (int pss = 0; pss < 2; pss++) {
        forge_begin(&forge, &weak, content, NULL, 0);
        forge.pss = pss == 1;
        cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_ALGORITHM, "%s", err.what);
        cr_expect_not_null(strstr(err.what, "3072"), "%s", err.what);
        forge_end(&forge);
    }
    pki_clear(&weak);
}

Test(cms, sizes_are_capped)
{
    static uint8_t large[(256u << 10) + 1];
    struct cret_err err;
    struct cret_cms *cms = NULL;
    cret_err_clear(&err);
    cr_expect_neq(cret_cms_parse(&cms, large, sizeof large, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "impossible size"));
    cr_expect_neq(cret_cms_parse(&cms, large, 0, &err), CRET_OK);
    cr_expect_null(cms);
}

Test(cms, another_key_does_not_verify)
{
    struct fixture f = make_fixture();
    struct pki_entity other = pki_leaf("Signer", &f.middle);
    struct forge forge;
    struct cret_err err;
    size_t size = 0;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    struct pki_entity mixed = f.leaf;
    mixed.pkey = other.pkey; /* signs with a key that is not the certificate's */
    forge.signer = &mixed;
    uint8_t *der = forge_write(&forge, &size);
    cr_expect_neq(judge(der, size, content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
    free(der);
    forge_end(&forge);
    pki_clear(&other);
    clear_fixture(&f);
}

/* Counts are capped before anything is stored. */
Test(cms, chains_are_capped)
{
    static uint8_t small[FORGE_CERTIFICATES][5];
    struct fixture f = make_fixture();
    struct forge forge;
    struct cret_err err;
    forge_begin(&forge, &f.leaf, content, NULL, 0);
    forge.certificate_count = CRET_LIMIT_CHAIN + 1;
    for (uint8_t i = 0; i < CRET_LIMIT_CHAIN + 1; i++) {
        const uint8_t element[] = {0x30, 0x03, 0x02, 0x01, i};
        memcpy(small[i], element, sizeof element);
        forge.certificates[i] = (struct cret_bytes){small[i], sizeof element};
    }
    cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "more than 10 certificates"), "%s", err.what);

    const struct pki_entity *list[CRET_LIMIT_CHAIN + 1];
    for (size_t i = 0; i < CRET_LIMIT_CHAIN + 1; i++)
        list[i] = &f.leaf;
    list_certificates(&forge, list, CRET_LIMIT_CHAIN + 1, NULL);
    forge.certificate_count = CRET_LIMIT_CHAIN;
    cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "lists more than 10"), "%s", err.what);
    forge_end(&forge);
    clear_fixture(&f);
}
