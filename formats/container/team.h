/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads that hash a payload: what each of them owns, what they count together, and which of
 * their failures is reported. Everything is allocated before they start, so that starting one
 * cannot fail half-way.
 */
#ifndef CRET_CONTAINER_TEAM_H
#define CRET_CONTAINER_TEAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/batch.h"
#include "base/digest/digest.h"
#include "base/digest/hash_engine.h"
#include "base/finding/err.h"
#include "base/finding/limits.h"
#include "base/system/workers.h"
#include "container/board.h"
#include "container/layout.h"
#include "container/ustar.h"

/* Small files are worked on in runs of at most this many bytes, which one read or write moves:
 * enough of them for all lanes of a wide kernel. */
#define CRET_TEAM_BATCH (2u << 20)
/* Content of a large file in one buffer of the board: one span of the lowest tree. */
#define CRET_TEAM_CHUNK (512u << 10)
/* A thread's first buffers hold a batch, or the slots of a relay: one is filled while the other
 * waits to be written. The rest, like the buffers of who reads in order, hold the largest file that
 * has no tree, with head and padding. */
#define CRET_TEAM_BATCHES 2u
#define CRET_TEAM_FIRST_BUFFER CRET_TEAM_BATCH
#define CRET_TEAM_BUFFER (CRET_FSVERITY_THRESHOLD + 2u * CRET_BLOCK)

/* Small files that are hashed together at most. */
#define CRET_TEAM_TOGETHER 64u

/* What one thread owns. */
struct cret_mate {
    struct cret_team *team;
    void *context;                 /* the user's */
    struct cret_hash_batch *batch; /* whatever begins and ends within one piece of work */
    struct cret_verity_span *span; /* the same */
    /* A large file in order: not disturbed by work taken from the board in between. */
    struct cret_sha256 *flat;
    struct cret_verity_span *stream;
    struct cret_chunk chunks[CRET_BOARD_CHUNKS]; /* a thread without the board uses the first */
    uint64_t fault_key;                          /* UINT64_MAX: none */
    struct cret_err fault;
};

struct cret_team {
    struct cret_mate *mates;
    unsigned count;
    struct cret_hash_engine engine; /* of batches and spans; flat digests are the library's */
    _Atomic uint64_t lowest;        /* of all fault keys so far */
    _Atomic uint64_t done;          /* bytes */
    uint64_t total;
    bool brief; /* work that is over before a thread is started: the calling one does it, and does
                   not tick */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *progress_context;
};

/* chunks: buffers for each thread, 1 to CRET_BOARD_CHUNKS. hash: what
 * may compute digests; the engine is tested here, before its first use. */
CRET_MUST_CHECK enum cret_status cret_team_init(struct cret_team *team, unsigned jobs,
                                                size_t chunks, enum cret_hash_choice hash,
                                                void *context, struct cret_err *err);
void cret_team_clear(struct cret_team *team);
/* Bytes of a run of small files: CRET_TEAM_BATCH, or less where many threads would hold too much
 * together. files: of the archive; what is kept of each of them takes more than their share of the
 * buffers. */
size_t cret_team_batch(const struct cret_team *team, size_t files);

/* The place of a failure. Lower is reported: the member, and inside it the stage. */
enum cret_stage { CRET_STAGE_HEAD, CRET_STAGE_CONTENT, CRET_STAGE_TREE, CRET_STAGE_PADDING };
uint64_t cret_team_key(size_t entry, enum cret_stage stage);
/* Remembers a failure of this thread, if it is its lowest. */
void cret_team_fault(struct cret_mate *mate, uint64_t key, const struct cret_err *err);
/* Whether a lower failure makes work with this key pointless. */
bool cret_team_skips(const struct cret_mate *mate, uint64_t key);
void cret_team_count(struct cret_mate *mate, uint64_t bytes);

/*
 * Runs the tasks on the team. run gets a struct cret_mate and reports failures with
 * cret_team_fault. All work below the lowest failure is finished, so the report, which is the
 * lowest, does not depend on timing.
 */
CRET_MUST_CHECK enum cret_status cret_team_run(struct cret_team *team, size_t tasks,
                                               void (*run)(struct cret_mate *mate, size_t task),
                                               struct cret_err *err);

/* The indices of the large (has_fsverity) entries among count, the largest first, so that the
 * longest sequential work begins first. digest_wanted may be NULL (all). Caller frees *ret_list. */
CRET_MUST_CHECK enum cret_status cret_team_larges(size_t **ret_list, size_t *ret_count,
                                                  const struct cret_entry *entries, size_t count,
                                                  const bool *wanted, struct cret_err *err);

#endif
