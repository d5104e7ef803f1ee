/* SPDX-License-Identifier: Apache-2.0 */
/* The checks on the content of a release: with which severity, over which bytes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/text/json.h"
#include "engine/content.h"
#include "packed.h"

static enum cret_severity severities[CRET_CHECK_COUNT];
static struct cret_profile profile;
static struct cret_content content;
static struct cret_manifest manifest;
static struct cret_findings *findings;
static struct cret_kept *kept;

static void setup(void)
{
    memset(&profile, 0, sizeof(profile));
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        severities[id] = cret_check_get((enum cret_check_id)id)->severity;
    }
    manifest = (struct cret_manifest){.json = json_object(),
                                      .vendor = "ACME",
                                      .product = "PLC",
                                      .version = "4.2.0",
                                      .sequence = 42};
    content = (struct cret_content){.manifest = &manifest,
                                    .reader = CRET_READER_OWNER,
                                    .now = PKI_NOW,
                                    .severities = severities};
    findings = cret_findings_new();
}

static void teardown(void)
{
    json_decref(manifest.json);
    cret_findings_free(&findings);
    cret_kept_free(&kept);
}

TestSuite(content, .init = setup, .fini = teardown);

/* ---- the manifest ---- */

Test(content, support_that_has_ended)
{
    static const struct {
        enum cret_severity severity;
        enum cret_result result;
    } rows[] = {{CRET_SEVERITY_WARN, CRET_RESULT_WARN},
                {CRET_SEVERITY_FAIL, CRET_RESULT_FAIL},
                {CRET_SEVERITY_IGNORE, CRET_RESULT_NOT_CHECKED}};
    json_object_set_new(manifest.json, "lifecycle",
                        json_pack("{s:s}", "endOfSecuritySupport", "2025-01-01T00:00:00Z"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        severities[CRET_CHECK_LIFECYCLE_SUPPORT] = rows[i].severity;
        cret_content_check_manifest(&content, findings);
        cr_expect_not_null(packed_found(findings, CRET_CHECK_LIFECYCLE_SUPPORT, rows[i].result),
                           "%zu", i);
        cret_findings_free(&findings);
        findings = cret_findings_new();
    }
    profile.has_severity[CRET_CHECK_LIFECYCLE_SUPPORT] = true;
    profile.severities[CRET_CHECK_LIFECYCLE_SUPPORT] = CRET_SEVERITY_FAIL;
    content.profile = &profile;
    cret_content_check_manifest(&content, findings);
    cr_expect_not_null(packed_found(findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL));
}

/* ---- texts of documents ---- */

#define CLAIM "This product is IEC 62443-4-2 certified.\n"

static struct cret_entry entries[4];
static struct cret_manifest_file files[4] = {
    {.role = "release-notes"}, {.role = "document"}, {.role = "document"}, {.role = "firmware"}};

static void keep(size_t entry, const char *text)
{
    struct cret_err err;
    cr_assert_eq(cret_kept_take(kept, entry, 0, (const uint8_t *)text, strlen(text), &err),
                 CRET_OK);
}

static void list_files(void)
{
    static const char *const paths[] = {"a.txt", "b.pdf", "c.txt", "d.txt"};
    struct cret_err err;
    for (size_t i = 0; i < 4; i++) {
        entries[i] = (struct cret_entry){.path = paths[i], .size = sizeof(CLAIM) - 1};
    }
    manifest.entries = entries;
    manifest.files = files;
    manifest.file_count = 4;
    cr_assert_eq(cret_kept_new(&kept, 4, &err), CRET_OK);
}

Test(content, claims_are_looked_for_in_what_was_read)
{
    static const bool read[4] = {true, true, false, true};
    struct cret_err err;
    list_files();
    content.read = read;
    cr_assert_eq(cret_content_choose(&content, kept, &err), CRET_OK);
    cr_expect(cret_kept_has(kept, 0));
    cr_expect_not(cret_kept_has(kept, 1), "no text");
    cr_expect_not(cret_kept_has(kept, 2), "not read in this run");
    cr_expect_not(cret_kept_has(kept, 3), "no document");
    keep(0, CLAIM);
    content.kept = kept;
    cr_assert_eq(cret_content_check_payload(&content, findings, NULL, &err), CRET_OK);
    const struct cret_finding *claim =
        packed_found(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_WARN);
    cr_assert_not_null(claim);
    cr_expect_not_null(strstr(claim->where, "a.txt"), "%s", claim->where);
    const struct cret_finding *unread =
        packed_found(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_NOT_CHECKED);
    cr_assert_not_null(unread);
    cr_expect_not_null(strstr(unread->reason, "2 documents were not searched"), "%s",
                       unread->reason);
}

/* Memory stays flat: what does not fit is left out, and the next one that fits is not. */
Test(content, documents_beyond_the_room_are_left_out)
{
    struct cret_err err;
    list_files();
    entries[0].size = CRET_LIMIT_SCANNED_BYTES + 1ull;
    cr_assert_eq(cret_content_choose(&content, kept, &err), CRET_OK);
    cr_expect_not(cret_kept_has(kept, 0));
    cr_expect(cret_kept_has(kept, 2));
}

/* ---- the SBOM ---- */

#define SBOM_TEXT                                                                                  \
    "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": 1, \"metadata\": {"     \
    "\"component\": {\"type\": \"firmware\", \"name\": \"PLC\", \"version\": \"4.2.0\"}}, "        \
    "\"components\": [{\"type\": \"library\", \"name\": \"tls\"}]}"

static void list_sbom(void)
{
    static struct cret_manifest_file file = {.role = "sbom"};
    struct cret_err err;
    entries[0] = (struct cret_entry){.path = "sbom.json", .size = sizeof(SBOM_TEXT) - 1};
    manifest.entries = entries;
    manifest.files = &file;
    manifest.file_count = 1;
    json_object_set_new(
        manifest.json, "sbom",
        json_loads("[{\"file\": \"sbom.json\", \"format\": \"CycloneDX-1.6\"}]", 0, NULL));
    cr_assert_eq(cret_kept_new(&kept, 1, &err), CRET_OK);
    content.kept = kept;
}

static void check_sbom(struct cret_content_facts *ret_facts)
{
    struct cret_err err;
    cret_findings_free(&findings);
    findings = cret_findings_new();
    cret_err_clear(&err);
    cr_assert_eq(cret_content_check_payload(&content, findings, ret_facts, &err), CRET_OK, "%s",
                 err.what);
}

static bool speaks_of(enum cret_check_id check)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        if (cret_findings_at(findings, i)->check == check) {
            return true;
        }
    }
    return false;
}

