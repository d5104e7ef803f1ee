/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519, ML-DSA and SLH-DSA: keys in one form on every OpenSSL, values where it has the
 * algorithm, and what must be true of a signature whose value cannot be checked. */
#include <criterion/criterion.h>
#include <openssl/opensslv.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/asn1/library.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms.h"
#include "trust/policy/policy.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/public_key.h"

#define HAS_ML_DSA (OPENSSL_VERSION_NUMBER >= 0x30500000)

static const char content[] = "{\"cretula\": \"manifest/1\"}\n";

/* FIPS 204 table 2, FIPS 205 table 2; the object identifiers of RFC 9881 and RFC 9909. */
static const struct kind {
    const char *name;
    const char *library;
    uint8_t last_arc; /* of 2.16.840.1.101.3.4.3; 0: Ed25519 */
    size_t key, value;
} kinds[] = {
    {"ed25519", "ED25519", 0, 32, 64},
    {"ml-dsa-65", "ML-DSA-65", 18, 1952, 3309},
    {"ml-dsa-87", "ML-DSA-87", 19, 2592, 4627},
    {"slh-dsa-sha2-128s", "SLH-DSA-SHA2-128s", 20, 32, 7856},
    {"slh-dsa-sha2-128f", "SLH-DSA-SHA2-128f", 21, 32, 17088},
    {"slh-dsa-sha2-192s", "SLH-DSA-SHA2-192s", 22, 48, 16224},
    {"slh-dsa-sha2-192f", "SLH-DSA-SHA2-192f", 23, 48, 35664},
    {"slh-dsa-sha2-256s", "SLH-DSA-SHA2-256s", 24, 64, 29792},
    {"slh-dsa-sha2-256f", "SLH-DSA-SHA2-256f", 25, 64, 49856},
    {"slh-dsa-shake-128s", "SLH-DSA-SHAKE-128s", 26, 32, 7856},
    {"slh-dsa-shake-128f", "SLH-DSA-SHAKE-128f", 27, 32, 17088},
    {"slh-dsa-shake-192s", "SLH-DSA-SHAKE-192s", 28, 48, 16224},
    {"slh-dsa-shake-192f", "SLH-DSA-SHAKE-192f", 29, 48, 35664},
    {"slh-dsa-shake-256s", "SLH-DSA-SHAKE-256s", 30, 64, 29792},
    {"slh-dsa-shake-256f", "SLH-DSA-SHAKE-256f", 31, 64, 49856},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), ML_DSA_65 = 1 };

/* AlgorithmIdentifier, with a NULL of parameters where asked. */
static void put_identifier(struct cret_buffer *out, const struct kind *kind, bool with_null)
{
    static const uint8_t nist[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03};
    static const uint8_t ed25519[] = {0x2b, 0x65, 0x70};
    struct cret_buffer oid = {0}, inner = {0};
    if (kind->last_arc == 0) {
        cret_buffer_append(&oid, ed25519, sizeof(ed25519));
    } else {
        cret_buffer_append(&oid, nist, sizeof(nist));
        cret_buffer_append(&oid, &kind->last_arc, 1);
    }
    der_wrap(&inner, CRET_DER_OID, &oid);
    if (with_null) {
        der_put(&inner, 0x05, "", 0);
    }
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

/* SubjectPublicKeyInfo with `size` octets of key: nothing but their number can be wrong in them. */
static void put_key(struct cret_buffer *out, const struct kind *kind, size_t size, bool with_null)
{
    struct cret_buffer bits = {0}, info = {0};
    cret_buffer_append(&bits, "", 1);
    for (size_t i = 0; i < size; i++) {
        const uint8_t octet = (uint8_t)(i * 7 + 1);
        cret_buffer_append(&bits, &octet, 1);
    }
    put_identifier(&info, kind, with_null);
    der_wrap(&info, CRET_DER_BIT_STRING, &bits);
    der_wrap(out, CRET_DER_SEQUENCE, &info);
}

static enum cret_status parse_key(struct cret_public_key *key, const struct kind *kind, size_t size,
                                  bool with_null, struct cret_err *err)
{
    struct cret_buffer der = {0};
    cret_err_clear(err);
    put_key(&der, kind, size, with_null);
    const enum cret_status status = cret_public_key_parse(key, (const uint8_t *)der.data, der.size,
                                                          "key", CRET_CHECK_SIGNATURE_FORM, err);
    cret_buffer_free(&der);
    return status;
}

Test(post_quantum, keys_have_one_form_on_every_openssl)
{
    cr_assert_eq(cret_library_begin(NULL), CRET_OK);
    for (size_t i = 0; i < KINDS; i++) {
        const struct kind *kind = &kinds[i];
        struct cret_public_key key;
        struct cret_err err;
        cr_assert_eq(parse_key(&key, kind, kind->key, false, &err), CRET_OK, "%s: %s", kind->name,
                     err.what);
        cr_expect_str_eq(key.name, kind->name);
        cr_expect_eq(cret_public_key_family(&key), CRET_FAMILY_PURE);
        cr_expect_eq(cret_public_key_is_post_quantum(&key), kind->last_arc != 0, "%s", kind->name);
        cr_expect_eq(cret_public_key_available(&key), kind->last_arc == 0 || HAS_ML_DSA, "%s",
                     kind->name);
        cr_expect_eq(cret_public_key_value_size(&key), kind->value, "%s", kind->name);
        cr_expect_null(cret_public_key_weakness(&key));
        cr_expect_neq(parse_key(&key, kind, kind->key - 1, false, &err), CRET_OK, "%s", kind->name);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
        cr_expect_neq(parse_key(&key, kind, kind->key + 1, false, &err), CRET_OK, "%s", kind->name);
        cr_expect_neq(parse_key(&key, kind, kind->key, true, &err), CRET_OK,
                      "%s: parameters must be absent", kind->name);
        cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_ALGORITHM);
    }
}

