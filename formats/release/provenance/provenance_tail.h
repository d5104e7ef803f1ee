/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of subjects beside paths of files. A build writes into folders of its own, a release has
 * others: what both have is the end. So names are compared from their end, by whole segments.
 */
#ifndef CRET_RELEASE_PROVENANCE_TAIL_H
#define CRET_RELEASE_PROVENANCE_TAIL_H

#include "release/manifest/manifest.h"

/* How many segments two names have in common, from the end. Segments are divided by / or \; empty
 * ones and "." are none; ASCII letters are the same in either case. */
CRET_MUST_CHECK size_t cret_tail_common(const char *left, const char *right);

/* Files in the order of their segments, from the end. */
struct cret_tails {
    const struct cret_entry **list;
    size_t count;
};

void cret_tails_sort(struct cret_tails *files);

/* Those that have the most segments in common with a name: list[first] to list[end - 1]. Returns
 * how many segments; 0: none of them has any, and first is end. */
CRET_MUST_CHECK size_t cret_tails_find(const struct cret_tails *files, const char *name,
                                       size_t *ret_first, size_t *ret_end);

#endif
