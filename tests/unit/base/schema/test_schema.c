/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/schema.h"
#include "base/text/json.h"

static const char *const colours[] = {"red", "green", NULL};
static const char *const purposes[] = {"example/1", NULL};

static const struct cret_field inner_fields[] = {
    {.name = "id",
     .kind = CRET_KIND_STRING,
     .flags = CRET_REQUIRED,
     .format = CRET_FORMAT_TOKEN,
     .description = "Identifier."},
    {.name = "version", .kind = CRET_KIND_STRING, .format = CRET_FORMAT_LINE, .maximum = 10},
    {.name = NULL},
};

static const struct cret_field fields[] = {
    {.name = "cretula",
     .kind = CRET_KIND_STRING,
     .flags = CRET_GENERATED_REQUIRED,
     .format = CRET_FORMAT_ENUM,
     .values = purposes,
     .description = "Purpose."},
    {.name = "name",
     .kind = CRET_KIND_STRING,
     .flags = CRET_REQUIRED,
     .format = CRET_FORMAT_LINE,
     .minimum = 2,
     .description = "Name of it."},
    {.name = "sequence", .kind = CRET_KIND_INTEGER, .minimum = 1, .maximum = 10},
    {.name = "count", .kind = CRET_KIND_INTEGER},
    {.name = "offset", .kind = CRET_KIND_INTEGER, .minimum = -5, .maximum = 5},
    {.name = "active", .kind = CRET_KIND_BOOLEAN},
    {.name = "colour", .kind = CRET_KIND_STRING, .format = CRET_FORMAT_ENUM, .values = colours},
    {.name = "inner", .kind = CRET_KIND_OBJECT, .fields = inner_fields},
    {.name = "list", .kind = CRET_KIND_OBJECTS, .maximum = 3, .fields = inner_fields},
    {.name = "some", .kind = CRET_KIND_OBJECTS, .minimum = 1, .fields = inner_fields},
    {.name = "words", .kind = CRET_KIND_STRINGS, .format = CRET_FORMAT_TOKEN},
    {.name = "colours", .kind = CRET_KIND_STRINGS, .format = CRET_FORMAT_ENUM, .values = colours},
    {.name = "title", .kind = CRET_KIND_MAP, .format = CRET_FORMAT_LANGUAGE, .minimum = 1},
    {.name = "by", .kind = CRET_KIND_MAP, .format = CRET_FORMAT_TOKEN, .fields = inner_fields},
    {.name = "levels", .kind = CRET_KIND_MAP, .format = CRET_FORMAT_TOKEN, .values = colours},
    {.name = "date",
     .kind = CRET_KIND_STRING,
     .flags = CRET_DEFAULTED,
     .format = CRET_FORMAT_DATE_TIME},
    {.name = "source",
     .kind = CRET_KIND_STRING,
     .flags = CRET_DESCRIPTION_ONLY,
     .format = CRET_FORMAT_LINE},
    {.name = "extensions", .kind = CRET_KIND_OPEN},
    {.name = NULL},
};

#define BASE "\"cretula\":\"example/1\",\"name\":\"it\",\"date\":\"2026-03-31T12:00:00Z\""

static json_t *parse(const char *text)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    cr_assert_eq(cret_json_parse(&json, text, strlen(text), CRET_JSON_FOREIGN,
                                 CRET_CHECK_MANIFEST_FORM, &err),
                 CRET_OK, "%s: %s", text, err.what);
    return json;
}

static void assert_valid(const char *text, enum cret_schema_side side)
{
    json_t *json = parse(text);
    struct cret_findings *findings = cret_findings_new();
    enum cret_status status =
        cret_schema_validate(fields, json, side, CRET_CHECK_MANIFEST_FORM, findings);
    cr_assert_eq(cret_findings_count(findings), 0, "%s: %s at %s", text,
                 cret_findings_at(findings, 0)->reason, cret_findings_at(findings, 0)->where);
    cr_assert_eq(status, CRET_OK);
    cret_findings_free(&findings);
    json_decref(json);
}

