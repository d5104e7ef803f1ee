/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/finding/err.h"
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

/* Stable for ever: policies, waivers and records name checks by these. What a row lets be softened
 * was decided: whoever changes one changes it here too, and knows why. */
Test(check, every_row_has_the_name_and_the_properties_that_were_decided)
{
    enum { always, asked }; /* a core check is required */
    enum { never, waivable };
#define R(name, id, kind, when, severity, setter, waiver)                                          \
    {                                                                                              \
        name, CRET_CHECK_##id, CRET_CHECK_KIND_##kind, (when) == asked, CRET_SEVERITY_##severity,  \
            CRET_SET_BY_##setter, (waiver) == waivable                                             \
    }
    static const struct {
        const char *name;
        enum cret_check_id id;
        enum cret_check_kind kind;
        bool asked;
        enum cret_severity severity;
        enum cret_set_by set_by;
        bool waivable;
    } rows[] = {
        R("archive.framing", ARCHIVE_FRAMING, CORE, always, FAIL, NOBODY, never),
        R("archive.limits", ARCHIVE_LIMITS, CORE, always, FAIL, NOBODY, never),
        R("foreign.form", FOREIGN_FORM, FOREIGN, always, FAIL, NOBODY, never),
        R("foreign.value", FOREIGN_VALUE, FOREIGN, always, FAIL, NOBODY, never),
        R("foreign.coverage", FOREIGN_COVERAGE, FOREIGN, always, FAIL, NOBODY, never),
        R("foreign.strength", FOREIGN_STRENGTH, FOREIGN, always, FAIL, NOBODY, never),
        R("foreign.timestamp", FOREIGN_TIMESTAMP, FOREIGN, always, FAIL, NOBODY, never),
        R("foreign.pin", FOREIGN_PIN, FOREIGN, always, FAIL, NOBODY, never),
        R("manifest.form", MANIFEST_FORM, CORE, always, FAIL, NOBODY, never),
        R("file.paths", FILE_PATHS, CORE, always, FAIL, NOBODY, never),
        R("file.digests", FILE_DIGESTS, CORE, always, FAIL, NOBODY, never),
        R("file.checksums", FILE_CHECKSUMS, CORE, always, FAIL, NOBODY, never),
        R("signature.form", SIGNATURE_FORM, CORE, always, FAIL, NOBODY, never),
        R("signature.algorithm", SIGNATURE_ALGORITHM, CORE, always, FAIL, NOBODY, never),
        R("signature.value", SIGNATURE_VALUE, CORE, always, FAIL, NOBODY, never),
        R("certificate.path", CERTIFICATE_PATH, CORE, always, FAIL, NOBODY, never),
        R("certificate.validity", CERTIFICATE_VALIDITY, CORE, always, FAIL, NOBODY, never),
        R("certificate.usage", CERTIFICATE_USAGE, CORE, always, FAIL, NOBODY, never),
        R("certificate.algorithm", CERTIFICATE_ALGORITHM, CORE, always, FAIL, NOBODY, never),
        R("certificate.revocation", CERTIFICATE_REVOCATION, CORE, asked, FAIL, NOBODY, never),
        R("signature.timestamp", SIGNATURE_TIMESTAMP, CORE, asked, FAIL, NOBODY, never),
        R("signature.post-quantum", SIGNATURE_POST_QUANTUM, CORE, asked, FAIL, NOBODY, never),
        R("signature.lasting", SIGNATURE_LASTING, RELEASE, always, WARN, POLICY, waivable),
        R("trust.example-key", TRUST_EXAMPLE_KEY, CORE, always, FAIL, NOBODY, never),
        R("trust.threshold", TRUST_THRESHOLD, CORE, always, FAIL, NOBODY, never),
        R("trust.scope", TRUST_SCOPE, CORE, always, FAIL, NOBODY, never),
        R("package.zip", PACKAGE_ZIP, CORE, asked, FAIL, NOBODY, never),
        R("package.manifest", PACKAGE_MANIFEST, CORE, asked, FAIL, NOBODY, never),
        R("package.metadata", PACKAGE_METADATA, CORE, asked, FAIL, NOBODY, never),
        R("package.release", PACKAGE_RELEASE, CORE, asked, FAIL, NOBODY, never),
        R("policy.review", POLICY_REVIEW, RELEASE, always, WARN, POLICY, waivable),
        R("release.identity", RELEASE_IDENTITY, OPERATOR, always, FAIL, NOBODY, never),
        R("release.product", RELEASE_PRODUCT, OPERATOR, always, FAIL, NOBODY, never),
        R("release.hardware", RELEASE_HARDWARE, OPERATOR, always, FAIL, NOBODY, never),
        R("release.sequence", RELEASE_SEQUENCE, RELEASE, always, FAIL, POLICY, waivable),
        R("release.backout", RELEASE_BACKOUT, JOURNAL, always, WARN, POLICY, waivable),
        R("release.upgrade", RELEASE_UPGRADE, RELEASE, always, WARN, POLICY, waivable),
        R("release.adoption", RELEASE_ADOPTION, RELEASE, always, FAIL, POLICY, waivable),
        R("file.intended", FILE_INTENDED, SIGNER, always, WARN, PROFILE, never),
        R("release.values", RELEASE_VALUES, RELEASE, always, WARN, POLICY, waivable),
        R("lifecycle.support", LIFECYCLE_SUPPORT, RELEASE, always, WARN, POLICY, waivable),
        R("lifecycle.dates", LIFECYCLE_DATES, RELEASE, always, WARN, POLICY, waivable),
        R("lifecycle.updates", LIFECYCLE_UPDATES, RELEASE, always, WARN, POLICY, waivable),
        R("release.separate", RELEASE_SEPARATE, RELEASE, always, WARN, POLICY, waivable),
        R("document.applies", DOCUMENT_APPLIES, RELEASE, always, FAIL, POLICY, waivable),
        R("document.review", DOCUMENT_REVIEW, RELEASE, always, WARN, POLICY, waivable),
        R("document.identity", DOCUMENT_IDENTITY, JOURNAL, always, FAIL, POLICY, waivable),
        R("document.also", DOCUMENT_ALSO, OPERATOR, always, FAIL, NOBODY, never),
        R("topics.answered", TOPICS_ANSWERED, RELEASE, always, WARN, POLICY, waivable),
        R("claims.hygiene", CLAIMS_HYGIENE, RELEASE, always, WARN, POLICY, waivable),
        R("sbom.form", SBOM_FORM, RELEASE, always, FAIL, POLICY, waivable),
        R("sbom.binding", SBOM_BINDING, RELEASE, always, FAIL, POLICY, waivable),
        R("sbom.nested", SBOM_NESTED, RELEASE, always, FAIL, POLICY, waivable),
        R("sbom.unread", SBOM_UNREAD, RELEASE, always, WARN, POLICY, waivable),
        R("sbom.cisa", SBOM_CISA, RELEASE, always, WARN, POLICY, waivable),
        R("sbom.ntia", SBOM_NTIA, RELEASE, always, IGNORE, POLICY, waivable),
        R("sbom.bsi", SBOM_BSI, RELEASE, always, IGNORE, POLICY, waivable),
        R("vex.match", VEX_MATCH, RELEASE, always, WARN, POLICY, waivable),
        R("advisory.digest", ADVISORY_DIGEST, RELEASE, always, FAIL, POLICY, waivable),
        R("advisory.match", ADVISORY_MATCH, RELEASE, always, WARN, POLICY, waivable),
        R("provenance.form", PROVENANCE_FORM, RELEASE, always, FAIL, POLICY, waivable),
        R("provenance.subject", PROVENANCE_SUBJECT, RELEASE, always, FAIL, POLICY, waivable),
        R("provenance.coverage", PROVENANCE_COVERAGE, RELEASE, always, WARN, POLICY, waivable),
        R("provenance.signature", PROVENANCE_SIGNATURE, RELEASE, always, WARN, POLICY, waivable),
        R("waiver.form", WAIVER_FORM, WAIVER, always, WARN, POLICY, never),
        R("waiver.signature", WAIVER_SIGNATURE, WAIVER, always, WARN, POLICY, never),
        R("waiver.applies", WAIVER_APPLIES, WAIVER, always, WARN, POLICY, never),
        R("waiver.period", WAIVER_PERIOD, WAIVER, always, WARN, POLICY, never),
        R("waiver.allowed", WAIVER_ALLOWED, WAIVER, always, WARN, POLICY, never),
        R("tpm.anchor", TPM_ANCHOR, TPM, always, FAIL, NOBODY, never),
        R("tpm.journal", TPM_JOURNAL, TPM, always, FAIL, NOBODY, never),
        R("tpm.signature", TPM_SIGNATURE, TPM, always, FAIL, NOBODY, never),
        R("tpm.attestation", TPM_ATTESTATION, TPM, always, FAIL, NOBODY, never),
        R("evidence.syslog", EVIDENCE_SYSLOG, STATION, always, WARN, POLICY, never),
        R("evidence.order", EVIDENCE_ORDER, STATION, always, WARN, POLICY, never),
        R("run.confinement", RUN_CONFINEMENT, STATION, always, WARN, POLICY, never),
        R("evidence.journal", EVIDENCE_JOURNAL, STATION, always, FAIL, NOBODY, never),
        R("evidence.record", EVIDENCE_RECORD, STATION, always, FAIL, NOBODY, never),
        R("evidence.result", EVIDENCE_RESULT, STATION, always, FAIL, NOBODY, never),
        R("journal.chain", JOURNAL_CHAIN, STATION, always, FAIL, NOBODY, never),
        R("journal.records", JOURNAL_RECORDS, STATION, always, FAIL, NOBODY, never),
        R("record.form", RECORD_FORM, STATION, always, FAIL, NOBODY, never),
        R("record.signature", RECORD_SIGNATURE, STATION, always, FAIL, NOBODY, never),
        R("record.page", RECORD_PAGE, STATION, always, FAIL, NOBODY, never),
        R("seal.form", SEAL_FORM, OPERATOR, always, FAIL, NOBODY, never),
        R("seal.data", SEAL_DATA, OPERATOR, always, FAIL, NOBODY, never),
        R("seal.time", SEAL_TIME, OPERATOR, always, FAIL, NOBODY, never),
        R("trust.rotation", TRUST_ROTATION, STATION, always, FAIL, NOBODY, never),
    };
#undef R
    cr_assert_eq(sizeof(rows) / sizeof(rows[0]), CRET_CHECK_COUNT - 1, "each row once");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cret_check *check = cret_check_find(rows[i].name);
        cr_assert_not_null(check, "%s", rows[i].name);
        cr_expect_eq(check->id, rows[i].id, "%s", rows[i].name);
        cr_expect_eq(check->kind, rows[i].kind, "%s", rows[i].name);
        cr_expect_eq(check->asked, rows[i].asked, "%s", rows[i].name);
        cr_expect_eq(check->severity, rows[i].severity, "%s", rows[i].name);
        cr_expect_eq(check->set_by, rows[i].set_by, "%s", rows[i].name);
        cr_expect_eq(check->waivable, rows[i].waivable, "%s", rows[i].name);
    }
}

