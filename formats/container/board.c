/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks that threads hand to each other over a board. */
#include "container/board.h"

#include <pthread.h>
#include <stdlib.h>

struct cret_board {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a chunk was posted or done, or a producer left */
    struct cret_chunk *first, *last;
    size_t producers; /* that did not leave yet */
};

enum cret_status cret_board_new(struct cret_board **ret_board, size_t producers,
                                struct cret_err *err)
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

/* The lock is held on entry and on return, and let go while the chunk is worked off. False where
 * the board is empty. */
static bool work_off_one(struct cret_board *board, cret_board_work work, void *state)
{
    struct cret_chunk *chunk = board->first;
    if (chunk == NULL) {
        return false;
    }
    board->first = chunk->next;
    if (board->first == NULL) {
        board->last = NULL;
    }
    pthread_mutex_unlock(&board->lock);
    work(state, chunk);
    pthread_mutex_lock(&board->lock);
    chunk->busy = false;
    pthread_cond_broadcast(&board->changed);
    return true;
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
        if (found == NULL && !work_off_one(board, work, state)) {
            pthread_cond_wait(&board->changed, &board->lock);
        }
    }
    pthread_mutex_unlock(&board->lock);
    return found;
}

void cret_board_post(struct cret_board *board, struct cret_chunk *chunk)
{
    pthread_mutex_lock(&board->lock);
    chunk->busy = true;
    chunk->next = NULL;
    if (board->last != NULL) {
        board->last->next = chunk;
    } else {
        board->first = chunk;
    }
    board->last = chunk;
    pthread_cond_broadcast(&board->changed);
    pthread_mutex_unlock(&board->lock);
}

void cret_board_settle(struct cret_board *board, struct cret_chunk *own, cret_board_work work,
                       void *state)
{
    pthread_mutex_lock(&board->lock);
    for (size_t i = 0; i < CRET_BOARD_CHUNKS; i++) {
        while (own[i].busy) {
            if (!work_off_one(board, work, state)) {
                pthread_cond_wait(&board->changed, &board->lock);
            }
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
        if (work_off_one(board, work, state)) {
            continue;
        }
        if (board->producers == 0) {
            break;
        }
        pthread_cond_wait(&board->changed, &board->lock);
    }
    pthread_mutex_unlock(&board->lock);
}
