/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders: what is asked of the kernel, and kept or followed in the list of answers. */
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

#include "base/finding/fault.h"

/* The kernel's own functions and numbers, which this compiler's headers have in part. */
NTSYSAPI NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PVOID, PVOID, PIO_STATUS_BLOCK, PVOID, ULONG,
                                   PLARGE_INTEGER, PULONG);
NTSYSAPI NTSTATUS NTAPI NtWriteFile(HANDLE, HANDLE, PVOID, PVOID, PIO_STATUS_BLOCK, const void *,
                                    ULONG, PLARGE_INTEGER, PULONG);
enum {
    RENAME = 10,        /* FileRenameInformation */
    DISPOSITION = 13,   /* FileDispositionInformation */
    END_OF_FILE = 20,   /* FileEndOfFileInformation */
    RENAME_EX = 65,     /* FileRenameInformationEx */
    REPLACE = 1,        /* of it: in the place of what is there */
    POSIX = 2,          /* of it: also where somebody has that open */
    TRANSFER = 1 << 30, /* one read or write stays below what an ULONG counts */
};
#define END_OF_DATA ((NTSTATUS)0xC0000011)
#define PIPE_BROKEN ((NTSTATUS)0xC000014B)
#define PIPE_EMPTY ((NTSTATUS)0xC00000D9)
#define NOT_WHOLE_PATH ((NTSTATUS)0xC000003A)

static int open_now(int *ret_fd, int directory_fd, const char *path, unsigned how)
{
    const struct cret_win_handle *folder =
        directory_fd == CRET_OS_HERE ? NULL : cret_win_handle(directory_fd);
    HANDLE handle = NULL;
    if (directory_fd != CRET_OS_HERE && (folder == NULL || folder->handle == NULL)) {
        return EBADF;
    }
    wchar_t *name = directory_fd == CRET_OS_HERE ? cret_win_path(path) : cret_win_below(path);
    if (name == NULL) {
        return errno;
    }
    const NTSTATUS status =
        cret_win_open_handle(&handle, folder != NULL ? folder->handle : NULL, name, how);
    int error = status < 0 ? cret_win_errno(status) : 0;
    if (error == 0 && (how & CRET_WIN_EXACT) != 0) {
        error = folder != NULL ? cret_win_listed(folder->handle, name) : EINVAL;
        if (error != 0) {
            CloseHandle(handle);
        }
    }
    free(name);
    if (error != 0) {
        return error;
    }
    *ret_fd = cret_win_handle_new(CRET_WIN_ON_DISK, handle);
    if (*ret_fd < 0) {
        CloseHandle(handle);
        return EMFILE;
    }
    return 0;
}

int cret_win_open(int *ret_fd, int directory_fd, const char *path, unsigned how)
{
    const uint64_t mark = cret_asked_mark(
        cret_asked_mark(((uint64_t)(uint32_t)directory_fd << 32) | how, path, strlen(path)), "", 1);
    int64_t result = 0;
    int fd = -1;
    if (cret_replay_take(CRET_ASKED_OPEN, mark, &result, NULL, 0, NULL)) {
        fd = result == 0 ? cret_win_handle_new(CRET_WIN_ON_DISK, NULL) : -1;
    } else {
        result = open_now(&fd, directory_fd, path, how);
        cret_replay_note(CRET_ASKED_OPEN, mark, result, NULL, 0);
    }
    struct cret_win_handle *entry = cret_win_handle(fd);
    if (result == 0 && entry != NULL) {
        entry->append = (how & CRET_WIN_APPEND) != 0;
        entry->folder = (how & CRET_WIN_FOLDER) != 0;
    }
    *ret_fd = fd;
    return (int)result;
}

