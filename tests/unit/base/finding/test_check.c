/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/text/text.h"

/* "folder.name", lower case, digits and hyphens. */
static void assert_name(const char *name)
{
    cr_assert_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-"), strlen(name), "%s", name);
    cr_assert_not_null(strchr(name, '.'), "%s", name);
}

static void assert_text(const char *name, const char *text)
{
    cr_assert_not_null(text, "%s", name);
    cr_assert_gt(strlen(text), 30, "%s: %s", name, text);
    cr_assert(cret_text_clean(text, false), "%s", name);
    cr_assert_null(strstr(text, "  "), "%s: two spaces: %s", name, text);
    cr_assert_neq(text[0], ' ', "%s", name);
    cr_assert_not_null(strchr(".?", text[strlen(text) - 1]), "%s: a sentence ends: %s", name, text);
}

Test(check, every_row_is_complete_and_at_its_place)
{
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        cr_assert_eq(check->id, (enum cret_check_id)id, "row %d", id);
        assert_name(check->name);
        cr_assert_leq(strlen(check->title), 60, "%s", check->title);
        cr_assert_gt(strlen(check->title), 10, "%s", check->name);
        assert_text(check->name, check->meaning);
        assert_text(check->name, check->causes);
        assert_text(check->name, check->ask);
        if (check->core) {
            cr_assert_eq(check->severity, CRET_SEVERITY_FAIL, "%s", check->name);
        }
        cr_assert_eq(cret_check_find(check->name), check, "names are unique: %s", check->name);
    }
}

Test(check, what_is_no_check_is_found_as_none)
{
    cr_assert_null(cret_check_find("none"));
    cr_assert_null(cret_check_find(""));
    cr_assert_null(cret_check_find(NULL));
    cr_assert_null(cret_check_find("archive.frame"));
    cr_assert_eq(cret_check_get(CRET_CHECK_COUNT)->id, CRET_CHECK_NONE);
    cr_assert_eq(cret_check_get((enum cret_check_id) - 1)->id, CRET_CHECK_NONE);
    cr_assert_eq(cret_check_get(CRET_CHECK_NONE)->severity, CRET_SEVERITY_FAIL);
}

/* Stable for ever: policies, waivers and records name checks by these. */
Test(check, names_of_the_core_checks_and_default_severities)
{
    static const struct {
        const char *name;
        enum cret_check_id id;
        bool core;
        enum cret_severity severity;
    } rows[] = {
        {"archive.framing", CRET_CHECK_ARCHIVE_FRAMING, true, CRET_SEVERITY_FAIL},
        {"archive.limits", CRET_CHECK_ARCHIVE_LIMITS, true, CRET_SEVERITY_FAIL},
        {"manifest.form", CRET_CHECK_MANIFEST_FORM, true, CRET_SEVERITY_FAIL},
        {"file.paths", CRET_CHECK_FILE_PATHS, true, CRET_SEVERITY_FAIL},
        {"file.digests", CRET_CHECK_FILE_DIGESTS, true, CRET_SEVERITY_FAIL},
        {"file.checksums", CRET_CHECK_FILE_CHECKSUMS, true, CRET_SEVERITY_FAIL},
        {"signature.form", CRET_CHECK_SIGNATURE_FORM, true, CRET_SEVERITY_FAIL},
        {"signature.algorithm", CRET_CHECK_SIGNATURE_ALGORITHM, true, CRET_SEVERITY_FAIL},
        {"signature.value", CRET_CHECK_SIGNATURE_VALUE, true, CRET_SEVERITY_FAIL},
        {"certificate.path", CRET_CHECK_CERTIFICATE_PATH, true, CRET_SEVERITY_FAIL},
        {"certificate.validity", CRET_CHECK_CERTIFICATE_VALIDITY, true, CRET_SEVERITY_FAIL},
        {"certificate.usage", CRET_CHECK_CERTIFICATE_USAGE, true, CRET_SEVERITY_FAIL},
        {"certificate.algorithm", CRET_CHECK_CERTIFICATE_ALGORITHM, true, CRET_SEVERITY_FAIL},
        {"certificate.revocation", CRET_CHECK_CERTIFICATE_REVOCATION, true, CRET_SEVERITY_FAIL},
        {"signature.timestamp", CRET_CHECK_SIGNATURE_TIMESTAMP, true, CRET_SEVERITY_FAIL},
        {"signature.post-quantum", CRET_CHECK_SIGNATURE_POST_QUANTUM, true, CRET_SEVERITY_FAIL},
        {"trust.example-key", CRET_CHECK_TRUST_EXAMPLE_KEY, true, CRET_SEVERITY_FAIL},
        {"trust.threshold", CRET_CHECK_TRUST_THRESHOLD, true, CRET_SEVERITY_FAIL},
        {"trust.scope", CRET_CHECK_TRUST_SCOPE, true, CRET_SEVERITY_FAIL},
        {"policy.review", CRET_CHECK_POLICY_REVIEW, false, CRET_SEVERITY_WARN},
        {"release.identity", CRET_CHECK_RELEASE_IDENTITY, false, CRET_SEVERITY_FAIL},
        {"release.product", CRET_CHECK_RELEASE_PRODUCT, false, CRET_SEVERITY_FAIL},
        {"release.hardware", CRET_CHECK_RELEASE_HARDWARE, false, CRET_SEVERITY_FAIL},
        {"release.sequence", CRET_CHECK_RELEASE_SEQUENCE, false, CRET_SEVERITY_FAIL},
        {"sbom.form", CRET_CHECK_SBOM_FORM, false, CRET_SEVERITY_FAIL},
        {"sbom.binding", CRET_CHECK_SBOM_BINDING, false, CRET_SEVERITY_FAIL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cret_check *check = cret_check_find(rows[i].name);
        cr_assert_not_null(check, "%s", rows[i].name);
        cr_assert_eq(check->id, rows[i].id, "%s", rows[i].name);
        cr_assert_eq(check->core, rows[i].core, "%s", rows[i].name);
        cr_assert_eq(check->severity, rows[i].severity, "%s", rows[i].name);
    }
}

Test(check, severities_have_names)
{
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_IGNORE), "ignore");
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_WARN), "warn");
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_FAIL), "fail");
    cr_assert_str_eq(cret_severity_name((enum cret_severity)7), "fail");
}
