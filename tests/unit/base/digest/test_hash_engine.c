/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels beside the library: equal on everything, and not used where they are not. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/batch.h"
#include "base/digest/hash_engine_internal.h"
#include "base/digest/kernel.h"
#include "base/finding/fault.h"
#include "base/system/os.h"

#define BLOCK 4096u
/* Messages of one batch. */
#define TOGETHER 96u
#define ROOM (TOGETHER * (BLOCK + 64u))

/* xorshift64*: the same series on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dull;
}

/* The kernel of pairs of this build. */
static const struct cret_kernel *right(void)
{
    return cret_kernel_x86() != NULL ? cret_kernel_x86() : cret_kernel_arm();
}

/* The engine under test: the kernel where this machine has one. */
static struct cret_hash_engine automatic(void)
{
    struct cret_hash_engine engine;
    cr_assert_eq(cret_hash_engine_choose(&engine, CRET_HASH_AUTO, NULL), CRET_OK);
    return engine;
}

static void assert_equal(struct cret_hash_batch *batch, struct cret_hash_batch *reference,
                         struct cret_message *messages, size_t count)
{
    uint8_t digests[2][TOGETHER][32];
    struct cret_hash_batch *const batches[2] = {batch, reference};
    for (size_t k = 0; k < 2; k++) {
        memset(digests[k], (int)k + 1, sizeof(digests[k]));
        for (size_t i = 0; i < count; i++) {
            messages[i].ret_digest = digests[k][i];
        }
        cr_assert_eq(cret_hash_batch_run(batches[k], messages, count, NULL), CRET_OK);
    }
    for (size_t i = 0; i < count; i++) {
        cr_assert_arr_eq(digests[0][i], digests[1][i], 32, "message %zu of %zu bytes", i,
                         messages[i].size);
    }
}

/* A kernel and the library, and bytes for their messages. */
struct pair {
    struct cret_hash_batch *batch, *reference;
    uint8_t *bytes;
    struct cret_message messages[TOGETHER];
};

static struct pair pair_new(const struct cret_kernel *kernel)
{
    struct pair pair = {.bytes = malloc(ROOM)};
    cr_assert_not_null(pair.bytes);
    cr_assert_eq(cret_hash_batch_new(&pair.batch, kernel, NULL), CRET_OK);
    cr_assert_eq(cret_hash_batch_new(&pair.reference, NULL, NULL), CRET_OK);
    return pair;
}

static void pair_clear(struct pair *pair)
{
    cret_hash_batch_free(&pair->batch);
    cret_hash_batch_free(&pair->reference);
    cret_hash_batch_free(&pair->batch);
    free(pair->bytes);
}

Test(hash_engine, is_the_kernel_where_the_processor_has_the_instructions)
{
    const struct cret_hash_engine engine = automatic();
    const bool has =
        cret_os_has_sha256() && (cret_kernel_x86() != NULL || cret_kernel_arm() != NULL);
    const bool wide = has && cret_os_has_avx512() && cret_kernel_x86_wide() != NULL;
    cr_assert_eq(engine.kernel != NULL, has);
    cr_assert_eq(has && engine.kernel->wide != NULL, wide);
    cr_assert_eq(engine.id, wide                        ? CRET_HASH_AVX512
                            : !has                      ? CRET_HASH_LIBRARY
                            : cret_kernel_x86() != NULL ? CRET_HASH_SHA_NI
                                                        : CRET_HASH_ARMV8);
}

Test(hash_engine, is_the_library_where_that_is_asked_for)
{
    struct cret_hash_engine engine = automatic();
    cr_assert_eq(cret_hash_engine_choose(&engine, CRET_HASH_OPENSSL, NULL), CRET_OK);
    cr_assert_eq(engine.id, CRET_HASH_LIBRARY);
    cr_assert_null(engine.kernel);
    cr_assert_eq(cret_hash_choice_of(NULL), CRET_HASH_AUTO);
    cr_assert_eq(cret_hash_choice_of("auto"), CRET_HASH_AUTO);
    cr_assert_eq(cret_hash_choice_of("openssl"), CRET_HASH_OPENSSL);
    cr_assert_eq(cret_hash_choice_of("Auto"), CRET_HASH_OPENSSL);
}

