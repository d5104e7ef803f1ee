/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamps and countersignatures on signatures of others: each reason for which one proves no
 * time. */
#include "signed_case.h"

static const uint8_t sha1_oid[] = {0x2b, 0x0e, 0x03, 0x02, 0x1a},
                     md5_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05},
                     strange_oid[] = {0x2a, 0x03, 0x04},
                     sha256_oid[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01},
                     counter_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x06};

static const struct digest {
    struct cret_bytes oid;
    const EVP_MD *(*md)(void);
} sha256 = {{sha256_oid, sizeof(sha256_oid)}, EVP_sha256},
  sha1 = {{sha1_oid, sizeof(sha1_oid)}, EVP_sha1}, md5 = {{md5_oid, sizeof(md5_oid)}, EVP_md5},
  strange = {{strange_oid, sizeof(strange_oid)}, EVP_sha256};

static void put_algorithm(struct cret_buffer *out, const struct digest *digest)
{
    struct cret_buffer inner = {0};
    der_put(&inner, CRET_DER_OID, digest->oid.data, digest->oid.size);
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

static void put_hash(struct cret_buffer *out, const struct digest *digest, const void *data,
                     size_t size)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    cr_assert_eq(EVP_Digest(data, size, hash, &length, digest->md(), NULL), 1);
    der_put(out, CRET_DER_OCTET_STRING, hash, length);
}

/* A vendor, a timestamp authority and a signature of the vendor, whose value stays. */
struct world {
    struct pki_entity root, vendor, tsa;
    struct forge forge;
    struct cret_buffer value; /* of the signature, its octets */
};

