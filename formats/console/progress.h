/* SPDX-License-Identifier: Apache-2.0 */
/* Progress on standard error, where that is a terminal: bytes, rate, time left. */
#ifndef CRET_CONSOLE_PROGRESS_H
#define CRET_CONSOLE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct cret_progress {
    const char *label; /* what is being done, e.g. a file name; escaped by the caller */
    uint64_t start;    /* cret_os_monotonic_ms */
    bool shown;
};

/* Whether progress is wanted here at all. */
bool cret_progress_wanted(bool quiet);
/* context: a struct cret_progress. */
void cret_progress_show(void *context, uint64_t done, uint64_t total);
/* Clears the line. */
void cret_progress_end(struct cret_progress *progress);

#endif
