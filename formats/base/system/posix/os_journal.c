/* SPDX-License-Identifier: Apache-2.0 */
/* Locks, files that only grow, and the system log. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/system/posix/os_internal.h"

#define LOCK_POLL_MS 20

static enum cret_status open_here(int *ret_fd, const char *path, int flags, mode_t mode,
                                  const char *action, struct cret_err *err)
{
    int fd = -1;
    do {
        fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, mode);
    } while (fd < 0 && errno == EINTR);
    struct stat info;
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        cret_os_close(&fd);
        return cret_os_irregular(err, path);
    }
    if (fd < 0) {
        cret_os_failed(err, errno, path, action);
        return cret_err_context(err, "%s", path);
    }
    cret_os_note_read(fd);
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_append(int *ret_fd, const char *path, bool create, unsigned mode,
                                     struct cret_err *err)
{
    return open_here(ret_fd, path, O_WRONLY | O_APPEND | (create ? O_CREAT : 0), (mode_t)mode,
                     "open it for appending", err);
}

bool cret_os_still_there(int fd, const char *path)
{
    struct stat open_info, path_info;
    return fstat(fd, &open_info) == 0 && lstat(path, &path_info) == 0 &&
           open_info.st_dev == path_info.st_dev && open_info.st_ino == path_info.st_ino;
}

enum cret_status cret_os_lock(int *ret_fd, const char *path, bool exclusive, uint64_t wait_ms,
                              struct cret_err *err)
{
    const uint64_t begin = cret_os_monotonic_ms();
    for (;;) {
        int fd = -1;
        if (open_here(&fd, path, exclusive ? O_RDWR | O_CREAT : O_RDONLY, 0644, "open the lock",
                      err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) {
            if (cret_os_still_there(fd, path)) {
                *ret_fd = fd;
                return CRET_OK;
            }
            errno = EWOULDBLOCK;
        }
        int error = errno;
        cret_os_close(&fd);
        if (error != EWOULDBLOCK && error != EINTR) {
            return cret_os_failed(err, error, path, "take the lock");
        }
        if (cret_os_monotonic_ms() - begin >= wait_ms) {
            cret_err_undecided(err, "another process holds the lock for too long");
            cret_err_where(err, "%s", path);
            return cret_err_hint(err,
                                 "see which one with `fuser -v %s`; run this again when it "
                                 "has ended",
                                 path);
        }
        const struct timespec pause = {0, LOCK_POLL_MS * 1000000L};
        nanosleep(&pause, NULL);
    }
}

void cret_os_syslog(const char *program, enum cret_log_level level, const char *text)
{
    static const int priorities[] = {
        [CRET_LOG_INFO] = LOG_INFO, [CRET_LOG_WARNING] = LOG_WARNING, [CRET_LOG_ERROR] = LOG_ERR};
    openlog(program, LOG_PID, LOG_AUTHPRIV);
    syslog(priorities[level], "%s", text);
    closelog();
}

bool cret_os_syslog_reachable(void)
{
    /* As syslog(3) does it: a datagram socket, else a stream. */
    static const int kinds[] = {SOCK_DGRAM, SOCK_STREAM};
    static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = _PATH_LOG};
    bool reachable = false;
    for (size_t i = 0; !reachable && i < CRET_LENGTH(kinds); i++) {
        int fd = socket(AF_UNIX, kinds[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd >= 0) {
            reachable = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
            cret_os_close(&fd);
        }
    }
    return reachable;
}
