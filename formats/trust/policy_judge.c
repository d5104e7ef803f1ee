/* SPDX-License-Identifier: Apache-2.0 */
/* Which signatures count for which signers and roles, and which scopes that meets. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "trust/policy_parts.h"

#define INTERMEDIATES_MAXIMUM (CRET_LIMIT_CHAIN + 1u)

/* One signature against one scope. */
struct attempt {
    const struct cret_policy_scope *scope;
    const struct cret_cms *cms;
    int64_t time; /* signature time */
    bool allow_example_keys;
    struct cret_signature_judgement *judgement;
};

unsigned cret_reason_rank(const struct cret_err *reason)
{
    /* A reason that comes later in the checks of a path says more than one that comes first. */
    static const enum cret_check_id order[] = {
        CRET_CHECK_CERTIFICATE_PATH,      CRET_CHECK_CERTIFICATE_VALIDITY,
        CRET_CHECK_CERTIFICATE_ALGORITHM, CRET_CHECK_CERTIFICATE_USAGE,
        CRET_CHECK_TRUST_THRESHOLD,       CRET_CHECK_TRUST_EXAMPLE_KEY};
    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (reason->class == CRET_ERR_REFUSED && reason->check == order[i])
            return i + 1;
    }
    return 0;
}

/* The one role of the scope that this signer stands in (the parser refuses two), or NULL. */
static const struct cret_policy_role *role_of(const struct cret_policy_scope *scope, size_t signer)
{
    for (size_t i = 0; i < scope->role_count; i++) {
        for (size_t j = 0; j < scope->roles[i].signer_count; j++) {
            if (scope->roles[i].signers[j] == signer)
                return &scope->roles[i];
        }
    }
    return NULL;
}

static void remember(struct attempt *attempt, const struct cret_err *reason)
{
    struct cret_err *kept = &attempt->judgement->why_not;
    if (kept->class == CRET_ERR_NONE || cret_reason_rank(reason) > cret_reason_rank(kept))
        *kept = *reason;
}

static enum cret_status find_path(const struct attempt *attempt, const struct cret_anchor *anchor,
                                  const char *usage, struct cret_chain *ret_chain,
                                  struct cret_err *err)
{
    const struct cret_certificate *intermediates[INTERMEDIATES_MAXIMUM];
    const size_t count = cret_cms_intermediate_count(attempt->cms);
    if (count > INTERMEDIATES_MAXIMUM)
        return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH, "the chain is too long");
    for (size_t i = 0; i < count; i++)
        intermediates[i] = cret_cms_intermediate(attempt->cms, i);
    const struct cret_chain_request request = {.signer = cret_cms_signer(attempt->cms),
                                               .intermediates = intermediates,
                                               .intermediate_count = count,
                                               .anchor = anchor,
                                               .time = attempt->time,
                                               .usage = usage,
                                               .allow_example_keys = attempt->allow_example_keys};
    return cret_chain_verify(&request, ret_chain, err);
}

/* Does the signature count for this signer in its role? CRET_FAILED with class REFUSED: no. */
static enum cret_status try_signer(struct attempt *attempt, size_t index, struct cret_err *err)
{
    const struct cret_policy_signer *signer = &attempt->scope->signers[index];
    const struct cret_policy_role *role = role_of(attempt->scope, index);
    struct cret_chain chain;
    if (role == NULL)
        return cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                               "the signer %s has no role in the policy", signer->name);
    if (find_path(attempt, &signer->anchor, role->usage, &chain, err) != CRET_OK)
        return CRET_FAILED;
    const enum cret_meaning meaning = cret_cms_meaning(attempt->cms);
    if (!role->meanings[meaning]) {
        (void)cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                              "a signature with the meaning %s does not count for the role %s",
                              cret_meaning_name(meaning), role->name);
        return cret_err_hint(err, "the signer must sign again with the meaning that the role takes");
    }
    struct cret_signature_judgement *judgement = attempt->judgement;
    judgement->scope = attempt->scope->vendor;
    judgement->role = role->name;
    judgement->signer = signer->name;
    judgement->chain = chain;
    judgement->counted = true;
    return CRET_OK;
}

/* What a pin matches: this very key, or the certificate's. */
static bool pin_matches(const struct cret_anchor *anchor, const struct cret_cms *cms)
{
    return anchor->kind != CRET_ANCHOR_CA &&
           memcmp(anchor->key_digest, cret_certificate_key_digest(cret_cms_signer(cms)),
                  CRET_SHA256_BYTES) == 0;
}

/* Pinned key before pinned certificate before CA; what a pin matches never counts for a CA.
 * CRET_FAILED only where the tool itself failed; not counting is no failure here. */
static enum cret_status judge_one(struct attempt *attempt, struct cret_err *err)
{
    static const enum cret_anchor_kind kinds[] = {CRET_ANCHOR_KEY, CRET_ANCHOR_CERTIFICATE,
                                                  CRET_ANCHOR_CA};
    bool pinned = false;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (kinds[k] == CRET_ANCHOR_CA && pinned)
            break;
        for (size_t i = 0; i < attempt->scope->signer_count; i++) {
            const struct cret_anchor *anchor = &attempt->scope->signers[i].anchor;
            struct cret_err reason;
            cret_err_clear(&reason);
            if (anchor->kind != kinds[k])
                continue;
            pinned = pinned || pin_matches(anchor, attempt->cms);
            if (try_signer(attempt, i, &reason) == CRET_OK)
                return CRET_OK;
            if (reason.class != CRET_ERR_REFUSED) {
                *err = reason;
                return CRET_FAILED;
            }
            remember(attempt, &reason);
        }
    }
    return CRET_OK;
}

