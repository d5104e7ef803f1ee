/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "container/ustar.h"

static uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
static size_t head_size;
static struct cret_err err;

static enum cret_status make(const char *name, uint64_t size, int64_t seconds)
{
    memset(head, 0xee, sizeof(head));
    cret_err_clear(&err);
    return cret_ustar_head(head, &head_size, name, size, seconds, &err);
}

/* A name of `length` bytes with one '/' at `slash` (or none). */
static const char *name_of(size_t length, size_t slash)
{
    static char name[400];
    memset(name, 'a', length);
    name[length] = '\0';
    if (slash < length) {
        name[slash] = '/';
    }
    return name;
}

Test(ustar, header_is_the_canonical_one)
{
    static const char expected_numbers[] = "0000644\0"
                                           "0000000\0"
                                           "0000000\0"
                                           "00000001750\0"
                                           "14524770400\0";
    cr_assert_eq(make("docs/manual.pdf", 1000, 1700000000), CRET_OK);
    cr_assert_eq(head_size, 512);
    cr_assert_str_eq((char *)head, "docs/manual.pdf");
    cr_assert_arr_eq(head + 100, expected_numbers, 48);
    cr_assert_eq(head[156], '0');
    cr_assert_arr_eq(head + 257,
                     "ustar\0"
                     "00",
                     8);
    cr_assert_arr_eq(head + 329,
                     "0000000\0"
                     "0000000\0",
                     16);
    unsigned sum = 8 * ' ';
    for (size_t i = 0; i < 512; i++) {
        if (i < 148 || i >= 156) {
            sum += head[i];
        }
    }
    char checksum[9];
    snprintf(checksum, sizeof(checksum), "%06o", sum);
    checksum[7] = ' ';
    cr_assert_arr_eq(head + 148, checksum, 8);
    static const uint8_t zeros[167];
    cr_assert_arr_eq(head + 157, zeros, 100); /* linkname */
    cr_assert_arr_eq(head + 265, zeros, 64);  /* uname, gname */
    cr_assert_arr_eq(head + 345, zeros, 167); /* prefix, unused */
}

Test(ustar, a_name_of_100_bytes_is_not_split)
{
    cr_assert_eq(make(name_of(100, 50), 0, 0), CRET_OK);
    cr_assert_arr_eq(head, name_of(100, 50), 100);
    cr_assert_eq(head[345], 0);
}

Test(ustar, a_longer_name_is_split_at_the_last_slash_that_fits)
{
    cr_assert_eq(make(name_of(101, 1), 0, 0), CRET_OK);
    cr_assert_eq(head[345], 'a');
    cr_assert_eq(head[346], 0);
    cr_assert_eq(strnlen((char *)head, 100), 99);
    /* The longest of all: 155 and 100. */
    cr_assert_eq(make(name_of(256, 155), 0, 0), CRET_OK);
    cr_assert_eq(strnlen((char *)head, 100), 100);
    cr_assert_eq(strnlen((char *)head + 345, 155), 155);
    /* Of several, the last that leaves at most 155 before it. */
    char several[300];
    strcpy(several, name_of(180, 90));
    several[120] = '/';
    several[170] = '/';
    cr_assert_eq(make(several, 0, 0), CRET_OK);
    cr_assert_eq(strnlen((char *)head + 345, 155), 120);
    cr_assert_eq(strnlen((char *)head, 100), 59);
}

Test(ustar, names_that_do_not_fit_are_refused)
{
    static const struct {
        size_t length, slash;
    } rows[] = {{0, 1}, {101, 400}, {101, 0}, {101, 100}, {257, 156}, {256, 154}, {202, 100}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(make(name_of(rows[i].length, rows[i].slash), 0, 0), CRET_FAILED, "row %zu", i);
        cr_expect_eq(err.class, CRET_ERR_REFUSED);
        cr_expect_eq(err.check, CRET_CHECK_FILE_PATHS);
    }
}