/* Whatever a row says: the core fails, and neither the operator's questions nor a TPM's answers are
 * softened. */
Test(check, no_row_softens_what_is_never_softened)
{
    for (int id = CRET_CHECK_NONE; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        if (check->kind == CRET_CHECK_KIND_CORE || check->kind == CRET_CHECK_KIND_OPERATOR ||
            check->kind == CRET_CHECK_KIND_TPM) {
            cr_expect_eq(check->severity, CRET_SEVERITY_FAIL, "%s", check->name);
            cr_expect_eq(check->set_by, CRET_SET_BY_NOBODY, "%s", check->name);
            cr_expect_not(check->waivable, "%s", check->name);
        }
        cr_expect(!check->asked || check->kind == CRET_CHECK_KIND_CORE, "%s", check->name);
        cr_expect(!check->waivable || check->set_by == CRET_SET_BY_POLICY, "%s", check->name);
    }
}

static void expect_refused(enum cret_status status, const struct cret_err *err, const char *name,
                           const char *why)
{
    cr_expect_eq(status, CRET_FAILED, "%s", name);
    cr_expect_eq(err->class, CRET_ERR_USAGE, "%s", name);
    cr_expect_not_null(strstr(err->what, name), "%s: %s", name, err->what);
    cr_expect_not_null(strstr(err->what, why), "%s: %s", name, err->what);
}

