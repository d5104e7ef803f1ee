/* SPDX-License-Identifier: Apache-2.0 */
/* Each deviation from the profile that docs/spec/signatures.md names, but for the signed attributes
 * (test_cms_attributes.c), and what is left free. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "deviation.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms.h"
#include "trust/x509/certificate_parts.h"

static void der_number(struct cret_buffer *out, uint8_t value)
{
    der_put(out, CRET_DER_INTEGER, &value, 1);
}

static void version_3(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_number(&forge->version, 3);
}

static void signer_version_3(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_number(&forge->signer_version, 3);
}

static void enveloped(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
    (void)f;
    der_put(&forge->content_type, CRET_DER_OID, oid, sizeof(oid));
}

static void two_digests(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer set = {0};
    (void)f;
    der_put_bytes(&set, cret_digest_by_name("sha256")->identifier);
    der_put_bytes(&set, cret_digest_by_name("sha512")->identifier);
    der_wrap(&forge->digests, CRET_DER_SET, &set);
}

static void other_digest(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    const struct cret_bytes other = cret_digest_by_name("sha512")->identifier;
    der_put(&forge->digests, CRET_DER_SET, other.data, other.size);
}

static void no_digest(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_put(&forge->digests, CRET_DER_SET, NULL, 0);
}

static void digest_with_null(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t identifier[] = {0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->signer_digest, identifier, sizeof(identifier));
}

static void sha1_digest(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t identifier[] = {0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a};
    (void)f;
    der_put(&forge->digests, CRET_DER_SET, identifier, sizeof(identifier));
    cret_buffer_append(&forge->signer_digest, identifier, sizeof(identifier));
}

static void attached(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer inner = {0}, octets = {0};
    (void)f;
    der_put(&octets, CRET_DER_OCTET_STRING, deviation_content, strlen(deviation_content));
    der_put(&inner, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_wrap(&inner, 0xa0, &octets);
    der_wrap(&forge->encapsulated, CRET_DER_SEQUENCE, &inner);
}

static void other_content_type(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer inner = {0};
    (void)f;
    der_put(&inner, CRET_DER_OID, cret_oid_signed_data.data, cret_oid_signed_data.size);
    der_wrap(&forge->encapsulated, CRET_DER_SEQUENCE, &inner);
}

static void crls(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_put(&forge->crls, 0xa1, NULL, 0);
}

static void certificates_unsorted(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge->unsorted_certificates = true;
}

static void certificates_missing(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge->no_certificates = true;
}

static void certificates_empty(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge->certificate_count = 0;
}

static void certificate_missing(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge->certificate_count = 1;
}

static void certificate_not_listed(struct forge *forge, const struct pki_chain *f)
{
    struct cret_bytes *extra = &forge->certificates[forge->certificate_count++];
    extra->data = cret_certificate_der(f->root.certificate, &extra->size);
}

static void certificate_exchanged(struct forge *forge, const struct pki_chain *f)
{
    forge->certificates[1].data =
        cret_certificate_der(f->root.certificate, &forge->certificates[1].size);
}

static void list_in_wrong_order(struct forge *forge, const struct pki_chain *f)
{
    const struct pki_entity *const list[] = {&f->middle, &f->leaf};
    list_certificates(forge, list, 2, NULL);
}

static void listed_twice(struct forge *forge, const struct pki_chain *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->leaf};
    list_certificates(forge, list, 2, NULL);
}

static void chain_with_a_gap(struct forge *forge, const struct pki_chain *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->root};
    list_certificates(forge, list, 2, NULL);
    certificate_exchanged(forge, f);
}

static void explicit_sha256(struct forge *forge, const struct pki_chain *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->middle};
    list_certificates(forge, list, 2, cret_digest_by_name("sha256"));
}

static void empty_list(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    list_certificates(forge, NULL, 0, NULL);
    forge->certificate_count = 0;
}

static void certificate_policies(struct forge *forge, const struct pki_chain *f)
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

static void wrong_issuer_serial(struct forge *forge, const struct pki_chain *f)
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

static void foreign_sid(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer inner = {0};
    der_put_bytes(&inner, cret_certificate_parts(f->leaf.certificate)->issuer);
    der_put_bytes(&inner, cret_certificate_parts(f->middle.certificate)->serial);
    der_wrap(&forge->sid, CRET_DER_SEQUENCE, &inner);
}

static void key_identifier_sid(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t identifier[20];
    (void)f;
    der_put(&forge->sid, 0x80, identifier, sizeof(identifier));
}

static void algorithm_of_other_digest(struct forge *forge, const struct pki_chain *f)
{
    der_put_bytes(&forge->algorithm, algorithm_of(&f->leaf, "sha384")->identifier);
}

static void algorithm_of_other_key(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t rsa[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                  0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->algorithm, rsa, sizeof(rsa));
}

static void algorithm_with_null(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t ecdsa[] = {0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x04, 0x03, 0x02, 0x05, 0x00};
    (void)f;
    cret_buffer_append(&forge->algorithm, ecdsa, sizeof(ecdsa));
}

static void unsigned_attributes(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer set = {0};
    (void)f;
    static const uint8_t value[] = {0x30, 0x00};
    der_put_attribute(&set, cret_oid_signing_time, value, sizeof(value));
    der_wrap(&forge->unsigned_attributes, 0xa1, &set);
}

static void empty_unsigned_attributes(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_put(&forge->unsigned_attributes, 0xa1, NULL, 0);
}

static void second_signer(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_put(&forge->second_signer, CRET_DER_SEQUENCE, NULL, 0);
}

static void after_signers(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    der_put(&forge->after_signers, CRET_DER_NULL, NULL, 0);
}

static void explicit_sha384(struct forge *forge, const struct pki_chain *f)
{
    const struct pki_entity *const list[] = {&f->leaf, &f->middle};
    list_certificates(forge, list, 2, cret_digest_by_name("sha384"));
}

static void nothing(struct forge *forge, const struct pki_chain *f)
{
    (void)forge;
    (void)f;
}

static const struct deviation deviations[] = {
    DEVIATION(version_3),
    DEVIATION(signer_version_3),
    DEVIATION(enveloped),
    DEVIATION(two_digests),
    DEVIATION(other_digest),
    DEVIATION(no_digest),
    DEVIATION(digest_with_null),
    DEVIATION(sha1_digest),
    DEVIATION(attached),
    DEVIATION(other_content_type),
    DEVIATION(crls),
    DEVIATION(certificates_unsorted),
    DEVIATION(certificates_missing),
    DEVIATION(certificates_empty),
    DEVIATION(certificate_missing),
    DEVIATION(certificate_not_listed),
    DEVIATION(certificate_exchanged),
    DEVIATION(list_in_wrong_order),
    DEVIATION(listed_twice),
    DEVIATION(chain_with_a_gap),
    DEVIATION(empty_list),
    DEVIATION(certificate_policies),
    DEVIATION(wrong_issuer_serial),
    DEVIATION(foreign_sid),
    DEVIATION(key_identifier_sid),
    DEVIATION(algorithm_of_other_digest),
    DEVIATION(algorithm_of_other_key),
    DEVIATION(algorithm_with_null),
    DEVIATION(unsigned_attributes),
    DEVIATION(empty_unsigned_attributes),
    DEVIATION(second_signer),
    DEVIATION(after_signers),
};
static const struct deviation variants[] = {
    DEVIATION(nothing),
    DEVIATION(explicit_sha256),
    DEVIATION(explicit_sha384),
};

/* Lesson 14 among them: a second SignerInfo. */
Test(cms_profile, each_deviation_from_the_profile_is_refused)
{
    expect_refused(deviations, sizeof(deviations) / sizeof(deviations[0]));
}

