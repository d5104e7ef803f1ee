/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks that threads hand to each other over a board. */
#include "container/board.h"

#include <pthread.h>
#include <stdlib.h>

/* Chunks in the order in which they came. */
struct list {
    struct cret_chunk *first, *last;
};

struct cret_board {
    pthread_mutex_t lock;
    pthread_cond_t changed;     /* a chunk went on, or a producer left */
    struct list posted, worked; /* worked: what waits for `write` */
    cret_board_work write;      /* or NULL */
    bool writing;
    size_t producers; /* that did not leave yet */
};

enum cret_status cret_board_new(struct cret_board **ret_board, size_t producers,
                                cret_board_work write, struct cret_err *err)
{
    struct cret_board *board = calloc(1, sizeof(*board));
    if (board == NULL) {
        return cret_err_memory(err);
    }
    if (pthread_mutex_init(&board->lock, NULL) != 0) {
        free(board);
        return cret_err_memory(err);
    }
    if (pthread_cond_init(&board->changed, NULL) != 0) {
        pthread_mutex_destroy(&board->lock);
        free(board);
        return cret_err_memory(err);
    }
    board->producers = producers;
    board->write = write;
    *ret_board = board;
    return CRET_OK;
}

void cret_board_free(struct cret_board **board)
{
    if (board == NULL || *board == NULL) {
        return;
    }
    pthread_cond_destroy(&(*board)->changed);
    pthread_mutex_destroy(&(*board)->lock);
    free(*board);
    *board = NULL;
}

static void push(struct list *list, struct cret_chunk *chunk)
{
    chunk->next = NULL;
    if (list->last != NULL) {
        list->last->next = chunk;
    } else {
        list->first = chunk;
    }
    list->last = chunk;
}

static struct cret_chunk *pop(struct list *list)
{
    struct cret_chunk *chunk = list->first;
    if (chunk != NULL) {
        list->first = chunk->next;
        list->last = list->first != NULL ? list->last : NULL;
    }
    return chunk;
}

/* The lock is held on entry and on return, and let go while the chunk is worked off. False where
 * no chunk is posted. */
static bool work_one(struct cret_board *board, cret_board_work work, void *state)
{
    struct cret_chunk *chunk = pop(&board->posted);
    if (chunk == NULL) {
        return false;
    }
    pthread_mutex_unlock(&board->lock);
    work(state, chunk);
    pthread_mutex_lock(&board->lock);
    if (board->write != NULL) {
        push(&board->worked, chunk);
    } else {
        chunk->busy = false;
    }
    pthread_cond_broadcast(&board->changed);
    return true;
}

/* Likewise; false where there is nothing to write, or another thread writes. */
static bool write_one(struct cret_board *board, void *state)
{
    struct cret_chunk *chunk = board->writing ? NULL : pop(&board->worked);
    if (chunk == NULL) {
        return false;
    }
    board->writing = true;
    pthread_mutex_unlock(&board->lock);
    board->write(state, chunk);
    pthread_mutex_lock(&board->lock);
    board->writing = false;
    chunk->busy = false;
    pthread_cond_broadcast(&board->changed);
    return true;
}

/* A producer has little time: it writes only where there is nothing else to do. */
static void step_as_producer(struct cret_board *board, cret_board_work work, void *state)
{
    if (!work_one(board, work, state) && !write_one(board, state)) {
        pthread_cond_wait(&board->changed, &board->lock);
    }
}

struct cret_chunk *cret_board_free_chunk(struct cret_board *board, struct cret_chunk *own,
                                         cret_board_work work, void *state)
{
    struct cret_chunk *found = NULL;
    pthread_mutex_lock(&board->lock);
    while (found == NULL) {
        for (size_t i = 0; i < CRET_BOARD_CHUNKS && found == NULL; i++) {
            if (!own[i].busy) {
                found = &own[i];
            }
        }
        if (found == NULL) {
            step_as_producer(board, work, state);
        }
    }
    pthread_mutex_unlock(&board->lock);
    return found;
}

void cret_board_post(struct cret_board *board, struct cret_chunk *chunk)
{
    pthread_mutex_lock(&board->lock);
    chunk->busy = true;
    push(&board->posted, chunk);
    pthread_cond_broadcast(&board->changed);
    pthread_mutex_unlock(&board->lock);
}

void cret_board_settle(struct cret_board *board, struct cret_chunk *own, cret_board_work work,
                       void *state)
{
    pthread_mutex_lock(&board->lock);
    for (size_t i = 0; i < CRET_BOARD_CHUNKS; i++) {
        while (own[i].busy) {
            step_as_producer(board, work, state);
        }
    }
    pthread_mutex_unlock(&board->lock);
}

void cret_board_leave(struct cret_board *board)
{
    pthread_mutex_lock(&board->lock);
    board->producers--;
    pthread_cond_broadcast(&board->changed);
    pthread_mutex_unlock(&board->lock);
}

void cret_board_help(struct cret_board *board, cret_board_work work, void *state)
{
    pthread_mutex_lock(&board->lock);
    for (;;) {
        if (write_one(board, state) || work_one(board, work, state)) {
            continue;
        }
        if (board->producers == 0) {
            break;
        }
        pthread_cond_wait(&board->changed, &board->lock);
    }
    pthread_mutex_unlock(&board->lock);
}
