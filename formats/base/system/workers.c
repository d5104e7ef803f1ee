/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that take numbered tasks until there is none left. */
#include "base/system/workers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/finding/limits.h"
#include "base/system/os.h"

enum { TICK_MS = 100 };

/* What the threads of one loop share. */
struct loop {
    const struct cret_workers_job *job;
    atomic_size_t next;  /* the next task to hand out */
    atomic_size_t limit; /* tasks from here on are not begun any more */
    pthread_mutex_t lock;
    pthread_cond_t ended; /* on the monotonic clock */
    unsigned running;     /* under lock, as all below */
    bool failed;
    size_t failed_task;
    struct cret_err failure;
};

struct worker {
    struct loop *loop;
    void *state;
    pthread_t thread;
};

/* Keeps the failure of the lowest task, whatever the order in which they come. */
static void record_failure(struct loop *loop, size_t task, const struct cret_err *err)
{
    pthread_mutex_lock(&loop->lock);
    if (!loop->failed || task < loop->failed_task) {
        loop->failed = true;
        loop->failed_task = task;
        loop->failure = *err;
        atomic_store(&loop->limit, task);
    }
    pthread_mutex_unlock(&loop->lock);
}

static void work(struct loop *loop, void *state)
{
    for (;;) {
        size_t task = atomic_fetch_add(&loop->next, 1);
        if (task >= atomic_load(&loop->limit)) {
            return;
        }
        struct cret_err err = {0};
        if (loop->job->run(loop->job->context, state, task, &err) != CRET_OK) {
            record_failure(loop, task, &err);
        }
    }
}

static void *work_thread(void *argument)
{
    struct worker *worker = argument;
    struct loop *loop = worker->loop;
    work(loop, worker->state);
    pthread_mutex_lock(&loop->lock);
    loop->running--;
    pthread_cond_signal(&loop->ended);
    pthread_mutex_unlock(&loop->lock);
    return NULL;
}

/* Waits until the last thread has done its last task; ticks meanwhile. */
static void wait_and_tick(struct loop *loop)
{
    uint64_t due = cret_os_monotonic_ms() + TICK_MS;
    pthread_mutex_lock(&loop->lock);
    while (loop->running > 0) {
        struct timespec until = {.tv_sec = (time_t)(due / 1000),
                                 .tv_nsec = (long)(due % 1000) * 1000000};
        if (loop->job->tick == NULL) {
            pthread_cond_wait(&loop->ended, &loop->lock);
        } else if (pthread_cond_timedwait(&loop->ended, &loop->lock, &until) == ETIMEDOUT) {
            pthread_mutex_unlock(&loop->lock);
            loop->job->tick(loop->job->context);
            due = cret_os_monotonic_ms() + TICK_MS;
            pthread_mutex_lock(&loop->lock);
        }
    }
    pthread_mutex_unlock(&loop->lock);
}

struct cret_side {
    void (*run)(void *context);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done; /* under lock */
};

static void *side_thread(void *argument)
{
    struct cret_side *side = argument;
    side->run(side->context);
    pthread_mutex_lock(&side->lock);
    side->done = true;
    pthread_cond_signal(&side->changed);
    pthread_mutex_unlock(&side->lock);
    return NULL;
}

static void side_free(struct cret_side *side)
{
    pthread_cond_destroy(&side->changed);
    pthread_mutex_destroy(&side->lock);
    free(side);
}

/* NULL: no memory. */
static struct cret_side *side_new(void)
{
    struct cret_side *side = calloc(1, sizeof(*side));
    if (side == NULL || pthread_mutex_init(&side->lock, NULL) != 0) {
        free(side);
        return NULL;
    }
    if (pthread_cond_init(&side->changed, NULL) != 0) {
        pthread_mutex_destroy(&side->lock);
        free(side);
        return NULL;
    }
    return side;
}

