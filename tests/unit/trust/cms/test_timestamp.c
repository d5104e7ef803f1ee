/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamp tokens: each way one can be wrong is refused with its own reason; what a right one
 * proves; requests and answers. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "trust/asn1/oid.h"
#include "trust/cms/timestamp_exchange.h"
#include "trust/x509/cms_algorithm.h"

#define GOOD_TIME "20250701120000Z"
#define GOOD_SECONDS 1751371200ll

static const char content[] = "{}\n";

enum { ROOT, TSA, LEAF, MIDDLE, LOW_TSA, RSA_TSA, SOFT_TSA, WIDE_TSA, CODE_TSA, WEAK_TSA, PEOPLE };

static void make_people(struct pki_entity p[PEOPLE])
{
    p[ROOT] = pki_root("Root");
    p[LEAF] = pki_leaf("Signer", &p[ROOT]);
    p[TSA] =
        pki_make((struct pki_spec){.name = "TSA", .issuer = &p[ROOT], .extensions = {PKI_TSA}});
    p[MIDDLE] =
        pki_make((struct pki_spec){.name = "Middle", .issuer = &p[ROOT], .extensions = {PKI_CA}});
    p[LOW_TSA] =
        pki_make((struct pki_spec){.name = "Low", .issuer = &p[MIDDLE], .extensions = {PKI_TSA}});
    p[RSA_TSA] = pki_make((struct pki_spec){
        .name = "RSA", .algorithm = "RSA-3072", .issuer = &p[ROOT], .extensions = {PKI_TSA}});
    p[SOFT_TSA] = pki_make((struct pki_spec){
        .name = "Soft", .issuer = &p[ROOT], .extensions = {"extendedKeyUsage=timeStamping"}});
    p[WIDE_TSA] = pki_make(
        (struct pki_spec){.name = "Wide",
                          .issuer = &p[ROOT],
                          .extensions = {"extendedKeyUsage=critical,timeStamping,codeSigning"}});
    p[CODE_TSA] = pki_leaf("Code", &p[ROOT]);
    p[WEAK_TSA] = pki_make((struct pki_spec){
        .name = "Weak", .algorithm = "RSA-2048", .issuer = &p[ROOT], .extensions = {PKI_TSA}});
}

static void clear_people(struct pki_entity p[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        pki_clear(&p[i]);
    }
}

static void raw(struct cret_buffer *out, const char *bytes, size_t size)
{
    cret_buffer_append(out, bytes, size);
}
#define RAW(out, text) raw(out, text, sizeof(text) - 1)

