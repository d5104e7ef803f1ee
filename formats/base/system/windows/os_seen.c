/* SPDX-License-Identifier: Apache-2.0 */
/* Which files this process opened to read or to append to: an output that is one of them would
 * destroy what it was made from. Threads of a child open files too, and write none of these. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

static struct {
    struct seen {
        uint64_t device, inode;
    } * list;
    size_t count;
    bool begun, incomplete;
} seen;

void cret_os_seen_begin(void)
{
    seen.begun = true;
}

void cret_os_note_read(int fd)
{
    struct cret_file_info info;
    if (!seen.begun || (cret_replay_child() && !cret_replaying()) ||
        cret_win_look(fd, &info) != 0 || info.kind != CRET_KIND_REGULAR) {
        return;
    }
    void *list = realloc(seen.list, (seen.count + 1) * sizeof(*seen.list));
    if (list == NULL) {
        seen.incomplete = true;
        return;
    }
    seen.list = list;
    seen.list[seen.count++] = (struct seen){.device = info.device, .inode = info.inode};
}

bool cret_os_was_read(int fd)
{
    struct cret_file_info info;
    if (!seen.begun) {
        return false;
    }
    bool found = seen.incomplete || cret_win_look(fd, &info) != 0;
    for (size_t i = 0; !found && i < seen.count; i++) {
        found = seen.list[i].device == info.device && seen.list[i].inode == info.inode;
    }
    return found;
}
