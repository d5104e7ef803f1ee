/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors: opening, reading, writing. */
#include "base/system/windows/os_internal.h"

#include "base/finding/limits.h"

static enum cret_status open_failed(struct cret_err *err, int error, const char *path)
{
    cret_os_failed(err, error, path, "open it");
    errno = error; /* some callers tell what is missing from what failed */
    return cret_err_context(err, "%s", path);
}

static enum cret_status open_here_failed(struct cret_err *err, int error, const char *path)
{
    open_failed(err, error, path);
    if (error == ENOENT) {
        cret_os_hint_near(err, path);
    }
    return CRET_FAILED;
}

/* Opens what is no folder. 0 or errno. */
static int open_plain(int *ret_fd, int directory_fd, const char *path, unsigned how)
{
    int error = cret_win_open(ret_fd, directory_fd, path, how | CRET_WIN_READ | CRET_WIN_FILE);
    if (error == 0) {
        cret_os_note_read(*ret_fd);
    }
    return error;
}

enum cret_status cret_os_open_handed(int *ret_fd, const char *path, struct cret_err *err)
{
    const int error = open_plain(ret_fd, CRET_OS_HERE, path, 0);
    return error == 0 ? CRET_OK : open_here_failed(err, error, path);
}

enum cret_status cret_os_open_read(int *ret_fd, int directory_fd, const char *path,
                                   struct cret_err *err)
{
    int fd = -1;
    const int error = open_plain(&fd, directory_fd, path, 0);
    if (error != 0) {
        return directory_fd == CRET_OS_HERE ? open_here_failed(err, error, path)
                                            : open_failed(err, error, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_program(int *ret_fd, struct cret_err *err)
{
    char *path = cret_win_words(CRET_WIN_PROGRAM, "");
    const enum cret_status status =
        path != NULL ? cret_os_open_read(ret_fd, CRET_OS_HERE, path, err) : cret_err_memory(err);
    free(path);
    return status;
}

enum cret_status cret_os_open_file(int *ret_fd, const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    int fd = -1, error = open_plain(&fd, CRET_OS_HERE, path, 0);
    if (error != 0) {
        return open_here_failed(err, error, path);
    }
    error = cret_win_look(fd, &info);
    if (error != 0 || info.kind != CRET_KIND_REGULAR) {
        cret_os_close(&fd);
        cret_err_undecided(err, "%s: it is neither a file nor a folder", path);
        return cret_err_where(err, "%s", path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

/* Opens one component of a path; a link is ELOOP. 0 or errno. */
static int open_component(int *ret_fd, int folder, const char *name, unsigned how)
{
    struct cret_file_info info;
    int fd = -1;
    int error = cret_win_open(&fd, folder, name, how | CRET_WIN_HERE);
    if (error == 0) {
        error = cret_win_look(fd, &info);
        error = error == 0 && info.kind == CRET_KIND_SYMLINK ? ELOOP : error;
    }
    if (error != 0) {
        cret_os_close(&fd);
    }
    *ret_fd = fd;
    return error;
}

static bool plain_component(const char *name, size_t size)
{
    return size > 0 && !(size == 1 && name[0] == '.') &&
           !(size == 2 && name[0] == '.' && name[1] == '.') && memchr(name, '\\', size) == NULL;
}

/* Walks to the folder of the last component, which is *ret_name; *ret_fd is closed by the caller
 * where it is not directory_fd itself. 0 or errno. */
static int walk_beneath(int directory_fd, const char *path, bool create, int *ret_fd,
                        const char **ret_name)
{
    int fd = directory_fd, error = 0;
    for (const char *slash = strchr(path, '/'); error == 0 && slash != NULL;
         slash = strchr(path, '/')) {
        int next = -1;
        char *name = strndup(path, (size_t)(slash - path));
        if (name == NULL || !plain_component(name, strlen(name))) {
            error = name == NULL ? ENOMEM : ENOENT;
        } else {
            error =
                open_component(&next, fd, name,
                               CRET_WIN_FOLDER | CRET_WIN_READ |
                                   (create ? CRET_WIN_CREATE | CRET_WIN_WRITE : CRET_WIN_EXACT));
        }
        free(name);
        if (fd != directory_fd) {
            cret_os_close(&fd);
        }
        fd = next;
        path = slash + 1;
    }
    if (error == 0 && !plain_component(path, strlen(path))) {
        error = ENOENT;
    }
    if (error != 0 && fd != directory_fd) {
        cret_os_close(&fd);
    }
    *ret_fd = fd;
    *ret_name = path;
    return error;
}

enum cret_status cret_os_open_read_beneath(int *ret_fd, int directory_fd, const char *path,
                                           struct cret_err *err)
{
    int folder = -1, fd = -1;
    const char *name = NULL;
    int error = walk_beneath(directory_fd, path, false, &folder, &name);
    if (error == 0) {
        error = open_component(&fd, folder, name, CRET_WIN_READ | CRET_WIN_FILE | CRET_WIN_EXACT);
        if (folder != directory_fd) {
            cret_os_close(&folder);
        }
    }
    if (error != 0) {
        return open_failed(err, error, path);
    }
    cret_os_note_read(fd);
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_directory(int *ret_fd, const char *path, struct cret_err *err)
{
    int fd = -1;
    const int error = cret_win_open(&fd, CRET_OS_HERE, path, CRET_WIN_READ | CRET_WIN_FOLDER);
    if (error == ENOTDIR) {
        cret_err_undecided(err, "%s: it is a file, not a folder", path);
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "name a folder");
    }
    if (error != 0) {
        return open_failed(err, error, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_directory_in(int *ret_fd, int directory_fd, const char *name,
                                           struct cret_err *err)
{
    int fd = -1;
    const int error = open_component(&fd, directory_fd, name, CRET_WIN_READ | CRET_WIN_FOLDER);
    if (error != 0) {
        return open_failed(err, error, name);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_create_beneath(int *ret_fd, int directory_fd, const char *path,
                                        unsigned mode, struct cret_err *err)
{
    int folder = -1, fd = -1;
    const char *name = NULL;
    (void)mode; /* a file has the access list of its folder */
    int error = walk_beneath(directory_fd, path, true, &folder, &name);
    if (error == 0) {
        error = cret_win_open(&fd, folder, name,
                              CRET_WIN_READ | CRET_WIN_WRITE | CRET_WIN_NEW | CRET_WIN_FILE |
                                  CRET_WIN_HERE);
        if (folder != directory_fd) {
            cret_os_close(&folder);
        }
    }
    if (error != 0) {
        cret_os_failed(err, error, path, "create it");
        return cret_err_context(err, "%s", path);
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_stat_fd(struct cret_file_info *ret_info, int fd, struct cret_err *err)
{
    struct cret_file_info info;
    const int error = cret_win_look(fd, &info);
    if (error != 0) {
        return cret_os_failed(err, error, NULL, "look at an open file");
    }
    *ret_info = info;
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
    int fd = -1;
    int error = cret_win_open(&fd, directory_fd, name, CRET_WIN_HERE | CRET_WIN_LOOK);
    if (error == ENOENT || error == ENOTDIR) {
        *ret_exists = false;
        return CRET_OK;
    }
    if (error == 0) {
        error = cret_win_look(fd, ret_info);
        cret_os_close(&fd);
    }
    if (error != 0) {
        cret_os_failed(err, error, name, "look at it");
        return cret_err_context(err, "%s", name);
    }
    *ret_exists = true;
    return CRET_OK;
}

bool cret_os_is_folder(const char *path)
{
    int fd = -1;
    const bool is = cret_win_open(&fd, CRET_OS_HERE, path, CRET_WIN_FOLDER | CRET_WIN_LOOK) == 0;
    cret_os_close(&fd);
    return is;
}

bool cret_os_seekable(int fd)
{
    return cret_win_state(CRET_WIN_IS_FILE, fd) != 0;
}

bool cret_os_is_pipe(int fd)
{
    return cret_win_state(CRET_WIN_IS_PIPE, fd) != 0;
}

bool cret_os_at_start(int fd)
{
    return !cret_os_seekable(fd) || cret_win_state(CRET_WIN_POSITION, fd) == 0;
}

void cret_os_close(int *fd)
{
    if (fd == NULL || *fd < 0) {
        return;
    }
    const int error = errno;
    cret_win_close(*fd);
    errno = error;
    *fd = -1;
}

enum cret_status cret_os_read(int fd, void *data, size_t size, size_t *ret_got,
                              struct cret_err *err)
{
    size_t got = 0, count = 1;
    while (got < size && count > 0) {
        const int error = cret_win_read(fd, (char *)data + got, size - got, NULL, &count);
        if (error != 0) {
            return cret_os_failed(err, error, NULL, "read");
        }
        got += count;
    }
    *ret_got = got;
    return CRET_OK;
}

enum cret_status cret_os_read_until(int fd, void *data, size_t size, uint64_t deadline_ms,
                                    size_t *ret_got, bool *ret_late, struct cret_err *err)
{
    enum { LONGEST_MS = 1 << 30 };
    *ret_late = false;
    const uint64_t now = cret_os_monotonic_ms();
    const uint64_t left = now < deadline_ms ? deadline_ms - now : 0;
    bool ready = false;
    int error = cret_win_readable(fd, left < LONGEST_MS ? (unsigned)left : LONGEST_MS, &ready);
    if (error == 0 && !ready) {
        *ret_late = true;
        return cret_err_undecided(err, "nothing came in time");
    }
    size_t got = 0;
    error = error != 0 ? error : cret_win_read(fd, data, size, NULL, &got);
    if (error != 0) {
        return cret_os_failed(err, error, NULL, "read");
    }
    *ret_got = got;
    return CRET_OK;
}

enum cret_status cret_os_pread(int fd, void *data, size_t size, uint64_t offset, size_t *ret_got,
                               struct cret_err *err)
{
    size_t got = 0, count = 1;
    if (offset > (uint64_t)INT64_MAX - size) {
        return cret_err_undecided(err, "cannot read: an offset beyond every file");
    }
    while (got < size && count > 0) {
        const uint64_t at = offset + got;
        const int error = cret_win_read(fd, (char *)data + got, size - got, &at, &count);
        if (error != 0) {
            return cret_os_failed(err, error, NULL, "read");
        }
        got += count;
    }
    *ret_got = got;
    return CRET_OK;
}

enum cret_status cret_os_write(int fd, const void *data, size_t size, struct cret_err *err)
{
    const int error = size > 0 ? cret_win_write(fd, data, size, NULL) : 0;
    return error == 0 ? CRET_OK : cret_os_failed(err, error, NULL, "write");
}

enum cret_status cret_os_pwrite(int fd, const void *data, size_t size, uint64_t offset,
                                struct cret_err *err)
{
    if (offset > (uint64_t)INT64_MAX - size) {
        return cret_err_undecided(err, "cannot write: an offset beyond every file");
    }
    const int error = size > 0 ? cret_win_write(fd, data, size, &offset) : 0;
    return error == 0 ? CRET_OK : cret_os_failed(err, error, NULL, "write");
}

enum cret_status cret_os_fsync(int fd, struct cret_err *err)
{
    const int error = cret_win_flush(fd);
    return error == 0 ? CRET_OK
                      : cret_os_failed(err, error, NULL, "make sure that the data is on the disk");
}

enum cret_status cret_os_reserve(int fd, uint64_t size, struct cret_err *err)
{
    if (size > INT64_MAX) {
        return cret_err_undecided(err, "cannot reserve space: a size beyond every file");
    }
    const int error = cret_win_resize(fd, size);
    return error == 0 ? CRET_OK : cret_os_failed(err, error, NULL, "set the length of a file");
}

void cret_os_flush_begin(int fd, uint64_t offset, uint64_t size)
{
    (void)fd;
    (void)offset;
    (void)size;
}

void cret_os_advise_sequential(int fd, uint64_t offset, uint64_t size)
{
    (void)fd;
    (void)offset;
    (void)size;
}

enum cret_status cret_os_copy(int from, uint64_t from_offset, int to, uint64_t to_offset,
                              uint64_t size, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    char *buffer = malloc(CRET_IO_BYTES);
    if (buffer == NULL) {
        return cret_err_memory(err);
    }
    while (status == CRET_OK && size > 0) {
        size_t got = 0;
        const size_t part = size < CRET_IO_BYTES ? (size_t)size : CRET_IO_BYTES;
        status = cret_os_pread(from, buffer, part, from_offset, &got, err);
        if (status == CRET_OK && got < part) {
            status = cret_err_undecided(err, "the file became shorter while it was copied");
        }
        if (status == CRET_OK) {
            status = cret_os_pwrite(to, buffer, part, to_offset, err);
        }
        from_offset += part;
        to_offset += part;
        size -= part;
    }
    free(buffer);
    return status;
}
