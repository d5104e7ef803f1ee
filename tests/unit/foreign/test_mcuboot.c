/* SPDX-License-Identifier: Apache-2.0 */
/* MCUboot images, made here by the format's own description: what is signed counts, and no bit
 * more. */
#include <openssl/rsa.h>
#include <stdlib.h>

#include "ask.h"
#include "foreign/mcuboot.h"

extern const struct cret_foreign_kind cret_foreign_kind_mcuboot;

static void put_two(struct cret_buffer *out, unsigned value)
{
    const uint8_t octets[] = {(uint8_t)value, (uint8_t)(value >> 8)};
    cret_buffer_append(out, octets, sizeof(octets));
}

static void put_four(struct cret_buffer *out, uint32_t value)
{
    put_two(out, value & 0xffff);
    put_two(out, value >> 16);
}

static void put_record(struct cret_buffer *out, unsigned type, const void *data, size_t size)
{
    put_two(out, type);
    put_two(out, (unsigned)size);
    cret_buffer_append(out, data, size);
}

static void put_area(struct cret_buffer *out, unsigned magic, struct cret_buffer *records)
{
    put_two(out, magic);
    put_two(out, (unsigned)records->size + 4);
    cret_buffer_append(out, records->data, records->size);
    cret_buffer_free(records);
}

/* How an image deviates from a sound one. */
struct recipe {
    const char *algorithm; /* of the key, for EVP_PKEY_Q_keygen */
    unsigned bits_or_curve;
    const char *curve;
    unsigned type;      /* of the signature record */
    const char *digest; /* of the image */
    uint32_t flags;
    bool pure, counter, no_digest, no_signature, no_key_hash, other_key_hash, open_record;
};

static EVP_PKEY *make_key(const struct recipe *recipe)
{
    EVP_PKEY *key = recipe->curve != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", recipe->curve)
                    : recipe->bits_or_curve != 0
                        ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)recipe->bits_or_curve)
                        : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    cr_assert_not_null(key);
    return key;
}

