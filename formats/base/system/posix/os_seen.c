/* SPDX-License-Identifier: Apache-2.0 */
/* What is read, by what the system calls a file. */
#include <sys/stat.h>

#include "base/system/posix/os_internal.h"
#include "base/system/seen.h"

void cret_os_note_read(int fd)
{
    struct stat info;
    if (cret_seen_begun() && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        cret_seen_add((uint64_t)info.st_dev, (uint64_t)info.st_ino);
    }
}

bool cret_os_was_read(int fd)
{
    struct stat info;
    if (!cret_seen_begun()) {
        return false;
    }
    return fstat(fd, &info) != 0 || cret_seen_has((uint64_t)info.st_dev, (uint64_t)info.st_ino);
}
