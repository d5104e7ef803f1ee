/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"

Test(certificate, accessors)
{
    struct pki_entity root = pki_root("Wurzel \xc3\xbc, \"x\"\x1b[31m");
    struct pki_entity leaf = pki_leaf("Signer", &root);
    size_t size = 0;
    cr_expect_str_eq(cret_certificate_subject(leaf.certificate), "CN=Signer,O=Unit");
    const char *issuer = cret_certificate_issuer(leaf.certificate);
    cr_expect_not_null(strstr(issuer, "Wurzel \xc3\xbc"), "UTF-8 stays readable: %s", issuer);
    cr_expect_null(strchr(issuer, '\x1b'), "lesson 24: no terminal escape: %s", issuer);
    cr_expect_eq(cret_certificate_not_before(leaf.certificate), PKI_BEGIN);
    cr_expect_eq(cret_certificate_not_after(leaf.certificate), PKI_END);
    cr_expect(cret_certificate_is_ca(root.certificate));
    cr_expect_not(cret_certificate_is_ca(leaf.certificate));
    cr_expect_str_eq(cret_certificate_key_algorithm(leaf.certificate), "ecdsa-p256");
    cr_expect_not_null(cret_certificate_der(leaf.certificate, &size));
    cr_expect_gt(size, 100u);
    cr_expect_gt(strlen(cret_certificate_serial(leaf.certificate)), 0u);
    pki_clear(&leaf);
    pki_clear(&root);
}

/* A certificate is stored once more with some bytes exchanged; `from` must occur once. */
static enum cret_status parse_changed(const struct pki_entity *entity, const void *from,
                                      const void *to, size_t length, struct cret_err *err)
{
    struct cret_certificate *certificate = NULL;
    size_t size = 0, at = 0, hits = 0;
    const uint8_t *der = cret_certificate_der(entity->certificate, &size);
    uint8_t *copy = malloc(size);
    memcpy(copy, der, size);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(copy + i, from, length) == 0) {
            at = i;
            hits++;
        }
    }
    cr_assert_geq(hits, 1u);
    memcpy(copy + at, to, length);
    cret_err_clear(err);
    const enum cret_status status = cret_certificate_from_der(&certificate, copy, size, err);
    cret_certificate_free(&certificate);
    free(copy);
    return status;
}

Test(certificate, changed_bytes_are_refused)
{
    struct pki_entity leaf =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    static const struct {
        const char *why;
        const char *from, *to;
        size_t length;
    } rows[] = {
        {"version 2", "\xa0\x03\x02\x01\x02", "\xa0\x03\x02\x01\x01", 5},
        {"version 1 written out", "\xa0\x03\x02\x01\x02", "\xa0\x03\x02\x01\x00", 5},
        {"negative serial", "\x02\x02\x03", "\x02\x02\x83", 3},
        {"other curve", "\x2a\x86\x48\xce\x3d\x03\x01\x07", "\x2a\x86\x48\xce\x3d\x03\x01\x01", 8},
        {"inner and outer algorithm differ", "\xce\x3d\x04\x03\x02\x03", "\xce\x3d\x04\x03\x03\x03",
         6},
        {"compressed point", "\x03\x42\x00\x04", "\x03\x42\x00\x02", 4},
        {"hybrid point", "\x03\x42\x00\x04", "\x03\x42\x00\x06", 4},
        {"boolean 1", "\x01\x01\xff\x04", "\x01\x01\x01\x04", 4},
        {"the same extension twice", "\x55\x1d\x0f", "\x55\x1d\x13", 3},
        {"time without a month", "200101000000Z", "200001000000Z", 13},
    };
    struct cret_err err;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_neq(parse_changed(&leaf, rows[i].from, rows[i].to, rows[i].length, &err), CRET_OK,
                      "%s", rows[i].why);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", rows[i].why);
    }
    cr_expect_eq(parse_changed(&leaf, "Signer", "Sagner", 6, &err), CRET_OK, "%s", err.what);
    pki_clear(&leaf);
}

Test(certificate, truncated_and_longer_ones_are_refused)
{
    struct pki_entity leaf =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    size_t size = 0;
    const uint8_t *der = cret_certificate_der(leaf.certificate, &size);
    uint8_t *longer = calloc(1, size + 1);
    struct cret_certificate *certificate = NULL;
    memcpy(longer, der, size);
    for (size_t length = 0; length <= size + 1; length++) {
        const enum cret_status status =
            cret_certificate_from_der(&certificate, longer, length, NULL);
        cr_expect_eq(status, length == size ? CRET_OK : CRET_FAILED, "%zu", length);
        cret_certificate_free(&certificate);
    }
    free(longer);
    pki_clear(&leaf);
}