/* Every length up to three blocks, at every address within 16 bytes, beside another length. */
static void assert_all_lengths(const struct cret_kernel *kernel)
{
    struct pair pair = pair_new(kernel);
    uint64_t state = 1;
    for (size_t i = 0; i < ROOM; i++) {
        pair.bytes[i] = (uint8_t)next_random(&state);
    }
    for (size_t size = 0; size <= 200; size++) {
        for (size_t i = 0; i < 32; i++) {
            pair.messages[i] = (struct cret_message){.data = pair.bytes + i,
                                                     .size = i % 2 == 0 ? size : (size * i) % 300};
        }
        for (size_t count = 0; count <= 32; count += size % 5 + 1) {
            assert_equal(pair.batch, pair.reference, pair.messages, count);
        }
    }
    pair_clear(&pair);
}

/* The kernels that this machine has; its best one is last. NULL is the library. */
static size_t kernels_here(const struct cret_kernel *ret_kernels[2])
{
    size_t count = 0;
    if (right() != NULL && cret_os_has_sha256()) {
        ret_kernels[count++] = right();
    }
    if (cret_kernel_x86_wide() != NULL && cret_os_has_sha256() && cret_os_has_avx512()) {
        ret_kernels[count++] = cret_kernel_x86_wide();
    }
    if (count == 0) {
        ret_kernels[count++] = NULL;
    }
    return count;
}

Test(hash_engine, equals_the_library_at_all_lengths_and_addresses)
{
    const struct cret_kernel *kernels[2];
    const size_t count = kernels_here(kernels);
    for (size_t i = 0; i < count; i++) {
        assert_all_lengths(kernels[i]);
    }
}

Test(hash_engine, takes_no_data_for_an_empty_message_and_touches_no_other_digest)
{
    static const uint8_t empty[] = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14};
    struct pair pair = pair_new(automatic().kernel);
    uint8_t digests[4][32];
    memset(digests, 0xee, sizeof(digests));
    pair.messages[0] = (struct cret_message){NULL, 0, digests[1]};
    pair.messages[1] = (struct cret_message){NULL, 0, digests[2]};
    cr_assert_eq(cret_hash_batch_run(pair.batch, pair.messages, 2, NULL), CRET_OK);
    cr_assert_arr_eq(digests[1], empty, sizeof(empty));
    cr_assert_arr_eq(digests[2], digests[1], 32);
    for (size_t i = 0; i < 32; i++) {
        cr_assert_eq(digests[0][i], 0xee);
        cr_assert_eq(digests[3][i], 0xee);
    }
    pair_clear(&pair);
}

/* Words at the ends of their range carry through every addition. */
static void fill(uint8_t *bytes, size_t size, uint64_t *state)
{
    static const uint8_t extremes[] = {0x00, 0xff, 0x80, 0x7f, 0x01, 0xfe};
    const uint64_t kind = next_random(state) % 8;
    if (kind < 2) {
        memset(bytes, extremes[next_random(state) % sizeof(extremes)], size);
        bytes[next_random(state) % size] ^= (uint8_t)(1u << next_random(state) % 8);
        return;
    }
    for (size_t i = 0; i + 8 <= size; i += 8) {
        uint64_t word = next_random(state);
        if (kind < 4) {
            memset(&word, extremes[word % sizeof(extremes)], sizeof(word));
        }
        memcpy(bytes + i, &word, sizeof(word));
    }
}

/* Random and boundary blocks as the leaves of trees are, among messages of other sizes.
 * CRETULA_HASH_BLOCKS: how many; the suite says 100,000, and 10 million where it is thorough. */
