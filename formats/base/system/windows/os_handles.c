/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for what is open. A child counts as its parent did, and has handles for what it was
 * given. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

enum { MOST = 8192 };

static struct cret_win_handle table[MOST];
static CRITICAL_SECTION lock;

struct cret_win_handle *cret_win_handle(int fd)
{
    return fd >= 0 && fd < MOST && table[fd].kind != CRET_WIN_FREE ? &table[fd] : NULL;
}

int cret_win_handle_new(enum cret_win_kind kind, HANDLE handle)
{
    int fd = 0;
    EnterCriticalSection(&lock);
    while (fd < MOST && table[fd].kind != CRET_WIN_FREE) {
        fd++;
    }
    if (fd < MOST) {
        table[fd] = (struct cret_win_handle){.kind = kind, .handle = handle, .other = -1};
    }
    LeaveCriticalSection(&lock);
    return fd < MOST ? fd : -1;
}

void cret_win_close(int fd)
{
    struct cret_win_handle *entry = cret_win_handle(fd);
    if (entry == NULL) {
        return;
    }
    EnterCriticalSection(&lock);
    HANDLE handle = entry->handle;
    *entry = (struct cret_win_handle){.kind = CRET_WIN_FREE};
    LeaveCriticalSection(&lock);
    if (handle != NULL) {
        CloseHandle(handle);
    }
}

void cret_win_handle_given(int fd, enum cret_win_kind kind, HANDLE handle)
{
    struct cret_win_handle *entry = cret_win_handle(fd);
    if (entry != NULL) {
        entry->kind = kind;
        entry->handle = handle;
    }
}

void cret_win_handles_only_given(void)
{
    for (int fd = 0; fd < MOST; fd++) {
        if (table[fd].kind != CRET_WIN_FREE && table[fd].handle == NULL) {
            table[fd].kind = CRET_WIN_CLOSED;
        }
    }
}

void cret_win_handles_begin(void)
{
    static const DWORD streams[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    InitializeCriticalSection(&lock);
    for (size_t i = 0; i < CRET_LENGTH(streams); i++) {
        HANDLE handle = cret_replay_child() ? NULL : GetStdHandle(streams[i]);
        DWORD mode = 0;
        if (handle == INVALID_HANDLE_VALUE) {
            handle = NULL;
        }
        const DWORD type = handle != NULL ? GetFileType(handle) : FILE_TYPE_UNKNOWN;
        cret_win_handle_new(handle == NULL                       ? CRET_WIN_CLOSED
                            : GetConsoleMode(handle, &mode) != 0 ? CRET_WIN_ON_CONSOLE
                            : type == FILE_TYPE_DISK             ? CRET_WIN_ON_DISK
                                                                 : CRET_WIN_ON_PIPE,
                            handle);
        table[i].append = true; /* whoever opened it has a position of its own */
    }
}
