/* SPDX-License-Identifier: Apache-2.0 */
/* Building JSON: one failure spoils the whole, and is asked once. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/json_build.h"

static const uint8_t digest[32] = {0xab, [31] = 0x01};

static void expect_text(json_t *json, const char *text)
{
    cr_assert_not_null(json);
    char *made = json_dumps(json, JSON_COMPACT);
    cr_expect_str_eq(made, text);
    free(made);
    json_decref(json);
}

Test(json_build, members_in_their_order)
{
    json_t *shared = json_integer(7);
    struct cret_build object = cret_build_object(), list = cret_build_list();
    cret_build_string(&object, "string", "a\"b");
    cret_build_text(&object, "text", "a\x1b[31m");
    cret_build_escaped(&object, "escaped", "\x01");
    cret_build_integer(&object, "integer", -5);
    cret_build_boolean(&object, "no", false);
    cret_build_flag(&object, "flag", true);
    cret_build_time(&object, "time", 0);
    cret_build_share(&object, "shared", shared);
    cret_build_add(&list, json_true());
    cret_build_put(&object, "list", cret_build_end(&list));
    json_decref(shared);
    expect_text(cret_build_end(&object),
                "{\"string\":\"a\\\"b\",\"text\":\"a\\\\x1b[31m\",\"escaped\":\"\\\\x01\","
                "\"integer\":-5,\"no\":false,\"flag\":true,\"time\":\"1970-01-01T00:00:00Z\","
                "\"shared\":7,\"list\":[true]}");
}

Test(json_build, what_is_not_known_is_left_out)
{
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "a", NULL);
    cret_build_text(&object, "b", NULL);
    cret_build_escaped(&object, "c", NULL);
    cret_build_sha256(&object, "d", NULL);
    cret_build_share(&object, "e", NULL);
    cret_build_put(&object, "f", json_null());
    cret_build_flag(&object, "g", false);
    expect_text(cret_build_end(&object), "{}");
}

Test(json_build, digests_are_hex)
{
    struct cret_build object = cret_build_object();
    cret_build_sha256(&object, "d", digest);
    expect_text(cret_build_end(&object),
                "{\"d\":\"ab00000000000000000000000000000000000000000000000000000000000001\"}");
}

/* Whatever comes after it: what could not be made is not left out silently. */
Test(json_build, one_failure_spoils_the_whole)
{
    struct cret_err err;
    for (int way = 0; way < 6; way++) {
        struct cret_build object = way == 5 ? cret_build_on(NULL) : cret_build_object();
        struct cret_build inner = cret_build_list();
        json_t *json = NULL;
        cret_err_clear(&err);
        if (way == 0) {
            cret_build_put(&object, "a", NULL);
        } else if (way == 1) {
            cret_build_string(&object, "a", "\xff"); /* no UTF-8 */
        } else if (way == 2) {
            cret_build_put(&object, "\xff", json_true());
        } else if (way == 3) {
            cret_build_add(&inner, NULL);
        } else if (way == 4) {
            cret_build_add(&object, json_true()); /* no list */
        }
        cret_build_put(&object, "inner", cret_build_end(&inner));
        cret_build_string(&object, "after", "good");
        cr_expect_eq(cret_build_take(&json, &object, &err), CRET_FAILED, "way %d", way);
        cr_expect_null(json);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "way %d", way);
        cr_expect_null(cret_build_end(&object), "nothing is left to be taken");
    }
}

Test(json_build, what_was_built_is_taken_once)
{
    struct cret_build object = cret_build_object();
    json_t *json = NULL;
    cret_build_flag(&object, "a", true);
    cr_assert_eq(cret_build_take(&json, &object, NULL), CRET_OK);
    cr_assert_null(cret_build_end(&object));
    expect_text(json, "{\"a\":true}");
}

Test(json_build, it_goes_on_with_what_was_made)
{
    struct cret_build object = cret_build_on(json_pack("{s:i}", "a", 1));
    cret_build_integer(&object, "b", 2);
    expect_text(cret_build_end(&object), "{\"a\":1,\"b\":2}");
}
