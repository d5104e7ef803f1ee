/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/finding/finding.h"
#include "base/finding/limits.h"

Test(finding, a_result_that_nobody_set_is_fail)
{
    struct cret_finding finding = {0};
    cr_assert_eq(finding.result, CRET_RESULT_FAIL);
    cr_assert_str_eq(cret_result_name(finding.result), "FAIL");
    cr_assert_str_eq(cret_result_name((enum cret_result)99), "FAIL");
    cr_assert_str_eq(cret_result_name(CRET_RESULT_NOT_CHECKED), "NOT_CHECKED");
    cr_assert_str_eq(cret_result_name(CRET_RESULT_PASS), "PASS");
    cr_assert_str_eq(cret_result_name(CRET_RESULT_WARN), "WARN");
    cr_assert_str_eq(cret_result_name(CRET_RESULT_WAIVED), "WAIVED");
}

Test(finding, entries_are_copied_and_counted)
{
    struct cret_findings *findings = cret_findings_new();
    char where[] = "#/a";
    cret_findings_add(findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = where, .actual = "", .hint = "do"},
                      "%d things", 3);
    where[0] = 'X';
    const struct cret_finding *finding = cret_findings_at(findings, 0);
    cr_assert_str_eq(finding->where, "#/a");
    cr_assert_str_eq(finding->reason, "3 things");
    cr_assert_null(finding->expected);
    cr_assert_null(finding->actual, "an empty text says nothing");
    cr_assert_str_eq(finding->hint, "do");
    struct cret_err err = {0};
    cret_err_refuse(&err, CRET_CHECK_FILE_PATHS, "bad");
    cret_err_actual(&err, "x");
    cret_findings_add_err(findings, CRET_RESULT_WARN, &err);
    cr_assert_eq(cret_findings_count(findings), 2);
    cr_assert_str_eq(cret_findings_at(findings, 1)->reason, "bad");
    cr_assert_str_eq(cret_findings_at(findings, 1)->actual, "x");
    cr_assert_null(cret_findings_at(findings, 1)->where);
    cr_assert_eq(cret_findings_tally(findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_FAIL), 1);
    cr_assert_eq(cret_findings_tally(findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_WARN), 1);
    cr_assert_eq(cret_findings_tally(findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_FAIL), 0);
    cr_assert_null(cret_findings_at(findings, 2));
    cr_assert_not(cret_findings_broken(findings));
    cret_findings_free(&findings);
    cr_assert_null(findings);
    cret_findings_free(&findings);
}

Test(finding, a_full_list_is_broken_and_keeps_what_it_has)
{
    struct cret_findings *findings = cret_findings_new();
    for (size_t i = 0; i < CRET_LIMIT_FINDINGS; i++) {
        cret_findings_add(findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_FAIL,
                          (struct cret_finding_text){0}, "x");
    }
    cr_assert_not(cret_findings_broken(findings));
    cret_findings_add(
        findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = "w", .expected = "e", .actual = "a", .hint = "h"}, "x");
    cr_assert(cret_findings_broken(findings));
    cr_assert_eq(cret_findings_count(findings), CRET_LIMIT_FINDINGS);
    cret_findings_free(&findings);
}

Test(finding, no_list_is_a_broken_list)
{
    cr_assert(cret_findings_broken(NULL));
    cr_assert_eq(cret_findings_count(NULL), 0);
    cret_findings_add(NULL, CRET_CHECK_NONE, CRET_RESULT_PASS, (struct cret_finding_text){0}, "x");
}

/* Whoever reads why a run ended is told the reason, not a likely one. */
Test(finding, what_keeps_a_list_from_being_whole_is_said)
{
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect_eq(cret_findings_whole(findings, &err), CRET_OK);
    cret_findings_break(findings);
    cr_expect_eq(cret_findings_whole(findings, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(err.what, "too many findings"), "%s", err.what);
    cret_fault_note("a test denied it");
    cr_expect_eq(cret_findings_whole(findings, &err), CRET_FAILED);
    cr_expect_not_null(strstr(err.what, "a test denied it"), "%s", err.what);
    cr_expect_eq(cret_findings_whole(NULL, &err), CRET_FAILED);
    cret_findings_free(&findings);
}

Test(finding, waived_is_never_passed_and_no_core_check_is_waived)
{
    struct cret_findings *findings = cret_findings_new();
    cret_findings_add(findings, CRET_CHECK_SBOM_NTIA, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = "#/a", .hint = "old"}, "one");
    cret_findings_add(findings, CRET_CHECK_SBOM_NTIA, CRET_RESULT_WARN,
                      (struct cret_finding_text){.hint = "old"}, "two");
    cret_findings_add(findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.hint = "old"}, "three");
    cr_expect_eq(cret_findings_waive(findings, CRET_CHECK_SBOM_NTIA, "waived"), 1);
    cr_expect_eq(cret_findings_waive(findings, CRET_CHECK_SBOM_NTIA, "waived"), 0);
    cr_expect_eq(cret_findings_waive(findings, CRET_CHECK_FILE_DIGESTS, "waived"), 0);
    cr_expect_eq(cret_findings_at(findings, 0)->result, CRET_RESULT_WAIVED);
    cr_expect_str_eq(cret_findings_at(findings, 0)->hint, "waived");
    cr_expect_str_eq(cret_findings_at(findings, 0)->reason, "one");
    cr_expect_eq(cret_findings_at(findings, 1)->result, CRET_RESULT_WARN);
    cr_expect_str_eq(cret_findings_at(findings, 1)->hint, "old");
    cr_expect_eq(cret_findings_at(findings, 2)->result, CRET_RESULT_FAIL);
    cret_findings_free(&findings);
}
