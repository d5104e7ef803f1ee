/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded before libc (LD_PRELOAD), so that tests decide what the system answers and when:
 *   CRETULA_PAUSE_AT=publish|fsync, CRETULA_PAUSE_REACHED=FIFO, CRETULA_PAUSE_GO=FIFO
 *     the first call that publishes (link, rename) or flushes a file waits between the two FIFOs
 *   CRETULA_ANSWER=NAME:ERRNO,...
 *     renameat2, link, fchmod, fchown, flock fail so; tmpfile: open with O_TMPFILE does;
 *     wide: new files are open to everybody, as on a file system without modes
 *   CRETULA_VERITY=HEX[:ALGORITHM]
 *     every file has this fs-verity measurement (of SHA-256, or of another algorithm's number)
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Kept: a process that is confined has no environment. */
static char *answers, *verity;

__attribute__((constructor)) static void begin(void)
{
    const char *given = getenv("CRETULA_ANSWER"), *measured = getenv("CRETULA_VERITY");
    answers = given != NULL ? strdup(given) : NULL;
    verity = measured != NULL ? strdup(measured) : NULL;
}

static int real_open(const char *path, int flags, mode_t mode)
{
    int (*function)(const char *, int, ...) = NULL;
    *(void **)&function = dlsym(RTLD_NEXT, "open");
    return function(path, flags, mode);
}

static void pause_at(const char *what)
{
    static atomic_flag once = ATOMIC_FLAG_INIT;
    const char *at = getenv("CRETULA_PAUSE_AT");
    if (at == NULL || strcmp(at, what) != 0 || atomic_flag_test_and_set(&once)) {
        return;
    }
    char byte = '.';
    int reached = real_open(getenv("CRETULA_PAUSE_REACHED"), O_WRONLY | O_CLOEXEC, 0);
    if (reached < 0 || write(reached, &byte, 1) != 1) {
        abort();
    }
    close(reached);
    int go = real_open(getenv("CRETULA_PAUSE_GO"), O_RDONLY | O_CLOEXEC, 0);
    while (go >= 0 && read(go, &byte, 1) < 0 && errno == EINTR) {
    }
    close(go);
}

/* The errno that a test wants, or 0. */
static int answer(const char *name)
{
    const char *at = answers;
    const size_t size = strlen(name);
    for (; at != NULL && *at != '\0'; at += strcspn(at, ",") + (strchr(at, ',') != NULL ? 1 : 0)) {
        if (strncmp(at, name, size) == 0 && at[size] == ':') {
            return atoi(at + size + 1);
        }
        if (strchr(at, ',') == NULL) {
            break;
        }
    }
    return 0;
}

#define ANSWER(name)                                                                               \
    do {                                                                                           \
        const int error = answer(name);                                                            \
        if (error != 0) {                                                                          \
            errno = error;                                                                         \
            return -1;                                                                             \
        }                                                                                          \
    } while (0)

#define REAL(result, name, ...)                                                                    \
    result (*real)(__VA_ARGS__) = NULL;                                                            \
    *(void **)&real = dlsym(RTLD_NEXT, name)

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if ((flags & O_TMPFILE) == O_TMPFILE) {
        ANSWER("tmpfile");
    }
    const int fd = real_open(path, flags, mode);
    if (fd >= 0 && mode != 0 && answer("wide") != 0) {
        REAL(int, "fchmod", int, mode_t);
        real(fd, 0666);
    }
    return fd;
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    pause_at("publish");
    ANSWER("renameat2");
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    return real(from_fd, from, to_fd, to, flags);
}

int rename(const char *from, const char *to)
{
    pause_at("publish");
    REAL(int, "rename", const char *, const char *);
    return real(from, to);
}

int link(const char *from, const char *to)
{
    pause_at("publish");
    ANSWER("link");
    REAL(int, "link", const char *, const char *);
    return real(from, to);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    pause_at("publish");
    REAL(int, "linkat", int, const char *, int, const char *, int);
    return real(from_fd, from, to_fd, to, flags);
}

int fsync(int fd)
{
    pause_at("fsync");
    REAL(int, "fsync", int);
    return real(fd);
}

int fchmod(int fd, mode_t mode)
{
    ANSWER("fchmod");
    REAL(int, "fchmod", int, mode_t);
    return real(fd, mode);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    ANSWER("fchown");
    REAL(int, "fchown", int, uid_t, gid_t);
    return real(fd, owner, group);
}

int flock(int fd, int operation)
{
    ANSWER("flock");
    REAL(int, "flock", int, int);
    return real(fd, operation);
}

/* The kernel's measurement of a file, on machines whose kernel or file system has none. */
int ioctl(int fd, unsigned long request, ...)
{
    int (*function)(int, unsigned long, void *) = NULL;
    const char *wanted = verity;
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (request != FS_IOC_MEASURE_VERITY || wanted == NULL || strlen(wanted) < 64) {
        *(void **)&function = dlsym(RTLD_NEXT, "ioctl");
        return function(fd, request, argument);
    }
    struct fsverity_digest *digest = argument;
    for (size_t i = 0; i < 32; i++) {
        const char pair[3] = {wanted[2 * i], wanted[2 * i + 1], '\0'};
        digest->digest[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    digest->digest_size = 32;
    digest->digest_algorithm = wanted[64] == ':' ? (unsigned short)strtoul(wanted + 65, NULL, 10)
                                                 : FS_VERITY_HASH_ALG_SHA256;
    return 0;
}
