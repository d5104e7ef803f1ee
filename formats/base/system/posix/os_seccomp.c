/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that a confined process may make: one table, made into a filter of the kernel
 * (seccomp(2)). What no row answers ends the process. Rows with an errno are for what libraries try
 * and do well without.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fsverity.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/system/posix/os_confine_internal.h"

/* The calls of one kind of processor have numbers of their own; a filter that judged those of
 * another would judge nothing. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FOREIGN_CALLS 0x40000000u /* x32: the same processor, other numbers */
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#ifdef ARCHITECTURE
/* Threads: as glibc and musl start them. Without all of these it would be a process. */
#define THREAD_FLAGS                                                                               \
    ((uint32_t)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | \
                CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID))

/* Opening that changes nothing. */
#define OPEN_CHANGES                                                                               \
    ((uint32_t)(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY)))

/* For whom a row is. */
enum { ALL = 0, READS = 1 << 0, WRITES = 1 << 1, CREATES = 1 << 2, SANITIZED = 1 << 3 };

/* Fits where (argument & mask) == value, in the lower 32 bits; mask 0 fits always. */
struct row {
    uint32_t call;
    uint16_t who;      /* one of these is enough */
    uint16_t error;    /* 0: the kernel answers */
    uint32_t argument; /* its place */
    uint32_t mask, value;
    bool self; /* the value is this process's id */
};

#define ALLOW(name)                                                                                \
    {                                                                                              \
        .call = __NR_##name                                                                        \
    }
#define ALLOW_FOR(name, whom)                                                                      \
    {                                                                                              \
        .call = __NR_##name, .who = (whom)                                                         \
    }
#define ALLOW_WHERE(name, place, bits, equal)                                                      \
    {                                                                                              \
        .call = __NR_##name, .argument = (place), .mask = (uint32_t)(bits),                        \
        .value = (uint32_t)(equal)                                                                 \
    }
#define ANSWER(name, number)                                                                       \
    {                                                                                              \
        .call = __NR_##name, .error = (number)                                                     \
    }