static void begin(struct world *world)
{
    memset(world, 0, sizeof(*world));
    world->root = pki_root("root");
    world->vendor = pki_leaf("vendor", &world->root);
    world->tsa = pki_make((struct pki_spec){
        .name = "clock",
        .issuer = &world->root,
        .extensions = {"basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                       "extendedKeyUsage=critical,timeStamping", NULL}});
    const struct pki_entity *const others[] = {&world->tsa};
    struct cret_signed message;
    size_t size = 0;
    forge_begin(&world->forge, &world->vendor, SIGNED_TEXT, others, 1);
    uint8_t *der = forge_write(&world->forge, &size);
    cr_assert_eq(cret_signed_read(&message, der, size, false, NULL), CRET_OK);
    cret_buffer_append(&world->value, message.signer.value.data, message.signer.value.size);
    cret_signed_clear(&message);
    free(der);
    der_put(&world->forge.value, CRET_DER_OCTET_STRING, world->value.data, world->value.size);
}

static void end(struct world *world)
{
    forge_end(&world->forge);
    cret_buffer_free(&world->value);
    pki_clear(&world->tsa);
    pki_clear(&world->vendor);
    pki_clear(&world->root);
}

/* What a token says and how: all of a right one, but for what is set. */
struct token {
    const struct digest *imprint;
    const char *time;
    bool of_other, no_info; /* of another value; content that is called data */
    size_t more;            /* octets behind the time */
};

static uint8_t *write_token(const struct world *world, const struct token *how, size_t *ret_size)
{
    const struct cret_bytes type = how->no_info ? cret_oid_data : cret_oid_timestamp_info;
    struct cret_buffer info = {0}, whole = {0}, part = {0}, octets = {0};
    struct forge forge;
    der_put(&info, CRET_DER_INTEGER, "\x01", 1);
    der_put(&info, CRET_DER_OID, strange_oid, sizeof(strange_oid));
    put_algorithm(&part, how->imprint);
    put_hash(&part, how->imprint, world->value.data, world->value.size - (how->of_other ? 1 : 0));
    der_wrap(&info, CRET_DER_SEQUENCE, &part);
    der_put(&info, CRET_DER_INTEGER, "\x17", 1);
    der_put(&info, CRET_DER_GENERALIZED_TIME, how->time, strlen(how->time));
    if (how->more > 0) {
        char *room = calloc(1, how->more);
        der_put(&info, 0x85, room, how->more);
        free(room);
    }
    der_wrap(&whole, CRET_DER_SEQUENCE, &info);
    forge_begin(&forge, &world->tsa, "", NULL, 0);
    der_put(&part, CRET_DER_OID, type.data, type.size);
    forge_replace(&forge, 0, cret_oid_content_type, part.data, part.size);
    cret_buffer_free(&part);
    put_hash(&part, &sha256, whole.data, whole.size);
    forge_replace(&forge, 1, cret_oid_message_digest, part.data, part.size);
    cret_buffer_free(&part);
    der_wrap(&octets, CRET_DER_OCTET_STRING, &whole);
    der_put(&part, CRET_DER_OID, type.data, type.size);
    der_put(&part, 0xa0, octets.data, octets.size);
    cret_buffer_free(&octets);
    der_wrap(&forge.encapsulated, CRET_DER_SEQUENCE, &part);
    uint8_t *der = forge_write(&forge, ret_size);
    forge_end(&forge);
    return der;
}

/* Judged with these values as unsigned attributes of a type. */
static bool judge(struct world *world, struct cret_bytes type, const struct cret_bytes *values,
                  size_t count, struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_buffer all = {0};
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        der_put_attribute(&all, type, values[i].data, values[i].size);
    }
    cret_buffer_free(&world->forge.unsigned_attributes);
    der_wrap(&world->forge.unsigned_attributes, 0xa1, &all);
    uint8_t *der = forge_write(&world->forge, &size);
    const bool taken =
        signed_ask((struct cret_bytes){der, size}, &world->vendor, &world->tsa, proof, err);
    free(der);
    return taken;
}

static bool judge_token(struct world *world, const struct token *how,
                        struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_bytes token;
    token.data = write_token(world, how, &token.size);
    const bool taken = judge(world, cret_oid_timestamp_token, &token, 1, proof, err);
    free((void *)token.data);
    return taken;
}

Test(signed_time, tokens_and_why_one_proves_nothing)
{
    static const struct {
        struct token how;
        const char *words;
    } bad[] = {
        {{&sha1, "20260501120000Z", false, false, 0}, "over a weak or unknown digest"},
        {{&md5, "20260501120000Z", false, false, 0}, "over a weak or unknown digest"},
        {{&strange, "20260501120000Z", false, false, 0}, "over a weak or unknown digest"},
        {{&sha256, "20260501120000Z", true, false, 0}, "is of another signature"},
        {{&sha256, "20260501120000Z", false, true, 0}, "is no token"},
    };
    struct token good = {&sha256, "20260501120000Z", false, false, 0};
    struct world world;
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    begin(&world);
    cr_assert(judge_token(&world, &good, &proof, &err), "%s", err.what);
    cr_expect(proof.time.given, "%s %s", proof.notes[0], err.what);
    cr_expect_eq(proof.time.value, 1777636800);
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        cr_expect(judge_token(&world, &bad[i].how, &proof, &err), "%s", err.what);
        cr_expect_not(proof.time.given, "%s", bad[i].words);
        cr_expect(ask_noted(&proof, bad[i].words), "%s", bad[i].words);
    }
    good.time = "20260603000000Z"; /* the day after ASK_NOW */
    cr_expect_not(judge_token(&world, &good, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_TIMESTAMP);
    cr_expect_not_null(strstr(err.what, "from after the time of this run"), "%s", err.what);
    end(&world);
}

static uint64_t told_bytes(const struct cret_foreign_proof *proof)
{
    uint64_t told = 0;
    for (size_t i = 0; i < proof->gap_count; i++) {
        told += proof->gaps[i].told ? proof->gaps[i].bytes : 0;
    }
    return told;
}

Test(signed_time, what_is_larger_than_authorities_make_is_told)
{
    struct token token = {&sha256, "20260501120000Z", false, false, 0};
    struct world world;
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    size_t size = 0;
    begin(&world);
    free(write_token(&world, &token, &size));
    token.more = (14 << 10) - size;
    cr_expect(judge_token(&world, &token, &proof, &err), "%s", err.what);
    cr_expect_eq(told_bytes(&proof), 0);
    cr_expect(proof.time.given);
    token.more = 16 << 10;
    cr_expect(judge_token(&world, &token, &proof, &err), "%s", err.what);
    cr_expect(proof.time.given); /* it proves a time all the same */
    cr_expect_gt(told_bytes(&proof), 16 << 10);
    cr_expect_lt(told_bytes(&proof), 18 << 10);
    end(&world);
}

Test(signed_time, the_earliest_of_four_counts)
{
    const struct token late = {&sha256, "20260501120000Z", false, false, 0},
                       early = {&sha256, "20260401120000Z", false, false, 0};
    struct world world;
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    struct cret_bytes one, other;
    begin(&world);
    one.data = write_token(&world, &late, &one.size);
    other.data = write_token(&world, &early, &other.size);
    const struct cret_bytes in_time[] = {one, one, one, other},
                            beyond[] = {one, one, one, one, other};
    cr_expect(judge(&world, cret_oid_timestamp_token, in_time, 4, &proof, &err), "%s", err.what);
    cr_expect_eq(proof.time.value, 1775044800); /* 2026-04-01T12:00:00Z */
    cr_expect(judge(&world, cret_oid_timestamp_token, beyond, 5, &proof, &err), "%s", err.what);
    cr_expect_eq(proof.time.value, 1777636800);
    cr_expect(proof.gaps[proof.gap_count - 1].told);
    free((void *)one.data);
    free((void *)other.data);
    end(&world);
}

/* What a countersignature says and how. */
struct counter {
    const struct digest *digest;
    const char *time; /* NULL: none */
    bool by_nobody;   /* whose certificate is not in the message */
    size_t more;      /* octets that say nothing, signed */
};

/* The SignerInfo of a SignedData. */
static struct cret_bytes signer_of(const uint8_t *der, size_t size)
{
    struct cret_der outer = cret_der_begin(der, size, "it", CRET_CHECK_FOREIGN_FORM, NULL), info,
                    wrapped, data;
    struct cret_bytes type;
    struct cret_der_element one = {0};
    cr_assert_eq(cret_der_enter(&outer, CRET_DER_SEQUENCE, "it", &info), CRET_OK);
    cr_assert_eq(cret_der_oid(&info, "it", &type), CRET_OK);
    cr_assert_eq(cret_der_enter(&info, 0xa0, "it", &wrapped), CRET_OK);
    cr_assert_eq(cret_der_enter(&wrapped, CRET_DER_SEQUENCE, "it", &data), CRET_OK);
    while (cret_der_more(&data)) {
        cr_assert_eq(cret_der_any(&data, "it", &one), CRET_OK);
    }
    return one.content;
}

static bool judge_counter(struct world *world, const struct counter *how,
                          struct cret_foreign_proof *proof, struct cret_err *err)
{
    static const uint8_t ecdsa[] = {0x30, 0x09, 0x06, 0x07, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x02, 0x01};
    struct pki_entity nobody = pki_leaf("nobody", &world->root);
    struct cret_digest_algorithm digest = *cret_digest_by_name("sha256");
    struct cret_buffer part = {0}, identifier = {0};
    struct forge forge;
    size_t size = 0;
    forge_begin(&forge, how->by_nobody ? &nobody : &world->tsa, "", NULL, 0);
    put_hash(&part, how->digest, world->value.data, world->value.size);
    forge_replace(&forge, 1, cret_oid_message_digest, part.data, part.size);
    cret_buffer_free(&part);
    if (how->time != NULL) {
        der_put(&part, CRET_DER_UTC_TIME, how->time, strlen(how->time));
        der_put_attribute(&forge.attributes[forge.attribute_count++], cret_oid_signing_time,
                          part.data, part.size);
        cret_buffer_free(&part);
    }
    if (how->more > 0) {
        static const uint8_t nothing_oid[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0xfd, 0x59, 0x63};
        char *octets = calloc(1, how->more);
        cr_assert_not_null(octets);
        der_put(&part, CRET_DER_OCTET_STRING, octets, how->more);
        der_put_attribute(&forge.attributes[forge.attribute_count++],
                          (struct cret_bytes){nothing_oid, sizeof(nothing_oid)}, part.data,
                          part.size);
        cret_buffer_free(&part);
        free(octets);
    }
    put_algorithm(&identifier, how->digest);
    digest.md = how->digest->md;
    digest.identifier = (struct cret_bytes){(const uint8_t *)identifier.data, identifier.size};
    forge.digest = &digest;
    cret_buffer_append(&forge.algorithm, ecdsa, sizeof(ecdsa));
    uint8_t *der = forge_write(&forge, &size);
    const struct cret_bytes value = signer_of(der, size);
    const bool taken =
        judge(world, (struct cret_bytes){counter_oid, sizeof(counter_oid)}, &value, 1, proof, err);
    cret_buffer_free(&identifier);
    free(der);
    forge_end(&forge);
    pki_clear(&nobody);
    return taken;
}

Test(signed_time, countersignatures_and_why_one_proves_nothing)
{
    static const struct {
        struct counter how;
        const char *words;
    } bad[] = {
        {{&sha1, "260501120000Z", false, 0}, "made with a weak digest, sha1"},
        {{&md5, "260501120000Z", false, 0}, "made with a weak digest, md5"},
        {{&sha256, NULL, false, 0}, "it says no time"},
        {{&sha256, "260501120000Z", true, 0}, "its certificate is not there"},
    };
    const struct counter good = {&sha256, "260501120000Z", false, 0};
    struct world world;
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    begin(&world);
    cr_assert(judge_counter(&world, &good, &proof, &err), "%s", err.what);
    cr_expect(proof.time.given);
    cr_expect_eq(proof.time.value, 1777636800);
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        cr_expect(judge_counter(&world, &bad[i].how, &proof, &err), "%s", err.what);
        cr_expect_not(proof.time.given, "%s", bad[i].words);
        cr_expect(ask_noted(&proof, bad[i].words), "%s", bad[i].words);
    }
    world.value.data[8] ^= 1; /* over another value than that of the signature */
    cr_expect(judge_counter(&world, &good, &proof, &err), "%s", err.what);
    cr_expect_not(proof.time.given);
    cr_expect(ask_noted(&proof, "is not over this content"));
    end(&world);
}

/* Whoever can make a second file of a weak digest has as much room in it as he likes. */
Test(signed_time, a_large_weak_countersignature_is_told_as_a_whole)
{
    struct counter how = {&sha1, "260501120000Z", false, 0};
    struct world world;
    struct cret_foreign_proof proof;
    struct cret_err err = {0};
    begin(&world);
    cr_assert(judge_counter(&world, &how, &proof, &err), "%s", err.what);
    cr_expect_eq(told_bytes(&proof), 0);
    how.more = 16 << 10;
    cr_assert(judge_counter(&world, &how, &proof, &err), "%s", err.what);
    cr_expect(ask_noted(&proof, "made with a weak digest, sha1"));
    cr_expect_gt(told_bytes(&proof), 16 << 10);
    end(&world);
}