/* Exactly one deviation, at that place, with these words in reason, expected and hint. */
static void assert_deviation(const char *text, enum cret_schema_side side, const char *where,
                             const char *reason, const char *expected, const char *hint)
{
    json_t *json = parse(text);
    struct cret_findings *findings = cret_findings_new();
    cr_assert_eq(cret_schema_validate(fields, json, side, CRET_CHECK_MANIFEST_FORM, findings),
                 CRET_FAILED, "%s", text);
    cr_assert_eq(cret_findings_count(findings), 1, "%s: %zu", text, cret_findings_count(findings));
    const struct cret_finding *finding = cret_findings_at(findings, 0);
    cr_assert_eq(finding->result, CRET_RESULT_FAIL);
    cr_assert_eq(finding->check, CRET_CHECK_MANIFEST_FORM);
    cr_assert_str_eq(finding->where, where, "%s: %s", text, finding->where);
    cr_assert_not_null(strstr(finding->reason, reason), "%s: %s", text, finding->reason);
    if (expected != NULL) {
        cr_assert_not_null(strstr(finding->expected, expected), "%s: %s", text, finding->expected);
    }
    if (hint == NULL) {
        cr_assert_null(finding->hint, "%s: %s", text, finding->hint);
    } else {
        cr_assert_str_eq(finding->hint, hint, "%s", text);
    }
    cret_findings_free(&findings);
    json_decref(json);
}

Test(schema, values_of_the_wrong_kind_form_or_size)
{
    static const struct {
        const char *member, *where, *reason, *expected, *hint;
    } rows[] = {
        {"\"sequence\":\"5\"", "#/sequence", "wrong type", "a whole number", NULL},
        {"\"sequence\":5.0", "#/sequence", "wrong type", "a whole number", NULL},
        {"\"sequence\":null", "#/sequence", "wrong type", "a whole number", NULL},
        {"\"sequence\":0", "#/sequence", "out of range", "1 to 10", NULL},
        {"\"sequence\":11", "#/sequence", "out of range", "1 to 10", NULL},
        {"\"count\":-1", "#/count", "out of range", "0 to 9007199254740991", NULL},
        {"\"count\":9007199254740992", "#/count", "out of range", "0 to", NULL},
        {"\"offset\":-6", "#/offset", "out of range", "-5 to 5", NULL},
        {"\"active\":1", "#/active", "wrong type", "true or false", NULL},
        {"\"active\":\"true\"", "#/active", "wrong type", "true or false", NULL},
        {"\"colour\":\"gren\"", "#/colour", "none of those", "red, green", "did you mean 'green'?"},
        {"\"colour\":\"Red\"", "#/colour", "none of those", "red, green", "did you mean 'red'?"},
        {"\"colour\":\"zzzz\"", "#/colour", "none of those", "red, green", NULL},
        {"\"colour\":[]", "#/colour", "wrong type", "a text", NULL},
        {"\"inner\":[]", "#/inner", "wrong type", "an object", NULL},
        {"\"inner\":{}", "#/inner/id", "'id' is missing", "Identifier.", NULL},
        {"\"inner\":{\"id\":\"a b\"}", "#/inner/id", "wrong form", "letters", NULL},
        {"\"inner\":{\"id\":5}", "#/inner/id", "wrong type", "a text", "put it in quotation marks"},
        {"\"inner\":{\"id\":\"a\",\"version\":\"12345678901\"}", "#/inner/version", "too long",
         "0 to 10 bytes", NULL},
        {"\"inner\":{\"id\":\"a\",\"versoin\":\"1\"}", "#/inner/versoin", "'versoin' is unknown",
         "id, version", "did you mean 'version'?"},
        {"\"list\":{}", "#/list", "wrong type", "a list", NULL},
        {"\"list\":[{\"id\":\"a\"},5]", "#/list/1", "wrong type", "an object", NULL},
        {"\"list\":[{\"id\":\"a\"},{}]", "#/list/1/id", "missing", NULL, NULL},
        {"\"list\":[{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"a\"}]", "#/list",
         "number of entries", "0 to 3 entries", NULL},
        {"\"some\":[]", "#/some", "number of entries", "1 to 10000 entries", NULL},
        {"\"words\":\"a\"", "#/words", "wrong type", "a list", NULL},
        {"\"words\":[\"a\",\"\"]", "#/words/1", "wrong form", "letters", NULL},
        {"\"words\":[null]", "#/words/0", "wrong type", "a text", NULL},
        {"\"colours\":[\"red\",\"blue\"]", "#/colours/1", "none of those", "red, green", NULL},
        {"\"title\":{}", "#/title", "number of entries", "1 to", NULL},
        {"\"title\":{\"d\":\"x\"}", "#/title/d", "key has the wrong form", "language", NULL},
        {"\"title\":{\"de\":\"\"}", "#/title/de", "wrong form", "text", NULL},
        {"\"title\":{\"de\":1}", "#/title/de", "wrong type", "a text", "put it in quotation marks"},
        {"\"by\":{\"a/b\":{\"id\":\"a\"}}", "#/by/a~1b", "key has the wrong form", "letters", NULL},
        {"\"by\":{\"a\":\"b\"}", "#/by/a", "wrong type", "an object", NULL},
        {"\"levels\":{\"a\":\"blue\"}", "#/levels/a", "none of those", "red, green", NULL},
        {"\"extensions\":[]", "#/extensions", "wrong type", "an object", NULL},
        {"\"extensions\":{\"a\":1}", "#/extensions/a", "key has the wrong form", "URI", NULL},
        {"\"Cretula2\":1", "#/Cretula2", "unknown", "cretula, name", "did you mean 'cretula'?"},
        {"\"zzzzzz\":1", "#/zzzzzz", "unknown", "cretula, name", NULL},
        {"\"version\":\"1\"", "#/version", "unknown", NULL, "did you mean 'inner.version'?"},
        {"\"source\":\"a\"", "#/source", "not allowed here", NULL,
         "this field belongs into a release description only"},
        {"\"a/b~c\":1", "#/a~1b~0c", "unknown", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), "{" BASE ",%s}", rows[i].member);
        assert_deviation(text, CRET_SCHEMA_MANIFEST, rows[i].where, rows[i].reason,
                         rows[i].expected, rows[i].hint);
    }
}

