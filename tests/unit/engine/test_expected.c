/* SPDX-License-Identifier: Apache-2.0 */
/* What operator and policy expect of a release, against what it says. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "engine/expected.h"
#include "packed.h"

static const struct cret_expected_places places = {"MANIFEST.json", "#/product", "#/product",
                                                   "#/hardware", "#/release/sequence"};

static struct cret_policy policy;
static struct cret_profile profile;
static struct cret_inspect_request request;
static struct cret_manifest manifest;
static struct cret_findings *findings;

static void setup(void)
{
    memset(&policy, 0, sizeof(policy));
    memset(&profile, 0, sizeof(profile));
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        policy.severities[id] = cret_check_get((enum cret_check_id)id)->severity;
    }
    request =
        (struct cret_inspect_request){.policy = &policy, .now = PKI_NOW, .payload_directory = -1};
    manifest = (struct cret_manifest){.json = json_object(),
                                      .vendor = "ACME",
                                      .product = "PLC",
                                      .version = "4.2.0",
                                      .sequence = 42};
    findings = cret_findings_new();
}

static void teardown(void)
{
    json_decref(manifest.json);
    cret_findings_free(&findings);
}

TestSuite(expected, .init = setup, .fini = teardown);

static void check(void)
{
    cret_findings_free(&findings);
    findings = cret_findings_new();
    cret_expected_check(findings, &manifest, &places, &request);
    cr_assert_not(cret_findings_broken(findings));
}

/* Exactly one finding of that check, with that result. */
static void expect(enum cret_check_id id, enum cret_result result)
{
    size_t all = 0;
    check();
    for (int one = 0; one < CRET_RESULT_COUNT; one++) {
        all += cret_findings_tally(findings, id, (enum cret_result)one);
    }
    cr_expect_eq(all, 1, "%s: %zu findings", cret_check_get(id)->name, all);
    cr_expect_eq(cret_findings_tally(findings, id, result), 1, "%s is not %s",
                 cret_check_get(id)->name, cret_result_name(result));
}

static void expect_silent(enum cret_check_id id)
{
    check();
    for (int one = 0; one < CRET_RESULT_COUNT; one++) {
        cr_expect_eq(cret_findings_tally(findings, id, (enum cret_result)one), 0, "%s",
                     cret_check_get(id)->name);
    }
}