Test(post_quantum, other_kinds_are_refused)
{
    /* ML-DSA-44, the pre-hash forms, Ed448's neighbour: not of the profile. */
    static const uint8_t arcs[] = {17, 32, 33, 35, 46, 99};
    for (size_t i = 0; i < sizeof(arcs); i++) {
        const struct kind other = {"other", NULL, arcs[i], 1952, 0};
        struct cret_public_key key;
        struct cret_err err;
        cr_expect_neq(parse_key(&key, &other, 1952, false, &err), CRET_OK, "%u", arcs[i]);
        cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_ALGORITHM);
    }
}

/* The table's identifiers and lengths are those of OpenSSL, where it has them. */
Test(post_quantum, keys_are_those_of_openssl)
{
    cr_assert_eq(cret_library_begin(NULL), CRET_OK);
    for (size_t i = 0; i < KINDS; i++) {
        unsigned char *der = NULL;
        EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, kinds[i].library);
        cr_expect_eq(pkey != NULL, kinds[i].last_arc == 0 || HAS_ML_DSA, "%s", kinds[i].name);
        if (pkey == NULL) {
            continue;
        }
        struct cret_public_key key;
        const int size = i2d_PUBKEY(pkey, &der);
        cr_assert_gt(size, 0);
        cr_expect_eq(
            cret_public_key_parse(&key, der, (size_t)size, "key", CRET_CHECK_SIGNATURE_FORM, NULL),
            CRET_OK, "%s", kinds[i].name);
        cr_expect_str_eq(key.name, kinds[i].name);
        cr_expect_eq((size_t)EVP_PKEY_get_size(pkey), kinds[i].value, "%s", kinds[i].name);
        OPENSSL_free(der);
        EVP_PKEY_free(pkey);
    }
}

/* Another digest than the profile's for these keys. */
static void forge_digest(struct forge *forge, const char *name)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    struct cret_buffer value = {0};
    forge->digest = cret_digest_by_name(name);
    cr_assert_eq(EVP_Digest(content, strlen(content), hash, &length, forge->digest->md(), NULL), 1);
    der_put(&value, CRET_DER_OCTET_STRING, hash, length);
    forge_replace(forge, 1, cret_oid_message_digest, value.data, value.size);
    cret_buffer_free(&value);
}

