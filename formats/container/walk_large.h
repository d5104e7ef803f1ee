/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks on one large file that is read by offset: its sequential work, and parts of its tree. */
#ifndef CRET_CONTAINER_WALK_LARGE_H
#define CRET_CONTAINER_WALK_LARGE_H

#include "container/walk.h"

struct cret_walk_task {
    enum { CRET_WALK_WHOLE, CRET_WALK_PART, CRET_WALK_SMALL, CRET_WALK_PIECES } kind;
    size_t first; /* large, or entry */
    size_t count; /* spans of a PART, entries of a SMALL */
    uint64_t span;
    bool flat, tree; /* of a WHOLE: what is hashed, but for what goes through a relay */
};

/* One pass over the file in order: the flat digest, the tree, or both; the sink gets these bytes.
 * Failures are kept by the mate. */
void cret_walk_large_whole(struct cret_mate *mate, const struct cret_walk_task *task);
/* Spans of the tree: read from the file, and handed to the pass over the whole where there is a
 * relay. Whoever completes the last one compares the tree. */
void cret_walk_large_part(struct cret_mate *mate, const struct cret_walk_task *task);

#endif
