/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a reading process, asking it, and ending it. */
#include "base/system/process.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"

struct cret_process {
    pid_t child;
    int orders, results;
    struct cret_confined confined;
};

/* The first that a child says, before it has read a byte of anybody else's: what holds it. */
struct start {
    uint32_t mark;
    uint32_t failed; /* then `error` says why, and the child has ended */
    struct cret_confined confined;
    struct cret_err error;
};
enum { START = 0x74726174 };

int cret_process_orders(const struct cret_process *process)
{
    return process->orders;
}

int cret_process_results(const struct cret_process *process)
{
    return process->results;
}

const struct cret_confined *cret_process_confined(const struct cret_process *process)
{
    return &process->confined;
}

/* The child's side until it may read. Its exit code. */
static int begin(const struct cret_process_work *work, int in, int out)
{
    struct start start;
    memset(&start, 0, sizeof(start));
    start.mark = START;
    if (work->before != NULL) {
        work->before(work->context);
    }
    start.failed =
        cret_os_confine(&start.confined, &work->bounds, in, out, &start.error) != CRET_OK;
    if (cret_os_write(out, &start, sizeof(start), NULL) != CRET_OK || start.failed != 0) {
        return 1;
    }
    return work->run(work->context, in, out);
}

/* The caller's. */
static enum cret_status await_start(struct cret_process *process, struct cret_err *err)
{
    struct start start;
    const uint64_t deadline = cret_os_monotonic_ms() + CRET_LIMIT_START_MS;
    memset(&start, 0, sizeof(start));
    for (size_t have = 0, got = 1; have < sizeof(start) && got > 0; have += got) {
        bool late = false;
        if (cret_os_read_until(process->results, (char *)&start + have, sizeof(start) - have,
                               deadline, &got, &late, err) != CRET_OK) {
            return cret_err_context(err, "the reading process did not begin");
        }
    }
    if (start.mark != START) {
        return cret_err_undecided(err, "the reading process ended before it was done");
    }
    if (start.failed != 0) {
        *err = start.error;
        return CRET_FAILED;
    }
    process->confined = start.confined;
    return CRET_OK;
}

/* What it goes on using is passed on by those systems on which nothing is inherited unasked. */
static enum cret_status start_child(struct cret_process *process,
                                    const struct cret_process_work *work, int in, int out,
                                    struct cret_err *err)
{
    const struct cret_passed passed = {.bounds = &work->bounds, .in = in, .out = out};
    return cret_os_fork(&process->child, &passed, err);
}

enum cret_status cret_process_begin(struct cret_process **ret_process,
                                    const struct cret_process_work *work, struct cret_err *err)
{
    struct cret_process *process = calloc(1, sizeof(*process));
    int in = -1, out = -1;
    enum cret_status status = CRET_FAILED;
    if (process == NULL) {
        return cret_err_memory(err);
    }
    process->orders = process->results = -1;
    cret_json_prepare();
    if (cret_os_pipe(&in, &process->orders, err) != CRET_OK ||
        cret_os_pipe(&process->results, &out, err) != CRET_OK ||
        start_child(process, work, in, out, err) != CRET_OK) {
        goto out;
    }
    if (process->child == 0) {
        cret_os_close(&process->orders);
        cret_os_close(&process->results);
        cret_os_exit_now(begin(work, in, out));
    }
    *ret_process = process;
    process = NULL;
    status = CRET_OK;
out:
    cret_os_close(&in);
    cret_os_close(&out); /* so that its end is seen where it dies */
    if (process != NULL) {
        cret_os_close(&process->orders);
        cret_os_close(&process->results);
    }
    free(process);
    return status;
}

enum cret_status cret_process_await(struct cret_process **process, struct cret_err *err)
{
    struct cret_err unasked;
    err = err != NULL ? err : &unasked;
    if (await_start(*process, err) == CRET_OK) {
        return CRET_OK;
    }
    struct cret_err known = *err;
    if (cret_process_end(process, 0, err) != CRET_OK) {
        *err = known; /* why it did not begin says more */
    }
    return CRET_FAILED;
}

enum cret_status cret_process_start(struct cret_process **ret_process,
                                    const struct cret_process_work *work, struct cret_err *err)
{
    struct cret_process *process = NULL;
    if (cret_process_begin(&process, work, err) != CRET_OK ||
        cret_process_await(&process, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_process = process;
    return CRET_OK;
}

/* What it ended with; false where it runs on. */
static bool ended_within(pid_t child, uint64_t wait_ms, bool *ret_exited, int *ret_code)
{
    struct cret_err ignored;
    bool ended = false;
    return cret_os_wait_until(child, cret_os_monotonic_ms() + wait_ms, &ended, ret_exited, ret_code,
                              &ignored) == CRET_OK &&
           ended;
}

enum cret_status cret_process_end(struct cret_process **process, uint64_t wait_ms,
                                  struct cret_err *err)
{
    struct cret_process *mine = *process;
    bool exited = false;
    int code = -1;
    *process = NULL;
    cret_os_close(&mine->orders);
    cret_os_close(&mine->results);
    const bool alone = ended_within(mine->child, wait_ms, &exited, &code);
    if (!alone) {
        cret_os_kill(mine->child);
        ended_within(mine->child, CRET_LIMIT_END_MS, &exited, &code);
    }
    free(mine);
    if (alone && exited && code == 0) {
        return CRET_OK;
    }
    if (!alone) {
        return cret_err_undecided(err, "the reading process did not end by itself");
    }
    if (!exited && cret_os_was_denied(code)) {
        cret_err_undecided(err, "the reading process asked the system for what it must not do, and "
                                "was ended");
        return cret_err_hint(err, "treat the file as hostile: keep it apart, and report it");
    }
    cret_err_undecided(
        err, exited ? "the reading process failed" : "the reading process died (signal %d)", code);
    return cret_err_hint(err, "run it again; if it happens again, report it with the file");
}
