/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"

static void assert_refused_bytes(const char *text, size_t size, enum cret_json_flavour flavour,
                                 const char *expected)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    cr_assert_eq(cret_json_parse(&json, text, size, flavour, CRET_CHECK_MANIFEST_FORM, &err),
                 CRET_FAILED, "%s", text);
    cr_assert_null(json);
    cr_assert_eq(err.class, CRET_ERR_REFUSED, "%s", text);
    cr_assert_eq(err.check, CRET_CHECK_MANIFEST_FORM, "%s", text);
    cr_assert_not_null(strstr(err.what, expected), "%s: %s", text, err.what);
}

static void assert_refused(const char *text, enum cret_json_flavour flavour, const char *expected)
{
    assert_refused_bytes(text, strlen(text), flavour, expected);
}

static json_t *parse(const char *text, enum cret_json_flavour flavour)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    cr_assert_eq(cret_json_parse(&json, text, strlen(text), flavour, CRET_CHECK_SBOM_FORM, &err),
                 CRET_OK, "%s: %s", text, err.what);
    return json;
}

static void assert_accepted(const char *text, enum cret_json_flavour flavour)
{
    json_t *json = parse(text, flavour);
    json_decref(json);
}

Test(json, what_is_no_json_is_refused_in_both_flavours)
{
    static const char *const refused[] = {"",
                                          " ",
                                          "{",
                                          "}",
                                          "[1,]",
                                          "{\"a\":}",
                                          "{\"a\" 1}",
                                          "{a:1}",
                                          "{'a':1}",
                                          "[1 2]",
                                          "[01]",
                                          "[+1]",
                                          "[.5]",
                                          "[1.]",
                                          "[1e]",
                                          "[-]",
                                          "[0x10]",
                                          "[NaN]",
                                          "[Infinity]",
                                          "[tru]",
                                          "[\"a]",
                                          "[\"\\x\"]",
                                          "[\"\\u12\"]",
                                          "[\"\\ud800\"]",
                                          "[\"\\udc00\\ud800\"]",
                                          "[\"a\nb\"]",
                                          "{} x",
                                          "{}{}",
                                          "{}]",
                                          "[\"a\tb\"]",
                                          "// a\n{}",
                                          "{/**/}",
                                          "\"text\"",
                                          "1",
                                          "null",
                                          "{\"a\":1,}"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_refused(refused[i], CRET_JSON_STRICT, "");
        assert_refused(refused[i], CRET_JSON_FOREIGN, "");
    }
}

Test(json, duplicate_keys_are_refused)
{
    assert_refused("{\"a\":1,\"b\":2,\"a\":1}", CRET_JSON_STRICT, "duplicate");
    assert_refused("[{\"a\":{\"b\":1,\"b\":1}}]", CRET_JSON_FOREIGN, "duplicate");
    assert_refused("{\"a\":1,\"\\u0061\":1}", CRET_JSON_STRICT, "duplicate");
    assert_accepted("{\"a\":{\"a\":1},\"A\":1}", CRET_JSON_STRICT);
}

Test(json, byte_order_mark_zero_bytes_and_bad_utf8_are_refused)
{
    assert_refused("\xef\xbb\xbf{}", CRET_JSON_STRICT, "byte order mark");
    assert_refused_bytes("\xff\xfe{\0}\0", 6, CRET_JSON_STRICT, "UTF-16");
    assert_refused_bytes("{\0}\0", 4, CRET_JSON_FOREIGN, "UTF-16");
    assert_accepted("\xef\xbb\xbf{}", CRET_JSON_FOREIGN);
    assert_refused("\xef\xbb\xbf\xef\xbb\xbf{}", CRET_JSON_FOREIGN, "");
    assert_refused("\xef\xbb\xbf", CRET_JSON_FOREIGN, "");
    assert_refused_bytes("{}\0", 3, CRET_JSON_STRICT, "zero byte");
    assert_refused_bytes("{\0}", 3, CRET_JSON_FOREIGN, "zero byte");
    assert_refused_bytes("[\"a\0b\"]", 7, CRET_JSON_FOREIGN, "");
    assert_refused("[\"a\\u0000b\"]", CRET_JSON_FOREIGN, "");
    assert_refused("{\"a\\u0000b\":1}", CRET_JSON_FOREIGN, "");
    assert_refused("[\"\xc3\"]", CRET_JSON_FOREIGN, "UTF-8");
    assert_refused("[\"\xed\xa0\x80\"]", CRET_JSON_FOREIGN, "UTF-8");
    assert_refused("[\"\xc0\xaf\"]", CRET_JSON_FOREIGN, "UTF-8");
}