/* One change each. */
static void wrong_version(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->version, "\x02\x01\x02");
}
static void weak_imprint(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->hash = "sha1";
}
static void other_signature(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->other_imprint = true;
}
static void negative_serial(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->serial, "\x02\x01\xff");
}
static void long_serial(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->serial, "\x02\x15\x01"
                    "01234567890123456789");
}
static void local_time(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "20250701120000+0100";
}
static void no_seconds(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "202507011200Z";
}
static void padded_fraction(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "20250701120000.50Z";
}
static void empty_fraction(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "20250701120000.Z";
}
static void no_such_day(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "20250230120000Z";
}
static void coarse_accuracy(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\x30\x04\x02\x02\x0e\x11");
}
static void negative_accuracy(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\x30\x03\x02\x01\x81");
}
static void many_millis(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\x30\x04\x80\x02\x03\xe8");
}
static void default_ordering(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\x01\x01\x00");
}
static void uri_authority(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\xa0\x03\x86\x01x");
}
static void name_of(struct pki_token *t, const struct pki_entity *who)
{
    struct cret_buffer name = {0}, directory = {0};
    uint8_t *der = NULL;
    const int size = i2d_X509_NAME(X509_get_subject_name(who->x509), &der);
    cret_buffer_append(&name, der, (size_t)size);
    OPENSSL_free(der);
    der_wrap(&directory, 0xa4, &name);
    der_wrap(&t->after_time, 0xa0, &directory);
}
static void other_authority(struct pki_token *t, const struct pki_entity *p)
{
    name_of(t, &p[LEAF]);
}
static void critical_extension(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\xa1\x0e\x30\x0c\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x02\x05\x00");
}
static void extra_field(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->after_time, "\x04\x00");
}
static void trailing_byte(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->trailing = true;
}
static void damaged(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->wrong_value = true;
}
static void unlisted_certificate(struct pki_token *t, const struct pki_entity *p)
{
    struct cret_bytes *more = &t->forge.certificates[t->forge.certificate_count++];
    more->data = cret_certificate_der(p[ROOT].certificate, &more->size);
}
static void no_certificate(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->forge.no_certificates = true;
}
static void version_one(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    cret_buffer_free(&t->forge.version);
    RAW(&t->forge.version, "\x02\x01\x01");
}
static void embedded_lists(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->forge.crls, "\xa1\x02\x30\x00");
}
static void unsigned_attribute(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->forge.unsigned_attributes, "\xa1\x02\x30\x00");
}
static void plain_data(struct pki_token *t, const struct pki_entity *p)
{
    struct cret_buffer oid = {0};
    (void)p;
    der_put(&oid, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_wrap(&t->forge.encapsulated, CRET_DER_SEQUENCE, &oid);
}
static void signs_plain_data(struct pki_token *t, const struct pki_entity *p)
{
    struct cret_buffer oid = {0};
    (void)p;
    der_put(&oid, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    forge_replace(&t->forge, 0, cret_oid_content_type, oid.data, oid.size);
    cret_buffer_free(&oid);
}
static void only_old_certificate_id(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    forge_replace(&t->forge, 2, cret_oid_signing_certificate_v1, "\x30\x00", 2);
}
static void commitment(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    forge_commitment(&t->forge, cret_oid_proof_of_origin);
}
static void second_signer(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->forge.second_signer, "\x30\x00");
}
static void weak_digest(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->forge.signer_digest, "\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a");
}

Test(timestamp, each_way_to_be_wrong_has_its_reason)
{
    static const struct {
        void (*change)(struct pki_token *token, const struct pki_entity *people);
        int tsa;
        const char *says;
    } cases[] = {
        {wrong_version, TSA, "TSTInfo.version"},
        {weak_imprint, TSA, "hash of the signature that is not accepted"},
        {other_signature, TSA, "over another signature"},
        {negative_serial, TSA, "negative number as serialNumber"},
        {long_serial, TSA, "serial number of 21 bytes"},
        {local_time, TSA, "malformed time as genTime"},
        {no_seconds, TSA, "malformed time as genTime"},
        {padded_fraction, TSA, "malformed time as genTime"},
        {empty_fraction, TSA, "malformed time as genTime"},
        {no_such_day, TSA, "malformed time as genTime"},
        {coarse_accuracy, TSA, "accuracy.seconds"},
        {negative_accuracy, TSA, "accuracy.seconds"},
        {many_millis, TSA, "accuracy.millis"},
        {default_ordering, TSA, "ordering"},
        {uri_authority, TSA, "directoryName of tsa"},
        {other_authority, TSA, "names another authority"},
        {critical_extension, TSA, "critical extension"},
        {extra_field, TSA, "too many in or after TSTInfo"},
        {trailing_byte, TSA, "too many in or after TSTInfo"},
        {damaged, TSA, "made over other content"},
        {unlisted_certificate, TSA, "embeds 2 certificates, but lists 1"},
        {no_certificate, TSA, "certificates should be"},
        {version_one, TSA, "SignedData.version"},
        {embedded_lists, TSA, "revocation lists"},
        {unsigned_attribute, TSA, "unsigned attributes"},
        {plain_data, TSA, "eContentType"},
        {signs_plain_data, TSA, "id-ct-TSTInfo"},
        {only_old_certificate_id, TSA, "lacks the signed attribute signingCertificateV2"},
        {commitment, TSA, "signed attribute that the profile does not know"},
        {second_signer, TSA, "second SignerInfo"},
        {weak_digest, TSA, "digest"},
        {NULL, SOFT_TSA, "critical"},
        {NULL, WIDE_TSA, "for that alone"},
        {NULL, CODE_TSA, "for that alone"},
        {NULL, WEAK_TSA, "3072"},
    };
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_cms *cms = pki_cms(&people[LEAF], content, CRET_MEANING_NONE, NULL, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pki_token token;
        struct cret_err err;
        size_t size = 0;
        pki_token_begin(&token, &people[cases[i].tsa], GOOD_TIME, NULL, 0);
        if (cases[i].change != NULL) {
            cases[i].change(&token, people);
        }
        uint8_t *der = pki_token_attach(&token, cms, &size);
        cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK, "%s", cases[i].says);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", cases[i].says);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_TIMESTAMP, "%s", cases[i].says);
        cr_expect_not_null(strstr(err.what, cases[i].says), "%s: %s", cases[i].says, err.what);
        free(der);
    }
    cret_cms_free(&cms);
    clear_people(people);
}