/* The signature value over the digest, or with Ed25519 over the message. */
static size_t sign(uint8_t out[512], EVP_PKEY *key, const struct recipe *recipe,
                   const uint8_t *message, size_t size)
{
    size_t length = 512;
    if (recipe->curve == NULL && recipe->bits_or_curve == 0) {
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        cr_assert(EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                  EVP_DigestSign(context, out, &length, message, size) == 1);
        EVP_MD_CTX_free(context);
        return length;
    }
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    const EVP_MD *md = EVP_get_digestbyname(recipe->digest);
    cr_assert(EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_CTX_set_signature_md(context, md) == 1);
    if (recipe->curve == NULL) {
        cr_assert(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    cr_assert(EVP_PKEY_sign(context, out, &length, message, size) == 1);
    EVP_PKEY_CTX_free(context);
    return length;
}

static unsigned digest_type(const char *name)
{
    return strcmp(name, "sha256") == 0   ? CRET_MCUBOOT_SHA256
           : strcmp(name, "sha384") == 0 ? CRET_MCUBOOT_SHA384
                                         : CRET_MCUBOOT_SHA512;
}

/* imgtool hashes RSAPublicKey, else SubjectPublicKeyInfo. */
static void put_key_hash(struct cret_buffer *out, EVP_PKEY *key, bool other)
{
    uint8_t digest[32];
    const struct cret_bytes info = ask_info(key);
    const size_t skip = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? 24 : 0;
    cr_assert(EVP_Digest(info.data + skip, info.size - skip, digest, NULL, EVP_sha256(), NULL));
    digest[0] ^= other ? 1 : 0;
    put_record(out, CRET_MCUBOOT_KEY_HASH, digest, sizeof(digest));
    OPENSSL_free((void *)info.data);
}

static struct cret_buffer make_image(const struct recipe *recipe, EVP_PKEY *key)
{
    struct cret_buffer image = {0}, protected = {0}, open = {0};
    uint8_t digest[64], value[512];
    unsigned size = 0;
    static const uint8_t body[64] = {1, 2, 3}, one = 1;
    if (recipe->counter) {
        put_record(&protected, CRET_MCUBOOT_COUNTER, "\x07\0\0\0", 4);
        put_record(&protected, CRET_MCUBOOT_DEPENDENCY, body, 12);
    }
    put_four(&image, 0x96f3b83d);
    put_four(&image, 0);
    put_two(&image, 48);
    put_two(&image, protected.size > 0 ? (unsigned)protected.size + 4 : 0);
    put_four(&image, sizeof(body));
    put_four(&image, recipe->flags);
    cret_buffer_append(&image, "\x04\x02\x01\x00\x09\0\0\0", 8);
    put_four(&image, 0);
    cret_buffer_append(&image, body + 16, 16); /* the header's own padding */
    cret_buffer_append(&image, body, sizeof(body));
    if (protected.size > 0) {
        put_area(&image, 0x6908, &protected);
    }
    cr_assert(EVP_Digest(image.data, image.size, digest, &size,
                         EVP_get_digestbyname(recipe->digest), NULL));
    if (!recipe->no_digest) {
        put_record(&open, digest_type(recipe->digest), digest, size);
    }
    if (recipe->pure) {
        put_record(&open, CRET_MCUBOOT_PURE, &one, 1);
    }
    if (!recipe->no_key_hash) {
        put_key_hash(&open, key, recipe->other_key_hash);
    }
    if (!recipe->no_signature) {
        const size_t length =
            recipe->pure && recipe->curve == NULL
                ? sign(value, key, recipe, (const uint8_t *)image.data, image.size)
                : sign(value, key, recipe, digest, size);
        put_record(&open, recipe->type, value, length);
    }
    if (recipe->open_record) {
        put_record(&open, 0x74, body, 16);
    }
    put_area(&image, 0x6907, &open);
    return image;
}

static const struct recipe sound[] = {
    {.curve = "P-256", .type = CRET_MCUBOOT_ECDSA, .digest = "sha256", .counter = true},
    {.curve = "P-384", .type = CRET_MCUBOOT_ECDSA, .digest = "sha384"},
    {.bits_or_curve = 2048, .type = CRET_MCUBOOT_RSA2048, .digest = "sha256"},
    {.bits_or_curve = 3072, .type = CRET_MCUBOOT_RSA3072, .digest = "sha256", .counter = true},
    {.type = CRET_MCUBOOT_ED25519, .digest = "sha256"},
    {.type = CRET_MCUBOOT_ED25519, .digest = "sha512"},
    {.type = CRET_MCUBOOT_ED25519, .digest = "sha256", .pure = true, .no_digest = true},
    {.curve = "P-256", .type = CRET_MCUBOOT_ECDSA, .digest = "sha256", .no_key_hash = true},
};

static struct cret_bytes bytes_of(const struct cret_buffer *buffer)
{
    return (struct cret_bytes){(const uint8_t *)buffer->data, buffer->size};
}

Test(mcuboot, every_kind_of_key_and_every_bit)
{
    struct cret_foreign_proof proof;
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(sound); i++) {
        EVP_PKEY *key = make_key(&sound[i]);
        const struct cret_bytes info = ask_info(key);
        struct cret_foreign_pin pin = ask_pin(info);
        struct cret_buffer image = make_image(&sound[i], key);
        cr_assert(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err),
                  "row %zu: %s", i, err.what);
        cr_assert(ask_noted(&proof, "image version 4.2.1+9, which is signed"));
        cr_assert_eq(ask_noted(&proof, "security counter 7"), sound[i].counter);
        /* RSA takes its time: there one bit of each byte. */
        const size_t step = sound[i].bits_or_curve != 0 ? 9 : 1;
        for (size_t bit = 0; bit < 8 * image.size; bit += step) {
            image.data[bit / 8] ^= (char)(1u << bit % 8);
            cr_assert_not(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err),
                          "row %zu, byte %zu, bit %zu", i, bit / 8, bit % 8);
            image.data[bit / 8] ^= (char)(1u << bit % 8);
        }
        for (size_t size = 0; size < image.size; size++) {
            const struct cret_bytes cut = {(const uint8_t *)image.data, size};
            cr_assert_not(ask(&cret_foreign_kind_mcuboot, cut, &pin, &proof, &err), "%zu", size);
        }
        cret_buffer_free(&image);
        OPENSSL_free((void *)info.data);
        EVP_PKEY_free(key);
    }
}