Test(expected, a_fault_weighs_what_policy_and_profile_say)
{
    static const struct {
        enum cret_severity policy;
        bool in_profile;
        enum cret_severity profile;
        enum cret_result result;
    } rows[] = {
        {CRET_SEVERITY_IGNORE, false, 0, CRET_RESULT_NOT_CHECKED},
        {CRET_SEVERITY_WARN, false, CRET_SEVERITY_FAIL, CRET_RESULT_WARN},
        {CRET_SEVERITY_FAIL, false, 0, CRET_RESULT_FAIL},
        {CRET_SEVERITY_IGNORE, true, CRET_SEVERITY_WARN, CRET_RESULT_WARN},
        {CRET_SEVERITY_WARN, true, CRET_SEVERITY_FAIL, CRET_RESULT_FAIL},
        {CRET_SEVERITY_FAIL, true, CRET_SEVERITY_IGNORE, CRET_RESULT_FAIL}, /* never lowered */
        {CRET_SEVERITY_FAIL, true, CRET_SEVERITY_WARN, CRET_RESULT_FAIL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        policy.severities[CRET_CHECK_LIFECYCLE_SUPPORT] = rows[i].policy;
        profile.has_severity[CRET_CHECK_LIFECYCLE_SUPPORT] = rows[i].in_profile;
        profile.severities[CRET_CHECK_LIFECYCLE_SUPPORT] = rows[i].profile;
        request.profile = &profile;
        cr_expect_eq(cret_inspect_result(&request, CRET_CHECK_LIFECYCLE_SUPPORT), rows[i].result,
                     "%zu", i);
    }
    /* Whatever a table holds of a core check. */
    policy.severities[CRET_CHECK_SIGNATURE_VALUE] = CRET_SEVERITY_IGNORE;
    cr_expect_eq(cret_inspect_result(&request, CRET_CHECK_SIGNATURE_VALUE), CRET_RESULT_FAIL);
}

Test(expected, what_nobody_asked_for_says_nothing)
{
    expect_silent(CRET_CHECK_POLICY_REVIEW);
    expect_silent(CRET_CHECK_RELEASE_IDENTITY);
    expect_silent(CRET_CHECK_RELEASE_PRODUCT);
    expect_silent(CRET_CHECK_RELEASE_HARDWARE);
    expect_silent(CRET_CHECK_RELEASE_SEQUENCE);
}

Test(expected, a_policy_that_is_due_for_review)
{
    policy.review_by = cret_optional_of(PKI_NOW);
    expect(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_PASS);
    policy.review_by = cret_optional_of(PKI_NOW - 1);
    expect(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_WARN);
    policy.severities[CRET_CHECK_POLICY_REVIEW] = CRET_SEVERITY_FAIL;
    expect(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_FAIL);
}

Test(expected, the_release_that_was_approved)
{
    uint8_t expected[CRET_SHA256_BYTES] = {0};
    request.expect_identity = expected;
    expect(CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_PASS);
    expected[31] = 1;
    expect(CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_FAIL);
}

Test(expected, the_product_that_was_asked_for)
{
    static const struct {
        const char *vendor, *product;
        bool same;
    } rows[] = {{"ACME", NULL, true},   {NULL, "PLC", true},   {"ACME", "PLC", true},
                {"Acme", NULL, false},  {NULL, "PLC2", false}, {"ACME", "HMI", false},
                {"Other", "PLC", false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        request.vendor = rows[i].vendor;
        request.product = rows[i].product;
        expect(CRET_CHECK_RELEASE_PRODUCT, rows[i].same ? CRET_RESULT_PASS : CRET_RESULT_FAIL);
    }
}

Test(expected, the_hardware_that_was_asked_for)
{
    request.hardware = "PLC-A:C4";
    expect(CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL);
    const struct cret_finding *finding =
        packed_found(findings, CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL);
    cr_expect_str_eq(finding->actual, "no hardware is listed");
    json_object_set_new(
        manifest.json, "hardware",
        json_loads("[{\"model\": \"PLC-B\"}, {\"model\": \"PLC-A\", \"revisionFrom\": \"C2\"}]", 0,
                   NULL));
    expect(CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_PASS);
    request.hardware = "PLC-A:C1";
    expect(CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL);
    finding = packed_found(findings, CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL);
    cr_expect_str_eq(finding->actual, "PLC-B, PLC-A C2 to any");
    policy.severities[CRET_CHECK_RELEASE_HARDWARE] = CRET_SEVERITY_IGNORE;
    expect(CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL); /* the operator asked */
}

Test(expected, a_floor_of_the_policy)
{
    struct cret_policy_floor floor = {.product = strdup("PLC"), .sequence = 42};
    char *products[] = {floor.product};
    struct cret_policy_scope scope = {.vendor = strdup("ACME"),
                                      .products = products,
                                      .product_count = 1,
                                      .floors = &floor,
                                      .floor_count = 1};
    policy.scopes = &scope;
    policy.scope_count = 1;
    expect(CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_PASS);
    floor.sequence = 43;
    expect(CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_FAIL);
    policy.severities[CRET_CHECK_RELEASE_SEQUENCE] = CRET_SEVERITY_WARN;
    expect(CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_WARN);
    /* What the operator asks for raises it, and no policy softens that. */
    request.minimum_sequence = cret_optional_of(42);
    expect(CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_WARN);
    request.minimum_sequence = cret_optional_of(43);
    expect(CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_FAIL);
    free(floor.product);
    free(scope.vendor);
}

Test(expected, a_document_that_was_given_beside)
{
    const struct cret_also also = {.name = "manual.pdf", .sha256 = {7}};
    request.also = &also;
    request.also_count = 1;
    policy.severities[CRET_CHECK_DOCUMENT_ALSO] = CRET_SEVERITY_IGNORE;
    expect(CRET_CHECK_DOCUMENT_ALSO, CRET_RESULT_FAIL);
}
