/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that reads what others wrote, apart from the one that decides, signs and writes: it
 * gets what the caller holds when it is started, and hands results back as frames
 * (base/system/frames.h). It is confined (base/system/confine.h) before it reads anything: of what
 * the caller has open it keeps only what it was given.
 */
#ifndef CRET_BASE_PROCESS_H
#define CRET_BASE_PROCESS_H

#include <stdint.h>

#include "base/finding/err.h"
#include "base/system/confine.h"

struct cret_process;

/* The child's side: reads `in` (orders, where it takes any), writes frames to `out`. Returns its
 * exit code: 0 where all results were handed over. */
typedef int (*cret_process_run)(void *context, int in, int out);

/* What is run, and what it may reach meanwhile; borrowed until the process is started. */
struct cret_process_work {
    void (*before)(void *context); /* in the process, before it is confined; or NULL */
    cret_process_run run;
    void *context;
    struct cret_bounds bounds;
};

/* Forks, and waits until the process is confined, which is before it has read anything; call before
 * any thread exists. Where it runs, nothing of the caller's files is flushed or closed when it
 * ends. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_process_start(struct cret_process **ret_process,
                                                    const struct cret_process_work *work,
                                                    struct cret_err *err);
/*
 * The same in two steps, so that several begin at once: after the first it confines itself and goes
 * on while the caller does something else; the second waits until it is confined, and is owed
 * before its results are taken. A failure of the second ends it, and leaves NULL.
 */
CRET_MUST_CHECK enum cret_status cret_process_begin(struct cret_process **ret_process,
                                                    const struct cret_process_work *work,
                                                    struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_process_await(struct cret_process **process,
                                                    struct cret_err *err);
/* What was applied. */
const struct cret_confined *cret_process_confined(const struct cret_process *process);
/* The caller's ends. */
int cret_process_orders(const struct cret_process *process);
int cret_process_results(const struct cret_process *process);

/*
 * Ends it, in bounded time: it has `wait_ms` to end by itself (CRET_LIMIT_END_MS where its results
 * are wanted, 0 where they are not), and is killed then. CRET_OK only where it ended by itself with
 * exit code 0; else class UNDECIDED, and how it ended. Frees *process.
 */
CRET_MUST_CHECK enum cret_status cret_process_end(struct cret_process **process, uint64_t wait_ms,
                                                  struct cret_err *err);

#endif
