/* SPDX-License-Identifier: Apache-2.0 */
/* Starting cretula-verify without touching what other threads of the caller do, and listening to it
 * until it has ended. */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_BYTES ((size_t)256 << 20) /* a record of very many files */
#define SAID_BYTES 300u                  /* of standard error */
#define PIECE_BYTES ((size_t)64 << 10)
#define GRACE_MS 5000 /* from being asked to end, to being ended */
/* Descriptors are moved up here first, so that none stands where another one is to go. */
#define FIRST_FD 256

/* What a run says, and where. */
enum { OUTPUT, SAID, STREAM, PIPES };

struct run {
    const struct cret_lib_call *call;
    struct cret_lib_answer *answer;
    int pipes[PIPES]; /* our ends; -1: closed */
    int theirs[PIPES];
    int input, bytes[64];
    pid_t process;
    bool stopped; /* it was asked to end */
    char said[SAID_BYTES];
    size_t said_size, capacity;
    uint8_t *piece;
};

__attribute__((format(printf, 2, 3))) static void fault(struct run *run, const char *format, ...)
{
    va_list arguments;
    if (run->answer->fault[0] != '\0') {
        return; /* the first one is why */
    }
    va_start(arguments, format);
    vsnprintf(run->answer->fault, sizeof(run->answer->fault), format, arguments);
    va_end(arguments);
}

static const char *reason(int error, char *buffer, size_t size)
{
    return strerror_r(error, buffer, size);
}

void cret_lib_close(int *descriptor)
{
    if (*descriptor >= 0) {
        close(*descriptor);
    }
    *descriptor = -1;
}

