/* SPDX-License-Identifier: Apache-2.0 */
/* Confining this process: what it holds, what it may use up, what it may ask of the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/posix/os_confine_internal.h"
#include "base/system/posix/os_internal.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

extern char **environ;

enum { KEPT = 16 };

/* The descriptors that stay, sorted. */
struct kept {
    int list[KEPT];
    size_t count;
};

static int compare(const void *left, const void *right)
{
    const int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

static enum cret_status keep(struct kept *kept, int fd, struct cret_err *err)
{
    if (fd < 0) {
        return CRET_OK;
    }
    if (kept->count == KEPT) {
        return cret_err_undecided(err, "internal error: too many descriptors for one process");
    }
    kept->list[kept->count++] = fd;
    return CRET_OK;
}

static bool keeps(const struct kept *kept, int fd)
{
    for (size_t i = 0; i < kept->count; i++) {
        if (kept->list[i] == fd) {
            return true;
        }
    }
    return false;
}

/* From first to last. A kernel that is too old for it closes them one by one. */
static void close_between(unsigned first, unsigned last)
{
    struct rlimit limit = {.rlim_cur = 1024};
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) {
        return;
    }
    getrlimit(RLIMIT_NOFILE, &limit);
    for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++) {
        close((int)fd);
    }
}

/* What is printed goes through the parent: a process that was taken over must not write ACCEPTED
 * on its terminal, or read what is typed there. */
static enum cret_status silence(const struct kept *kept, struct cret_err *err)
{
    const int last = CRET_CONFINE_SANITIZED ? STDOUT_FILENO : STDERR_FILENO;
    for (int fd = STDIN_FILENO; fd <= last; fd++) {
        if (keeps(kept, fd)) {
            continue;
        }
        const int nowhere = cret_os_nowhere(fd != STDIN_FILENO);
        if (nowhere < 0) {
            return cret_os_failed(err, errno, "/dev/null", "open it");
        }
        if (nowhere != fd && dup2(nowhere, fd) < 0) {
            return cret_os_failed(err, errno, NULL, "close a standard stream");
        }
    }
    return CRET_OK; /* those that were opened here are closed with all others */
}

static enum cret_status close_others(const struct cret_bounds *bounds, int in, int out,
                                     int *ret_highest, struct cret_err *err)
{
    struct kept kept = {.count = 0};
    const int own[4] = {in, out, bounds->reads_below, bounds->writes_below};
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < 4 && status == CRET_OK; i++) {
        status = keep(&kept, own[i], err);
    }
    for (size_t i = 0; i < bounds->kept_count && status == CRET_OK; i++) {
        status = keep(&kept, bounds->kept[i], err);
    }
    if (status != CRET_OK || silence(&kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    qsort(kept.list, kept.count, sizeof(kept.list[0]), compare);
    unsigned next = STDERR_FILENO + 1;
    for (size_t i = 0; i < kept.count; i++) {
        const unsigned fd = (unsigned)kept.list[i];
        if (fd >= next) {
            close_between(next, fd - 1);
            next = fd + 1;
        }
    }
    close_between(next, ~0u);
    *ret_highest = (int)next - 1;
    return CRET_OK;
}

/* What a pipeline keeps in it, and what settings do: nothing needs it any more but the release date
 * of a build that is to be made again. */
static void wipe_environment(void)
{
    static const char kept[] = "SOURCE_DATE_EPOCH=";
    static char *left[2];
    for (size_t i = 0; environ != NULL && environ[i] != NULL; i++) {
        if (strncmp(environ[i], kept, sizeof(kept) - 1) == 0) {
            left[0] = environ[i];
        } else {
            explicit_bzero(environ[i], strlen(environ[i]));
        }
    }
    environ = left;
}

/* Never higher than it is. */
static bool lower(__rlimit_resource_t resource, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) {
        return false;
    }
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max;
    return setrlimit(resource, &limit) == 0;
}

