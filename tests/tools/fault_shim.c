/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program (LD_PRELOAD), makes its n-th allocation, open, read ... fail. In the
 * environment:
 *   FAULT_KIND     which kind of call fails (the names in `kinds`); none: nothing fails. intr: a
 *                  signal interrupts a call that waits, reads or writes (EINTR); short: a call
 * reads or writes half of what it was asked for FAULT_AT       which one of that kind, from 1
 *   FAULT_REST     "1": all later ones of that kind too
 *   FAULT_PROCESS  0: the program itself; 1: the child that it forks
 *   FAULT_LOG      a file to which every call is written: process, kind and a hash of the way to it
 *                  (16 bytes), so that a test can try each way once; nothing fails then. The first
 *                  16 bytes count them
 *   FAULT_FIRED    a file of one byte, which is not 0 when the fault has happened
 * Both are memory that is shared: a process that is confined opens no file and keeps no descriptor.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { ALLOC, OPEN, READ, WRITE, STAT, MMAP, DLOPEN, OTHER, INTR, SHORT, KINDS };
static const char *const kinds[KINDS] = {"alloc", "open",   "read",  "write", "stat",
                                         "mmap",  "dlopen", "other", "intr",  "short"};
enum { DEPTH = 14, SKIPPED = 2 };

enum { LOG_CALLS = 4 << 20 };
struct log {
    _Atomic uint64_t count;
    uint64_t unused;
    struct call {
        uint32_t process, kind;
        uint64_t way;
    } calls[LOG_CALLS];
};

static struct {
    bool ready;
    enum kind kind; /* KINDS: none */
    uint64_t at;
    bool rest;
    unsigned process, wanted;
    struct log *log;
    volatile char *fired;
    _Atomic uint64_t count[KINDS];
} shim = {.kind = KINDS};
static _Thread_local bool inside; /* what the shim itself calls is not counted */

static void in_child(void)
{
    shim.process++;
    for (int i = 0; i < KINDS; i++) {
        atomic_store(&shim.count[i], 0);
    }
}

static void write_log(enum kind kind)
{
    void *frames[DEPTH];
    struct call entry = {shim.process, (uint32_t)kind, 14695981039346656037u};
    const int depth = backtrace(frames, DEPTH);
    for (int i = SKIPPED; i < depth; i++) {
        entry.way = (entry.way ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211u;
    }
    const uint64_t place = atomic_fetch_add(&shim.log->count, 1);
    if (place < LOG_CALLS) {
        shim.log->calls[place] = entry;
    }
}

/* Whether this call fails; with errno. */
static bool fails(enum kind kind, int error)
{
    if (!shim.ready || inside) {
        return false;
    }
    const uint64_t number = 1 + atomic_fetch_add(&shim.count[kind], 1);
    if (shim.log != NULL) {
        inside = true;
        write_log(kind);
        inside = false;
        return false;
    }
    if (kind != shim.kind || shim.process != shim.wanted ||
        !(number == shim.at || (shim.rest && number > shim.at))) {
        return false;
    }
    if (shim.fired != NULL) {
        *shim.fired = 1;
    }
    errno = error;
    return true;
}

/* A new file of that size; NULL: none is wanted, or there is none. */
static void *shared(const char *path, size_t size)
{
    const long fd = path != NULL ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0644) : -1;
    if (fd < 0 || syscall(SYS_ftruncate, fd, size) != 0) {
        return NULL;
    }
    const long address = syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    return address > 0 || address < -4095 ? (void *)address : NULL;
}

__attribute__((constructor)) static void begin(void)
{
    inside = true;
    const char *kind = getenv("FAULT_KIND"), *log = getenv("FAULT_LOG");
    for (int i = 0; kind != NULL && i < KINDS; i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            shim.kind = (enum kind)i;
        }
    }
    const char *at = getenv("FAULT_AT"), *process = getenv("FAULT_PROCESS");
    shim.at = at != NULL ? strtoull(at, NULL, 10) : 0;
    shim.wanted = process != NULL ? (unsigned)strtoul(process, NULL, 10) : 0;
    shim.rest = getenv("FAULT_REST") != NULL;
    shim.fired = shared(getenv("FAULT_FIRED"), 1);
    if (log != NULL) {
        void *frames[DEPTH];
        backtrace(frames, DEPTH); /* loads what it needs now, not inside of malloc */
        shim.log = shared(log, sizeof(*shim.log));
    }
    pthread_atfork(NULL, NULL, in_child);
    shim.ready = true;
    inside = false;
}

