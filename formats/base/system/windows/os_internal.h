/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by the room for Windows. All that is asked of the system goes through the cret_win_...
 * below, which keep and follow the list of answers (os_replay.h); everything above them computes.
 * They return 0 or a value of errno.
 */
#ifndef CRET_BASE_OS_WINDOWS_INTERNAL_H
#define CRET_BASE_OS_WINDOWS_INTERNAL_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winternl.h>
#undef near
#undef far

#include "base/system/os.h"

/* How a file or folder is opened. */
enum {
    CRET_WIN_READ = 1,
    CRET_WIN_WRITE = 2,
    CRET_WIN_NEW = 4,     /* must not exist; else it must */
    CRET_WIN_CREATE = 8,  /* where it does not exist */
    CRET_WIN_FOLDER = 16, /* a folder only */
    CRET_WIN_FILE = 32,   /* anything but a folder */
    CRET_WIN_HERE = 64,   /* what lies under the name itself, also where it is a link */
    CRET_WIN_APPEND = 128,
    CRET_WIN_REMOVE = 256, /* it may be removed or renamed */
    CRET_WIN_ACCESS = 512, /* its access list may be read and set */
    CRET_WIN_LOOK = 1024,  /* its attributes only */
    CRET_WIN_EXACT =
        2048, /* under exactly this name: not in other letters' case, nor a short name */
};

int cret_win_open(int *ret_fd, int directory_fd, const char *path, unsigned how);
void cret_win_close(int fd);
int cret_win_look(int fd, struct cret_file_info *ret_info);
/* At offset; where none is given, at the position of the descriptor, which moves. */
int cret_win_read(int fd, void *data, size_t size, const uint64_t *offset, size_t *ret_got);
int cret_win_write(int fd, const void *data, size_t size, const uint64_t *offset);
/* Names, each with its zero byte, but . and ..; the caller frees. */
int cret_win_names(int fd, char **ret_names, size_t *ret_size);

/* Asked by cret_win_open alone, whose answer is kept. Opens as it says; below: a folder, or NULL.
 */
NTSTATUS cret_win_open_handle(HANDLE *ret_handle, HANDLE below, wchar_t *name, unsigned how);
/* Whether the folder lists exactly this name, which was opened: 0; ENOENT: it does not. */
int cret_win_listed(HANDLE folder, const wchar_t *name);

/* What changes something. */
int cret_win_rename(int fd, const char *path, bool replace);
int cret_win_remove(int fd);
int cret_win_resize(int fd, uint64_t size);
int cret_win_flush(int fd);
int cret_win_make_folder(const char *path);
/* EAGAIN: another one holds it. */
int cret_win_lock(int fd, bool exclusive);
int cret_win_copy_access(int to, int from);

/* Whether bytes can be read, or the end of a pipe was reached; waits for it. */
int cret_win_readable(int fd, unsigned wait_ms, bool *ret_ready);
/* A question about a descriptor that has a number for an answer. */
enum cret_win_state {
    CRET_WIN_IS_FILE,
    CRET_WIN_IS_PIPE,
    CRET_WIN_IS_CONSOLE,
    CRET_WIN_COLUMNS,
    CRET_WIN_ROWS,
    CRET_WIN_POSITION,
    CRET_WIN_CORES,
};
uint64_t cret_win_state(enum cret_win_state state, int fd);
/* A question that has words for an answer; the caller frees; NULL: none. */
enum cret_win_words {
    CRET_WIN_ENVIRONMENT,
    CRET_WIN_USER,
    CRET_WIN_HOST,
    CRET_WIN_CURRENT,
    CRET_WIN_PROGRAM,
};
char *cret_win_words(enum cret_win_words which, const char *name);

/* The table of descriptors (os_handles.c): numbers are the same in parent and child. */
enum cret_win_kind {
    CRET_WIN_FREE,
    CRET_WIN_CLOSED,
    CRET_WIN_ON_DISK,
    CRET_WIN_ON_PIPE,
    CRET_WIN_ON_CONSOLE
};
struct cret_win_handle {
    enum cret_win_kind kind;
    HANDLE handle;
    uint64_t position;
    bool append;
    bool folder;
    int other; /* of a pipe: its other end */
};
struct cret_win_handle *cret_win_handle(int fd); /* NULL: not open */
int cret_win_handle_new(enum cret_win_kind kind, HANDLE handle);
void cret_win_handles_begin(void);
/* In a child that has arrived: what it got of its parent; all others lead nowhere. */
void cret_win_handle_given(int fd, enum cret_win_kind kind, HANDLE handle);
void cret_win_handles_only_given(void);

/* Names (os_names.c). NULL and errno where it is no path here; the caller frees. */
wchar_t *cret_win_wide(const char *text);
char *cret_win_utf8(const wchar_t *text);
/* As the kernel takes it, absolute: \??\C:\folder\name. */
wchar_t *cret_win_path(const char *path);
/* One or more components below a folder, as the kernel takes it. */
wchar_t *cret_win_below(const char *path);

/* What an error of the system is in errno. */
int cret_win_errno(NTSTATUS status);
int cret_win_errno_of(DWORD error);
void cret_win_end(int code) __attribute__((noreturn)); /* at once */

/* Where this program is, of the system's own making; the caller frees. NULL and errno. */
wchar_t *cret_win_program(void);

/* Children (os_process.c): one that runs, by its number. */
bool cret_win_child_ended(int out);
void cret_win_children_end(void);
/* In main(): whether this process is a child, and what its parent hands over. */
void cret_win_child_begin(void);
/* In a child: whether it was started in a job, and under a token that has less than its parent's.
 */
bool cret_win_child_in_job(void);
bool cret_win_child_restricted(void);

/* As in the room for POSIX. */
void cret_os_note(int error);
enum cret_status cret_os_failed(struct cret_err *err, int error, const char *where,
                                const char *action);
CRET_MUST_CHECK enum cret_status cret_os_unfinished_add(const char *path, struct cret_err *err);
void cret_os_unfinished_forget(const char *path);
void cret_os_unfinished_moved(const char *from, const char *to);
/* What ends children comes before what is unfinished is removed. */
void cret_win_signals_begin(void (*children)(void));
void cret_os_note_read(int fd);
bool cret_os_still_there(int fd, const char *path);
void cret_os_hint_near(struct cret_err *err, const char *path);

#endif
