/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers over findings: for this release, this asset, this time, and checks that the policy lets
 * be waived; whatever else, the FAIL stays. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/authentic_make.h"
#include "engine/waive.h"
#include "packed.h"

static const uint8_t identity[CRET_SHA256_BYTES] = {1};
static const char *const products[] = {"PLC"};
static struct cret_policy policy;
static struct cret_inspect_request request;
static struct cret_waiver waiver;
static struct cret_waiver_file file;
static struct cret_waivers waivers;
static struct cret_waive_release release;
static struct cret_findings *findings;

/* One waiver in force, of a check that failed. */
static void setup(void)
{
    struct cret_authentic_scope scope = {
        .vendor = "ACME", .products = products, .product_count = 1, .vendor_met = true};
    struct cret_err err;
    memset(&policy, 0, sizeof(policy));
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        policy.severities[id] = cret_check_get((enum cret_check_id)id)->severity;
    }
    policy.waivable[CRET_CHECK_LIFECYCLE_SUPPORT] = true;
    policy.waivable[CRET_CHECK_RELEASE_SEQUENCE] = true;
    waiver = (struct cret_waiver){.check = CRET_CHECK_LIFECYCLE_SUPPORT,
                                  .reason = strdup("spare parts"),
                                  .approver = strdup("A. Prover"),
                                  .control = strdup("a firewall"),
                                  .issued = PKI_NOW - 10,
                                  .until = PKI_NOW + 10};
    memcpy(waiver.release, identity, sizeof(identity));
    file = (struct cret_waiver_file){
        .path = strdup("w.json"), .signers = strdup("W"), .list = &waiver, .count = 1};
    cr_assert_eq(cret_authentic_make(&file.authentic, (const uint8_t *)"{}", 2, &scope, 1, &err),
                 CRET_OK);
    waivers = (struct cret_waivers){.files = &file, .count = 1};
    release = (struct cret_waive_release){
        .identity = identity, .vendor = "ACME", .product = "PLC", .sequence = 42};
    request = (struct cret_inspect_request){.policy = &policy, .now = PKI_NOW, .waivers = &waivers};
    findings = cret_findings_new();
    cret_findings_add(findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL,
                      (struct cret_finding_text){0}, "support has ended");
}

static void teardown(void)
{
    cret_findings_free(&findings);
    cret_authentic_free(&file.authentic);
    free(file.path);
    free(file.signers);
    free(waiver.reason);
    free(waiver.approver);
    free(waiver.control);
    free(waiver.asset);
}

TestSuite(waive, .init = setup, .fini = teardown);

/* The FAIL stays, and a finding of that check says why. */
static void expect_not_honoured(enum cret_check_id check, const char *says)
{
    cr_expect_null(cret_waive_find(&request, &release, waiver.check, NULL));
    cret_waive(findings, &request, &release);
    cr_expect_eq(cret_findings_tally(findings, waiver.check, CRET_RESULT_WAIVED), 0);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL), 1);
    const struct cret_finding *why = packed_found(findings, check, CRET_RESULT_WARN);
    cr_assert_not_null(why,
                       "a waiver that is not honoured is said, as its check's severity has it");
    cr_expect_not_null(strstr(why->reason, "not honoured"), "%s", why->reason);
    cr_expect_not_null(strstr(why->reason, says), "%s", why->reason);
    cr_expect_not_null(strstr(why->where, "w.json"), "%s", why->where);
}

Test(waive, one_in_force)
{
    const struct cret_waiver_file *from = NULL;
    cr_expect_eq(cret_waive_find(&request, &release, waiver.check, &from), &waiver);
    cr_expect_eq(from, &file);
    cr_expect_null(cret_waive_find(&request, &release, CRET_CHECK_LIFECYCLE_DATES, NULL));
    cret_waive(findings, &request, &release);
    const struct cret_finding *waived =
        packed_found(findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_WAIVED);
    cr_assert_not_null(waived);
    cr_expect_not_null(strstr(waived->hint, "A. Prover"), "%s", waived->hint);
    cr_expect_not_null(strstr(waived->hint, "a firewall"), "%s", waived->hint);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS), 1);
}