Test(ustar, from_8_gib_on_a_pax_header_precedes)
{
    uint64_t limit = 8ull << 30;
    cr_assert_eq(cret_ustar_head_size(limit - 1), 512);
    cr_assert_eq(cret_ustar_head_size(limit), 1536);
    cr_assert_eq(make("big", limit - 1, 5), CRET_OK);
    cr_assert_eq(head_size, 512);
    cr_assert_arr_eq(head + 124, "77777777777", 12);
    cr_assert_eq(make("big", limit, 5), CRET_OK);
    cr_assert_eq(head_size, 1536);
    cr_assert_str_eq((char *)head, "PaxHeaders/size");
    cr_assert_eq(head[156], 'x');
    cr_assert_arr_eq(head + 124, "00000000023", 12);
    cr_assert_arr_eq(head + 136, "00000000005", 12);
    cr_assert_str_eq((char *)head + 512, "19 size=8589934592\n");
    for (size_t i = 512 + 19; i < 1024; i++) {
        cr_assert_eq(head[i], 0);
    }
    cr_assert_str_eq((char *)head + 1024, "big");
    cr_assert_eq(head[1024 + 156], '0');
    cr_assert_arr_eq(head + 1024 + 124, "00000000000", 12);
    cr_assert_eq(make("big", CRET_LIMIT_FILE_BYTES, 5), CRET_OK);
    cr_assert_str_eq((char *)head + 512, "25 size=1125899906842624\n");
}

Test(ustar, sizes_and_dates_beyond_the_limits_are_refused)
{
    cr_assert_eq(make("f", CRET_LIMIT_FILE_BYTES + 1, 0), CRET_FAILED);
    cr_assert_eq(err.check, CRET_CHECK_ARCHIVE_LIMITS);
    cr_assert_eq(make("f", 0, -1), CRET_FAILED);
    cr_assert_eq(err.check, CRET_CHECK_ARCHIVE_LIMITS);
    cr_assert_eq(make("f", 0, 8589934592), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(make("f", 0, 8589934591), CRET_OK);
    cr_assert_arr_eq(head + 136, "77777777777", 12);
}

Test(ustar, numbers_are_read_in_the_canonical_form_only)
{
    static const char *const bad[] = {" 0000001750",
                                      "0000001750 ",
                                      "1750\0\0\0\0\0\0\0",
                                      "00000001758",
                                      "\x80\0\0\0\0\0\0\0\0\0\x01",
                                      "-0000000001"};
    uint64_t size = 1;
    int64_t seconds = 2;
    cr_assert_eq(make("f", 1000, 1700000000), CRET_OK);
    cr_assert_eq(cret_ustar_numbers(head, &size, &seconds, &err), CRET_OK);
    cr_assert_eq(size, 1000);
    cr_assert_eq(seconds, 1700000000);
    for (size_t at = 124; at <= 136; at += 12) {
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            cr_assert_eq(make("f", 1000, 1700000000), CRET_OK);
            memcpy(head + at, bad[i], 11);
            size = 77;
            cr_expect_eq(cret_ustar_numbers(head, &size, &seconds, &err), CRET_FAILED, "%zu", i);
            cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_FRAMING);
            cr_expect_eq(size, 77);
        }
    }
    cr_assert_eq(make("f", 1000, 1700000000), CRET_OK);
    head[135] = ' ';
    cr_assert_eq(cret_ustar_numbers(head, &size, &seconds, &err), CRET_FAILED);
}

Test(ustar, padding)
{
    cr_assert_eq(cret_ustar_padded(0), 0);
    cr_assert_eq(cret_ustar_padded(1), 512);
    cr_assert_eq(cret_ustar_padded(512), 512);
    cr_assert_eq(cret_ustar_padded(513), 1024);
    cr_assert_eq(cret_ustar_padded((4ull << 30) + 1), (4ull << 30) + 512);
}

Test(ustar, every_byte_of_a_header_has_a_field)
{
    for (size_t i = 0; i < 512; i++) {
        const struct cret_ustar_field *field = cret_ustar_field_at(i);
        cr_assert_not_null(field);
        cr_assert(i >= field->offset && i < field->offset + field->size);
    }
    cr_assert_null(cret_ustar_field_at(512));
}