Test(schema, the_document_itself_must_be_an_object)
{
    struct cret_findings *findings = cret_findings_new();
    assert_deviation("[]", CRET_SCHEMA_MANIFEST, "#/", "wrong type", "an object", NULL);
    cr_assert_eq(cret_schema_validate(fields, NULL, CRET_SCHEMA_MANIFEST, CRET_CHECK_MANIFEST_FORM,
                                      findings),
                 CRET_FAILED);
    cr_assert_eq(cret_findings_count(findings), 1);
    cret_findings_free(&findings);
}

Test(schema, fields_that_are_missing)
{
    assert_deviation("{\"cretula\":\"example/1\",\"date\":\"2026-03-31T12:00:00Z\"}",
                     CRET_SCHEMA_MANIFEST, "#/name", "'name' is missing", "Name of it.", NULL);
    assert_deviation("{\"name\":\"it\",\"date\":\"2026-03-31T12:00:00Z\"}", CRET_SCHEMA_MANIFEST,
                     "#/cretula", "'cretula' is missing", "Purpose.", NULL);
    assert_deviation("{\"cretula\":\"example/1\",\"name\":\"it\"}", CRET_SCHEMA_MANIFEST, "#/date",
                     "'date' is missing", NULL, NULL);
    assert_deviation("{\"name\":\"i\"}", CRET_SCHEMA_DESCRIPTION, "#/name", "too short",
                     "2 to 1000", NULL);
}

Test(schema, a_description_may_leave_out_what_the_tools_write_and_may_not_give_it)
{
    assert_valid("{\"name\":\"it\"}", CRET_SCHEMA_DESCRIPTION);
    assert_valid("{\"name\":\"it\",\"date\":\"2026-03-31T12:00:00Z\",\"source\":\"a\"}",
                 CRET_SCHEMA_DESCRIPTION);
    assert_deviation("{" BASE "}", CRET_SCHEMA_DESCRIPTION, "#/cretula", "not allowed here", NULL,
                     "leave it out: the tools write this field");
    assert_deviation("{}", CRET_SCHEMA_DESCRIPTION, "#/name", "missing", NULL, NULL);
}

static const char full[] =
    "{" BASE ",\"sequence\":10,\"count\":9007199254740991,\"offset\":-5,\"active\":false,"
    "\"colour\":\"green\",\"inner\":{\"version\":\"1\",\"id\":\"a\"},\"list\":[],"
    "\"some\":[{\"id\":\"b\"}],\"words\":[\"x\",\"y\"],\"colours\":[\"red\"],"
    "\"title\":{\"en-GB\":\"A\",\"de\":\"B\\nC\"},\"by\":{\"k\":{\"version\":\"1\",\"id\":\"c\"},"
    "\"a\":{\"id\":\"d\"}},\"levels\":{\"x\":\"red\"},"
    "\"extensions\":{\"urn:z\":{\"b\":1,\"a\":[{\"d\":1,\"c\":null}]},\"https://x.example/a\":1}}";

