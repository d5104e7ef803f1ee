/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../verity.h"
#include "base/digest/digest.h"
#include "base/digest/sha1.h"
#include "base/digest/verity.h"
#include "base/finding/limits.h"
#include "base/text/text.h"

/* Bytes i mod 251: no two blocks of a small file are alike. Caller frees. */
static uint8_t *pattern(size_t size)
{
    uint8_t *data = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)(i % 251);
    }
    return data;
}

static void assert_digest(const uint8_t *digest, const char *expected, const char *what)
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    cr_assert_str_eq(hex, expected, "%s: %s", what, hex);
}

/* FIPS 180-4 examples. */
Test(digest, sha256_and_sha512_vectors)
{
    uint8_t digest[64];
    char hex[129];
    cr_assert_eq(cret_sha256(digest, "abc", 3, NULL), CRET_OK);
    assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                  "abc");
    cr_assert_eq(cret_sha256(digest, "", 0, NULL), CRET_OK);
    assert_digest(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "");
    cr_assert_eq(cret_sha512(digest, "abc", 3, NULL), CRET_OK);
    cret_hex_encode(hex, digest, 64);
    cr_assert_str_eq(hex, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

Test(digest, a_running_hash_equals_one_call_and_can_begin_again)
{
    struct cret_sha256 *hash = NULL;
    uint8_t *data = pattern(5000), whole[32], parts[32];
    cr_assert_eq(cret_sha256_new(&hash, NULL), CRET_OK);
    cr_assert_eq(cret_sha256(whole, data, 5000, NULL), CRET_OK);
    for (size_t part = 1; part < 5000; part = part * 3 + 1) {
        cret_sha256_reset(hash);
        for (size_t at = 0; at < 5000; at += part) {
            cret_sha256_update(hash, data + at, 5000 - at < part ? 5000 - at : part);
        }
        cr_assert_eq(cret_sha256_final(hash, parts, NULL), CRET_OK);
        cr_assert_arr_eq(whole, parts, 32);
    }
    cret_sha256_free(&hash);
    cr_assert_null(hash);
    cret_sha256_free(&hash);
    free(data);
}

Test(digest, sha1_vector)
{
    uint8_t digest[CRET_SHA1_BYTES];
    char hex[2 * CRET_SHA1_BYTES + 1];
    cr_assert_eq(cret_sha1(digest, "abc", 3, NULL), CRET_OK);
    cret_hex_encode(hex, digest, CRET_SHA1_BYTES);
    cr_assert_str_eq(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

Test(digest, sha512_in_parts_equals_one_call)
{
    struct cret_sha512 *hash = NULL;
    uint8_t *data = pattern(5000), whole[64], parts[64];
    cr_assert_eq(cret_sha512(whole, data, 5000, NULL), CRET_OK);
    cr_assert_eq(cret_sha512_new(&hash, NULL), CRET_OK);
    for (size_t at = 0; at < 5000; at += 100) {
        cret_sha512_update(hash, data + at, 100);
    }
    cr_assert_eq(cret_sha512_final(hash, parts, NULL), CRET_OK);
    cr_assert_arr_eq(whole, parts, 64);
    cr_assert_eq(cret_sha512_final(hash, parts, NULL), CRET_FAILED);
    cret_sha512_free(&hash);
    cret_sha512_free(&hash);
    free(data);
}

Test(digest, an_ended_hash_gives_no_second_result)
{
    struct cret_sha256 *hash = NULL;
    uint8_t digest[32];
    struct cret_err err = {0};
    cr_assert_eq(cret_sha256_new(&hash, NULL), CRET_OK);
    cret_sha256_update(hash, "abc", 3);
    cr_assert_eq(cret_sha256_final(hash, digest, &err), CRET_OK);
    cr_assert_eq(cret_sha256_final(hash, digest, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cret_sha256_free(&hash);
}

/* Made with `fsverity digest` (fsverity-utils) over the same pattern. */
static const struct {
    size_t size;
    const char *digest;
} known[] = {
    {0, "3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95"},
    {1, "b803429503d95915829b29fdbc8bbad142f3abfd11b1cadf5526582e685c0551"},
    {31, "f3172ee4e9ad6bc97e4c940e249c6955bba1859f8fb036d42a392f652e9a6ad5"},
    {32, "b958f1db1819e69cfdefbcabff9b2390ccc4be7ecad415e244a1eab398973b42"},
    {4095, "5f4953aad672b0188023d6cd6fbce9d09508eb7dad165b6298ce0086bc1e72db"},
    {4096, "13e9b8848ae484a36acb3f3cac0ceb2f7601e96633d15c92f9bd3dd44e492157"},
    {4097, "b0d074abef4d544404facfab6ba242f6a8ccbde90f1325cd286f3c8aa8d0f8aa"},
    {8192, "e48d50c56c4f0178a98a035cb91d66be328eeff78bbddaa35c5ec4cc0d8340c0"},
    {524287, "9735c4bb231d3222d1e5e23a4004d8b59dd33395d7de390530e15c2572000b47"},
    {524288, "d82861203d50ae9b60948504a704f35f5118bd229aeb1a22d6dae47b1767c4c4"},
    {524289, "4dc6905041c9c4ee73e13b53f63f5d289c46da359b664a965ead7f8cc4d799d4"},
    {1048576, "93c995656d665b81c3a87eed032fcf06a8f9cecef51e3f5e5af7fa59fef1d439"},
    {1048577, "89f2376c7699bfe271478a8e3356d434d4a35784edce47fac74c8e5bc7456c1d"},
    {67633152, "ab9ee832cec74c01fe008415f78c4b674b9b4d6f59f803b023ae9adda1c6a06e"},
    {67108863, "53e70e3b30d8c6800a47af2e04737f8e0192e035e7d35f9323f54f5c72b03866"},
    {67108864, "196650e8bd05f8516c0ede56deeb4d1ff2be9809dc2d827261db4a7773957567"},
    {67108865, "acba6554fbff4e8b2fc0361086b9e8ed6afbbd3196ade159c0f3e2bf9ecb2ed1"},
    {67637249, "b9e9b62357b8e5ec04e45d84e66f8339b96c895407d46056c01f4f3689c8acff"},
};

Test(digest, fsverity_vectors_in_one_call)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint8_t digest[32], *data = pattern(known[i].size);
        char what[32];
        snprintf(what, sizeof(what), "%zu bytes", known[i].size);
        verity_of(digest, data, known[i].size);
        assert_digest(digest, known[i].digest, what);
        free(data);
    }
}

/* Hashes data in spans of a height, last span first, each fed in parts of `part` bytes. */
static void in_spans_by(uint8_t ret_digest[32], const uint8_t *data, struct cret_verity_plan plan,
                        size_t part, enum cret_hash_choice choice)
{
    struct cret_hash_engine engine;
    struct cret_verity_span *span = NULL;
    uint8_t *digests = malloc((size_t)plan.spans * 32);
    cr_assert_eq(cret_hash_engine_choose(&engine, choice, NULL), CRET_OK);
    cr_assert_eq(cret_verity_span_new(&span, &engine, NULL), CRET_OK);
    for (uint64_t i = plan.spans; i-- > 0;) {
        uint64_t at = i * plan.span_size;
        uint64_t end = plan.size - at < plan.span_size ? plan.size : at + plan.span_size;
        cret_verity_span_begin(span, &plan);
        for (; at < end; at += part) {
            cret_verity_span_update(span, data + at, end - at < part ? (size_t)(end - at) : part);
        }
        cr_assert_eq(cret_verity_span_final(span, digests + i * 32, NULL), CRET_OK);
    }
    cr_assert_eq(cret_verity_finish(ret_digest, &plan, digests, NULL), CRET_OK);
    cret_verity_span_free(&span);
    free(digests);
}

/* The same, whatever computes. */
static void in_spans(uint8_t ret_digest[32], const uint8_t *data, struct cret_verity_plan plan,
                     size_t part)
{
    uint8_t other[32];
    in_spans_by(ret_digest, data, plan, part, CRET_HASH_OPENSSL);
    in_spans_by(other, data, plan, part, CRET_HASH_AUTO);
    cr_assert_arr_eq(ret_digest, other, 32);
}

static struct cret_verity_plan plan_of_height(uint64_t size, unsigned height)
{
    struct cret_verity_plan plan = {.size = size, .height = height, .span_size = 4096};
    for (unsigned i = 0; i < height; i++) {
        plan.span_size *= 128;
    }
    plan.spans = size == 0 ? 1 : (size + plan.span_size - 1) / plan.span_size;
    return plan;
}

static unsigned whole_height(uint64_t size)
{
    unsigned height = 0;
    for (uint64_t blocks = (size + 4095) / 4096; blocks > 1; blocks = (blocks + 127) / 128) {
        height++;
    }
    return height;
}

Test(digest, fsverity_in_spans_equals_one_call)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint8_t digest[32], *data = pattern(known[i].size);
        char what[64];
        in_spans(digest, data, cret_verity_plan(known[i].size), CRET_IO_BYTES);
        snprintf(what, sizeof(what), "%zu bytes as planned", known[i].size);
        assert_digest(digest, known[i].digest, what);
        for (unsigned height = 0; height <= whole_height(known[i].size); height++) {
            if (known[i].size > 8 << 20 && height == 0 &&
                i + 1 != sizeof(known) / sizeof(known[0])) {
                continue;
            }
            in_spans(digest, data, plan_of_height(known[i].size, height), 100000);
            snprintf(what, sizeof(what), "%zu bytes, height %u", known[i].size, height);
            assert_digest(digest, known[i].digest, what);
        }
        free(data);
    }
}

Test(digest, fsverity_does_not_depend_on_the_parts)
{
    static const size_t parts[] = {1, 7, 4095, 4096, 4097, 8191, 12288, 524288};
    size_t size = 128 * 4096 + 1;
    uint8_t digest[32], *data = pattern(size);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        in_spans(digest, data, cret_verity_plan(size), parts[i]);
        assert_digest(digest, "4dc6905041c9c4ee73e13b53f63f5d289c46da359b664a965ead7f8cc4d799d4",
                      "parts");
    }
    free(data);
}

