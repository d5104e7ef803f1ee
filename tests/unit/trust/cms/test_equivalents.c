/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to write one and the same thing that others use, where a signature covers them; and what is
 * one value away, which is another thing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "token.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/certificate_parts.h"

static const char content[] = "{\n  \"cretula\": \"manifest/1\"\n}\n";

#define SHA2(number) "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" number
#define SHA256_NULL "\x30\x0d" SHA2("\x01") "\x05\x00"
#define SHA256_ABSENT "\x30\x0b" SHA2("\x01")
#define SHA384_NULL "\x30\x0d" SHA2("\x02") "\x05\x00"
#define SHA1_NULL "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"
#define PKCS1(last) "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01" last "\x05\x00"
#define RSA_ENCRYPTION PKCS1("\x01")
#define PSS_NAME "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define MGF1 "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define PSS_NULL(hash, mask, salt)                                                                 \
    "\x30\x41" PSS_NAME "\x30\x34\xa0\x0f" hash "\xa1\x1c\x30\x1a" MGF1 mask "\xa2\x03\x02"        \
    "\x01" salt
#define PSS_ABSENT(salt)                                                                           \
    "\x30\x3d" PSS_NAME "\x30\x30\xa0\x0d" SHA256_ABSENT "\xa1\x1a\x30\x18" MGF1 SHA256_ABSENT     \
    "\xa2\x03\x02\x01" salt
#define PSS_TRAILER                                                                                \
    "\x30\x46" PSS_NAME "\x30\x39\xa0\x0f" SHA256_NULL "\xa1\x1c\x30\x1a" MGF1 SHA256_NULL         \
    "\xa2\x03\x02\x01\x20\xa3\x03\x02\x01\x01"
#define PSS_TRAILER_2                                                                              \
    "\x30\x46" PSS_NAME "\x30\x39\xa0\x0f" SHA256_NULL "\xa1\x1c\x30\x1a" MGF1 SHA256_NULL         \
    "\xa2\x03\x02\x01\x20\xa3\x03\x02\x01\x02"

struct text {
    const char *bytes;
    size_t size;
};
#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static struct cret_bytes bytes_of(struct text text)
{
    return (struct cret_bytes){(const uint8_t *)text.bytes, text.size};
}

