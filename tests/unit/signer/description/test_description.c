/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "fixture.h"

#define MINIMAL                                                                                    \
    "product:\n"                                                                                   \
    "  vendor: Example\n"                                                                          \
    "  name: Thing\n"                                                                              \
    "release:\n"                                                                                   \
    "  version: 1.0\n"                                                                             \
    "  sequence: 7\n"                                                                              \
    "files:\n"                                                                                     \
    "  - source: a.bin\n"

TestSuite(description, .init = fixture_enter, .fini = fixture_leave);

/* The place of a finding as people see it. */
static void expect_place(const struct cret_description *description, const char *pointer,
                         const char *file, unsigned line, unsigned column)
{
    const struct cret_mark mark = cret_description_locate(description, pointer);
    cr_expect_str_eq(mark.file, file, "%s: %s", pointer, mark.file);
    cr_expect_eq(mark.line, line, "%s: line %u", pointer, mark.line);
    cr_expect_eq(mark.column, column, "%s: column %u", pointer, mark.column);
}

static struct cret_findings *validate(const struct cret_description *description, bool valid)
{
    struct cret_findings *findings = cret_findings_new();
    cr_assert_not_null(findings);
    cr_expect_eq(cret_description_validate(description, findings) == CRET_OK, valid);
    cr_expect_eq(cret_findings_count(findings) == 0, valid);
    return findings;
}

/* Loading fails as USAGE, with these words, at this place. */
static void refuse(const char *set, const char *words, const char *where)
{
    struct cret_description *description = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect(cret_description_load(&description, "release.yaml", &set, set != NULL ? 1 : 0,
                                    &err) != CRET_OK,
              "accepted: %s", words);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect(strstr(err.what, words) != NULL, "%s", err.what);
    cr_expect(where == NULL || strcmp(err.where, where) == 0, "%s: %s", words, err.where);
}