/* Every bit counts: of data, of size, and of the zeros that end a block. */
Test(digest, fsverity_tells_sizes_and_bits_apart)
{
    uint8_t data[8192] = {0}, one[32], other[32];
    verity_of(one, data, 4096);
    verity_of(other, data, 4095);
    cr_assert_arr_neq(one, other, 32, "trailing zeros are no padding");
    verity_of(other, data, 8192);
    cr_assert_arr_neq(one, other, 32);
    data[4095] = 1;
    verity_of(other, data, 4096);
    cr_assert_arr_neq(one, other, 32);
}

Test(digest, a_span_takes_no_more_than_its_size)
{
    const struct cret_hash_engine library = {.id = CRET_HASH_LIBRARY};
    struct cret_verity_span *span = NULL;
    struct cret_verity_plan plan = plan_of_height(8192, 0);
    uint8_t data[8192] = {0}, digest[32];
    struct cret_err err = {0};
    cr_assert_eq(cret_verity_span_new(&span, &library, NULL), CRET_OK);
    cr_assert_eq(cret_verity_span_final(span, digest, &err), CRET_FAILED, "not begun");
    cret_verity_span_begin(span, &plan);
    cret_verity_span_update(span, data, 4096);
    cret_verity_span_update(span, data, 1);
    cr_assert_eq(cret_verity_span_final(span, digest, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cret_verity_span_begin(span, &plan);
    cret_verity_span_update(span, data, 4096);
    cr_assert_eq(cret_verity_span_final(span, digest, NULL), CRET_OK, "a new begin starts afresh");
    cr_assert_eq(cret_verity_span_final(span, digest, NULL), CRET_FAILED, "ended");
    cret_verity_span_free(&span);
    cret_verity_span_free(&span);
}

Test(digest, plans_cover_the_file_and_share_it)
{
    static const uint64_t sizes[] = {0,
                                     1,
                                     4096,
                                     4097,
                                     1u << 20,
                                     (1u << 20) + 1,
                                     64u << 20,
                                     (64u << 20) + 1,
                                     (4ull << 30) - 1,
                                     4ull << 30,
                                     (4ull << 30) + 1,
                                     1ull << 40,
                                     16ull << 40,
                                     CRET_LIMIT_FILE_BYTES};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct cret_verity_plan plan = cret_verity_plan(sizes[i]);
        unsigned long long size = sizes[i];
        cr_assert_eq(plan.size, sizes[i]);
        cr_assert_geq(plan.spans, 1);
        cr_assert_geq(plan.spans * plan.span_size, sizes[i], "%llu", size);
        cr_assert(sizes[i] == 0 || (plan.spans - 1) * plan.span_size < sizes[i], "%llu", size);
        cr_assert_leq(plan.height, whole_height(sizes[i]), "%llu", size);
        if (sizes[i] > CRET_FSVERITY_THRESHOLD) {
            cr_assert_geq(plan.spans, 3, "%llu", size);
        }
        if (sizes[i] < 16ull << 40) {
            cr_assert_leq(plan.span_size, 64u << 20, "%llu", size);
        }
        cr_assert_leq(plan.spans * 32, 8u << 20, "%llu: the list of digests stays small", size);
        if (plan.spans == 1) {
            cr_assert_eq(plan.height, whole_height(sizes[i]), "%llu: the one is the root", size);
        }
    }
}
