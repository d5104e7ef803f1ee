/* SPDX-License-Identifier: Apache-2.0 */
/* Processes, secrets and the terminal they are asked on, and what is known of the machine. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/process.h"

/* Waits for a child as long as it takes. */
static enum cret_status wait_for(pid_t child, bool *ret_exited, int *ret_code)
{
    bool ended = false;
    const enum cret_status status =
        cret_os_wait_until(child, UINT64_MAX, &ended, ret_exited, ret_code, NULL);
    return status == CRET_OK && ended ? CRET_OK : CRET_FAILED;
}

Test(os_process, children_are_told_apart_by_how_they_end)
{
    pid_t child = -1;
    bool exited = false;
    int code = -1;
    cr_assert_eq(cret_os_fork(&child, NULL, NULL), CRET_OK);
    if (child == 0) {
        cret_os_exit_now(7);
    }
    cr_assert_eq(wait_for(child, &exited, &code), CRET_OK);
    cr_assert(exited && code == 7);
    cr_assert_eq(cret_os_fork(&child, NULL, NULL), CRET_OK);
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    cret_os_kill(child);
    cr_assert_eq(wait_for(child, &exited, &code), CRET_OK);
    cr_assert(!exited && code == SIGKILL);
    cr_assert_eq(wait_for(child, &exited, &code), CRET_FAILED, "there is none any more");
    cret_os_kill(0);
    cret_os_kill(-1);
}

Test(os_process, a_pipe_hangs_up_when_its_last_writer_is_gone)
{
    int ends[2], copy = -1;
    cr_assert_eq(cret_os_pipe(&ends[0], &ends[1], NULL), CRET_OK);
    copy = dup(ends[1]);
    cr_assert_eq(cret_os_write(ends[1], "x", 1, NULL), CRET_OK);
    cr_assert(!cret_os_hung_up(ends[0]));
    cret_os_close(&ends[1]);
    cr_assert(!cret_os_hung_up(ends[0]), "another one writes");
    cret_os_close(&copy);
    cr_assert(cret_os_hung_up(ends[0]), "what was written waits there all the same");
    cret_os_close(&ends[0]);
}

/* Whether this process holds what the other one says. */
static int holds_nothing(void *context, int in, int out)
{
    const struct cret_process *other = context;
    const int results = cret_process_results(other), orders = cret_process_orders(other);
    if (results == in || results == out || orders == in || orders == out) {
        return 2;
    }
    return fcntl(results, F_GETFD) < 0 && fcntl(orders, F_GETFD) < 0 ? 0 : 1;
}

static int waits(void *context, int in, int out)
{
    char byte = 0;
    size_t got = 0;
    return context == NULL && out >= 0 && cret_os_read(in, &byte, 1, &got, NULL) == CRET_OK ? 0 : 1;
}

static enum cret_status start(struct cret_process **ret_process, cret_process_run run,
                              void *context)
{
    struct cret_process_work work = {.run = run, .context = context, .bounds = CRET_BOUNDS_NONE};
    work.bounds.allow_unconfined = child_may_be_unconfined();
    return cret_process_start(ret_process, &work, NULL);
}

Test(os_process, a_child_lets_go_of_what_another_one_says)
{
    struct cret_process *first = NULL, *second = NULL;
    cr_assert_eq(start(&first, waits, NULL), CRET_OK);
    cr_assert_eq(start(&second, holds_nothing, first), CRET_OK);
    cr_assert_eq(cret_process_end(&second, CRET_LIMIT_END_MS, NULL), CRET_OK);
    cr_assert_eq(cret_process_end(&first, CRET_LIMIT_END_MS, NULL), CRET_OK);
}

static enum cret_status read_secret(const char *input, size_t input_size, char *out, size_t size,
                                    size_t *ret_left, struct cret_err *err)
{
    int ends[2];
    char rest[64];
    cr_assert_eq(cret_os_pipe(&ends[0], &ends[1], NULL), CRET_OK);
    cr_assert_eq(cret_os_write(ends[1], input, input_size, NULL), CRET_OK);
    cret_os_close(&ends[1]);
    enum cret_status status = cret_os_read_secret_fd(out, size, ends[0], err);
    cr_assert_eq(cret_os_read(ends[0], rest, sizeof(rest), ret_left, NULL), CRET_OK);
    cret_os_close(&ends[0]);
    return status;
}

