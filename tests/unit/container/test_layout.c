/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/finding/limits.h"
#include "container/layout.h"

static struct cret_err err;

Test(layout, offsets_follow_from_sizes)
{
    struct cret_entry entries[] = {{.path = "a", .size = 0},
                                   {.path = "b", .size = 513},
                                   {.path = "c", .size = 9ull << 30},
                                   {.path = "d", .size = 512}};
    uint64_t end = 0;
    cr_assert_eq(cret_layout_payload(entries, 4, 2048, &end, &err), CRET_OK);
    cr_assert_eq(entries[0].offset, 2048 + 512);
    cr_assert_eq(entries[1].offset, 2048 + 512 + 512);
    cr_assert_eq(entries[2].offset, entries[1].offset + 1024 + 1536);
    cr_assert_eq(entries[3].offset, entries[2].offset + (9ull << 30) + 512);
    cr_assert_eq(end, entries[3].offset + 512);
}

Test(layout, front)
{
    struct cret_signature signatures[] = {{.size = 512}, {.size = 513}};
    cr_assert_eq(cret_layout_front_size(1, signatures, 0), 1024);
    cr_assert_eq(cret_layout_front_size(1, signatures, 2), 1024 + 1024 + 1536);
    char path[40];
    cret_layout_signature_path(path, "0123456789abcdef");
    cr_assert_str_eq(path, "SIGNATURES/0123456789abcdef.p7s");
}

static void expect_refused(struct cret_entry *entries, size_t count, uint64_t start)
{
    uint64_t end = 7;
    cret_err_clear(&err);
    cr_expect_eq(cret_layout_payload(entries, count, start, &end, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_LIMITS);
    cr_expect_eq(end, 7);
}

Test(layout, limits_are_refused)
{
    struct cret_entry one = {.path = "a", .size = CRET_LIMIT_FILE_BYTES + 1};
    expect_refused(&one, 1, 0);
    one.size = UINT64_MAX;
    expect_refused(&one, 1, 0);
    one.size = 1;
    expect_refused(&one, 1, (uint64_t)INT64_MAX - 1500);
    expect_refused(&one, 1, UINT64_MAX);
    struct cret_entry *many = calloc(CRET_LIMIT_FILES + 1, sizeof(*many));
    for (size_t i = 0; i <= CRET_LIMIT_FILES; i++) {
        many[i].path = "a";
    }
    expect_refused(many, CRET_LIMIT_FILES + 1, 0);
    uint64_t end = 0;
    cr_expect_eq(cret_layout_payload(many, CRET_LIMIT_FILES, 0, &end, &err), CRET_OK);
    free(many);
}

/* 8192 files of 2^50 bytes are 2^63: more than any file. */
Test(layout, the_sum_of_sizes_does_not_overflow)
{
    size_t count = 20000;
    struct cret_entry *entries = calloc(count, sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct cret_entry){.path = "a", .size = CRET_LIMIT_FILE_BYTES};
    }
    expect_refused(entries, count, 0);
    expect_refused(entries, 8192, 0);
    uint64_t end = 0;
    cr_assert_eq(cret_layout_payload(entries, 8191, 0, &end, &err), CRET_OK);
    cr_assert_lt(end, (uint64_t)INT64_MAX);
    free(entries);
}
