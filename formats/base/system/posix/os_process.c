/* SPDX-License-Identifier: Apache-2.0 */
/* Identity, processes, secrets. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/system/posix/os_internal.h"
#include "base/system/seen.h"

unsigned cret_os_cores(void)
{
    long cores = 0;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        cores = CPU_COUNT(&set);
    }
    if (cores < 1) {
        cores = sysconf(_SC_NPROCESSORS_ONLN);
    }
    if (cores < 1) {
        return 1;
    }
    return cores > (long)CRET_LIMIT_JOBS ? CRET_LIMIT_JOBS : (unsigned)cores;
}

enum cret_status cret_os_random(void *data, size_t size, struct cret_err *err)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = getrandom((char *)data + done, size - done, 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return cret_os_failed(err, count < 0 ? errno : EIO, NULL, "get random bytes");
        }
        done += (size_t)count;
    }
    return CRET_OK;
}

uint32_t cret_os_user_id(void)
{
    return (uint32_t)geteuid();
}

void cret_os_user_name(char *out, size_t size)
{
    char buffer[4096];
    struct passwd entry, *found = NULL;
    const uid_t user = getuid();
    FILE *file = fopen("/etc/passwd", "re");
    snprintf(out, size, "uid %lu", (unsigned long)user);
    if (file == NULL) {
        return;
    }
    while (fgetpwent_r(file, &entry, buffer, sizeof(buffer), &found) == 0) {
        if (entry.pw_uid == user && entry.pw_name[0] != '\0') {
            snprintf(out, size, "%s", entry.pw_name);
            break;
        }
    }
    fclose(file);
}

void cret_os_host_name(char *out, size_t size)
{
    char name[256] = "";
    if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0') {
        snprintf(name, sizeof(name), "unknown");
    }
    snprintf(out, size, "%s", name);
}

enum cret_status cret_os_open_program(int *ret_fd, struct cret_err *err)
{
    return cret_os_open_read(ret_fd, CRET_OS_HERE, "/proc/self/exe", err);
}

bool cret_os_inherited(int fd)
{
    const int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

int cret_os_nowhere(bool writable)
{
    int ends[2];
    const int fd = open("/dev/null", (writable ? O_WRONLY : O_RDONLY) | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT || pipe2(ends, O_CLOEXEC) != 0) {
        return fd;
    }
    close(ends[writable ? 0 : 1]);
    return ends[writable ? 1 : 0];
}

/* Where the heap began, and how much of it is copied at once. */
static uintptr_t heap_begin;
enum { HEAP_BYTES = 1 << 20, STACK_BYTES = 32 << 10 };

void cret_os_own_memory(void)
{
#ifdef MADV_POPULATE_WRITE
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t heap_end = (uintptr_t)sbrk(0), here = (uintptr_t)&page / page * page;
    const uintptr_t first = (heap_begin + page - 1) / page * page;
    /* Best effort: a page that is not copied here is copied when it is written. */
    if (heap_begin != 0 && heap_end > first && heap_end - first <= HEAP_BYTES) {
        madvise((void *)first, heap_end - first, MADV_POPULATE_WRITE);
    }
    madvise((void *)(here - STACK_BYTES), STACK_BYTES + page, MADV_POPULATE_WRITE);
#endif
}

/* A descriptor below 3 that whoever started us closed would be given to the next file that is
 * opened, and what is printed would be written into it. Its place is taken by one that cannot be
 * used the way it is meant, so that reading and printing fail as before. */
static void occupy_standard_streams(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) {
            continue;
        }
        const int nowhere = cret_os_nowhere(fd == STDIN_FILENO);
        if (nowhere < 0 || (nowhere != fd && dup3(nowhere, fd, O_CLOEXEC) != fd)) {
            _exit(CRET_ERR_UNDECIDED); /* there is nowhere to say it */
        }
        if (nowhere != fd) {
            close(nowhere);
        }
    }
}

void cret_os_harden(void)
{
    heap_begin = (uintptr_t)sbrk(0);
    occupy_standard_streams();
    cret_seen_begin();
    const struct rlimit none = {0, 0};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    cret_fault_begin();
    /* Best effort by design: none of these changes a verdict, and old kernels lack some. */
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    sigaction(SIGPIPE, &ignore, NULL);
    /* A file size limit is an error to report, like a full disk. */
    sigaction(SIGXFSZ, &ignore, NULL);
    cret_os_signals_begin();
}

enum cret_status cret_os_fork(pid_t *ret_child, const struct cret_passed *passed,
                              struct cret_err *err)
{
    (void)passed; /* a child has all of it, until it is confined */
    pid_t parent = getpid();
    cret_os_signals_hold();
    pid_t child = fork();
    const int error = errno;
    if (child == 0) {
        cret_os_signals_in_child();
    } else if (child > 0) {
        cret_os_signals_child(child, true);
    }
    cret_os_signals_release();
    if (child < 0) {
        return cret_os_failed(err, error, NULL, "start a child process");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        /* The parent may have died before the request was made. */
        if (getppid() != parent) {
            _exit(CRET_ERR_UNDECIDED);
        }
    }
    *ret_child = child;
    return CRET_OK;
}

enum cret_status cret_os_pipe(int *ret_read, int *ret_write, struct cret_err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return cret_os_failed(err, errno, NULL, "create a pipe");
    }
    *ret_read = ends[0];
    *ret_write = ends[1];
    return CRET_OK;
}

