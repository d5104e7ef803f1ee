/* SPDX-License-Identifier: Apache-2.0 */
/* How far the answers to advisories reach: what was compared, what was not, and what follows. */
#ifndef CRET_VERIFIER_ADVICE_COVERAGE_H
#define CRET_VERIFIER_ADVICE_COVERAGE_H

#include "verifier/child/advice_files.h"

/* In the order of cret_advisory_statuses. */
enum cret_advice_status {
    CRET_ADVICE_AFFECTED,
    CRET_ADVICE_INVESTIGATED,
    CRET_ADVICE_FIXED,
    CRET_ADVICE_NOT_AFFECTED,
    CRET_ADVICE_STATUSES
};

/* How often each status is said, surely and possibly. */
struct cret_advice_tally {
    size_t sure[CRET_ADVICE_STATUSES], possible[CRET_ADVICE_STATUSES];
};

/*
 * Completes one object of cret_advise(): "leftOut": files that are no advisories, by kind;
 * "notChecked": [{"what", "count", "reason", "files"}] whatever the answers do not reach: gaps of
 * the release, files left out, faulty documents; "result": "CHECKED", or "NOT_CHECKED" where that
 * is not empty. Non-zero: memory.
 */
CRET_MUST_CHECK int cret_advice_cover(json_t *advice, const struct cret_advice_files *files);

/* Whether anything was not compared; true as well for what cret_advice_cover() did not complete. */
bool cret_advice_is_partial(const json_t *advice);

bool cret_advice_is_sure(const json_t *match);
/* Whether a match is for somebody who wants to see what is or may be affected, only. */
bool cret_advice_needs_action(const json_t *match);
struct cret_advice_tally cret_advice_count(const json_t *advice);
/* Whether there is a match of this level: "affected" (a sure one), "possible" (whatever needs
 * action). */
bool cret_advice_reaches(const json_t *advice, const char *level);

#endif
