/* SPDX-License-Identifier: Apache-2.0 */
/* What watches over the test's process, and how much memory it held at most. */
#ifndef CRET_TESTS_MEMORY_H
#define CRET_TESTS_MEMORY_H

#include <criterion/criterion.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static inline unsigned long peak_mebibytes(void)
{
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return (unsigned long)usage.ru_maxrss >> 10;
}

/* valgrind makes system calls of its own in the name of the program: it cannot be confined. */
static inline bool under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

/* An emulator passes on neither Landlock nor seccomp, and its own memory is counted with the
 * program's. tests/machines.sh says that there is one. */
static inline bool emulated(void)
{
    return getenv("CRETULA_TESTS_EMULATED") != NULL;
}

/* Whether a child of a test goes on where it cannot be confined. What valgrind then says of it goes
 * into a file, which such a child may not write: that alone must not end it. */
static inline bool child_may_be_unconfined(void)
{
    signal(SIGXFSZ, SIG_IGN); /* as cret_os_harden() has it */
    return under_valgrind() || emulated();
}

/* Skips a test that an emulator cannot run: by name, and with the reason. */
#define SKIP_EMULATED(reason)                                                                      \
    do {                                                                                           \
        if (emulated()) {                                                                          \
            cr_skip_test("in an emulator: " reason);                                               \
        }                                                                                          \
    } while (0)

#endif
