/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/optional.h"

static json_t *object(const char *text)
{
    json_t *json = NULL;
    cr_assert_eq(
        cret_json_parse(&json, text, strlen(text), CRET_JSON_STRICT, CRET_CHECK_NONE, NULL),
        CRET_OK);
    return json;
}

/* Whatever is there is given: the first second of 1970 and zero as well. */
static bool same(struct cret_optional one, struct cret_optional other)
{
    return one.given == other.given && (!one.given || one.value == other.value);
}

Test(optional, what_is_there_is_given)
{
    static const struct {
        const char *text;
        bool good, given;
        int64_t value;
    } rows[] = {
        {"{}", true, false, 0},
        {"{\"a\": {\"t\": \"1970-01-01T00:00:00Z\", \"n\": 0}}", true, true, 0},
        {"{\"a\": {\"t\": \"1970-01-01T00:00:01Z\", \"n\": 1}}", true, true, 1},
        {"{\"a\": {\"t\": \"tba\", \"n\": \"1\"}}", false, false, 0},
        {"{\"a\": {\"t\": 0, \"n\": true}}", false, false, 0},
        {"{\"a\": {\"t\": {}, \"n\": []}}", false, false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *json = object(rows[i].text);
        struct cret_optional time = {true, 77}, number = {true, 77};
        cr_expect_eq(cret_optional_time(&time, json, "a.t") == CRET_OK, rows[i].good, "%zu", i);
        cr_expect_eq(cret_optional_number(&number, json, "a.n") == CRET_OK, rows[i].good, "%zu", i);
        const struct cret_optional wanted = {rows[i].good ? rows[i].given : true,
                                             rows[i].good ? rows[i].value : 77};
        cr_expect(same(time, wanted), "%zu", i);
        cr_expect(same(number, wanted), "%zu", i);
        json_decref(json);
    }
}

Test(optional, ends_and_least_values)
{
    const struct cret_optional none = {.given = false}, zero = cret_optional_of(0),
                               one = cret_optional_of(1), below = cret_optional_of(-1);
    cr_expect_not(cret_optional_past(none, INT64_MAX));
    cr_expect_not(cret_optional_past(zero, 0));
    cr_expect(cret_optional_past(zero, 1));
    cr_expect(cret_optional_past(below, 0));
    cr_expect_not(cret_optional_below(none, INT64_MIN));
    cr_expect(cret_optional_below(zero, -1));
    cr_expect_not(cret_optional_below(zero, 0));
    /* Of two ends; none lets everything pass. */
    cr_expect(cret_optional_within(zero, none) && cret_optional_within(none, none));
    cr_expect(cret_optional_within(zero, one) && cret_optional_within(zero, zero));
    cr_expect_not(cret_optional_within(none, zero));
    cr_expect_not(cret_optional_within(one, zero));
    cr_expect(same(cret_optional_greater(none, zero), zero));
    cr_expect(same(cret_optional_greater(zero, none), zero));
    cr_expect(same(cret_optional_greater(below, zero), zero));
    cr_expect(same(cret_optional_greater(one, zero), one));
    cr_expect_not(same(none, zero));
}