bool cret_lib_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int cret_lib_keep(const void *data, size_t size)
{
    int fd = memfd_create("cretula", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const uint8_t *next = data;
    while (fd >= 0 && size > 0) {
        const ssize_t count = write(fd, next, size);
        if (count > 0) {
            next += count;
            size -= (size_t)count;
        } else if (count == 0 || errno != EINTR) {
            cret_lib_close(&fd);
        }
    }
    if (fd >= 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0) {
        cret_lib_close(&fd);
    }
    return fd;
}

/* A copy that stands above all numbers that the program gets; -1. */
static int above(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
}

static bool open_pipes(struct run *run)
{
    for (int i = 0; i < PIPES; i++) {
        int ends[2];
        if (i == STREAM && run->call->stream == NULL) {
            continue;
        }
        if (pipe2(ends, O_CLOEXEC) != 0) {
            return false;
        }
        run->pipes[i] = ends[0];
        run->theirs[i] = above(ends[1]);
        close(ends[1]);
        if (run->theirs[i] < 0) {
            return false;
        }
    }
    const int nothing = run->call->input < 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
    run->input = above(run->call->input < 0 ? nothing : run->call->input);
    if (nothing >= 0) {
        close(nothing);
    }
    for (size_t i = 0; i < run->call->bytes_count; i++) {
        run->bytes[i] = above(run->call->bytes[i]);
        if (run->bytes[i] < 0) {
            return false;
        }
    }
    return run->input >= 0;
}

/* What stands where in the program; it has nothing else of what the caller has open. */
static int plan(const struct run *run, posix_spawn_file_actions_t *actions)
{
    const int standard[] = {run->input, run->theirs[OUTPUT], run->theirs[SAID],
                            run->theirs[STREAM]};
    int error = 0;
    for (int i = 0; i < 4 && error == 0; i++) {
        if (standard[i] >= 0) {
            error = posix_spawn_file_actions_adddup2(actions, standard[i], i);
        } else {
            error = posix_spawn_file_actions_addopen(actions, i, "/dev/null", O_RDONLY, 0);
        }
    }
    int next = CRET_LIB_BYTES_FD;
    for (size_t i = 0; i < run->call->bytes_count && error == 0; i++, next++) {
        error = posix_spawn_file_actions_adddup2(actions, run->bytes[i], next);
    }
    return error != 0 ? error : posix_spawn_file_actions_addclosefrom_np(actions, next);
}

/* The program's own signals, and none that the caller ignores or blocks. */
static int prepare_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    const int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error != 0) {
        return error;
    }
    const int other = posix_spawnattr_setsigdefault(attributes, &all);
    return other != 0 ? other
                      : posix_spawnattr_setflags(attributes,
                                                 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* Nothing of the caller's environment, which could change what a program of its does. */
static int spawn(struct run *run)
{
    char language[] = "LC_ALL=C", path[] = "PATH=/usr/bin:/bin";
    char *environment[] = {language, path, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    error = plan(run, &actions);
    error = error != 0 ? error : prepare_signals(&attributes);
    if (error == 0) {
        error = posix_spawn(&run->process, run->call->arguments[0], &actions, &attributes,
                            run->call->arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static bool start(struct run *run)
{
    char buffer[128];
    if (!open_pipes(run)) {
        fault(run, "no descriptor for cretula-verify: %s", reason(errno, buffer, sizeof(buffer)));
        return false;
    }
    const int error = spawn(run);
    if (error != 0) {
        run->process = -1;
        fault(run, "%s cannot be started: %s; install cretula-verify, or say where it is",
              run->call->arguments[0], reason(error, buffer, sizeof(buffer)));
        return false;
    }
    return true;
}

static void close_theirs(struct run *run)
{
    for (int i = 0; i < PIPES; i++) {
        cret_lib_close(&run->theirs[i]);
    }
    cret_lib_close(&run->input);
    for (size_t i = 0; i < run->call->bytes_count; i++) {
        cret_lib_close(&run->bytes[i]);
    }
}

/* It is asked to end, and cleans up; nobody takes its files any more. */
static void stop(struct run *run)
{
    if (!run->stopped) {
        kill(run->process, SIGTERM);
    }
    run->stopped = true;
    cret_lib_close(&run->pipes[STREAM]);
}

static void take_output(struct run *run, const uint8_t *data, size_t size)
{
    struct cret_lib_answer *answer = run->answer;
    if (size > OUTPUT_BYTES - answer->size) {
        fault(run, "cretula-verify says more than can be kept");
        stop(run);
        return;
    }
    if (answer->size + size >= run->capacity) {
        const size_t capacity = 2 * (answer->size + size) + 1;
        char *output = realloc(answer->output, capacity);
        if (output == NULL) {
            fault(run, "there is no memory for what cretula-verify says");
            stop(run);
            return;
        }
        answer->output = output;
        run->capacity = capacity;
    }
    memcpy(answer->output + answer->size, data, size);
    answer->size += size;
    answer->output[answer->size] = '\0';
}

static void take(struct run *run, int from, const uint8_t *data, size_t size)
{
    if (from == OUTPUT) {
        take_output(run, data, size);
    } else if (from == STREAM) {
        if (!run->stopped && !run->call->stream(run->call->context, data, size)) {
            fault(run, "the files were not taken");
            stop(run);
        }
    } else {
        const size_t room = sizeof(run->said) - 1 - run->said_size;
        const size_t some = size < room ? size : room;
        memcpy(run->said + run->said_size, data, some);
        run->said_size += some;
    }
}

static void read_from(struct run *run, int from)
{
    char buffer[128];
    const ssize_t count = read(run->pipes[from], run->piece, PIECE_BYTES);
    if (count > 0) {
        take(run, from, run->piece, (size_t)count);
    } else if (count == 0) {
        cret_lib_close(&run->pipes[from]);
    } else if (errno != EINTR && errno != EAGAIN) {
        fault(run, "the verifier cannot be read: %s", reason(errno, buffer, sizeof(buffer)));
        cret_lib_close(&run->pipes[from]);
        stop(run);
    }
}

/* Until it has closed all that it writes to; one that was asked to end has a while for that. */
static void listen_to(struct run *run)
{
    for (;;) {
        struct pollfd wanted[PIPES];
        bool any = false;
        for (int i = 0; i < PIPES; i++) {
            wanted[i] = (struct pollfd){.fd = run->pipes[i], .events = POLLIN};
            any = any || run->pipes[i] >= 0;
        }
        if (!any) {
            return;
        }
        const int ready = poll(wanted, PIPES, run->stopped ? GRACE_MS : -1);
        if (ready == 0) {
            kill(run->process, SIGKILL);
            return;
        }
        if (ready < 0 && errno != EINTR) {
            fault(run, "cretula-verify cannot be waited for");
            kill(run->process, SIGKILL);
            return;
        }
        for (int i = 0; i < PIPES && ready > 0; i++) {
            if (wanted[i].revents != 0 && run->pipes[i] >= 0) {
                read_from(run, i);
            }
        }
    }
}

/* What it said to people is one line for them. */
static void tell_said(struct run *run)
{
    for (size_t i = 0; i < run->said_size; i++) {
        const unsigned char one = (unsigned char)run->said[i];
        run->said[i] = one < 0x20 || one > 0x7e ? ' ' : run->said[i];
    }
}

static void wait_for(struct run *run)
{
    int status = 0;
    pid_t ended = -1;
    do {
        ended = waitpid(run->process, &status, 0);
    } while (ended < 0 && errno == EINTR);
    tell_said(run);
    if (ended < 0) {
        fault(run,
              "how cretula-verify ended is not known: this program ignores SIGCHLD, or another "
              "part of it waited for a process that it did not start");
    } else if (WIFSIGNALED(status)) {
        fault(run, "the verifier was ended by signal %d: %s", WTERMSIG(status), run->said);
    } else if (run->answer->fault[0] == '\0') {
        run->answer->exited = true;
        run->answer->code = WEXITSTATUS(status);
        if (run->answer->size == 0) {
            fault(run, "the verifier gave no result: %s", run->said);
        }
    }
}

void cret_lib_run(struct cret_lib_answer *ret_answer, const struct cret_lib_call *call)
{
    *ret_answer = (struct cret_lib_answer){.exited = false};
    struct run run = {.call = call,
                      .answer = ret_answer,
                      .pipes = {-1, -1, -1},
                      .theirs = {-1, -1, -1},
                      .input = -1,
                      .process = -1};
    for (size_t i = 0; i < sizeof(run.bytes) / sizeof(run.bytes[0]); i++) {
        run.bytes[i] = -1;
    }
    run.piece = malloc(PIECE_BYTES);
    if (run.piece == NULL) {
        fault(&run, "there is no memory");
    } else if (start(&run)) {
        close_theirs(&run);
        listen_to(&run);
        wait_for(&run);
    }
    close_theirs(&run);
    for (int i = 0; i < PIPES; i++) {
        cret_lib_close(&run.pipes[i]);
    }
    free(run.piece);
}