Test(schema, everything_at_once_is_valid)
{
    assert_valid(full, CRET_SCHEMA_MANIFEST);
    assert_valid("{" BASE "}", CRET_SCHEMA_MANIFEST);
}

Test(schema, a_zero_byte_in_a_text_is_no_end)
{
    json_t *json = parse("{" BASE "}");
    struct cret_findings *findings = cret_findings_new();
    json_object_set_new(json, "name", json_stringn("it\0!", 4));
    cr_assert_eq(cret_schema_validate(fields, json, CRET_SCHEMA_MANIFEST, CRET_CHECK_MANIFEST_FORM,
                                      findings),
                 CRET_FAILED);
    cret_findings_free(&findings);
    json_decref(json);
}

/* lesson 10: a hostile document fills neither memory nor record, and is still refused. */
Test(schema, the_list_of_deviations_is_capped)
{
    struct cret_findings *findings = cret_findings_new();
    json_t *json = parse("{" BASE "}"), *words = json_array();
    for (int i = 0; i < 9000; i++) {
        json_array_append_new(words, json_integer(i));
    }
    json_object_set_new(json, "words", words);
    cr_assert_eq(cret_schema_validate(fields, json, CRET_SCHEMA_MANIFEST, CRET_CHECK_MANIFEST_FORM,
                                      findings),
                 CRET_FAILED);
    cr_assert_eq(cret_findings_count(findings), 200);
    cr_assert_not_null(strstr(cret_findings_at(findings, 199)->reason, "more deviations"));
    cr_assert_not(cret_findings_broken(findings));
    cret_findings_free(&findings);
    json_decref(json);
}

Test(schema, long_values_are_quoted_in_part)
{
    struct cret_findings *findings = cret_findings_new();
    json_t *json = parse("{" BASE "}");
    char text[3000];
    for (size_t i = 0; i + 2 < sizeof(text); i += 2) {
        memcpy(text + i, "\xc3\xa4", 3);
    }
    json_object_set_new(json, "colour", json_string(text));
    cr_assert_eq(cret_schema_validate(fields, json, CRET_SCHEMA_MANIFEST, CRET_CHECK_MANIFEST_FORM,
                                      findings),
                 CRET_FAILED);
    const char *actual = cret_findings_at(findings, 0)->actual;
    cr_assert_lt(strlen(actual), 400);
    cr_assert(cret_utf8_valid(actual, strlen(actual)));
    cret_findings_free(&findings);
    json_decref(json);
}

Test(schema, order_is_that_of_the_table)
{
    json_t *json =
        parse("{\"extensions\":{\"urn:b\":{\"b\":1,\"a\":[{\"d\":1,\"c\":2}]},\"urn:a\":1},"
              "\"by\":{\"k\":{\"version\":\"1\",\"id\":\"c\"},\"a\":{\"id\":\"d\"}},"
              "\"title\":{\"en\":\"x\",\"de\":\"y\"},\"words\":[\"b\",\"a\"],"
              "\"list\":[{\"version\":\"2\",\"id\":\"e\"}],"
              "\"inner\":{\"version\":\"1\",\"id\":\"a\"},\"name\":\"n\","
              "\"cretula\":\"example/1\"}");
    json_t *ordered = cret_schema_order(fields, json);
    char *text = json_dumps(ordered, JSON_COMPACT);
    cr_assert_str_eq(text, "{\"cretula\":\"example/1\",\"name\":\"n\","
                           "\"inner\":{\"id\":\"a\",\"version\":\"1\"},"
                           "\"list\":[{\"id\":\"e\",\"version\":\"2\"}],\"words\":[\"b\",\"a\"],"
                           "\"title\":{\"de\":\"y\",\"en\":\"x\"},"
                           "\"by\":{\"a\":{\"id\":\"d\"},\"k\":{\"id\":\"c\",\"version\":\"1\"}},"
                           "\"extensions\":{\"urn:a\":1,\"urn:b\":{\"a\":[{\"c\":2,\"d\":1}],"
                           "\"b\":1}}}");
    cr_assert(json_equal(json, ordered), "nothing is lost");
    free(text);
    json_decref(json);
    json_decref(ordered);
}