/* Allocations: glibc's own by their other names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    return fails(ALLOC, ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(ALLOC, ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails(ALLOC, ENOMEM) ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(ALLOC, ENOMEM) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = fails(ALLOC, ENOMEM) ? NULL : __libc_memalign(alignment, size);
    if (memory == NULL) {
        return ENOMEM;
    }
    *ret_memory = memory;
    return 0;
}

/* Everything else: the next function of the same name. */
#define NEXT(type, name, ...)                                                                      \
    static type (*next)(__VA_ARGS__);                                                              \
    if (next == NULL) {                                                                            \
        const bool was_inside = inside;                                                            \
        inside = true;                                                                             \
        void *symbol = dlsym(RTLD_NEXT, name);                                                     \
        memcpy(&next, &symbol, sizeof(symbol));                                                    \
        inside = was_inside;                                                                       \
    }

#define MODE(flags)                                                                                \
    mode_t mode = 0;                                                                               \
    if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) {                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        mode = va_arg(arguments, mode_t);                                                          \
        va_end(arguments);                                                                         \
    }

#define OPENS(name)                                                                                \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        NEXT(int, #name, const char *, int, ...)                                                   \
        MODE(flags)                                                                                \
        return fails(OPEN, EMFILE) ? -1 : next(path, flags, mode);                                 \
    }
#define OPENS_AT(name)                                                                             \
    int name(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        NEXT(int, #name, int, const char *, int, ...)                                              \
        MODE(flags)                                                                                \
        return fails(OPEN, EMFILE) ? -1 : next(folder, path, flags, mode);                         \
    }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open(path, flags);
}
int __open64_2(const char *path, int flags)
{
    return open64(path, flags);
}
int __openat_2(int folder, const char *path, int flags)
{
    return openat(folder, path, flags);
}
int __openat64_2(int folder, const char *path, int flags)
{
    return openat64(folder, path, flags);
}

#define CALLS(type, name, kind, error, failed, parameters, ...)                                    \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        NEXT_OF(type, #name, parameters)                                                           \
        return fails(kind, error) ? failed : next(__VA_ARGS__);                                    \
    }
#define NEXT_OF(type, name, parameters)                                                            \
    static type(*next) parameters;                                                                 \
    if (next == NULL) {                                                                            \
        const bool was_inside = inside;                                                            \
        inside = true;                                                                             \
        void *symbol = dlsym(RTLD_NEXT, name);                                                     \
        memcpy(&next, &symbol, sizeof(symbol));                                                    \
        inside = was_inside;                                                                       \
    }

CALLS(FILE *, fopen, OPEN, EMFILE, NULL, (const char *path, const char *mode), path, mode)
CALLS(FILE *, fopen64, OPEN, EMFILE, NULL, (const char *path, const char *mode), path, mode)
CALLS(int, mkostemp, OPEN, EMFILE, -1, (char *path, int flags), path, flags)
CALLS(int, mkostemp64, OPEN, EMFILE, -1, (char *path, int flags), path, flags)
CALLS(int, pipe2, OPEN, EMFILE, -1, (int fds[2], int flags), fds, flags)

/* What moves bytes: it fails, is interrupted, or moves half of them (at least one). */
#define MOVES(name, kind, error, parameters, ...)                                                  \
    ssize_t name parameters;                                                                       \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        NEXT_OF(ssize_t, #name, parameters)                                                        \
        if (fails(kind, error) || fails(INTR, EINTR)) {                                            \
            return -1;                                                                             \
        }                                                                                          \
        if (size > 1 && fails(SHORT, errno)) {                                                     \
            size /= 2;                                                                             \
        }                                                                                          \
        return next(__VA_ARGS__);                                                                  \
    }
MOVES(read, READ, EIO, (int fd, void *data, size_t size), fd, data, size)
MOVES(pread, READ, EIO, (int fd, void *data, size_t size, off_t at), fd, data, size, at)
MOVES(pread64, READ, EIO, (int fd, void *data, size_t size, off64_t at), fd, data, size, at)
MOVES(__read_chk, READ, EIO, (int fd, void *data, size_t size, size_t all), fd, data, size, all)
MOVES(__pread_chk, READ, EIO, (int fd, void *data, size_t size, off_t at, size_t all), fd, data,
      size, at, all)
MOVES(__pread64_chk, READ, EIO, (int fd, void *data, size_t size, off64_t at, size_t all), fd, data,
      size, at, all)
