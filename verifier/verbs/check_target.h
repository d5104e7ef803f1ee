/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file of check or extract: what must be there before its child reads it, and how its result
 * is left and told. Of several files some are read ahead of their turn; what is told keeps the
 * order of the names.
 */
#ifndef CRET_VERIFIER_CHECK_TARGET_H
#define CRET_VERIFIER_CHECK_TARGET_H

#include "console/progress.h"
#include "verifier/child/child.h"
#include "verifier/evidence/evidence.h"
#include "verifier/run/session.h"

struct cret_check_ahead;

struct cret_check_target {
    const struct cret_options *options;
    bool several; /* it is one of several */
    const struct cret_session *session;
    struct cret_evidence *evidence;
    const char *name; /* as given */
    int fd;
    uint64_t size;           /* of a file; 0 of what has none */
    char *record_path;       /* or NULL */
    const char *report_path; /* or NULL */
    char *seal_path, *seal;  /* its seal, as bytes; or NULL */
    size_t seal_size;
    struct cret_foreign_side *sides; /* what was given beside it, as bytes; or NULL */
    size_t side_count;
    const char *destination;  /* extract: final folder, or NULL */
    char *staging;            /* extract: folder that becomes it */
    int directory;            /* extract: the staging folder, or -1 */
    bool published;           /* extract: it has become it */
    int deliver_fd;           /* extract: where files go instead; or -1 */
    struct cret_child *child; /* NULL: not begun, or its result is here */
    unsigned threads;         /* which the child has */
    struct cret_progress progress;
    struct cret_check_ahead *ahead; /* which began it */
};

/* Of the file `name`, with what the options say; nothing is opened yet. */
struct cret_check_target cret_check_target_of(const char *name, const struct cret_options *options);

/* Opens it, and makes sure that its outputs can be: nothing is ever overwritten. class USAGE or
 * UNDECIDED; cret_check_target_clear frees, also after a failure. */
CRET_MUST_CHECK enum cret_status cret_check_prepare(struct cret_check_target *target,
                                                    struct cret_err *err);
/* Whether that still holds, where other files were delivered meanwhile. */
CRET_MUST_CHECK enum cret_status cret_check_still(const struct cret_check_target *target,
                                                  struct cret_err *err);

/*
 * Leaves the evidence, then hands the result to whoever asked: JSON, or the page for people. What
 * cannot be delivered makes the run undecided: an acceptance that nobody can prove is none. Returns
 * the exit code.
 */
int cret_check_deliver(struct cret_check_target *target, struct cret_outcome *outcome);

/* Ends its child where it has one, and removes what was extracted, after anything but an acceptance
 * (code is not 0). */
void cret_check_target_clear(struct cret_check_target *target, int code);

#endif