Test(equivalents, parameters_of_pss)
{
    const struct {
        struct text identifier;
        const char *digest, *mask; /* NULL: refused */
        unsigned salt;
    } rows[] = {
        {TEXT(PSS_ABSENT("\x20")), "sha256", "sha256", 32},
        {TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x20")), "sha256", "sha256", 32},
        {TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x14")), "sha256", "sha256", 20},
        {TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x00")), "sha256", "sha256", 0},
        {TEXT(PSS_NULL(SHA256_NULL, SHA384_NULL, "\x20")), "sha256", "sha384", 32},
        {TEXT(PSS_TRAILER), "sha256", "sha256", 32},
        {TEXT(PSS_TRAILER_2), NULL, NULL, 0},
        {TEXT(PSS_ABSENT("\xe0")), NULL, NULL, 0}, /* a negative salt */
        {TEXT(RSA_ENCRYPTION), NULL, NULL, 0},
        {TEXT("\x30\x0d" PSS_NAME "\x30\x00"), NULL, NULL, 0}, /* the defaults: SHA-1 */
        {TEXT("\x30\x0b" PSS_NAME), NULL, NULL, 0},
        {TEXT("\x30\x1c" PSS_NAME "\x30\x0f\xa0\x0d" SHA256_ABSENT), NULL, NULL, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_pss pss = {NULL, NULL, 0};
        const bool read = cret_pss_read(&pss, bytes_of(rows[i].identifier));
        cr_expect_eq(read, rows[i].digest != NULL, "%zu", i);
        if (!read || rows[i].digest == NULL) {
            continue;
        }
        cr_expect_str_eq(pss.digest->name, rows[i].digest, "%zu", i);
        cr_expect_str_eq(pss.mask_digest->name, rows[i].mask, "%zu", i);
        cr_expect_eq(pss.salt, rows[i].salt, "%zu: %u", i, pss.salt);
    }
    /* Cut anywhere, it is nothing. */
    const struct text whole = rows[1].identifier;
    for (size_t size = 0; size < whole.size; size++) {
        struct cret_pss pss;
        cr_expect(!cret_pss_read(&pss, (struct cret_bytes){(const uint8_t *)whole.bytes, size}),
                  "%zu", size);
    }
}

static void put_protection(struct forge *forge, struct text digest, struct text algorithm)
{
    struct cret_buffer inner = {0}, value = {0};
    der_put_bytes(&inner, bytes_of(digest));
    der_put(&inner, 0xa1, algorithm.bytes + 2, algorithm.size - 2);
    der_wrap(&value, CRET_DER_SEQUENCE, &inner);
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_algorithm_protection,
                      value.data, value.size);
    cret_buffer_free(&value);
}

/* cmsAlgorithmProtection as Bouncy Castle writes it by default, for both paddings of RSA. */
Test(equivalents, algorithm_protection)
{
    const struct {
        const char *name;
        struct text digest, algorithm;
        bool pss, good;
    } rows[] = {
        {"the final fields", TEXT(SHA256_ABSENT), TEXT(RSA_ENCRYPTION), false, true},
        {"NULL in the digest", TEXT(SHA256_NULL), TEXT(RSA_ENCRYPTION), false, true},
        {"sha256WithRSAEncryption", TEXT(SHA256_NULL), TEXT(PKCS1("\x0b")), false, true},
        {"sha384WithRSAEncryption", TEXT(SHA256_NULL), TEXT(PKCS1("\x0c")), false, false},
        {"sha1WithRSAEncryption", TEXT(SHA256_NULL), TEXT(PKCS1("\x05")), false, false},
        {"another digest", TEXT(SHA384_NULL), TEXT(PKCS1("\x0b")), false, false},
        {"SHA-1", TEXT(SHA1_NULL), TEXT(PKCS1("\x0b")), false, false},
        {"PSS over PKCS#1", TEXT(SHA256_NULL), TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x20")),
         false, false},
        {"the final fields of PSS", TEXT(SHA256_ABSENT), TEXT(PSS_ABSENT("\x20")), true, true},
        {"PSS with NULL", TEXT(SHA256_NULL), TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x20")), true,
         true},
        {"PSS with another salt", TEXT(SHA256_NULL),
         TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x14")), true, false},
        {"PSS with another mask", TEXT(SHA256_NULL),
         TEXT(PSS_NULL(SHA256_NULL, SHA384_NULL, "\x20")), true, false},
        {"PSS with another hash", TEXT(SHA256_NULL),
         TEXT(PSS_NULL(SHA384_NULL, SHA384_NULL, "\x30")), true, false},
        {"PKCS#1 over PSS", TEXT(SHA256_NULL), TEXT(PKCS1("\x0b")), true, false},
    };
    struct pki_entity rsa = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = "RSA-3072", .extensions = {PKI_LEAF}});
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct forge forge;
        struct cret_err err;
        size_t size = 0;
        forge_begin(&forge, &rsa, content, NULL, 0);
        forge.pss = rows[i].pss;
        put_protection(&forge, rows[i].digest, rows[i].algorithm);
        uint8_t *der = forge_write(&forge, &size);
        cret_err_clear(&err);
        const enum cret_status status = pki_judge(der, size, content, &err);
        cr_expect_eq(status == CRET_OK, rows[i].good, "%s: %s", rows[i].name, err.what);
        if (!rows[i].good) {
            cr_expect_not_null(strstr(err.what, "cmsAlgorithmProtection names other algorithms"),
                               "%s: %s", rows[i].name, err.what);
        }
        free(der);
        forge_end(&forge);
    }
    pki_clear(&rsa);
}

/* Entries of signingCertificate(V2): hash algorithm (or none) and hash of the certificate. */
static void list_certificate(struct forge *forge, const struct pki_entity *who,
                             struct text algorithm, const EVP_MD *md, bool old)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    size_t size = 0;
    const uint8_t *der = cret_certificate_der(who->certificate, &size);
    struct cret_buffer id = {0}, entry = {0}, list = {0}, value = {0};
    cr_assert_eq(EVP_Digest(der, size, hash, &length, md, NULL), 1);
    der_put_bytes(&id, bytes_of(algorithm));
    der_put(&id, CRET_DER_OCTET_STRING, hash, length);
    der_wrap(&entry, CRET_DER_SEQUENCE, &id);
    der_wrap(&list, CRET_DER_SEQUENCE, &entry);
    der_wrap(&value, CRET_DER_SEQUENCE, &list);
    forge_replace(forge, 2, old ? cret_oid_signing_certificate_v1 : cret_oid_signing_certificate,
                  value.data, value.size);
    cret_buffer_free(&value);
}

