/* SPDX-License-Identifier: Apache-2.0 */
/* Detached CMS of others: each part of it that is refused, with the words that say why. */
#include "signed_case.h"
#include "trust/x509/certificate_parts.h"

static const uint8_t two[] = {2}, unknown[] = {0x2a, 0x03, 0x04};

/* SEQUENCE { OID }. */
static void put_identifier(struct cret_buffer *out, const uint8_t *oid, size_t size)
{
    struct cret_buffer inner = {0};
    der_put(&inner, CRET_DER_OID, oid, size);
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

/* One more of the signed attributes. */
static void add_attribute(struct forge *forge, struct cret_bytes type, uint8_t tag,
                          const char *text)
{
    struct cret_buffer value = {0};
    der_put(&value, tag, text, strlen(text));
    der_put_attribute(&forge->attributes[forge->attribute_count++], type, value.data, value.size);
    cret_buffer_free(&value);
}

static void add_time(struct forge *forge)
{
    add_attribute(forge, cret_oid_signing_time, CRET_DER_UTC_TIME, "260501120000Z");
}

static void two_digests(struct forge *forge)
{
    add_attribute(forge, cret_oid_message_digest, CRET_DER_OCTET_STRING, "another digest");
}

static void two_types(struct forge *forge)
{
    struct cret_buffer value = {0};
    der_put(&value, CRET_DER_OID, unknown, sizeof(unknown));
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_content_type,
                      value.data, value.size);
    cret_buffer_free(&value);
}

static void two_times(struct forge *forge)
{
    add_time(forge);
    add_attribute(forge, cret_oid_signing_time, CRET_DER_UTC_TIME, "260501120001Z");
}

static void no_digest(struct forge *forge)
{
    cret_buffer_free(&forge->attributes[1]);
    forge->attributes[1] = forge->attributes[2];
    forge->attributes[2] = (struct cret_buffer){0};
    forge->attribute_count = 2;
}

static void no_attributes(struct forge *forge)
{
    forge->no_attributes = true;
}

/* So many unsigned attributes, of one value or none. */
static void put_unsigned(struct forge *forge, size_t count, bool value)
{
    struct cret_buffer all = {0}, one = {0}, set = {0};
    for (size_t i = 0; i < count; i++) {
        der_put(&one, CRET_DER_OID, unknown, sizeof(unknown));
        der_put(&set, CRET_DER_INTEGER, two, value ? 1 : 0);
        der_put(&one, CRET_DER_SET, set.data, value ? set.size : 0);
        cret_buffer_free(&set);
        der_wrap(&all, CRET_DER_SEQUENCE, &one);
    }
    der_wrap(&forge->unsigned_attributes, 0xa1, &all);
}

static void without_value(struct forge *forge)
{
    put_unsigned(forge, 1, false);
}

static void too_many(struct forge *forge)
{
    put_unsigned(forge, CRET_SIGNED_ATTRIBUTES + 1, true);
}

static void unknown_digest(struct forge *forge)
{
    put_identifier(&forge->signer_digest, unknown, sizeof(unknown));
}

static void other_digest(struct forge *forge)
{
    struct cret_bytes sha384 = cret_digest_by_name("sha384")->identifier;
    der_put(&forge->digests, CRET_DER_SET, sha384.data, sha384.size);
}

static void old_version(struct forge *forge)
{
    der_put(&forge->version, CRET_DER_INTEGER, "", 1);
}

static void old_signer_version(struct forge *forge)
{
    der_put(&forge->signer_version, CRET_DER_INTEGER, "\x06", 1);
}

static void with_lists(struct forge *forge)
{
    der_put(&forge->crls, 0xa1, NULL, 0);
}

static void second_signer(struct forge *forge)
{
    der_put(&forge->second_signer, CRET_DER_SEQUENCE, NULL, 0);
}

static void more_behind(struct forge *forge)
{
    der_put(&forge->after_signers, CRET_DER_INTEGER, two, 1);
}