/* Changes that authorities make, and that are right. */
static void all_fields(struct pki_token *t, const struct pki_entity *p)
{
    RAW(&t->after_time, "\x30\x0b\x02\x01\x02\x80\x02\x01\xf4\x81\x02\x01\xf4" /* 2.5005 s */
                        "\x01\x01\xff"                                         /* ordering */
                        "\x02\x01\x85");                                       /* nonce */
    name_of(t, &p[TSA]);
    RAW(&t->after_time, "\xa1\x0b\x30\x09\x06\x03\x2a\x03\x04\x04\x02\x05\x00");
}
static void fraction(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    t->time = "20250701120000.125Z";
}
static void null_parameters(struct pki_token *t, const struct pki_entity *p)
{
    static const char sha256[] = "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";
    (void)p;
    raw(&t->forge.signer_digest, sha256, sizeof(sha256) - 1);
    der_put(&t->forge.digests, CRET_DER_SET, sha256, sizeof(sha256) - 1);
}
static void sha256_with_rsa(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    RAW(&t->forge.algorithm, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00");
}
static void old_id_too(struct pki_token *t, const struct pki_entity *p)
{
    (void)p;
    der_put_attribute(&t->forge.attributes[t->forge.attribute_count++],
                      cret_oid_signing_certificate_v1, "\x30\x00", 2);
}

Test(timestamp, right_tokens)
{
    static const struct {
        void (*change)(struct pki_token *token, const struct pki_entity *people);
        int tsa;
        int64_t latest;
        uint64_t accuracy;
    } cases[] = {
        {NULL, TSA, GOOD_SECONDS, 0},
        {all_fields, TSA, GOOD_SECONDS + 3, 2500500},
        {fraction, TSA, GOOD_SECONDS + 1, 0},
        {null_parameters, TSA, GOOD_SECONDS, 0},
        {sha256_with_rsa, RSA_TSA, GOOD_SECONDS, 0},
        {NULL, RSA_TSA, GOOD_SECONDS, 0},
        {old_id_too, TSA, GOOD_SECONDS, 0},
        {NULL, LOW_TSA, GOOD_SECONDS, 0},
    };
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_cms *cms = pki_cms(&people[LEAF], content, CRET_MEANING_NONE, NULL, 0);
    cr_expect_null(cret_cms_timestamp(cms));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct pki_entity *middle = &people[MIDDLE];
        struct pki_token token;
        struct cret_err err;
        struct cret_cms *stamped = NULL;
        size_t size = 0;
        pki_token_begin(&token, &people[cases[i].tsa], GOOD_TIME, &middle,
                        cases[i].tsa == LOW_TSA ? 1 : 0);
        if (cases[i].change != NULL) {
            cases[i].change(&token, people);
        }
        uint8_t *der = pki_token_attach(&token, cms, &size);
        cr_expect_eq(pki_judge(der, size, content, &err), CRET_OK, "%zu: %s, %s", i, err.what,
                     err.where);
        if (cret_cms_parse(&stamped, der, size, &err) == CRET_OK) {
            const struct cret_timestamp *timestamp = cret_cms_timestamp(stamped);
            cr_expect_eq(cret_timestamp_time(timestamp), GOOD_SECONDS);
            cr_expect_eq(cret_timestamp_latest(timestamp), cases[i].latest, "%zu", i);
            cr_expect_eq(cret_timestamp_accuracy(timestamp), cases[i].accuracy, "%zu", i);
            cr_expect_str_eq(cret_timestamp_serial(timestamp), "17");
        }
        cret_cms_free(&stamped);
        free(der);
    }
    cret_cms_free(&cms);
    clear_people(people);
}

