/* SPDX-License-Identifier: Apache-2.0 */
/* The one road for files of ours: what it refuses, and what the error says. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema/file_format.h"
#include "base/schema/rows.h"
#include "base/text/json.h"

static const struct cret_field part_fields[] = {
    CRET_ROW_TOKEN("id", CRET_REQUIRED, "Identifier."),
    CRET_ROW_END,
};
static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "example/1"),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of it."),
    CRET_ROW_COUNT("size", 0, "Bytes."),
    CRET_ROW_ENUM("colour", 0, CRET_WORDS("red", "green"), "Colour."),
    CRET_ROW_OBJECTS("parts", 0, part_fields, "Parts.", .minimum = 1, .maximum = 2),
    CRET_ROW_END,
};
static const struct cret_file_format own = {
    .purpose = "example/1",
    .words = "example file",
    .file = "example.json",
    .fields = fields,
    .bytes = 200,
    .fault = CRET_ERR_USAGE,
};

#define GOOD "{\"cretula\":\"example/1\",\"name\":\"it\""

static struct cret_err fault_of(const struct cret_file_format *format, const char *text)
{
    json_t *json = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_neq(cret_file_format_read(&json, format, text, strlen(text), "dir/it.json", &err),
                  CRET_OK, "%s", text);
    cr_assert_null(json, "nothing of a faulty file is given out");
    cr_assert_neq(cret_file_format_read(&json, format, text, strlen(text), "dir/it.json", NULL),
                  CRET_OK);
    return err;
}

Test(file_format, a_good_file)
{
    static const char text[] = GOOD ",\"size\":5,\"colour\":\"red\",\"parts\":[{\"id\":\"a\"}]}";
    json_t *json = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_file_format_read(&json, &own, text, strlen(text), "it.json", &err), CRET_OK,
                 "%s", err.what);
    cr_assert_eq(cret_json_integer(json, "size", 0), 5);
    json_decref(json);
}

/* Each with the file, the place in it, what was expected and what was found. */
#define X64 "xxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxx xxxxxxxxxxxxx"
/* 257 bytes before the magic of a tar header. */
#define TAR_257 X64 X64 X64 X64 "x"

