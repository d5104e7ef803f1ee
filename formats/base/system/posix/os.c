/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors: opening, reading, writing. */
#include "base/system/os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/system/posix/os_internal.h"

_Static_assert(CRET_OS_HERE == AT_FDCWD, "CRET_OS_HERE is the current folder");
_Static_assert(sizeof(off_t) == 8, "files of more than 2 GiB");

/* One read or write of the kernel moves at most 2 GiB less a page; stay well below. */
#define TRANSFER_BYTES ((size_t)1 << 30)

/* The same with the path in the sentence, for what names a path of the user. */
static enum cret_status open_failed(struct cret_err *err, int error, const char *path)
{
    cret_os_failed(err, error, path, "open it");
    return cret_err_context(err, "%s", path);
}

static int open_retrying(int directory_fd, const char *path, int flags, mode_t mode)
{
    int fd = -1;
    do {
        fd = openat(directory_fd, path, flags | O_CLOEXEC | O_NOCTTY, mode);
    } while (fd < 0 && errno == EINTR);
    if (fd >= 0 && (flags & (O_PATH | O_DIRECTORY | O_CREAT)) == 0) {
        cret_os_note_read(fd);
    }
    return fd;
}

/* The same of a path that begins in the current folder: where there is none, one that is near. */
static enum cret_status open_here_failed(struct cret_err *err, int error, const char *path)
{
    open_failed(err, error, path);
    if (error == ENOENT) {
        cret_os_hint_near(err, path);
    }
    return CRET_FAILED;
}

/* fstat; 0 or errno. */
static int look_at(int fd, struct stat *ret_info)
{
    return fstat(fd, ret_info) == 0 ? 0 : errno;
}

/* Whether it is a pipe that whoever started us holds the other end of: one without a name
 * (/dev/fd/63, /dev/stdin behind a |), or what standard input is. */
static bool is_passed_pipe(int fd, const struct stat *info)
{
    struct statfs system;
    struct stat input;
    return (fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC) ||
           (fstat(STDIN_FILENO, &input) == 0 && input.st_dev == info->st_dev &&
            input.st_ino == info->st_ino);
}

