/* SPDX-License-Identifier: Apache-2.0 */
/* Printing one line of progress over the other. */
#include "console/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/system/os.h"
#include "base/system/terminal.h"

#define STANDARD_ERROR 2

bool cret_progress_wanted(bool quiet)
{
    return !quiet && cret_os_is_terminal(STANDARD_ERROR);
}

void cret_progress_show(void *context, uint64_t done, uint64_t total)
{
    struct cret_progress *progress = context;
    const uint64_t elapsed = cret_os_monotonic_ms() - progress->start;
    if (elapsed < 300) {
        return; /* short work needs no progress */
    }
    const double seconds = (double)elapsed / 1000.0;
    const double rate = (double)done / seconds;
    char line[256];
    progress->shown = true;
    if (total > 0 && done > 0) {
        const double left = (double)(total - done) / rate;
        snprintf(line, sizeof(line), "%.100s: %3.0f %%, %.0f of %.0f MB, %.0f MB/s, %.0f s left",
                 progress->label, 100.0 * (double)done / (double)total, (double)done / 1e6,
                 (double)total / 1e6, rate / 1e6, left);
    } else {
        snprintf(line, sizeof(line), "%.100s: %.0f MB, %.0f MB/s", progress->label,
                 (double)done / 1e6, rate / 1e6);
    }
    cret_terminal_status(line);
}

void cret_progress_end(struct cret_progress *progress)
{
    if (progress->shown) {
        cret_terminal_status(NULL);
        progress->shown = false;
    }
}
