/* SPDX-License-Identifier: Apache-2.0 */
/* What a trust policy says of checks. Whoever reads a policy takes its words for effective: one
 * that would have no effect is refused, by every reader alike. */
#include <stdio.h>
#include <string.h>

#include "base/finding/finding.h"
#include "base/text/json.h"
#include "trust/policy/policy_parts.h"

enum { WHERE_BYTES = 160 };

void cret_policy_check_defaults(struct cret_policy *policy)
{
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        policy->severities[id] = cret_check_get((enum cret_check_id)id)->severity;
        policy->waivable[id] = false;
    }
}

static enum cret_severity severity_of(const char *word)
{
    enum cret_severity severity = CRET_SEVERITY_FAIL;
    while (severity != CRET_SEVERITY_IGNORE && strcmp(cret_severity_name(severity), word) != 0) {
        severity--;
    }
    return severity;
}

static void add_fault(struct cret_findings *faults, const char *where, struct cret_err *err)
{
    cret_err_where(err, "%s", where);
    cret_findings_add_err(faults, CRET_RESULT_FAIL, err);
}

/* Every word on a check: into the policy (NULL: nowhere), or among the faults. */
static void read_words(struct cret_policy *policy, const json_t *json, struct cret_findings *faults)
{
    const struct cret_check *check = NULL;
    char where[WHERE_BYTES];
    struct cret_err err = {0};
    CRET_JSON_MEMBERS (name, value, json_object_get(json, "severities")) {
        snprintf(where, sizeof(where), "#/severities/%.100s", name);
        if (cret_check_to_set(&check, name, CRET_SET_BY_POLICY, &err) != CRET_OK) {
            add_fault(faults, where, &err);
        } else if (policy != NULL) {
            policy->severities[check->id] = severity_of(json_string_value(value));
        }
    }
    CRET_JSON_EACH_AT (index, value, json_object_get(json, "waivable")) {
        snprintf(where, sizeof(where), "#/waivable/%zu", index);
        if (cret_check_to_waive(&check, json_string_value(value), &err) != CRET_OK) {
            add_fault(faults, where, &err);
        } else if (policy != NULL) {
            policy->waivable[check->id] = true;
        }
    }
}

void cret_policy_checks_idle(const json_t *json, struct cret_findings *faults)
{
    read_words(NULL, json, faults);
}

enum cret_status cret_policy_checks_parse(struct cret_policy *policy, const json_t *json,
                                          const char *origin, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_findings *faults = cret_findings_new();
    cret_policy_check_defaults(policy);
    read_words(policy, json, faults);
    const size_t count = cret_findings_count(faults);
    if (count > 0) {
        const struct cret_finding *first = cret_findings_at(faults, 0);
        cret_err_usage(err, "%s", first->reason);
        cret_policy_at(origin, first->where, err);
        if (count > 1) {
            cret_err_hint(err, "`cretula-verify trust lint` names %zu more like this", count - 1);
        } else {
            cret_err_hint(err, "%s", first->hint);
        }
    } else {
        status = cret_findings_whole(faults, err);
    }
    cret_findings_free(&faults);
    return status;
}
