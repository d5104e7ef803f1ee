/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies: none that is taken lets nobody's signature do. */
#include <string.h>

#include "../fuzz.h"
#include "trust/policy/policy.h"

static void hold_role(const struct cret_policy_scope *scope, const struct cret_policy_role *role)
{
    FUZZ_HOLD(role->threshold > 0 || strcmp(role->name, "owner") == 0);
    FUZZ_HOLD(role->threshold <= role->signer_count && role->signer_count <= scope->signer_count);
    for (size_t i = 0; i < role->signer_count; i++) {
        FUZZ_HOLD(role->signers[i] < scope->signer_count);
        for (size_t j = 0; j < i; j++) {
            FUZZ_HOLD(role->signers[i] != role->signers[j]);
        }
    }
}

/* Neither a key nor a signer stands for two. */
static void hold_scope(const struct cret_policy_scope *scope, bool owners)
{
    FUZZ_HOLD(owners || (scope->role_count > 0 && scope->product_count > 0));
    for (size_t i = 0; i < scope->role_count; i++) {
        hold_role(scope, &scope->roles[i]);
    }
    for (size_t i = 0; i < scope->signer_count; i++) {
        FUZZ_HOLD(!owners || scope->signers[i].anchor.kind != CRET_ANCHOR_CA);
        for (size_t j = 0; j < i; j++) {
            FUZZ_HOLD(strcmp(scope->signers[i].name, scope->signers[j].name) != 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    uint8_t digest[CRET_SHA256_BYTES];
    cret_err_clear(&err);
    if (cret_policy_parse(&policy, (const char *)data, size, "fuzz", FUZZ_NOW, true, &err) ==
        CRET_OK) {
        FUZZ_HOLD(cret_sha256(digest, data, size, NULL) == CRET_OK);
        FUZZ_HOLD(memcmp(digest, policy->digest, sizeof(digest)) == 0);
        FUZZ_HOLD(!policy->bare_anchor && policy->version > 0 && policy->scope_count > 0);
        FUZZ_HOLD(!policy->expires.given || policy->expires.value >= FUZZ_NOW);
        FUZZ_HOLD(policy->own_crl_count == policy->crl_count);
        for (size_t i = 0; i < policy->scope_count; i++) {
            hold_scope(&policy->scopes[i], false);
        }
        if (policy->owners.signer_count > 0) {
            hold_scope(&policy->owners, true);
        }
    } else {
        FUZZ_HOLD(policy == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    cret_policy_free(&policy);
    return 0;
}