enum cret_status cret_side_begin(struct cret_side **ret_side, void (*run)(void *context),
                                 void *context, struct cret_err *err)
{
    sigset_t all, before;
    *ret_side = NULL;
    struct cret_side *side = side_new();
    if (side == NULL) {
        return cret_err_memory(err);
    }
    side->run = run;
    side->context = context;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    const bool begun = pthread_create(&side->thread, NULL, side_thread, side) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (begun) {
        *ret_side = side;
    } else {
        side_free(side);
    }
    return CRET_OK;
}

void cret_side_wait(struct cret_side *side)
{
    pthread_mutex_lock(&side->lock);
    while (!side->done) {
        pthread_cond_wait(&side->changed, &side->lock);
    }
    pthread_mutex_unlock(&side->lock);
}

void cret_side_end(struct cret_side **side)
{
    if (*side == NULL) {
        return;
    }
    pthread_join((*side)->thread, NULL);
    side_free(*side);
    *side = NULL;
}

/* Starts a thread for each worker; signals stay with the calling thread. Where the system gives
 * fewer threads, fewer do the work; where it gives none, the calling one does. */
static void run_threads(struct loop *loop, struct worker *workers, unsigned count)
{
    sigset_t all, before;
    unsigned started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (started < count) {
        pthread_mutex_lock(&loop->lock);
        loop->running++;
        pthread_mutex_unlock(&loop->lock);
        if (pthread_create(&workers[started].thread, NULL, work_thread, &workers[started]) != 0) {
            pthread_mutex_lock(&loop->lock);
            loop->running--;
            pthread_mutex_unlock(&loop->lock);
            break;
        }
        started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started == 0) {
        work(loop, workers[0].state);
        return;
    }
    wait_and_tick(loop);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
}

/* Begins each worker on the calling thread, so that which failure is met first is no accident. */
static unsigned begin_workers(const struct cret_workers_job *job, struct loop *loop,
                              struct worker *workers, unsigned count, struct cret_err *err)
{
    for (unsigned i = 0; i < count; i++) {
        workers[i].loop = loop;
        if (job->begin != NULL && job->begin(job->context, i, &workers[i].state, err) != CRET_OK) {
            return i;
        }
    }
    return count;
}

static bool loop_init(struct loop *loop, const struct cret_workers_job *job)
{
    pthread_condattr_t attributes;
    memset(loop, 0, sizeof(*loop));
    loop->job = job;
    atomic_init(&loop->next, 0);
    atomic_init(&loop->limit, job->tasks);
    if (pthread_mutex_init(&loop->lock, NULL) != 0) {
        return false;
    }
    if (pthread_condattr_init(&attributes) != 0) {
        pthread_mutex_destroy(&loop->lock);
        return false;
    }
    bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(&loop->ended, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    if (!made) {
        pthread_mutex_destroy(&loop->lock);
    }
    return made;
}

enum cret_status cret_workers_run(const struct cret_workers_job *job, unsigned jobs,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct loop loop;
    unsigned count = jobs < 1 ? 1 : jobs > CRET_LIMIT_JOBS ? CRET_LIMIT_JOBS : jobs;

    if (job->tasks == 0) {
        return CRET_OK;
    }
    if (count > job->tasks) {
        count = (unsigned)job->tasks;
    }
    if (!loop_init(&loop, job)) {
        return cret_err_memory(err);
    }
    struct worker *workers = calloc(count, sizeof(*workers));
    unsigned begun = 0;
    if (workers == NULL) {
        cret_err_memory(err);
        goto out;
    }
    begun = begin_workers(job, &loop, workers, count, err);
    if (begun < count) {
        goto out;
    }
    /* Without ticks one worker needs no thread of its own. */
    if (count == 1 && job->tick == NULL) {
        work(&loop, workers[0].state);
    } else {
        run_threads(&loop, workers, count);
    }
    if (loop.failed) {
        if (err != NULL) {
            *err = loop.failure;
        }
        goto out;
    }
    status = CRET_OK;
out:
    for (unsigned i = 0; job->end != NULL && i < begun; i++) {
        job->end(job->context, workers[i].state);
    }
    free(workers);
    pthread_cond_destroy(&loop.ended);
    pthread_mutex_destroy(&loop.lock);
    return status;
}
