/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdatomic.h>

#include "container/board.h"
#include "fixture.h"

#define PRODUCERS 3
#define ROUNDS 2000

static struct cret_board *board;
static _Atomic unsigned seen[PRODUCERS][ROUNDS];
/* With a writer each chunk ends with WRITTEN + 1; else with 1. */
#define WRITTEN 256u
static unsigned ending;
static _Atomic unsigned writers, faults;

static void work(void *state, struct cret_chunk *chunk)
{
    (void)state;
    atomic_fetch_add((_Atomic unsigned *)chunk->subject + chunk->number, 1);
}

/* After the work, once, and nobody else meanwhile. */
static void write_chunk(void *state, struct cret_chunk *chunk)
{
    (void)state;
    if (atomic_fetch_add(&writers, 1) != 0 ||
        atomic_fetch_add((_Atomic unsigned *)chunk->subject + chunk->number, WRITTEN) != 1) {
        atomic_fetch_add(&faults, 1);
    }
    atomic_fetch_sub(&writers, 1);
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
        if (((_Atomic unsigned *)argument)[i] != ending) {
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
static void run(unsigned helpers, cret_board_work write)
{
    struct cret_err err;
    pthread_t threads[PRODUCERS + 4];
    unsigned count = 0;
    ending = write != NULL ? WRITTEN + 1 : 1;
    cr_assert_eq(cret_board_new(&board, PRODUCERS, write, &err), CRET_OK);
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
    cr_expect_eq(faults, 0);
    cret_board_free(&board);
    cr_expect_null(board);
}

Test(board, each_chunk_once_with_helpers, .timeout = 60)
{
    run(2, NULL);
    run(4, NULL);
}

Test(board, without_helpers_producers_do_it_themselves, .timeout = 60)
{
    run(0, NULL);
    run(0, write_chunk);
}

Test(board, one_thread_writes_at_a_time_and_each_chunk_once, .timeout = 60)
{
    run(2, write_chunk);
    run(4, write_chunk);
}