Test(json, numbers_of_our_own_formats_are_whole_and_exact)
{
    assert_refused("[1.0]", CRET_JSON_STRICT, "not whole");
    assert_refused("[1e2]", CRET_JSON_STRICT, "not whole");
    assert_refused("[1E2]", CRET_JSON_STRICT, "not whole");
    assert_refused("[-0.0]", CRET_JSON_STRICT, "not whole");
    assert_refused("{\"a\":9007199254740992}", CRET_JSON_STRICT, "too large");
    assert_refused("[-9007199254740992]", CRET_JSON_STRICT, "too large");
    assert_refused("[9223372036854775808]", CRET_JSON_STRICT, "too large");
    assert_refused("[99999999999999999999999999999999]", CRET_JSON_STRICT, "too large");
    assert_accepted("[9007199254740991, -9007199254740991, 0, -0, 12]", CRET_JSON_STRICT);
    assert_accepted("[1.5, 1e2, -0.0]", CRET_JSON_FOREIGN);
    assert_accepted("[\"1.5\", \"1e400\", \"9007199254740992\", \"a -1.5\"]", CRET_JSON_STRICT);
}

/* lesson 10: the depth is known before a recursive parser sees the text. */
Test(json, depth_is_capped)
{
    char text[4 * CRET_LIMIT_JSON_DEPTH + 16] = "";
    for (unsigned i = 0; i < CRET_LIMIT_JSON_DEPTH; i++) {
        strcat(text, "[");
    }
    for (unsigned i = 0; i < CRET_LIMIT_JSON_DEPTH; i++) {
        strcat(text, "]");
    }
    assert_accepted(text, CRET_JSON_STRICT);
    memmove(text + 1, text, strlen(text) + 1);
    strcat(text, "]");
    assert_refused(text, CRET_JSON_STRICT, "too deep");
    assert_accepted(
        "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]",
        CRET_JSON_STRICT);
    assert_accepted(
        "[\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]",
        CRET_JSON_STRICT);
}

Test(json, a_million_brackets_do_not_reach_the_parser)
{
    char *text = malloc(1000000);
    memset(text, '[', 1000000);
    assert_refused_bytes(text, 1000000, CRET_JSON_FOREIGN, "too deep");
    free(text);
}

Test(json, errors_name_line_and_column)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    static const char text[] = "{\n  \"a\": 1,\n  \"b\": 1.5\n}";
    cr_assert_eq(cret_json_parse(&json, text, strlen(text), CRET_JSON_STRICT,
                                 CRET_CHECK_MANIFEST_FORM, &err),
                 CRET_FAILED);
    cr_assert_str_eq(err.where, "line 3, column 8");
    cr_assert_str_eq(err.actual, "1.5");
    static const char bad[] = "{\n  \"a\": 1,\n  b\n}";
    cr_assert_eq(
        cret_json_parse(&json, bad, strlen(bad), CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, &err),
        CRET_FAILED);
    cr_assert_eq(strncmp(err.where, "line 3, ", 8), 0, "%s", err.where);
}

Test(json, the_written_form_is_one)
{
    static const char text[] = "{\n  \"b\": 1,\n  \"a\": [\n    \"\xc3\xa4/\\\"\",\n    true,\n    "
                               "null\n  ],\n  \"e\": {}\n}\n";
    json_t *json = parse(text, CRET_JSON_STRICT);
    char *printed = NULL;
    size_t size = 0;
    cr_assert_eq(cret_json_print(&printed, &size, json, NULL), CRET_OK);
    cr_assert_str_eq(printed, text);
    cr_assert_eq(size, strlen(text));
    free(printed);
    json_decref(json);
}

