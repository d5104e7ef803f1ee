/* SPDX-License-Identifier: Apache-2.0 */
/* A process that was taken over after it was confined: whatever it tries of the system, it gets
 * nothing, and whoever started it learns that it went wrong. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/process.h"

static pid_t victim;      /* the test's process */
static char secret[16];   /* in its memory */
static int unrelated[2];  /* a pipe of it */
static char folder[64];   /* exists, with a file "there" */
static char outside[128]; /* a file beside it */

/* Each returns whether it got anything. */

static bool gets_internet(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool gets_datagrams(void)
{
    return socket(AF_INET6, SOCK_DGRAM, 0) >= 0;
}

static bool gets_local_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool gets_netlink(void)
{
    return socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static bool gets_a_pair(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool gets_a_program(void)
{
    char *const none[] = {NULL};
    execve("/bin/true", none, none);
    return false; /* if it had, the exit code would be 0 */
}

static bool gets_a_program_at(void)
{
    char *const none[] = {NULL};
    syscall(SYS_execveat, AT_FDCWD, "/bin/true", none, none, 0);
    return false;
}

static bool opens_a_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool opens_itself(void)
{
    return open("/proc/self/mem", O_RDWR) >= 0;
}

static bool opens_a_folder(void)
{
    return open("/", O_PATH | O_DIRECTORY) >= 0;
}

static bool opens_by_handle(void)
{
    return syscall(SYS_open_by_handle_at, AT_FDCWD, secret, O_RDONLY) >= 0;
}

static bool opens_in_a_new_way(void)
{
    const uint64_t how[3] = {O_RDONLY, 0, 0};
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof(how)) >= 0;
}

static bool makes_a_file(void)
{
    return open(outside, O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool makes_a_folder(void)
{
    char path[96];
    snprintf(path, sizeof(path), "%s/made", folder);
    return mkdirat(AT_FDCWD, path, 0700) == 0;
}

static bool removes_a_file(void)
{
    char path[96];
    snprintf(path, sizeof(path), "%s/there", folder);
    return unlinkat(AT_FDCWD, path, 0) == 0;
}

static bool renames_a_file(void)
{
    char path[96];
    snprintf(path, sizeof(path), "%s/there", folder);
    return renameat(AT_FDCWD, path, AT_FDCWD, outside) == 0;
}

static bool changes_a_mode(void)
{
    return fchmodat(AT_FDCWD, folder, 0777, 0) == 0;
}

static bool looks_at_a_path(void)
{
    struct stat info;
    return stat("/etc/passwd", &info) == 0;
}

static bool traces(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool traces_its_parent(void)
{
    return ptrace(PTRACE_SEIZE, victim, NULL, NULL) == 0;
}

static bool reads_its_parent(void)
{
    char stolen[sizeof(secret)];
    struct iovec mine = {stolen, sizeof(stolen)}, its = {secret, sizeof(secret)};
    return process_vm_readv(victim, &mine, 1, &its, 1, 0) > 0;
}

static bool signals_its_parent(void)
{
    return kill(victim, 0) == 0;
}

static bool signals_a_thread(void)
{
    return syscall(SYS_tgkill, victim, victim, 0) == 0;
}

static bool signals_in_an_old_way(void)
{
    return syscall(SYS_tkill, victim, 0) == 0;
}

static bool gets_hold_of_its_parent(void)
{
    return syscall(SYS_pidfd_open, victim, 0) >= 0;
}

static bool forks(void)
{
#ifdef __s390x__ /* which takes the stack first */
    const long child = syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0);
#else
    const long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
    if (child == 0) {
        _exit(0);
    }
    return child > 0;
}

static bool forks_in_a_new_way(void)
{
    uint64_t how[8] = {[4] = SIGCHLD};
    const long child = syscall(SYS_clone3, how, sizeof(how));
    if (child == 0) {
        _exit(0);
    }
    return child > 0;
}

static bool gets_a_ring(void)
{
    char parameters[120] = "";
    return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}

static bool gets_a_key(void)
{
    return syscall(SYS_keyctl, 0, -3, 1) >= 0; /* KEYCTL_GET_KEYRING_ID of the session */
}

static bool adds_a_key(void)
{
    return syscall(SYS_add_key, "user", "planted", "x", 1, -2) >= 0;
}

static bool loads_a_program(void)
{
    char attributes[128] = "";
    return syscall(SYS_bpf, 0, attributes, sizeof(attributes)) >= 0;
}

static bool mounts(void)
{
    return syscall(SYS_mount, "none", folder, "tmpfs", 0, NULL) == 0;
}

static bool leaves_its_namespace(void)
{
    return unshare(CLONE_NEWUSER) == 0;
}

static bool counts_events(void)
{
    char attributes[128] = "";
    return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0) >= 0;
}

static bool handles_faults(void)
{
    return syscall(SYS_userfaultfd, 1) >= 0;
}

static bool gets_a_file_in_memory(void)
{
    return memfd_create("planted", 0) >= 0;
}

static bool gets_memory_that_runs(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

static bool makes_memory_run(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool gets_another_descriptor(void)
{
    return dup(1) >= 0 || fcntl(1, F_DUPFD, 3) >= 0;
}

static bool gets_a_pipe(void)
{
    int ends[2];
    return pipe2(ends, 0) == 0;
}

static bool becomes_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool raises_a_limit(void)
{
    const struct rlimit more = {64, 64};
    return setrlimit(RLIMIT_NOFILE, &more) == 0;
}

static bool becomes_another_user(void)
{
    return setuid(65534) == 0;
}

static bool types_into_the_terminal(void)
{
    char key = '\n';
    return ioctl(0, TIOCSTI, &key) == 0;
}

static bool writes_elsewhere(void)
{
    return write(unrelated[1], "ACCEPTED", 8) > 0;
}

static bool reads_elsewhere(void)
{
    char byte;
    return read(unrelated[0], &byte, 1) > 0;
}

static bool watches_files(void)
{
    return syscall(SYS_inotify_init1, 0) >= 0;
}

#if defined(__x86_64__)
static bool calls_as_x32(void)
{
    return syscall(0x40000000L + SYS_getpid) > 0;
}

static bool calls_as_32_bits(void)
{
    long result = 20; /* getpid of i386 */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result > 0;
}
#endif

static const struct attempt {
    const char *name;
    bool (*gets)(void);
    const char *without; /* what is said where the kernel knows no such call; NULL: it does */
} attempts[] = {
#define ATTEMPT(function)                                                                          \
    {                                                                                              \
#function, function, NULL                                                                  \
    }
    ATTEMPT(gets_internet),
    ATTEMPT(gets_datagrams),
    ATTEMPT(gets_local_socket),
    ATTEMPT(gets_netlink),
    ATTEMPT(gets_a_pair),
    ATTEMPT(gets_a_program),
    ATTEMPT(gets_a_program_at),
    ATTEMPT(opens_a_file),
    ATTEMPT(opens_itself),
#ifndef __SANITIZE_ADDRESS__ /* which looks things up itself: Landlock alone says of what */
    ATTEMPT(opens_a_folder),
#endif
    ATTEMPT(opens_by_handle),
    ATTEMPT(opens_in_a_new_way),
    ATTEMPT(makes_a_file),
    ATTEMPT(makes_a_folder),
    ATTEMPT(removes_a_file),
    ATTEMPT(renames_a_file),
    ATTEMPT(changes_a_mode),
    ATTEMPT(looks_at_a_path),
    ATTEMPT(traces),
    ATTEMPT(traces_its_parent),
    ATTEMPT(reads_its_parent),
    ATTEMPT(signals_its_parent),
    ATTEMPT(signals_a_thread),
    ATTEMPT(signals_in_an_old_way),
    ATTEMPT(gets_hold_of_its_parent),
    ATTEMPT(forks),
    ATTEMPT(forks_in_a_new_way),
    ATTEMPT(gets_a_ring),
    ATTEMPT(gets_a_key),
    ATTEMPT(adds_a_key),
    ATTEMPT(loads_a_program),
    ATTEMPT(mounts),
    ATTEMPT(leaves_its_namespace),
    ATTEMPT(counts_events),
    ATTEMPT(handles_faults),
    ATTEMPT(gets_a_file_in_memory),
    ATTEMPT(gets_memory_that_runs),
    ATTEMPT(makes_memory_run),
    ATTEMPT(gets_another_descriptor),
    ATTEMPT(gets_a_pipe),
    ATTEMPT(becomes_dumpable),
    ATTEMPT(raises_a_limit),
    ATTEMPT(becomes_another_user),
    ATTEMPT(types_into_the_terminal),
    ATTEMPT(writes_elsewhere),
    ATTEMPT(reads_elsewhere),
    ATTEMPT(watches_files),
#if defined(__x86_64__)
    ATTEMPT(calls_as_x32),
    {"calls_as_32_bits", calls_as_32_bits, "the reading process died (signal 11)"},
#endif
};

/* Exit code 0 only where it got something: that is what the caller must not see. */
static int attempt(void *context, int in, int out)
{
    const struct attempt *planted = context;
    return in >= 0 && out >= 0 && planted->gets() ? 0 : 7;
}

static void set_up(void)
{
#ifdef __SANITIZE_ADDRESS__
    /* Its handler cannot open the log in a confined process, and ends that with the exit code that
     * tests/unit/memcheck.sh asks for: a death must stay one. */
    signal(SIGSEGV, SIG_DFL);
#endif
    victim = getpid();
    memcpy(secret, "the passphrase", 15);
    cr_assert_eq(pipe(unrelated), 0);
    cr_assert_eq(write(unrelated[1], "x", 1), 1);
    strcpy(folder, "/tmp/cretula-confine-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(outside, sizeof(outside), "%s.outside", folder);
    char path[96];
    snprintf(path, sizeof(path), "%s/there", folder);
    const int fd = open(path, O_CREAT | O_WRONLY, 0600);
    cr_assert_eq(write(fd, "1234", 4), 4);
    close(fd);
}

static void tear_down(void)
{
    cret_os_remove_tree(folder);
    cret_os_unlink(outside);
}

/* Ends with what cret_process_end says; false where the machine cannot confine. */
static enum cret_status run(cret_process_run function, void *context,
                            const struct cret_bounds *bounds, struct cret_err *err)
{
    const struct cret_process_work work = {.run = function, .context = context, .bounds = *bounds};
    struct cret_process *process = NULL;
    cr_assert_eq(cret_process_start(&process, &work, err), CRET_OK, "%s", err->what);
    cr_assert_str_eq(cret_process_confined(process)->missing, "");
    return cret_process_end(&process, CRET_LIMIT_END_MS, err);
}

Test(confine, what_is_taken_over_gets_nothing, .init = set_up, .fini = tear_down, .timeout = 60)
{
    SKIP_EMULATED("no Landlock, no seccomp");
    const struct cret_bounds none = CRET_BOUNDS_NONE;
    for (size_t i = 0; !under_valgrind() && i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        struct cret_err err = {0};
        cr_expect_eq(run(attempt, (void *)&attempts[i], &none, &err), CRET_FAILED, "%s",
                     attempts[i].name);
        cr_expect(strstr(err.what, "asked the system for what it must not do") != NULL ||
                      strcmp(err.what, "the reading process failed") == 0 ||
                      (attempts[i].without != NULL && strcmp(err.what, attempts[i].without) == 0),
                  "%s: %s", attempts[i].name, err.what);
    }
    struct stat info;
    cr_expect_eq(lstat(outside, &info), -1);
    char byte = 0;
    cr_expect_eq(read(unrelated[0], &byte, 1), 1);
    cr_expect_eq(byte, 'x', "nothing was written, and nothing was read");
}

/* What the attempts prove, they prove of confinement: most of them work without. */
Test(confine, the_attempts_are_real, .init = set_up, .fini = tear_down)
{
    static bool (*const harmless[])(void) = {
        gets_internet,          gets_local_socket,  gets_a_pair,
        opens_a_file,           opens_itself,       opens_a_folder,
        looks_at_a_path,        signals_its_parent, forks,
        gets_a_file_in_memory,  gets_a_pipe,        makes_memory_run,
        gets_another_descriptor};
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        cr_expect(harmless[i](), "%zu", i);
    }
    while (wait(NULL) > 0) {
    }
}

/* Inside of the folder it reads, and no more. */
static int reads_below(void *context, int in, int out)
{
    const int below = *(const int *)context;
    char path[96];
    if (in < 0 || out < 0 || openat(below, "there", O_RDONLY) < 0) {
        return 1;
    }
    snprintf(path, sizeof(path), "%s/there", folder);
    return openat(below, "there", O_RDWR) >= 0 || openat(below, "there", O_RDONLY | O_TRUNC) >= 0 ||
                   openat(below, "new", O_WRONLY | O_CREAT, 0600) >= 0 ||
                   openat(below, "../../etc/passwd", O_RDONLY) >= 0 ||
                   openat(AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0
               ? 2
               : 0;
}

/* Inside of the folder it makes files, and no more. */
static int writes_below(void *context, int in, int out)
{
    const int below = *(const int *)context;
    const int made = openat(below, "made", O_RDWR | O_CREAT | O_EXCL, 0644);
    if (in < 0 || out < 0 || made < 0 || write(made, "x", 1) != 1) {
        return 1;
    }
    return openat(below, "../made", O_WRONLY | O_CREAT, 0600) >= 0 ||
                   openat(AT_FDCWD, outside, O_WRONLY | O_CREAT, 0600) >= 0 ||
                   openat(AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0 ||
                   mkdirat(AT_FDCWD, "/tmp/cretula-confine-made", 0700) == 0
               ? 2
               : 0;
}

Test(confine, a_folder_is_the_whole_world, .init = set_up, .fini = tear_down)
{
    SKIP_EMULATED("no Landlock, no seccomp");
    int below = open(folder, O_RDONLY | O_DIRECTORY);
    const struct cret_bounds reads = {.reads_below = below, .writes_below = -1};
    const struct cret_bounds writes = {.reads_below = -1, .writes_below = below};
    struct cret_err err = {0};
    if (!under_valgrind()) {
        cr_expect_eq(run(reads_below, &below, &reads, &err), CRET_OK, "%s", err.what);
        cr_expect_eq(run(writes_below, &below, &writes, &err), CRET_OK, "%s", err.what);
    }
    close(below);
}

/* A file that it was given to read cannot be made longer. */
static int writes_what_it_reads(void *context, int in, int out)
{
    const int fd = *(const int *)context;
    return in >= 0 && out >= 0 && pwrite(fd, "x", 1, 100) < 0 ? 0 : 1;
}

Test(confine, no_file_grows, .init = set_up, .fini = tear_down)
{
    SKIP_EMULATED("no Landlock, no seccomp");
    int fd = open(outside, O_CREAT | O_RDWR, 0600);
    const struct cret_bounds bounds = {
        .kept = &fd, .kept_count = 1, .reads_below = -1, .writes_below = -1};
    struct cret_err err = {0};
    signal(SIGXFSZ, SIG_IGN);
    if (!under_valgrind()) {
        cr_expect_eq(run(writes_what_it_reads, &fd, &bounds, &err), CRET_OK, "%s", err.what);
    }
    close(fd);
}
