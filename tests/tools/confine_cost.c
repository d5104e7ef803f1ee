/* SPDX-License-Identifier: Apache-2.0 */
/* What confinement costs, for tests/bench/confinement.py: a process that ends at once, started as a
 * plain child and as a reading process, and one system call in each. JSON, microseconds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/process.h"

enum { RUNS = 300, CALLS = 200000 };

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *times, size_t count)
{
    qsort(times, count, sizeof(*times), compare);
    return times[count / 2];
}

static double call_ns(void)
{
    const double begin = now_us();
    for (int i = 0; i < CALLS; i++) {
        syscall(SYS_getppid);
    }
    return (now_us() - begin) * 1e3 / CALLS;
}

static int end_at_once(void *context, int in, int out)
{
    return context == NULL && in >= 0 && out >= 0 ? 0 : 1;
}

static int time_calls(void *context, int in, int out)
{
    const double nanoseconds = call_ns();
    return context == NULL && in >= 0 && write(out, &nanoseconds, sizeof(nanoseconds)) > 0 ? 0 : 1;
}

/* With the pipes that a reading process has as well. */
static double plain_us(void)
{
    const double begin = now_us();
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0) {
        exit(1);
    }
    const pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    close(in[0]);
    close(in[1]);
    close(out[0]);
    close(out[1]);
    if (waitpid(child, NULL, 0) != child) {
        exit(1);
    }
    return now_us() - begin;
}

static double confined_us(void)
{
    const struct cret_process_work work = {.run = end_at_once, .bounds = CRET_BOUNDS_NONE};
    struct cret_process *process = NULL;
    const double begin = now_us();
    if (cret_process_start(&process, &work, NULL) != CRET_OK ||
        cret_process_end(&process, CRET_LIMIT_END_MS, NULL) != CRET_OK) {
        exit(1);
    }
    return now_us() - begin;
}

int main(void)
{
    static double plain[RUNS], confined[RUNS];
    const struct cret_process_work work = {.run = time_calls, .bounds = CRET_BOUNDS_NONE};
    struct cret_process *process = NULL;
    double filtered = 0;
    size_t got = 0;
    cret_os_harden();
    for (int i = 0; i < RUNS; i++) {
        plain[i] = plain_us();
        confined[i] = confined_us();
    }
    if (cret_process_start(&process, &work, NULL) != CRET_OK ||
        cret_os_read(cret_process_results(process), &filtered, sizeof(filtered), &got, NULL) !=
            CRET_OK ||
        cret_process_end(&process, CRET_LIMIT_END_MS, NULL) != CRET_OK || got != sizeof(filtered)) {
        return 1;
    }
    printf("{\"plain_us\": %.1f, \"confined_us\": %.1f, \"call_ns\": %.1f, \"filtered_call_ns\": "
           "%.1f}\n",
           median(plain, RUNS), median(confined, RUNS), call_ns(), filtered);
    return 0;
}
