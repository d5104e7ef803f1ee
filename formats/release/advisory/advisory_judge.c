/* SPDX-License-Identifier: Apache-2.0 */
/* From evidence to an answer: what is bad is passed on, what is good must be proved. */
#include "release/advisory/advisory_judge.h"

static const struct cret_answer nothing = {.match = CRET_MATCH_NONE, .status = CRET_VEX_AFFECTED};
static const struct cret_answer question = {
    .match = CRET_MATCH_POSSIBLE, .status = CRET_VEX_AFFECTED, .question = true};

/* "Affected" and "under investigation": sure with the very thing and version; silent only where it
 * is surely another thing or version. */
static enum cret_match judge_severe(const struct cret_evidence *evidence)
{
    if (evidence->identity == CRET_MATCH_NONE || evidence->best == CRET_FIT_OTHER) {
        return CRET_MATCH_NONE;
    }
    switch (evidence->scope) {
    case CRET_SCOPE_PRODUCT:
    case CRET_SCOPE_COMPONENT:
        return evidence->identity == CRET_MATCH_SURE && evidence->best == CRET_FIT_SURE &&
                       evidence->worst > CRET_FIT_OTHER
                   ? CRET_MATCH_SURE
                   : CRET_MATCH_POSSIBLE;
    case CRET_SCOPE_HARDWARE:
    case CRET_SCOPE_WHOLE:
        return CRET_MATCH_POSSIBLE;
    case CRET_SCOPE_ELSEWHERE:
        /* A name that two products share says nothing of the one by the other. */
        return evidence->identity == CRET_MATCH_SURE || !evidence->component ? CRET_MATCH_POSSIBLE
                                                                             : CRET_MATCH_NONE;
    }
    return CRET_MATCH_POSSIBLE;
}

/* Only our product, or a part as a part of it, in surely this version, finally and with a reason.
 */
static bool is_sure_mild(const struct cret_evidence *evidence, const struct cret_claim *claim)
{
    return evidence->identity == CRET_MATCH_SURE && evidence->worst == CRET_FIT_SURE &&
           !evidence->unstated && evidence->scope == CRET_SCOPE_PRODUCT && !evidence->other_build &&
           !claim->provisional && !claim->external &&
           (claim->status == CRET_VEX_FIXED || claim->reasoned || claim->by_version);
}

/* Another version than ours is fixed, or not affected. That there is a fix says that there is
 * something to fix, unless ours is the later one. */
static struct cret_answer judge_other_version(const struct cret_evidence *evidence,
                                              const struct cret_claim *claim)
{
    const bool asks =
        claim->status == CRET_VEX_FIXED ? !evidence->later : claim->by_version || claim->external;
    return asks ? question : nothing;
}

static struct cret_answer judge_mild(const struct cret_evidence *evidence,
                                     const struct cret_claim *claim)
{
    const struct cret_answer possible = {.match = CRET_MATCH_POSSIBLE, .status = claim->status};
    if (evidence->identity == CRET_MATCH_NONE || evidence->scope == CRET_SCOPE_WHOLE ||
        (evidence->scope == CRET_SCOPE_ELSEWHERE && evidence->component)) {
        return nothing;
    }
    if (evidence->best == CRET_FIT_OTHER) {
        return judge_other_version(evidence, claim);
    }
    if (claim->external) {
        return question;
    }
    if (evidence->scope == CRET_SCOPE_COMPONENT && !claim->carries) {
        return evidence->identity == CRET_MATCH_SURE ? question : nothing;
    }
    if (evidence->worst >= CRET_FIT_LIKELY) {
        return is_sure_mild(evidence, claim)
                   ? (struct cret_answer){.match = CRET_MATCH_SURE, .status = claim->status}
                   : possible;
    }
    return evidence->unstated && claim->status == CRET_VEX_NOT_AFFECTED ? possible : question;
}

struct cret_answer cret_judge(const struct cret_evidence *evidence, const struct cret_claim *claim)
{
    switch (claim->status) {
    case CRET_VEX_FIXED:
    case CRET_VEX_NOT_AFFECTED:
        return judge_mild(evidence, claim);
    case CRET_VEX_AFFECTED:
    case CRET_VEX_INVESTIGATED:
    case CRET_VEX_COUNT:
        break;
    }
    return (struct cret_answer){.match = judge_severe(evidence), .status = claim->status};
}

enum cret_match cret_judge_contradicted(enum cret_match match)
{
    return match < CRET_MATCH_POSSIBLE ? match : CRET_MATCH_POSSIBLE;
}

static enum cret_fit lower(enum cret_fit left, enum cret_fit right)
{
    return left < right ? left : right;
}

struct cret_evidence cret_evidence_joined(const struct cret_evidence *part,
                                          const struct cret_evidence *whole)
{
    struct cret_evidence joined = *part;
    joined.identity = part->identity < whole->identity ? part->identity : whole->identity;
    joined.best = lower(part->best, whole->best);
    joined.worst = lower(part->worst, whole->worst);
    joined.other_build = part->other_build || whole->other_build;
    if (!part->component) {
        /* Our very version, on something that may be ours: said of us, and for a person to confirm.
         */
        joined.worst = part->worst >= CRET_FIT_LIKELY && joined.worst < CRET_FIT_LIKELY
                           ? CRET_FIT_LIKELY
                           : joined.worst;
    } else {
        joined.unstated = part->unstated || whole->unstated;
    }
    if (!part->component && part->scope == CRET_SCOPE_PRODUCT &&
        whole->scope == CRET_SCOPE_COMPONENT) {
        joined.scope = CRET_SCOPE_HARDWARE; /* ours, inside of what is inside of ours */
        return joined;
    }
    /* What is a part of our product as a part of it speaks of our product. */
    joined.scope = part->scope >= CRET_SCOPE_HARDWARE && part->scope > whole->scope ? part->scope
                                                                                    : whole->scope;
    return joined;
}

void cret_evidence_add_fit(struct cret_evidence *evidence, bool *any, enum cret_fit best,
                           enum cret_fit worst)
{
    evidence->best = !*any || best > evidence->best ? best : evidence->best;
    evidence->worst = !*any || worst < evidence->worst ? worst : evidence->worst;
    evidence->unstated = false;
    *any = true;
}