Test(certificate, kinds_of_keys)
{
    static const struct {
        const char *algorithm;
        bool parsed, strong;
        const char *name;
    } rows[] = {
        {"P-256", true, true, "ecdsa-p256"},     {"P-384", true, true, "ecdsa-p384"},
        {"P-521", true, true, "ecdsa-p521"},     {"RSA-3072", true, true, "rsa-3072"},
        {"RSA-2048", true, false, "rsa-2048"},   {"RSA-3070", true, false, "rsa-3070"},
        {"ED25519", true, true, "ed25519"},      {"secp256k1", false, false, NULL},
        {"brainpoolP256r1", false, false, NULL}, {"P-224", false, false, NULL},
        {"ED448", false, false, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pki_entity entity = pki_make((struct pki_spec){.name = "Key",
                                                              .algorithm = rows[i].algorithm,
                                                              .extensions = {PKI_LEAF},
                                                              .may_be_refused = true});
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(entity.certificate != NULL, rows[i].parsed, "%s", rows[i].algorithm);
        if (entity.certificate != NULL) {
            cr_expect_str_eq(cret_certificate_key_algorithm(entity.certificate), rows[i].name);
            cr_expect_eq(cret_certificate_check_strength(entity.certificate, false, false, &err),
                         rows[i].strong ? CRET_OK : CRET_FAILED, "%s", rows[i].algorithm);
            if (!rows[i].strong) {
                cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_ALGORITHM);
            }
        }
        pki_clear(&entity);
    }
}

/* A key of type id-RSASSA-PSS would be a second identity of an RSA key. */
Test(certificate, pss_keys_are_refused)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
    cr_assert_eq(EVP_PKEY_keygen_init(context), 1);
    cr_assert_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 3072), 1);
    cr_assert_eq(EVP_PKEY_generate(context, &pkey), 1);
    struct pki_entity entity = pki_make((struct pki_spec){
        .name = "Key", .pkey = pkey, .extensions = {PKI_LEAF}, .may_be_refused = true});
    cr_expect_null(entity.certificate);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);
    pki_clear(&entity);
}

/* Explicit parameters would be one more. */
Test(certificate, explicit_curves_are_refused)
{
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    cr_assert_eq(EVP_PKEY_set_utf8_string_param(pkey, "encoding", "explicit"), 1);
    struct pki_entity entity = pki_make((struct pki_spec){
        .name = "Key", .pkey = pkey, .extensions = {PKI_LEAF}, .may_be_refused = true});
    cr_expect_null(entity.certificate);
    EVP_PKEY_free(pkey);
    pki_clear(&entity);
}

Test(certificate, points_off_the_curve_are_refused)
{
    struct pki_entity leaf =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    const struct cret_certificate_parts *parts = cret_certificate_parts(leaf.certificate);
    uint8_t from[8], to[8];
    struct cret_err err;
    memcpy(from, parts->key_info.data + parts->key_info.size - 8, 8);
    memcpy(to, from, 8);
    to[7] ^= 1;
    cr_expect_neq(parse_changed(&leaf, from, to, 8, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_ALGORITHM);
    pki_clear(&leaf);
}

/* Small exponents make forgeries of sloppy verifiers easy. */
Test(certificate, small_exponents_are_weak)
{
    struct cret_public_key key = {.kind = CRET_KEY_RSA, .bits = 3072, .exponent = 65537};
    cr_expect_null(cret_public_key_weakness(&key));
    static const uint64_t bad[] = {1, 3, 17, 65535, UINT64_MAX};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        key.exponent = bad[i];
        cr_expect_not_null(cret_public_key_weakness(&key), "%llu", (unsigned long long)bad[i]);
    }
    key.exponent = 65537;
    key.bits = 16385;
    cr_expect_not_null(cret_public_key_weakness(&key));
    key.kind = CRET_KEY_NONE;
    cr_expect_not_null(cret_public_key_weakness(&key));
}

