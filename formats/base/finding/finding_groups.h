/* SPDX-License-Identifier: Apache-2.0 */
/* Findings that say the same of several places, together: for people. */
#ifndef CRET_BASE_FINDING_GROUPS_H
#define CRET_BASE_FINDING_GROUPS_H

#include "base/finding/finding.h"

/* Places of a group that are told beside the first one. */
#define CRET_GROUP_PLACES 4u

struct cret_finding_group {
    size_t count;
    size_t index[1 + CRET_GROUP_PLACES]; /* of the first ones */
};

/*
 * Groups of findings with the same check, result, reason, expectation and hint, in the order of the
 * first of each; what has no place, or one in the manifest or description itself, is a group
 * of its own. Sets *ret_count. Caller: free. NULL:
 * memory.
 */
struct cret_finding_group *cret_findings_group(const struct cret_findings *findings,
                                               size_t *ret_count);

/* "also at A, B, and 7 more (9 in all)" without "also at"; NULL: a group of one, or memory.
 * Caller: free. */
char *cret_finding_group_places(const struct cret_findings *findings,
                                const struct cret_finding_group *group);

#endif