/* New processes are no matter of a limit, which counts threads too: seccomp denies them. */
static bool lower_limits(const struct cret_bounds *bounds, int highest)
{
    const bool opens = bounds->reads_below >= 0 || bounds->writes_below >= 0 || bounds->reads_paths;
    const bool writes = bounds->writes || bounds->writes_below >= 0;
    bool all = lower(RLIMIT_CORE, 0) && lower(RLIMIT_MEMLOCK, 0) && lower(RLIMIT_MSGQUEUE, 0);
    if (!opens && !CRET_CONFINE_SANITIZED) {
        all = lower(RLIMIT_NOFILE, (rlim_t)highest + 1) && all;
    }
    if (!writes) {
        all = lower(RLIMIT_FSIZE, 0) && all;
    }
    if (!CRET_CONFINE_SANITIZED) {
        all = lower(RLIMIT_DATA, CRET_LIMIT_CHILD_BYTES) && all;
    }
    return all;
}

/* Adds to what is missing. */
static void lack(struct cret_confined *confined, const char *part, const char *why)
{
    const size_t used = strlen(confined->missing);
    snprintf(confined->missing + used, sizeof(confined->missing) - used, "%s%s (%s)",
             used > 0 ? ", " : "", part, why);
}

static const char *why_no_landlock(int error)
{
    return error == ENOSYS       ? "the kernel does not have it"
           : error == EOPNOTSUPP ? "it is switched off at boot"
                                 : strerror(error);
}

static bool is_whole(const struct cret_confined *confined)
{
    return confined->landlock > 0 && confined->seccomp && confined->limits;
}

void cret_confined_words(char out[CRET_CONFINED_WORDS], const struct cret_confined *confined)
{
    char landlock[32] = "";
    if (confined->landlock > 0) {
        snprintf(landlock, sizeof(landlock), ", Landlock %u", (unsigned)confined->landlock);
    }
    snprintf(out, CRET_CONFINED_WORDS, "separate process%s%s%s%s%s",
             confined->limits ? ", limits" : "", landlock, confined->seccomp ? ", seccomp" : "",
             confined->missing[0] != '\0' ? "; not confined: this machine lacks " : "",
             confined->missing);
}

static void apply(struct cret_confined *confined, const struct cret_bounds *bounds, int highest)
{
    confined->limits = lower_limits(bounds, highest);
    if (!confined->limits) {
        lack(confined, "limits", "they cannot be lowered");
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        lack(confined, "no new privileges", strerror(errno));
    }
    const int version = cret_os_landlock(bounds);
    if (version > 0) {
        confined->landlock = (uint32_t)version;
    } else {
        lack(confined, "Landlock", why_no_landlock(-version));
    }
    const int filtered = cret_os_seccomp(bounds);
    confined->seccomp = filtered == 0;
    if (filtered != 0) {
        lack(confined, "seccomp",
             filtered == -ENOSYS
                 ? "the kernel, or this program for this processor, does not have it"
                 : strerror(-filtered));
    }
}

enum cret_status cret_os_confine(struct cret_confined *ret_confined,
                                 const struct cret_bounds *bounds, int in, int out,
                                 struct cret_err *err)
{
    struct cret_confined confined = {.landlock = 0};
    int highest = -1;
    tzset(); /* reads its file, which cannot be opened later */
    if (close_others(bounds, in, out, &highest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    wipe_environment();
    apply(&confined, bounds, highest);
    if (!is_whole(&confined) && !bounds->allow_unconfined) {
        cret_err_undecided(err,
                           "the process that reads what others made cannot be confined here: "
                           "this machine lacks %s",
                           confined.missing);
        return cret_err_hint(err, "run it on a Linux kernel from 5.13 on, with Landlock switched "
                                  "on and seccomp filters allowed (`cretula-verify self-test` "
                                  "says what a machine has), or with --allow-unconfined: then the "
                                  "result says so");
    }
    *ret_confined = confined;
    return CRET_OK;
}