/* The first row of a call that fits counts. */
static const struct row rows[] = {
    ALLOW(read),
    ALLOW(pread64),
    ALLOW(write),
    ALLOW(pwrite64),
    ALLOW(futex),
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(madvise),
    ALLOW(mremap),
    ALLOW(close),
    ALLOW(lseek),
    ALLOW(fstat),
    ALLOW(readv),
    ALLOW(writev),
    ALLOW(clock_gettime),
    ALLOW(getrandom),
    ALLOW(fadvise64),
    /* Memory, never to run what it holds. */
    ALLOW_WHERE(mmap, 2, PROT_EXEC, 0),
    ALLOW_WHERE(mprotect, 2, PROT_EXEC, 0),
    /* Threads. clone3 hides its flags from a filter: libraries fall back to clone. */
    ANSWER(clone3, ENOSYS),
    ALLOW_WHERE(clone, 0, ~0x00400000u, THREAD_FLAGS), /* CLONE_DETACHED: musl */
    ALLOW(set_robust_list),
#ifdef __NR_rseq
    ALLOW(rseq),
#endif
    ALLOW(sched_yield),
    ALLOW(sched_getaffinity),
    ALLOW(gettid),
    ALLOW(exit),
    ALLOW(exit_group),
    /* Signals to itself: abort(). */
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(sigaltstack),
    ALLOW(restart_syscall),
    {.call = __NR_tgkill, .argument = 0, .mask = ~0u, .self = true},
    /* Who and where it is. */
    ALLOW(getpid),
    ALLOW(getppid),
    ALLOW(getuid),
    ALLOW(geteuid),
    ALLOW(getgid),
    ALLOW(getegid),
    ALLOW(sysinfo),
    ALLOW(uname),
    /* Clocks, waiting. */
    ALLOW(gettimeofday),
    ALLOW(clock_getres),
    ALLOW(clock_nanosleep),
    ALLOW(nanosleep),
    ALLOW(ppoll),
#ifdef __NR_poll
    ALLOW(poll),
#endif
#ifdef __NR_time
    ALLOW(time),
#endif
    /* What a kernel measured of a file; terminals are asked about by what buffers streams. */
    ALLOW_WHERE(ioctl, 1, ~0u, FS_IOC_MEASURE_VERITY),
    ANSWER(ioctl, ENOTTY),
    ALLOW_WHERE(fcntl, 1, ~0u, F_GETFD),
    ALLOW_WHERE(fcntl, 1, ~0u, F_SETFD),
    ALLOW_WHERE(fcntl, 1, ~0u, F_GETFL),
    ANSWER(fcntl, EPERM),
    /* Descriptors are looked at by an empty path. */
    ALLOW_FOR(newfstatat, READS | CREATES),
    ALLOW_WHERE(newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH),
    ALLOW_FOR(statx, READS | CREATES),
    ALLOW_WHERE(statx, 2, AT_EMPTY_PATH, AT_EMPTY_PATH),
    ANSWER(newfstatat, EACCES),
    ANSWER(statx, EACCES),
    /* Files: Landlock says which. */
    ALLOW_FOR(openat, CREATES | SANITIZED),
    {.call = __NR_openat, .who = READS, .argument = 2, .mask = OPEN_CHANGES},
    ALLOW_FOR(mkdirat, CREATES),
    ALLOW_FOR(getdents64, READS),
    ALLOW_FOR(readlinkat, READS),
    ALLOW_FOR(faccessat, READS),
    ALLOW_FOR(getcwd, READS),
    ALLOW_FOR(ftruncate, WRITES | CREATES),
    ALLOW_FOR(fallocate, WRITES | CREATES),
    ALLOW_FOR(fsync, WRITES | CREATES),
#ifdef __NR_sync_file_range
    ALLOW_FOR(sync_file_range, WRITES),
#endif
    ANSWER(openat, EACCES),
    ANSWER(readlinkat, EACCES),
    ANSWER(faccessat, EACCES),
    ANSWER(getcwd, EACCES),
#ifdef __NR_open
    ANSWER(open, EACCES),
    ANSWER(stat, EACCES),
    ANSWER(lstat, EACCES),
    ANSWER(access, EACCES),
    ANSWER(readlink, EACCES),
#endif
    ANSWER(prctl, EINVAL),
    ANSWER(prlimit64, EPERM),
#if CRET_CONFINE_SANITIZED
    ALLOW_FOR(personality, SANITIZED),
#endif
};

/* A filter halves the calls until so few are left that asking for each of them is as quick. */
enum { FEW = 4 };
enum { ROWS = CRET_LENGTH(rows), HEAD = 6, PER_ROW = 6, PER_HALVING = 1, TAIL = 1 };

struct program {
    struct sock_filter code[HEAD + (PER_ROW + PER_HALVING + TAIL) * ROWS];
    unsigned short size;
    bool too_far; /* a jump does not reach its end */
};

static void add(struct program *program, struct sock_filter instruction)
{
    program->code[program->size++] = instruction;
}

static void load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Goes on with the next instruction where they are equal, else behind `skip` more. */
static void unless_equal(struct program *program, uint32_t value, uint8_t skip)
{
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip));
}

static void answer(struct program *program, uint32_t action)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The lower half of an argument. */
static size_t argument_at(uint32_t place)
{
    const size_t half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(uint32_t) : 0;
    return offsetof(struct seccomp_data, args) + place * sizeof(uint64_t) + half;
}

static uint32_t action_of(const struct row *row)
{
    return row->error != 0 ? SECCOMP_RET_ERRNO | row->error : (uint32_t)SECCOMP_RET_ALLOW;
}