Test(file_format, what_is_refused)
{
    static const struct {
        const char *text, *what, *where, *expected, *actual, *hint;
    } rows[] = {
        {GOOD ",\"colour\":\"blue\"}",
         "the example file is not well-formed: the value is none of those that are allowed",
         "dir/it.json #/colour", "one of: red, green", "\"blue\"", ""},
        {GOOD ",\"parts\":[{\"id\":\"a\"},{}]}",
         "the example file is not well-formed: the field 'id' is missing",
         "dir/it.json #/parts/1/id", "Identifier.", "nothing", ""},
        {GOOD ",\"nam\":1}", "the example file is not well-formed: the field 'nam' is unknown",
         "dir/it.json #/nam", "cretula, name, size, colour, parts", "nam", "did you mean 'name'?"},
        {"{\"cretula\":\"other/1\",\"name\":\"it\"}",
         "the example file is not well-formed: the value is none of those that are allowed",
         "dir/it.json #/cretula", "example/1", "\"other/1\"", ""},
        {"{\"name\":\"it\"}", "the example file is not well-formed: the field 'cretula' is missing",
         "dir/it.json #/cretula", "Purpose and version of this format: example/1", "nothing", ""},
        {"[]", "the example file is not well-formed: the value has the wrong type",
         "dir/it.json #/", "an object", "a list", ""},
        {GOOD ",\"name\":\"twice\"}", "the example file: not valid JSON: duplicate object key",
         "dir/it.json, line 1, column 41", "every key once in an object", "", ""},
        {GOOD "\n", "the example file: not valid JSON: '}' expected near end of file",
         "dir/it.json, line 2, column 0", "", "", ""},
        {GOOD "} x", "the example file: not valid JSON: end of file expected near 'x'",
         "dir/it.json, line 1, column 37", "", "", ""},
        {GOOD ",\"size\":1.0}", "the example file: a number is not whole",
         "dir/it.json, line 1, column 43", "a whole number from -(2^53-1) to 2^53-1", "1.0", ""},
        {"PK\3\4", "the example file: it is a ZIP archive, not a JSON text", "dir/it.json", "", "",
         ""},
        {TAR_257 "ustar", "the example file: it is a tar archive, not a JSON text", "dir/it.json",
         "", "", ""},
        {TAR_257 "ustax", "the example file is too large", "dir/it.json #/", "at most 200 bytes",
         "262 bytes", ""},
        {"", "the example file: the JSON text is empty", "dir/it.json, line 1, column 1", "", "",
         ""},
        {GOOD ",\"colour\":1,\"size\":\"a\"}",
         "the example file is not well-formed: the value has the wrong type", "dir/it.json #/size",
         "a whole number", "\"a\"", "there is 1 more deviation like this"},
        {"{\"size\":\"a\"}", "the example file is not well-formed: the field 'cretula' is missing",
         "dir/it.json #/cretula", "Purpose and version of this format: example/1", "nothing",
         "there are 2 more deviations like this"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cret_err err = fault_of(&own, rows[i].text);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", rows[i].text);
        cr_expect_eq(err.check, CRET_CHECK_NONE, "%s", rows[i].text);
        cr_expect_eq(strncmp(err.what, rows[i].what, strlen(rows[i].what)), 0, "%s", err.what);
        cr_expect_str_eq(err.where, rows[i].where);
        cr_expect_str_eq(err.expected, rows[i].expected);
        cr_expect_str_eq(err.actual, rows[i].actual);
        cr_expect_str_eq(err.hint, rows[i].hint);
    }
}

Test(file_format, size)
{
    char text[300];
    memset(text, ' ', sizeof(text));
    memcpy(text, GOOD "}", strlen(GOOD "}"));
    json_t *json = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_file_format_read(&json, &own, text, 200, "it.json", &err), CRET_OK);
    json_decref(json);
    json = NULL;
    cr_assert_neq(cret_file_format_read(&json, &own, text, 201, "it.json", &err), CRET_OK);
    cr_assert_null(json);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_str_eq(err.what, "the example file is too large");
    cr_assert_str_eq(err.where, "it.json #/");
    cr_assert_str_eq(err.expected, "at most 200 bytes");
    cr_assert_str_eq(err.actual, "201 bytes");
}

Test(file_format, evidence_has_its_check_and_a_hint_of_its_own)
{
    struct cret_file_format evidence = own;
    evidence.fault = CRET_ERR_REFUSED;
    evidence.check = CRET_CHECK_RECORD_FORM;
    evidence.hint = "ask for it again";
    static const char *const texts[] = {GOOD, GOOD ",\"size\":-1}", "[]"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct cret_err err = fault_of(&evidence, texts[i]);
        cr_expect_eq(err.class, CRET_ERR_REFUSED);
        cr_expect_eq(err.check, CRET_CHECK_RECORD_FORM);
        cr_expect_str_eq(err.hint, "ask for it again");
    }
    cr_assert_str_eq(fault_of(&evidence, GOOD ",\"nam\":1}").hint, "did you mean 'name'?");
}

Test(file_format, a_draft_may_have_one_fault_of_its_own)
{
    json_t *json = json_loads(GOOD ",\"parts\":[]}", 0, NULL);
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_file_format_check(&own, json, "it.json", "#/parts", &err), CRET_OK);
    cr_assert_neq(cret_file_format_check(&own, json, "it.json", "#/size", &err), CRET_OK);
    cr_assert_neq(cret_file_format_check(&own, json, "it.json", NULL, &err), CRET_OK);
    json_object_set_new(json, "size", json_integer(-1));
    cr_assert_neq(cret_file_format_check(&own, json, "it.json", "#/parts", &err), CRET_OK);
    cr_assert_str_eq(err.where, "it.json #/size");
    cr_assert_str_eq(err.hint, "", "the other fault does not count");
    json_decref(json);
}

Test(file_format, the_schema_has_its_names_from_the_row)
{
    json_t *schema = cret_file_format_schema(&own);
    cr_assert_str_eq(cret_json_string(schema, "$id"), "urn:cretula:schema:example:1");
    cr_assert_str_eq(cret_json_string(schema, "title"), "Cretula example file (example.json)");
    cr_assert_not_null(cret_json_get(schema, "properties.parts.items.properties.id"));
    json_decref(schema);
}