Test(cms_profile, each_variant_of_the_profile_is_accepted)
{
    expect_accepted(variants, sizeof(variants) / sizeof(variants[0]));
}

/* In the profile in everything but the size of the key. */
Test(cms_profile, weak_signer_keys_are_refused)
{
    struct pki_entity weak = pki_make(
        (struct pki_spec){.name = "Signer", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}});
    struct forge forge;
    struct cret_err err;
    for (int pss = 0; pss < 2; pss++) {
        forge_begin(&forge, &weak, deviation_content, NULL, 0);
        forge.pss = pss == 1;
        cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_ALGORITHM, "%s", err.what);
        cr_expect_not_null(strstr(err.what, "3072"), "%s", err.what);
        forge_end(&forge);
    }
    pki_clear(&weak);
}

Test(cms_profile, sizes_are_capped)
{
    static uint8_t large[(256u << 10) + 1];
    struct cret_err err;
    struct cret_cms *cms = NULL;
    cret_err_clear(&err);
    cr_expect_neq(cret_cms_parse(&cms, large, sizeof(large), &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "impossible size"));
    cr_expect_neq(cret_cms_parse(&cms, large, 0, &err), CRET_OK);
    cr_expect_null(cms);
}

Test(cms_profile, another_key_does_not_verify)
{
    struct pki_chain f = pki_chain_make();
    struct pki_entity other = pki_leaf("Signer", &f.middle);
    struct forge forge;
    struct cret_err err;
    size_t size = 0;
    forge_begin(&forge, &f.leaf, deviation_content, NULL, 0);
    struct pki_entity mixed = f.leaf;
    mixed.pkey = other.pkey; /* signs with a key that is not the certificate's */
    forge.signer = &mixed;
    uint8_t *der = forge_write(&forge, &size);
    cr_expect_neq(pki_judge(der, size, deviation_content, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
    free(der);
    forge_end(&forge);
    pki_clear(&other);
    pki_chain_clear(&f);
}

/* Counts are capped before anything is stored. */
Test(cms_profile, chains_are_capped)
{
    static uint8_t small[FORGE_CERTIFICATES][5];
    struct pki_chain f = pki_chain_make();
    struct forge forge;
    struct cret_err err;
    forge_begin(&forge, &f.leaf, deviation_content, NULL, 0);
    forge.certificate_count = CRET_LIMIT_CHAIN + 1;
    for (uint8_t i = 0; i < CRET_LIMIT_CHAIN + 1; i++) {
        const uint8_t element[] = {0x30, 0x03, 0x02, 0x01, i};
        memcpy(small[i], element, sizeof(element));
        forge.certificates[i] = (struct cret_bytes){small[i], sizeof(element)};
    }
    cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "more than 10 certificates"), "%s", err.what);

    const struct pki_entity *list[CRET_LIMIT_CHAIN + 1];
    for (size_t i = 0; i < CRET_LIMIT_CHAIN + 1; i++) {
        list[i] = &f.leaf;
    }
    list_certificates(&forge, list, CRET_LIMIT_CHAIN + 1, NULL);
    forge.certificate_count = CRET_LIMIT_CHAIN;
    cr_expect_neq(judge_forge(&forge, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, "lists more than 10"), "%s", err.what);
    forge_end(&forge);
    pki_chain_clear(&f);
}