/* Different signers of one role among the counted signatures. */
static size_t count_signers(const struct cret_policy_scope *scope,
                            const struct cret_policy_role *role,
                            const struct cret_signature_judgement *signatures, size_t count)
{
    size_t signers = 0;
    for (size_t i = 0; i < role->signer_count; i++) {
        const char *name = scope->signers[role->signers[i]].name;
        for (size_t j = 0; j < count; j++) {
            if (signatures[j].counted && signatures[j].role == role->name &&
                signatures[j].signer == name) {
                signers++;
                break;
            }
        }
    }
    return signers;
}

/* Every role that the scope asks for, and at least one; the owner's role by itself. */
static void conclude(const struct cret_policy_scope *scope, struct cret_scope_judgement *judgement,
                     size_t count)
{
    size_t asked = 0, met = 0;
    bool owner_met = false;
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        const size_t signers = count_signers(scope, role, judgement->signatures, count);
        const struct cret_role_kind *kind = cret_role_kind_find(role->name);
        judgement->role_signers[i] = signers;
        if (role->threshold > 0) {
            asked++;
            met += signers >= role->threshold ? 1u : 0u;
        }
        if (kind != NULL && kind->owner && signers >= cret_role_threshold(role))
            owner_met = true;
    }
    judgement->vendor_met = asked > 0 && met == asked;
    judgement->owner_met = owner_met;
}

static enum cret_status judge_scope(const struct cret_policy_scope *scope,
                                    const struct cret_cms *const *signatures, size_t count,
                                    int64_t now, bool allow_example_keys,
                                    struct cret_scope_judgement *judgement, struct cret_err *err)
{
    judgement->signatures = calloc(count + 1, sizeof *judgement->signatures);
    judgement->role_signers = calloc(scope->role_count + 1, sizeof *judgement->role_signers);
    if (judgement->signatures == NULL || judgement->role_signers == NULL)
        return cret_err_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct attempt attempt = {.scope = scope,
                                  .cms = signatures[i],
                                  .time = now,
                                  .allow_example_keys = allow_example_keys,
                                  .judgement = &judgement->signatures[i]};
        attempt.judgement->cms = signatures[i];
        attempt.judgement->time = now;
        if (judge_one(&attempt, err) != CRET_OK)
            return CRET_FAILED;
    }
    conclude(scope, judgement, count);
    return CRET_OK;
}

/* Of several scopes: counted in one that is met, else counted, else the most telling reason. */
static unsigned standing(const struct cret_scope_judgement *scope,
                         const struct cret_signature_judgement *signature)
{
    if (!signature->counted)
        return cret_reason_rank(&signature->why_not);
    return scope->vendor_met || scope->owner_met ? 200 : 100;
}

static void choose(struct cret_signature_judgement *ret_judgements, size_t count,
                   const struct cret_scope_judgement *scopes, size_t scope_count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cret_scope_judgement *best = &scopes[0];
        for (size_t s = 1; s < scope_count; s++) {
            if (standing(&scopes[s], &scopes[s].signatures[i]) >
                standing(best, &best->signatures[i]))
                best = &scopes[s];
        }
        ret_judgements[i] = best->signatures[i];
    }
}

static void fill_scopes(struct cret_authentic_scope *ret_scopes, const struct cret_policy *policy,
                        const struct cret_scope_judgement *judged)
{
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        ret_scopes[i] =
            (struct cret_authentic_scope){.vendor = scope->vendor,
                                          .products = (const char *const *)scope->products,
                                          .product_count = scope->product_count,
                                          .vendor_met = judged[i].vendor_met,
                                          .owner_met = judged[i].owner_met};
    }
}

enum cret_status cret_policy_judge(const struct cret_policy *policy,
                                   const struct cret_cms *const *signatures, size_t count,
                                   int64_t now, bool allow_example_keys,
                                   struct cret_signature_judgement *ret_judgements,
                                   struct cret_authentic_scope **ret_scopes,
                                   struct cret_findings *findings, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    bool any_met = false;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_scope_judgement *judged = calloc(policy->scope_count + 1, sizeof *judged);
    if (judged == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    if (policy->scope_count == 0) {
        (void)cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD, "the trust policy trusts nobody");
        cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        goto out;
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        if (judge_scope(&policy->scopes[i], signatures, count, now, allow_example_keys, &judged[i],
                        err) != CRET_OK)
            goto out;
        any_met = any_met || judged[i].vendor_met || judged[i].owner_met;
    }
    scopes = calloc(policy->scope_count, sizeof *scopes);
    if (scopes == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    choose(ret_judgements, count, judged, policy->scope_count);
    fill_scopes(scopes, policy, judged);
    cret_policy_report(policy, judged, ret_judgements, count, allow_example_keys, findings, err);
    if (any_met) {
        *ret_scopes = scopes;
        scopes = NULL;
        status = CRET_OK;
    }
out:
    for (size_t i = 0; judged != NULL && i < policy->scope_count; i++) {
        free(judged[i].signatures);
        free(judged[i].role_signers);
    }
    free(judged);
    free(scopes);
    return status;
}
