/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy says of checks: each word without an effect is found, at its place. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/json.h"
#include "trust/policy/policy_parts.h"

static json_t *policy_json(const char *fields)
{
    json_t *json = json_loads(fields, 0, NULL);
    cr_assert_not_null(json, "%s", fields);
    return json;
}

/* The places that are found, "A B ". */
static void find(char *ret_places, size_t size, const char *fields)
{
    json_t *json = policy_json(fields);
    struct cret_findings *faults = cret_findings_new();
    cret_policy_checks_idle(json, faults);
    ret_places[0] = '\0';
    for (size_t i = 0; i < cret_findings_count(faults); i++) {
        const struct cret_finding *fault = cret_findings_at(faults, i);
        cr_expect_eq(fault->result, CRET_RESULT_FAIL);
        strncat(ret_places, fault->where, size - strlen(ret_places) - 1);
        strncat(ret_places, " ", size - strlen(ret_places) - 1);
    }
    cret_findings_free(&faults);
    json_decref(json);
}

Test(policy_checks, words_without_an_effect_are_found_and_no_others)
{
    static const struct {
        const char *fields, *places;
    } rows[] = {
        {"{}", ""},
        {"{\"severities\": {\"sbom.ntia\": \"fail\"}, \"waivable\": [\"release.sequence\"]}", ""},
        {"{\"severities\": {\"tpm.anchor\": \"fail\"}}", "#/severities/tpm.anchor "},
        {"{\"severities\": {\"release.product\": \"ignore\", \"sbom.bsi\": \"warn\", "
         "\"no.check\": \"warn\"}}",
         "#/severities/release.product #/severities/no.check "},
        {"{\"waivable\": [\"sbom.ntia\", \"document.also\", \"waiver.form\"]}",
         "#/waivable/1 #/waivable/2 "},
        {"{\"severities\": {\"file.intended\": \"fail\"}, \"waivable\": [\"file.intended\"]}",
         "#/severities/file.intended #/waivable/0 "},
        /* Also where the structure is not that of a policy. */
        {"{\"severities\": [\"tpm.anchor\"], \"waivable\": [7]}", "#/waivable/0 "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char places[256];
        find(places, sizeof(places), rows[i].fields);
        cr_expect_str_eq(places, rows[i].places, "%s", rows[i].fields);
    }
}

Test(policy_checks, the_words_of_a_policy_are_taken_over_the_default_ones)
{
    struct cret_policy policy;
    struct cret_err err = {0};
    json_t *json =
        policy_json("{\"severities\": {\"sbom.ntia\": \"fail\", \"sbom.form\": \"warn\", "
                    "\"policy.review\": \"ignore\"}, \"waivable\": [\"sbom.form\"]}");
    memset(&policy, 1, sizeof(policy)); /* nothing stays as it was */
    cr_assert_eq(cret_policy_checks_parse(&policy, json, "trust.json", &err), CRET_OK);
    for (int id = CRET_CHECK_NONE; id < CRET_CHECK_COUNT; id++) {
        const enum cret_severity expected = id == CRET_CHECK_SBOM_NTIA   ? CRET_SEVERITY_FAIL
                                            : id == CRET_CHECK_SBOM_FORM ? CRET_SEVERITY_WARN
                                            : id == CRET_CHECK_POLICY_REVIEW
                                                ? CRET_SEVERITY_IGNORE
                                                : cret_check_get((enum cret_check_id)id)->severity;
        cr_expect_eq(policy.severities[id], expected, "%d", id);
        cr_expect_eq(policy.waivable[id], id == CRET_CHECK_SBOM_FORM, "%d", id);
    }
    json_decref(json);
}

Test(policy_checks, a_reader_names_the_first_word_and_counts_the_others)
{
    struct cret_policy policy;
    struct cret_err err = {0};
    json_t *json =
        policy_json("{\"severities\": {\"sbom.ntia\": \"fail\", \"trust.scope\": \"warn\"},"
                    " \"waivable\": [\"tpm.anchor\", \"no.check\"]}");
    cr_expect_eq(cret_policy_checks_parse(&policy, json, "trust.json", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "trust.scope"), "%s", err.what);
    cr_expect_str_eq(err.where, "trust.json #/severities/trust.scope");
    cr_expect_not_null(strstr(err.hint, "names 2 more"), "%s", err.hint);
    json_decref(json);
}