/* Every flipped bit of a whole signature is refused where OpenSSL has the algorithm. */
Test(post_quantum, every_flipped_bit_is_refused)
{
    static const char *const algorithms[] = {"ED25519", "ML-DSA-65"};
    for (size_t i = 0; i < (HAS_ML_DSA ? 2u : 1u); i++) {
        struct pki_entity leaf = pki_make((struct pki_spec){
            .name = "Signer", .algorithm = algorithms[i], .extensions = {PKI_LEAF}});
        struct forge forge;
        struct cret_err err;
        size_t size = 0, passed = 0;
        forge_begin(&forge, &leaf, content, NULL, 0);
        uint8_t *der = forge_write(&forge, &size);
        cr_assert_eq(pki_judge(der, size, content, &err), CRET_OK, "%s", err.what);
        cr_expect_neq(pki_judge(der, size, "{}\n", &err), CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
        /* All of Ed25519's; of the longer ones every eleventh bit meets every byte's neighbourhood.
         */
        for (size_t bit = 0; bit < 8 * size; bit += i == 0 ? 1 : 11) {
            der[bit / 8] ^= (uint8_t)(1u << bit % 8);
            passed += pki_judge(der, size, content, &err) == CRET_OK ? 1 : 0;
            der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        cr_expect_eq(passed, 0, "%s: %zu flipped bits passed", algorithms[i], passed);
        free(der);
        forge_end(&forge);
        pki_clear(&leaf);
    }
}

/* Digests other than SHA-512, and identifiers other than the key's. */
Test(post_quantum, algorithms_that_do_not_fit_the_key)
{
    struct pki_entity leaf = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = "ED25519", .extensions = {PKI_LEAF}});
    struct forge forge;
    struct cret_err err;
    size_t size = 0;
    uint8_t *der = NULL;
    static const char *const digests[] = {"sha256", "sha384"};
    for (size_t i = 0; i < 2; i++) {
        forge_begin(&forge, &leaf, content, NULL, 0);
        forge_digest(&forge, digests[i]);
        der = forge_write(&forge, &size);
        cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_ALGORITHM, "%s", err.what);
        free(der);
        forge_end(&forge);
    }
    for (size_t i = 0; i < KINDS; i++) {
        forge_begin(&forge, &leaf, content, NULL, 0);
        put_identifier(&forge.algorithm, &kinds[i], i == 0);
        der = forge_write(&forge, &size);
        cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK, "%s", kinds[i].name);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_ALGORITHM, "%s: %s", kinds[i].name, err.what);
        free(der);
        cret_buffer_free(&forge.algorithm);
        forge_end(&forge);
    }
    pki_clear(&leaf);
}

/* A signature whose key is of a kind that OpenSSL 3.0 lacks: a certificate with such a key in it,
 * which nobody signed, and a value of the right length. */
struct unsigned_cms {
    struct pki_entity base; /* P-256: lends all but the key */
    uint8_t *der;
    size_t size, value_at;
};

