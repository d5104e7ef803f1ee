/* SPDX-License-Identifier: Apache-2.0 */
/* What a record repeats of a release: all of what is short, and of what is long what a board
 * decides by, with the number of the rest. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "release/advisory/advisory.h"
#include "verifier/child/recorded.h"

static json_t *recorded(json_t *manifest_json, const struct cret_content_facts *facts)
{
    static const struct cret_content_facts nothing;
    const struct cret_manifest manifest = {.json = manifest_json};
    struct cret_build document = cret_build_object();
    cret_recorded_parts(&document, &manifest, facts != NULL ? facts : &nothing);
    json_t *json = cret_build_end(&document);
    cr_assert_not_null(json);
    return json;
}

static size_t left_out(const json_t *json, const char *part)
{
    size_t index;
    json_t *left;
    json_array_foreach(json_object_get(json, "leftOut"), index, left)
    {
        if (strcmp(cret_json_string(left, "part"), part) == 0) {
            return (size_t)cret_json_integer(left, "entries", 0);
        }
    }
    return 0;
}

static json_t *list_of(size_t count, size_t text)
{
    json_t *list = json_array();
    char filler[4096] = "";
    memset(filler, 'x', text);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list,
                              json_pack("{s:I, s:s}", "number", (json_int_t)i, "summary", filler));
    }
    return list;
}

/* The column of the manifest's table is what decides. */
Test(recorded, parts_are_those_of_the_column)
{
    size_t yes = 0, no = 0;
    json_t *manifest = json_object();
    for (const struct cret_field *part = cret_manifest_fields; part->name != NULL; part++) {
        json_t *value = part->kind == CRET_KIND_OBJECTS   ? list_of(2, 3)
                        : part->kind == CRET_KIND_STRINGS ? json_pack("[s, s]", "a", "b")
                        : part->kind == CRET_KIND_STRING  ? json_string("text")
                                                          : json_pack("{s:s}", "key", "value");
        json_object_set_new(manifest, part->name, value);
    }
    json_t *json = recorded(manifest, NULL);
    for (const struct cret_field *part = cret_manifest_fields; part->name != NULL; part++) {
        const bool repeated = (part->flags & CRET_RECORDED) != 0;
        yes += repeated ? 1 : 0;
        no += repeated ? 0 : 1;
        if (repeated) {
            cr_expect_eq(json_equal(json_object_get(json, part->name),
                                    json_object_get(manifest, part->name)),
                         1, "%s", part->name);
        } else if (strcmp(part->name, "sbom") != 0) {
            cr_expect_null(json_object_get(json, part->name), "%s", part->name);
        }
    }
    cr_expect(yes >= 15 && no >= 10, "%zu and %zu", yes, no);
    cr_expect_null(json_object_get(json, "leftOut"), "all of it is there");
    json_decref(json);
    json_decref(manifest);
}

Test(recorded, what_a_board_must_see_is_not_among_what_is_left_out)
{
    const size_t count = CRET_LIMIT_RECORD_ENTRIES + 30;
    json_t *changes = list_of(count, 5);
    json_object_set_new(json_array_get(changes, count - 1), "security", json_true());
    json_object_set_new(json_array_get(changes, count - 2), "security", json_true());
    json_object_set_new(json_array_get(changes, 3), "security", json_false());
    json_t *manifest = json_pack("{s:o}", "changes", changes);
    json_t *json = recorded(manifest, NULL);
    const json_t *kept = json_object_get(json, "changes");
    cr_assert_eq(json_array_size(kept), CRET_LIMIT_RECORD_ENTRIES);
    cr_expect_eq(left_out(json, "changes"), 30);
    cr_expect_eq(cret_json_integer(json_array_get(kept, 0), "number", -1), (int64_t)count - 2);
    cr_expect_eq(cret_json_integer(json_array_get(kept, 1), "number", -1), (int64_t)count - 1);
    cr_expect_eq(cret_json_integer(json_array_get(kept, 2), "number", -1), 0, "then in order");
    json_decref(json);
    json_decref(manifest);
}

