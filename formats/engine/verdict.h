/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict over a list of findings: made in one place, from refusal on. */
#ifndef CRET_ENGINE_VERDICT_H
#define CRET_ENGINE_VERDICT_H

#include "base/finding/finding.h"
#include "trust/policy/policy.h"

/* REFUSED is zero on purpose. */
enum cret_verdict {
    CRET_VERDICT_REFUSED = 0,
    CRET_VERDICT_ACCEPTED = 1,
    CRET_VERDICT_ACCEPTED_WITH_WAIVERS = 2,
    CRET_VERDICT_UNDECIDED = 3,
    CRET_VERDICT_PARTIAL = 4, /* all that was asked for passed, but only a part was asked for */
    CRET_VERDICT_COUNT
};

/* What must have been answered for ACCEPTED; a check that is true here and has no PASS or WAIVED
 * refuses. */
struct cret_required {
    bool check[CRET_CHECK_COUNT];
};

/* The core checks that every run answers. Checks that only some policies ask for (revocation, time
 * stamp, post-quantum) are added by whoever reads the policy. */
void cret_required_core(struct cret_required *required);
/* In their place, of a file in a vendor's own format: form, value, coverage, strength, pin. */
void cret_required_foreign(struct cret_required *required);
/* Adds what this policy requires beyond them. */
void cret_required_policy(struct cret_required *required, const struct cret_policy *policy);

/*
 * ACCEPTED only where the list is not broken, holds no FAIL, each required check has at least one
 * PASS (or WAIVED, for checks that may be waived) and neither FAIL nor NOT_CHECKED. A required
 * check that says nothing refuses. What would be accepted else is UNDECIDED where the verifier owes
 * an answer (cret_check.owed, NOT_CHECKED). partial: turns ACCEPTED into PARTIAL.
 */
enum cret_verdict cret_verdict_decide(const struct cret_findings *findings,
                                      const struct cret_required *required, bool partial);

/* "ACCEPTED", "ACCEPTED WITH WAIVERS", "REFUSED", "UNDECIDED", "PARTIAL"; the list ends with NULL.
 */
extern const char *const cret_verdict_names[];
const char *cret_verdict_name(enum cret_verdict verdict);
/* 0, 0, 1, 3, 3. */
int cret_verdict_exit_code(enum cret_verdict verdict);

#endif
