/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several archives at once: each is read by a child of its own, forked from a parent that reads
 * none, as many as the processor has room for; their results are taken in the order of the names.
 */
#ifndef CRET_VERIFIER_CHECK_AHEAD_H
#define CRET_VERIFIER_CHECK_AHEAD_H

#include "verifier/run/targets.h"
#include "verifier/verbs/check_target.h"

struct cret_check_ahead;

/* All are borrowed. NULL: no memory. Caller: cret_check_ahead_free, which ends what still runs. */
struct cret_check_ahead *cret_check_ahead_new(const struct cret_options *options,
                                              const struct cret_session *session,
                                              struct cret_evidence *evidence,
                                              const struct cret_targets *targets);
void cret_check_ahead_free(struct cret_check_ahead **ahead);

/*
 * What the child of the next file found, once it is there; others read on meanwhile. NULL: it came
 * to no child, and err says why. Where a child died, its outcome is UNDECIDED, and that of no other
 * file changes. *ret_target: the file, until cret_check_target_clear, which the caller owes before
 * the next call. At most once for each file.
 */
struct cret_outcome *cret_check_ahead_take(struct cret_check_ahead *ahead,
                                           struct cret_check_target **ret_target,
                                           struct cret_err *err);

#endif
