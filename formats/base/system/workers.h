/* SPDX-License-Identifier: Apache-2.0 */
/* A parallel loop over numbered tasks. */
#ifndef CRET_BASE_WORKERS_H
#define CRET_BASE_WORKERS_H

#include <stddef.h>

#include "base/finding/err.h"

struct cret_workers_job {
    size_t tasks;
    /* Prepares a worker's own state (buffers, hash contexts); worker < jobs. NULL: none needed. */
    enum cret_status (*begin)(void *context, unsigned worker, void **ret_state,
                              struct cret_err *err);
    /* Does one task. CRET_FAILED stops the loop: tasks not begun are not begun any more. */
    enum cret_status (*run)(void *context, void *state, size_t task, struct cret_err *err);
    void (*end)(void *context, void *state);
    /* Called about every 100 ms on the calling thread while the workers work; may be NULL. */
    void (*tick)(void *context);
    void *context;
};

/*
 * Runs all tasks, handed out in ascending order, on `jobs` threads (at least 1; the calling thread
 * waits and ticks). CRET_OK only where every task returned CRET_OK. Of several failures the one of
 * the lowest task number is reported, so that the report does not depend on timing: tasks below a
 * failed one are still finished, those above are not begun.
 */
CRET_MUST_CHECK enum cret_status cret_workers_run(const struct cret_workers_job *job, unsigned jobs,
                                                  struct cret_err *err);

/*
 * One piece of work on a thread of its own, beside the calling one; signals stay with that. It
 * needs nothing that could fail while it begins. *ret_side is NULL, and nothing ran, where the
 * system gives no thread.
 */
struct cret_side;
CRET_MUST_CHECK enum cret_status cret_side_begin(struct cret_side **ret_side,
                                                 void (*run)(void *context), void *context,
                                                 struct cret_err *err);
/* Waits until the work is done. */
void cret_side_wait(struct cret_side *side);
/* The same, and frees it. NULL-safe. */
void cret_side_end(struct cret_side **side);

#endif
