/* SPDX-License-Identifier: Apache-2.0 */
/* How much memory the test's process held at most. */
#ifndef CRET_TESTS_MEMORY_H
#define CRET_TESTS_MEMORY_H

#include <criterion/criterion.h>
#include <sys/resource.h>

static inline unsigned long peak_mebibytes(void)
{
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return (unsigned long)usage.ru_maxrss >> 10;
}

#endif
