/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what the system answered: kept in a parent, followed in a child. */
#include "base/system/windows/os_replay.h"

#include "base/finding/limits.h"
#include "base/system/windows/os_internal.h"

/* What a run reads before its last child is started: policies, lists, and what children said. */
#define MOST_BYTES ((size_t)CRET_LIMIT_RESULT_BYTES)

struct answer {
    uint32_t kind, size;
    uint64_t mark;
    int64_t result;
};

static struct {
    uint8_t *data; /* kept answers, or those to be followed */
    size_t size, room, at;
    bool follows, child;
    bool broken; /* memory, too much, or asked by more than one thread */
    DWORD thread;
} list;

uint64_t cret_asked_mark(uint64_t before, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint64_t mark = before ^ 0xcbf29ce484222325ull;
    for (size_t i = 0; i < size; i++) {
        mark = (mark ^ bytes[i]) * 0x100000001b3ull;
    }
    return mark;
}

bool cret_replaying(void)
{
    return list.follows;
}

bool cret_replay_child(void)
{
    return list.child;
}

void cret_replay_begin(void *data, size_t size)
{
    list.data = data;
    list.size = size;
    list.follows = list.child = true;
    list.thread = GetCurrentThreadId();
}

bool cret_replay_arrived(void)
{
    return list.follows && list.at == list.size;
}

void cret_replay_end(void)
{
    if (list.data != NULL) {
        SecureZeroMemory(list.data, list.size);
    }
    list.follows = false;
    list.size = list.at = 0;
}

bool cret_replay_take(enum cret_asked kind, uint64_t mark, int64_t *ret_result, void *data,
                      size_t room, size_t *ret_size)
{
    struct answer answer;
    if (!list.follows) {
        return false;
    }
    if (list.thread != GetCurrentThreadId() || list.size - list.at < sizeof(answer)) {
        cret_win_end(CRET_ERR_UNDECIDED);
    }
    memcpy(&answer, list.data + list.at, sizeof(answer));
    list.at += sizeof(answer);
    if (answer.kind != (uint32_t)kind || answer.mark != mark || answer.size > room ||
        answer.size > list.size - list.at) {
        cret_win_end(CRET_ERR_UNDECIDED); /* what it would do from here is not its parent's */
    }
    if (answer.size > 0) {
        memcpy(data, list.data + list.at, answer.size);
    }
    list.at += answer.size;
    if (ret_size != NULL) {
        *ret_size = answer.size;
    }
    *ret_result = answer.result;
    return true;
}

static bool make_room(size_t size)
{
    if (size <= list.room - list.size) {
        return true;
    }
    size_t room = list.room == 0 ? 65536 : list.room;
    while (room - list.size < size) {
        if (room > MOST_BYTES) {
            return false;
        }
        room *= 2;
    }
    uint8_t *data = realloc(list.data, room);
    if (data == NULL) {
        return false;
    }
    list.data = data;
    list.room = room;
    return true;
}

void cret_replay_note(enum cret_asked kind, uint64_t mark, int64_t result, const void *data,
                      size_t size)
{
    if (list.child || list.broken) {
        return;
    }
    if (list.thread == 0) {
        list.thread = GetCurrentThreadId();
    }
    const struct answer answer = {
        .kind = (uint32_t)kind, .size = (uint32_t)size, .mark = mark, .result = result};
    if (list.thread != GetCurrentThreadId() || size > MOST_BYTES ||
        !make_room(sizeof(answer) + size)) {
        list.broken = true;
        return;
    }
    memcpy(list.data + list.size, &answer, sizeof(answer));
    if (size > 0) {
        memcpy(list.data + list.size + sizeof(answer), data, size);
    }
    list.size += sizeof(answer) + size;
}

enum cret_status cret_replay_list(const void **ret_data, size_t *ret_size, struct cret_err *err)
{
    if (list.child || list.broken) {
        cret_err_undecided(err, "no further process can be started on Windows after this much was "
                                "read, or after threads began");
        return cret_err_hint(err, "verify fewer files in one run");
    }
    *ret_data = list.data;
    *ret_size = list.size;
    return CRET_OK;
}