enum cret_status cret_os_open_handed(int *ret_fd, const char *path, struct cret_err *err)
{
    int fd = open_retrying(AT_FDCWD, path, O_RDONLY, 0);
    if (fd < 0) {
        return open_here_failed(err, errno, path);
    }
    struct stat info;
    const int error = look_at(fd, &info);
    if (error != 0 || S_ISDIR(info.st_mode)) {
        cret_os_close(&fd);
        return open_failed(err, error != 0 ? error : EISDIR, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_read(int *ret_fd, int directory_fd, const char *path,
                                   struct cret_err *err)
{
    /* Without waiting for the writer of a pipe that lies under a name. */
    int fd = open_retrying(directory_fd, path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0) {
        return directory_fd == CRET_OS_HERE ? open_here_failed(err, errno, path)
                                            : open_failed(err, errno, path);
    }
    struct stat info;
    const int error = look_at(fd, &info);
    if (error != 0 || S_ISDIR(info.st_mode)) {
        cret_os_close(&fd);
        return open_failed(err, error != 0 ? error : EISDIR, path);
    }
    if (S_ISFIFO(info.st_mode) && !is_passed_pipe(fd, &info)) {
        cret_os_close(&fd);
        cret_err_undecided(err, "%s: it is a named pipe, which may never say anything", path);
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "name a file, or pass the data to standard input: - < %s", path);
    }
    /* Whoever reads a pipe or a device waits for what comes; of a file there is no waiting. */
    if (!S_ISREG(info.st_mode) && fcntl(fd, F_SETFL, 0) != 0) {
        const int failed = errno;
        cret_os_close(&fd);
        return open_failed(err, failed, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_irregular(struct cret_err *err, const char *path)
{
    cret_err_undecided(err, "%s: it is not a regular file", path);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "a file is needed here, no pipe and no device");
}

enum cret_status cret_os_open_file(int *ret_fd, const char *path, struct cret_err *err)
{
    struct stat info;
    int fd = open_retrying(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0) {
        return open_here_failed(err, errno, path);
    }
    int error = look_at(fd, &info);
    if (error != 0 || !S_ISREG(info.st_mode)) {
        error = error == 0 && S_ISDIR(info.st_mode) ? EISDIR : error;
        cret_os_close(&fd);
        return error != 0 ? open_failed(err, error, path) : cret_os_irregular(err, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

/* Neither empty (an absolute path begins so) nor "." nor "..". */
static bool plain_component(const char *name, size_t size)
{
    return size > 2 || (size > 0 && strncmp(name, "..", size) != 0);
}

/*
 * Walks to the folder of the last component, each one opened with O_NOFOLLOW. *ret_fd is a new
 * descriptor, *ret_name points to the last component inside path. 0 or errno.
 */
static int walk_beneath(int directory_fd, const char *path, bool create, int *ret_fd,
                        const char **ret_name)
{
    int error = 0;
    int fd = open_retrying(directory_fd, ".", O_PATH | O_DIRECTORY, 0);
    if (fd < 0) {
        return errno;
    }
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(path, '/')) {
        char name[NAME_MAX + 1];
        size_t size = (size_t)(slash - path);
        if (size > NAME_MAX || !plain_component(path, size)) {
            error = size > NAME_MAX ? ENAMETOOLONG : ENOENT;
            break;
        }
        memcpy(name, path, size);
        name[size] = '\0';
        if (create && mkdirat(fd, name, 0755) != 0 && errno != EEXIST) {
            error = errno;
            break;
        }
        int next = open_retrying(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
        if (next < 0) {
            error = errno;
            /* O_NOFOLLOW with O_DIRECTORY reports a link as "not a folder". */
            struct stat info;
            if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode)) {
                error = ELOOP;
            }
            break;
        }
        cret_os_close(&fd);
        fd = next;
        path = slash + 1;
    }
    if (error == 0 && !plain_component(path, strlen(path))) {
        error = ENOENT;
    }
    if (error != 0) {
        cret_os_close(&fd);
        return error;
    }
    *ret_fd = fd;
    *ret_name = path;
    return 0;
}

enum cret_status cret_os_open_read_beneath(int *ret_fd, int directory_fd, const char *path,
                                           struct cret_err *err)
{
    int folder = -1;
    const char *name = NULL;
    int error = walk_beneath(directory_fd, path, false, &folder, &name);
    if (error != 0) {
        return open_failed(err, error, path);
    }
    /* Non-blocking: payload files are regular; a pipe planted there must not stop the run. */
    int fd = open_retrying(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    error = errno;
    cret_os_close(&folder);
    if (fd < 0) {
        return open_failed(err, error, path);
    }
    struct stat info;
    error = look_at(fd, &info);
    if (error != 0 || S_ISDIR(info.st_mode)) {
        cret_os_close(&fd);
        return open_failed(err, error != 0 ? error : EISDIR, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

/* "Not a folder" is said of the path itself, or of a part of it. */
static enum cret_status open_folder_failed(struct cret_err *err, int error, const char *path)
{
    struct stat info;
    if (error != ENOTDIR || stat(path, &info) != 0) {
        return open_failed(err, error, path);
    }
    cret_err_undecided(err, "%s: it is a file, not a folder", path);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "name a folder");
}

enum cret_status cret_os_open_directory(int *ret_fd, const char *path, struct cret_err *err)
{
    int fd = open_retrying(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0) {
        return open_folder_failed(err, errno, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_directory_in(int *ret_fd, int directory_fd, const char *name,
                                           struct cret_err *err)
{
    int fd = open_retrying(directory_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0) {
        return open_failed(err, errno, name);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_create_beneath(int *ret_fd, int directory_fd, const char *path,
                                        unsigned mode, struct cret_err *err)
{
    int folder = -1, fd = -1;
    const char *name = NULL;
    int error = walk_beneath(directory_fd, path, true, &folder, &name);
    if (error == 0) {
        fd = open_retrying(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, (mode_t)mode);
        error = fd < 0 ? errno : 0;
        cret_os_close(&folder);
    }
    if (error != 0) {
        cret_os_failed(err, error, path, "create it");
        return cret_err_context(err, "%s", path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

static void fill_info(struct cret_file_info *ret_info, const struct stat *info)
{
    ret_info->kind = S_ISREG(info->st_mode)   ? CRET_KIND_REGULAR
                     : S_ISDIR(info->st_mode) ? CRET_KIND_DIRECTORY
                     : S_ISLNK(info->st_mode) ? CRET_KIND_SYMLINK
                                              : CRET_KIND_OTHER;
    ret_info->size = info->st_size < 0 ? 0 : (uint64_t)info->st_size;
    ret_info->device = info->st_dev;
    ret_info->inode = info->st_ino;
    ret_info->owner = info->st_uid;
    ret_info->mode = info->st_mode & 07777;
    ret_info->modified_ns = (int64_t)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
}

enum cret_status cret_os_stat_fd(struct cret_file_info *ret_info, int fd, struct cret_err *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return cret_os_failed(err, errno, NULL, "look at an open file");
    }
    fill_info(ret_info, &info);
    return CRET_OK;
}

enum cret_status cret_os_stat_path(struct cret_file_info *ret_info, bool *ret_exists,
                                   const char *path, struct cret_err *err)
{
    return cret_os_stat_in(ret_info, ret_exists, CRET_OS_HERE, path, err);
}

enum cret_status cret_os_stat_in(struct cret_file_info *ret_info, bool *ret_exists,
                                 int directory_fd, const char *name, struct cret_err *err)
{
    struct stat info;
    if (fstatat(directory_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            cret_os_failed(err, errno, name, "look at it");
            return cret_err_context(err, "%s", name);
        }
        *ret_exists = false;
        return CRET_OK;
    }
    fill_info(ret_info, &info);
    *ret_exists = true;
    return CRET_OK;
}

bool cret_os_seekable(int fd)
{
    struct stat info;
    const int error = look_at(fd, &info);
    cret_os_note(error);
    return error == 0 && S_ISREG(info.st_mode);
}

bool cret_os_is_pipe(int fd)
{
    struct stat info;
    const int error = look_at(fd, &info);
    cret_os_note(error);
    return error == 0 && S_ISFIFO(info.st_mode);
}

void cret_os_widen_pipe(int fd)
{
    const int wide = 1 << 20; /* /proc/sys/fs/pipe-max-size where nobody changed it */
    const int size = fcntl(fd, F_GETPIPE_SZ);
    if (size >= 0 && size < wide) {
        fcntl(fd, F_SETPIPE_SZ, wide);
    }
}

bool cret_os_at_start(int fd)
{
    return !cret_os_seekable(fd) || lseek(fd, 0, SEEK_CUR) == 0;
}

void cret_os_close(int *fd)
{
    if (fd == NULL || *fd < 0) {
        return;
    }
    int error = errno;
    /* Linux has released the descriptor even after EINTR: no retry. */
    close(*fd);
    errno = error;
    *fd = -1;
}

static size_t transfer(size_t left)
{
    return left < TRANSFER_BYTES ? left : TRANSFER_BYTES;
}

enum cret_status cret_os_read(int fd, void *data, size_t size, size_t *ret_got,
                              struct cret_err *err)
{
    size_t got = 0;
    while (got < size) {
        ssize_t count = read(fd, (char *)data + got, transfer(size - got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return cret_os_failed(err, errno, NULL, "read");
        }
        if (count == 0) {
            break;
        }
        got += (size_t)count;
    }
    *ret_got = got;
    return CRET_OK;
}

enum cret_status cret_os_read_until(int fd, void *data, size_t size, uint64_t deadline_ms,
                                    size_t *ret_got, bool *ret_late, struct cret_err *err)
{
    *ret_late = false;
    for (;;) {
        struct pollfd input = {.fd = fd, .events = POLLIN};
        const uint64_t now = cret_os_monotonic_ms();
        const uint64_t left = now < deadline_ms ? deadline_ms - now : 0;
        const int ready = poll(&input, 1, left < INT_MAX ? (int)left : INT_MAX);
        if (ready < 0 && errno != EINTR) {
            return cret_os_failed(err, errno, NULL, "wait for input");
        }
        if (ready == 0 && left <= INT_MAX) {
            *ret_late = true;
            return cret_err_undecided(err, "nothing came in time");
        }
        if (ready <= 0) {
            continue;
        }
        const ssize_t count = read(fd, data, transfer(size));
        if (count >= 0) {
            *ret_got = (size_t)count;
            return CRET_OK;
        }
        if (errno != EINTR) {
            return cret_os_failed(err, errno, NULL, "read");
        }
    }
}

enum cret_status cret_os_pread(int fd, void *data, size_t size, uint64_t offset, size_t *ret_got,
                               struct cret_err *err)
{
    size_t got = 0;
    if (offset > (uint64_t)INT64_MAX - size) {
        return cret_err_undecided(err, "cannot read: an offset beyond every file");
    }
    while (got < size) {
        ssize_t count = pread(fd, (char *)data + got, transfer(size - got), (off_t)(offset + got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return cret_os_failed(err, errno, NULL, "read");
        }
        if (count == 0) {
            break;
        }
        got += (size_t)count;
    }
    *ret_got = got;
    return CRET_OK;
}

enum cret_status cret_os_write(int fd, const void *data, size_t size, struct cret_err *err)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = write(fd, (const char *)data + done, transfer(size - done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return cret_os_failed(err, count < 0 ? errno : EIO, NULL, "write");
        }
        done += (size_t)count;
    }
    return CRET_OK;
}

enum cret_status cret_os_pwrite(int fd, const void *data, size_t size, uint64_t offset,
                                struct cret_err *err)
{
    size_t done = 0;
    if (offset > (uint64_t)INT64_MAX - size) {
        return cret_err_undecided(err, "cannot write: an offset beyond every file");
    }
    while (done < size) {
        ssize_t count =
            pwrite(fd, (const char *)data + done, transfer(size - done), (off_t)(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return cret_os_failed(err, count < 0 ? errno : EIO, NULL, "write");
        }
        done += (size_t)count;
    }
    return CRET_OK;
}

enum cret_status cret_os_fsync(int fd, struct cret_err *err)
{
    int result = 0;
    do {
        result = fsync(fd);
    } while (result != 0 && errno == EINTR);
    /* Pipes and some special files have nothing to flush. */
    if (result != 0 && errno != EINVAL && errno != EROFS) {
        return cret_os_failed(err, errno, NULL, "make sure that the data is on the disk");
    }
    return CRET_OK;
}

enum cret_status cret_os_reserve(int fd, uint64_t size, struct cret_err *err)
{
    int result = 0;
    if (size > INT64_MAX) {
        return cret_err_undecided(err, "cannot reserve space: a size beyond every file");
    }
    do {
        result = ftruncate(fd, (off_t)size);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        return cret_os_failed(err, errno, NULL, "set the length of a file");
    }
    if (size == 0) {
        return CRET_OK;
    }
    do {
        result = fallocate(fd, 0, 0, (off_t)size);
    } while (result != 0 && errno == EINTR);
    /* Reserving is a courtesy: file systems without it find a full disk later. */
    if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) {
        return cret_os_failed(err, errno, NULL, "reserve space for a file");
    }
    return CRET_OK;
}

void cret_os_flush_begin(int fd, uint64_t offset, uint64_t size)
{
    sync_file_range(fd, (off_t)offset, (off_t)size, SYNC_FILE_RANGE_WRITE);
}

void cret_os_advise_sequential(int fd, uint64_t offset, uint64_t size)
{
    if (offset > INT64_MAX || size > INT64_MAX) {
        return;
    }
    posix_fadvise(fd, (off_t)offset, (off_t)size, POSIX_FADV_SEQUENTIAL);
}

const char *cret_os_environment(const char *name)
{
    return secure_getenv(name);
}