static void add_row(struct program *program, const struct row *row)
{
    const uint32_t action = action_of(row);
    if (row->mask == 0) {
        unless_equal(program, row->call, 1);
        answer(program, action);
        return;
    }
    unless_equal(program, row->call, 5);
    load(program, argument_at(row->argument));
    add(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, row->mask));
    unless_equal(program, row->self ? (uint32_t)getpid() : row->value, 1);
    answer(program, action);
    load(program, offsetof(struct seccomp_data, nr));
}

/* Those that count for this process, by call; rows of one call stay in their order. */
static size_t choose(const struct row *ret_list[ROWS], unsigned who)
{
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        size_t at = count;
        if (rows[i].who != ALL && (rows[i].who & who) == 0) {
            continue;
        }
        for (; at > 0 && ret_list[at - 1]->call > rows[i].call; at--) {
            ret_list[at] = ret_list[at - 1];
        }
        ret_list[at] = &rows[i];
        count++;
    }
    return count;
}

/* The place nearest to the middle that keeps rows of one call together; 0 or count: there is none.
 */
static size_t middle(const struct row *const *list, size_t count)
{
    size_t at = count / 2;
    while (at > 0 && at < count && list[at - 1]->call == list[at]->call) {
        at++;
    }
    return at;
}

/* Are these rows of different calls that all get the same answer, whatever the arguments? */
static bool alike(const struct row *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i]->mask != 0 || list[i]->error != list[0]->error ||
            (i > 0 && list[i]->call == list[i - 1]->call)) {
            return false;
        }
    }
    return true;
}

/* What is left of a halving. */
static void add_few(struct program *program, const struct row *const *list, size_t count)
{
    if (count <= FEW && alike(list, count)) {
        for (size_t i = 0; i < count; i++) { /* to the answer behind the end of the others */
            add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, list[i]->call,
                                                      (uint8_t)(count - i), 0));
        }
        answer(program, SECCOMP_RET_KILL_PROCESS);
        answer(program, action_of(list[0]));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_row(program, list[i]);
    }
    answer(program, SECCOMP_RET_KILL_PROCESS);
}

/* The kernel runs a new filter for each call that there is, to know which ones it always allows:
 * one row after the other would cost a short run more than all that is filtered. The depth is
 * bounded by the number of rows. */
static void add_rows(struct program *program, const struct row *const *list, size_t count)
{
    const size_t half = middle(list, count);
    if (count <= FEW || half == 0 || half == count) {
        add_few(program, list, count);
        return;
    }
    const unsigned short at = program->size;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, list[half]->call, 0, 0));
    add_rows(program, list, half);
    const unsigned skip = program->size - at - 1u; /* from the middle on: behind the lower half */
    program->code[at].jt = (uint8_t)skip;
    program->too_far = program->too_far || skip > UINT8_MAX;
    add_rows(program, &list[half], count - half);
}

static void make(struct program *program, unsigned who)
{
    const struct row *list[ROWS];
    load(program, offsetof(struct seccomp_data, arch));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
#ifdef FOREIGN_CALLS
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_CALLS, 0, 1));
    answer(program, SECCOMP_RET_KILL_PROCESS);
#endif
    add_rows(program, list, choose(list, who));
}

int cret_os_seccomp(const struct cret_bounds *bounds)
{
    struct program program = {.size = 0};
    const unsigned who = (bounds->reads_below >= 0 || bounds->reads_paths ? READS : 0u) |
                         (bounds->writes ? WRITES : 0u) |
                         (bounds->writes_below >= 0 ? CREATES : 0u) |
                         (CRET_CONFINE_SANITIZED ? SANITIZED : 0u);
    make(&program, who);
    if (program.too_far) {
        return -E2BIG;
    }
    const struct sock_fprog filter = {.len = program.size, .filter = program.code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) {
        return -errno;
    }
    return 0;
}
#else
int cret_os_seccomp(const struct cret_bounds *bounds)
{
    return bounds == NULL ? -EINVAL : -ENOSYS; /* nobody wrote down this processor's calls */
}
#endif
