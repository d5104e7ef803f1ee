/* SPDX-License-Identifier: Apache-2.0 */
/* What of a changed journal is found, and named. */
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

Test(journal, accepted_and_refused_runs_are_sound, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    cr_assert_eq(expect_sound(folder, NULL), 2);
}

Test(journal, edited_line_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\"REFUSED\"", "\"ACCEPTED\"");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "edited");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3 (number 2)");
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 3 (number 2)");
    expect_closed(folder, CRET_JOURNAL_READ, NULL, CRET_ERR_UNDECIDED, "edited");
}

Test(journal, edited_link_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\"number\":3", "\"number\":9");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 4");
}

Test(journal, edited_genesis_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\"witness\":\"none\"", "\"witness\":\"none\",\"x\":1");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 1 (number 0)");
}

Test(journal, damaged_line_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\"number\":2,", "\"number\":2;");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3");
}

Test(journal, edited_last_line_is_found_by_its_record, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\"number\":4,", "\"number\":4,\"asset\":\"PLC-9\",");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 5 (number 4)");
}

Test(journal, deleted_line_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 3, 4};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 4);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "number 2 was deleted");
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "number 2 was deleted");
}

Test(journal, several_deleted_lines_are_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 4};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 2);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "number 1 to 3 were deleted");
}

Test(journal, deleted_beginning_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {1, 2, 3, 4};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 4);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "deleted");
}

Test(journal, reordered_lines_are_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 3, 2, 4};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 5);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "reordered");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3 (number 3)");
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "reordered");
}

Test(journal, repeated_line_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2, 1, 3, 4};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 6);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "inserted: it is a copy");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 4 (number 1)");
}

Test(journal, line_chained_in_by_hand_is_named, .init = begin, .fini = end)
{
    /* The forger computes the right link to the line before; the line after gives him away. */
    const char *path;
    size_t count = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    journal_fill(folder, NULL);
    path = in_folder(folder, CRET_JOURNAL_FILE);
    char *text = read_text(path, NULL);
    char **lines = split_lines(text, &count);
    cr_assert_eq(cret_sha256(digest, lines[1], strlen(lines[1]), NULL), CRET_OK);
    cret_hex_encode(hex, digest, sizeof(digest));
    char *forged = strdup(lines[2]);
    char *verdict = strstr(forged, "REFUSED");
    memcpy(verdict, "PARTIAL", 7);
    cr_assert_not_null(strstr(forged, hex));
    const size_t order[] = {0, 1, 5, 2, 3, 4};
    lines[5] = forged;
    write_lines(path, lines, order, 6);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3 (number 2)");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "inserted");
    free(forged);
    free(lines);
    free(text);
}

Test(journal, foreign_text_between_lines_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    journal_edit(folder, "\n{\"cretula\":\"journal/1\",\"number\":2",
                 "\nhello\n{\"cretula\":\"journal/1\",\"number\":2");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3");
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 3");
}

Test(journal, foreign_line_at_the_end_is_named, .init = begin, .fini = end)
{
    size_t count = 0;
    journal_fill(folder, NULL);
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    char *text = read_text(path, NULL);
    char **lines = split_lines(text, &count);
    char line[] = "{\"cretula\":\"journal/1\",\"number\":5}";
    lines[count] = line;
    write_lines(path, lines, NULL, count + 1);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 6");
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 6");
    free(lines);
    free(text);
}

Test(journal, deleted_tail_without_witness_leaves_records, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    journal_fill(folder, NULL);
    journal_rearrange(folder, order, 3);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "belongs to no line");
}

/* The one record whose name holds these words. */
static char *record_path(const char *words)
{
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    char *path = NULL;
    struct cret_err err;
    cr_assert_eq(cret_os_open_directory(&fd, in_folder(folder, "records"), &err), CRET_OK);
    cr_assert_eq(cret_os_list(&names, &count, fd, &err), CRET_OK);
    for (size_t i = 0; i < count; i++) {
        if (strstr(names[i], words) != NULL) {
            cr_assert_null(path);
            path = cret_text_printf("%s/records/%s", folder, names[i]);
        }
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    cr_assert_not_null(path);
    return path;
}

Test(journal, missing_record_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    char *path = record_path("-refused-");
    cr_assert_eq(unlink(path), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "missing");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "line 3 (number 2)");
    free(path);
}

Test(journal, altered_record_is_named, .init = begin, .fini = end)
{
    size_t size = 0;
    journal_fill(folder, NULL);
    char *path = record_path("-refused-");
    char *text = read_text(path, &size);
    text[size - 3] ^= 1;
    write_text(path, text, size);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "altered");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "line 3 (number 2)");
    free(text);
    free(path);
}

Test(journal, foreign_record_is_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    write_text(in_folder(folder, "records/20300101T000000Z-accepted-0123456789abcdef.json"), "{}",
               2);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "belongs to no line");
}

Test(journal, missing_and_altered_signatures_are_named, .init = begin, .fini = end)
{
    journal_fill(folder, NULL);
    char *path = record_path(".p7s");
    write_text(path, "CMZ", 3);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "signature of a record was altered");
    cr_assert_eq(unlink(path), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "signature of a record is missing");
    free(path);
}

/* Lines of earlier versions name the signature itself, and these left no head. */
Test(journal, lines_that_name_the_signature_itself, .init = begin, .fini = end)
{
    struct cret_err err;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX], from[128], to[128];
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &run_third);
    char *path = record_path(".p7s");
    char *text = read_text(path, &size);
    recorder_digest(digest);
    cret_hex_encode(hex, digest, sizeof(digest));
    snprintf(from, sizeof(from), "\"signer\":\"%s\"", hex);
    cr_assert_eq(cret_sha256(digest, text, size, NULL), CRET_OK);
    cret_hex_encode(hex, digest, sizeof(digest));
    snprintf(to, sizeof(to), "\"signature\":\"%s\"", hex);
    journal_edit(folder, from, to);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "not end where their writer left them");
    cr_assert_eq(unlink(in_folder(folder, CRET_JOURNAL_HEAD)), 0);
    cr_assert_eq(expect_sound(folder, NULL), 1);
    text[size - 1] ^= 1;
    write_text(path, text, size);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "signature of a record was altered");
    text[size - 1] ^= 1;
    write_text(path, text, size);
    append_run(folder, NULL, &run_second); /* and it goes on */
    cr_assert_eq(expect_sound(folder, NULL), 1);
    free(text);
    free(path);
}

Test(journal, record_names_the_one_before_it, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    journal_fill(folder, NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, &err), CRET_OK);
    cr_assert_eq(memcmp(cret_journal_last_record(journal), cret_journal_at(journal, 4)->record, 32),
                 0);
    cret_journal_free(&journal);
}