bool cret_os_hung_up(int fd)
{
    struct pollfd end = {.fd = fd, .events = 0};
    return poll(&end, 1, 0) == 1 && (end.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* Waits until the process has ended, as far as the kernel can say so (since 5.3). */
static bool has_descriptor(pid_t child, int timeout_ms)
{
    const long descriptor = syscall(SYS_pidfd_open, child, 0);
    if (descriptor < 0) {
        return false;
    }
    struct pollfd end = {.fd = (int)descriptor, .events = POLLIN};
    poll(&end, 1, timeout_ms);
    close((int)descriptor);
    return true;
}

enum cret_status cret_os_wait_until(pid_t child, uint64_t deadline_ms, bool *ret_ended,
                                    bool *ret_exited, int *ret_code, struct cret_err *err)
{
    for (;;) {
        const uint64_t now = cret_os_monotonic_ms();
        const uint64_t left = now < deadline_ms ? deadline_ms - now : 0;
        const bool told = has_descriptor(child, left < INT_MAX ? (int)left : INT_MAX);
        int state = 0;
        const pid_t ended = waitpid(child, &state, WNOHANG);
        if (ended < 0 && errno != EINTR) {
            return cret_os_failed(err, errno, NULL, "wait for a child process");
        }
        if (ended == child) {
            /* Its number may be another process's from here on. */
            cret_os_signals_hold();
            cret_os_signals_child(child, false);
            cret_os_signals_release();
            *ret_ended = true;
            *ret_exited = WIFEXITED(state);
            *ret_code = WIFEXITED(state) ? WEXITSTATUS(state) : WTERMSIG(state);
            return CRET_OK;
        }
        if (left == 0) {
            *ret_ended = false;
            return CRET_OK;
        }
        if (!told) {
            cret_os_sleep_ms(2);
        }
    }
}

void cret_os_kill(pid_t child)
{
    if (child > 0) {
        kill(child, SIGKILL);
    }
}

bool cret_os_was_denied(int code)
{
    return code == SIGSYS;
}

void cret_os_exit_now(int code)
{
    _exit(code);
}

/* One line, byte by byte, so that nothing after it is taken from the descriptor. */
static enum cret_status read_line(char *out, size_t size, int fd, struct cret_err *err)
{
    size_t length = 0;
    for (;;) {
        char byte = 0;
        size_t got = 0;
        if (cret_os_read(fd, &byte, 1, &got, err) != CRET_OK) {
            goto failed;
        }
        if (got == 0 || byte == '\n') {
            break;
        }
        if (byte == '\0') {
            cret_err_usage(err, "the secret holds a zero byte");
            goto failed;
        }
        if (length + 1 >= size) {
            cret_err_usage(err, "the secret is too long");
            cret_err_expected(err, "at most %zu bytes", size - 1);
            goto failed;
        }
        out[length++] = byte;
    }
    if (length > 0 && out[length - 1] == '\r') {
        length--;
    }
    out[length] = '\0';
    return CRET_OK;
failed:
    explicit_bzero(out, size);
    return CRET_FAILED;
}

/* Waits until the terminal has a line, or one of the held-back signals came. */
static enum cret_status wait_for_line(int fd, const sigset_t *stops, struct cret_err *err)
{
    for (;;) {
        struct pollfd terminal = {.fd = fd, .events = POLLIN};
        sigset_t pending;
        int ready = poll(&terminal, 1, 100);
        sigemptyset(&pending);
        sigpending(&pending);
        for (int number = 1; number < NSIG; number++) {
            if (sigismember(stops, number) == 1 && sigismember(&pending, number) == 1) {
                return cret_err_undecided(err, "interrupted");
            }
        }
        if (ready > 0) {
            return CRET_OK;
        }
        if (ready < 0 && errno != EINTR) {
            return cret_os_failed(err, errno, "/dev/tty", "wait for the terminal");
        }
    }
}

enum cret_status cret_os_prompt_secret(char *out, size_t size, const char *prompt,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct termios shown, hidden;
    sigset_t stops, before;
    int fd = -1;

    do {
        fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 || tcgetattr(fd, &shown) != 0) {
        cret_os_close(&fd);
        cret_err_usage(err, "a PIN or passphrase is needed, and there is no terminal to ask on");
        return cret_err_hint(err, "give it with --pin-file, --pin-fd, --passphrase-file or "
                                  "--passphrase-fd");
    }
    /* A signal that ended the program here would leave the terminal without echo: it is held back
     * until the echo is on again. */
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGQUIT);
    sigaddset(&stops, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stops, &before);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ECHONL;
    hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
    /* Echo off before the prompt: who types at once must not be seen, or lose what was typed. */
    if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0) {
        cret_os_failed(err, errno, "/dev/tty", "switch the terminal's echo off");
        goto out;
    }
    if (cret_os_write(fd, prompt, strlen(prompt), err) == CRET_OK &&
        wait_for_line(fd, &stops, err) == CRET_OK) {
        status = read_line(out, size, fd, err);
    }
    tcsetattr(fd, TCSAFLUSH, &shown);
out:
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    cret_os_close(&fd);
    return status;
}

enum cret_status cret_os_read_secret_fd(char *out, size_t size, int fd, struct cret_err *err)
{
    return read_line(out, size, fd, err);
}

enum cret_status cret_os_set_environment(const char *name, const char *value, struct cret_err *err)
{
    return setenv(name, value, 1) == 0 ? CRET_OK : cret_err_memory(err);
}

int cret_os_access(const char *path)
{
    return faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 ? 0 : errno;
}

void cret_os_sleep_ms(unsigned milliseconds)
{
    struct timespec rest = {.tv_sec = (time_t)(milliseconds / 1000),
                            .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
}
