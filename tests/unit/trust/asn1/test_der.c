/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "trust/asn1/der.h"

static struct cret_der begin(const uint8_t *data, size_t size, struct cret_err *err)
{
    cret_err_clear(err);
    return cret_der_begin(data, size, "object", CRET_CHECK_SIGNATURE_FORM, err);
}

struct row {
    const char *why;
    size_t size;
    uint8_t bytes[16];
};

/* What cret_der_check_tree must refuse. */
static const struct row refused[] = {
    {"empty", 0, {0}},
    {"tag only", 1, {0x04}},
    {"content is missing", 3, {0x04, 0x02, 0x01}},
    {"indefinite length", 4, {0x30, 0x80, 0x00, 0x00}},
    {"length not minimal: 0x81 below 128", 4, {0x04, 0x81, 0x01, 0x00}},
    {"length not minimal: leading zero", 5, {0x04, 0x82, 0x00, 0x01, 0x00}},
    {"length of length 0xff", 4, {0x04, 0xff, 0x01, 0x00}},
    {"length of five octets", 8, {0x04, 0x85, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00}},
    {"length beyond the end", 6, {0x04, 0x84, 0xff, 0xff, 0xff, 0xff}},
    {"header cut in the length", 3, {0x04, 0x82, 0x01}},
    {"tag of several octets", 4, {0x1f, 0x81, 0x01, 0x00}},
    {"context tag of several octets", 4, {0xbf, 0x81, 0x01, 0x00}},
    {"context tag 31", 3, {0x9f, 0x01, 0x00}},
    {"length of nine octets", 11, {0x04, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    {"end-of-contents", 2, {0x00, 0x00}},
    {"constructed octet string", 4, {0x24, 0x02, 0x04, 0x00}},
    {"primitive sequence", 2, {0x10, 0x00}},
    {"primitive set", 2, {0x11, 0x00}},
    {"boolean 1", 3, {0x01, 0x01, 0x01}},
    {"boolean of two octets", 4, {0x01, 0x02, 0xff, 0xff}},
    {"integer without content", 2, {0x02, 0x00}},
    {"integer without content, before one", 7, {0x30, 0x05, 0x02, 0x00, 0x02, 0x01, 0x01}},
    {"integer not minimal", 4, {0x02, 0x02, 0x00, 0x7f}},
    {"negative integer not minimal", 4, {0x02, 0x02, 0xff, 0x80}},
    {"null with content", 3, {0x05, 0x01, 0x00}},
    {"object identifier empty", 2, {0x06, 0x00}},
    {"object identifier with padding", 4, {0x06, 0x02, 0x80, 0x01}},
    {"object identifier without end", 4, {0x06, 0x02, 0x2a, 0x86}},
    {"bit string empty", 2, {0x03, 0x00}},
    {"bit string with eight unused bits", 4, {0x03, 0x02, 0x08, 0x00}},
    {"bit string with unused bits set", 4, {0x03, 0x02, 0x01, 0x01}},
    {"bit string of unused bits only", 3, {0x03, 0x01, 0x01}},
    {"set out of order", 8, {0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01}},
    {"set with the same twice", 8, {0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}},
    {"inner element beyond its parent", 5, {0x30, 0x03, 0x04, 0x02, 0x00}},
};

Test(der, refuses_what_is_not_der)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct cret_err err;
        struct cret_der der = begin(refused[i].bytes, refused[i].size, &err);
        cr_expect_neq(cret_der_check_tree(&der, "it"), CRET_OK, "%s", refused[i].why);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", refused[i].why);
        cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_FORM);
        cr_expect_neq(err.where[0], '\0');
    }
}

/* Each of these would be refused for something else too. */
Test(der, says_what_is_wrong_with_a_header)
{
    static const struct row headers[] = {
        {"ends where it should be", 0, {0x00}},
        {"uses the indefinite length form", 4, {0x30, 0x80, 0x00, 0x00}},
        {"does not write the length of it in the shortest way", 4, {0x04, 0x82, 0x00, 0x80}},
        {"has a length of 5 octets", 8, {0x04, 0x85, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00}},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct cret_err err;
        struct cret_der der = begin(headers[i].bytes, headers[i].size, &err);
        cr_expect_neq(cret_der_check_tree(&der, "it"), CRET_OK);
        cr_expect_not_null(strstr(err.what, headers[i].why), "%s", err.what);
    }
}