Test(certificate, orders_are_those_of_the_curves)
{
    static const struct {
        enum cret_key_kind kind;
        int nid;
    } rows[] = {{CRET_KEY_P256, NID_X9_62_prime256v1},
                {CRET_KEY_P384, NID_secp384r1},
                {CRET_KEY_P521, NID_secp521r1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cret_public_key key = {.kind = rows[i].kind};
        const struct cret_bytes order = cret_public_key_order(&key);
        EC_GROUP *group = EC_GROUP_new_by_curve_name(rows[i].nid);
        uint8_t expected[80];
        const int size = BN_bn2bin(EC_GROUP_get0_order(group), expected);
        cr_expect_eq((size_t)size, order.size);
        cr_expect_eq(memcmp(expected, order.data, order.size), 0);
        EC_GROUP_free(group);
    }
}

static char *join(const char *a, const char *b)
{
    return cret_text_printf("%s%s", a, b);
}

Test(certificate, pem_texts)
{
    struct pki_entity root = pki_root("Root"), leaf = pki_leaf("Signer", &root);
    struct cret_certificate **list = NULL;
    struct cret_err err;
    size_t count = 0;
    char *pem = pki_pem(&leaf), *other = pki_pem(&root), *key = pki_key_pem(&leaf);
    char *two = join(pem, other), *noted = join("subject=Signer\n\n", pem);
    char *mixed = join(pem, key), *cut = join(pem, other);
    cut[strlen(cut) - 30] = '\0';
    const struct {
        const char *why, *text;
        size_t count; /* 0: refused */
    } rows[] = {
        {"one", pem, 1},
        {"two", two, 2},
        {"text before it", noted, 1},
        {"a key among them", mixed, 0},
        {"empty", "", 0},
        {"no block", "hello\n", 0},
        {"cut", cut, 0},
        {"damaged", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", 0},
        {"not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0},
        {"with headers",
         "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END "
         "CERTIFICATE-----\n",
         0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cret_err_clear(&err);
        const enum cret_status status = cret_certificates_read(
            &list, &count, rows[i].text, strlen(rows[i].text), "anchor.pem", &err);
        cr_expect_eq(status, rows[i].count > 0 ? CRET_OK : CRET_FAILED, "%s: %s", rows[i].why,
                     err.what);
        if (status == CRET_OK) {
            cr_expect_eq(count, rows[i].count, "%s", rows[i].why);
            cret_certificates_free(&list, count);
        } else {
            cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", rows[i].why);
            cr_expect_not_null(strstr(err.what, "anchor.pem"), "%s: %s", rows[i].why, err.what);
        }
    }
    free(pem);
    free(other);
    free(key);
    free(two);
    free(noted);
    free(mixed);
    free(cut);
    pki_clear(&leaf);
    pki_clear(&root);
}

/* Parses what was made by hand; `change` works on OpenSSL's object before it is signed again. */
static enum cret_status parse_made(void (*change)(X509 *x509), struct cret_err *err)
{
    struct pki_entity leaf =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    struct cret_certificate *certificate = NULL;
    uint8_t *der = NULL;
    change(leaf.x509);
    cr_assert_gt(X509_sign(leaf.x509, leaf.pkey, EVP_sha256()), 0);
    const int size = i2d_X509(leaf.x509, &der);
    cr_assert_gt(size, 0);
    cret_err_clear(err);
    const enum cret_status status = cret_certificate_from_der(&certificate, der, (size_t)size, err);
    cret_certificate_free(&certificate);
    OPENSSL_free(der);
    pki_clear(&leaf);
    return status;
}

static void add_raw(X509 *x509, const char *oid, const void *data, int size)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(value, data, size);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, value);
    cr_assert_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static void nothing(X509 *x509)
{
    (void)x509;
}

static void many_extensions(X509 *x509)
{
    for (int i = 0; i < 70; i++) {
        char oid[32];
        snprintf(oid, sizeof(oid), "1.2.3.%d", i);
        add_raw(x509, oid, "\x05\x00", 2);
    }
}

static void extension_twice(X509 *x509)
{
    add_raw(x509, "1.2.3.4", "\x05\x00", 2);
    add_raw(x509, "1.2.3.4", "\x05\x00", 2);
}

static void malformed_extension(X509 *x509)
{
    X509_EXTENSION_free(X509_delete_ext(x509, 0));
    add_raw(x509, "2.5.29.19", "\x05\x00", 2);
}

static void set_serial(X509 *x509, size_t size)
{
    uint8_t bytes[64];
    memset(bytes, 0x11, sizeof(bytes));
    BIGNUM *number = BN_bin2bn(bytes, (int)size, NULL);
    cr_assert_not_null(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
    BN_free(number);
}

static void serial_of_20(X509 *x509)
{
    set_serial(x509, 20);
}

static void serial_of_30(X509 *x509)
{
    set_serial(x509, 30);
}

static void negative_serial(X509 *x509)
{
    ASN1_INTEGER_set(X509_get_serialNumber(x509), -5);
}

static void no_issuer(X509 *x509)
{
    X509_NAME *name = X509_NAME_new();
    cr_assert_eq(X509_set_issuer_name(x509, name), 1);
    X509_NAME_free(name);
}

Test(certificate, made_by_hand)
{
    static const struct {
        const char *why;
        void (*change)(X509 *x509);
        const char *says; /* NULL: accepted */
    } rows[] = {{"unchanged", nothing, NULL},
                {"70 extensions", many_extensions, "more than 64 extensions"},
                {"an extension twice", extension_twice, "same extension twice"},
                {"a malformed extension", malformed_extension, "malformed extension"},
                {"20 octets of serial number", serial_of_20, NULL},
                {"30 octets of serial number", serial_of_30, "serial number"},
                {"a negative serial number", negative_serial, "negative"},
                {"no issuer", no_issuer, "names no issuer"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_err err;
        const enum cret_status status = parse_made(rows[i].change, &err);
        cr_expect_eq(status, rows[i].says == NULL ? CRET_OK : CRET_FAILED, "%s: %s", rows[i].why,
                     err.what);
        if (rows[i].says != NULL) {
            cr_expect_not_null(strstr(err.what, rows[i].says), "%s: %s", rows[i].why, err.what);
        }
    }
}

/* SubjectPublicKeyInfo of RSA with these numbers. */
static enum cret_status parse_rsa(const uint8_t *modulus, size_t modulus_size,
                                  const uint8_t *exponent, size_t exponent_size, bool null,
                                  struct cret_err *err)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    struct cret_buffer numbers = {0}, bits = {0}, algorithm = {0}, info = {0}, out = {0};
    struct cret_public_key key;
    der_put(&numbers, CRET_DER_INTEGER, modulus, modulus_size);
    der_put(&numbers, CRET_DER_INTEGER, exponent, exponent_size);
    cret_buffer_append(&bits, "", 1);
    der_wrap(&bits, CRET_DER_SEQUENCE, &numbers);
    der_put(&algorithm, CRET_DER_OID, oid, sizeof(oid));
    if (null) {
        der_put(&algorithm, CRET_DER_NULL, NULL, 0);
    }
    der_wrap(&info, CRET_DER_SEQUENCE, &algorithm);
    der_wrap(&info, CRET_DER_BIT_STRING, &bits);
    der_wrap(&out, CRET_DER_SEQUENCE, &info);
    cret_err_clear(err);
    const enum cret_status status = cret_public_key_parse(
        &key, (const uint8_t *)out.data, out.size, "key", CRET_CHECK_CERTIFICATE_ALGORITHM, err);
    cret_buffer_free(&out);
    return status;
}

Test(certificate, rsa_keys_in_one_form)
{
    static const uint8_t f4[] = {1, 0, 1}, even[] = {2}, zero[] = {0}, padded[] = {0, 1};
    static uint8_t modulus[2100], even_modulus[385], negative[384];
    struct cret_err err;
    memset(modulus, 0x5a, sizeof(modulus));
    memset(even_modulus, 0x5a, sizeof(even_modulus));
    memset(negative, 0xff, sizeof(negative));
    modulus[383] = 0x5b;
    cr_expect_eq(parse_rsa(modulus, 384, f4, 3, true, &err), CRET_OK, "%s", err.what);
    cr_expect_neq(parse_rsa(modulus, 384, f4, 3, false, &err), CRET_OK, "parameters absent");
    cr_expect_neq(parse_rsa(even_modulus, 384, f4, 3, true, &err), CRET_OK, "even modulus");
    cr_expect_neq(parse_rsa(negative, 384, f4, 3, true, &err), CRET_OK, "negative modulus");
    cr_expect_neq(parse_rsa(modulus, 384, even, 1, true, &err), CRET_OK, "even exponent");
    cr_expect_neq(parse_rsa(modulus, 384, zero, 1, true, &err), CRET_OK, "zero exponent");
    cr_expect_neq(parse_rsa(modulus, 384, padded, 2, true, &err), CRET_OK, "padded exponent");
    modulus[2099] = 0x5b;
    cr_expect_neq(parse_rsa(modulus, 2100, f4, 3, true, &err), CRET_OK, "too large");
    modulus[31] = 0x5b;
    cr_expect_neq(parse_rsa(modulus, 32, f4, 3, true, &err), CRET_OK, "too small");
}

Test(certificate, key_bits_are_whole_octets)
{
    struct pki_entity leaf =
        pki_make((struct pki_spec){.name = "Signer", .extensions = {PKI_LEAF}});
    const struct cret_bytes info = cret_certificate_parts(leaf.certificate)->key_info;
    uint8_t *copy = malloc(info.size);
    struct cret_public_key key;
    memcpy(copy, info.data, info.size);
    for (int unused = 0; unused < 3; unused++) {
        copy[info.size - 66] = (uint8_t)unused;
        cr_expect_eq(cret_public_key_parse(&key, copy, info.size, "key",
                                           CRET_CHECK_CERTIFICATE_ALGORITHM, NULL),
                     unused == 0 ? CRET_OK : CRET_FAILED);
    }
    free(copy);
    pki_clear(&leaf);
}
