/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs that add signatures to an archive share: endorse and attach. */
#ifndef CRET_SIGNER_AMEND_H
#define CRET_SIGNER_AMEND_H

#include "base/finding/limits.h"
#include "signer/archive/existing.h"
#include "signer/report/credentials.h"
#include "signer/report/report.h"

struct cret_amend {
    const struct cret_options *options;
    struct cret_credentials credentials;
    struct cret_existing_work work;
    struct cret_progress progress;
    struct cret_existing *existing;
    struct cret_addition additions[CRET_LIMIT_SIGNATURES];
    size_t count;
    struct cret_findings *notes; /* what was rewritten on the way in */
};

void cret_amend_init(struct cret_amend *amend, const struct cret_options *options,
                     const char *label);
/* Options that need no archive: threads, payload folder, certificates. */
CRET_MUST_CHECK enum cret_status cret_amend_begin(struct cret_amend *amend, struct cret_err *err);
/* `change`: it will be replaced, and no other run may change it before that. */
CRET_MUST_CHECK enum cret_status cret_amend_open(struct cret_amend *amend, const char *path,
                                                 bool change, struct cret_err *err);
/* The place of one more signature; at most CRET_LIMIT_SIGNATURES. */
struct cret_addition *cret_amend_next(struct cret_amend *amend);
/* Every digest of the payload. */
CRET_MUST_CHECK enum cret_status cret_amend_verify(struct cret_amend *amend, struct cret_err *err);
/* Writes the archive anew with the additions. */
CRET_MUST_CHECK enum cret_status cret_amend_finish(struct cret_amend *amend, struct cret_err *err);
/* For additions that vouch for nothing: the payload is hashed once, with the archive that was made
 * of it. Before: only what that does not see, the payload of a front, is verified. */
CRET_MUST_CHECK enum cret_status cret_amend_ready(struct cret_amend *amend, struct cret_err *err);
/* After: `status` is that of writing it; where it failed since the archive as it was is wrong, err
 * says that instead. Returns status. */
CRET_MUST_CHECK enum cret_status cret_amend_outcome(struct cret_amend *amend,
                                                    enum cret_status status, struct cret_err *err);
/* A verb: `work` adds signatures, and what was added is printed. Returns the exit code. */
int cret_amend_run(const struct cret_options *options,
                   enum cret_status (*work)(struct cret_amend *amend, struct cret_err *err));
void cret_amend_clear(struct cret_amend *amend);

#endif