/* A file that softens what nothing softens is refused, with the reason. */
Test(check, files_name_only_checks_that_they_can_soften)
{
    static const enum cret_set_by setters[] = {CRET_SET_BY_PROFILE, CRET_SET_BY_POLICY};
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id), *found = NULL;
        const char *why = cret_check_kind_reason(check->kind);
        struct cret_err err = {0};
        for (size_t i = 0; i < sizeof(setters) / sizeof(setters[0]); i++) {
            const enum cret_status status =
                cret_check_to_set(&found, check->name, setters[i], &err);
            if (check->set_by >= setters[i]) {
                cr_expect(status == CRET_OK && found == check, "%s", check->name);
            } else {
                expect_refused(status, &err, check->name, why);
            }
        }
        const enum cret_status status = cret_check_to_waive(&found, check->name, &err);
        if (check->waivable) {
            cr_expect(status == CRET_OK && found == check, "%s", check->name);
        } else {
            expect_refused(status, &err, check->name, why);
        }
    }
}

Test(check, files_name_no_check_that_there_is_not)
{
    static const char *const unknown[] = {"none", "", "sbom.", "sbom.ntia ", "SBOM.NTIA", NULL};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        const struct cret_check *found = NULL;
        struct cret_err err = {0};
        cr_expect_eq(cret_check_to_set(&found, unknown[i], CRET_SET_BY_PROFILE, &err), CRET_FAILED);
        cr_expect_not_null(strstr(err.what, "there is no check"), "%s", err.what);
        cr_expect_eq(cret_check_to_waive(&found, unknown[i], &err), CRET_FAILED);
        cr_expect_not_null(strstr(err.what, "there is no check"), "%s", err.what);
        cr_expect_null(found);
    }
}