Test(waive, its_first_and_its_last_second)
{
    const struct {
        int64_t now;
        bool in_force;
    } rows[] = {{waiver.issued - 1, false},
                {waiver.issued, true},
                {waiver.until, true},
                {waiver.until + 1, false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        request.now = rows[i].now;
        cr_expect_eq(cret_waive_find(&request, &release, waiver.check, NULL) != NULL,
                     rows[i].in_force, "%zu", i);
    }
    expect_not_honoured(CRET_CHECK_WAIVER_PERIOD, "it ended on");
}

Test(waive, one_that_has_not_begun)
{
    request.now = waiver.issued - 1;
    expect_not_honoured(CRET_CHECK_WAIVER_PERIOD, "it holds from");
}

Test(waive, for_another_release)
{
    waiver.release[31] ^= 1;
    expect_not_honoured(CRET_CHECK_WAIVER_APPLIES, "another release");
}

Test(waive, for_another_product)
{
    release.product = "HMI";
    expect_not_honoured(CRET_CHECK_WAIVER_SIGNATURE, "may not waive for this product");
}

/* What was found wrong with its signatures, and not that it may not waive for this product. */
Test(waive, that_nobody_vouches_for)
{
    cret_authentic_free(&file.authentic);
    cret_err_refuse(&file.fault, CRET_CHECK_WAIVER_SIGNATURE, "no signature of the board");
    expect_not_honoured(CRET_CHECK_WAIVER_SIGNATURE, "no signature of the board");
}

Test(waive, for_one_asset)
{
    waiver.asset = strdup("PLC 7");
    request.asset = "PLC 7";
    cr_expect_not_null(cret_waive_find(&request, &release, waiver.check, NULL));
    request.asset = "PLC 8";
    expect_not_honoured(CRET_CHECK_WAIVER_APPLIES, "for another asset");
}

Test(waive, for_one_asset_where_none_is_named)
{
    waiver.asset = strdup("PLC 7");
    expect_not_honoured(CRET_CHECK_WAIVER_APPLIES, "none was named");
}

Test(waive, a_check_that_the_policy_does_not_list)
{
    policy.waivable[CRET_CHECK_LIFECYCLE_SUPPORT] = false;
    expect_not_honoured(CRET_CHECK_WAIVER_ALLOWED, "does not let");
}

Test(waive, a_check_that_can_never_be_waived)
{
    waiver.check = CRET_CHECK_SIGNATURE_VALUE;
    policy.waivable[CRET_CHECK_SIGNATURE_VALUE] = true;
    cret_findings_add(findings, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_FAIL,
                      (struct cret_finding_text){0}, "wrong");
    expect_not_honoured(CRET_CHECK_WAIVER_ALLOWED, "can never be waived");
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_FAIL), 1);
}

Test(waive, what_the_operator_asked_for_is_not_softened)
{
    waiver.check = CRET_CHECK_RELEASE_SEQUENCE;
    request.minimum_sequence = cret_optional_of(42);
    cr_expect_not_null(cret_waive_find(&request, &release, waiver.check, NULL));
    request.minimum_sequence = cret_optional_of(43);
    expect_not_honoured(CRET_CHECK_WAIVER_ALLOWED, "--min-sequence");
}

Test(waive, another_check_is_waived_whatever_sequence_was_asked_for)
{
    request.minimum_sequence = cret_optional_of(43);
    cr_expect_not_null(cret_waive_find(&request, &release, waiver.check, NULL));
}

Test(waive, a_file_that_nobody_vouches_for)
{
    cret_authentic_free(&file.authentic);
    cret_err_refuse(&file.fault, CRET_CHECK_WAIVER_SIGNATURE, "it is not signed");
    cr_expect_null(cret_waive_find(&request, &release, waiver.check, NULL));
    expect_not_honoured(CRET_CHECK_WAIVER_SIGNATURE, "it is not signed");
}

/* Said with the severity that the policy gives, and a profile can raise. */
Test(waive, not_honoured_can_be_a_fault)
{
    waiver.release[0] ^= 1;
    policy.severities[CRET_CHECK_WAIVER_APPLIES] = CRET_SEVERITY_FAIL;
    cret_waive(findings, &request, &release);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_FAIL), 1);
}

Test(waive, nothing_where_nothing_was_authenticated)
{
    cret_waive(findings, &request, NULL);
    cr_expect_eq(cret_findings_count(findings), 1);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL), 1);
}

Test(waive, one_that_was_not_needed)
{
    cret_findings_free(&findings);
    findings = cret_findings_new();
    cret_waive(findings, &request, &release);
    const struct cret_finding *said =
        packed_found(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS);
    cr_assert_not_null(said);
    cr_expect_not_null(strstr(said->reason, "not needed"), "%s", said->reason);
    cr_expect(cret_waive_by_journal(CRET_CHECK_RELEASE_BACKOUT));
    cr_expect_not(cret_waive_by_journal(CRET_CHECK_LIFECYCLE_SUPPORT));
}

/* Whether one is needed is not known before the journal was asked, nor after another one served. */
Test(waive, one_that_may_yet_be_needed)
{
    waiver.check = CRET_CHECK_RELEASE_BACKOUT;
    policy.waivable[CRET_CHECK_RELEASE_BACKOUT] = true;
    cret_waive(findings, &request, &release);
    cr_expect_null(packed_found(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS));
    waiver.check = CRET_CHECK_LIFECYCLE_SUPPORT;
    cret_waive(findings, &request, &release);
    cret_waive(findings, &request, &release);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS), 1);
}
