/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a reading process, asking it, and ending it. */
#include "base/system/process.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/os.h"

struct cret_process {
    pid_t child;
    int orders, results;
};

int cret_process_orders(const struct cret_process *process)
{
    return process->orders;
}

int cret_process_results(const struct cret_process *process)
{
    return process->results;
}

enum cret_status cret_process_start(struct cret_process **ret_process, cret_process_run run,
                                    void *context, struct cret_err *err)
{
    struct cret_process *process = calloc(1, sizeof(*process));
    int in = -1, out = -1;
    enum cret_status status = CRET_FAILED;
    if (process == NULL) {
        return cret_err_memory(err);
    }
    process->orders = process->results = -1;
    if (cret_os_pipe(&in, &process->orders, err) != CRET_OK ||
        cret_os_pipe(&process->results, &out, err) != CRET_OK ||
        cret_os_fork(&process->child, err) != CRET_OK) {
        goto out;
    }
    if (process->child == 0) {
        cret_os_close(&process->orders);
        cret_os_close(&process->results);
        cret_os_exit_now(run(context, in, out));
    }
    *ret_process = process;
    process = NULL;
    status = CRET_OK;
out:
    cret_os_close(&in);
    cret_os_close(&out);
    if (process != NULL) {
        cret_os_close(&process->orders);
        cret_os_close(&process->results);
    }
    free(process);
    return status;
}

void cret_process_disown(struct cret_process *process)
{
    cret_os_close(&process->orders);
    cret_os_close(&process->results);
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
    cret_err_undecided(
        err, exited ? "the reading process failed" : "the reading process died (signal %d)", code);
    return cret_err_hint(err, "run it again; if it happens again, report it with the file");
}