Test(schema, the_exported_schema_says_the_same)
{
    json_t *schema = cret_schema_export(fields, CRET_SCHEMA_MANIFEST, "https://x.example/s", "S");
    cr_assert_not_null(schema);
    cr_assert_str_eq(json_string_value(json_object_get(schema, "$schema")),
                     "https://json-schema.org/draft/2020-12/schema");
    cr_assert_str_eq(cret_json_string(schema, "title"), "S");
    cr_assert_str_eq(cret_json_string(schema, "properties.name.type"), "string");
    cr_assert_str_eq(cret_json_string(schema, "properties.name.description"), "Name of it.");
    cr_assert_eq(cret_json_integer(schema, "properties.sequence.minimum", -1), 1);
    cr_assert_eq(cret_json_integer(schema, "properties.sequence.maximum", -1), 10);
    cr_assert_eq(cret_json_integer(schema, "properties.list.maxItems", -1), 3);
    cr_assert(!cret_json_boolean(schema, "additionalProperties", true));
    cr_assert(!cret_json_boolean(schema, "properties.inner.additionalProperties", true));
    cr_assert_null(cret_json_get(schema, "properties.source"));
    char *required = json_dumps(cret_json_get(schema, "required"), JSON_COMPACT);
    cr_assert_str_eq(required, "[\"cretula\",\"name\",\"date\"]");
    free(required);
    json_decref(schema);
    schema = cret_schema_export(fields, CRET_SCHEMA_DESCRIPTION, "https://x.example/d", "D");
    required = json_dumps(cret_json_get(schema, "required"), JSON_COMPACT);
    cr_assert_str_eq(required, "[\"name\"]");
    cr_assert_not_null(cret_json_get(schema, "properties.source"));
    cr_assert_null(cret_json_get(schema, "properties.cretula"));
    free(required);
    json_decref(schema);
}

static const struct cret_field endless_fields[] = {
    {.name = "again", .kind = CRET_KIND_OBJECT, .fields = endless_fields}, {.name = NULL}};

Test(schema, a_table_that_contains_itself_has_no_schema)
{
    cr_assert_null(cret_schema_export(endless_fields, CRET_SCHEMA_MANIFEST, "a:b", "x"));
}

