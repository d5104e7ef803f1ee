/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/utf8.h"

Test(text, hex_is_lower_case_and_exact)
{
    uint8_t data[2] = {7, 7};
    char out[5];
    cr_assert_eq(cret_hex_decode(data, 2, "00fF"), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, "00f"), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, "00ff0"), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, "00fg"), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, "0 ff"), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, ""), CRET_FAILED);
    cr_assert_eq(cret_hex_decode(data, 2, NULL), CRET_FAILED);
    cr_assert(data[0] == 7 && data[1] == 7, "nothing is written on failure");
    cr_assert_eq(cret_hex_decode(data, 2, "09af"), CRET_OK);
    cr_assert(data[0] == 0x09 && data[1] == 0xaf);
    cret_hex_encode(out, data, 2);
    cr_assert_str_eq(out, "09af");
}

Test(text, base64_is_canonical)
{
    static const char *const refused[] = {"A",        "AA",      "AAA",  "AA=",  "=AAA",
                                          "A===",     "====",    "AB==", "AAB=", "AA=A",
                                          "AAAA\n",   "AA AA",   "AA-_", "AAA*", "AA==AAAA",
                                          "AAAAA===", "AAAA===="};
    uint8_t *data = NULL;
    size_t size = 0;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_eq(cret_base64_decode(&data, &size, refused[i]), CRET_FAILED, "%s", refused[i]);
    }
    cr_assert_eq(cret_base64_decode(&data, &size, NULL), CRET_FAILED);
    cr_assert_null(data);
}

/* RFC 4648 section 10, and every length up to 64 there and back. */
Test(text, base64_vectors_and_round_trips)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *text = NULL;
        cr_assert_eq(cret_base64_encode(&text, (const uint8_t *)pairs[i][0], strlen(pairs[i][0])),
                     CRET_OK);
        cr_assert_str_eq(text, pairs[i][1]);
        free(text);
    }
    uint8_t in[64];
    for (size_t size = 0; size <= sizeof(in); size++) {
        for (size_t i = 0; i < size; i++) {
            in[i] = (uint8_t)(i * 37 + size * 11);
        }
        char *text = NULL;
        uint8_t *out = NULL;
        size_t got = 99;
        cr_assert_eq(cret_base64_encode(&text, in, size), CRET_OK);
        cr_assert_eq(cret_base64_decode(&out, &got, text), CRET_OK, "%s", text);
        cr_assert_eq(got, size);
        cr_assert(memcmp(in, out, size) == 0);
        free(text);
        free(out);
    }
}

Test(text, times_in_another_form_are_refused)
{
    static const char *const refused[] = {"",
                                          "2026",
                                          "2026-03-31",
                                          "2026-03-31T12:00:00",
                                          "2026-03-31T12:00:00z",
                                          "2026-03-31 12:00:00Z",
                                          "2026-03-31T12:00:00+00:00",
                                          "2026-03-31T12:00:00.0Z",
                                          "2026-3-31T12:00:00Z",
                                          "2026-13-01T00:00:00Z",
                                          "2026-00-01T00:00:00Z",
                                          "2026-02-29T00:00:00Z",
                                          "2100-02-29T00:00:00Z",
                                          "2026-04-31T00:00:00Z",
                                          "2026-01-00T00:00:00Z",
                                          "2026-01-01T24:00:00Z",
                                          "2026-01-01T00:60:00Z",
                                          "2026-12-31T23:59:60Z",
                                          "1969-12-31T23:59:59Z",
                                          "3000-01-01T00:00:00Z",
                                          "2026-03-31T12:00:00ZZ",
                                          " 026-03-31T12:00:00Z",
                                          "-026-03-31T12:00:00Z"};
    int64_t seconds = 42;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_eq(cret_time_parse(&seconds, refused[i]), CRET_FAILED, "%s", refused[i]);
    }
    cr_assert_eq(cret_time_parse(&seconds, NULL), CRET_FAILED);
    cr_assert_eq(seconds, 42);
}

Test(text, times_that_are_known)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } known[] = {{0, "1970-01-01T00:00:00Z"},          {951782400, "2000-02-29T00:00:00Z"},
                 {1709251199, "2024-02-29T23:59:59Z"}, {1774958400, "2026-03-31T12:00:00Z"},
                 {2147483648, "2038-01-19T03:14:08Z"}, {4107542400, "2100-03-01T00:00:00Z"},
                 {32503679999, "2999-12-31T23:59:59Z"}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        char text[32];
        int64_t seconds = -1;
        cret_time_format(text, known[i].seconds);
        cr_assert_str_eq(text, known[i].text);
        cr_assert_eq(cret_time_parse(&seconds, known[i].text), CRET_OK);
        cr_assert_eq(seconds, known[i].seconds, "%s", known[i].text);
    }
}

