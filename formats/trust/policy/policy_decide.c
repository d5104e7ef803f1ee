/* SPDX-License-Identifier: Apache-2.0 */
/* From the signers that were counted to what is met: per scope, and over all scopes
 * (docs/spec/trust.md, Counting). */
#include <string.h>

#include "trust/policy/policy_parts.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"

unsigned cret_reason_rank(const struct cret_err *reason)
{
    if (reason->class == CRET_ERR_NONE) {
        return 0;
    }
    switch (reason->check) {
    case CRET_CHECK_CERTIFICATE_PATH:
        return CRET_REASON_ELSEWHERE;
    case CRET_CHECK_TRUST_THRESHOLD:
        return 3;
    case CRET_CHECK_TRUST_EXAMPLE_KEY:
        return 4;
    default:
        return 2;
    }
}

void cret_reason_keep(struct cret_err *kept, const struct cret_err *reason)
{
    if (cret_reason_rank(reason) > cret_reason_rank(kept)) {
        *kept = *reason;
    }
}

bool cret_scope_explain_pin(const struct cret_policy_scope *scope, const struct cret_cms *cms,
                            struct cret_err *why)
{
    for (size_t i = 0; i < scope->signer_count; i++) {
        const struct cret_certificate *pin = scope->signers[i].anchor.certificate;
        if (pin == NULL || scope->signers[i].anchor.kind != CRET_ANCHOR_CERTIFICATE) {
            continue;
        }
        for (size_t j = 0; j <= cret_cms_intermediate_count(cms); j++) {
            const struct cret_certificate *below =
                j == 0 ? cret_cms_signer(cms) : cret_cms_intermediate(cms, j - 1);
            if (!cret_certificate_names_issuer(below, pin)) {
                continue;
            }
            const bool version_1 = cret_certificate_parts(pin)->version == 1;
            cret_err_refuse(why, CRET_CHECK_CERTIFICATE_PATH,
                            "the anchor %s is not the certificate of a certification authority, so "
                            "it vouches for itself alone",
                            cret_certificate_subject(pin));
            cret_err_expected(why, "version 3, basicConstraints with CA:TRUE");
            cret_err_actual(why, "%s", version_1 ? "X.509 version 1" : "version 3 without CA:TRUE");
            cret_err_hint(why, "ask for the authority's certificate of version 3, or trust the "
                               "signer's own certificate");
            return true;
        }
    }
    return false;
}

bool cret_role_counts(const struct cret_policy_role *role, bool waivers)
{
    const struct cret_role_kind *kind = cret_role_kind_find(role->name);
    return kind == NULL ? !waivers : !kind->attests && kind->waiver == waivers;
}

/* vendor: every role that is asked for has its threshold, and one of them is not the owner's, who
 * cannot vouch for the vendor's origin. owner: his role has its threshold, of at least one. */
static void decide_release(const struct cret_policy_scope *scope,
                           struct cret_scope_judgement *result)
{
    bool all = true, any = false, owner = false;
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        const struct cret_role_kind *kind = cret_role_kind_find(role->name);
        if (!cret_role_counts(role, false)) {
            continue;
        }
        const bool is_owner = kind != NULL && kind->owner;
        const bool met = result->role_signers[i] >= cret_role_threshold(role);
        if (role->threshold > 0 && !met) {
            all = false;
        }
        if (kind != NULL && !is_owner && role->threshold > 0 && met) {
            any = true;
        }
        if (is_owner && met) {
            owner = true;
        }
    }
    result->vendor_met = all && any;
    result->owner_met = owner;
}

/* Nothing but the role waiver counts for waivers: both flags say whether it has its threshold. */
static void decide_waivers(const struct cret_policy_scope *scope,
                           struct cret_scope_judgement *result)
{
    bool met = false;
    for (size_t i = 0; i < scope->role_count; i++) {
        if (cret_role_counts(&scope->roles[i], true) &&
            result->role_signers[i] >= cret_role_threshold(&scope->roles[i])) {
            met = true;
        }
    }
    result->vendor_met = result->owner_met = met;
}

void cret_scope_decide(const struct cret_policy_scope *scope, struct cret_scope_judgement *result)
{
    if (result->waivers) {
        decide_waivers(scope, result);
    } else {
        decide_release(scope, result);
    }
}

/* What is told of each signature: the scope where it counted, or else completed a signer, a met one
 * before others; else the most telling reason of all scopes. */
void cret_scopes_merge(const struct cret_scope_judgement *scopes, size_t scope_count,
                       struct cret_signature_judgement *judgements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cret_scope_judgement *chosen = NULL;
        struct cret_err why = {0};
        for (size_t j = 0; j < scope_count; j++) {
            const struct cret_signature_judgement *here = &scopes[j].signatures[i];
            const bool met = scopes[j].vendor_met || scopes[j].owner_met;
            if (!here->counted && !here->completes) {
                cret_reason_keep(&why, &here->why_not);
            } else if (chosen == NULL || (here->counted && !chosen->signatures[i].counted) ||
                       (here->counted == chosen->signatures[i].counted && met &&
                        !chosen->vendor_met && !chosen->owner_met)) {
                chosen = &scopes[j];
            }
        }
        if (chosen != NULL) {
            judgements[i] = chosen->signatures[i];
            continue;
        }
        judgements[i] = scopes[0].signatures[i];
        judgements[i].why_not = why;
    }
}

/* Fills *what for the caller; true where anything was met. */
bool cret_scopes_fill(const struct cret_policy *policy, const struct cret_scope_judgement *scopes,
                      struct cret_authentic_scope *what)
{
    bool any = false;
    for (size_t i = 0; i < policy->scope_count; i++) {
        what[i].vendor = policy->scopes[i].vendor;
        what[i].products = (const char *const *)policy->scopes[i].products;
        what[i].product_count = policy->scopes[i].product_count;
        what[i].vendor_met = scopes[i].vendor_met;
        /* A bare anchor has no owner role and covers nothing adopted. */
        what[i].owner_met = scopes[i].owner_met && !policy->bare_anchor;
        any = any || what[i].vendor_met || what[i].owner_met;
    }
    return any;
}