Test(description, minimal_is_valid)
{
    fixture_text("release.yaml", MINIMAL);
    struct cret_description *description = fixture_load(NULL);
    struct cret_findings *findings = validate(description, true);
    cr_expect_str_eq(cret_json_string(description->json, "release.version"), "1.0");
    cr_expect_eq(cret_json_integer(description->json, "release.sequence", 0), 7);
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, findings_have_file_line_and_column)
{
    fixture_text("release.yaml", "product:\n"
                                 "  vendor: Example\n"
                                 "  nmae: Thing\n"
                                 "release:\n"
                                 "  version: 1.0\n"
                                 "  sequence: seven\n"
                                 "files:\n"
                                 "  - source: a.bin\n"
                                 "    role: firmwear\n");
    struct cret_description *description = fixture_load(NULL);
    struct cret_findings *findings = validate(description, false);
    cr_expect(fixture_found(findings, "#/product/nmae", "name"));
    cr_expect(fixture_found(findings, "#/release/sequence", "seven"));
    cr_expect(fixture_found(findings, "#/files/0/role", "firmware"));
    expect_place(description, "#/product/nmae", "release.yaml", 3, 3);
    expect_place(description, "#/release/sequence", "release.yaml", 6, 3);
    expect_place(description, "#/files/0/role", "release.yaml", 9, 5);
    /* What is missing is shown where it should be. */
    expect_place(description, "#/product/name", "release.yaml", 1, 1);
    expect_place(description, "#/files/0/path", "release.yaml", 8, 5);
    expect_place(description, "#/nothing", "release.yaml", 1, 1);
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, field_names_are_for_people)
{
    static const struct {
        const char *pointer, *name;
    } cases[] = {{"#/release/version", "release.version"},
                 {"#/files/12/source", "files[12].source"},
                 {"#/extensions/https:~1~1a~0b", "extensions.https://a~b"},
                 {"#/", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *name = cret_description_field_name(cases[i].pointer);
        cr_expect_str_eq(name, cases[i].name);
        free(name);
    }
}

/* The field decides the kind, not the look of the scalar. */
Test(description, scalars_get_the_kind_of_their_field)
{
    fixture_text("release.yaml",
                 "product: {vendor: 12, name: true}\n"
                 "release:\n"
                 "  version: 2024-01-01\n"
                 "  sequence: 0x10\n"
                 "  buildId: 1.10\n"
                 "  rollback: {allowed: False, securityVersion: 0o17}\n"
                 "  supersedes: [1.10, null, ~]\n"
                 "files: [{source: 007, expand: TRUE}]\n"
                 "extensions:\n"
                 "  https://example.com/x: {a: 1, b: true, c: null, d: 1.5, e: \"2\"}\n");
    struct cret_description *description = fixture_load(NULL);
    struct cret_findings *findings = validate(description, true);
    const json_t *json = description->json;
    cr_expect_str_eq(cret_json_string(json, "product.vendor"), "12");
    cr_expect_str_eq(cret_json_string(json, "product.name"), "true");
    cr_expect_str_eq(cret_json_string(json, "release.version"), "2024-01-01");
    cr_expect_str_eq(cret_json_string(json, "release.buildId"), "1.10");
    cr_expect_eq(cret_json_integer(json, "release.sequence", 0), 16);
    cr_expect_eq(cret_json_integer(json, "release.rollback.securityVersion", 0), 15);
    cr_expect(json_is_false(cret_json_get(json, "release.rollback.allowed")));
    const json_t *list = cret_json_get(json, "release.supersedes");
    cr_expect_str_eq(json_string_value(json_array_get(list, 0)), "1.10");
    cr_expect_str_eq(json_string_value(json_array_get(list, 2)), "~");
    const json_t *file = json_array_get(cret_json_get(json, "files"), 0);
    cr_expect_str_eq(cret_json_string(file, "source"), "007");
    cr_expect(json_is_true(json_object_get(file, "expand")));
    const json_t *open =
        json_object_get(json_object_get(json, "extensions"), "https://example.com/x");
    cr_expect(json_is_integer(json_object_get(open, "a")));
    cr_expect(json_is_true(json_object_get(open, "b")));
    cr_expect(json_is_null(json_object_get(open, "c")));
    cr_expect_str_eq(json_string_value(json_object_get(open, "d")), "1.5");
    cr_expect(json_is_string(json_object_get(open, "e")));
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, quotes_make_text_and_text_is_no_number)
{
    fixture_text("release.yaml",
                 "product: {vendor: A, name: B}\n"
                 "release: {version: 1, sequence: \"7\", rollback: {allowed: yes}}\n"
                 "files: [{source: a.bin, expand: \"true\"}]\n");
    struct cret_description *description = fixture_load(NULL);
    struct cret_findings *findings = validate(description, false);
    cr_expect(fixture_found(findings, "#/release/sequence", ""));
    cr_expect(fixture_found(findings, "#/release/rollback/allowed", ""));
    cr_expect(fixture_found(findings, "#/files/0/expand", ""));
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, numbers_that_do_not_fit_are_refused)
{
    fixture_text("release.yaml", "product: {vendor: A, name: B}\n"
                                 "release: {version: 1, sequence: 99999999999999999999}\n"
                                 "files: [{source: a.bin}]\n");
    struct cret_description *description = fixture_load(NULL);
    struct cret_findings *findings = validate(description, false);
    cr_expect(fixture_found(findings, "#/release/sequence", ""));
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, includes_are_merged_and_keep_their_places)
{
    fixture_text("release.yaml", "include: [parts/first.yaml, parts/second.yaml]\n" MINIMAL);
    fixture_text("parts/first.yaml", "product:\n"
                                     "  vendor: Other\n"
                                     "  role: plc\n"
                                     "contacts:\n"
                                     "  securityContact: first\n"
                                     "files:\n"
                                     "  - source: never.bin\n");
    fixture_text("parts/second.yaml", "include: third.yaml\n"
                                      "contacts:\n"
                                      "  securityContact: second\n");
    fixture_text("parts/third.yaml", "contacts:\n"
                                     "  securityContact: third\n"
                                     "  csafProvider: nonsense\n");
    struct cret_description *description = fixture_load(NULL);
    const json_t *json = description->json;
    cr_expect_str_eq(cret_json_string(json, "product.vendor"), "Example");
    cr_expect_str_eq(cret_json_string(json, "product.role"), "plc");
    cr_expect_str_eq(cret_json_string(json, "contacts.securityContact"), "second");
    cr_expect_eq(json_array_size(cret_json_get(json, "files")), 1);
    cr_expect_null(cret_json_get(json, "include"));
    struct cret_findings *findings = validate(description, false);
    cr_expect(fixture_found(findings, "#/contacts/csafProvider", ""));
    expect_place(description, "#/contacts/csafProvider", "parts/third.yaml", 3, 3);
    expect_place(description, "#/product/role", "parts/first.yaml", 3, 3);
    expect_place(description, "#/product/vendor", "release.yaml", 3, 3);
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, sources_are_relative_to_the_file_that_names_them)
{
    fixture_text("release.yaml", "include: parts/files.yaml\n"
                                 "product: {vendor: A, name: B}\n"
                                 "release: {version: 1, sequence: 1}\n");
    fixture_text("parts/files.yaml", "files:\n  - source: ../a.bin\n  - source: /etc/hostname\n");
    static const char *const sets[] = {"files.1.source=b.bin", NULL};
    struct cret_description *description = fixture_load(sets);
    struct cret_mark mark = cret_description_locate(description, "#/files/0/source");
    char *path = cret_description_resolve(&mark, "../a.bin");
    cr_expect_str_eq(path, "parts/../a.bin");
    free(path);
    path = cret_description_resolve(&mark, "/etc/hostname");
    cr_expect_str_eq(path, "/etc/hostname");
    free(path);
    mark = cret_description_locate(description, "#/files/1/source");
    path = cret_description_resolve(&mark, "b.bin");
    cr_expect_str_eq(path, "b.bin");
    free(path);
    cret_description_free(&description);
}

Test(description, refuses_bad_includes)
{
    fixture_text("release.yaml", "a: 1\ninclude: release.yaml\n");
    refuse(NULL, "too many files include each other", "release.yaml:2:10");
    fixture_text("release.yaml", "include: nothing.yaml\n");
    refuse(NULL, "nothing.yaml", NULL);
    fixture_text("release.yaml", "include: {a: b}\n");
    refuse(NULL, "include:", "release.yaml:1:10");
    fixture_text("release.yaml", "include: [[a]]\n");
    refuse(NULL, "include:", "release.yaml:1:11");
    fixture_text("release.yaml", "include:\n");
    refuse(NULL, "include:", NULL);
    fixture_text("release.yaml", "include: bad.yaml\n");
    fixture_text("bad.yaml", "a: 1\na: 2\n");
    refuse(NULL, "given twice", "bad.yaml:2:1");
    fixture_text("release.yaml", "- a\n");
    refuse(NULL, "not a release description", "release.yaml:1:1");
    fixture_text("release.yaml", "just words\n");
    refuse(NULL, "not a release description", "release.yaml:1:1");
}

Test(description, set_replaces_and_adds)
{
    static const char *const sets[] = {"release.version=2.0=x", "release.rollback.allowed=true",
                                       "files.0.role=firmware", NULL};
    fixture_text("release.yaml", MINIMAL);
    struct cret_description *description = fixture_load(sets);
    struct cret_findings *findings = validate(description, true);
    cr_expect_str_eq(cret_json_string(description->json, "release.version"), "2.0=x");
    cr_expect(json_is_true(cret_json_get(description->json, "release.rollback.allowed")));
    expect_place(description, "#/release/version", "--set release.version", 0, 0);
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, set_values_are_validated)
{
    static const char *const sets[] = {"release.sequnce=2", "release.sequence=x", NULL};
    fixture_text("release.yaml", MINIMAL);
    struct cret_description *description = fixture_load(sets);
    struct cret_findings *findings = validate(description, false);
    cr_expect(fixture_found(findings, "#/release/sequnce", "sequence"));
    cr_expect(fixture_found(findings, "#/release/sequence", "x"));
    expect_place(description, "#/release/sequnce", "--set release.sequnce", 0, 0);
    cret_findings_free(&findings);
    cret_description_free(&description);
}

Test(description, refuses_bad_sets)
{
    char deep[512] = "a";
    fixture_text("release.yaml", MINIMAL);
    refuse("release.version", "a path and a value", NULL);
    refuse("=x", "a path and a value", NULL);
    refuse("release.version=", "empty value", NULL);
    refuse("release..version=1", "empty part", "--set release..version");
    refuse(".release=1", "empty part", NULL);
    refuse("release.=1", "empty part", NULL);
    refuse("release=1", "group of fields", "--set release");
    refuse("files=1", "group of fields", "--set files");
    refuse("files.1.source=x", "no such entry", "--set files.1.source");
    refuse("files.x.source=x", "no such entry", NULL);
    refuse("files.99999999999999999999.source=x", "no such entry", NULL);
    refuse("release.version.x=1", "goes on behind a value", NULL);
    refuse("include=x", "include cannot be set", NULL);
    for (size_t i = 0; i < 100; i++) {
        strcat(deep, ".a");
    }
    strcat(deep, "=1");
    refuse(deep, "too long", NULL);
}

/* lesson 19: of two values one would be ignored */
Test(description, refuses_a_path_that_is_set_twice)
{
    static const char *const sets[] = {"release.version=1", "release.version=2"};
    struct cret_description *description = NULL;
    struct cret_err err;
    fixture_text("release.yaml", MINIMAL);
    cr_expect(cret_description_load(&description, "release.yaml", sets, 2, &err) != CRET_OK);
    cr_expect(strstr(err.what, "set twice") != NULL, "%s", err.what);
}

Test(description, complete_fills_defaults)
{
    fixture_text("release.yaml", MINIMAL "documents:\n"
                                         "  - ids: [{domain: d, id: \"1\"}]\n"
                                         "    title: {en: A}\n"
                                         "    version: 1.0\n"
                                         "    file: a.bin\n");
    struct cret_description *description = fixture_load(NULL);
    json_t *json = cret_description_complete(description, 86400);
    cr_assert_not_null(json);
    cr_expect_str_eq(cret_json_string(json, "release.date"), "1970-01-02T00:00:00Z");
    cr_expect_str_eq(cret_json_string(json, "origin"), "vendor");
    cr_expect_null(json_object_get(json, "files"));
    cr_expect_str_eq(
        cret_json_string(json_array_get(json_object_get(json, "documents"), 0), "availability"),
        "included");
    cr_expect_null(cret_json_get(description->json, "release.date"));
    json_decref(json);
    cret_description_free(&description);
}