static void assert_blocks(const struct cret_kernel *kernel, uint64_t blocks)
{
    struct pair pair = pair_new(kernel);
    uint64_t state = 20261101;
    cr_assert_gt(blocks, 0u);
    fill(pair.bytes, ROOM, &state);
    for (uint64_t done = 0; done < blocks; done += TOGETHER) {
        size_t at = 0;
        for (size_t i = 0; i < TOGETHER; i++) {
            const bool leaf = next_random(&state) % 16 != 0;
            const size_t size = leaf ? BLOCK : (size_t)(next_random(&state) % BLOCK);
            pair.messages[i] = (struct cret_message){.data = pair.bytes + at, .size = size};
            at += size + (leaf ? 0 : next_random(&state) % 64);
        }
        /* Not all bytes anew each time: that would take longer than to hash them. */
        const size_t from = (size_t)(next_random(&state) % (ROOM - 8u * BLOCK));
        fill(pair.bytes + from, 8u * BLOCK, &state);
        assert_equal(pair.batch, pair.reference, pair.messages, TOGETHER);
    }
    pair_clear(&pair);
}

Test(hash_engine, equals_the_library_over_random_and_boundary_blocks, .timeout = 3600)
{
    const char *wanted = getenv("CRETULA_HASH_BLOCKS");
    const struct cret_kernel *kernels[2];
    const size_t count = kernels_here(kernels);
    for (size_t i = 0; i < count; i++) {
        assert_blocks(kernels[i], wanted != NULL ? strtoull(wanted, NULL, 10) : 2000);
    }
}

/* --- kernels that compute nonsense; the right half is done by none --- */

static void one_wrong(uint32_t *state, const uint8_t *data, size_t blocks)
{
    state[0] += (uint32_t)blocks + data[0];
}

static void two_wrong(uint32_t *first, uint32_t *second, const uint8_t *first_data,
                      const uint8_t *second_data, size_t blocks)
{
    one_wrong(first, first_data, blocks);
    one_wrong(second, second_data, blocks);
}

static void one_idle(uint32_t *state, const uint8_t *data, size_t blocks)
{
    (void)state;
    (void)data;
    (void)blocks;
}

/* Right but for one bit of one half, and only in a long message. */
static void two_second_half_wrong(uint32_t *first, uint32_t *second, const uint8_t *first_data,
                                  const uint8_t *second_data, size_t blocks)
{
    right()->two(first, second, first_data, second_data, blocks);
    second[7] ^= blocks > 1 ? 1u : 0u;
}

static void two_first_half_wrong(uint32_t *first, uint32_t *second, const uint8_t *first_data,
                                 const uint8_t *second_data, size_t blocks)
{
    right()->two(first, second, first_data, second_data, blocks);
    first[7] ^= blocks > 1 ? 1u : 0u;
}

static void one_long_wrong(uint32_t *state, const uint8_t *data, size_t blocks)
{
    right()->one(state, data, blocks);
    state[3] ^= blocks > 1 ? 0x80000000u : 0u;
}

