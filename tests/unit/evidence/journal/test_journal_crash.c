/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interruptions. A child appends a run and is killed (SIGKILL, by ptrace) at the entry and at the
 * exit of each of its system calls in turn; a torn last line is cut at each of its bytes. Whatever
 * is left: the next run goes on, what was reported as accepted counts, and nothing else does.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "evidence/journal/journal_internal.h"
#include "test_journal_support.h"

static char *folder;

static const struct run first = {"ACCEPTED", "1.0", "PLC-1", "deployed", 7,
                                 NULL,       false, false,   "S"};
static const struct run next = {"ACCEPTED", "1.1", "PLC-1", NULL, 8, NULL, false, false, "T"};
static const struct run refused = {"REFUSED", "1.2", "PLC-1", NULL, 9, NULL, false, false, NULL};

static void begin(void)
{
    folder = journal_folder_new();
}

static void end(void)
{
    journal_folder_remove(&folder);
}

/* Shared with the child: what survives its death. */
struct shared {
    struct memory_witness memory; /* stands for the TPM, which does not die with the process */
    bool reported;                /* the run was reported as accepted */
};

/* What a run does, from opening to the report. Returns the exit code. */
static int work(struct shared *shared, const struct cret_journal_witness *witness,
                uint64_t rotate_bytes)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    if (cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, witness, &err) != CRET_OK) {
        return 1;
    }
    journal->rotate_bytes = rotate_bytes;
    if (append_open(journal, &next, &err) != CRET_OK ||
        cret_journal_confirm(journal, &err) != CRET_OK ||
        keep_signature(journal, &err) != CRET_OK) {
        return 2;
    }
    shared->reported = true;
    cret_journal_free(&journal);
    return 0;
}

/* Runs work() in a child that is killed at its stop number `stop` (two for each system call). True
 * where it was killed; false where it ended by itself before. */
static bool kill_at(struct shared *shared, const struct cret_journal_witness *witness,
                    uint64_t rotate_bytes, size_t stop)
{
    int status = 0;
    const pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) {
            _exit(77);
        }
        raise(SIGSTOP);
        _exit(work(shared, witness, rotate_bytes));
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        cr_skip_test("ptrace is not permitted here");
    }
    cr_assert(WIFSTOPPED(status));
    for (size_t i = 0; i < stop; i++) {
        cr_assert_eq(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
        cr_assert_eq(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            cr_assert_eq(WEXITSTATUS(status), 0, "the run failed by itself");
            return false;
        }
        cr_assert(WIFSTOPPED(status));
    }
    cr_assert_eq(kill(child, SIGKILL), 0);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status));
    return true;
}

/* Records that have the name of an accepted run, and their signature: all runs here sign. */
static size_t accepted_records(void)
{
    char **names = NULL;
    size_t count = 0, found = 0;
    int fd = -1;
    cr_assert_eq(cret_os_open_directory(&fd, in_folder(folder, "records"), NULL), CRET_OK);
    cr_assert_eq(cret_os_list(&names, &count, fd, NULL), CRET_OK);
    for (size_t i = 0; i < count; i++) {
        found += strstr(names[i], "-accepted-") != NULL && strstr(names[i], ".json.p7s") != NULL;
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    return found;
}

/*
 * After the interruption: one more run, and the books must balance. A run counts from the moment in
 * which its record has its signature, which is the last thing before it is reported: what was
 * reported counts, and what counts has its record and its signature.
 */
static void go_on(const struct shared *shared, const struct cret_journal_witness *witness,
                  size_t before, size_t stop)
{
    const size_t records = accepted_records();
    append_run(folder, witness, &refused);
    const size_t accepted = expect_sound(folder, witness);
    cr_assert_eq(accepted, records, "stop %zu: %zu count, %zu records", stop, accepted, records);
    cr_assert_eq(accepted_records(), records);
    cr_assert(!shared->reported || accepted == before + 1, "stop %zu: an accepted run is lost",
              stop);
    cr_assert_leq(accepted, before + 1);
}

static void kill_everywhere(bool with_witness, uint64_t rotate_bytes, size_t runs, size_t minimum)
{
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(shared, MAP_FAILED);
    size_t stop = 1;
    for (bool killed = true; killed; stop++) {
        struct cret_err err;
        memory_witness_begin(&shared->memory, 9);
        shared->memory.attests = true;
        shared->reported = false;
        const struct cret_journal_witness *witness = with_witness ? &shared->memory.witness : NULL;
        cret_os_remove_tree(folder);
        cr_assert_eq(cret_journal_create(folder, witness, NULL, &err), CRET_OK);
        for (size_t i = 0; i < runs; i++) {
            append_run(folder, witness, &first);
        }
        killed = kill_at(shared, witness, rotate_bytes, stop);
        go_on(shared, witness, runs, stop);
    }
    cr_assert_gt(stop, minimum, "only %zu stops: the child did not do its work", stop);
    cr_assert(shared->reported);
    munmap(shared, sizeof(*shared));
}

Test(journal_crash, killed_at_each_system_call, .init = begin, .fini = end)
{
    kill_everywhere(false, CRET_JOURNAL_ROTATE_BYTES, 1, 80);
}

Test(journal_crash, killed_at_each_system_call_with_a_witness, .init = begin, .fini = end)
{
    kill_everywhere(true, CRET_JOURNAL_ROTATE_BYTES, 1, 80);
}

Test(journal_crash, killed_at_each_system_call_of_a_rotation, .init = begin, .fini = end)
{
    kill_everywhere(true, 500, 2, 100);
}

/* The repair is interrupted as well: at one stop of the run, then at each stop of the next one. */
Test(journal_crash, killed_while_marking_what_was_killed, .init = begin, .fini = end)
{
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(shared, MAP_FAILED);
    for (int with_witness = 0; with_witness < 2; with_witness++) {
        size_t repaired = 0;
        for (size_t stop = 1;; stop += 2) {
            struct cret_err err;
            memory_witness_begin(&shared->memory, 9);
            shared->memory.attests = true;
            shared->reported = false;
            const struct cret_journal_witness *witness =
                with_witness != 0 ? &shared->memory.witness : NULL;
            cret_os_remove_tree(folder);
            cr_assert_eq(cret_journal_create(folder, witness, NULL, &err), CRET_OK);
            append_run(folder, witness, &first);
            struct cret_journal *journal = NULL;
            cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, witness, &err),
                         CRET_OK);
            cr_assert_eq(append_open(journal, &next, &err), CRET_OK);
            cret_journal_free(&journal); /* as after a crash: appended, never confirmed */
            const bool killed = kill_at(shared, witness, CRET_JOURNAL_ROTATE_BYTES, stop);
            go_on(shared, witness, 1, stop);
            repaired++;
            if (!killed) {
                break;
            }
        }
        cr_assert_gt(repaired, 40);
    }
    munmap(shared, sizeof(*shared));
}

