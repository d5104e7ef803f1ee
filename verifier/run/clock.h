/* SPDX-License-Identifier: Apache-2.0 */
/* Is the clock of this machine believable? */
#ifndef CRET_VERIFIER_CLOCK_H
#define CRET_VERIFIER_CLOCK_H

#include "trust/policy/policy.h"

/* The clock itself (seconds, never --at) must not be before the release date of this program, nor
 * before the issue date of the policy (NULL: none). class UNDECIDED, with what to do. The journal's
 * last line is its own bound (cret_journal_check_clock). */
CRET_MUST_CHECK enum cret_status
cret_clock_check(int64_t system_time, const struct cret_policy *policy, struct cret_err *err);

#endif