Test(check, names_of_profiles_lead_to_their_checks)
{
    static const char *const near[][2] = {
        {"bsi", "sbom.bsi"},   {"cisa-2026", "sbom.cisa"},  {"ntia-2021", "sbom.ntia"},
        {"NTIA", "sbom.ntia"}, {"digests", "file.digests"}, {"form", NULL},
        {"bsix", NULL},        {"cra-annex2", NULL},        {"sbom.bs", "sbom.bsi"},
    };
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        const char *found = cret_check_nearest(near[i][0]);
        cr_expect(near[i][1] == NULL ? found == NULL
                                     : found != NULL && strcmp(found, near[i][1]) == 0,
                  "%s: %s", near[i][0], found != NULL ? found : "nothing");
    }
}

Test(check, kinds_have_names)
{
    cr_assert_str_eq(cret_check_kind_name(CRET_CHECK_KIND_CORE), "core");
    cr_assert_str_eq(cret_check_kind_name(CRET_CHECK_KIND_STATION), "station");
    cr_assert_str_eq(cret_check_kind_name(CRET_CHECK_KIND_FOREIGN), "foreign");
    cr_assert_str_eq(cret_check_kind_name(CRET_CHECK_KIND_COUNT), "core");
    cr_assert_str_eq(cret_check_kind_reason((enum cret_check_kind)77), "it is a core check");
}

Test(check, severities_have_names)
{
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_IGNORE), "ignore");
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_WARN), "warn");
    cr_assert_str_eq(cret_severity_name(CRET_SEVERITY_FAIL), "fail");
    cr_assert_str_eq(cret_severity_name((enum cret_severity)7), "fail");
}