/* A power cut can leave any beginning of the last line, with zeros behind it. */
static void tear(bool with_witness, size_t zeros)
{
    struct memory_witness memory;
    struct cret_err err;
    memory_witness_begin(&memory, 9);
    const struct cret_journal_witness *witness = with_witness ? &memory.witness : NULL;
    cr_assert_eq(cret_journal_create(folder, witness, NULL, &err), CRET_OK);
    append_run(folder, witness, &first);
    const struct memory_witness before = memory;
    size_t kept = 0, size = 0, head_size = 0;
    const char *name = in_folder(folder, CRET_JOURNAL_FILE);
    free(read_text(name, &kept));
    /* The head is kept after the line is on the disk: not yet, when that is torn. */
    char *head = read_text(in_folder(folder, CRET_JOURNAL_HEAD), &head_size);
    char *copy = cret_text_printf("%s-copy", folder);
    struct cret_journal *journal = NULL;
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, witness, &err), CRET_OK);
    cr_assert_eq(append_open(journal, &next, &err), CRET_OK);
    cret_journal_free(&journal);
    copy_tree(folder, copy);
    for (size_t cut = kept; cut < kept + 2000; cut++) {
        memory = before;
        memory.witness.context = &memory;
        cret_os_remove_tree(folder);
        copy_tree(copy, folder);
        name = in_folder(folder, CRET_JOURNAL_FILE);
        char *text = read_text(name, &size);
        if (cut > size) {
            free(text);
            break;
        }
        char *torn = calloc(1, cut + zeros + 1);
        memcpy(torn, text, cut);
        write_text(name, torn, cut + zeros);
        write_text(in_folder(folder, CRET_JOURNAL_HEAD), head, head_size);
        free(torn);
        free(text);
        append_run(folder, witness, &refused);
        cr_assert_eq(expect_sound(folder, witness), 1, "cut at %zu of %zu", cut - kept,
                     size - kept);
    }
    cr_assert_gt(size, kept + 300);
    free(head);
    free(copy);
}

Test(journal_crash, torn_at_each_byte, .init = begin, .fini = end)
{
    tear(false, 0);
}

Test(journal_crash, torn_at_each_byte_with_a_witness, .init = begin, .fini = end)
{
    tear(true, 0);
}

Test(journal_crash, torn_with_zeros_behind, .init = begin, .fini = end)
{
    tear(true, 512);
}

Test(journal_crash, torn_line_is_named_before_it_is_marked, .init = begin, .fini = end)
{
    struct cret_err err;
    size_t size = 0;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &first);
    char *text = read_text(in_folder(folder, CRET_JOURNAL_FILE), &size);
    write_text(in_folder(folder, CRET_JOURNAL_FILE), text, size - 20);
    free(text);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "not complete");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 2");
}

/* --- several at once --- */

enum { WRITERS = 6, RUNS = 8 };

Test(journal_crash, no_line_is_lost_between_processes, .init = begin, .fini = end)
{
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct cret_err err;
    cr_assert_neq(shared, MAP_FAILED);
    memory_witness_begin(&shared->memory, 9);
    cr_assert_eq(cret_journal_create(folder, &shared->memory.witness, NULL, &err), CRET_OK);
    for (int i = 0; i < WRITERS; i++) {
        const pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            int code = 0;
            for (int j = 0; j < RUNS && code == 0; j++) {
                code = work(shared, &shared->memory.witness, CRET_JOURNAL_ROTATE_BYTES);
            }
            _exit(code);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;
        cr_assert_gt(wait(&status), 0);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_assert_eq(expect_sound(folder, &shared->memory.witness), WRITERS * RUNS);
    munmap(shared, sizeof(*shared));
}