Test(content, an_sbom_is_judged_as_policy_and_profile_ask)
{
    struct cret_err err;
    struct cret_content_facts facts = {0};
    list_sbom();
    cr_assert_eq(cret_content_choose(&content, kept, &err), CRET_OK);
    keep(0, SBOM_TEXT);
    severities[CRET_CHECK_SBOM_NTIA] = CRET_SEVERITY_IGNORE;
    severities[CRET_CHECK_SBOM_BSI] = CRET_SEVERITY_IGNORE;
    content.want_subjects = true;
    check_sbom(&facts);
    cr_expect_not(speaks_of(CRET_CHECK_SBOM_NTIA), "what is ignored says nothing");
    cr_expect_not(speaks_of(CRET_CHECK_SBOM_BSI));
    cr_expect_not_null(packed_found(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS));
    cr_expect_not_null(packed_found(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL),
                       "it does not describe these bytes");
    cr_expect_not_null(facts.subjects);
    cr_expect(facts.sboms[0].read && !facts.sboms[1].read);
    cret_content_facts_clear(&facts);
    profile.has_severity[CRET_CHECK_SBOM_NTIA] = true;
    profile.severities[CRET_CHECK_SBOM_NTIA] = CRET_SEVERITY_FAIL;
    content.profile = &profile;
    check_sbom(NULL);
    cr_expect_not_null(packed_found(findings, CRET_CHECK_SBOM_NTIA, CRET_RESULT_FAIL));
}

/* lesson 32: of what was not read, nothing is said to be in order. */
Test(content, an_sbom_that_was_not_read)
{
    static const bool none[1] = {false};
    struct cret_err err;
    list_sbom();
    check_sbom(NULL); /* too large to be kept */
    cr_expect_not_null(packed_found(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_NOT_CHECKED));
    cr_expect_not_null(packed_found(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_NOT_CHECKED));
    content.read = none;
    check_sbom(NULL);
    const struct cret_finding *unread =
        packed_found(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_NOT_CHECKED);
    cr_assert_not_null(unread);
    cr_expect_not_null(strstr(unread->reason, "--only"), "%s", unread->reason);
    cr_assert_eq(cret_content_choose(&content, kept, &err), CRET_OK);
    cr_expect_not(cret_kept_has(kept, 0));
    cr_expect_null(packed_found(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_PASS));
    cr_expect_null(packed_found(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_PASS));
}

Test(content, what_could_not_be_found_out_of_an_sbom_ends_it)
{
    struct cret_err err;
    list_sbom();
    cr_assert_eq(cret_content_choose(&content, kept, &err), CRET_OK);
    keep(0, "{");
    cret_fault_note("a test denied it");
    cret_err_clear(&err);
    cr_expect_eq(cret_content_check_payload(&content, findings, NULL, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_eq(cret_findings_count(findings), 0);
}
