/* SPDX-License-Identifier: Apache-2.0 */
/* Whom of a scope a signature could count for, and which of these claims are taken together.
 * Internal to trust/. */
#ifndef CRET_TRUST_POLICY_CLAIM_H
#define CRET_TRUST_POLICY_CLAIM_H

#include "trust/policy/policy_parts.h"

/* A signature that could count for a signer, or complete him: everything that concerns it alone
 * has been verified. */
struct cret_claim {
    size_t signature, signer, role; /* indices: of the request, of the scope */
    bool post_quantum;              /* completes; else counts */
    /* The keys from the leaf to below the anchor. */
    const uint8_t *keys[sizeof((struct cret_chain *)0)->certificates /
                        sizeof((struct cret_chain *)0)->certificates[0]];
    size_t key_count;
    struct cret_signature_judgement judgement; /* what is told of the signature if it is taken */
};

/* By signature; of one signature shorter paths first. Zeroed is empty. */
struct cret_claims {
    struct cret_claim *list;
    size_t count;
};
void cret_claims_clear(struct cret_claims *claims);

/*
 * Fills claims with those of every signature on signers of the scope; where a signature has none,
 * results[signature].why_not is the most telling reason. times: when each was made, or NULL: all of
 * `now`. post_quantum: what is asked of post-quantum signatures in this scope.
 */
CRET_MUST_CHECK enum cret_status
cret_claims_make(struct cret_claims *claims, const struct cret_judge_request *request,
                 const struct cret_policy_scope *scope, enum cret_demand post_quantum,
                 const struct cret_signature_judgement *times,
                 struct cret_signature_judgement *results, struct cret_err *err);

/*
 * Takes those claims that meet most of the scope: at most one of a signature, and none of two
 * signers that share a key. taken has one entry a claim. A claim more can only make more be met, a
 * claim less only less: so nothing that takes claims away (a site overlay, a revocation) can make a
 * release be accepted. The search is bounded; past the bound less is met. Memory only.
 */
CRET_MUST_CHECK enum cret_status
cret_claims_choose(bool *taken, const struct cret_claims *claims, size_t signature_count,
                   const struct cret_policy_scope *scope, enum cret_demand post_quantum,
                   struct cret_scope_judgement *result, struct cret_err *err);
/* Whether no two of these could be taken for different signers, or are of one key. */
bool cret_claims_conflict(const struct cret_claim *one, const struct cret_claim *other);

#endif