static void replace_key(struct cret_buffer *out, const struct pki_entity *base,
                        const struct kind *kind)
{
    size_t size = 0;
    const uint8_t *der = cret_certificate_der(base->certificate, &size);
    const struct cret_bytes old = cret_certificate_parts(base->certificate)->key_info;
    struct cret_der whole = cret_der_begin(der, size, "certificate", CRET_CHECK_NONE, NULL);
    struct cret_der certificate, fields;
    struct cret_buffer inner = {0}, tbs = {0};
    cr_assert_eq(cret_der_enter(&whole, CRET_DER_SEQUENCE, "Certificate", &certificate), CRET_OK);
    cr_assert_eq(cret_der_enter(&certificate, CRET_DER_SEQUENCE, "TBS", &fields), CRET_OK);
    cret_buffer_append(&tbs, fields.next, (size_t)(old.data - fields.next));
    put_key(&tbs, kind, kind->key, false);
    const uint8_t *rest = old.data + old.size;
    cret_buffer_append(&tbs, rest, (size_t)(fields.end - rest));
    der_wrap(&inner, CRET_DER_SEQUENCE, &tbs);
    cret_buffer_append(&inner, certificate.next, (size_t)(certificate.end - certificate.next));
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

static struct unsigned_cms unsigned_cms_make(const struct kind *kind, bool with_time)
{
    struct unsigned_cms made = {.base = pki_leaf("Signer", NULL)};
    struct pki_entity signer = {.pkey = made.base.pkey};
    struct cret_buffer der = {0}, value = {0};
    struct forge forge;
    struct cret_err err;
    replace_key(&der, &made.base, kind);
    cret_err_clear(&err);
    cr_assert_eq(
        cret_certificate_from_der(&signer.certificate, (const uint8_t *)der.data, der.size, &err),
        CRET_OK, "%s", err.what);
    signer.x509 = cret_certificate_x509(signer.certificate);
    forge_begin(&forge, &signer, content, NULL, 0);
    if (with_time) {
        der_put_attribute(&forge.attributes[forge.attribute_count++], cret_oid_signing_time,
                          "\x17\x0d"
                          "260101000000Z",
                          15);
    }
    put_identifier(&forge.algorithm, kind, false);
    char *zeros = calloc(1, kind->value);
    der_put(&value, CRET_DER_OCTET_STRING, zeros, kind->value);
    forge.value = value;
    made.der = forge_write(&forge, &made.size);
    made.value_at = made.size - kind->value;
    free(zeros);
    forge_end(&forge);
    cret_certificate_free(&signer.certificate);
    cret_buffer_free(&der);
    return made;
}

static void unsigned_cms_clear(struct unsigned_cms *made)
{
    free(made->der);
    pki_clear(&made->base);
}

/* Its value is not checked where OpenSSL lacks the algorithm: then it never verifies either, and
 * everything but the value is held to the form. */
Test(post_quantum, what_cannot_be_checked_does_not_verify)
{
    struct unsigned_cms made = unsigned_cms_make(&kinds[ML_DSA_65], false);
    struct cret_cms *cms = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_cms_parse(&cms, made.der, made.size, &err), CRET_OK, "%s: %s", err.what,
                 err.where);
    cr_expect_str_eq(cret_cms_algorithm(cms), "ml-dsa-65-sha512");
    cr_expect(cret_cms_is_post_quantum(cms));
    cr_expect_eq(cret_cms_checkable(cms), HAS_ML_DSA);
    cr_expect_neq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check,
                 HAS_ML_DSA ? CRET_CHECK_SIGNATURE_VALUE : CRET_CHECK_SIGNATURE_POST_QUANTUM);
    cr_expect_eq(cret_cms_match_content(cms, (const uint8_t *)content, strlen(content), &err),
                 CRET_OK);
    cr_expect_neq(cret_cms_match_content(cms, (const uint8_t *)"{}\n", 3, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
    cret_cms_free(&cms);
    unsigned_cms_clear(&made);
}

/* Form and certificate hashes hold every bit before the value; messageDigest holds its own. */
Test(post_quantum, all_but_the_value_is_checked)
{
    struct unsigned_cms made = unsigned_cms_make(&kinds[ML_DSA_65], false);
    size_t passed = 0, in_value = 0;
    for (size_t bit = 0; bit < 8 * made.size; bit += bit < 8 * made.value_at ? 1 : 4099) {
        struct cret_cms *cms = NULL;
        made.der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (cret_cms_parse(&cms, made.der, made.size, NULL) == CRET_OK &&
            cret_cms_match_content(cms, (const uint8_t *)content, strlen(content), NULL) ==
                CRET_OK) {
            if (bit / 8 < made.value_at) {
                passed++;
            } else {
                in_value++;
            }
        }
        cret_cms_free(&cms);
        made.der[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_expect_eq(passed, 0, "%zu flipped bits outside the value", passed);
    cr_expect_gt(in_value, 0);
    unsigned_cms_clear(&made);
}

/* Its digits could be changed where the value cannot be checked. */
Test(post_quantum, no_signing_time_by_such_a_key)
{
    struct unsigned_cms made = unsigned_cms_make(&kinds[ML_DSA_65], true);
    struct cret_cms *cms = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect_neq(cret_cms_parse(&cms, made.der, made.size, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
    cr_expect_not_null(strstr(err.what, "signingTime"), "%s", err.what);
    cr_expect_null(cms);
    unsigned_cms_clear(&made);
}

/* A signer whose key nobody here can use: never counted, by no anchor. */
Test(post_quantum, what_cannot_be_checked_counts_for_nothing)
{
    struct unsigned_cms made = unsigned_cms_make(&kinds[ML_DSA_65], false);
    struct cret_cms *cms = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_cms_parse(&cms, made.der, made.size, &err), CRET_OK);
    struct cret_policy_signer signer = {.name = (char *)"S", .anchor = {.kind = CRET_ANCHOR_KEY}};
    memcpy(signer.anchor.key_digest, cret_certificate_key_digest(cret_cms_signer(cms)),
           CRET_SHA256_BYTES);
    size_t first = 0;
    struct cret_policy_role role = {.name = (char *)"release",
                                    .signers = &first,
                                    .signer_count = 1,
                                    .threshold = 1,
                                    .usage = (char *)PKI_USAGE,
                                    .meanings = {[CRET_MEANING_NONE] = true}};
    char *products[] = {(char *)"*"};
    struct cret_policy_scope scope = {.vendor = (char *)"ACME",
                                      .products = products,
                                      .product_count = 1,
                                      .signers = &signer,
                                      .signer_count = 1,
                                      .roles = &role,
                                      .role_count = 1};
    struct cret_policy policy = {.name = (char *)"P", .scopes = &scope, .scope_count = 1};
    struct cret_signature_judgement judgement;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    const struct cret_cms *const list[] = {cms};
    memset(&judgement, 0, sizeof(judgement));
    const enum cret_status status =
        cret_policy_judge(PKI_REQUEST(&policy, list, 1), &judgement, &scopes, findings, &err);
    if (HAS_ML_DSA) { /* the gate verifies it there, and would have refused it */
        free(scopes);
    } else {
        cr_expect_neq(status, CRET_OK);
        cr_expect_null(scopes);
        cr_expect_not(judgement.counted);
        cr_expect_not(judgement.completes);
        cr_expect_eq(judgement.why_not.check, CRET_CHECK_SIGNATURE_POST_QUANTUM);
    }
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    unsigned_cms_clear(&made);
}