MOVES(write, WRITE, ENOSPC, (int fd, const void *data, size_t size), fd, data, size)
MOVES(pwrite, WRITE, ENOSPC, (int fd, const void *data, size_t size, off_t at), fd, data, size, at)
MOVES(pwrite64, WRITE, ENOSPC, (int fd, const void *data, size_t size, off64_t at), fd, data, size,
      at)
MOVES(copy_file_range, WRITE, EIO,
      (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags), from,
      from_at, to, to_at, size, flags)

CALLS(int, fsync, WRITE, EIO, -1, (int fd), fd)
CALLS(int, syncfs, WRITE, EIO, -1, (int fd), fd)
CALLS(int, ftruncate, WRITE, EIO, -1, (int fd, off_t size), fd, size)
CALLS(int, ftruncate64, WRITE, EIO, -1, (int fd, off64_t size), fd, size)
CALLS(int, fallocate, WRITE, ENOSPC, -1, (int fd, int mode, off_t at, off_t size), fd, mode, at,
      size)
CALLS(int, fallocate64, WRITE, ENOSPC, -1, (int fd, int mode, off64_t at, off64_t size), fd, mode,
      at, size)
CALLS(int, rename, WRITE, EIO, -1, (const char *from, const char *to), from, to)
CALLS(int, linkat, WRITE, EIO, -1,
      (int from_fd, const char *from, int to_fd, const char *to, int flags), from_fd, from, to_fd,
      to, flags)
CALLS(int, renameat2, WRITE, EIO, -1,
      (int from_fd, const char *from, int to_fd, const char *to, unsigned flags), from_fd, from,
      to_fd, to, flags)
CALLS(int, mkdir, WRITE, EIO, -1, (const char *path, mode_t mode), path, mode)
CALLS(int, fdatasync, WRITE, EIO, -1, (int fd), fd)
CALLS(int, fchmod, WRITE, EIO, -1, (int fd, mode_t mode), fd, mode)
CALLS(int, unlink, WRITE, EIO, -1, (const char *path), path)

CALLS(int, fstat, STAT, EIO, -1, (int fd, struct stat *info), fd, info)
CALLS(int, stat, STAT, EIO, -1, (const char *path, struct stat *info), path, info)
CALLS(int, lstat, STAT, EIO, -1, (const char *path, struct stat *info), path, info)
CALLS(int, fstatat, STAT, EIO, -1, (int folder, const char *path, struct stat *info, int flags),
      folder, path, info, flags)
CALLS(int, fstat64, STAT, EIO, -1, (int fd, struct stat64 *info), fd, info)
CALLS(int, stat64, STAT, EIO, -1, (const char *path, struct stat64 *info), path, info)
CALLS(int, lstat64, STAT, EIO, -1, (const char *path, struct stat64 *info), path, info)

CALLS(void *, mmap, MMAP, ENOMEM, MAP_FAILED,
      (void *at, size_t size, int protection, int flags, int fd, off_t offset), at, size,
      protection, flags, fd, offset)
CALLS(void *, mmap64, MMAP, ENOMEM, MAP_FAILED,
      (void *at, size_t size, int protection, int flags, int fd, off64_t offset), at, size,
      protection, flags, fd, offset)
CALLS(void *, dlopen, DLOPEN, ENOMEM, NULL, (const char *name, int flags), name, flags)
CALLS(pid_t, fork, OTHER, EAGAIN, -1, (void))

/* What waits: it fails, or a signal interrupts it. */
#define WAITS(type, name, error, parameters, ...)                                                  \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        NEXT_OF(type, #name, parameters)                                                           \
        return fails(OTHER, error) || fails(INTR, EINTR) ? -1 : next(__VA_ARGS__);                 \
    }
WAITS(int, flock, ENOLCK, (int fd, int operation), fd, operation)
WAITS(int, poll, ENOMEM, (struct pollfd * fds, nfds_t count, int timeout), fds, count, timeout)
WAITS(pid_t, waitpid, ECHILD, (pid_t child, int *state, int options), child, state, options)

CALLS(ssize_t, getrandom, OTHER, EIO, -1, (void *data, size_t size, unsigned flags), data, size,
      flags)
CALLS(int, pthread_create, OTHER, EAGAIN, EAGAIN,
      (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument),
      thread, attributes, run, argument)
CALLS(int, clock_gettime, OTHER, EINVAL, -1, (clockid_t clock, struct timespec *now), clock, now)
