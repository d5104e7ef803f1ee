/* SPDX-License-Identifier: Apache-2.0 */
/* Which signatures count, for whom, and whether that is enough (docs/spec/trust.md,
 * Counting). Starts at "nothing is met" and only ever counts what was verified. */
#include <stdlib.h>
#include <string.h>

#include "trust/policy/policy_claim.h"

/* Why a signature that could count for somebody does not: its key has been counted, or stands for
 * another signer. */
static void explain_left_out(const struct cret_policy_scope *scope,
                             const struct cret_claims *claims, const bool *taken, size_t index,
                             struct cret_err *why)
{
    const struct cret_claim *claim = &claims->list[index];
    const char *name = scope->signers[claim->signer].name;
    for (size_t i = 0; i < claims->count; i++) {
        const struct cret_claim *other = &claims->list[i];
        if (!taken[i] || !cret_claims_conflict(claim, other)) {
            continue;
        }
        if (other->signer == claim->signer) {
            cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD, "the key of %s was counted already",
                            name);
            return;
        }
        cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                        "the signature of %s shares a key with that of %s: one key does not stand "
                        "for two signers",
                        name, scope->signers[other->signer].name);
        cret_err_expected(why, "other keys on the path of each signer, up to his anchor");
        cret_err_hint(why, "have the two sign with certificates of authorities that have no key in "
                           "common");
        return;
    }
    cret_err_refuse(why, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                    "%s counts only with both of his signatures", name);
}

/* What is told of each signature, by the claims that were taken. */
static void tell(const struct cret_policy_scope *scope, const struct cret_claims *claims,
                 const bool *taken, struct cret_signature_judgement *results)
{
    for (size_t i = claims->count; i > 0; i--) {
        const struct cret_claim *claim = &claims->list[i - 1];
        struct cret_signature_judgement *result = &results[claim->signature];
        if (taken[i - 1]) {
            *result = claim->judgement;
        } else if (!result->counted && !result->completes) {
            explain_left_out(scope, claims, taken, i - 1, &result->why_not);
        }
    }
}

static enum cret_status judge_scope(const struct cret_judge_request *request,
                                    const struct cret_policy_scope *scope,
                                    enum cret_demand post_quantum,
                                    const struct cret_signature_judgement *times,
                                    struct cret_scope_judgement *result, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_claims claims = {0};
    bool *taken = NULL;
    result->waivers = request->waivers;
    result->signatures = calloc(request->count + 1, sizeof(*result->signatures));
    result->role_signers = calloc(scope->role_count + 1, sizeof(*result->role_signers));
    result->completed = calloc(scope->signer_count + 1, sizeof(*result->completed));
    if (result->signatures == NULL || result->role_signers == NULL || result->completed == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_claims_make(&claims, request, scope, post_quantum, times, result->signatures, err) !=
        CRET_OK) {
        goto out;
    }
    taken = calloc(claims.count + 1, sizeof(*taken));
    if (taken == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_claims_choose(taken, &claims, request->count, scope, post_quantum, result, err) !=
        CRET_OK) {
        goto out;
    }
    tell(scope, &claims, taken, result->signatures);
    status = CRET_OK;
out:
    free(taken);
    cret_claims_clear(&claims);
    return status;
}

void cret_scope_judgement_clear(struct cret_scope_judgement *judgement)
{
    free(judgement->signatures);
    free(judgement->role_signers);
    free(judgement->completed);
    memset(judgement, 0, sizeof(*judgement));
}

static void free_scopes(struct cret_scope_judgement *scopes, size_t count)
{
    for (size_t i = 0; scopes != NULL && i < count; i++) {
        cret_scope_judgement_clear(&scopes[i]);
    }
    free(scopes);
}