static const struct row accepted[] = {
    {"null", 2, {0x05, 0x00}},
    {"boolean", 3, {0x01, 0x01, 0xff}},
    {"zero", 3, {0x02, 0x01, 0x00}},
    {"128", 4, {0x02, 0x02, 0x00, 0x80}},
    {"minus one", 3, {0x02, 0x01, 0xff}},
    {"empty sequence", 2, {0x30, 0x00}},
    {"set in order", 8, {0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02}},
    {"sequence in any order", 8, {0x30, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01}},
    {"bit string", 4, {0x03, 0x02, 0x01, 0x02}},
    {"empty bit string", 3, {0x03, 0x01, 0x00}},
    {"context primitive", 3, {0x80, 0x01, 0x00}},
};

Test(der, accepts_der)
{
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        struct cret_err err;
        struct cret_der der = begin(accepted[i].bytes, accepted[i].size, &err);
        cr_expect_eq(cret_der_check_tree(&der, "it"), CRET_OK, "%s: %s", accepted[i].why, err.what);
        cr_expect_eq(cret_der_end(&der, "it"), CRET_OK);
    }
}

Test(der, long_lengths_are_minimal_and_exact)
{
    static uint8_t bytes[300] = {0x04, 0x81, 0x80};
    struct cret_err err;
    struct cret_der_element element;
    struct cret_der der = begin(bytes, 3 + 128, &err);
    cr_assert_eq(cret_der_any(&der, "it", &element), CRET_OK);
    cr_assert_eq(element.content.size, 128);
    cr_assert_eq(cret_der_end(&der, "it"), CRET_OK);
    der = begin(bytes, 3 + 129, &err);
    cr_assert_eq(cret_der_any(&der, "it", &element), CRET_OK);
    cr_assert_neq(cret_der_end(&der, "it"), CRET_OK, "one byte too many");
    const uint8_t two[] = {0x04, 0x82, 0x01, 0x00};
    memcpy(bytes, two, sizeof(two));
    der = begin(bytes, 4 + 256, &err);
    cr_assert_eq(cret_der_any(&der, "it", &element), CRET_OK);
    cr_assert_eq(element.content.size, 256);
}

Test(der, nesting_is_bounded)
{
    uint8_t bytes[2 * (CRET_DER_DEPTH + 3)];
    struct cret_err err;
    for (unsigned depth = CRET_DER_DEPTH; depth < CRET_DER_DEPTH + 3; depth++) {
        for (unsigned i = 0; i < depth; i++) {
            bytes[2 * i] = 0x30;
            bytes[2 * i + 1] = (uint8_t)(2 * (depth - 1 - i));
        }
        struct cret_der der = begin(bytes, 2 * (size_t)depth, &err);
        cr_expect_eq(cret_der_check_tree(&der, "it"),
                     depth <= CRET_DER_DEPTH ? CRET_OK : CRET_FAILED, "%u", depth);
    }
}