static const struct {
    struct recipe recipe;
    enum cret_check_id check;
    const char *what;
} bad[] = {
    {{.no_signature = true}, CRET_CHECK_FOREIGN_FORM, "names a key where no signature follows"},
    {{.no_signature = true, .no_key_hash = true}, CRET_CHECK_FOREIGN_FORM, "has no signature"},
    {{.no_digest = true}, CRET_CHECK_FOREIGN_FORM, "has no digest"},
    {{.pure = true}, CRET_CHECK_FOREIGN_PIN, "not by anybody who is pinned"},
    {{.flags = 0x04}, CRET_CHECK_FOREIGN_FORM, "is encrypted"},
    {{.flags = 0x08}, CRET_CHECK_FOREIGN_FORM, "is encrypted"},
    {{.other_key_hash = true}, CRET_CHECK_FOREIGN_VALUE, "names another key beside"},
    {{.open_record = true}, CRET_CHECK_FOREIGN_COVERAGE, "a record of type 74 that nobody signs"},
    {{.type = CRET_MCUBOOT_ECDSA224}, CRET_CHECK_FOREIGN_STRENGTH, "224 bits"},
    {{.type = CRET_MCUBOOT_RSA3072}, CRET_CHECK_FOREIGN_PIN, "not by anybody who is pinned"},
};

Test(mcuboot, refuses_by_name)
{
    struct cret_foreign_proof proof;
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        struct recipe recipe = bad[i].recipe;
        recipe.curve = "P-256";
        recipe.digest = "sha256";
        recipe.type = recipe.type != 0 ? recipe.type : CRET_MCUBOOT_ECDSA;
        EVP_PKEY *key = make_key(&recipe);
        const struct cret_bytes info = ask_info(key);
        struct cret_foreign_pin pin = ask_pin(info);
        struct cret_buffer image = make_image(&recipe, key);
        cr_assert_not(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err),
                      "row %zu", i);
        cr_assert(err.check == bad[i].check && strstr(err.what, bad[i].what) != NULL, "row %zu: %s",
                  i, err.what);
        cret_buffer_free(&image);
        OPENSSL_free((void *)info.data);
        EVP_PKEY_free(key);
    }
}

Test(mcuboot, another_vendors_key_and_no_pin)
{
    struct cret_foreign_proof proof;
    struct cret_err err;
    EVP_PKEY *key = make_key(&sound[0]), *other = make_key(&sound[0]);
    const struct cret_bytes info = ask_info(other);
    struct cret_foreign_pin pin = ask_pin(info);
    struct cret_buffer image = make_image(&sound[0], key);
    cr_assert_not(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err));
    cr_assert_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cr_assert_not(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), NULL, &proof, &err));
    cr_assert_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cret_buffer_free(&image);
    OPENSSL_free((void *)info.data);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

Test(mcuboot, a_weak_key_is_refused_by_name)
{
    static const struct recipe weak = {
        .bits_or_curve = 1024, .type = CRET_MCUBOOT_RSA2048, .digest = "sha256"};
    struct cret_foreign_proof proof;
    struct cret_err err;
    EVP_PKEY *key = make_key(&weak);
    const struct cret_bytes info = ask_info(key);
    struct cret_foreign_pin pin = ask_pin(info);
    struct cret_buffer image = make_image(&weak, key);
    cr_assert_not(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err));
    cr_assert(err.check == CRET_CHECK_FOREIGN_STRENGTH, "%s", err.what);
    cret_buffer_free(&image);
    OPENSSL_free((void *)info.data);
    EVP_PKEY_free(key);
}

/* What lies behind the records: zeros and erased flash carry nothing, all else is refused. */
Test(mcuboot, what_is_appended_is_named)
{
    static const struct {
        const char *tail;
        size_t size;
        bool taken;
    } tails[] = {
        {"\0\0\0\0", 4, true},  {"\xff\xff\xff\xff", 4, true},  {"x", 1, false},
        {"\0\0\0\1", 4, false}, {"\xff\xff\xff\xfe", 4, false}, {"\xff\xff\0\0", 4, false}};
    struct cret_foreign_proof proof;
    struct cret_err err;
    EVP_PKEY *key = make_key(&sound[0]);
    const struct cret_bytes info = ask_info(key);
    struct cret_foreign_pin pin = ask_pin(info);
    for (size_t i = 0; i < CRET_LENGTH(tails); i++) {
        struct cret_buffer image = make_image(&sound[0], key);
        cret_buffer_append(&image, tails[i].tail, tails[i].size);
        cr_assert_eq(ask(&cret_foreign_kind_mcuboot, bytes_of(&image), &pin, &proof, &err),
                     tails[i].taken, "row %zu", i);
        cr_assert(proof.gap_count == 1 && proof.gaps[0].bytes == tails[i].size);
        cr_assert(tails[i].taken || strstr(err.what, "bytes behind the image") != NULL);
        cret_buffer_free(&image);
    }
    OPENSSL_free((void *)info.data);
    EVP_PKEY_free(key);
}
