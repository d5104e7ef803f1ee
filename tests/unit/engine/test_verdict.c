/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict: from refusal on (lesson 3: nothing to check is never success). */
#include <criterion/criterion.h>

#include "engine/verdict.h"

static struct cret_required required;
static struct cret_findings *findings;

/* Every required check passes once: the least that is ACCEPTED. */
static void setup(void)
{
    cret_required_core(&required);
    findings = cret_findings_new();
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        if (required.check[id]) {
            cret_findings_add(findings, (enum cret_check_id)id, CRET_RESULT_PASS,
                              (struct cret_finding_text){0}, "passed");
        }
    }
}

static void teardown(void)
{
    cret_findings_free(&findings);
}

TestSuite(verdict, .init = setup, .fini = teardown);

static enum cret_verdict decide(void)
{
    return cret_verdict_decide(findings, &required, false);
}

static void add(enum cret_check_id check, enum cret_result result)
{
    cret_findings_add(findings, check, result, (struct cret_finding_text){0}, "added");
}

Test(verdict, all_required_passed_is_accepted)
{
    cr_assert_eq(decide(), CRET_VERDICT_ACCEPTED);
    cr_assert_eq(cret_verdict_decide(findings, &required, true), CRET_VERDICT_PARTIAL);
}

Test(verdict, lesson_3_an_empty_list_is_refused)
{
    struct cret_findings *empty = cret_findings_new();
    cr_assert_eq(cret_verdict_decide(empty, &required, false), CRET_VERDICT_REFUSED);
    cr_assert_eq(cret_verdict_decide(empty, &required, true), CRET_VERDICT_REFUSED);
    cr_assert_eq(cret_verdict_decide(NULL, &required, false), CRET_VERDICT_UNDECIDED);
    cret_findings_free(&empty);
}

Test(verdict, each_required_check_that_is_silent_refuses)
{
    for (int missing = CRET_CHECK_NONE + 1; missing < CRET_CHECK_COUNT; missing++) {
        if (!required.check[missing]) {
            continue;
        }
        struct cret_findings *list = cret_findings_new();
        for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
            if (required.check[id] && id != missing) {
                cret_findings_add(list, (enum cret_check_id)id, CRET_RESULT_PASS,
                                  (struct cret_finding_text){0}, "passed");
            }
        }
        cr_assert_eq(cret_verdict_decide(list, &required, false), CRET_VERDICT_REFUSED, "%s",
                     cret_check_get((enum cret_check_id)missing)->name);
        cret_findings_free(&list);
    }
}

/* What the verifier owes decides nothing against the release, and nothing for it. */
Test(verdict, an_answer_that_is_owed_leaves_it_undecided)
{
    add(CRET_CHECK_EVIDENCE_RECORD, CRET_RESULT_NOT_CHECKED);
    cr_expect_eq(decide(), CRET_VERDICT_UNDECIDED);
    cr_expect_eq(cret_verdict_decide(findings, &required, true), CRET_VERDICT_UNDECIDED);
    add(CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL);
    cr_expect_eq(decide(), CRET_VERDICT_REFUSED);
}

Test(verdict, any_fail_refuses)
{
    add(CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
}

Test(verdict, a_fail_beside_a_pass_of_the_same_check_refuses)
{
    add(CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_FAIL);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
}

Test(verdict, a_required_check_that_was_not_checked_refuses)
{
    add(CRET_CHECK_FILE_DIGESTS, CRET_RESULT_NOT_CHECKED);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
}

Test(verdict, warnings_and_unchecked_extras_do_not_refuse)
{
    add(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_WARN);
    add(CRET_CHECK_SBOM_BINDING, CRET_RESULT_NOT_CHECKED);
    cr_assert_eq(decide(), CRET_VERDICT_ACCEPTED);
}

Test(verdict, waivers_show_in_the_verdict_and_never_reach_core_checks)
{
    add(CRET_CHECK_SBOM_BINDING, CRET_RESULT_WAIVED);
    cr_assert_eq(decide(), CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
    add(CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_WAIVED);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
}

Test(verdict, exit_codes)
{
    cr_assert_eq(cret_verdict_exit_code(CRET_VERDICT_ACCEPTED), 0);
    cr_assert_eq(cret_verdict_exit_code(CRET_VERDICT_ACCEPTED_WITH_WAIVERS), 0);
    cr_assert_eq(cret_verdict_exit_code(CRET_VERDICT_REFUSED), 1);
    cr_assert_eq(cret_verdict_exit_code(CRET_VERDICT_UNDECIDED), 3);
    cr_assert_eq(cret_verdict_exit_code(CRET_VERDICT_PARTIAL), 3);
    cr_assert_eq(cret_verdict_exit_code((enum cret_verdict)77), 1);
}

/* A policy that requires post-quantum signatures wants an answer to that check, and no gap. */
Test(verdict, what_a_policy_requires_joins_the_required_checks)
{
    struct cret_policy policy = {.post_quantum = CRET_DEMAND_PREFER};
    add(CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_NOT_CHECKED);
    cret_required_policy(&required, &policy);
    cr_assert_eq(decide(), CRET_VERDICT_ACCEPTED);
    policy.post_quantum = CRET_DEMAND_REQUIRE;
    cret_required_policy(&required, &policy);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
    add(CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_PASS);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED, "one was not checked");
}

Test(verdict, a_required_post_quantum_signature_that_nobody_speaks_of)
{
    const struct cret_policy policy = {.post_quantum = CRET_DEMAND_REQUIRE};
    cret_required_policy(&required, &policy);
    cr_assert_eq(decide(), CRET_VERDICT_REFUSED);
    add(CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_PASS);
    cr_assert_eq(decide(), CRET_VERDICT_ACCEPTED);
}

Test(verdict, what_was_not_found_out_is_undecided)
{
    cret_findings_break(findings);
    cr_assert_eq(decide(), CRET_VERDICT_UNDECIDED);
}

Test(verdict, each_demand_of_a_policy_is_required)
{
    const struct {
        struct cret_policy policy;
        enum cret_check_id check;
    } rows[] = {
        {{.post_quantum = CRET_DEMAND_REQUIRE}, CRET_CHECK_SIGNATURE_POST_QUANTUM},
        {{.revocation = CRET_DEMAND_REQUIRE}, CRET_CHECK_CERTIFICATE_REVOCATION},
        {{.timestamp = CRET_DEMAND_REQUIRE}, CRET_CHECK_SIGNATURE_TIMESTAMP},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cret_required_core(&required);
        cr_expect_not(required.check[rows[i].check]);
        cret_required_policy(&required, &rows[i].policy);
        cr_expect(required.check[rows[i].check], "%zu", i);
        cr_expect_eq(decide(), CRET_VERDICT_REFUSED, "%zu", i);
    }
}

/* What may be waived is answered by a waiver too, where somebody requires it. */
Test(verdict, a_required_check_that_was_waived)
{
    required.check[CRET_CHECK_SBOM_BINDING] = true;
    cr_expect_eq(decide(), CRET_VERDICT_REFUSED);
    add(CRET_CHECK_SBOM_BINDING, CRET_RESULT_WAIVED);
    cr_expect_eq(decide(), CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
}
