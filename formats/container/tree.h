/* SPDX-License-Identifier: Apache-2.0 */
/* The fs-verity tree of one large file while several threads make it. */
#ifndef CRET_CONTAINER_TREE_H
#define CRET_CONTAINER_TREE_H

#include "base/digest/verity.h"
#include "container/team.h"

struct cret_tree {
    struct cret_verity_plan plan;
    uint8_t *digests; /* of the spans, filled by any thread */
};

/* chunked: spans of CRET_TEAM_CHUNK bytes where the list of their digests stays small
 * (cret_tree_chunked), so that each chunk can be hashed alone. */
CRET_MUST_CHECK enum cret_status cret_tree_init(struct cret_tree *tree, uint64_t size, bool chunked,
                                                struct cret_err *err);
void cret_tree_clear(struct cret_tree *tree);
bool cret_tree_chunked(const struct cret_tree *tree);

/* A file's bytes from the first byte of a span on, in order, by one thread with a span of its own.
 */
struct cret_tree_position {
    uint64_t span; /* index of the span that is being fed */
    uint64_t fed;  /* bytes of it */
};
CRET_MUST_CHECK enum cret_status cret_tree_feed(struct cret_verity_span *span,
                                                struct cret_tree *tree,
                                                struct cret_tree_position *position,
                                                const uint8_t *data, size_t size,
                                                struct cret_err *err);
/* After the last byte: the unfinished last span. */
CRET_MUST_CHECK enum cret_status cret_tree_feed_end(struct cret_verity_span *span,
                                                    struct cret_tree *tree,
                                                    struct cret_tree_position *position,
                                                    struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_tree_finish(const struct cret_tree *tree,
                                                  uint8_t ret_digest[CRET_SHA256_BYTES],
                                                  struct cret_err *err);

#endif
