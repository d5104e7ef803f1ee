/* SPDX-License-Identifier: Apache-2.0 */
/* The names in a folder: all of them, and whether one of them is exactly this. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

NTSYSAPI NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE, HANDLE, PVOID, PVOID, PIO_STATUS_BLOCK, PVOID,
                                             ULONG, int, BOOLEAN, PUNICODE_STRING, BOOLEAN);
enum { NAMES = 12 /* FileNamesInformation */ };
#define NO_MORE_FILES ((NTSTATUS)0x80000006)

struct one_name {
    ULONG next, index, bytes;
    wchar_t name[1];
};

struct names {
    char *data;
    size_t size;
};

static int add_name(struct names *names, const wchar_t *wide, size_t length)
{
    char name[1024];
    const int size =
        WideCharToMultiByte(CP_UTF8, 0, wide, (int)length, name, (int)sizeof(name) - 1, NULL, NULL);
    name[size > 0 ? size : 0] = '\0';
    if (size <= 0) {
        return EINVAL;
    }
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return 0;
    }
    char *grown = realloc(names->data, names->size + (size_t)size + 1);
    if (grown == NULL) {
        return ENOMEM;
    }
    memcpy(grown + names->size, name, (size_t)size + 1);
    names->data = grown;
    names->size += (size_t)size + 1;
    return 0;
}

static int names_now(const struct cret_win_handle *entry, struct names *names)
{
    static _Alignas(8) char buffer[65536];
    BOOLEAN first = TRUE;
    if (entry == NULL || entry->handle == NULL) {
        return EBADF;
    }
    for (;;) {
        IO_STATUS_BLOCK block;
        const NTSTATUS status =
            NtQueryDirectoryFile(entry->handle, NULL, NULL, NULL, &block, buffer, sizeof(buffer),
                                 NAMES, FALSE, NULL, first);
        first = FALSE;
        if (status == NO_MORE_FILES) {
            return 0;
        }
        if (status < 0) {
            return cret_win_errno(status);
        }
        for (size_t at = 0;;) {
            const struct one_name *one = (const struct one_name *)(const void *)(buffer + at);
            const int error = add_name(names, one->name, one->bytes / sizeof(wchar_t));
            if (error != 0) {
                return error;
            }
            if (one->next == 0) {
                break;
            }
            at += one->next;
        }
    }
}

int cret_win_names(int fd, char **ret_names, size_t *ret_size)
{
    enum { MOST_NAMES_BYTES = 16 << 20 };
    struct names names = {NULL, 0};
    int64_t result = 0;
    if (cret_replaying()) {
        names.data = malloc(MOST_NAMES_BYTES);
        if (names.data == NULL) {
            return ENOMEM;
        }
    }
    if (!cret_replay_take(CRET_ASKED_LIST, (uint64_t)fd, &result, names.data, MOST_NAMES_BYTES,
                          &names.size)) {
        result = names_now(cret_win_handle(fd), &names);
        result = result == 0 && names.size > MOST_NAMES_BYTES ? ENOMEM : result;
        cret_replay_note(CRET_ASKED_LIST, (uint64_t)fd, result, names.data, names.size);
    }
    if (result != 0) {
        free(names.data);
        return (int)result;
    }
    *ret_names = names.data;
    *ret_size = names.size;
    return 0;
}

int cret_win_listed(HANDLE folder, const wchar_t *name)
{
    _Alignas(8) char buffer[4096];
    wchar_t itself[] = L"";
    HANDLE listing = NULL;
    const size_t bytes = wcslen(name) * sizeof(*name);
    UNICODE_STRING pattern;
    RtlInitUnicodeString(&pattern, name);
    /* Of its own: a handle keeps the pattern of its first listing. */
    NTSTATUS status =
        cret_win_open_handle(&listing, folder, itself, CRET_WIN_READ | CRET_WIN_FOLDER);
    if (status < 0) {
        return cret_win_errno(status);
    }
    int result = EAGAIN;
    for (BOOLEAN first = TRUE; result == EAGAIN; first = FALSE) {
        IO_STATUS_BLOCK block;
        status = NtQueryDirectoryFile(listing, NULL, NULL, NULL, &block, buffer, sizeof(buffer),
                                      NAMES, TRUE, &pattern, first);
        const struct one_name *one = (const struct one_name *)(const void *)buffer;
        if (status == NO_MORE_FILES) {
            result = ENOENT;
        } else if (status < 0) {
            result = cret_win_errno(status);
        } else if (one->bytes == bytes && memcmp(one->name, name, bytes) == 0) {
            result = 0;
        }
    }
    CloseHandle(listing);
    return result;
}
