/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/system/workers.h"

enum { TASKS = 2000 };

/* What the tasks of a test did and shall do. */
struct record {
    atomic_int done[TASKS];
    atomic_int begun, ended, ticks;
    bool fails[TASKS];
    int refuse_begin; /* this worker's begin fails; -1: none */
    long pause_ns;    /* of each task */
};

static enum cret_status begin(void *context, unsigned worker, void **ret_state,
                              struct cret_err *err)
{
    struct record *record = context;
    if ((int)worker == record->refuse_begin) {
        return cret_err_undecided(err, "begin %u", worker);
    }
    atomic_fetch_add(&record->begun, 1);
    *ret_state = record;
    return CRET_OK;
}

static enum cret_status run(void *context, void *state, size_t task, struct cret_err *err)
{
    struct record *record = context;
    cr_assert(state == NULL || state == context);
    if (record->pause_ns > 0) {
        const struct timespec pause = {.tv_nsec = record->pause_ns};
        nanosleep(&pause, NULL);
    }
    atomic_fetch_add(&record->done[task], 1);
    if (record->fails[task]) {
        return cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS, "task %zu", task);
    }
    return CRET_OK;
}

static void end(void *context, void *state)
{
    struct record *record = context;
    cr_assert_eq(state, context);
    atomic_fetch_add(&record->ended, 1);
}

static void tick(void *context)
{
    struct record *record = context;
    atomic_fetch_add(&record->ticks, 1);
}

static struct record record;

static struct cret_workers_job job(size_t tasks)
{
    memset(&record, 0, sizeof(record));
    record.refuse_begin = -1;
    return (struct cret_workers_job){
        .tasks = tasks, .begin = begin, .run = run, .end = end, .context = &record};
}

static const unsigned jobs[] = {0, 1, 2, 3, 8, 1000};

Test(workers, every_task_runs_once)
{
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        for (int ticking = 0; ticking < 2; ticking++) {
            struct cret_workers_job work = job(TASKS);
            work.tick = ticking ? tick : NULL;
            cr_assert_eq(cret_workers_run(&work, jobs[i], NULL), CRET_OK);
            for (size_t task = 0; task < TASKS; task++) {
                cr_assert_eq(record.done[task], 1, "%zu", task);
            }
            cr_assert_eq(record.begun, record.ended);
            cr_assert_geq(record.begun, 1);
        }
    }
}

Test(workers, no_more_workers_than_tasks_and_none_without_tasks)
{
    struct cret_workers_job work = job(3);
    cr_assert_eq(cret_workers_run(&work, 8, NULL), CRET_OK);
    cr_assert_leq(record.begun, 3);
    work = job(0);
    cr_assert_eq(cret_workers_run(&work, 8, NULL), CRET_OK);
    cr_assert_eq(record.begun, 0);
}

Test(workers, begin_and_end_are_optional)
{
    struct cret_workers_job work = job(10);
    work.begin = NULL;
    work.end = NULL;
    cr_assert_eq(cret_workers_run(&work, 2, NULL), CRET_OK);
    for (size_t task = 0; task < 10; task++) {
        cr_assert_eq(record.done[task], 1);
    }
}

/* The report is the same on every machine and in every run. */
Test(workers, the_failure_of_the_lowest_task_is_reported)
{
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        for (int round = 0; round < 50; round++) {
            struct cret_err err = {0};
            struct cret_workers_job work = job(TASKS);
            record.fails[701] = record.fails[700] = record.fails[702] = record.fails[1500] = true;
            cr_assert_eq(cret_workers_run(&work, jobs[i], &err), CRET_FAILED);
            cr_assert_str_eq(err.what, "task 700", "%u jobs", jobs[i]);
            cr_assert_eq(err.class, CRET_ERR_REFUSED);
            for (size_t task = 0; task <= 700; task++) {
                cr_assert_eq(record.done[task], 1, "those below are finished");
            }
            cr_assert_eq(record.begun, record.ended);
        }
    }
}

Test(workers, a_failure_stops_the_loop)
{
    struct cret_workers_job work = job(TASKS);
    record.fails[0] = true;
    record.pause_ns = 1000000;
    cr_assert_eq(cret_workers_run(&work, 2, NULL), CRET_FAILED);
    int done = 0;
    for (size_t task = 0; task < TASKS; task++) {
        done += record.done[task];
    }
    cr_assert_lt(done, TASKS / 2);
}

Test(workers, a_worker_that_cannot_begin_fails_all)
{
    struct cret_err err = {0};
    struct cret_workers_job work = job(TASKS);
    record.refuse_begin = 1;
    cr_assert_eq(cret_workers_run(&work, 3, &err), CRET_FAILED);
    cr_assert_str_eq(err.what, "begin 1");
    cr_assert_eq(record.begun, 1);
    cr_assert_eq(record.ended, 1);
    cr_assert_eq(record.done[0], 0);
}

Test(workers, ticks_come_while_work_goes_on)
{
    for (unsigned count = 1; count <= 2; count++) {
        struct cret_workers_job work = job(8 * count);
        work.tick = tick;
        record.pause_ns = 60000000;
        cr_assert_eq(cret_workers_run(&work, count, NULL), CRET_OK);
        cr_assert_geq(record.ticks, 1);
        cr_assert_leq(record.ticks, 30);
    }
}