Test(schema, formats_and_what_they_refuse)
{
    static const struct {
        enum cret_format format;
        const char *refused[12], *accepted[6];
    } rows[] = {
        {CRET_FORMAT_LINE,
         {"", " a", "a ", "a\nb", "a\tb", "\x1b[0m", "a\xff", "\xe2\x80\xae"},
         {"a", "a b", "\xc3\xa4"}},
        {CRET_FORMAT_TEXT, {"", " ", "\n", "a\rb", "\x07"}, {"a\nb\tc", " a "}},
        {CRET_FORMAT_TOKEN, {"", "-a", ".a", "a b", "a/b", "\xc3\xa4"}, {"a", "S3", "a.b-c_d:e+f"}},
        {CRET_FORMAT_DATE_TIME,
         {"", "2026-03-31", "2026-02-30T00:00:00Z", "2026-03-31T12:00:00+01:00"},
         {"2026-03-31T12:00:00Z"}},
        {CRET_FORMAT_ANY_TIME,
         {"", "no end", "invalid", "9999-12-31", "10000-01-01T00:00:00Z", "1900-02-29T00:00:00Z"},
         {"9999-12-31T23:59:59Z", "1950-01-01T00:00:00Z", "0000-01-01T00:00:00Z"}},
        {CRET_FORMAT_DATE,
         {"", "2026-2-3", "2026-02-30", "2026-03-31T", "20260331"},
         {"2026-03-31", "2024-02-29"}},
        {CRET_FORMAT_DATE_OR_TBA,
         {"", "TBA", "2026", "tba ", "2026-13", "2026-02-30", "2026-3", "2026-03-31T12",
          "2026-03T"},
         {"tba", "2026-03-31T12:00:00Z", "2026-03-31", "2026-03", "2999-12"}},
        {CRET_FORMAT_SHA256,
         {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
          "E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
         {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
        {CRET_FORMAT_PATH, {"", "/a", "a b", "../a", "MANIFEST.json"}, {"a/b.c"}},
        {CRET_FORMAT_URI,
         {"", "a", "/a", ":a", "1a:b", "a:", "a b:c", "https://x/a b", "https://x/%2",
          "https://x/%zz", "https://\xc3\xa4"},
         {"https://x.example/a?b#c", "urn:uuid:x", "mailto:a@b", "a:%20"}},
        {CRET_FORMAT_IEC61406,
         {"", "http://x.example", "https://", "https://X.example/a", "https:///a",
          "https://x.example/a b"},
         {"https://x.example/A?b", "https://x.example"}},
        {CRET_FORMAT_PURL,
         {"", "pkg:", "pkg:a", "pkg:/a", "pkg:a/", "pkg://a/b", "pkg:1/a", "npm/a", "pkg:a/b c"},
         {"pkg:generic/a@1", "pkg:deb/debian/x@1?arch=amd64"}},
        {CRET_FORMAT_CPE,
         {"", "cpe", "cpe:2.3:", "cpe:2.3:x:v:p:1:*:*:*:*:*:*:*", "cpe:2.3:a:v:p:1:*:*:*:*:*:*",
          "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*:*", "cpe:2.3:a:v::1:*:*:*:*:*:*:*",
          "cpe:2.3:a:v:p:1:*:*:*:*:*:*:", "cpe:/x:a", "cpe:/a", "cpe:/a:b c"},
         {"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*", "cpe:2.3:h:v\\:w:p:-:*:*:*:*:*:*:*", "cpe:/o:v:p:1"}},
        {CRET_FORMAT_CVE,
         {"", "CVE-2026-123", "cve-2026-1234", "CVE-26-1234", "CVE-2026-12a4",
          "CVE-2026-12345678901234567890"},
         {"CVE-2026-1234", "CVE-1999-0001", "CVE-2026-1234567"}},
        {CRET_FORMAT_CWE,
         {"", "CWE-", "CWE-0", "CWE-079", "cwe-79", "CWE-1234567", "CWE-7x"},
         {"CWE-79", "CWE-787"}},
        {CRET_FORMAT_LANGUAGE,
         {"", "d", "1e", "de_DE", "de-", "-de", "de--x", "de-123456789", "abcdefghi"},
         {"de", "en-GB", "zh-Hans", "de-CH-1996"}},
        {CRET_FORMAT_MEDIA_TYPE,
         {"", "a", "a/", "/b", "a/b/c", "a b/c", "a/b;c=d", "+a/b", "a/.b"},
         {"application/pdf", "application/vnd.cyclonedx+json"}},
        {CRET_FORMAT_PEM,
         {"", "x", "-----BEGIN A-----\n", "-----BEGIN A-----\nQUJD\n-----END B-----\n",
          "-----BEGIN A-----\n-----END A-----\n", "-----BEGIN A-----\nQU D\n-----END A-----\n",
          "-----BEGIN A-----\nQUJD\n-----END A-----\nx",
          "x\n-----BEGIN A-----\nQUJD\n-----END A-----\n",
          "-----BEGIN A-----\nQUJD\n\n-----END A-----\n"},
         {"-----BEGIN A B-----\nQUJD\nQQ==\n-----END A B-----\n",
          "-----BEGIN A-----\nQUJD\n-----END A-----",
          "-----BEGIN A-----\nQUJD\n-----END A-----\n-----BEGIN B-----\nQUJD\n-----END B-----\n"}},
        {CRET_FORMAT_BASE64, {"", "A", "AB==", "QUJD\n", "QU JD"}, {"QUJD", "QQ=="}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_assert_gt(strlen(cret_format_words(rows[i].format)), 5);
        for (size_t j = 0; j < 12 && rows[i].refused[j] != NULL; j++) {
            cr_assert_not(cret_format_accepts(rows[i].format, rows[i].refused[j]), "%d: %s",
                          (int)rows[i].format, rows[i].refused[j]);
        }
        for (size_t j = 0; j < 6 && rows[i].accepted[j] != NULL; j++) {
            cr_assert(cret_format_accepts(rows[i].format, rows[i].accepted[j]), "%d: %s",
                      (int)rows[i].format, rows[i].accepted[j]);
        }
        cr_assert_not(cret_format_accepts(rows[i].format, NULL));
    }
    cr_assert_not(cret_format_accepts(CRET_FORMAT_COUNT, "a"));
}
