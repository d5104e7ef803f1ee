/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that reads what others wrote, apart from the one that decides, signs and writes: it
 * gets what the caller holds when it is started, and hands results back as frames
 * (base/system/frames.h). What the caller opens later, it never has; what it must not have of what
 * is open already, it gives away first.
 */
#ifndef CRET_BASE_PROCESS_H
#define CRET_BASE_PROCESS_H

#include <stdint.h>

#include "base/finding/err.h"

struct cret_process;

/* The child's side: reads `in` (orders, where it takes any), writes frames to `out`. Returns its
 * exit code: 0 where all results were handed over. */
typedef int (*cret_process_run)(void *context, int in, int out);

/* Forks; call before any thread exists. Where it runs, nothing of the caller's files is flushed or
 * closed when it ends. */
CRET_MUST_CHECK enum cret_status cret_process_start(struct cret_process **ret_process,
                                                    cret_process_run run, void *context,
                                                    struct cret_err *err);
/* The caller's ends. */
int cret_process_orders(const struct cret_process *process);
int cret_process_results(const struct cret_process *process);

/* In another child that was forked beside it: neither end stays here. */
void cret_process_disown(struct cret_process *process);

/*
 * Ends it, in bounded time: it has `wait_ms` to end by itself (CRET_LIMIT_END_MS where its results
 * are wanted, 0 where they are not), and is killed then. CRET_OK only where it ended by itself with
 * exit code 0; else class UNDECIDED, and how it ended. Frees *process.
 */
CRET_MUST_CHECK enum cret_status cret_process_end(struct cret_process **process, uint64_t wait_ms,
                                                  struct cret_err *err);

#endif
