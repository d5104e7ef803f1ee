/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "fixture.h"
#include "signer/description/kinds.h"
#include "signer/description/template.h"

TestSuite(template, .init = fixture_enter, .fini = fixture_leave);

static void expect_valid(const char *text)
{
    struct cret_findings *findings = cret_findings_new();
    fixture_text("release.yaml", text);
    struct cret_description *description = fixture_load(NULL);
    cr_expect_eq(cret_description_validate(description, findings), CRET_OK);
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *one = cret_findings_at(findings, i);
        cr_expect(false, "%s: %s (expected %s)", one->where, one->reason,
                  one->expected != NULL ? one->expected : "");
    }
    cret_description_free(&description);
    cret_findings_free(&findings);
}

Test(template, every_path_is_a_field)
{
    for (size_t i = 0; cret_template_path(i) != NULL; i++) {
        const char *path = cret_template_path(i);
        cr_expect(path[0] == '\0' || cret_template_field(path) != NULL, "%s", path);
    }
    cr_expect_null(cret_template_field("release.nothing"));
    cr_expect_null(cret_template_field("release.version.more"));
}

/* What is live is all that is required, and fits on a page. */
Test(template, new_one_is_valid)
{
    struct cret_buffer text = {0};
    cret_template_new(&text);
    cr_assert(!text.failed);
    expect_valid(text.data);
    size_t live = 0;
    for (const char *line = text.data; line != NULL;) {
        const size_t space = strspn(line, " ");
        live += line[space] != '#' && line[space] != '\n' && line[space] != '\0' ? 1 : 0;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    cr_expect_leq(live, 15, "%zu", live);
    cret_buffer_free(&text);
}

/* The examples that are commented out hold too, each under its own field. */
Test(template, new_one_is_valid_with_every_comment_taken_away)
{
    struct cret_buffer text = {0}, all = {0};
    cret_template_new(&text);
    cr_assert(!text.failed);
    for (const char *line = text.data; *line != '\0';) {
        const size_t size = strcspn(line, "\n") + 1;
        /* YAML follows its '#' at once, or with two spaces; prose with one. */
        const bool yaml = line[0] == '#' && (line[1] != ' ' || (line[1] == ' ' && line[2] == ' '));
        cret_buffer_append(&all, line + (yaml ? 1 : 0), size - (yaml ? 1 : 0));
        line += size;
    }
    expect_valid(all.data);
    struct cret_description *description = fixture_load(NULL);
    cr_expect_eq(json_array_size(json_object_get(description->json, "files")), 4);
    cr_expect_str_eq(
        cret_json_string(json_array_get(cret_json_get(description->json, "sbom"), 0), "format"),
        "CycloneDX-1.6");
    cret_description_free(&description);
    cret_buffer_free(&text);
    cret_buffer_free(&all);
}

/* A manifest by hand: texts that need quotes come back as they were. */
Test(template, from_a_manifest_comes_back)
{
    static const char odd[] = "a: b # \"c\" \\ 'd'\nsecond\tline";
    json_t *json =
        json_pack("{s:s, s:{s:s, s:s, s:[s,s,s]}, s:s, s:{s:s, s:i, s:s, s:{s:b, s:i}}, s:[], "
                  "s:[{s:b, s:s}], s:{s:{s:i, s:s, s:[n, b]}}}",
                  "cretula", "manifest/1", "product", "vendor", "Example: GmbH", "name", "- Thing",
                  "modelNumbers", "1.10", "yes", "\xc3\xbc", "origin", "vendor", "release",
                  "version", "1.10", "sequence", 41, "date", "2026-01-01T00:00:00Z", "rollback",
                  "allowed", 0, "securityVersion", 3, "testAdvice", "changes", "security", 1,
                  "summary", odd, "extensions", "https://example.com/x", "a", 1, "b", "12", "c", 1);
    cr_assert_not_null(json);
    struct cret_entry entries[] = {
        {.path = "SHA256SUMS"}, {.path = "d/a_b.pdf"}, {.path = "f.bin"}};
    struct cret_manifest_file files[] = {
        {.role = "checksums"},
        {.role = "document", .original = "d/a b.pdf", .media_type = "application/pdf"},
        {.role = "firmware"}};
    const struct cret_manifest manifest = {.json = json,
                                           .vendor = "Example: GmbH",
                                           .product = "- Thing",
                                           .version = "1.10",
                                           .sequence = 41,
                                           .entries = entries,
                                           .files = files,
                                           .file_count = 3};
    struct cret_buffer text = {0};
    cret_template_from(&text, &manifest, "old\x1b[31m.tar");
    cr_assert(!text.failed);
    cr_expect(strstr(text.data, "UNVERIFIED") != NULL);
    cr_expect(strchr(text.data, '\x1b') == NULL);
    expect_valid(text.data);
    struct cret_description *description = fixture_load(NULL);
    const json_t *back = description->json;
    cr_expect_str_eq(cret_json_string(back, "product.vendor"), "Example: GmbH");
    cr_expect_str_eq(cret_json_string(back, "product.name"), "- Thing");
    cr_expect(json_equal(cret_json_get(back, "product.modelNumbers"),
                         cret_json_get(json, "product.modelNumbers")));
    cr_expect_str_eq(cret_json_string(back, "release.version"), "1.10");
    cr_expect_eq(cret_json_integer(back, "release.sequence", 0), 42);
    cr_expect_null(cret_json_get(back, "release.date"));
    cr_expect(json_equal(cret_json_get(back, "release.rollback"),
                         cret_json_get(json, "release.rollback")));
    cr_expect(json_equal(cret_json_get(back, "changes"), cret_json_get(json, "changes")));
    cr_expect(json_equal(cret_json_get(back, "extensions"), cret_json_get(json, "extensions")));
    cr_expect_null(json_object_get(back, "cretula"));
    const json_t *list = json_object_get(back, "files");
    cr_assert_eq(json_array_size(list), 2);
    cr_expect_str_eq(cret_json_string(json_array_get(list, 0), "source"), "d/a b.pdf");
    cr_expect_str_eq(cret_json_string(json_array_get(list, 0), "path"), "d/a_b.pdf");
    cr_expect_str_eq(cret_json_string(json_array_get(list, 1), "source"), "f.bin");
    cr_expect_null(cret_json_string(json_array_get(list, 1), "path"));
    cret_description_free(&description);
    cret_buffer_free(&text);
    json_decref(json);
}

Test(kinds, tell_by_name)
{
    static const struct {
        const char *name, *role, *media;
    } cases[] = {
        {"fw.bin", "firmware", "application/octet-stream"},
        {"x/FW.IMG", "firmware", "application/octet-stream"},
        {"RELEASE-NOTES.md", "release-notes", "text/markdown"},
        {"ReleaseNotes 4.2.pdf", "release-notes", NULL},
        {"manual.pdf", "document", "application/pdf"},
        {"a/sbom.cdx.json", "sbom", "application/vnd.cyclonedx+json"},
        {"bom.json", "sbom", "application/vnd.cyclonedx+json"},
        {"x.spdx.json", "sbom", "application/spdx+json"},
        {"product.json", NULL, "application/json"},
        {"setup.exe", "software", "application/vnd.microsoft.portable-executable"},
        {"unknown", NULL, NULL},
        {"bin", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *role = cret_kind_role(cases[i].name);
        const char *media = cret_kind_media_type(cases[i].name);
        cr_expect(role == cases[i].role ||
                      (role != NULL && cases[i].role != NULL && strcmp(role, cases[i].role) == 0),
                  "%s: %s", cases[i].name, role);
        cr_expect(media == cases[i].media || (media != NULL && cases[i].media != NULL &&
                                              strcmp(media, cases[i].media) == 0),
                  "%s: %s", cases[i].name, media);
    }
}