/* Times that others chose: every one that X.509 can say. */
Test(text, times_of_others)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } known[] = {{-62167219200, "0000-01-01T00:00:00Z"},
                 {-62162035201, "0000-02-29T23:59:59Z"},
                 {-631152000, "1950-01-01T00:00:00Z"},
                 {-1, "1969-12-31T23:59:59Z"},
                 {0, "1970-01-01T00:00:00Z"},
                 {32503680000, "3000-01-01T00:00:00Z"},
                 {253402300799, "9999-12-31T23:59:59Z"}};
    static const char *const none[] = {"10000-01-01T00:00:00Z",
                                       "9999-12-31T23:59:60Z",
                                       "9999-02-29T00:00:00Z",
                                       "1900-02-29T00:00:00Z",
                                       "no end",
                                       "invalid",
                                       "-001-01-01T00:00:00Z",
                                       ""};
    static const int64_t invalid[] = {-62167219201, 253402300800, INT64_MIN, INT64_MAX};
    char text[32];
    int64_t seconds = 42;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        cret_time_format(text, known[i].seconds);
        cr_assert_str_eq(text, known[i].text);
        cr_assert_eq(cret_time_parse_any(&seconds, known[i].text), CRET_OK);
        cr_assert_eq(seconds, known[i].seconds, "%s", known[i].text);
        cret_time_words(text, known[i].seconds);
        cr_assert_str_eq(text, known[i].seconds == 253402300799 ? "no end" : known[i].text);
    }
    seconds = 42;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        cr_assert_eq(cret_time_parse_any(&seconds, none[i]), CRET_FAILED, "%s", none[i]);
    }
    cr_assert_eq(cret_time_parse_any(&seconds, NULL), CRET_FAILED);
    cr_assert_eq(seconds, 42);
    for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        cret_time_format(text, invalid[i]);
        cr_assert_str_eq(text, "invalid");
        cret_time_words(text, invalid[i]);
        cr_assert_str_eq(text, "invalid");
    }
    for (int64_t at = -62167219200 + 43200; at <= 253402300799; at += 13 * 86400) {
        cret_time_format(text, at);
        cr_assert_eq(cret_time_parse_any(&seconds, text), CRET_OK, "%s", text);
        cr_assert_eq(seconds, at, "%s", text);
    }
}

Test(time, as_other_tools_write_it)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        {"2026-03-31T14:00:00+02:00", 1774958400},
        {"2026-03-31 12:00:00Z", 1774958400},
        {"2026-03-31t12:00:00.999z", 1774958400},
        {"2026-03-31T00:30:00-11:30", 1774958400},
        {"1970-01-01T00:00:00Z", 0},
    };
    static const char *const bad[] = {
        "2026-03-31",
        "2026-03-31T12:00:00",
        "2026-03-31T12:00:00.Z",
        "2026-02-30T12:00:00Z",
        "2026-03-31T12:00:60Z",
        "2026-03-31T12:00:00+24:00",
        "2026-03-31T12:00:00+02",
        "2026-03-31T12:00:00+02:60",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "3000-01-01T00:00:00Z",
    };
    int64_t seconds = -7;
    for (size_t i = 0; i < CRET_LENGTH(good); i++) {
        cr_assert_eq(cret_time_read(&seconds, good[i].text), CRET_OK, "%s", good[i].text);
        cr_assert_eq(seconds, good[i].seconds, "%s", good[i].text);
    }
    seconds = -7;
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        cr_assert_eq(cret_time_read(&seconds, bad[i]), CRET_FAILED, "%s", bad[i]);
    }
    cr_assert_eq(cret_time_read(&seconds, NULL), CRET_FAILED);
    cr_assert_eq(seconds, -7);
}

