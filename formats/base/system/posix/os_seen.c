/* SPDX-License-Identifier: Apache-2.0 */
/* Which regular files this process opened to read or to append to: an output that is one of them
 * would destroy what it was made from. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/system/posix/os_internal.h"

struct seen {
    dev_t device;
    ino_t inode;
};

/* Of the process, as descriptors are; threads open files too. */
static struct {
    pthread_mutex_t lock;
    struct seen *list;
    size_t count, room;
    bool begun;
    bool incomplete; /* for want of memory: then everything counts as read */
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool make_room(void)
{
    if (seen.count < seen.room) {
        return true;
    }
    const size_t room = seen.room == 0 ? 64 : 2 * seen.room;
    void *list = realloc(seen.list, room * sizeof(*seen.list));
    if (list == NULL) {
        return false;
    }
    seen.list = list;
    seen.room = room;
    return true;
}

void cret_os_seen_begin(void)
{
    seen.begun = true;
}

void cret_os_note_read(int fd)
{
    struct stat info;
    if (!seen.begun || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return;
    }
    pthread_mutex_lock(&seen.lock);
    if (make_room()) {
        seen.list[seen.count++] = (struct seen){.device = info.st_dev, .inode = info.st_ino};
    } else {
        seen.incomplete = true;
    }
    pthread_mutex_unlock(&seen.lock);
}

bool cret_os_was_read(int fd)
{
    struct stat info;
    if (!seen.begun) {
        return false;
    }
    if (fstat(fd, &info) != 0) {
        return true;
    }
    pthread_mutex_lock(&seen.lock);
    bool found = seen.incomplete;
    for (size_t i = 0; !found && i < seen.count; i++) {
        found = seen.list[i].device == info.st_dev && seen.list[i].inode == info.st_ino;
    }
    pthread_mutex_unlock(&seen.lock);
    return found;
}
