/* SPDX-License-Identifier: Apache-2.0 */
/* What is unfinished goes away with the program. Everything here that a handler runs is
 * async-signal-safe: no allocation, no stdio, plain system calls. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/finding/fault.h"
#include "base/system/posix/os_internal.h"

enum {
    UNFINISHED = 16,  /* a run has one folder and a few files under construction */
    CHILDREN = 96,    /* read ahead at once, and a few */
    TREE_DEPTH = 128, /* of an archive's names */
    ATTEMPTS = 100,   /* while a thread still creates files */
};

/* Written in the main thread only, while its signals are held; read by the handler, which runs in
 * the main thread as well. */
static char unfinished[UNFINISHED][PATH_MAX];
static volatile pid_t children[CHILDREN];
static pthread_t main_thread;
static unsigned held;
static sigset_t before_hold;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* The kernel's record; glibc has a type for it only in newer versions. */
struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short size;
    unsigned char type;
    char name[];
};

static void remove_below(int fd, unsigned depth)
{
    _Alignas(struct entry) char buffer[2048];
    for (;;) {
        const long got = syscall(SYS_getdents64, fd, buffer, sizeof(buffer));
        if (got <= 0) {
            return;
        }
        for (long at = 0; at < got;) {
            const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
            at += entry->size;
            if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0 ||
                unlinkat(fd, entry->name, 0) == 0 || depth == 0) {
                continue;
            }
            const int below =
                openat(fd, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below < 0) {
                continue;
            }
            remove_below(below, depth - 1);
            close(below);
            unlinkat(fd, entry->name, AT_REMOVEDIR);
        }
    }
}

static void remove_unfinished(const char *path)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        if (unlink(path) == 0 || errno == ENOENT) {
            return;
        }
        if (rmdir(path) == 0) { /* without a descriptor, which there may be none of */
            return;
        }
        const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) {
            return;
        }
        remove_below(fd, TREE_DEPTH);
        close(fd);
        if (rmdir(path) == 0) {
            return;
        }
    }
}

static void remove_all(void)
{
    for (size_t i = 0; i < CHILDREN; i++) {
        if (children[i] > 0) {
            kill(children[i], SIGKILL);
            waitpid(children[i], NULL, 0);
        }
    }
    for (size_t i = 0; i < UNFINISHED; i++) {
        if (unfinished[i][0] != '\0') {
            remove_unfinished(unfinished[i]);
        }
    }
}

static void end_program(int number)
{
    if (!pthread_equal(pthread_self(), main_thread)) {
        pthread_kill(main_thread, number);
        return;
    }
    remove_all();
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t this;
    sigaction(number, &usual, NULL);
    sigemptyset(&this);
    sigaddset(&this, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &this, NULL);
}

static void ending_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < CRET_LENGTH(ending); i++) {
        sigaddset(set, ending[i]);
    }
}

void cret_os_signals_begin(void)
{
    struct sigaction action = {.sa_handler = end_program, .sa_flags = SA_RESTART};
    main_thread = pthread_self();
    cret_fault_at_end(remove_all); /* no memory: the same end */
    ending_set(&action.sa_mask);
    for (size_t i = 0; i < CRET_LENGTH(ending); i++) {
        struct sigaction now;
        /* nohup: who ignores a signal goes on ignoring it. */
        if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) {
            sigaction(ending[i], &action, NULL);
        }
    }
}

void cret_os_signals_in_child(void)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    for (size_t i = 0; i < CRET_LENGTH(ending); i++) {
        struct sigaction now;
        if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler == end_program) {
            sigaction(ending[i], &usual, NULL);
        }
    }
    memset(unfinished, 0, sizeof(unfinished));
    for (size_t i = 0; i < CHILDREN; i++) {
        children[i] = 0;
    }
}

void cret_os_signals_child(pid_t child, bool lives)
{
    for (size_t i = 0; i < CHILDREN; i++) {
        if (children[i] == (lives ? 0 : child)) {
            children[i] = lives ? child : 0;
            return;
        }
    }
}

void cret_os_signals_hold(void)
{
    sigset_t set;
    ending_set(&set);
    if (held++ == 0) {
        pthread_sigmask(SIG_BLOCK, &set, &before_hold);
    }
}

void cret_os_signals_release(void)
{
    if (--held == 0) {
        pthread_sigmask(SIG_SETMASK, &before_hold, NULL);
    }
}

static char *find(const char *path)
{
    for (size_t i = 0; i < UNFINISHED; i++) {
        if (strcmp(unfinished[i], path) == 0) {
            return unfinished[i];
        }
    }
    return NULL;
}

enum cret_status cret_os_unfinished_add(const char *path, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const size_t size = strlen(path) + 1;
    if (size > PATH_MAX) {
        return cret_os_failed(err, ENAMETOOLONG, path, "create a file in this folder");
    }
    cret_os_signals_hold();
    char *slot = find("");
    if (slot == NULL) {
        cret_err_undecided(err, "too many outputs are under construction at once");
    } else {
        memcpy(slot, path, size);
        status = CRET_OK;
    }
    cret_os_signals_release();
    return status;
}

void cret_os_unfinished_forget(const char *path)
{
    cret_os_signals_hold();
    char *slot = find(path);
    if (slot != NULL) {
        slot[0] = '\0';
    }
    cret_os_signals_release();
}

void cret_os_unfinished_moved(const char *from, const char *to)
{
    const size_t size = strlen(to) + 1;
    cret_os_signals_hold();
    char *slot = find(from);
    if (slot != NULL && size <= PATH_MAX) {
        memcpy(slot, to, size);
    }
    cret_os_signals_release();
}