Test(os_process, a_secret_is_one_line_and_nothing_after_it_is_taken)
{
    static const struct {
        const char *input, *secret;
        size_t left;
    } rows[] = {{"1234\n", "1234", 0},      {"1234", "1234", 0}, {"1234\r\n", "1234", 0},
                {"a b\nnext\n", "a b", 5},  {"\nx", "", 1},      {"", "", 0},
                {"1234567\n", "1234567", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[8];
        size_t left = 99;
        cr_assert_eq(
            read_secret(rows[i].input, strlen(rows[i].input), out, sizeof(out), &left, NULL),
            CRET_OK);
        cr_assert_str_eq(out, rows[i].secret);
        cr_assert_eq(left, rows[i].left, "%s", rows[i].input);
    }
}

Test(os_process, a_secret_that_does_not_fit_is_wiped)
{
    char out[8];
    size_t left = 0;
    struct cret_err err = {0};
    cr_assert_eq(read_secret("12345678\n", 9, out, sizeof(out), &left, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_arr_eq(out, "\0\0\0\0\0\0\0", 8);
    cr_assert_eq(read_secret("12\0"
                             "4\n",
                             5, out, sizeof(out), &left, &err),
                 CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_arr_eq(out, "\0\0\0\0\0\0\0", 8);
    cr_assert_null(strstr(err.what, "12"), "a secret is not quoted");
}

Test(os_process, no_terminal_no_prompt)
{
    char out[8] = "";
    struct cret_err err = {0};
    cr_assert_geq(setsid(), -1);
    cr_assert_eq(cret_os_prompt_secret(out, sizeof(out), "PIN: ", &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_not_null(strstr(err.hint, "--pin-fd"));
}
/* A child with a terminal of its own asks for a secret. *ret_shown gets what the terminal showed.
 */
static int prompt_on_terminal(const char *typed, char *ret_shown, size_t size)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), code = -1;
    bool exited = false;
    pid_t child = -1;
    size_t shown = 0;
    cr_assert(grantpt(master) == 0 && unlockpt(master) == 0);
    cr_assert_eq(cret_os_fork(&child, NULL, NULL), CRET_OK);
    if (child == 0) {
        char out[16] = "";
        setsid();
        signal(SIGINT, SIG_DFL); /* a background job inherits it ignored */
        int terminal = open(ptsname(master), O_RDWR | O_CLOEXEC); /* the controlling one now */
        struct termios before, after;
        if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
            cret_os_exit_now(90);
        }
        enum cret_status status = cret_os_prompt_secret(out, sizeof(out), "PIN: ", NULL);
        if (tcgetattr(terminal, &after) != 0 || after.c_lflag != before.c_lflag) {
            cret_os_exit_now(91);
        }
        cret_os_exit_now(status == CRET_OK && strcmp(out, "1234") == 0 ? 0 : 1);
    }
    /* Nothing is typed before prompt and silence: what came before would be flushed. */
    while (strstr(ret_shown, "PIN: ") == NULL) {
        ssize_t got = read(master, ret_shown + shown, size - 1 - shown);
        cr_assert_gt(got, 0);
        shown += (size_t)got;
        ret_shown[shown] = '\0';
    }
    struct termios state;
    do {
        cr_assert_eq(tcgetattr(master, &state), 0);
        sched_yield();
    } while (state.c_lflag & ECHO);
    cr_assert_eq(write(master, typed, strlen(typed)), (ssize_t)strlen(typed));
    cr_assert_eq(wait_for(child, &exited, &code), CRET_OK);
    for (ssize_t got = 1; got > 0 && shown + 1 < size; shown += got > 0 ? (size_t)got : 0) {
        got = read(master, ret_shown + shown, size - 1 - shown);
    }
    ret_shown[shown] = '\0';
    cret_os_close(&master);
    return exited ? code : 1000 + code;
}

Test(os_process, a_secret_is_not_shown_while_it_is_typed)
{
    char shown[256] = "";
    cr_assert_eq(prompt_on_terminal("1234\n", shown, sizeof(shown)), 0);
    cr_assert_not_null(strstr(shown, "PIN: "));
    cr_assert_null(strstr(shown, "1234"), "%s", shown);
}

Test(os_process, an_interrupted_prompt_ends_the_program)
{
    char shown[256] = "";
    cr_assert_eq(prompt_on_terminal("12\003", shown, sizeof(shown)), 1000 + SIGINT);
}

/* Into a folder that holds no device, as a root of its own where it is none already. */
static bool enter(const char *bare)
{
    return (geteuid() == 0 || unshare(CLONE_NEWUSER) == 0) && chroot(bare) == 0 && chdir("/") == 0;
}

/* A stream of a hardened process that was closed: it is there, no file, and not for its purpose. */
static bool is_occupied(int fd)
{
    char byte = 'x';
    const ssize_t done = fd == STDIN_FILENO ? read(fd, &byte, 1) : write(fd, &byte, 1);
    const int error = errno;
    return done == -1 && error == EBADF && fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* What a confined process may read and print: nothing, which ends or fails at once. */
static int hears_nothing(void *context, int in, int out)
{
    const bool *bare = context;
    char byte = 'x';
    if (in <= STDERR_FILENO || out <= STDERR_FILENO) {
        return 40;
    }
    if (read(STDIN_FILENO, &byte, 1) != 0) {
        return 41;
    }
    const ssize_t done = write(STDOUT_FILENO, &byte, 1);
    return (*bare ? done == -1 && errno == EPIPE : done == 1) ? 0 : 42;
}

/* What is opened next gets none of their numbers, and nothing else stays open for them. */
static int harden_with_closed(unsigned closed, const char *bare)
{
    bool is_bare = bare != NULL;
    struct cret_process *process = NULL;
    if (is_bare && !enter(bare)) {
        return 77;
    }
    close_range(0, ~0u, CLOSE_RANGE_CLOEXEC);
    const int before = fcntl(STDERR_FILENO, F_DUPFD, STDERR_FILENO + 1);
    close(before);
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if ((closed >> fd & 1) != 0) {
            close(fd);
        }
    }
    cret_os_harden();
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if ((closed >> fd & 1) != 0 && !is_occupied(fd)) {
            return 10 + fd;
        }
    }
    const int next = fcntl(STDERR_FILENO, F_DUPFD, 0);
    if (next != before) {
        return 20;
    }
    close(next);
    if (start(&process, hears_nothing, &is_bare) != CRET_OK) {
        return 30;
    }
    return cret_process_end(&process, CRET_LIMIT_END_MS, NULL) == CRET_OK ? 0 : 31;
}

Test(os_process, closed_standard_streams_are_taken_without_a_device_too)
{
    char bare[] = "/tmp/cretula-bare-XXXXXX";
    bool has_root = true;
    cr_assert_not_null(mkdtemp(bare));
    for (unsigned row = 0; row < 16 && has_root; row++) {
        pid_t child = -1;
        bool exited = false;
        int code = -1;
        cr_assert_eq(cret_os_fork(&child, NULL, NULL), CRET_OK);
        if (child == 0) {
            cret_os_exit_now(harden_with_closed(row & 7, row >= 8 ? bare : NULL));
        }
        cr_assert_eq(wait_for(child, &exited, &code), CRET_OK);
        has_root = code != 77;
        cr_expect(!has_root || (exited && code == 0), "row %u: %d", row, code);
    }
    cr_assert_eq(rmdir(bare), 0);
    if (!has_root) {
        cr_skip("SKIPPED: no root of its own to be had here");
    }
}

Test(os_process, facts_about_the_process)
{
    char name[256], small[2], magic[4];
    uint8_t one[32] = {0}, two[32] = {0};
    size_t got = 0;
    int fd = -1;
    cr_assert_gt(cret_os_now(), 1700000000);
    cr_assert_gt(cret_os_monotonic_ms(), 0);
    cr_assert_geq(cret_os_cores(), 1);
    cr_assert_eq(cret_os_random(one, sizeof(one), NULL), CRET_OK);
    cr_assert_eq(cret_os_random(two, sizeof(two), NULL), CRET_OK);
    cr_assert_arr_neq(one, two, 32);
    cret_os_user_name(name, sizeof(name));
    cr_assert_gt(strlen(name), 0);
    cret_os_host_name(name, sizeof(name));
    cr_assert_gt(strlen(name), 0);
    cret_os_host_name(small, sizeof(small));
    cr_assert_eq(strlen(small), 1);
    cr_assert_eq(cret_os_open_program(&fd, NULL), CRET_OK);
    cr_assert_eq(cret_os_read(fd, magic, sizeof(magic), &got, NULL), CRET_OK);
    cr_assert_arr_eq(magic, "\177ELF", sizeof(magic));
    cret_os_close(&fd);
    setenv("CRET_TEST", "x", 1);
    cr_assert_str_eq(cret_os_environment("CRET_TEST"), "x");
    cr_assert_null(cret_os_environment("CRET_TEST_NONE"));
}
