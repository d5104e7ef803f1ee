/* SPDX-License-Identifier: Apache-2.0 */
/* What errno says: in words for a person, and whether it is an answer or a fault. */
#include <errno.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/system/posix/os_internal.h"

/* errno values that people meet, in words that say what to do; the rest is strerror's. */
static const struct {
    int error;
    const char *words;
    const char *hint;
} errors[] = {
    {ENOENT, "there is no such file or folder", "check the path for a mistake"},
    {EACCES, "permission denied",
     "check the permissions of the file and of the folders above it, and who you are (id)"},
    {EPERM, "the system does not permit it", "check owner, attributes and mount options"},
    {EISDIR, "it is a folder, not a file", "name a file"},
    {ENOTDIR, "a part of the path is not a folder", "check the path for a mistake"},
    {ELOOP, "a part of the path is a symbolic link, which is not followed here",
     "give the real path, or remove the link"},
    {EEXIST, "it exists already", "choose another name, or move the old one away"},
    {ENOSPC, "the disk is full", "free some space, or choose another folder"},
    {EDQUOT, "the disk quota is used up", "free some space, or choose another folder"},
    {EFBIG, "the file system or a limit does not allow a file of that size",
     "choose another file system (FAT ends at 4 GiB), or raise the limit (ulimit -f)"},
    {EROFS, "the file system is mounted read-only", "choose another folder"},
    {ENAMETOOLONG, "the name is too long for the file system", "choose a shorter name"},
    {EMFILE, "this process has too many open files", "raise the limit (ulimit -n)"},
    {ENFILE, "the system has too many open files", "close other programs"},
    {ENOMEM, "not enough memory", "free some memory"},
    {EIO, "the device reports an input or output error",
     "the medium may be failing: copy the file elsewhere and try again"},
    {EXDEV, "source and target lie on different file systems", "choose the same file system"},
    {ENXIO, "there is no device, or nobody reads at the other end", "check the path"},
    {EPIPE, "nobody reads at the other end any more", NULL},
    {EBADF, "the descriptor is not open", "check the number of the descriptor"},
    {ETXTBSY, "the file is a program that is running", "end the program first"},
};

/*
 * What the system says of the name, the file or the permission that it was asked for, or of the
 * room that is left: an answer. Everything else (no memory, no descriptor, a device that fails, and
 * whatever this list does not know) says that it could not find out.
 */
static bool is_answer(int error)
{
    static const int answers[] = {
        0,         ENOENT, EACCES, EPERM,   EISDIR, ENOTDIR, ELOOP,  EEXIST, EROFS,  ENAMETOOLONG,
        EXDEV,     ENXIO,  EPIPE,  EBADF,   EINVAL, ENODEV,  ESPIPE, ENOSYS, ENOTTY, EOPNOTSUPP,
        ENOTEMPTY, EINTR,  EAGAIN, ETXTBSY, ENOSPC, EDQUOT,  EFBIG};
    for (size_t i = 0; i < CRET_LENGTH(answers); i++) {
        if (answers[i] == error) {
            return true;
        }
    }
    return false;
}

void cret_os_note(int error)
{
    const char *words = "the system could not do what it was asked for";
    if (is_answer(error)) {
        return;
    }
    for (size_t i = 0; i < CRET_LENGTH(errors); i++) {
        if (errors[i].error == error) {
            words = errors[i].words;
        }
    }
    cret_fault_note(words);
}

enum cret_status cret_os_failed(struct cret_err *err, int error, const char *where,
                                const char *action)
{
    cret_os_note(error);
    for (size_t i = 0; i < CRET_LENGTH(errors); i++) {
        if (errors[i].error != error) {
            continue;
        }
        cret_err_undecided(err, "cannot %s: %s", action, errors[i].words);
        if (errors[i].hint != NULL) {
            cret_err_hint(err, "%s", errors[i].hint);
        }
        return where == NULL ? CRET_FAILED : cret_err_where(err, "%s", where);
    }
    char buffer[128] = "";
    cret_err_undecided(err, "cannot %s: %s", action, strerror_r(error, buffer, sizeof(buffer)));
    return where == NULL ? CRET_FAILED : cret_err_where(err, "%s", where);
}
