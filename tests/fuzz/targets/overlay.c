/* SPDX-License-Identifier: Apache-2.0 */
/* Site overlays: whatever one says, the policy is nowhere looser afterwards. */
#include <string.h>

#include "../signing.h"
#include "trust/policy/overlay.h"

static struct cret_policy *fresh(void)
{
    return fuzz_policy(
        "[{\"role\": \"release\", \"signers\": [\"R\", \"Q\"], \"threshold\": 1}, {\"role\": "
        "\"owner\", \"signers\": [\"O\"], \"threshold\": 0}]",
        "{\"expires\": \"2040-01-01T00:00:00Z\", \"reviewBy\": \"2039-01-01T00:00:00Z\", "
        "\"crlMaxAgeDays\": 30, \"severities\": {\"lifecycle.dates\": \"warn\"}, \"waivable\": "
        "[\"lifecycle.dates\"]}");
}

static void hold_time(const struct cret_optional *before, const struct cret_optional *after)
{
    FUZZ_HOLD(!before->given || (after->given && after->value <= before->value));
}

static void hold_scope(const struct cret_policy_scope *before,
                       const struct cret_policy_scope *after)
{
    FUZZ_HOLD(before->signer_count == after->signer_count);
    FUZZ_HOLD(before->role_count == after->role_count);
    for (size_t i = 0; i < before->role_count; i++) {
        size_t able = 0;
        FUZZ_HOLD(after->roles[i].threshold >= before->roles[i].threshold);
        for (size_t j = 0; j < after->roles[i].signer_count; j++) {
            able += after->signers[after->roles[i].signers[j]].removed ? 0 : 1;
        }
        FUZZ_HOLD(able >= after->roles[i].threshold);
    }
    FUZZ_HOLD(after->floor_count >= before->floor_count);
}

static void hold(const struct cret_policy *before, const struct cret_policy *after)
{
    FUZZ_HOLD(after->overlay_name != NULL);
    hold_time(&before->expires, &after->expires);
    hold_time(&before->review_by, &after->review_by);
    hold_time(&before->crl_max_age, &after->crl_max_age);
    FUZZ_HOLD(!after->expires.given || after->expires.value >= FUZZ_NOW);
    FUZZ_HOLD(after->revocation >= before->revocation && after->timestamp >= before->timestamp);
    FUZZ_HOLD(after->post_quantum >= before->post_quantum);
    FUZZ_HOLD(memcmp(after->digest, before->digest, sizeof(after->digest)) == 0);
    for (size_t i = 0; i < CRET_CHECK_COUNT; i++) {
        FUZZ_HOLD(!after->waivable[i] || before->waivable[i]);
        FUZZ_HOLD(after->severities[i] >= before->severities[i]);
    }
    for (size_t i = 0; i < before->scope_count; i++) {
        hold_scope(&before->scopes[i], &after->scopes[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_policy *before;
    struct cret_err err;
    if (before == NULL) {
        before = fresh();
    }
    struct cret_policy *policy = fresh();
    cret_err_clear(&err);
    if (cret_overlay_apply(policy, (const char *)data, size, "fuzz", FUZZ_NOW, &err) == CRET_OK) {
        hold(before, policy);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    cret_policy_free(&policy);
    return 0;
}
