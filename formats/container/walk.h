/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of cret_archive_walk share: walk.c, and above it archive_walk.c (order of the
 * work, framing), walk_tasks.c (files read by offset, in parallel), walk_pipe.c (an archive read in
 * order). */
#ifndef CRET_CONTAINER_WALK_H
#define CRET_CONTAINER_WALK_H

#include "container/archive.h"
#include "container/relay.h"
#include "container/team.h"
#include "container/tree.h"

/* A large file while its digests are computed. */
struct cret_walk_large {
    size_t entry;
    struct cret_tree tree;
    _Atomic uint64_t spans_left;
    struct cret_relay *relay; /* walk_large.c; or NULL */
};

struct cret_walk_run {
    struct cret_source *source;
    const struct cret_front *front;
    struct cret_walk *walk;
    uint64_t end; /* offset of the two end blocks */
    bool detached;
    struct cret_team team;
    struct cret_walk_large *larges; /* the largest first */
    size_t large_count;
    bool brief;               /* little to hash: one thread, and little memory */
    uint64_t whole_maximum;   /* bytes of a member that is read at once */
    const void *plan;         /* walk_tasks.c: its list of tasks */
    struct cret_board *board; /* walk_pipe.c */
};

bool cret_walk_wants(const struct cret_walk *walk, size_t entry);
bool cret_walk_sinks(const struct cret_walk *walk, size_t entry);
/* Whether the flat SHA-256 of an entry is computed: always, but for `fast` where there is a tree.
 */
bool cret_walk_flat(const struct cret_walk *walk, size_t entry);
/* Whether a member without a tree is read in pieces: where it is most of a brief run, which needs
 * fewer pages of memory so (these cost more than its digest), and where it is large and many
 * threads would hold one each. */
bool cret_walk_in_pieces(const struct cret_walk_run *run, size_t entry);

/* Members first..first+count-1, all without a tree, whose bytes from the first head on are at data.
 * Fewer than they need (got) is a truncated archive. */
void cret_walk_batch(struct cret_mate *mate, size_t first, size_t count, const uint8_t *data,
                     size_t got);
/* Compares the digest of a small file, then feeds the sink. */
enum cret_status cret_walk_small(struct cret_mate *mate, size_t entry,
                                 const uint8_t digest[CRET_SHA256_BYTES], const uint8_t *data,
                                 struct cret_err *err);
/* All spans of a large file are there: compares its tree digest. */
enum cret_status cret_walk_tree_check(const struct cret_walk_run *run,
                                      struct cret_walk_large *large, struct cret_err *err);
/* Compares the flat digest of an entry. */
enum cret_status cret_walk_compare(const struct cret_walk_run *run, size_t entry,
                                   const uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err);
/* The flat hash of an entry is complete: compares it. */
enum cret_status cret_walk_flat_check(const struct cret_walk_run *run, struct cret_sha256 *hash,
                                      size_t entry, struct cret_err *err);
enum cret_status cret_walk_sink(const struct cret_walk_run *run, size_t entry, uint64_t offset,
                                const uint8_t *data, size_t size, struct cret_err *err);

CRET_MUST_CHECK enum cret_status cret_walk_by_offset(struct cret_walk_run *run,
                                                     struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_walk_in_order(struct cret_walk_run *run,
                                                    struct cret_err *err);

#endif
