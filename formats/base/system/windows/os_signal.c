/* SPDX-License-Identifier: Apache-2.0 */
/* What is unfinished goes away with the program: Ctrl-C, Ctrl-Break, a window that is closed. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

#include "base/finding/fault.h"

enum { UNFINISHED = 16, INTERRUPTED = (int)0xC000013A };

static char *unfinished[UNFINISHED];
static CRITICAL_SECTION lock; /* held while what must be done whole is done */
static bool begun;
static void (*end_children)(void);

/* By the system alone: the program stands still somewhere else meanwhile. */
static void remove_now(const wchar_t *path)
{
    WIN32_FIND_DATAW found;
    if (DeleteFileW(path) != 0 || RemoveDirectoryW(path) != 0) {
        return;
    }
    const size_t size = wcslen(path) + 300;
    wchar_t *inner = calloc(size, sizeof(*inner));
    if (inner == NULL) {
        return;
    }
    _snwprintf(inner, size, L"%ls\\*", path);
    HANDLE search = FindFirstFileW(inner, &found);
    while (search != INVALID_HANDLE_VALUE) {
        if (wcscmp(found.cFileName, L".") != 0 && wcscmp(found.cFileName, L"..") != 0) {
            _snwprintf(inner, size, L"%ls\\%ls", path, found.cFileName);
            const bool link = (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
            if (!link) {
                remove_now(inner);
            } else if (DeleteFileW(inner) == 0) {
                RemoveDirectoryW(inner);
            }
        }
        if (FindNextFileW(search, &found) == 0) {
            FindClose(search);
            break;
        }
    }
    free(inner);
    RemoveDirectoryW(path);
}

static void remove_all(void)
{
    if (end_children != NULL) {
        end_children();
    }
    for (size_t i = 0; i < UNFINISHED; i++) {
        wchar_t *path = unfinished[i] != NULL ? cret_win_path(unfinished[i]) : NULL;
        if (path != NULL) {
            path[1] = L'\\'; /* \??\ for the kernel is \\?\ for what is called here */
            remove_now(path);
        }
        free(path);
    }
}

static BOOL WINAPI end_program(DWORD event)
{
    (void)event;
    EnterCriticalSection(&lock);
    remove_all();
    cret_win_end(INTERRUPTED);
}

void cret_win_signals_begin(void (*children)(void))
{
    end_children = children;
    InitializeCriticalSection(&lock);
    begun = true;
    if (!cret_replay_child()) { /* which owns nothing, and ends with its parent */
        cret_fault_at_end(remove_all);
        SetConsoleCtrlHandler(end_program, TRUE);
    }
}

void cret_os_signals_hold(void)
{
    if (begun) {
        EnterCriticalSection(&lock);
    }
}

void cret_os_signals_release(void)
{
    if (begun) {
        LeaveCriticalSection(&lock);
    }
}

enum cret_status cret_os_unfinished_add(const char *path, struct cret_err *err)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return cret_err_memory(err);
    }
    cret_os_signals_hold();
    size_t slot = 0;
    while (slot < UNFINISHED && unfinished[slot] != NULL) {
        slot++;
    }
    if (slot < UNFINISHED) {
        unfinished[slot] = copy;
    }
    cret_os_signals_release();
    if (slot == UNFINISHED) {
        free(copy);
        return cret_err_undecided(err, "too many outputs are under construction at once");
    }
    return CRET_OK;
}

void cret_os_unfinished_moved(const char *from, const char *to)
{
    char *copy = to != NULL ? strdup(to) : NULL;
    cret_os_signals_hold();
    for (size_t i = 0; i < UNFINISHED; i++) {
        if (unfinished[i] != NULL && strcmp(unfinished[i], from) == 0) {
            free(unfinished[i]);
            unfinished[i] = copy;
            copy = NULL;
        }
    }
    cret_os_signals_release();
    free(copy);
}

void cret_os_unfinished_forget(const char *path)
{
    cret_os_unfinished_moved(path, NULL);
}