/* Judges every scope; *ret_scopes, one each, is the caller's (free_scopes). */
static enum cret_status judge_each(const struct cret_judge_request *request,
                                   struct cret_signature_judgement *ret_judgements,
                                   struct cret_scope_judgement **ret_scopes,
                                   struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    struct cret_signature_judgement *times = NULL;
    if (policy->scope_count == 0) {
        return cret_err_usage(err, "the trust policy has no scope");
    }
    if (cret_policy_judge_times(&times, request, ret_judgements, findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_scope_judgement *scopes = calloc(policy->scope_count, sizeof(*scopes));
    enum cret_status status = scopes == NULL ? cret_err_memory(err) : CRET_OK;
    for (size_t i = 0; status == CRET_OK && i < policy->scope_count; i++) {
        status =
            judge_scope(request, &policy->scopes[i], policy->post_quantum, times, &scopes[i], err);
    }
    free(times);
    if (status != CRET_OK) {
        free_scopes(scopes, policy->scope_count);
        return CRET_FAILED;
    }
    *ret_scopes = scopes;
    return CRET_OK;
}

static enum cret_status judge_scopes(const struct cret_judge_request *request,
                                     struct cret_signature_judgement *ret_judgements,
                                     struct cret_authentic_scope **ret_scopes,
                                     struct cret_findings *findings, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const struct cret_policy *policy = request->policy;
    struct cret_scope_judgement *scopes = NULL;
    struct cret_authentic_scope *what = NULL;
    if (judge_each(request, ret_judgements, &scopes, findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    what = calloc(policy->scope_count, sizeof(*what));
    if (what == NULL) {
        cret_err_memory(err);
        goto out;
    }
    const bool any = cret_scopes_fill(policy, scopes, what);
    cret_scopes_merge(scopes, policy->scope_count, ret_judgements, request->count);
    cret_policy_report(request, scopes, ret_judgements, findings, err);
    if (any && request->count > 0) {
        *ret_scopes = what;
        what = NULL;
        status = CRET_OK;
    }
out:
    free_scopes(scopes, policy->scope_count);
    free(what);
    return status;
}

enum cret_status cret_policy_judge_owners(const struct cret_policy *policy,
                                          const struct cret_cms *const *signatures, size_t count,
                                          bool allow_example_keys,
                                          struct cret_scope_judgement *ret_judgement,
                                          struct cret_err *err)
{
    /* Of the policy only what holds for its owners: no revocation, no timestamps. */
    const struct cret_policy rules = {.algorithms = policy->algorithms,
                                      .algorithm_count = policy->algorithm_count};
    const struct cret_judge_request request = {.policy = &rules,
                                               .signatures = signatures,
                                               .count = count,
                                               .now = policy->issued,
                                               .allow_example_keys = allow_example_keys,
                                               .as_of_now = true};
    struct cret_scope_judgement judgement;
    memset(&judgement, 0, sizeof(judgement));
    if (judge_scope(&request, &policy->owners, CRET_DEMAND_OFF, NULL, &judgement, err) != CRET_OK) {
        cret_scope_judgement_clear(&judgement);
        return CRET_FAILED;
    }
    *ret_judgement = judgement;
    return CRET_OK;
}

/* The owner among the scopes' judgements of one signature, or NULL. */
static const char *find_owner(const struct cret_policy *policy,
                              const struct cret_scope_judgement *scopes)
{
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_signature_judgement *one = &scopes[i].signatures[0];
        const struct cret_role_kind *kind =
            one->counted && one->role != NULL ? cret_role_kind_find(one->role) : NULL;
        if (kind != NULL && kind->owner) {
            return one->signer;
        }
    }
    return NULL;
}

enum cret_status cret_policy_judge_profile(const struct cret_policy *policy,
                                           const struct cret_cms *signature, int64_t now,
                                           bool allow_example_keys, struct cret_err *err)
{
    const struct cret_judge_request request = {.policy = policy,
                                               .signatures = &signature,
                                               .count = 1,
                                               .now = now,
                                               .allow_example_keys = allow_example_keys,
                                               .as_of_now = true};
    struct cret_signature_judgement judgement;
    struct cret_scope_judgement *scopes = NULL;
    struct cret_findings *findings = cret_findings_new(); /* err says the one thing that counts */
    enum cret_status status = CRET_FAILED;
    memset(&judgement, 0, sizeof(judgement));
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (judge_each(&request, &judgement, &scopes, findings, err) != CRET_OK) {
        goto out;
    }
    if (find_owner(policy, scopes) != NULL) {
        status = CRET_OK;
        goto out;
    }
    cret_scopes_merge(scopes, policy->scope_count, &judgement, 1);
    if (err != NULL && judgement.why_not.class != CRET_ERR_NONE) {
        *err = judgement.why_not;
    } else {
        cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD, "%s has the role %s, not the role owner",
                        judgement.signer == NULL ? "the signer" : judgement.signer,
                        judgement.role == NULL ? "of nobody" : judgement.role);
    }
out:
    free_scopes(scopes, policy->scope_count);
    cret_findings_free(&findings);
    return status;
}

enum cret_status cret_policy_judge(const struct cret_judge_request *request,
                                   struct cret_signature_judgement *ret_judgements,
                                   struct cret_authentic_scope **ret_scopes,
                                   struct cret_findings *findings, struct cret_err *err)
{
    struct cret_judge_request rules = *request;
    rules.waivers = rules.as_of_now = false;
    return judge_scopes(&rules, ret_judgements, ret_scopes, findings, err);
}

enum cret_status cret_policy_judge_waivers(const struct cret_judge_request *request,
                                           struct cret_signature_judgement *ret_judgements,
                                           struct cret_authentic_scope **ret_scopes,
                                           struct cret_findings *findings, struct cret_err *err)
{
    struct cret_judge_request rules = *request;
    rules.waivers = rules.as_of_now = true;
    return judge_scopes(&rules, ret_judgements, ret_scopes, findings, err);
}