static void other_form(struct forge *forge)
{
    der_put(&forge->content_type, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
}

static void attached(struct forge *forge)
{
    struct cret_buffer octets = {0}, inner = {0}, tagged = {0};
    der_put(&octets, CRET_DER_OCTET_STRING, SIGNED_TEXT, strlen(SIGNED_TEXT));
    der_put(&inner, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_wrap(&tagged, 0xa0, &octets);
    cret_buffer_append(&inner, tagged.data, tagged.size);
    cret_buffer_free(&tagged);
    der_wrap(&forge->encapsulated, CRET_DER_SEQUENCE, &inner);
}

/* The attribute says another type than the content has: that of data, or of something else. */
static void attribute_of_another_type(struct forge *forge)
{
    struct cret_buffer value = {0};
    der_put(&value, CRET_DER_OID, unknown, sizeof(unknown));
    forge_replace(forge, 0, cret_oid_content_type, value.data, value.size);
    cret_buffer_free(&value);
}

static void of_a_structure(struct forge *forge)
{
    attribute_of_another_type(forge);
    put_identifier(&forge->encapsulated, unknown, sizeof(unknown));
}

static void no_certificates(struct forge *forge)
{
    forge->no_certificates = true;
}

static void of_other_content(struct forge *forge)
{
    struct cret_buffer value = {0};
    uint8_t zeros[32] = {0};
    der_put(&value, CRET_DER_OCTET_STRING, zeros, sizeof(zeros));
    forge_replace(forge, 1, cret_oid_message_digest, value.data, value.size);
    cret_buffer_free(&value);
}

static void other_value(struct forge *forge)
{
    der_put(&forge->value, CRET_DER_OCTET_STRING, "no signature", 12);
}

/* The signature algorithm of a key of RSA, or of ECDSA with another digest than the signature's. */
static void algorithm_of_another_key(struct forge *forge)
{
    static const uint8_t rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b};
    put_identifier(&forge->algorithm, rsa, sizeof(rsa));
}

static void algorithm_of_another_digest(struct forge *forge)
{
    static const uint8_t ecdsa_sha384[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03};
    put_identifier(&forge->algorithm, ecdsa_sha384, sizeof(ecdsa_sha384));
}

static void unknown_algorithm(struct forge *forge)
{
    put_identifier(&forge->algorithm, unknown, sizeof(unknown));
}

/* Each is one deviation of a signature that counts without it. */
static const struct {
    void (*change)(struct forge *forge);
    const char *words;
    enum cret_check_id check;
} deviations[] = {
    {two_digests, "has two messageDigest attributes", CRET_CHECK_FOREIGN_FORM},
    {two_types, "has two contentType attributes", CRET_CHECK_FOREIGN_FORM},
    {two_times, "has two signingTime attributes", CRET_CHECK_FOREIGN_FORM},
    {no_digest, "has no messageDigest attribute", CRET_CHECK_FOREIGN_FORM},
    {no_attributes, "has no signed attributes", CRET_CHECK_FOREIGN_FORM},
    {without_value, "an unsigned attribute without a value", CRET_CHECK_FOREIGN_FORM},
    {too_many, "too many unsigned attributes", CRET_CHECK_FOREIGN_FORM},
    {unknown_digest, "a digest algorithm that is unknown", CRET_CHECK_FOREIGN_FORM},
    {other_digest, "lists other digest algorithms", CRET_CHECK_FOREIGN_FORM},
    {old_version, "a version that no standard has", CRET_CHECK_FOREIGN_FORM},
    {old_signer_version, "a version that no standard has", CRET_CHECK_FOREIGN_FORM},
    {with_lists, "holds revocation lists", CRET_CHECK_FOREIGN_FORM},
    {second_signer, "has a second SignerInfo", CRET_CHECK_FOREIGN_FORM},
    {more_behind, "SignedData", CRET_CHECK_FOREIGN_FORM},
    {other_form, "is not SignedData", CRET_CHECK_FOREIGN_FORM},
    {attached, "is not detached", CRET_CHECK_FOREIGN_FORM},
    {attribute_of_another_type, "contentType attribute is not that", CRET_CHECK_FOREIGN_FORM},
    {of_a_structure, "not over data", CRET_CHECK_FOREIGN_FORM},
    {no_certificates, "does not hold the certificate", CRET_CHECK_FOREIGN_FORM},
    {of_other_content, "is not over this content", CRET_CHECK_FOREIGN_VALUE},
    {other_value, "not made with the key", CRET_CHECK_FOREIGN_VALUE},
    {algorithm_of_another_key, "does not fit its key and digest", CRET_CHECK_FOREIGN_FORM},
    {algorithm_of_another_digest, "does not fit its key and digest", CRET_CHECK_FOREIGN_FORM},
    {unknown_algorithm, "is not known here", CRET_CHECK_FOREIGN_FORM},
};

struct made {
    struct pki_entity root, leaf;
};

static struct made make(const char *algorithm)
{
    struct made made = {.root = pki_root("root")};
    made.leaf =
        pki_make((struct pki_spec){.name = "vendor",
                                   .algorithm = algorithm,
                                   .issuer = &made.root,
                                   .extensions = {PKI_LEAF, "subjectKeyIdentifier=hash", NULL}});
    return made;
}

static void clear(struct made *made)
{
    pki_clear(&made->leaf);
    pki_clear(&made->root);
}

/* Whether the signature counts with this change (NULL: none), and so many bytes behind it. */
static bool counts(const struct made *made, void (*change)(struct forge *), size_t behind,
                   struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct forge forge;
    struct cret_buffer whole = {0};
    size_t size = 0;
    forge_begin(&forge, &made->leaf, SIGNED_TEXT, NULL, 0);
    if (change != NULL) {
        change(&forge);
    }
    uint8_t *der = forge_write(&forge, &size);
    cret_buffer_append(&whole, der, size);
    cret_buffer_append(&whole, "\0\0\0\0", behind);
    const bool taken = signed_ask((struct cret_bytes){(const uint8_t *)whole.data, whole.size},
                                  &made->leaf, NULL, proof, err);
    cret_buffer_free(&whole);
    free(der);
    forge_end(&forge);
    return taken;
}

Test(signed_data, each_deviation_has_its_reason)
{
    struct made made = make(NULL);
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    cr_assert(counts(&made, NULL, 0, &proof, &err), "%s", err.what);
    for (size_t i = 0; i < CRET_LENGTH(deviations); i++) {
        cr_expect_not(counts(&made, deviations[i].change, 0, &proof, &err), "%s",
                      deviations[i].words);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", deviations[i].words);
        cr_expect_eq(err.check, deviations[i].check, "%s", deviations[i].words);
        cr_expect_not_null(strstr(err.what, deviations[i].words), "%s: %s", deviations[i].words,
                           err.what);
    }
    cr_expect_not(counts(&made, NULL, 1, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_FORM);
    clear(&made);
}

static void by_key_identifier(struct forge *forge)
{
    ASN1_OCTET_STRING *id =
        X509_get_ext_d2i(forge->signer->x509, NID_subject_key_identifier, NULL, NULL);
    cr_assert_not_null(id);
    der_put(&forge->sid, 0x80, ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id));
    ASN1_OCTET_STRING_free(id);
}

static void by_another_key_identifier(struct forge *forge)
{
    der_put(&forge->sid, 0x80, "another one", 11);
}

Test(signed_data, what_is_taken_and_what_is_told_of_it)
{
    struct made made = make(NULL);
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    cr_expect(counts(&made, by_key_identifier, 0, &proof, &err), "%s", err.what);
    cr_expect_not(counts(&made, by_another_key_identifier, 0, &proof, &err));
    cr_expect_not_null(strstr(err.what, "does not hold the certificate"), "%s", err.what);
    cr_expect(counts(&made, add_time, 0, &proof, &err), "%s", err.what);
    cr_expect(proof.claimed_time.given && !proof.time.given);
    cr_expect_eq(proof.claimed_time.value, 1777636800); /* 2026-05-01T12:00:00Z */
    clear(&made);
}

static void by_pss(struct forge *forge)
{
    forge->pss = true;
}

/* The identifier of RSASSA-PSS with another digest; or with another one in its mask function, which
 * follows in the same parameters. */
static void pss_of_another_digest(struct forge *forge)
{
    const struct cret_public_key *key = &cret_certificate_parts(forge->signer->certificate)->key;
    forge->pss = true;
    der_put_bytes(&forge->algorithm,
                  cret_signature_identifier(
                      cret_signature_algorithm_for(key, cret_digest_by_name("sha384"), true), key));
}

static void pss_of_two_digests(struct forge *forge)
{
    const struct cret_public_key *key = &cret_certificate_parts(forge->signer->certificate)->key;
    const struct cret_bytes sha256 = cret_digest_by_name("sha256")->identifier;
    forge->pss = true;
    der_put_bytes(&forge->algorithm,
                  cret_signature_identifier(
                      cret_signature_algorithm_for(key, cret_digest_by_name("sha256"), true), key));
    uint8_t *at = (uint8_t *)forge->algorithm.data, *last = NULL;
    for (size_t i = 0; i + sha256.size <= forge->algorithm.size; i++) {
        if (memcmp(at + i, sha256.data + 2, sha256.size - 2) == 0) {
            last = at + i;
        }
    }
    cr_assert_not_null(last);
    last[10] = 2; /* sha384: the last octet of the OID */
}

static void pss_of_a_key_of_ecdsa(struct forge *forge)
{
    struct pki_entity rsa = pki_make(
        (struct pki_spec){.name = "rsa", .algorithm = "RSA-3072", .extensions = {PKI_CA, NULL}});
    const struct cret_public_key *key = &cret_certificate_parts(rsa.certificate)->key;
    der_put_bytes(&forge->algorithm,
                  cret_signature_identifier(
                      cret_signature_algorithm_for(key, cret_digest_by_name("sha256"), true), key));
    pki_clear(&rsa);
}

Test(signed_data, pss_by_its_key_and_its_digest)
{
    static const char fits[] = "does not fit its key and digest";
    struct made rsa = make("RSA-3072"), ecdsa = make(NULL);
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    cr_expect(counts(&rsa, NULL, 0, &proof, &err), "%s", err.what);
    cr_expect(counts(&rsa, by_pss, 0, &proof, &err), "%s", err.what);
    cr_expect_not(counts(&rsa, pss_of_another_digest, 0, &proof, &err));
    cr_expect_not_null(strstr(err.what, fits), "%s", err.what);
    cr_expect_not(counts(&rsa, pss_of_two_digests, 0, &proof, &err));
    cr_expect_not_null(strstr(err.what, fits), "%s", err.what);
    cr_expect_not(counts(&ecdsa, pss_of_a_key_of_ecdsa, 0, &proof, &err));
    cr_expect_not_null(strstr(err.what, fits), "%s", err.what);
    clear(&rsa);
    clear(&ecdsa);
}

Test(signed_data, octets_of_what_holds_none)
{
    struct made made = make(NULL);
    struct forge forge;
    struct cret_signed message;
    struct cret_bytes octets;
    struct cret_err err = {0};
    size_t size = 0;
    forge_begin(&forge, &made.leaf, SIGNED_TEXT, NULL, 0);
    uint8_t *der = forge_write(&forge, &size);
    cr_assert_eq(cret_signed_read(&message, der, size, false, &err), CRET_OK, "%s", err.what);
    cr_expect_neq(cret_signed_octets(&message, &octets, &err), CRET_OK);
    cr_expect_str_eq(err.what, "the signature holds no content");
    cret_err_clear(&err);
    cret_signed_clear(&message);
    free(der);
    attached(&forge);
    der = forge_write(&forge, &size);
    cr_assert_eq(cret_signed_read(&message, der, size, false, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(cret_signed_octets(&message, &octets, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(octets.size, strlen(SIGNED_TEXT));
    cret_signed_clear(&message);
    free(der);
    forge_end(&forge);
    clear(&made);
}