Test(json, what_indentation_makes_too_large_is_printed_without)
{
    static const char indented[] = "{\n  \"b\": [\n    1,\n    \"x\"\n  ]\n}\n";
    static const char compact[] = "{\"b\":[1,\"x\"]}\n";
    json_t *json = parse(indented, CRET_JSON_STRICT);
    const struct {
        size_t most;
        const char *text;
    } cases[] = {{strlen(indented), indented},
                 {strlen(indented) - 1, compact},
                 {strlen(compact), compact},
                 {0, compact}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *printed = NULL;
        size_t size = 0;
        cr_assert_eq(cret_json_print_within(&printed, &size, json, cases[i].most, NULL), CRET_OK);
        cr_assert_str_eq(printed, cases[i].text, "%zu", i);
        cr_assert_eq(size, strlen(cases[i].text));
        free(printed);
    }
    json_decref(json);
}

Test(json, pointers_are_escaped)
{
    struct cret_buffer pointer = {0};
    cret_json_pointer_push(&pointer, "a/b~c");
    cret_json_pointer_push_index(&pointer, 12);
    cret_json_pointer_push(&pointer, "");
    cr_assert_str_eq(pointer.data, "/a~1b~0c/12/");
    cret_buffer_free(&pointer);
}

Test(json, lookups_never_fail)
{
    json_t *json =
        parse("{\"a\":{\"b\":{\"s\":\"x\",\"i\":5,\"t\":true}},\"l\":[1]}", CRET_JSON_STRICT);
    cr_assert_str_eq(cret_json_string(json, "a.b.s"), "x");
    cr_assert_eq(cret_json_integer(json, "a.b.i", -1), 5);
    cr_assert(cret_json_boolean(json, "a.b.t", false));
    cr_assert_null(cret_json_string(json, "a.b.i"), "another type");
    cr_assert_eq(cret_json_integer(json, "a.b.s", -1), -1);
    cr_assert_not(cret_json_boolean(json, "a.b.i", false));
    cr_assert(cret_json_boolean(json, "a.b.none", true));
    cr_assert_null(cret_json_string(json, "a.none.s"));
    cr_assert_null(cret_json_string(json, "l.0"));
    cr_assert_null(cret_json_string(json, "a.b.s.x"));
    cr_assert_null(cret_json_string(json, ""));
    cr_assert_null(cret_json_get(NULL, "a"));
    cr_assert_eq(cret_json_get(json, "l"), json_object_get(json, "l"));
    json_decref(json);
}

static json_t *element(void *context, size_t index)
{
    const size_t *base = context;
    return json_pack("{s:s, s:[i], s:{}}", "name", "line\nbreak, \"list\": []", "value",
                     (int)(*base + index), "empty");
}

/* A tree with a list of `count` elements at members.list, or with the list left empty. */
static json_t *tree(size_t count)
{
    size_t base = 7;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(json_array_append_new(list, element(&base, i)), 0);
    }
    /* Values and deeper keys that look like the list. */
    return json_pack("{s:s, s:{s:{s:[]}, s:o, s:i}, s:[]}", "text", "\n    \"list\": []", "members",
                     "deeper", "list", "list", list, "after", 1, "end");
}

Test(json, a_list_printed_piece_by_piece_is_as_from_a_tree)
{
    for (size_t count = 0; count < 4; count++) {
        size_t base = 7;
        const struct cret_json_list list = {
            .key = "list", .depth = 1, .count = count, .element = element, .context = &base};
        json_t *whole = tree(count), *rest = tree(0);
        char *expected = NULL, *printed = NULL;
        size_t expected_size = 0, size = 0;
        cr_assert_eq(cret_json_print(&expected, &expected_size, whole, NULL), CRET_OK);
        cr_assert_eq(cret_json_print_list(&printed, &size, rest, &list, NULL), CRET_OK);
        cr_assert_eq(size, expected_size);
        cr_assert_str_eq(printed, expected);
        free(expected);
        free(printed);
        json_decref(whole);
        json_decref(rest);
    }
}

Test(json, a_list_needs_its_one_empty_place)
{
    size_t base = 0;
    struct cret_err err;
    char *printed = NULL;
    size_t size = 0;
    const struct cret_json_list list = {
        .key = "list", .depth = 1, .count = 1, .element = element, .context = &base};
    json_t *none = json_pack("{s:{s:[i]}}", "a", "list", 1);
    json_t *two = json_pack("{s:{s:[]}, s:{s:[]}}", "a", "list", "b", "list");
    cret_err_clear(&err);
    cr_assert_neq(cret_json_print_list(&printed, &size, none, &list, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cret_err_clear(&err);
    cr_assert_neq(cret_json_print_list(&printed, &size, two, &list, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    json_decref(none);
    json_decref(two);
}
