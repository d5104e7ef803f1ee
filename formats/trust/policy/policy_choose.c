/* SPDX-License-Identifier: Apache-2.0 */
/* Which claims are taken together. */
#include <stdlib.h>
#include <string.h>

#include "trust/policy/policy_claim.h"

/* Only claims that exclude each other branch the search, and a release has few of those. */
enum { STEPS = 20000 };

struct chooser {
    const struct cret_claims *claims;
    const struct cret_policy_scope *scope;
    bool both_kinds; /* a signer counts only with a post-quantum signature too */
    size_t signature_count, steps;
    bool *chosen; /* per claim */
    bool *best;
    bool *conflicts; /* per pair of claims */
    bool *free;      /* per claim: stands in nobody's way, and is the only one of its signature */
    bool *counted, *completed; /* per signer */
    size_t best_score;
    bool any, finished;
    struct cret_scope_judgement *trial; /* of `chosen` */
    struct cret_scope_judgement *result;
};

bool cret_claims_conflict(const struct cret_claim *one, const struct cret_claim *other)
{
    const size_t limit = one->signer == other->signer ? 1 : SIZE_MAX;
    for (size_t i = 0; i < one->key_count && i < limit; i++) {
        for (size_t j = 0; j < other->key_count && j < limit; j++) {
            if (memcmp(one->keys[i], other->keys[j], CRET_SHA256_BYTES) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Sets chooser->trial from `chosen`; returns how many signers and signatures that are. */
static size_t count_chosen(struct chooser *chooser)
{
    const struct cret_claims *claims = chooser->claims;
    size_t total = 0;
    memset(chooser->counted, 0, (chooser->scope->signer_count + 1) * sizeof(*chooser->counted));
    memset(chooser->completed, 0, (chooser->scope->signer_count + 1) * sizeof(*chooser->completed));
    memset(chooser->trial->role_signers, 0,
           (chooser->scope->role_count + 1) * sizeof(*chooser->trial->role_signers));
    for (size_t i = 0; i < claims->count; i++) {
        if (chooser->chosen[i] && claims->list[i].post_quantum) {
            chooser->completed[claims->list[i].signer] = true;
        }
        total += chooser->chosen[i] ? 1 : 0;
    }
    for (size_t i = 0; i < claims->count; i++) {
        const struct cret_claim *claim = &claims->list[i];
        if (!chooser->chosen[i] || claim->post_quantum || chooser->counted[claim->signer] ||
            (chooser->both_kinds && !chooser->completed[claim->signer])) {
            continue;
        }
        chooser->counted[claim->signer] = true;
        chooser->trial->role_signers[claim->role]++;
        total += 2 * chooser->claims->count;
    }
    return total;
}

/* What the chosen claims meet; kept where it is more than before. */
static void weigh(struct chooser *chooser)
{
    const size_t signers = count_chosen(chooser);
    struct cret_scope_judgement *trial = chooser->trial;
    cret_scope_decide(chooser->scope, trial);
    const size_t unit = 4 * (chooser->claims->count + 1) * (chooser->claims->count + 1);
    const size_t score =
        (trial->vendor_met ? 2 * unit : 0) + (trial->owner_met ? unit : 0) + signers;
    /* Each of the two is met by some choice; only one of them is asked of a release. */
    chooser->result->vendor_met = chooser->result->vendor_met || trial->vendor_met;
    chooser->result->owner_met = chooser->result->owner_met || trial->owner_met;
    if (chooser->any && score <= chooser->best_score) {
        return;
    }
    chooser->any = true;
    chooser->best_score = score;
    memcpy(chooser->best, chooser->chosen, chooser->claims->count * sizeof(*chooser->best));
}

static bool fits(const struct chooser *chooser, size_t index)
{
    for (size_t i = 0; i < chooser->claims->count; i++) {
        if (chooser->chosen[i] && chooser->conflicts[index * chooser->claims->count + i]) {
            return false;
        }
    }
    return true;
}

static void find_conflicts(struct chooser *chooser)
{
    const size_t count = chooser->claims->count;
    for (size_t i = 0; i < count; i++) {
        const struct cret_claim *claim = &chooser->claims->list[i];
        chooser->free[i] = true;
        for (size_t j = 0; j < count; j++) {
            const struct cret_claim *other = &chooser->claims->list[j];
            const bool conflict = i != j && (other->signature == claim->signature ||
                                             cret_claims_conflict(claim, other));
            chooser->conflicts[i * count + j] = conflict;
            chooser->free[i] = chooser->free[i] && !conflict;
        }
    }
}

static void choose_from(struct chooser *chooser, size_t signature)
{
    if (chooser->steps == 0) {
        return;
    }
    chooser->steps--;
    if (signature == chooser->signature_count) {
        weigh(chooser);
        return;
    }
    for (size_t i = 0; i < chooser->claims->count; i++) {
        if (chooser->claims->list[i].signature != signature || !fits(chooser, i)) {
            continue;
        }
        chooser->chosen[i] = true;
        choose_from(chooser, signature + 1);
        chooser->chosen[i] = false;
        if (chooser->free[i]) {
            return;
        }
    }
    choose_from(chooser, signature + 1);
}

enum cret_status cret_claims_choose(bool *taken, const struct cret_claims *claims,
                                    size_t signature_count, const struct cret_policy_scope *scope,
                                    enum cret_demand post_quantum,
                                    struct cret_scope_judgement *result, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_scope_judgement trial = {.waivers = result->waivers};
    struct chooser chooser = {.claims = claims,
                              .scope = scope,
                              .both_kinds = post_quantum == CRET_DEMAND_REQUIRE,
                              .signature_count = signature_count,
                              .steps = STEPS,
                              .best = taken,
                              .trial = &trial,
                              .result = result};
    chooser.chosen = calloc(claims->count + 1, sizeof(*chooser.chosen));
    chooser.conflicts = calloc(claims->count * claims->count + 1, sizeof(*chooser.conflicts));
    chooser.free = calloc(claims->count + 1, sizeof(*chooser.free));
    chooser.counted = calloc(scope->signer_count + 1, sizeof(*chooser.counted));
    chooser.completed = calloc(scope->signer_count + 1, sizeof(*chooser.completed));
    trial.role_signers = calloc(scope->role_count + 1, sizeof(*trial.role_signers));
    if (chooser.chosen == NULL || chooser.conflicts == NULL || chooser.free == NULL ||
        chooser.counted == NULL || chooser.completed == NULL || trial.role_signers == NULL) {
        cret_err_memory(err);
        goto out;
    }
    find_conflicts(&chooser);
    choose_from(&chooser, 0);
    memcpy(chooser.chosen, taken, claims->count * sizeof(*taken));
    count_chosen(&chooser);
    /* A signature of somebody who is not complete is not taken either. */
    for (size_t i = 0; i < claims->count; i++) {
        taken[i] =
            taken[i] && (claims->list[i].post_quantum || chooser.counted[claims->list[i].signer]);
    }
    memcpy(result->role_signers, trial.role_signers,
           scope->role_count * sizeof(*trial.role_signers));
    memcpy(result->completed, chooser.completed, scope->signer_count * sizeof(*chooser.completed));
    status = CRET_OK;
out:
    free(trial.role_signers);
    free(chooser.completed);
    free(chooser.counted);
    free(chooser.free);
    free(chooser.conflicts);
    free(chooser.chosen);
    return status;
}
