/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs under construction, and how they get their names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/posix/os_internal.h"
#include "base/text/path.h"
#include "base/text/text.h"

/* Attempts to find a free random name; 64 random bits never meet by chance. */
enum { NAME_ATTEMPTS = 16, NAME_DIGITS = 16, HOLD_POLL_MS = 20 };

static const char name_end[] = ".tmp";

/* Hidden names of one final name begin alike: ".<its name, cut where it is long>." */
static char *name_begin(const char *final_path)
{
    return cret_text_printf(".%.200s.", cret_path_name(final_path));
}

static enum cret_status random_name(char **ret_path, const char *final_path, struct cret_err *err)
{
    uint8_t random[NAME_DIGITS / 2];
    char digits[NAME_DIGITS + 1];
    if (cret_os_random(random, sizeof(random), err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(digits, random, sizeof(random));
    char *parent = cret_os_parent(final_path);
    char *begin = name_begin(final_path);
    if (parent != NULL && begin != NULL) {
        *ret_path = cret_text_printf("%s/%s%s%s", parent, begin, digits, name_end);
    }
    bool made = parent != NULL && begin != NULL && *ret_path != NULL;
    free(parent);
    free(begin);
    return made ? CRET_OK : cret_err_memory(err);
}

static bool hidden_name(const char *name, const char *begin)
{
    const size_t start = strlen(begin);
    return strlen(name) == start + NAME_DIGITS + strlen(name_end) &&
           strncmp(name, begin, start) == 0 &&
           strspn(name + start, "0123456789abcdef") == NAME_DIGITS &&
           strcmp(name + start + NAME_DIGITS, name_end) == 0;
}

/* Whoever is still at work holds a lock on what it makes; and of others' files only their owner
 * decides. */
void cret_os_remove_leftovers(const char *final_path)
{
    char *parent = cret_os_parent(final_path), *begin = name_begin(final_path);
    DIR *folder = parent != NULL && begin != NULL ? opendir(parent) : NULL;
    for (struct dirent *entry = folder != NULL ? readdir(folder) : NULL; entry != NULL;
         entry = readdir(folder)) {
        struct stat info;
        if (!hidden_name(entry->d_name, begin)) {
            continue;
        }
        int fd =
            openat(dirfd(folder), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        char *path = cret_text_printf("%s/%s", parent, entry->d_name);
        if (fd >= 0 && path != NULL && fstat(fd, &info) == 0 && info.st_uid == geteuid() &&
            (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
            cret_os_still_there(fd, path)) {
            cret_os_remove_tree(path);
        }
        cret_os_close(&fd);
        free(path);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    free(begin);
    free(parent);
}

static enum cret_status temporary_failed(struct cret_err *err, int error, const char *final_path)
{
    cret_os_failed(err, error, final_path, "create a file in this folder");
    return cret_err_context(err, "%s", final_path);
}

/* The path under which the kernel shows a descriptor of this process. */
static void descriptor_path(char out[64], int fd)
{
    snprintf(out, 64, "/proc/self/fd/%d", fd);
}

/* Without /proc (a bare chroot) an unnamed file could never get its name. */
static bool nameable(int fd)
{
    char path[64];
    descriptor_path(path, fd);
    return access(path, F_OK) == 0;
}

/* Makes a hidden file or folder, locked and known to who ends by a signal. 0 or errno; EEXIST and
 * EAGAIN: try another name. */
static int make_hidden(int *ret_fd, const char *path, bool directory, unsigned mode)
{
    int fd = -1, error = 0;
    cret_os_signals_hold();
    if (cret_os_unfinished_add(path, NULL) != CRET_OK) {
        cret_os_signals_release();
        return ENAMETOOLONG;
    }
    if (!directory) {
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    } else if (mkdir(path, (mode_t)mode) == 0) {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    error = fd < 0 ? errno : 0;
    if (fd < 0 && error == EEXIST) {
        cret_os_unfinished_forget(path); /* it is another's */
    } else if (fd < 0) {
        cret_os_remove_tree(path);
    } else if ((flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
               !cret_os_still_there(fd, path)) {
        /* Taken for a leftover between the two calls, or nobody could say: the name is nobody
         * else's. */
        cret_os_close(&fd);
        cret_os_remove_tree(path);
        error = EAGAIN;
    }
    cret_os_signals_release();
    *ret_fd = fd;
    return error;
}

static enum cret_status hidden(int *ret_fd, char **ret_path, const char *final_path, bool directory,
                               unsigned mode, struct cret_err *err)
{
    int error = EEXIST, fd = -1;
    cret_os_remove_leftovers(final_path);
    for (int i = 0; (error == EEXIST || error == EAGAIN) && i < NAME_ATTEMPTS; i++) {
        char *path = NULL;
        if (random_name(&path, final_path, err) != CRET_OK) {
            return CRET_FAILED;
        }
        error = make_hidden(&fd, path, directory, mode);
        if (error == 0) {
            *ret_path = path;
            *ret_fd = fd;
            return CRET_OK;
        }
        free(path);
    }
    if (!directory) {
        return temporary_failed(err, error, final_path);
    }
    cret_os_failed(err, error, final_path, "create a folder beside it");
    return cret_err_context(err, "%s", final_path);
}

enum cret_status cret_os_temporary_file(int *ret_fd, char **ret_path, const char *final_path,
                                        unsigned mode, struct cret_err *err)
{
    const char *name = cret_path_name(final_path);
    struct stat info;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        (stat(final_path, &info) == 0 && S_ISDIR(info.st_mode))) {
        return temporary_failed(err, EISDIR, final_path);
    }
    char *parent = cret_os_parent(final_path);
    if (parent == NULL) {
        return cret_err_memory(err);
    }
    int fd = open(parent, O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
    int error = errno;
    free(parent);
    if (fd >= 0 && nameable(fd)) {
        *ret_path = NULL;
        *ret_fd = fd;
        return CRET_OK;
    }
    if (fd >= 0) {
        cret_os_close(&fd);
        error = EOPNOTSUPP;
    }
    /* EISDIR: a kernel or file system that does not know the flag. */
    if (error != EOPNOTSUPP && error != EISDIR && error != EINVAL) {
        return temporary_failed(err, error, final_path);
    }
    return hidden(ret_fd, ret_path, final_path, false, mode, err);
}

enum cret_status cret_os_temporary_directory(char **ret_path, int *ret_fd, const char *final_path,
                                             struct cret_err *err)
{
    return hidden(ret_fd, ret_path, final_path, true, 0700, err);
}

/* Links an unnamed file to a path that must be free. 0 or errno. */
static int link_unnamed(int fd, const char *path)
{
    char source[64];
    descriptor_path(source, fd);
    return linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/* The name is taken by something empty of ours, which the finished one then replaces: atomic where
 * the kernel or the file system can neither rename without replacing nor link. 0 or errno. */
static int rename_over_claim(const char *from, const char *to, bool directory)
{
    int claim = -1;
    if (directory) {
        if (mkdir(to, 0700) != 0) {
            return errno;
        }
    } else {
        claim = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (claim < 0) {
            return errno;
        }
    }
    int error = 0;
    if ((!directory && !cret_os_still_there(claim, to))) {
        error = EEXIST;
    } else if (rename(from, to) != 0) { /* a folder that is no longer empty stays */
        error = errno;
    }
    if (error != 0 && directory) {
        rmdir(to);
    } else if (error != 0 && cret_os_still_there(claim, to)) {
        unlink(to);
    }
    cret_os_close(&claim);
    return error == ENOTEMPTY ? EEXIST : error;
}

/* 0 or errno; EEXIST where the name is taken. Signals are held by the caller. */
static int rename_new(const char *from, const char *to)
{
    struct stat info;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) {
        return errno;
    }
    if (lstat(from, &info) != 0) {
        return errno;
    }
    if (!S_ISDIR(info.st_mode)) {
        if (link(from, to) == 0) {
            unlink(from);
            return 0;
        }
        if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) {
            return errno;
        }
    }
    return rename_over_claim(from, to, S_ISDIR(info.st_mode));
}

static enum cret_status publish_failed(struct cret_err *err, int error, const char *to)
{
    cret_os_failed(err, error, to, "give a finished file or folder its name");
    return cret_err_context(err, "%s", to);
}

enum cret_status cret_os_rename_new(const char *from, const char *to, struct cret_err *err)
{
    cret_os_signals_hold();
    const int error = rename_new(from, to);
    if (error == 0) {
        cret_os_unfinished_forget(from);
    }
    cret_os_signals_release();
    return error == 0 ? CRET_OK : publish_failed(err, error, to);
}

enum cret_status cret_os_publish_directory(const char *temporary_path, const char *final_path,
                                           struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    cret_os_signals_hold();
    const int error = rename_new(temporary_path, final_path);
    if (error == 0) {
        cret_os_unfinished_moved(temporary_path, final_path);
    }
    cret_os_signals_release();
    if (error != 0) {
        return publish_failed(err, error, final_path);
    }
    if (cret_os_sync_parent(final_path, err) != CRET_OK) {
        cret_os_remove_tree(final_path);
        return CRET_FAILED;
    }
    return CRET_OK;
}

void cret_os_finished(const char *final_path)
{
    cret_os_unfinished_forget(final_path);
}

enum cret_status cret_os_publish_new(int fd, const char *temporary_path, const char *final_path,
                                     bool *ret_taken, struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    *ret_taken = false;
    cret_os_signals_hold();
    const int error = temporary_path != NULL ? rename_new(temporary_path, final_path)
                                             : link_unnamed(fd, final_path);
    if (error == 0 && temporary_path != NULL) {
        cret_os_unfinished_forget(temporary_path);
    }
    cret_os_signals_release();
    if (error == 0) {
        return CRET_OK;
    }
    *ret_taken = error == EEXIST;
    return publish_failed(err, error, final_path);
}

enum cret_status cret_os_publish_over(int fd, const char *temporary_path, const char *final_path,
                                      struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    int error = 0;
    cret_os_signals_hold();
    if (temporary_path != NULL) {
        error = rename(temporary_path, final_path) == 0 ? 0 : errno;
        if (error == 0) {
            cret_os_unfinished_forget(temporary_path);
        }
        goto out;
    }
    /* A link never replaces: take a hidden name first, then rename over the old file. */
    error = EEXIST;
    for (int i = 0; error == EEXIST && i < NAME_ATTEMPTS; i++) {
        char *path = NULL;
        if (random_name(&path, final_path, err) != CRET_OK) {
            cret_os_signals_release();
            return CRET_FAILED;
        }
        error = link_unnamed(fd, path);
        if (error == 0 && rename(path, final_path) != 0) {
            error = errno;
            unlink(path);
        }
        free(path);
    }
out:
    cret_os_signals_release();
    return error == 0 ? CRET_OK : publish_failed(err, error, final_path);
}

/* What a file system says that has no modes of its own, or that belongs to another. */
static bool foreign_mode(int error)
{
    return error == EPERM || error == ENOSYS || error == EOPNOTSUPP || error == EINVAL ||
           error == EROFS || error == EACCES;
}

enum cret_status cret_os_share_directory(int fd, bool *ret_set, unsigned *ret_mode,
                                         struct cret_err *err)
{
    struct stat info;
    const mode_t mask = umask(077);
    umask(mask);
    if (fchmod(fd, 0755 & ~mask) != 0 && !foreign_mode(errno)) {
        return cret_os_failed(err, errno, NULL, "set the mode of a folder");
    }
    if (fstat(fd, &info) != 0) {
        return cret_os_failed(err, errno, NULL, "look at an open folder");
    }
    *ret_mode = info.st_mode & 07777;
    *ret_set = (info.st_mode & 0777) == (0755 & ~mask);
    return CRET_OK;
}

/* Whether the access list of `from` is that of `to` as well, or there is none. */
static bool copy_list(int to, int from)
{
    static const char name[] = "system.posix_acl_access";
    char list[4096];
    const ssize_t size = fgetxattr(from, name, list, sizeof(list));
    if (size < 0) {
        return errno == ENODATA || errno == EOPNOTSUPP || errno == ENOSYS;
    }
    return fsetxattr(to, name, list, (size_t)size, 0) == 0;
}

enum cret_status cret_os_copy_access(int to, int from, struct cret_err *err)
{
    struct stat old, new;
    if (fstat(from, &old) != 0 || fstat(to, &new) != 0) {
        return cret_os_failed(err, errno, NULL, "look at an open file");
    }
    mode_t mode = old.st_mode & 0777;
    /* Who may not give the file to its owner keeps it; the mode then is for another owner. */
    if (new.st_uid != old.st_uid && fchown(to, old.st_uid, (gid_t)-1) != 0 &&
        !foreign_mode(errno)) {
        return cret_os_failed(err, errno, NULL, "keep the owner of a file");
    }
    if (new.st_gid != old.st_gid && fchown(to, (uid_t)-1, old.st_gid) != 0) {
        if (!foreign_mode(errno)) {
            return cret_os_failed(err, errno, NULL, "keep the group of a file");
        }
        mode &= (mode_t)~070 | (mode & 07) << 3; /* another group: no more than everybody has */
    }
    if (fchmod(to, mode) != 0 && !foreign_mode(errno)) {
        return cret_os_failed(err, errno, NULL, "keep the mode of a file");
    }
    if (!copy_list(to, from) && fchmod(to, mode & (mode_t)~070) != 0 && !foreign_mode(errno)) {
        return cret_os_failed(err, errno, NULL, "keep the access list of a file");
    }
    if (fstat(to, &new) != 0) {
        return cret_os_failed(err, errno, NULL, "look at an open file");
    }
    if ((new.st_mode & 0777 & ~old.st_mode) != 0) {
        cret_err_undecided(err, "the new file would be open to more people than the old one");
        cret_err_expected(err, "mode %03o", old.st_mode & 0777u);
        cret_err_actual(err, "mode %03o, which the file system gives", new.st_mode & 0777u);
        return cret_err_hint(err, "work on a copy on another file system");
    }
    return CRET_OK;
}

bool cret_os_names(const char *path, int fd)
{
    return cret_os_still_there(fd, path);
}

/* 0 with a descriptor, or errno. Some network file systems lock only what is open for writing. */
static int open_held(int *ret_fd, const char *path)
{
    static const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = open(path, O_RDONLY | flags);
    if (fd < 0) {
        return errno;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EBADF) {
        cret_os_close(&fd);
        fd = open(path, O_RDWR | flags);
        if (fd < 0) {
            return errno;
        }
        flock(fd, LOCK_EX | LOCK_NB);
    }
    *ret_fd = fd;
    /* Taken once more, which changes nothing where it is held, for one place that says how it went.
     */
    return flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

static enum cret_status not_replaced(struct cret_err *err, const char *path, mode_t mode)
{
    cret_err_usage(err, "%s is a %s, which is not replaced", path,
                   S_ISLNK(mode)    ? "symbolic link"
                   : S_ISDIR(mode)  ? "folder"
                   : S_ISFIFO(mode) ? "pipe"
                   : S_ISSOCK(mode) ? "socket"
                                    : "device");
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, S_ISLNK(mode) ? "name the file that it leads to" : "name a file");
}

enum cret_status cret_os_hold(int *ret_fd, bool *ret_exists, const char *path, uint64_t wait_ms,
                              struct cret_err *err)
{
    const uint64_t begin = cret_os_monotonic_ms();
    for (;;) {
        struct stat info;
        int fd = -1;
        if (lstat(path, &info) != 0) {
            if (errno != ENOENT && errno != ENOTDIR) {
                cret_os_failed(err, errno, path, "look at it");
                return cret_err_context(err, "%s", path);
            }
            *ret_exists = false;
            return CRET_OK;
        }
        if (!S_ISREG(info.st_mode)) {
            return not_replaced(err, path, info.st_mode);
        }
        const int error = open_held(&fd, path);
        /* What was opened, in case something else came between. */
        if (error == 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
            cret_os_still_there(fd, path)) {
            *ret_exists = true;
            *ret_fd = fd;
            return CRET_OK;
        }
        cret_os_close(&fd);
        if (error != 0 && error != EWOULDBLOCK && error != EINTR && error != ENOENT) {
            cret_os_failed(err, error, path, "lock the file, so that no other run changes it");
            return cret_err_context(err, "%s", path);
        }
        if (error == EWOULDBLOCK && cret_os_monotonic_ms() - begin >= wait_ms) {
            cret_err_undecided(err, "another run works on %s", path);
            cret_err_where(err, "%s", path);
            return cret_err_hint(err, "nothing was changed by this run: start it again when the "
                                      "other one has ended");
        }
        if (error != 0) {
            cret_os_sleep_ms(HOLD_POLL_MS);
        }
    }
}
