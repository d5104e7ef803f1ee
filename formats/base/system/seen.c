/* SPDX-License-Identifier: Apache-2.0 */
/* The files that this run read, in one list behind a lock. */
#include "base/system/seen.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Threads open files too. */
static struct {
    pthread_mutex_t lock;
    struct cret_seen *list;
    size_t count, room;
    bool begun;
    bool lost;
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

void cret_seen_begin(void)
{
    seen.begun = true;
}

bool cret_seen_begun(void)
{
    return seen.begun;
}

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

void cret_seen_add(uint64_t device, uint64_t inode)
{
    pthread_mutex_lock(&seen.lock);
    if (make_room()) {
        seen.list[seen.count++] = (struct cret_seen){device, inode};
    } else {
        seen.lost = true;
    }
    pthread_mutex_unlock(&seen.lock);
}

void cret_seen_lost(void)
{
    pthread_mutex_lock(&seen.lock);
    seen.lost = true;
    pthread_mutex_unlock(&seen.lock);
}

bool cret_seen_has(uint64_t device, uint64_t inode)
{
    pthread_mutex_lock(&seen.lock);
    bool found = seen.lost;
    for (size_t i = 0; !found && i < seen.count; i++) {
        found = seen.list[i].device == device && seen.list[i].inode == inode;
    }
    pthread_mutex_unlock(&seen.lock);
    return found;
}

static int compare(const void *left, const void *right)
{
    const struct cret_seen *a = left, *b = right;
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    return a->inode == b->inode ? 0 : a->inode < b->inode ? -1 : 1;
}

enum cret_status cret_seen_list(struct cret_seen **ret_list, size_t *ret_count,
                                struct cret_err *err)
{
    size_t count = 0;
    pthread_mutex_lock(&seen.lock);
    const size_t all = seen.count;
    struct cret_seen *list = seen.lost ? NULL : calloc(all + 1, sizeof(*list));
    if (list != NULL && all > 0) {
        memcpy(list, seen.list, all * sizeof(*list));
    }
    pthread_mutex_unlock(&seen.lock);
    if (list == NULL) {
        return cret_err_memory(err);
    }
    qsort(list, all, sizeof(*list), compare);
    for (size_t i = 0; i < all; i++) {
        if (count == 0 || compare(&list[count - 1], &list[i]) != 0) {
            list[count++] = list[i];
        }
    }
    *ret_list = list;
    *ret_count = count;
    return CRET_OK;
}