Test(time, date_time_of_a_schema)
{
    static const char *const good[] = {"0001-01-01T00:00:00Z", "2016-12-31T23:59:60Z",
                                       "9999-12-31t23:59:59.5+23:59"};
    static const char *const bad[] = {"2026-03-31 12:00:00Z", "2026-02-29T12:00:00Z",
                                      "2026-03-31T12:00:61Z", "2026-03-31T12:00:00", ""};
    for (size_t i = 0; i < CRET_LENGTH(good); i++) {
        cr_assert(cret_time_is_date_time(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        cr_assert_not(cret_time_is_date_time(bad[i]), "%s", bad[i]);
    }
}

Test(text, every_day_to_the_year_3000_goes_there_and_back)
{
    char before[32] = "";
    for (int64_t seconds = 43200; seconds < CRET_LIMIT_DATE; seconds += 86400) {
        char text[32];
        int64_t parsed = -1;
        cret_time_format(text, seconds);
        cr_assert_gt(strcmp(text, before), 0, "%s after %s", text, before);
        cr_assert_eq(cret_time_parse(&parsed, text), CRET_OK, "%s", text);
        cr_assert_eq(parsed, seconds, "%s", text);
        memcpy(before, text, sizeof(text));
    }
}

Test(text, utf8_that_is_not_well_formed)
{
    static const char *const refused[] = {"\x80",
                                          "\xbf",
                                          "\xc0\x80",
                                          "\xc1\xbf",
                                          "\xc3",
                                          "\xc3(",
                                          "\xe0\x80\x80",
                                          "\xe0\x9f\xbf",
                                          "\xed\xa0\x80",
                                          "\xed\xbf\xbf",
                                          "\xe2\x82",
                                          "\xf0\x80\x80\x80",
                                          "\xf0\x8f\xbf\xbf",
                                          "\xf4\x90\x80\x80",
                                          "\xf5\x80\x80\x80",
                                          "\xff",
                                          "\xfe",
                                          "a\xf0\x9f\x94"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_not(cret_utf8_valid(refused[i], strlen(refused[i])), "%zu", i);
    }
    static const char good[] = "a\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80"
                               "\x80\xf4\x8f\xbf\xbf";
    cr_assert(cret_utf8_valid(good, strlen(good)));
    cr_assert(cret_utf8_valid("", 0));
    cr_assert(cret_utf8_valid("a\0b", 3), "a zero byte is a character");
    cr_assert_not(cret_utf8_valid("\xe2\x82\xac", 2), "the size ends the text");
}

/* A code point as UTF-8; returns its length in bytes. */
static size_t encode(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6) {
        out[i] = (char)(0x80 | (code & 0x3f));
    }
    out[0] = (char)((0xf00u >> length & 0xffu) | code);
    return length;
}

Test(text, every_code_point_is_decoded)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char out[4];
        uint32_t back = ~code;
        if (code >= 0xd800 && code <= 0xdfff) {
            continue;
        }
        size_t length = encode(out, code);
        if (cret_utf8_decode(&back, out, length) != length || back != code) {
            cr_assert_fail("U+%04X", code);
        }
    }
}

/* lesson 24: what could rewrite a terminal or reorder a line is not clean. */
Test(text, controls_and_hidden_characters_are_not_clean)
{
    static const uint32_t hidden[] = {1,      0x07,   0x08,   0x0b,   0x0d,   0x1b,   0x1f,
                                      0x7f,   0x80,   0x9b,   0x9f,   0x61c,  0x200b, 0x200c,
                                      0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e,
                                      0x2060, 0x2066, 0x2069, 0xfeff};
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        char text[8] = "a";
        text[1 + encode(text + 1, hidden[i])] = '\0';
        cr_assert_not(cret_text_clean(text, false), "U+%04X", hidden[i]);
        cr_assert_not(cret_text_clean(text, true), "U+%04X", hidden[i]);
        char *escaped = cret_text_escape(text);
        cr_assert(cret_text_clean(escaped, false), "U+%04X", hidden[i]);
        cr_assert_eq(strncmp(escaped, "a\\x", 3), 0);
        free(escaped);
    }
    cr_assert_not(cret_text_clean("a\nb", false));
    cr_assert_not(cret_text_clean("a\tb", false));
    cr_assert(cret_text_clean("a\nb\tc", true));
    cr_assert_not(cret_text_clean("a\xff", true));
    cr_assert(cret_text_clean("Pr\xc3\xbc"
                              "fung \xe2\x82\xac \xe5\x8f\x96 \xf0\x9f\x94\x92",
                              false));
    cr_assert(cret_text_clean("", false));
}

Test(text, escaping_shows_bytes)
{
    static const char *const pairs[][2] = {
        {"", ""},
        {"plain \xc3\xa4", "plain \xc3\xa4"},
        {"a\nb\tc\rd", "a\\nb\\tc\\x0dd"},
        {"\x1b[2J", "\\x1b[2J"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *escaped = cret_text_escape(pairs[i][0]);
        cr_assert_str_eq(escaped, pairs[i][1]);
        free(escaped);
    }
}

Test(text, buffers_grow_and_stay_terminated)
{
    struct cret_buffer buffer = {0};
    cret_buffer_append(&buffer, "", 0);
    cr_assert_str_eq(buffer.data, "");
    for (int i = 0; i < 1000; i++) {
        cret_buffer_printf(&buffer, "%03d", i);
    }
    cret_buffer_append(&buffer, "a\0b", 3);
    cr_assert_eq(buffer.size, 3003);
    cr_assert_eq(buffer.data[3003], '\0');
    cr_assert_eq(memcmp(buffer.data + 2997, "999a\0b", 6), 0);
    cr_assert_not(buffer.failed);
    cret_buffer_free(&buffer);
    cr_assert_null(buffer.data);
    cret_buffer_free(&buffer);
    cret_buffer_free(NULL);
}

Test(text, a_buffer_that_failed_stays_failed)
{
    struct cret_buffer buffer = {0};
    cret_buffer_append(&buffer, "abc", 3);
    cret_buffer_append(&buffer, "x", SIZE_MAX / 2);
    cr_assert(buffer.failed);
    cret_buffer_append(&buffer, "d", 1);
    cr_assert(buffer.failed);
    cr_assert_eq(buffer.size, 3);
    cret_buffer_free(&buffer);
}

Test(text, printf_allocates)
{
    char *text = cret_text_printf("%s-%d", "a", 5);
    cr_assert_str_eq(text, "a-5");
    free(text);
}
