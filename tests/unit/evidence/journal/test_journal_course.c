/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a journal: kinds of lines, its end, continuation, rotation, the clock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "evidence/journal/journal_internal.h"
#include "filled.h"

static char *folder;

static void begin(void)
{
    folder = journal_folder_new();
}

static void end(void)
{
    journal_folder_remove(&folder);
}

Test(journal_course, as_of_another_time_and_example_keys_never_count, .init = begin, .fini = end)
{
    struct cret_err err;
    struct run at = run_first, example = run_first;
    at.at = true;
    example.example_keys = true;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &at);
    append_run(folder, NULL, &example);
    cr_assert_eq(expect_sound(folder, NULL), 0);
}

Test(journal_course, withdrawn_run_does_not_count, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_withdraw(journal, 1, "not delivered", &err), CRET_OK);
    cr_assert_eq(append_open(journal, &run_third, &err), CRET_OK);
    cr_assert_eq(cret_journal_withdraw(journal, 6, "not delivered", &err), CRET_OK);
    cret_journal_free(&journal);
    cr_assert_eq(expect_sound(folder, NULL), 1);
}

enum { NOW = -1 }; /* a note of what happens now */
static enum cret_status note(int64_t line, const char *stage, int64_t occurred,
                             struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    const struct cret_journal_note what = {
        .line = line, .stage = stage, .asset = "PLC-2", .occurred = {occurred != NOW, occurred}};
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, err), CRET_OK);
    const enum cret_status status = cret_journal_append_note(journal, &what, err);
    cret_journal_free(&journal);
    return status;
}

