/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule of asymmetry, and the only place that has it. Whoever compares hands over evidence: how
 * sure it is that a statement means what we have, and how sure that our version is among those it
 * speaks of. Here this becomes an answer. "Affected" is passed on with the best that can be said
 * for it; "fixed" and "not affected" only with the worst that can be said against them, and where
 * that is not enough they become a question: a plant is left as it is because of them.
 */
#ifndef CRET_RELEASE_ADVISORY_JUDGE_H
#define CRET_RELEASE_ADVISORY_JUDGE_H

#include <stdbool.h>

#include "base/finding/attributes.h"
#include "release/identifier/identifier.h"

/* Ordered from what needs action most. */
enum cret_vex_status {
    CRET_VEX_AFFECTED,
    CRET_VEX_INVESTIGATED,
    CRET_VEX_FIXED,
    CRET_VEX_NOT_AFFECTED,
    CRET_VEX_COUNT
};

/* How our version lies to those that a statement speaks of; ordered. */
enum cret_fit {
    CRET_FIT_OTHER,  /* surely another version */
    CRET_FIT_OPEN,   /* cannot be compared: words, no order, a version that is not known */
    CRET_FIT_LIKELY, /* inside by the order of numbers; 1.2 and 1.2.0 */
    CRET_FIT_SURE,   /* the same text, the same bytes, or every version in so many words */
};

/* What the subject is to the product that is spoken of; from what says most of our product. */
enum cret_scope {
    CRET_SCOPE_PRODUCT,   /* our product, or a part of our product as a part of it */
    CRET_SCOPE_COMPONENT, /* a part of our product, spoken of by itself */
    CRET_SCOPE_HARDWARE,  /* ours, on or with something that we do not know of */
    CRET_SCOPE_WHOLE,     /* our product, for a part of it that we do not know of */
    CRET_SCOPE_ELSEWHERE, /* a part of ours, as a part of something that is not shown to be ours */
};

struct cret_evidence {
    enum cret_match identity; /* that the very thing is meant, whatever the version */
    /* Of all that the statement says of versions: the best and the worst for us being meant. */
    enum cret_fit best, worst;
    bool unstated;    /* the statement says nothing of versions: best is SURE, worst is OPEN */
    bool later;       /* OTHER, and ours is surely the later one */
    bool other_build; /* an identifier fits, and hashes that should fit do not; or only some builds,
                         models, devices are meant */
    bool component;   /* a component or file is meant, not the product as a whole */
    enum cret_scope scope;
};

/* What is said, beside of what. */
struct cret_claim {
    enum cret_vex_status status;
    bool by_version;  /* "not affected" as other versions are: no other reason is needed */
    bool reasoned;    /* a justification from the closed list, or an impact statement */
    bool carries;     /* holds for a component wherever it is used: says nothing of how one product
                         uses or builds it */
    bool provisional; /* a draft, or interim */
    bool external;    /* a part that is not delivered (isExternal), known by a range at most */
};

struct cret_answer {
    enum cret_match match; /* NONE: the statement is not about us */
    enum cret_vex_status status;
    bool question; /* it said something mild that cannot be passed on: status is AFFECTED, POSSIBLE
                    */
};

CRET_MUST_CHECK struct cret_answer cret_judge(const struct cret_evidence *evidence,
                                              const struct cret_claim *claim);

/* What is left of an answer where the same document says something worse of the same thing. */
CRET_MUST_CHECK enum cret_match cret_judge_contradicted(enum cret_match match);

/* Evidence of a part and of the whole that it is a part of, both ours. */
CRET_MUST_CHECK struct cret_evidence cret_evidence_joined(const struct cret_evidence *part,
                                                          const struct cret_evidence *whole);

/* Adds one more thing that a statement says of versions. any: whether there was one before. */
void cret_evidence_add_fit(struct cret_evidence *evidence, bool *any, enum cret_fit best,
                           enum cret_fit worst);

#endif
