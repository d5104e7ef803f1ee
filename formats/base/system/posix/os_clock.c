/* SPDX-License-Identifier: Apache-2.0 */
/* The two clocks: the time of day, and one that only runs forward. */
#include <time.h>

#include "base/finding/fault.h"
#include "base/system/os.h"

int64_t cret_os_now(void)
{
    struct timespec now = {0};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        cret_fault_note("the clock could not be read");
        return 0;
    }
    return now.tv_sec;
}

uint64_t cret_os_monotonic_ms(void)
{
    struct timespec now = {0};
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