Test(journal_course, notes_are_about_runs, .init = begin, .fini = end)
{
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_neq(note(0, "received", NOW, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_neq(note(9, "received", NOW, &err), CRET_OK);
    cr_assert_neq(note(2, "deployed", NOW, &err), CRET_OK); /* a refused release */
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_neq(note(1, "deployed", 32500000000, &err), CRET_OK); /* in the future */
    cr_assert_eq(note(2, "received", NOW, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(note(3, "deployed", NOW, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(expect_sound(folder, NULL), 2);
}

Test(journal_course, history_knows_what_an_asset_runs, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_journal_history history;
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_eq(note(3, "deployed", NOW, &err), CRET_OK);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_search(journal, "Example", "RTU-7", "PLC-1",
                                     cret_journal_at(journal, 3)->identity, &history, &err),
                 CRET_OK);
    cr_assert(history.highest.given);
    cr_assert_eq(history.highest.value, 7); /* accepted there, but never deployed: 9 */
    cr_assert(history.accepted_before);
    cr_assert_eq(cret_journal_search(journal, "Example", "RTU-7", "PLC-2",
                                     cret_journal_at(journal, 2)->identity, &history, &err),
                 CRET_OK);
    cr_assert(history.highest.given);
    cr_assert_eq(history.highest.value, 9);
    cr_assert(!history.accepted_before); /* refused */
    cr_assert_str_eq(history.version, "1.2");
    cr_assert_eq(cret_journal_search(journal, "Example", "RTU-7", NULL, NULL, &history, &err),
                 CRET_OK);
    cr_assert(!history.highest.given);
    cr_assert_eq(cret_journal_search(journal, "Other", "RTU-7", "PLC-1", NULL, &history, &err),
                 CRET_OK);
    cr_assert(!history.highest.given);
    cret_journal_free(&journal);
}

Test(journal_course, nothing_follows_the_end, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_append_close(journal, "moved", &err), CRET_OK);
    cr_assert_neq(append_open(journal, &run_first, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cret_journal_free(&journal);
    journal_forge_line(folder, "ACCEPTED");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "after the journal had been closed");
}

Test(journal_course, there_is_one_journal_in_a_folder, .init = begin, .fini = end)
{
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_neq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
}

/* Continues the journal in `folder`; gives the new folder's name. */
static char *continue_journal(const struct cret_journal_witness *witness)
{
    struct cret_journal *old = NULL;
    struct cret_err err;
    char *next = cret_text_printf("%s-next", folder);
    cr_assert_eq(cret_journal_open(&old, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_append_close(old, NULL, &err), CRET_OK);
    cret_journal_free(&old);
    cr_assert_eq(cret_journal_open(&old, folder, CRET_JOURNAL_READ, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_create(next, witness, old, &err), CRET_OK, "%s", err.what);
    cret_journal_free(&old);
    return next;
}

Test(journal_course, continued_journal_remembers, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_journal_history history;
    struct cret_err err;
    struct memory_witness memory;
    memory_witness_begin(&memory, 5);
    journal_fill(folder, NULL);
    char *next = continue_journal(&memory.witness);
    append_run(next, &memory.witness, &run_second);
    cr_assert_eq(expect_sound(next, &memory.witness), 0);
    cr_assert_eq(cret_journal_open(&journal, next, CRET_JOURNAL_READ, &memory.witness, &err),
                 CRET_OK);
    cr_assert_not_null(cret_journal_earlier(journal));
    cr_assert_eq(cret_journal_search(journal, "Example", "RTU-7", "PLC-1", NULL, &history, &err),
                 CRET_OK);
    cr_assert(history.highest.given);
    cr_assert_eq(history.highest.value, 7);
    cret_journal_free(&journal);
    free(next);
}

Test(journal_course, changed_earlier_journal_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    char *next = continue_journal(NULL);
    char *old = folder;
    folder = cret_text_printf("%s/earlier", next);
    journal_edit(folder, "\"REFUSED\"", "\"ACCEPTED\"");
    expect_fault(next, NULL, CRET_CHECK_JOURNAL_CHAIN, "continues");
    cret_os_remove_tree(folder);
    struct cret_journal_report report;
    cr_assert_neq(cret_journal_verify(&report, next, NULL, NULL, NULL), CRET_OK);
    free(folder);
    folder = old;
    free(next);
}

Test(journal_course, exchanged_earlier_journal_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    journal_fill(folder, NULL);
    char *next = continue_journal(NULL);
    char *old = folder;
    folder = cret_text_printf("%s/earlier", next);
    journal_rearrange(folder, order, 3);
    expect_fault(next, NULL, CRET_CHECK_JOURNAL_CHAIN, "not the one that its first line names");
    free(folder);
    folder = old;
    free(next);
}

static void append_rotating(const struct cret_journal_witness *witness, const struct run *run)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, witness, &err), CRET_OK,
                 "%s", err.what);
    journal->rotate_bytes = 1000;
    cr_assert_eq(append_open(journal, run, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_journal_confirm(journal, &err), CRET_OK);
    cret_journal_free(&journal);
}

Test(journal_course, rotation_continues_the_chain, .init = begin, .fini = end)
{
    struct memory_witness memory;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    cr_assert_eq(cret_journal_create(folder, &memory.witness, NULL, &err), CRET_OK);
    for (size_t i = 0; i < 12; i++) {
        append_rotating(&memory.witness, i % 2 == 0 ? &run_first : &run_second);
        cr_assert_eq(expect_sound(folder, &memory.witness), i / 2 + 1);
    }
    cr_assert_eq(access(in_folder(folder, "journal-000002.jsonl"), F_OK), 0);
    cr_assert_eq(unlink(in_folder(folder, "journal-000001.jsonl")), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "deleted");
}

Test(journal_course, missing_current_file_is_named, .init = begin, .fini = end)
{
    struct cret_err err;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    for (size_t i = 0; i < 6; i++) {
        append_rotating(NULL, &run_first);
    }
    cr_assert_eq(unlink(in_folder(folder, CRET_JOURNAL_FILE)), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "belongs to no line");
}

Test(journal_course, clock_before_the_last_line_is_undecided, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    journal_fill(folder, NULL);
    journal_forge_line(folder, "REFUSED"); /* of the year 2999 */
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_neq(append_open(journal, &run_first, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "clock"));
    cret_journal_free(&journal);
}

Test(journal_course, hostile_texts_stay_on_their_line, .init = begin, .fini = end)
{
    struct cret_err err;
    char *longer = malloc(5001);
    memset(longer, 'x', 5000);
    longer[5000] = '\0';
    struct run run = run_first;
    run.asset = "a\"b\\c\nd\te \xc3\xa9";
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &run);
    run.asset = longer;
    append_run(folder, NULL, &run);
    cr_assert_eq(expect_sound(folder, NULL), 2);
    free(longer);
}
