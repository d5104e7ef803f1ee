/* SPDX-License-Identifier: Apache-2.0 */
/* Copying a part of a file into another one. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/os.h"

enum { SIZE = 200000, ROOM = SIZE + 300000 };

static int new_file(void)
{
    char path[] = "/tmp/cretula-copy-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    unlink(path);
    return fd;
}

static uint8_t source[SIZE], copied[ROOM];

static int new_source(void)
{
    const int fd = new_file();
    for (size_t i = 0; i < SIZE; i++) {
        source[i] = (uint8_t)(i * 7 + i / 251);
    }
    cr_assert_eq(write(fd, source, SIZE), SIZE);
    return fd;
}

Test(os_copy, the_part_arrives_and_nothing_beside_it_changes)
{
    static const struct {
        uint64_t from, to, size;
    } parts[] = {{0, 0, SIZE},           {0, 1, 1},          {512, 2560, 100000},
                 {2560, 68096, 100000},  {65536, 0, 130000}, {66000, 66000, 134000},
                 {512, 66048, 199488},   {7, 9, 0},          {SIZE, 5, 0},
                 {65535, 131071, 65537}, {1, 262145, 199999}};
    const int from = new_source();
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const int to = new_file();
        memset(copied, 0xa5, ROOM);
        cr_assert_eq(write(to, copied, ROOM), ROOM);
        cr_assert_eq(cret_os_copy(from, parts[i].from, to, parts[i].to, parts[i].size, NULL),
                     CRET_OK, "part %zu", i);
        cr_assert_eq(pread(to, copied, ROOM, 0), ROOM);
        for (size_t at = 0; at < ROOM; at++) {
            const bool inside = at >= parts[i].to && at < parts[i].to + parts[i].size;
            const uint8_t wanted = inside ? source[parts[i].from + at - parts[i].to] : 0xa5;
            cr_assert_eq(copied[at], wanted, "part %zu, byte %zu", i, at);
        }
        close(to);
    }
    close(from);
}

/* The kernel copies nothing into a file that is open for appending, and nothing from a pipe. */
Test(os_copy, through_memory_where_the_kernel_does_not)
{
    const int from = new_source(), to = new_file();
    cr_assert_eq(fcntl(to, F_SETFL, O_APPEND), 0);
    cr_assert_eq(cret_os_copy(from, 1000, to, 0, 150000, NULL), CRET_OK);
    cr_assert_eq(pread(to, copied, ROOM, 0), 150000);
    cr_assert_eq(memcmp(copied, source + 1000, 150000), 0);
    close(from);
    close(to);
}

Test(os_copy, a_source_that_ends_early_is_an_error)
{
    const int from = new_source(), to = new_file();
    struct cret_err err = {0};
    cr_assert_eq(cret_os_copy(from, 0, to, 0, SIZE + 1, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "changed"));
    cr_assert_eq(cret_os_copy(from, SIZE + 5, to, 0, 1, &err), CRET_FAILED);
    cr_assert_eq(cret_os_copy(from, INT64_MAX, to, 0, 1, &err), CRET_FAILED);
    cr_assert_eq(cret_os_copy(from, 0, to, INT64_MAX, 1, &err), CRET_FAILED);
    close(from);
    close(to);
}
