/* SPDX-License-Identifier: Apache-2.0 */
/* From findings to one verdict, its words and its exit code. */
#include "engine/verdict.h"

void cret_required_core(struct cret_required *required)
{
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        required->check[id] =
            id != CRET_CHECK_NONE && check->kind == CRET_CHECK_KIND_CORE && !check->asked;
    }
}

void cret_required_foreign(struct cret_required *required)
{
    static const enum cret_check_id checks[] = {
        CRET_CHECK_FOREIGN_FORM, CRET_CHECK_FOREIGN_VALUE, CRET_CHECK_FOREIGN_COVERAGE,
        CRET_CHECK_FOREIGN_STRENGTH, CRET_CHECK_FOREIGN_PIN};
    *required = (struct cret_required){{false}};
    for (size_t i = 0; i < CRET_LENGTH(checks); i++) {
        required->check[checks[i]] = true;
    }
}

void cret_required_policy(struct cret_required *required, const struct cret_policy *policy)
{
    if (policy->post_quantum == CRET_DEMAND_REQUIRE) {
        required->check[CRET_CHECK_SIGNATURE_POST_QUANTUM] = true;
    }
    if (policy->revocation == CRET_DEMAND_REQUIRE) {
        required->check[CRET_CHECK_CERTIFICATE_REVOCATION] = true;
    }
    if (policy->timestamp == CRET_DEMAND_REQUIRE) {
        required->check[CRET_CHECK_SIGNATURE_TIMESTAMP] = true;
    }
}

static bool required_is_met(const struct cret_findings *findings, enum cret_check_id id)
{
    size_t met = cret_findings_tally(findings, id, CRET_RESULT_PASS);
    if (cret_check_get(id)->waivable) {
        met += cret_findings_tally(findings, id, CRET_RESULT_WAIVED);
    }
    return met > 0 && cret_findings_tally(findings, id, CRET_RESULT_NOT_CHECKED) == 0;
}

enum cret_verdict cret_verdict_decide(const struct cret_findings *findings,
                                      const struct cret_required *required, bool partial)
{
    if (findings == NULL || cret_findings_broken(findings)) {
        return CRET_VERDICT_UNDECIDED;
    }
    bool waived = false, owed = false;
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        switch (finding->result) {
        case CRET_RESULT_PASS:
        case CRET_RESULT_WARN:
            break;
        case CRET_RESULT_NOT_CHECKED:
            owed = owed || cret_check_get(finding->check)->owed;
            break;
        case CRET_RESULT_WAIVED:
            if (!cret_check_get(finding->check)->waivable) {
                return CRET_VERDICT_REFUSED;
            }
            waived = true;
            break;
        default:
            return CRET_VERDICT_REFUSED;
        }
    }
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        if (required->check[id] && !required_is_met(findings, (enum cret_check_id)id)) {
            return CRET_VERDICT_REFUSED;
        }
    }
    if (owed) {
        return CRET_VERDICT_UNDECIDED;
    }
    if (partial) {
        return CRET_VERDICT_PARTIAL;
    }
    return waived ? CRET_VERDICT_ACCEPTED_WITH_WAIVERS : CRET_VERDICT_ACCEPTED;
}

const char *const cret_verdict_names[CRET_VERDICT_COUNT + 1] = {
    [CRET_VERDICT_REFUSED] = "REFUSED",
    [CRET_VERDICT_ACCEPTED] = "ACCEPTED",
    [CRET_VERDICT_ACCEPTED_WITH_WAIVERS] = "ACCEPTED WITH WAIVERS",
    [CRET_VERDICT_UNDECIDED] = "UNDECIDED",
    [CRET_VERDICT_PARTIAL] = "PARTIAL",
};

static const int exit_codes[CRET_VERDICT_COUNT] = {
    [CRET_VERDICT_REFUSED] = 1,
    [CRET_VERDICT_ACCEPTED] = 0,
    [CRET_VERDICT_ACCEPTED_WITH_WAIVERS] = 0,
    [CRET_VERDICT_UNDECIDED] = 3,
    [CRET_VERDICT_PARTIAL] = 3,
};

static enum cret_verdict known(enum cret_verdict verdict)
{
    return (unsigned)verdict < CRET_VERDICT_COUNT ? verdict : CRET_VERDICT_REFUSED;
}

const char *cret_verdict_name(enum cret_verdict verdict)
{
    return cret_verdict_names[known(verdict)];
}

int cret_verdict_exit_code(enum cret_verdict verdict)
{
    return exit_codes[known(verdict)];
}