Test(equivalents, names_of_certificates_in_signatures)
{
    const struct {
        const char *name;
        struct text algorithm;
        const EVP_MD *md;
        bool old, good;
    } rows[] = {
        {"the default", {"", 0}, EVP_sha256(), false, true},
        {"SHA-256 written out", TEXT(SHA256_ABSENT), EVP_sha256(), false, true},
        {"SHA-256 with NULL", TEXT(SHA256_NULL), EVP_sha256(), false, true},
        {"SHA-384 with NULL", TEXT(SHA384_NULL), EVP_sha384(), false, true},
        {"SHA-384 that is called SHA-256", TEXT(SHA256_NULL), EVP_sha384(), false, false},
        {"SHA-1 by the new attribute", TEXT(SHA1_NULL), EVP_sha1(), false, false},
        {"SHA-1 by the old attribute", {"", 0}, EVP_sha1(), true, false},
    };
    struct pki_entity signer =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct forge forge;
        struct cret_err err;
        size_t size = 0;
        forge_begin(&forge, &signer, content, NULL, 0);
        list_certificate(&forge, &signer, rows[i].algorithm, rows[i].md, rows[i].old);
        uint8_t *der = forge_write(&forge, &size);
        cret_err_clear(&err);
        cr_expect_eq(pki_judge(der, size, content, &err) == CRET_OK, rows[i].good, "%s: %s",
                     rows[i].name, err.what);
        free(der);
        forge_end(&forge);
    }
    pki_clear(&signer);
}

/* A token names its certificate by SHA-1 where the authority has only that; SHA-1 does nothing else
 * there. */
Test(equivalents, names_of_certificates_in_tokens)
{
    enum { OLD_ALONE, OLD_OF_ANOTHER, OLD_LONG, BOTH, OLD_SHA256, ROWS };
    static const char *const says[ROWS] = {NULL, "does not embed", "lacks the signed attribute",
                                           NULL, "lacks the signed attribute"};
    struct pki_entity root = pki_root("Root");
    struct pki_entity signer = pki_leaf("Signer", &root);
    struct pki_entity tsa =
        pki_make((struct pki_spec){.name = "TSA", .issuer = &root, .extensions = {PKI_TSA}});
    struct cret_cms *cms = pki_cms(&signer, content, CRET_MEANING_NONE, NULL, 0);
    for (int row = 0; row < ROWS; row++) {
        struct pki_token token;
        struct cret_err err;
        struct cret_timestamp *timestamp = NULL;
        size_t size = 0;
        cret_err_clear(&err);
        pki_token_begin(&token, &tsa, "20250701120000Z", NULL, 0);
        const struct text none = {"", 0};
        if (row == BOTH) {
            static const char old[] = "\x30\x1a\x30\x18\x30\x16\x04\x14"
                                      "01234567890123456789";
            der_put_attribute(&token.forge.attributes[token.forge.attribute_count++],
                              cret_oid_signing_certificate_v1, old, sizeof(old) - 1);
        } else {
            list_certificate(&token.forge, row == OLD_OF_ANOTHER ? &signer : &tsa, none,
                             row == OLD_LONG || row == OLD_SHA256 ? EVP_sha256() : EVP_sha1(),
                             true);
        }
        uint8_t *own = pki_token_write(&token, cms, &size);
        const enum cret_status status = cret_timestamp_parse(
            &timestamp, (struct cret_bytes){own, size}, cret_timestamp_subject(cms), false, &err);
        cr_expect_eq(status == CRET_OK, says[row] == NULL, "%d: %s", row, err.what);
        if (status == CRET_OK) {
            cr_expect_eq(cret_timestamp_named_by_sha1(timestamp), row == OLD_ALONE, "%d", row);
        } else if (says[row] != NULL) {
            cr_expect_not_null(strstr(err.what, says[row]), "%d: %s", row, err.what);
        }
        cret_timestamp_free(&timestamp);
        free(own);
    }
    cret_cms_free(&cms);
    pki_clear(&tsa);
    pki_clear(&signer);
    pki_clear(&root);
}