Test(der, unsigned_numbers)
{
    static const struct {
        struct row row;
        enum cret_status status;
        size_t magnitude;
    } rows[] = {
        {{"zero", 3, {0x02, 0x01, 0x00}}, CRET_OK, 0},
        {{"one", 3, {0x02, 0x01, 0x01}}, CRET_OK, 1},
        {{"with sign octet", 4, {0x02, 0x02, 0x00, 0xff}}, CRET_OK, 1},
        {{"negative", 3, {0x02, 0x01, 0x80}}, CRET_FAILED, 0},
        {{"padded", 4, {0x02, 0x02, 0x00, 0x01}}, CRET_FAILED, 0},
        {{"not an integer", 3, {0x04, 0x01, 0x01}}, CRET_FAILED, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_err err;
        struct cret_bytes magnitude = {NULL, 99}, whole;
        struct cret_der der = begin(rows[i].row.bytes, rows[i].row.size, &err);
        cr_expect_eq(cret_der_unsigned(&der, "n", &magnitude, &whole), rows[i].status, "%s",
                     rows[i].row.why);
        if (rows[i].status == CRET_OK) {
            cr_expect_eq(magnitude.size, rows[i].magnitude, "%s", rows[i].row.why);
            cr_expect_eq(whole.size, rows[i].row.size);
        }
    }
}

struct time_row {
    uint8_t tag;
    const char *text;
    bool good;
    int64_t seconds;
};

static const struct time_row times[] = {
    {0x17, "700101000000Z", true, 0},
    {0x17, "500101000000Z", true, -631152000},
    {0x17, "491231235959Z", true, 2524607999},
    {0x17, "000229120000Z", true, 951825600},
    {0x17, "261123090807Z", true, 1795424887},
    {0x18, "20500101000000Z", true, 2524608000},
    {0x18, "99991231235959Z", true, 253402300799},
    {0x17, "010229000000Z", false, 0},   /* not a leap year */
    {0x18, "21000229000000Z", false, 0}, /* nor is 2100 */
    {0x17, "701301000000Z", false, 0},
    {0x17, "700001000000Z", false, 0},
    {0x17, "700100000000Z", false, 0},
    {0x17, "700431000000Z", false, 0},
    {0x17, "700101240000Z", false, 0},
    {0x17, "700101006000Z", false, 0},
    {0x17, "700101000060Z", false, 0},
    {0x17, "7001010000Z", false, 0},       /* no seconds */
    {0x17, "700101000000+0000", false, 0}, /* not UTC's one form */
    {0x17, "700101000000", false, 0},
    {0x17, "70010100000aZ", false, 0},
    {0x18, "20491231235959Z", true, 2524607999ll}, /* RFC 5280 wants UTCTime; some write this */
    {0x18, "19700101000000Z", true, 0},
    {0x18, "20500101000000.5Z", false, 0},
    {0x17, "20500101000000Z", false, 0}, /* the other one's text */
    {0x18, "500101000000Z", false, 0},
    {0x04, "700101000000Z", false, 0},
};

Test(der, times)
{
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        uint8_t bytes[32] = {times[i].tag, (uint8_t)strlen(times[i].text)};
        struct cret_err err;
        int64_t seconds = 42;
        memcpy(bytes + 2, times[i].text, strlen(times[i].text));
        struct cret_der der = begin(bytes, 2 + strlen(times[i].text), &err);
        const enum cret_status status = cret_der_time(&der, "time", &seconds);
        cr_expect_eq(status, times[i].good ? CRET_OK : CRET_FAILED, "%s", times[i].text);
        if (times[i].good) {
            cr_expect_eq(seconds, times[i].seconds, "%s: %lld", times[i].text, (long long)seconds);
        }
    }
}

Test(der, object_identifiers)
{
    static const struct row bad[] = {{"padded", 4, {0x06, 0x02, 0x80, 0x01}},
                                     {"empty", 2, {0x06, 0x00}},
                                     {"without end", 4, {0x06, 0x02, 0x2a, 0x86}},
                                     {"another type", 3, {0x04, 0x01, 0x2a}}};
    static const uint8_t good[] = {0x06, 0x03, 0x55, 0x04, 0x03};
    struct cret_bytes oid = {NULL, 0};
    struct cret_err err;
    struct cret_der der = begin(good, sizeof(good), &err);
    cr_assert_eq(cret_der_oid(&der, "it", &oid), CRET_OK);
    cr_assert_eq(oid.size, 3);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        der = begin(bad[i].bytes, bad[i].size, &err);
        cr_expect_neq(cret_der_oid(&der, "it", &oid), CRET_OK, "%s", bad[i].why);
    }
}

Test(der, errors_say_where)
{
    static const uint8_t bytes[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02};
    struct cret_err err;
    struct cret_der der = begin(bytes, sizeof(bytes), &err), inner;
    cr_assert_eq(cret_der_enter(&der, CRET_DER_SEQUENCE, "outer", &inner), CRET_OK);
    cr_assert_eq(cret_der_number(&inner, "first", 1), CRET_OK);
    cr_assert_neq(cret_der_number(&inner, "second", 1), CRET_OK);
    cr_assert_str_eq(err.where, "byte 5 of the object");
    cr_assert_str_eq(err.expected, "1");
}

