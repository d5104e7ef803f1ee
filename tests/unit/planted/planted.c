/* SPDX-License-Identifier: Apache-2.0 */
/* Faults on purpose: planted.sh runs each and expects the memory checker to report it. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>

static volatile int sink;

Test(planted, none)
{
    volatile char *bytes = calloc(1, 16);
    cr_assert_not_null((void *)bytes);
    sink = bytes[15];
    free((void *)bytes);
}

Test(planted, overread)
{
    volatile char *bytes = malloc(16);
    cr_assert_not_null((void *)bytes);
    /* volatile: the compiler must not see the fault that the checkers are to find */
    volatile size_t past = 16;
    sink = bytes[past];
    free((void *)bytes);
}

Test(planted, uninitialized)
{
    volatile char *bytes = malloc(16);
    cr_assert_not_null((void *)bytes);
    if (bytes[3] == 7) {
        sink = 1;
    }
    free((void *)bytes);
}

Test(planted, leak)
{
    volatile char *bytes = malloc(1234);
    cr_assert_not_null((void *)bytes);
    bytes[0] = 1;
}

Test(planted, overflow)
{
    volatile int number = INT_MAX;
    number = number + 1;
    sink = number;
}
