/* SPDX-License-Identifier: Apache-2.0 */
/* What is read, by what the system calls a file. */
#include "base/system/seen.h"
#include "base/system/windows/os_internal.h"

void cret_os_note_read(int fd)
{
    struct cret_file_info info;
    if (cret_seen_begun() && cret_win_look(fd, &info) == 0 && info.kind == CRET_KIND_REGULAR) {
        cret_seen_add(info.device, info.inode);
    }
}

bool cret_os_was_read(int fd)
{
    struct cret_file_info info;
    if (!cret_seen_begun()) {
        return false;
    }
    return cret_win_look(fd, &info) != 0 || cret_seen_has(info.device, info.inode);
}