Test(recorded, as_many_as_fit_stay_in_their_order)
{
    json_t *settings = list_of(CRET_LIMIT_RECORD_ENTRIES, 5);
    json_object_set_new(json_array_get(settings, 7), "mustChange", json_true());
    json_t *manifest = json_pack("{s:o}", "settings", settings);
    json_t *json = recorded(manifest, NULL);
    cr_expect_eq(json_equal(json_object_get(json, "settings"), settings), 1);
    cr_expect_eq(left_out(json, "settings"), 0);
    json_decref(json);
    json_decref(manifest);
}

Test(recorded, long_texts_are_bounded_too)
{
    json_t *manifest = json_pack("{s:o}", "knownIssues", list_of(150, 4000));
    json_t *json = recorded(manifest, NULL);
    const size_t kept = json_array_size(json_object_get(json, "knownIssues"));
    cr_expect(kept > 50 && kept < 66, "%zu", kept);
    cr_expect_eq(left_out(json, "knownIssues"), 150 - kept);
    cr_expect_leq(json_dumpb(json_object_get(json, "knownIssues"), NULL, 0, JSON_COMPACT),
                  CRET_LIMIT_RECORD_PART + kept + 2);
    json_decref(json);
    json_decref(manifest);
}

Test(recorded, topics_are_bounded)
{
    json_t *topics = json_object();
    for (size_t i = 0; i < CRET_LIMIT_RECORD_ENTRIES + 5; i++) {
        char name[16];
        snprintf(name, sizeof(name), "S%03zu", i);
        json_object_set_new(topics, name, json_pack("{s:s}", "status", "documented"));
    }
    json_t *manifest = json_pack("{s:o}", "topics", topics);
    json_t *json = recorded(manifest, NULL);
    cr_expect_eq(json_object_size(json_object_get(json, "topics")), CRET_LIMIT_RECORD_ENTRIES);
    cr_expect_eq(left_out(json, "topics"), 5);
    json_decref(json);
    json_decref(manifest);
}

/* A reader of the first lines must not be reassured by them. */
Test(recorded, the_gravest_advice_comes_first)
{
    json_t *advice = json_array(), *manifest = json_object();
    for (size_t i = 0; i < CRET_LIMIT_RECORD_ENTRIES + 3; i++) {
        json_array_append_new(advice, json_pack("{s:s}", "status", "not affected"));
    }
    json_array_append_new(advice, json_pack("{s:s}", "status", "fixed"));
    json_array_append_new(advice, json_pack("{s:s}", "status", "under investigation"));
    json_array_append_new(advice, json_pack("{s:s}", "status", "affected"));
    const struct cret_content_facts facts = {.advice = advice};
    json_t *json = recorded(manifest, &facts);
    const json_t *kept = json_object_get(json, "advice");
    cr_assert_eq(json_array_size(kept), CRET_LIMIT_RECORD_ENTRIES);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(cret_json_string(json_array_get(kept, i), "status"),
                         cret_advisory_statuses[i]);
    }
    cr_expect_eq(left_out(json, "advice"), 6);
    json_decref(json);
    json_decref(manifest);
    json_decref(advice);
}

Test(recorded, an_absent_sbom_is_said_and_one_that_was_not_read)
{
    json_t *manifest =
        json_loads("{\"sbom\":[{\"file\":\"a\",\"format\":\"SPDX-2.3\",\"binds\":[]},"
                   "{\"file\":\"b\",\"format\":\"CycloneDX-1.6\"}]}",
                   0, NULL);
    json_t *expected = json_loads("[{\"file\":\"a\",\"format\":\"SPDX-2.3\"},"
                                  "{\"file\":\"b\",\"format\":\"CycloneDX-1.6\",\"components\":7,"
                                  "\"parts\":[{\"name\":\"zlib\"}],\"partsLeftOut\":5}]",
                                  0, NULL);
    json_t *parts = json_pack("[{s:s}]", "name", "zlib");
    const struct cret_content_facts facts = {
        .sboms = {{.read = false}, {.read = true, .components = 7, .parts = parts, .left_out = 5}}};
    json_t *json = recorded(manifest, &facts);
    cr_expect_eq(json_equal(json_object_get(json, "sbom"), expected), 1);
    json_decref(json);
    json_decref(parts);
    json_decref(expected);
    json_decref(manifest);
    manifest = json_object();
    json = recorded(manifest, NULL);
    cr_assert(json_is_array(json_object_get(json, "sbom")));
    cr_expect_eq(json_array_size(json_object_get(json, "sbom")), 0);
    json_decref(json);
    json_decref(manifest);
}
