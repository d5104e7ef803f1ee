/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdatomic.h>

#include "container/board.h"
#include "fixture.h"

#define PRODUCERS 3
#define ROUNDS 2000

static struct cret_board *board;
static _Atomic unsigned seen[PRODUCERS][ROUNDS];

static void work(void *state, struct cret_chunk *chunk)
{
    (void)state;
    atomic_fetch_add((_Atomic unsigned *)chunk->subject + chunk->number, 1);
}

static void *produce(void *argument)
{
    struct cret_chunk own[CRET_BOARD_CHUNKS] = {{0}};
    for (size_t i = 0; i < ROUNDS; i++) {
        struct cret_chunk *chunk = cret_board_free_chunk(board, own, work, NULL);
        chunk->subject = argument;
        chunk->number = i;
        cret_board_post(board, chunk);
    }
    cret_board_settle(board, own, work, NULL);
    for (size_t i = 0; i < ROUNDS; i++) {
        if (((_Atomic unsigned *)argument)[i] != 1) {
            return (void *)1;
        }
    }
    cret_board_leave(board);
    return NULL;
}

static void *help(void *argument)
{
    cret_board_help(board, work, argument);
    return NULL;
}

/* Each chunk is worked off exactly once, with helpers and without any. */
static void run(unsigned helpers)
{
    struct cret_err err;
    pthread_t threads[PRODUCERS + 4];
    unsigned count = 0;
    cr_assert_eq(cret_board_new(&board, PRODUCERS, &err), CRET_OK);
    for (size_t i = 0; i < PRODUCERS; i++) {
        for (size_t j = 0; j < ROUNDS; j++) {
            seen[i][j] = 0;
        }
    }
    for (; count < PRODUCERS; count++) {
        cr_assert_eq(pthread_create(&threads[count], NULL, produce, seen[count]), 0);
    }
    for (; count < PRODUCERS + helpers; count++) {
        cr_assert_eq(pthread_create(&threads[count], NULL, help, NULL), 0);
    }
    for (unsigned i = 0; i < count; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        cr_expect_null(result);
    }
    cret_board_free(&board);
    cr_expect_null(board);
}

Test(board, each_chunk_once_with_helpers, .timeout = 60)
{
    run(2);
    run(4);
}

Test(board, without_helpers_producers_do_it_themselves, .timeout = 60)
{
    run(0);
}
