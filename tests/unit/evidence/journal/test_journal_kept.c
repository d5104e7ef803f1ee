/* SPDX-License-Identifier: Apache-2.0 */
/* The head that a writer leaves beside the lines: the last line is held to it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/journal/journal_internal.h"
#include "test_journal_support.h"

static char *folder;

static const struct run refused = {"REFUSED", "1.1", "PLC-1", NULL, 8, NULL, false, false, NULL};
static const struct run third = {"ACCEPTED", "1.2", "PLC-1", NULL, 9, NULL, false, false, "CMS"};

static void begin(void)
{
    folder = journal_folder_new();
}

static void end(void)
{
    journal_folder_remove(&folder);
}

static enum cret_status note(int64_t line, const char *stage, struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    const struct cret_journal_note what = {.line = line, .stage = stage, .asset = "PLC-2"};
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, err), CRET_OK);
    const enum cret_status status = cret_journal_append_note(journal, &what, err);
    cret_journal_free(&journal);
    return status;
}

/* A note whose writer was interrupted, or that was added by hand, says nothing. */
Test(journal_kept, note_that_was_not_finished_does_not_count, .init = begin, .fini = end)
{
    struct cret_err err;
    struct cret_journal *journal = NULL;
    struct cret_journal_history history;
    size_t size = 0;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &third);
    char *head = read_text(in_folder(folder, CRET_JOURNAL_HEAD), &size);
    cr_assert_eq(note(1, "deployed", &err), CRET_OK, "%s", err.what);
    write_text(in_folder(folder, CRET_JOURNAL_HEAD), head, size);
    free(head);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "was not finished");
    append_run(folder, NULL, &refused);
    cr_assert_eq(expect_sound(folder, NULL), 1);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_search(journal, "Example", "RTU-7", "PLC-2", NULL, &history, &err),
                 CRET_OK);
    cr_assert(!history.highest.given);
    cret_journal_free(&journal);
}

/* On a full disk a line may fit where the head does not: then no second line is written. */
Test(journal_kept, head_that_cannot_be_kept_stops_the_next_line, .init = begin, .fini = end)
{
    struct cret_err err;
    struct cret_journal *journal = NULL;
    size_t before = 0, after = 0;
    const char *lines = in_folder(folder, CRET_JOURNAL_FILE);
    const char *blocked = in_folder(folder, CRET_JOURNAL_HEAD_NEW);
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &third);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(mkdir(blocked, 0755), 0);
    cr_assert_neq(append_open(journal, &third, &err), CRET_OK);
    free(read_text(lines, &before));
    cr_assert_neq(cret_journal_withdraw(journal, 2, "not delivered", &err), CRET_OK);
    free(read_text(lines, &after));
    cr_assert_eq(before, after);
    cret_journal_free(&journal);
    cr_assert_eq(rmdir(blocked), 0);
    append_run(folder, NULL, &third);
    cr_assert_eq(expect_sound(folder, NULL), 2);
}

/* Two lines behind is no crash: the head is kept before each line. */
Test(journal_kept, head_two_lines_behind_is_named, .init = begin, .fini = end)
{
    struct cret_err err;
    size_t size = 0;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &third);
    char *head = read_text(in_folder(folder, CRET_JOURNAL_HEAD), &size);
    cr_assert_eq(note(1, "deployed", &err), CRET_OK, "%s", err.what);
    cr_assert_eq(note(1, "received", &err), CRET_OK, "%s", err.what);
    write_text(in_folder(folder, CRET_JOURNAL_HEAD), head, size);
    free(head);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "not end where their writer left them");
    struct cret_journal *journal = NULL;
    cr_assert_neq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "where their writer left them"), "%s", err.what);
}