static int look_now(const struct cret_win_handle *entry, struct cret_file_info *ret_info)
{
    BY_HANDLE_FILE_INFORMATION info;
    memset(ret_info, 0, sizeof(*ret_info));
    ret_info->kind = CRET_KIND_OTHER;
    ret_info->mode = 0600;
    if (entry == NULL || entry->handle == NULL) {
        return EBADF;
    }
    if (entry->kind != CRET_WIN_ON_DISK) {
        return 0;
    }
    if (GetFileInformationByHandle(entry->handle, &info) == 0) {
        return cret_win_errno_of(GetLastError());
    }
    const bool folder = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    ret_info->kind = (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 ? CRET_KIND_SYMLINK
                     : folder ? CRET_KIND_DIRECTORY
                              : CRET_KIND_REGULAR;
    ret_info->size = folder ? 0 : ((uint64_t)info.nFileSizeHigh << 32) | info.nFileSizeLow;
    ret_info->device = info.dwVolumeSerialNumber;
    ret_info->inode = ((uint64_t)info.nFileIndexHigh << 32) | info.nFileIndexLow;
    ret_info->mode = folder ? 0755 : 0644;
    const uint64_t since_1601 =
        ((uint64_t)info.ftLastWriteTime.dwHighDateTime << 32) | info.ftLastWriteTime.dwLowDateTime;
    ret_info->modified_ns = ((int64_t)since_1601 - 116444736000000000ll) * 100;
    return 0;
}

int cret_win_look(int fd, struct cret_file_info *ret_info)
{
    int64_t result = 0;
    memset(ret_info, 0, sizeof(*ret_info));
    if (!cret_replay_take(CRET_ASKED_LOOK, (uint64_t)fd, &result, ret_info, sizeof(*ret_info),
                          NULL)) {
        result = look_now(cret_win_handle(fd), ret_info);
        cret_replay_note(CRET_ASKED_LOOK, (uint64_t)fd, result, ret_info, sizeof(*ret_info));
    }
    return (int)result;
}

/* What people type, as UTF-8. */
static int read_console(HANDLE handle, void *data, size_t size, size_t *ret_got)
{
    wchar_t wide[512];
    DWORD count = 0;
    const DWORD most = size / 3 < CRET_LENGTH(wide) ? (DWORD)(size / 3) : CRET_LENGTH(wide);
    if (most == 0) {
        return EINVAL;
    }
    if (ReadConsoleW(handle, wide, most, &count, NULL) == 0) {
        return cret_win_errno_of(GetLastError());
    }
    const int bytes =
        count == 0 || wide[0] == 26 /* Ctrl-Z */
            ? 0
            : WideCharToMultiByte(CP_UTF8, 0, wide, (int)count, data, (int)size, NULL, NULL);
    *ret_got = (size_t)bytes;
    return 0;
}

static int read_now(struct cret_win_handle *entry, void *data, size_t size, const uint64_t *offset,
                    size_t *ret_got)
{
    IO_STATUS_BLOCK block = {.Information = 0};
    LARGE_INTEGER at;
    const ULONG most = size < TRANSFER ? (ULONG)size : TRANSFER;
    if (entry == NULL || entry->handle == NULL) {
        return EBADF;
    }
    if (entry->folder) {
        return EISDIR;
    }
    if (entry->kind == CRET_WIN_ON_CONSOLE) {
        return read_console(entry->handle, data, size, ret_got);
    }
    at.QuadPart = (LONGLONG)(offset != NULL ? *offset : entry->position);
    const bool placed = entry->kind == CRET_WIN_ON_DISK && (offset != NULL || !entry->append);
    const NTSTATUS status =
        NtReadFile(entry->handle, NULL, NULL, NULL, &block, data, most, placed ? &at : NULL, NULL);
    if (status < 0 && status != END_OF_DATA && status != PIPE_BROKEN) {
        return cret_win_errno(status);
    }
    *ret_got = status < 0 ? 0 : (size_t)block.Information;
    return 0;
}

int cret_win_read(int fd, void *data, size_t size, const uint64_t *offset, size_t *ret_got)
{
    struct cret_win_handle *entry = cret_win_handle(fd);
    const uint64_t mark =
        cret_asked_mark((uint64_t)fd << 40 ^ size, offset != NULL ? (const void *)offset : "",
                        offset != NULL ? sizeof(*offset) : 0);
    int64_t result = 0;
    size_t got = 0;
    if (!cret_replay_take(CRET_ASKED_READ, mark, &result, data, size, &got)) {
        result = read_now(entry, data, size, offset, &got);
        cret_replay_note(CRET_ASKED_READ, mark, result, data, result == 0 ? got : 0);
    }
    if (result == 0 && offset == NULL && entry != NULL) {
        entry->position += got;
    }
    *ret_got = got;
    return (int)result;
}

static int write_console(HANDLE handle, const char *data, size_t size)
{
    while (size > 0) {
        wchar_t wide[2048];
        size_t part = size < 2000 ? size : 2000;
        while (part < size && part > 1 && ((unsigned char)data[part] & 0xc0) == 0x80) {
            part--; /* a character stays whole */
        }
        const int count =
            MultiByteToWideChar(CP_UTF8, 0, data, (int)part, wide, (int)CRET_LENGTH(wide));
        DWORD done = 0;
        if (count <= 0 || WriteConsoleW(handle, wide, (DWORD)count, &done, NULL) == 0) {
            return EIO;
        }
        data += part;
        size -= part;
    }
    return 0;
}

static int write_now(struct cret_win_handle *entry, const char *data, size_t size,
                     const uint64_t *offset)
{
    if (entry == NULL || entry->handle == NULL) {
        return EBADF;
    }
    if (entry->kind == CRET_WIN_ON_CONSOLE) {
        return write_console(entry->handle, data, size);
    }
    for (size_t done = 0; done < size;) {
        IO_STATUS_BLOCK block = {.Information = 0};
        LARGE_INTEGER at;
        const ULONG part = size - done < TRANSFER ? (ULONG)(size - done) : TRANSFER;
        /* -1: at the end; what was passed on has a position of its own. */
        at.QuadPart = offset != NULL   ? (LONGLONG)(*offset + done)
                      : !entry->append ? (LONGLONG)(entry->position + done)
                                       : -1;
        const bool placed = entry->kind == CRET_WIN_ON_DISK && entry > cret_win_handle(2);
        const NTSTATUS status = NtWriteFile(entry->handle, NULL, NULL, NULL, &block, data + done,
                                            part, placed ? &at : NULL, NULL);
        if (status < 0 || block.Information == 0) {
            return status < 0 ? cret_win_errno(status) : EIO;
        }
        done += (size_t)block.Information;
    }
    return 0;
}

int cret_win_write(int fd, const void *data, size_t size, const uint64_t *offset)
{
    struct cret_win_handle *entry = cret_win_handle(fd);
    const uint64_t mark = cret_asked_mark((uint64_t)fd, "", 1);
    int64_t result = 0;
    if (!cret_replay_take(CRET_ASKED_WRITE, mark, &result, NULL, 0, NULL)) {
        result = write_now(entry, data, size, offset);
        cret_replay_note(CRET_ASKED_WRITE, mark, result, NULL, 0);
    }
    if (result == 0 && offset == NULL && entry != NULL) {
        entry->position += size;
    }
    return (int)result;
}

static int rename_now(const struct cret_win_handle *entry, const char *path, bool replace)
{
    struct rename {
        union {
            BOOLEAN replace;
            ULONG flags;
        } how;
        HANDLE root;
        ULONG bytes;
        wchar_t name[1];
    } *order = NULL;
    IO_STATUS_BLOCK block;
    wchar_t *name = cret_win_path(path);
    const size_t bytes = name != NULL ? wcslen(name) * sizeof(*name) : 0;
    if (name == NULL) {
        return errno;
    }
    order = calloc(1, sizeof(*order) + bytes);
    if (order == NULL || entry == NULL || entry->handle == NULL) {
        free(order);
        free(name);
        return order == NULL ? ENOMEM : EBADF;
    }
    memcpy(order->name, name, bytes);
    order->bytes = (ULONG)bytes;
    order->how.flags = replace ? REPLACE | POSIX : POSIX;
    const ULONG size = (ULONG)(sizeof(*order) + bytes);
    NTSTATUS status =
        NtSetInformationFile(entry->handle, &block, order, size, (FILE_INFORMATION_CLASS)RENAME_EX);
    if (status < 0 && cret_win_errno(status) != EEXIST) {
        /* A system or file system without it: a file that somebody has open is not replaced. */
        order->how.flags = 0;
        order->how.replace = replace;
        status = NtSetInformationFile(entry->handle, &block, order, size,
                                      (FILE_INFORMATION_CLASS)RENAME);
    }
    free(order);
    free(name);
    return status < 0 ? cret_win_errno(status) : 0;
}

/* Changes have no answer but whether they were made. */
static bool change_taken(uint64_t mark, int *ret_result)
{
    int64_t result = 0;
    if (!cret_replay_take(CRET_ASKED_CHANGE, mark, &result, NULL, 0, NULL)) {
        return false;
    }
    *ret_result = (int)result;
    return true;
}

static int changed(uint64_t mark, int result)
{
    cret_replay_note(CRET_ASKED_CHANGE, mark, result, NULL, 0);
    return result;
}

static uint64_t change_mark(char what, int fd)
{
    return cret_asked_mark((uint64_t)fd, &what, 1);
}

int cret_win_rename(int fd, const char *path, bool replace)
{
    int result = 0;
    const uint64_t mark = change_mark('r', fd);
    if (change_taken(mark, &result)) {
        return result;
    }
    return changed(mark, rename_now(cret_win_handle(fd), path, replace));
}

int cret_win_remove(int fd)
{
    BOOLEAN yes = TRUE;
    IO_STATUS_BLOCK block;
    int result = EBADF;
    const uint64_t mark = change_mark('x', fd);
    const struct cret_win_handle *entry = cret_win_handle(fd);
    if (change_taken(mark, &result)) {
        return result;
    }
    if (entry != NULL && entry->handle != NULL) {
        const NTSTATUS status = NtSetInformationFile(entry->handle, &block, &yes, sizeof(yes),
                                                     (FILE_INFORMATION_CLASS)DISPOSITION);
        result = status < 0 ? cret_win_errno(status) : 0;
    }
    return changed(mark, result);
}

int cret_win_resize(int fd, uint64_t size)
{
    LARGE_INTEGER end = {.QuadPart = (LONGLONG)size};
    IO_STATUS_BLOCK block;
    int result = EBADF;
    const uint64_t mark = change_mark('s', fd);
    const struct cret_win_handle *entry = cret_win_handle(fd);
    if (change_taken(mark, &result)) {
        return result;
    }
    if (entry != NULL && entry->handle != NULL) {
        const NTSTATUS status = NtSetInformationFile(entry->handle, &block, &end, sizeof(end),
                                                     (FILE_INFORMATION_CLASS)END_OF_FILE);
        result = status < 0 ? cret_win_errno(status) : 0;
    }
    return changed(mark, result);
}

int cret_win_flush(int fd)
{
    int result = EBADF;
    const uint64_t mark = change_mark('f', fd);
    const struct cret_win_handle *entry = cret_win_handle(fd);
    if (change_taken(mark, &result)) {
        return result;
    }
    if (entry != NULL && entry->handle != NULL) {
        result =
            entry->kind != CRET_WIN_ON_DISK || entry->folder || FlushFileBuffers(entry->handle) != 0
                ? 0
                : cret_win_errno_of(GetLastError());
    }
    return changed(mark, result);
}

int cret_win_make_folder(const char *path)
{
    int result = 0;
    const uint64_t mark = cret_asked_mark('m', path, strlen(path));
    if (change_taken(mark, &result)) {
        return result;
    }
    HANDLE handle = NULL;
    wchar_t *name = cret_win_path(path);
    result = name == NULL ? errno : 0;
    if (name != NULL) {
        const NTSTATUS status = cret_win_open_handle(
            &handle, NULL, name, CRET_WIN_FOLDER | CRET_WIN_NEW | CRET_WIN_READ);
        result = status < 0 ? cret_win_errno(status) : 0;
    }
    if (handle != NULL) {
        CloseHandle(handle);
    }
    free(name);
    return changed(mark, result);
}

int cret_win_lock(int fd, bool exclusive)
{
    /* One byte beyond all content: such locks forbid reading what they cover. */
    OVERLAPPED place = {.Offset = 0, .OffsetHigh = 0x40000000};
    int result = EBADF;
    const uint64_t mark = change_mark('l', fd);
    const struct cret_win_handle *entry = cret_win_handle(fd);
    if (change_taken(mark, &result)) {
        return result;
    }
    if (entry != NULL && entry->handle != NULL) {
        const DWORD flags = LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0);
        result =
            entry->folder || LockFileEx(entry->handle, flags, 0, 1, 0, &place) != 0 ? 0 : EAGAIN;
    }
    return changed(mark, result);
}

int cret_win_copy_access(int to, int from)
{
    _Alignas(8) uint8_t list[8192];
    DWORD size = 0;
    int result = EBADF;
    const uint64_t mark = change_mark('a', to);
    const struct cret_win_handle *target = cret_win_handle(to), *source = cret_win_handle(from);
    if (change_taken(mark, &result)) {
        return result;
    }
    if (target != NULL && source != NULL) {
        result =
            GetKernelObjectSecurity(source->handle, DACL_SECURITY_INFORMATION, list, sizeof(list),
                                    &size) != 0 &&
                    SetKernelObjectSecurity(target->handle, DACL_SECURITY_INFORMATION, list) != 0
                ? 0
                : cret_win_errno_of(GetLastError());
    }
    return changed(mark, result);
}
