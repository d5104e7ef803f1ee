/* SPDX-License-Identifier: Apache-2.0 */
/* What the system's errors are in errno, and in words; whether one is an answer or a fault. */
#include "base/system/windows/os_internal.h"

#include "base/finding/fault.h"

static const struct {
    DWORD system;
    int error;
} numbers[] = {
    {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT},
    {ERROR_INVALID_DRIVE, ENOENT},
    {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_INVALID_NAME, ENOENT},
    {ERROR_BAD_PATHNAME, ENOENT},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_SHARING_VIOLATION, EBUSY},
    {ERROR_LOCK_VIOLATION, EBUSY},
    {ERROR_WRITE_PROTECT, EROFS},
    {ERROR_DIRECTORY, ENOTDIR},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_HANDLE_DISK_FULL, ENOSPC},
    {ERROR_FILE_TOO_LARGE, EFBIG},
    {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_OUTOFMEMORY, ENOMEM},
    {ERROR_NO_SYSTEM_RESOURCES, ENOMEM},
    {ERROR_COMMITMENT_LIMIT, ENOMEM},
    {ERROR_NOT_SAME_DEVICE, EXDEV},
    {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_BROKEN_PIPE, EPIPE},
    {ERROR_NO_DATA, EPIPE},
    {ERROR_PIPE_NOT_CONNECTED, EPIPE},
    {ERROR_NOT_SUPPORTED, EOPNOTSUPP},
    {ERROR_INVALID_FUNCTION, EOPNOTSUPP},
    {ERROR_INVALID_PARAMETER, EINVAL},
    {ERROR_CANT_RESOLVE_FILENAME, ELOOP},
};

int cret_win_errno_of(DWORD error)
{
    for (size_t i = 0; i < CRET_LENGTH(numbers); i++) {
        if (numbers[i].system == error) {
            return numbers[i].error;
        }
    }
    return EIO;
}

int cret_win_errno(NTSTATUS status)
{
    static const NTSTATUS is_folder = (NTSTATUS)0xC00000BA, no_folder = (NTSTATUS)0xC0000103;
    return status == is_folder   ? EISDIR
           : status == no_folder ? ENOTDIR
                                 : cret_win_errno_of(RtlNtStatusToDosError(status));
}

static const struct {
    int error;
    const char *words, *hint;
} errors[] = {
    {ENOENT, "there is no such file or folder", "check the path for a mistake"},
    {EACCES, "permission denied",
     "check the permissions of the file and of the folders above it, and who you are (whoami)"},
    {EBUSY, "another program has it open, and does not share it", "close that program"},
    {EISDIR, "it is a folder, not a file", "name a file"},
    {ENOTDIR, "a part of the path is not a folder", "check the path for a mistake"},
    {ELOOP, "a part of the path is a link, which is not followed here",
     "give the real path, or remove the link"},
    {EEXIST, "it exists already", "choose another name, or move the old one away"},
    {ENOSPC, "the disk is full", "free some space, or choose another folder"},
    {EFBIG, "the file system does not allow a file of that size",
     "choose another file system (FAT ends at 4 GiB)"},
    {EROFS, "the medium is write-protected", "choose another folder"},
    {ENAMETOOLONG, "the name is too long for the file system", "choose a shorter name"},
    {EMFILE, "this process has too many open files", "run it with fewer"},
    {ENOMEM, "not enough memory", "free some memory"},
    {EIO, "the device reports an input or output error",
     "the medium may be failing: copy the file elsewhere and try again"},
    {EXDEV, "source and target lie on different drives", "choose the same drive"},
    {EPIPE, "nobody reads at the other end any more", NULL},
    {EBADF, "the descriptor is not open", "check the number of the descriptor"},
    {EINVAL, "it is no path that Windows takes",
     "write it from the drive on, as in C:\\folder\\file"},
    {EOPNOTSUPP, "the system does not support it here", NULL},
};

void cret_os_note(int error)
{
    static const int faults[] = {EIO, ENOMEM, EMFILE, ENFILE};
    const char *words = "the system could not do what it was asked for";
    bool fault = false;
    for (size_t i = 0; i < CRET_LENGTH(faults); i++) {
        fault = fault || faults[i] == error;
    }
    for (size_t i = 0; i < CRET_LENGTH(errors); i++) {
        if (errors[i].error == error) {
            words = errors[i].words;
        }
    }
    if (fault) {
        cret_fault_note(words);
    }
}

enum cret_status cret_os_failed(struct cret_err *err, int error, const char *where,
                                const char *action)
{
    cret_os_note(error);
    const char *words = "the system does not say why", *hint = NULL;
    for (size_t i = 0; i < CRET_LENGTH(errors); i++) {
        if (errors[i].error == error) {
            words = errors[i].words;
            hint = errors[i].hint;
        }
    }
    cret_err_undecided(err, "cannot %s: %s", action, words);
    if (hint != NULL) {
        cret_err_hint(err, "%s", hint);
    }
    return where == NULL ? CRET_FAILED : cret_err_where(err, "%s", where);
}
