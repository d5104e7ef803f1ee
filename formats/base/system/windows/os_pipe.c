/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes between a process and its children, and whether something can be read. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

enum { PIPE_BYTES = 256 << 10, LONGEST_REST_MS = 10 };

enum cret_status cret_os_pipe(int *ret_read, int *ret_write, struct cret_err *err)
{
    HANDLE read = NULL, write = NULL;
    int64_t result = 0;
    if (!cret_replay_take(CRET_ASKED_PIPE, 0, &result, NULL, 0, NULL)) {
        result = CreatePipe(&read, &write, NULL, PIPE_BYTES) != 0
                     ? 0
                     : cret_win_errno_of(GetLastError());
        cret_replay_note(CRET_ASKED_PIPE, 0, result, NULL, 0);
    }
    if (result != 0) {
        return cret_os_failed(err, (int)result, NULL, "create a pipe");
    }
    const int from = cret_win_handle_new(CRET_WIN_ON_PIPE, read);
    const int to = cret_win_handle_new(CRET_WIN_ON_PIPE, write);
    if (from < 0 || to < 0) {
        return cret_os_failed(err, EMFILE, NULL, "create a pipe");
    }
    cret_win_handle(from)->other = to;
    *ret_read = from;
    *ret_write = to;
    return CRET_OK;
}

/* Whether whoever wrote to it has ended: a pipe with bytes in it does not say so itself. */
bool cret_os_hung_up(int fd)
{
    const uint64_t mark = cret_asked_mark((uint64_t)fd, "h", 1);
    const struct cret_win_handle *entry = cret_win_handle(fd);
    int64_t ended = 0;
    if (!cret_replay_take(CRET_ASKED_STATE, mark, &ended, NULL, 0, NULL)) {
        ended = entry == NULL || cret_win_child_ended(entry->other) ? 1 : 0;
        cret_replay_note(CRET_ASKED_STATE, mark, ended, NULL, 0);
    }
    return ended != 0;
}

/* Pipes cannot be waited for together with a clock: they are looked at, ever less often. */
static int readable_now(const struct cret_win_handle *entry, unsigned wait_ms, bool *ret_ready)
{
    const uint64_t begin = GetTickCount64();
    *ret_ready = true;
    if (entry == NULL || entry->handle == NULL) {
        return EBADF;
    }
    for (DWORD rest = 0; entry->kind == CRET_WIN_ON_PIPE; rest += rest < LONGEST_REST_MS ? 1 : 0) {
        DWORD count = 0;
        if (PeekNamedPipe(entry->handle, NULL, 0, NULL, &count, NULL) == 0 || count > 0) {
            return 0; /* its end can be read as well */
        }
        if (GetTickCount64() - begin >= wait_ms) {
            *ret_ready = false;
            return 0;
        }
        Sleep(rest);
    }
    return 0;
}

int cret_win_readable(int fd, unsigned wait_ms, bool *ret_ready)
{
    const uint64_t mark = cret_asked_mark((uint64_t)fd, "r", 1);
    int64_t answer = 0;
    if (!cret_replay_take(CRET_ASKED_STATE, mark, &answer, NULL, 0, NULL)) {
        bool ready = false;
        const int error = readable_now(cret_win_handle(fd), wait_ms, &ready);
        answer = error != 0 ? error : ready ? 0 : -1;
        cret_replay_note(CRET_ASKED_STATE, mark, answer, NULL, 0);
    }
    *ret_ready = answer == 0;
    return answer > 0 ? (int)answer : 0;
}
