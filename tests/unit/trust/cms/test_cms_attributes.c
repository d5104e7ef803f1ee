/* SPDX-License-Identifier: Apache-2.0 */
/* Each deviation of the signed attributes from the profile that docs/spec/signatures.md names, and
 * what is left free in them. */
#include <criterion/criterion.h>
#include <string.h>

#include "deviation.h"
#include "trust/asn1/oid.h"

static void drop_attribute(struct forge *forge, size_t index)
{
    cret_buffer_free(&forge->attributes[index]);
    forge->attributes[index] = forge->attributes[forge->attribute_count - 1];
    memset(&forge->attributes[--forge->attribute_count], 0, sizeof(forge->attributes[0]));
}

static void no_content_type(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    drop_attribute(forge, 0);
}

static void no_message_digest(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    drop_attribute(forge, 1);
}

static void no_signing_certificate(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    drop_attribute(forge, 2);
}

static void attributes_unsorted(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge->unsorted_attributes = true;
}

static void attribute_twice(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge_commitment(forge, cret_oid_proof_of_origin);
    forge_commitment(forge, cret_oid_proof_of_approval);
}

static void unknown_attribute(struct forge *forge, const struct pki_chain *f)
{
    /* smimeCapabilities, which OpenSSL adds unless told not to. */
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0f};
    static const uint8_t value[] = {0x30, 0x00};
    const struct cret_bytes type = {oid, sizeof(oid)};
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], type, value, sizeof(value));
}

static void two_values(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[] = {0x06, 0x03, 0x55, 0x04, 0x03, 0x06, 0x09, 0x2a,
                                    0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, value + 5, 11);
    cret_buffer_free(&forge->attributes[0]);
    der_put_attribute(&forge->attributes[0], cret_oid_content_type, value, sizeof(value));
}

static void extra_value(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                    0x01, 0x07, 0x01, 0x06, 0x0a, 0x2a, 0x86, 0x48,
                                    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01};
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, value, sizeof(value));
}

static void no_value(struct forge *forge, const struct pki_chain *f)
{
    (void)f;
    forge_replace(forge, 0, cret_oid_content_type, NULL, 0);
}

static void content_type_signed_data(struct forge *forge, const struct pki_chain *f)
{
    struct cret_buffer value = {0};
    (void)f;
    der_put(&value, CRET_DER_OID, cret_oid_signed_data.data, cret_oid_signed_data.size);
    forge_replace(forge, 0, cret_oid_content_type, value.data, value.size);
    cret_buffer_free(&value);
}

static void short_message_digest(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[33] = {0x04, 31};
    (void)f;
    forge_replace(forge, 1, cret_oid_message_digest, value, sizeof(value));
}

static void unknown_commitment(struct forge *forge, const struct pki_chain *f)
{
    /* proofOfDelivery */
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x03};
    const struct cret_bytes type = {oid, sizeof(oid)};
    (void)f;
    forge_commitment(forge, type);
}

static void bad_signing_time(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[] = "\x17\x0d"
                                   "260230000000Z";
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_signing_time, value,
                      sizeof(value) - 1);
}

static void long_signing_time(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[] = "\x18\x0f"
                                   "20260228000000Z";
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_signing_time, value,
                      sizeof(value) - 1);
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

static void protection_other_digest(struct forge *forge, const struct pki_chain *f)
{
    put_protection(forge, cret_digest_by_name("sha512")->identifier,
                   algorithm_of(&f->leaf, "sha256")->identifier);
}

static void protection_other_algorithm(struct forge *forge, const struct pki_chain *f)
{
    put_protection(forge, cret_digest_by_name("sha256")->identifier,
                   algorithm_of(&f->leaf, "sha384")->identifier);
}

static void good_protection(struct forge *forge, const struct pki_chain *f)
{
    put_protection(forge, cret_digest_by_name("sha256")->identifier,
                   algorithm_of(&f->leaf, "sha256")->identifier);
}

static void good_extras(struct forge *forge, const struct pki_chain *f)
{
    static const uint8_t value[] = "\x17\x0d"
                                   "260228000000Z";
    (void)f;
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_signing_time, value,
                      sizeof(value) - 1);
    forge_commitment(forge, cret_oid_proof_of_receipt);
}

static const struct deviation deviations[] = {
    DEVIATION(no_content_type),
    DEVIATION(no_message_digest),
    DEVIATION(no_signing_certificate),
    DEVIATION(attributes_unsorted),
    DEVIATION(attribute_twice),
    DEVIATION(unknown_attribute),
    DEVIATION(two_values),
    DEVIATION(extra_value),
    DEVIATION(no_value),
    DEVIATION(content_type_signed_data),
    DEVIATION(short_message_digest),
    DEVIATION(unknown_commitment),
    DEVIATION(bad_signing_time),
    DEVIATION(long_signing_time),
    DEVIATION(protection_other_digest),
    DEVIATION(protection_other_algorithm),
};
static const struct deviation variants[] = {
    DEVIATION(good_protection),
    DEVIATION(good_extras),
};

Test(cms_attributes, each_deviation_is_refused)
{
    expect_refused(deviations, sizeof(deviations) / sizeof(deviations[0]));
}

Test(cms_attributes, each_variant_is_accepted)
{
    expect_accepted(variants, sizeof(variants) / sizeof(variants[0]));
}