static const struct cret_hash_answer answers[] = {
    {0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {1, 56, "f0ece3bff9d99a790383a7141cff604926d83a7d1d8336f29afa4523079378a5"},
    {0, 4096, "d67c656e01756650d77717b0839985a056ec28ffe174601d690fc407a2ceffca"},
};

static struct cret_hash_trial trial_of(const struct cret_kernel *kernel)
{
    return (struct cret_hash_trial){.id = CRET_HASH_SHA_NI,
                                    .kernel = kernel,
                                    .answers = answers,
                                    .count = sizeof(answers) / sizeof(answers[0])};
}

static void assert_rejected(const struct cret_kernel *kernel, const char *what)
{
    const struct cret_hash_trial trial = trial_of(kernel);
    struct cret_hash_engine engine = {.id = CRET_HASH_SHA_NI, .kernel = kernel};
    cr_assert_eq(cret_hash_engine_try(&engine, &trial, NULL), CRET_OK, "%s", what);
    cr_assert_eq(engine.id, CRET_HASH_REJECTED, "%s", what);
    cr_assert_null(engine.kernel, "%s", what);
    cr_assert_not(cret_fault_noted(), "the library goes on");
}

Test(hash_engine, a_kernel_that_computes_nonsense_is_not_used_and_that_is_said)
{
    const struct cret_kernel wrong = {one_wrong, two_wrong, NULL};
    const struct cret_kernel idle = {one_idle, two_wrong, NULL};
    assert_rejected(&wrong, "all wrong");
    assert_rejected(&idle, "does nothing");
    cr_assert_not_null(cret_hash_warning(CRET_HASH_REJECTED));
    cr_assert_not_null(strstr(cret_hash_name(CRET_HASH_REJECTED), "openssl: "));
    cr_assert_null(cret_hash_warning(CRET_HASH_SHA_NI));
    cr_assert_null(cret_hash_warning(CRET_HASH_LIBRARY));
}

Test(hash_engine, a_kernel_that_is_wrong_in_one_half_or_in_long_messages_is_not_used)
{
    if (!cret_os_has_sha256() || right() == NULL) {
        cr_skip_test("this machine has no kernel");
    }
    const struct cret_kernel good = *right();
    const struct cret_kernel first = {good.one, two_first_half_wrong, NULL};
    const struct cret_kernel second = {good.one, two_second_half_wrong, NULL};
    const struct cret_kernel alone = {one_long_wrong, good.two, NULL};
    const struct cret_hash_trial trial = trial_of(&good);
    struct cret_hash_engine engine = {.id = CRET_HASH_LIBRARY};
    assert_rejected(&first, "first half");
    assert_rejected(&second, "second half");
    assert_rejected(&alone, "one message alone");
    cr_assert_eq(cret_hash_engine_try(&engine, &trial, NULL), CRET_OK);
    cr_assert_eq(engine.kernel, &good, "the answers themselves are not what fails");
}

/* Right but for one bit in one lane, and only in a long message. */
static size_t wrong_lane;

static void wide_lane_wrong(uint32_t state[CRET_KERNEL_WORDS][CRET_KERNEL_LANES],
                            const uint8_t *const *data, size_t blocks)
{
    cret_kernel_x86_wide()->wide(state, data, blocks);
    state[5][wrong_lane] ^= blocks > 1 ? 2u : 0u;
}

Test(hash_engine, a_wide_kernel_that_is_wrong_in_any_lane_is_not_used)
{
    if (cret_kernel_x86_wide() == NULL || !cret_os_has_sha256() || !cret_os_has_avx512()) {
        cr_skip_test("this machine has no wide kernel");
    }
    struct cret_kernel kernel = *cret_kernel_x86_wide();
    const struct cret_hash_trial trial = trial_of(&kernel);
    struct cret_hash_engine engine = {.id = CRET_HASH_LIBRARY};
    cr_assert_eq(cret_hash_engine_try(&engine, &trial, NULL), CRET_OK);
    cr_assert_eq(engine.kernel, &kernel, "the answers themselves are not what fails");
    kernel.wide = wide_lane_wrong;
    for (wrong_lane = 0; wrong_lane < CRET_KERNEL_LANES; wrong_lane++) {
        assert_rejected(&kernel, "one lane");
    }
}

Test(hash_engine, nothing_is_computed_where_the_library_is_wrong)
{
    static const struct cret_hash_answer wrong[] = {
        {0, 3, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}};
    const struct cret_hash_trial trial = {.answers = wrong, .count = 1};
    struct cret_hash_engine engine = {.id = CRET_HASH_COUNT};
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_hash_engine_try(&engine, &trial, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_eq(engine.id, CRET_HASH_COUNT, "nothing was chosen");
    cr_assert(cret_fault_noted());
}

Test(hash_engine, no_answers_prove_nothing)
{
    const struct cret_hash_trial trial = {.answers = answers, .count = 0};
    struct cret_hash_engine engine;
    cr_assert_eq(cret_hash_engine_try(&engine, &trial, NULL), CRET_FAILED);
}

Test(hash_engine, every_engine_has_a_name)
{
    for (int id = 0; id < CRET_HASH_COUNT; id++) {
        cr_assert_not_null(cret_hash_name((enum cret_hash_id)id));
        for (int other = 0; other < id; other++) {
            cr_assert_str_neq(cret_hash_name((enum cret_hash_id)id),
                              cret_hash_name((enum cret_hash_id)other));
        }
    }
    cr_assert_null(cret_hash_name(CRET_HASH_COUNT));
}