/* PSS of an authority whose tool writes NULL in the identifiers of the hashes. */
Test(equivalents, pss_of_tokens)
{
    const struct {
        struct text algorithm;
        bool good;
    } rows[] = {
        {TEXT(PSS_ABSENT("\x20")), true},
        {TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x20")), true},
        {TEXT(PSS_NULL(SHA256_NULL, SHA256_NULL, "\x14")), false},
        {TEXT(PSS_NULL(SHA256_NULL, SHA384_NULL, "\x20")), false},
        {TEXT(PSS_NULL(SHA384_NULL, SHA384_NULL, "\x30")), false},
        {TEXT(RSA_ENCRYPTION), false},
    };
    struct pki_entity root = pki_root("Root");
    struct pki_entity signer = pki_leaf("Signer", &root);
    struct pki_entity tsa = pki_make((struct pki_spec){
        .name = "TSA", .algorithm = "RSA-3072", .issuer = &root, .extensions = {PKI_TSA}});
    struct cret_cms *cms = pki_cms(&signer, content, CRET_MEANING_NONE, NULL, 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pki_token token;
        struct cret_err err;
        struct cret_timestamp *timestamp = NULL;
        size_t size = 0;
        cret_err_clear(&err);
        pki_token_begin(&token, &tsa, "20250701120000Z", NULL, 0);
        token.forge.pss = true;
        cret_buffer_append(&token.forge.algorithm, rows[i].algorithm.bytes, rows[i].algorithm.size);
        uint8_t *own = pki_token_write(&token, cms, &size);
        cr_expect_eq(cret_timestamp_parse(&timestamp, (struct cret_bytes){own, size},
                                          cret_timestamp_subject(cms), false, &err) == CRET_OK,
                     rows[i].good, "%zu: %s", i, err.what);
        cret_timestamp_free(&timestamp);
        free(own);
    }
    cret_cms_free(&cms);
    pki_clear(&tsa);
    pki_clear(&signer);
    pki_clear(&root);
}

/* SHA-1 has no row among the digests of signatures, whoever asks. */
Test(equivalents, sha1_signs_nothing)
{
    static const char sha1[] = SHA1_NULL, absent[] = "\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a";
    cr_expect_null(cret_digest_by_name("sha1"));
    cr_expect_null(cret_digest_by_any_identifier(
        (struct cret_bytes){(const uint8_t *)sha1, sizeof(sha1) - 1}));
    cr_expect_null(cret_digest_by_any_identifier(
        (struct cret_bytes){(const uint8_t *)absent, sizeof(absent) - 1}));
    struct pki_entity rsa = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = "RSA-3072", .extensions = {PKI_LEAF}});
    cr_expect_null(cret_signature_algorithm_for(&cret_certificate_parts(rsa.certificate)->key,
                                                cret_digest_of_old_certificate_names(), false));
    pki_clear(&rsa);
}

Test(equivalents, unknown_attributes_are_named)
{
    static const struct {
        struct text oid;
        const char *says;
    } rows[] = {
        {TEXT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0f"), "1.2.840.113549.1.9.15 (smimeCapabilities"},
        {TEXT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0f"),
         "1.2.840.113549.1.9.16.2.15 (sigPolicyId"},
        {TEXT("\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x0c"), "1.3.6.1.4.1.311.2.1.12 (SpcSpOpusInfo"},
        {TEXT("\x2a\x03\x04"), "1.2.3.4"},
        {TEXT("\x88\x37\x03"), "2.999.3"},
        {TEXT("\x04\x00\x8d\x45\x02\x01"), "0.4.0.1733.2.1 (mimeType"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[CRET_OID_TEXT_BYTES], small[12];
        cret_oid_text(bytes_of(rows[i].oid), text, sizeof(text));
        cr_expect_eq(strncmp(text, rows[i].says, strlen(rows[i].says)), 0, "%s", text);
        cret_oid_text(bytes_of(rows[i].oid), small, sizeof(small));
        cr_expect_lt(strlen(small), sizeof(small));
    }
}
