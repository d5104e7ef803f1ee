/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "test_support.h"

/* Every row of the table (but generated ones) stands in the sample description, so that the sample
 * shows each of them accepted, written and read again. */
static void expect_rows(const struct cret_field *fields, const json_t *samples, const char *below)
{
    for (const struct cret_field *field = fields; field->name != NULL; field++) {
        cr_expect_not_null(field->description, "%s/%s is not described", below, field->name);
        if ((field->flags & CRET_GENERATED) != 0 || strcmp(field->name, "include") == 0) {
            continue;
        }
        json_t *found = json_array();
        size_t index;
        json_t *sample, *member;
        json_array_foreach(samples, index, sample)
        {
            member = json_object_get(sample, field->name);
            if (member != NULL && field->kind == CRET_KIND_OBJECTS) {
                json_array_extend(found, member);
            } else if (member != NULL && field->kind == CRET_KIND_MAP) {
                const char *key;
                json_t *value;
                json_object_foreach(member, key, value)
                {
                    json_array_append(found, value);
                }
            } else if (member != NULL) {
                json_array_append(found, member);
            }
        }
        cr_expect_gt(json_array_size(found), 0, "%s/%s is not in the sample", below, field->name);
        if (field->fields != NULL) {
            char path[256];
            snprintf(path, sizeof(path), "%s/%s", below, field->name);
            expect_rows(field->fields, found, path);
        }
        json_decref(found);
    }
}

Test(fields, the_sample_has_every_field)
{
    struct sample sample;
    sample_init(&sample);
    /* What only an adopted release has, the sample of a vendor cannot show. */
    json_t *adopted = json_loads(
        "{\"adoption\":{\"by\":\"a\",\"role\":\"b\",\"source\":\"c\",\"medium\":\"d\","
        "\"acquired\":\"2026-10-12T08:00:00Z\",\"note\":\"e\",\"published\":[{\"file\":\"f\","
        "\"sha256\":\"g\",\"at\":\"h\"}],\"foreignSignatures\":[{\"file\":\"i\","
        "\"result\":\"j\"}],\"vendorMethod\":\"none\",\"mitigation\":\"k\"}}",
        0, NULL);
    cr_assert_not_null(adopted);
    json_t *samples = json_pack("[O, o]", sample.description, adopted);
    expect_rows(cret_manifest_fields, samples, "");
    json_decref(samples);
    sample_free(&sample);
}

static void expect_description(const json_t *description, bool valid)
{
    struct cret_findings *findings = cret_findings_new();
    const enum cret_status status =
        cret_schema_validate(cret_manifest_fields, description, CRET_SCHEMA_DESCRIPTION,
                             CRET_CHECK_MANIFEST_FORM, findings);
    if ((status == CRET_OK) != valid) {
        sample_show(findings);
    }
    cr_expect_eq(status == CRET_OK, valid);
    cret_findings_free(&findings);
}

Test(fields, descriptions)
{
    struct sample sample;
    sample_init(&sample);
    expect_description(sample.description, true);
    expect_description(sample.manifest, false);
    static const char *const generated[][2] = {
        {"cretula", "\"manifest/1\""},
        {"checksums", "\"abababababababababababababababababababababababababababababababab\""},
        {"notice", "\"x\""},
        {"files/0/size", "1"},
        {"files/0/sha256", "\"abababababababababababababababababababababababababababababababab\""},
        {"files/0/fsverity",
         "\"abababababababababababababababababababababababababababababababab\""},
    };
    for (size_t i = 0; i < sizeof(generated) / sizeof(generated[0]); i++) {
        json_t *changed = json_deep_copy(sample.description);
        sample_set(changed, generated[i][0], generated[i][1]);
        expect_description(changed, false);
        json_decref(changed);
    }
    sample_free(&sample);
}

/* Five values are all that a description needs. */
Test(fields, minimal_description)
{
    static const char *const needed[] = {"product/vendor", "product/name", "release/version",
                                         "release/sequence", "files/0/source"};
    json_t *minimal =
        json_pack("{s:{s:s,s:s},s:{s:s,s:i},s:[{s:s}]}", "product", "vendor", "A", "name", "B",
                  "release", "version", "1", "sequence", 0, "files", "source", "x.bin");
    expect_description(minimal, true);
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        json_t *changed = json_deep_copy(minimal);
        sample_set(changed, needed[i], NULL);
        expect_description(changed, false);
        json_decref(changed);
    }
    json_decref(minimal);
}