Test(der, every_prefix_of_random_bytes_is_walked_safely)
{
    /* A fixed pseudo-random stream; the sanitizers watch. */
    uint32_t state = 1;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[24];
        struct cret_err err;
        for (size_t i = 0; i < sizeof(bytes); i++) {
            state = state * 1664525u + 1013904223u;
            bytes[i] = (uint8_t)(state >> 24);
            if (i % 2 == 0) {
                bytes[i] = (uint8_t)(bytes[i] & 0x3fu);
            } else {
                bytes[i] = (uint8_t)(bytes[i] % 22u);
            }
        }
        struct cret_der der = begin(bytes, 1 + round % sizeof(bytes), &err);
        if (cret_der_check_tree(&der, "it") == CRET_OK) {
            cr_assert_leq((uintptr_t)der.next, (uintptr_t)der.end);
        }
    }
}

Test(der, takes_no_other_value_and_no_other_form)
{
    static const uint8_t null[] = {0x05, 0x00}, one[] = {0x02, 0x01, 0x01},
                         long_one[] = {0x02, 0x02, 0x01, 0x01};
    struct cret_err err;
    struct cret_der der = begin(null, sizeof(null), &err);
    cr_expect_eq(cret_der_exact(&der, "it", (struct cret_bytes){null, sizeof(null)}), CRET_OK);
    der = begin(null, sizeof(null), &err);
    cr_expect_neq(cret_der_exact(&der, "it", (struct cret_bytes){one, sizeof(one)}), CRET_OK);
    der = begin(one, sizeof(one), &err);
    cr_expect_eq(cret_der_number(&der, "it", 1), CRET_OK);
    der = begin(long_one, sizeof(long_one), &err);
    cr_expect_neq(cret_der_number(&der, "it", 1), CRET_OK, "257 begins with 1");
}

Test(der, takes_no_time_with_something_else_in_it)
{
    static const char *const malformed[] = {"2601010000000Z", "260101000000A", "26011/000000Z"};
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        uint8_t bytes[32] = {0x17, (uint8_t)strlen(malformed[i])};
        struct cret_err err;
        int64_t seconds = 0;
        memcpy(bytes + 2, malformed[i], strlen(malformed[i]));
        struct cret_der der = begin(bytes, 2 + strlen(malformed[i]), &err);
        cr_expect_neq(cret_der_time(&der, "time", &seconds), CRET_OK, "%s", malformed[i]);
    }
}

Test(der, takes_fractions_of_seconds_in_their_one_form)
{
    static const struct {
        const char *text;
        bool good, fraction;
    } rows[] = {{"20260101000000Z", true, false},    {"20260101000000.5Z", true, true},
                {"20260101000000.05Z", true, true},  {"20260101000000.50Z", false, false},
                {"20260101000000.Z", false, false},  {"20260101000000,5Z", false, false},
                {"20260101000000.aZ", false, false}, {"20260101000000.5", false, false},
                {"20261301000000.5Z", false, false}, {"20260101000000.", false, false},
                {"2026010100000Z", false, false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t size = strlen(rows[i].text);
        uint8_t bytes[40] = {0x18, (uint8_t)size};
        int64_t seconds = 0;
        bool fraction = false;
        struct cret_err err = {0};
        memcpy(bytes + 2, rows[i].text, size);
        struct cret_der der = begin(bytes, 2 + size, &err);
        const enum cret_status status =
            cret_der_generalized_time(&der, "time", &seconds, &fraction);
        cr_expect_eq(status == CRET_OK, rows[i].good, "%s", rows[i].text);
        cr_expect_eq(fraction, rows[i].fraction, "%s", rows[i].text);
        cr_expect(rows[i].good || strstr(err.what, "has a malformed time as time") != NULL,
                  "%s: %s", rows[i].text, err.what);
    }
}
