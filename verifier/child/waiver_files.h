/* SPDX-License-Identifier: Apache-2.0 */
/* The files of --waivers with the signatures beside them, and which waivers a run used. */
#ifndef CRET_VERIFIER_WAIVER_FILES_H
#define CRET_VERIFIER_WAIVER_FILES_H

#include "engine/inspect.h"
#include "evidence/record/record.h"
#include "verifier/child/outcome.h"

/*
 * Reads each file, and beside it its signatures <file>.<16 hex>.p7s; verifies these under the role
 * waiver of the request's policy, and only then reads what the file says. A file that is not there
 * is class USAGE; one that is not honoured is kept with the reason, which every verdict then says.
 */
CRET_MUST_CHECK enum cret_status cret_waiver_files_read(struct cret_waivers **ret_waivers,
                                                        const char *const *paths, size_t count,
                                                        const struct cret_inspect_request *request,
                                                        struct cret_err *err);

/*
 * Lists in outcome->waivers the waivers behind its WAIVED findings, one a check. A WAIVED finding
 * that no waiver in force covers makes the outcome UNDECIDED: whoever reported it contradicts the
 * waivers that were given.
 */
void cret_waivers_settle(const struct cret_inspect_request *request, struct cret_outcome *outcome);

/* Applies waivers to what the journal was asked (cret_waive_by_journal) after the archive was read.
 * The caller concludes. */
void cret_waivers_after_journal(const struct cret_inspect_request *request,
                                struct cret_outcome *outcome);

#endif