/* No bit of the unsigned attribute can be changed. */
Test(timestamp, every_bit_counts)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_cms *cms = pki_cms(&people[LEAF], content, CRET_MEANING_NONE, NULL, 0);
    struct pki_token token;
    struct cret_err err;
    size_t size = 0, accepted = 0;
    pki_token_begin(&token, &people[TSA], GOOD_TIME, NULL, 0);
    uint8_t *der = pki_token_attach(&token, cms, &size);
    cr_assert_eq(pki_judge(der, size, content, &err), CRET_OK, "%s", err.what);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        accepted += pki_judge(der, size, content, &err) == CRET_OK ? 1 : 0;
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_expect_eq(accepted, 0u, "%zu", accepted);
    free(der);
    cret_cms_free(&cms);
    clear_people(people);
}

/* Another attribute, two of them, two tokens in one. */
Test(timestamp, one_attribute_with_one_token)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_cms *cms = pki_cms(&people[LEAF], content, CRET_MEANING_NONE, NULL, 0);
    for (int i = 0; i < 3; i++) {
        struct pki_token token;
        struct forge forge;
        struct cret_err err;
        struct cret_buffer attribute = {0}, values = {0}, set = {0};
        size_t size = 0, token_size = 0;
        pki_token_begin(&token, &people[TSA], GOOD_TIME, NULL, 0);
        uint8_t *own = pki_token_write(&token, cms, &token_size);
        const struct cret_bytes type = i == 0 ? cret_oid_signing_time : cret_oid_timestamp_token;
        der_put(&attribute, CRET_DER_OID, type.data, type.size);
        for (int n = 0; n < (i == 1 ? 2 : 1); n++) {
            cret_buffer_append(&values, own, token_size);
        }
        der_wrap(&attribute, CRET_DER_SET, &values);
        der_wrap(&set, CRET_DER_SEQUENCE, &attribute);
        if (i == 2) {
            cret_buffer_append(&set, "\x30\x00", 2);
        }
        forge_begin(&forge, &people[LEAF], content, NULL, 0);
        der_wrap(&forge.unsigned_attributes, 0xa1, &set);
        uint8_t *der = forge_write(&forge, &size);
        cr_expect_neq(pki_judge(der, size, content, &err), CRET_OK, "%d", i);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM, "%d: %s", i, err.what);
        cr_expect_not_null(strstr(err.what, i == 0 ? "other than a timestamp" : "more than one"),
                           "%d: %s", i, err.what);
        forge_end(&forge);
        free(der);
        free(own);
    }
    cret_cms_free(&cms);
    clear_people(people);
}

