/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A board where threads that fill buffers in order (producers) hand them to whoever has time
 * (helpers, and the producers themselves). So the one SHA-256 stream of a large file and the work
 * that can be shared (its tree, its output) use the same bytes, read once. No helper is ever
 * needed: a producer without a free buffer works off the board itself, so nothing can hang because
 * a thread is missing. What must happen to the chunks one by one (writing them) comes after that.
 */
#ifndef CRET_CONTAINER_BOARD_H
#define CRET_CONTAINER_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

/* Enough that a producer rarely waits for a helper that is slower for a moment. */
#define CRET_BOARD_CHUNKS 4u

/* One buffer. data, capacity: the maker's; the rest the producer sets before it posts. */
struct cret_chunk {
    uint8_t *data;
    size_t size;     /* bytes in use */
    uint64_t offset; /* meaning is the user's, like that of the next two */
    size_t number;
    void *subject;
    bool busy;               /* board: posted and not yet done */
    struct cret_chunk *next; /* board */
};

struct cret_board;

/* How a posted chunk is worked off, on any thread; state is that thread's own. Failures are the
 * function's to remember. */
typedef void (*cret_board_work)(void *state, struct cret_chunk *chunk);

/* producers: how many times cret_board_leave will be called; helpers work until then. write: what
 * becomes of a chunk after that, on one thread at a time (a file system lets only one write into a
 * file, and the others would wait where they could hash); or NULL. */
CRET_MUST_CHECK enum cret_status cret_board_new(struct cret_board **ret_board, size_t producers,
                                                cret_board_work write, struct cret_err *err);
/* No thread may use it any more. */
void cret_board_free(struct cret_board **board);

/* Producer: one of its own CRET_BOARD_CHUNKS chunks that is free, after working off others' and its
 * own while there is none. */
struct cret_chunk *cret_board_free_chunk(struct cret_board *board, struct cret_chunk *own,
                                         cret_board_work work, void *state);
/* Producer: hands a filled chunk out. */
void cret_board_post(struct cret_board *board, struct cret_chunk *chunk);
/* Producer: returns when none of its own chunks is busy any more. */
void cret_board_settle(struct cret_board *board, struct cret_chunk *own, cret_board_work work,
                       void *state);
/* Producer: will post no more. */
void cret_board_leave(struct cret_board *board);

/* Helper: works off chunks until every producer left. */
void cret_board_help(struct cret_board *board, cret_board_work work, void *state);

#endif
