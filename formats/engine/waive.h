/* SPDX-License-Identifier: Apache-2.0 */
/* What waivers do to findings: FAIL becomes WAIVED, never PASS, and only for this release, this
 * asset, this time, and checks that the policy lets be waived. */
#ifndef CRET_ENGINE_WAIVE_H
#define CRET_ENGINE_WAIVE_H

#include "engine/request.h"

/* The release that was authenticated; all borrowed. */
struct cret_waive_release {
    const uint8_t *identity; /* 32 bytes */
    const char *vendor, *product;
    int64_t sequence;
};

/* The first waiver of the request that is in force for this check of this release, or NULL.
 * *ret_file: the file that it is from; may be NULL. */
const struct cret_waiver *cret_waive_find(const struct cret_inspect_request *request,
                                          const struct cret_waive_release *release,
                                          enum cret_check_id check,
                                          const struct cret_waiver_file **ret_file);

/* Checks that the journal answers, after the archive was read and this module ran: whoever asks it
 * applies waivers to them then. */
bool cret_waive_by_journal(enum cret_check_id check);

/* What is said of a finding that a waiver covers. NULL when memory is exhausted; caller frees. */
char *cret_waive_words(const struct cret_waiver *waiver);

/*
 * Turns each FAIL that a waiver in force covers into WAIVED, and adds a finding waiver.* for each
 * waiver of the request: PASS where it is in force, else why it is not honoured, with the severity
 * of policy and profile. release NULL: nothing was authenticated, nothing is waived, and only what
 * is wrong with the files themselves is said.
 */
void cret_waive(struct cret_findings *findings, const struct cret_inspect_request *request,
                const struct cret_waive_release *release);

#endif