/* Answers: the token out of them, without what nothing covers. */
Test(timestamp, answers_of_authorities)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_cms *cms = pki_cms(&people[LEAF], content, CRET_MEANING_NONE, NULL, 0);
    const struct cret_certificate *known[] = {people[ROOT].certificate, people[TSA].certificate};
    for (int i = 0; i < 4; i++) {
        struct pki_token token;
        struct cret_err err;
        struct cret_buffer response = {0}, whole = {0};
        struct cret_timestamp *timestamp = NULL;
        struct cret_timestamp_answer answer = {0};
        size_t size = 0;
        cret_err_clear(&err);
        pki_token_begin(&token, &people[TSA], GOOD_TIME, NULL, 0);
        if (i == 1) {
            unlisted_certificate(&token, people);
            RAW(&token.forge.crls, "\xa1\x02\x30\x00");
            RAW(&token.forge.unsigned_attributes, "\xa1\x02\x30\x00");
        }
        token.forge.no_certificates = i >= 2;
        uint8_t *own = pki_token_write(&token, cms, &size);
        RAW(&response, "\x30\x03\x02\x01\x00");
        cret_buffer_append(&response, own, size);
        der_wrap(&whole, CRET_DER_SEQUENCE, &response);
        const enum cret_status status = cret_timestamp_response(
            &answer, (uint8_t *)whole.data, whole.size, known, i == 2 ? 2 : 0, &err);
        if (i == 3) {
            cr_expect_neq(status, CRET_OK);
            cr_expect_not_null(strstr(err.what, "does not embed: entry 1 of 1"), "%s", err.what);
            cr_expect_not_null(strstr(err.expected, "with sha256 "), "%s", err.expected);
        } else {
            cr_expect_eq(status, CRET_OK, "%d: %s %s", i, err.what, err.where);
            cr_expect_eq(answer.left_out, i == 1 ? 1u : 0u);
            cr_expect_eq(answer.named, answer.left_out);
            cr_expect(!answer.encoded_anew);
            cr_expect_eq(cret_timestamp_parse(&timestamp,
                                              (struct cret_bytes){answer.token, answer.size},
                                              cret_timestamp_subject(cms), false, &err),
                         CRET_OK, "%d: %s", i, err.what);
        }
        cret_timestamp_free(&timestamp);
        cret_buffer_free(&whole);
        free(own);
        cret_timestamp_answer_clear(&answer);
    }
    static const char refusal[] = "\x30\x0d\x30\x0b\x02\x01\x02\x30\x06\x0c\x04\x62\x75\x73\x79";
    struct cret_err err;
    struct cret_timestamp_answer answer = {0};
    cr_expect_neq(cret_timestamp_response(&answer, (const uint8_t *)refusal, sizeof(refusal) - 1,
                                          NULL, 0, &err),
                  CRET_OK);
    cr_expect_not_null(strstr(err.what, "rejection"), "%s", err.what);
    cr_expect_str_eq(err.actual, "busy");
    cret_cms_free(&cms);
    clear_people(people);
}

/* Nothing but a digest can be said in a request. */
Test(timestamp, a_request_has_one_form)
{
    static const char *const names[] = {"sha256", "sha384", "sha512"};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const struct cret_digest_algorithm *algorithm = cret_digest_by_name(names[i]);
        struct cret_err err = {0};
        uint8_t digest[64], *der = NULL;
        size_t size = 0;
        cr_assert_not_null(algorithm);
        memset(digest, 0x5a, sizeof(digest));
        cr_assert_eq(cret_timestamp_request_for(&der, &size, algorithm, digest, &err), CRET_OK);
        cr_expect(cret_timestamp_request_is(der, size));
        cr_expect_not(cret_timestamp_request_is(der, size - 1));
        for (size_t at = 0; at < size; at++) {
            const bool of_digest = at < size - 3 && at >= size - 3 - algorithm->size;
            der[at] ^= 1;
            cr_expect_eq(cret_timestamp_request_is(der, size), of_digest, "%s at %zu", names[i],
                         at);
            der[at] ^= 1;
        }
        free(der);
    }
    cr_expect_not(cret_timestamp_request_is((const uint8_t *)"0", 0));
}
