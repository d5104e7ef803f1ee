/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal refuses, finds and names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "evidence/journal/journal_internal.h"
#include "test_journal_support.h"

static char *folder;

static const struct run first = {"ACCEPTED", "1.0", "PLC-1", "deployed", 7,
                                 NULL,       false, false,   NULL};
static const struct run second = {"REFUSED", "1.1", "PLC-1", NULL, 8, NULL, false, false, NULL};
static const struct run third = {"ACCEPTED", "1.2", "PLC-1", NULL, 9, NULL, false, false, "CMS"};
static const struct run fourth = {"UNDECIDED", "1.3", NULL, NULL, 10, NULL, false, false, NULL};

static void begin(void)
{
    folder = journal_folder_new();
}

static void end(void)
{
    journal_folder_remove(&folder);
}

static void fill(const struct cret_journal_witness *witness)
{
    struct cret_err err;
    cr_assert_eq(cret_journal_create(folder, witness, NULL, &err), CRET_OK, "%s", err.what);
    append_run(folder, witness, &first);
    append_run(folder, witness, &second);
    append_run(folder, witness, &third);
    append_run(folder, witness, &fourth);
}

/* Puts the lines into another order, or leaves some out. */
static void rearrange(const size_t *order, size_t count)
{
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    size_t lines = 0;
    char *text = read_text(path, NULL);
    char **line = split_lines(text, &lines);
    write_lines(path, line, order, count);
    free(line);
    free(text);
}

/* Replaces a text in the journal once. */
static void edit(const char *from, const char *to)
{
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    size_t size = 0;
    char *text = read_text(path, &size);
    char *at = strstr(text, from);
    cr_assert_not_null(at, "%s is not in the journal", from);
    struct cret_buffer out = {0};
    cret_buffer_append(&out, text, (size_t)(at - text));
    cret_buffer_append(&out, to, strlen(to));
    cret_buffer_append(&out, at + strlen(from), strlen(at + strlen(from)));
    write_text(path, out.data, out.size);
    cret_buffer_free(&out);
    free(text);
}

static void refuse_to_open(enum cret_journal_mode mode, const struct cret_journal_witness *witness,
                           enum cret_err_class class, const char *words)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    cr_assert_neq(cret_journal_open(&journal, folder, mode, witness, &err), CRET_OK);
    cr_assert_eq(err.class, class, "%s", err.what);
    cr_assert(strstr(err.what, words) != NULL || strstr(err.where, words) != NULL, "%s (%s)",
              err.what, err.where);
    cr_assert_null(journal);
}

Test(journal, accepted_and_refused_runs_are_sound, .init = begin, .fini = end)
{
    fill(NULL);
    cr_assert_eq(expect_sound(folder, NULL), 2);
}

Test(journal, edited_line_is_named, .init = begin, .fini = end)
{
    fill(NULL);
    edit("\"REFUSED\"", "\"ACCEPTED\"");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "edited");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3 (number 2)");
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 3 (number 2)");
    refuse_to_open(CRET_JOURNAL_READ, NULL, CRET_ERR_UNDECIDED, "edited");
}

Test(journal, edited_link_is_named, .init = begin, .fini = end)
{
    fill(NULL);
    edit("\"number\":3", "\"number\":9");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 4");
}

Test(journal, edited_genesis_is_named, .init = begin, .fini = end)
{
    fill(NULL);
    edit("\"witness\":\"none\"", "\"witness\":\"none\",\"x\":1");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 1 (number 0)");
}

Test(journal, damaged_line_is_named, .init = begin, .fini = end)
{
    fill(NULL);
    edit("\"number\":2,", "\"number\":2;");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3");
}

Test(journal, edited_last_line_is_found_by_its_record, .init = begin, .fini = end)
{
    fill(NULL);
    edit("\"number\":4,", "\"number\":4,\"asset\":\"PLC-9\",");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 5 (number 4)");
}

Test(journal, deleted_line_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 3, 4};
    fill(NULL);
    rearrange(order, 4);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "number 2 was deleted");
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "number 2 was deleted");
}

Test(journal, several_deleted_lines_are_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 4};
    fill(NULL);
    rearrange(order, 2);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "number 1 to 3 were deleted");
}

Test(journal, deleted_beginning_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {1, 2, 3, 4};
    fill(NULL);
    rearrange(order, 4);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "deleted");
}

Test(journal, reordered_lines_are_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 3, 2, 4};
    fill(NULL);
    rearrange(order, 5);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "reordered");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3 (number 3)");
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "reordered");
}

Test(journal, repeated_line_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2, 1, 3, 4};
    fill(NULL);
    rearrange(order, 6);
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
    fill(NULL);
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
    fill(NULL);
    edit("\n{\"cretula\":\"journal/1\",\"number\":2",
         "\nhello\n{\"cretula\":\"journal/1\",\"number\":2");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 3");
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 3");
}

Test(journal, foreign_line_at_the_end_is_named, .init = begin, .fini = end)
{
    size_t count = 0;
    fill(NULL);
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    char *text = read_text(path, NULL);
    char **lines = split_lines(text, &count);
    char line[] = "{\"cretula\":\"journal/1\",\"number\":5}";
    lines[count] = line;
    write_lines(path, lines, NULL, count + 1);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "line 6");
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_UNDECIDED, "line 6");
    free(lines);
    free(text);
}

Test(journal, deleted_tail_without_witness_leaves_records, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    fill(NULL);
    rearrange(order, 3);
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
    fill(NULL);
    char *path = record_path("-refused-");
    cr_assert_eq(unlink(path), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "missing");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "line 3 (number 2)");
    free(path);
}

Test(journal, altered_record_is_named, .init = begin, .fini = end)
{
    size_t size = 0;
    fill(NULL);
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
    fill(NULL);
    write_text(in_folder(folder, "records/20300101T000000Z-accepted-0123456789abcdef.json"), "{}",
               2);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "belongs to no line");
}

Test(journal, missing_and_altered_signatures_are_named, .init = begin, .fini = end)
{
    fill(NULL);
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
    append_run(folder, NULL, &third);
    char *path = record_path(".p7s");
    char *text = read_text(path, &size);
    recorder_digest(digest);
    cret_hex_encode(hex, digest, sizeof(digest));
    snprintf(from, sizeof(from), "\"signer\":\"%s\"", hex);
    cr_assert_eq(cret_sha256(digest, text, size, NULL), CRET_OK);
    cret_hex_encode(hex, digest, sizeof(digest));
    snprintf(to, sizeof(to), "\"signature\":\"%s\"", hex);
    edit(from, to);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "not end where their writer left them");
    cr_assert_eq(unlink(in_folder(folder, CRET_JOURNAL_HEAD)), 0);
    cr_assert_eq(expect_sound(folder, NULL), 1);
    text[size - 1] ^= 1;
    write_text(path, text, size);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "signature of a record was altered");
    text[size - 1] ^= 1;
    write_text(path, text, size);
    append_run(folder, NULL, &second); /* and it goes on */
    cr_assert_eq(expect_sound(folder, NULL), 1);
    free(text);
    free(path);
}

Test(journal, record_names_the_one_before_it, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    fill(NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, &err), CRET_OK);
    cr_assert_eq(memcmp(cret_journal_last_record(journal), cret_journal_at(journal, 4)->record, 32),
                 0);
    cret_journal_free(&journal);
}

/* --- with a witness --- */

Test(journal, witness_agrees, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    cr_assert_eq(expect_sound(folder, &memory.witness), 2);
    cr_assert_eq(memory.extended, 5);
}

Test(journal, head_is_the_extend_chain, .init = begin, .fini = end)
{
    struct memory_witness memory;
    size_t count = 0;
    uint8_t head[2 * CRET_SHA256_BYTES];
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    char *text = read_text(in_folder(folder, CRET_JOURNAL_FILE), NULL);
    char **lines = split_lines(text, &count);
    memset(head, 3, CRET_SHA256_BYTES);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(cret_sha256(head + 32, lines[i], strlen(lines[i]), NULL), CRET_OK);
        cr_assert_eq(cret_sha256(head, head, 64, NULL), CRET_OK);
    }
    cr_assert_eq(memcmp(head, memory.head, 32), 0);
    free(lines);
    free(text);
}

Test(journal, deleted_tail_is_found_with_a_witness, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    rearrange(order, 3);
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL,
                 "no line of it leads to the head");
    refuse_to_open(CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED, "no line of it leads");
    refuse_to_open(CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED, "no line of it leads");
}

Test(journal, restored_copy_is_found_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    char *copy = cret_text_printf("%s-copy", folder);
    copy_tree(folder, copy);
    append_run(folder, &memory.witness, &first);
    cret_os_remove_tree(folder);
    cr_assert_eq(rename(copy, folder), 0);
    cr_assert(verify_sound(folder, NULL)); /* what cannot be seen without the witness */
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL,
                 "no line of it leads to the head");
    refuse_to_open(CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED, "no line of it leads");
    free(copy);
}

Test(journal, deleted_folder_is_found_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    struct cret_journal_report report;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    cret_os_remove_tree(folder);
    refuse_to_open(CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED, "gone");
    refuse_to_open(CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED, "gone");
    cr_assert_neq(cret_journal_verify(&report, folder, &memory.witness, NULL, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    refuse_to_open(CRET_JOURNAL_READ, NULL, CRET_ERR_UNDECIDED, "no journal");
}

/* Adds a line that fits, as somebody with a text editor and sha256sum can. */
static void forge_line(const char *verdict)
{
    size_t count = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    char *text = read_text(path, NULL);
    char **lines = split_lines(text, &count);
    cr_assert_eq(cret_sha256(digest, lines[count - 1], strlen(lines[count - 1]), NULL), CRET_OK);
    cret_hex_encode(hex, digest, sizeof(digest));
    lines[count] =
        cret_text_printf("{\"cretula\":\"journal/"
                         "1\",\"number\":%zu,\"time\":\"2999-01-01T00:00:00Z\",\"kind\":\"run\","
                         "\"previous\":\"%s\",\"record\":\"%s\",\"verdict\":\"%s\"}",
                         count, hex, hex, verdict);
    write_lines(path, lines, NULL, count + 1);
    free(lines[count]);
    free(lines);
    free(text);
}

Test(journal, forged_last_line_never_counts_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    forge_line("ACCEPTED");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "line 6 (number 5)");
    /* The next run marks it, in a line that the witness holds. */
    append_run(folder, &memory.witness, &first);
    cr_assert_eq(expect_sound(folder, &memory.witness), 3);
    cr_assert_eq(expect_sound(folder, NULL), 3);
}

Test(journal, two_forged_lines_are_refused_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    forge_line("ACCEPTED");
    forge_line("REFUSED");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "2 lines at its end");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "line 6 (number 5)");
    refuse_to_open(CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED, "2 lines at its end");
}

Test(journal, forged_last_line_is_found_by_its_record_without_a_witness, .init = begin, .fini = end)
{
    fill(NULL);
    forge_line("ACCEPTED");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "missing");
}

Test(journal, witnessed_journal_takes_no_line_without_it, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    refuse_to_open(CRET_JOURNAL_APPEND, NULL, CRET_ERR_USAGE, "bound to a TPM");
}

Test(journal, journal_without_witness_takes_none_later, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    fill(NULL);
    refuse_to_open(CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_USAGE, "without a TPM");
}

Test(journal, failed_extension_leaves_a_line_that_does_not_count, .init = begin, .fini = end)
{
    struct memory_witness memory;
    struct cret_journal *journal = NULL;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    fill(&memory.witness);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, &memory.witness, &err),
                 CRET_OK);
    memory.fail_extend = true;
    cr_assert_neq(append_open(journal, &first, &err), CRET_OK);
    cr_assert_neq(cret_journal_confirm(journal, &err), CRET_OK);
    cret_journal_free(&journal);
    memory.fail_extend = false;
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "does not hold this last line");
    append_run(folder, &memory.witness, &second);
    cr_assert_eq(expect_sound(folder, &memory.witness), 2);
}

Test(journal, attestation_lies_beside_the_record, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    memory.attests = true;
    fill(&memory.witness);
    char **names = NULL;
    size_t count = 0, attestations = 0;
    int fd = -1;
    cr_assert_eq(cret_os_open_directory(&fd, in_folder(folder, "records"), NULL), CRET_OK);
    cr_assert_eq(cret_os_list(&names, &count, fd, NULL), CRET_OK);
    for (size_t i = 0; i < count; i++) {
        attestations += strstr(names[i], ".json.tpm.json") != NULL;
    }
    cr_assert_eq(attestations, 4);
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    cr_assert_eq(expect_sound(folder, &memory.witness), 2);
}

/* --- kinds of lines --- */

Test(journal, as_of_another_time_and_example_keys_never_count, .init = begin, .fini = end)
{
    struct cret_err err;
    struct run at = first, example = first;
    at.at = true;
    example.example_keys = true;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &at);
    append_run(folder, NULL, &example);
    cr_assert_eq(expect_sound(folder, NULL), 0);
}

Test(journal, withdrawn_run_does_not_count, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    fill(NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_withdraw(journal, 1, "not delivered", &err), CRET_OK);
    cr_assert_eq(append_open(journal, &third, &err), CRET_OK);
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

Test(journal, notes_are_about_runs, .init = begin, .fini = end)
{
    struct cret_err err;
    fill(NULL);
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

Test(journal, history_knows_what_an_asset_runs, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_journal_history history;
    struct cret_err err;
    fill(NULL);
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

/* --- end, continuation, rotation, clock --- */

Test(journal, nothing_follows_the_end, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    fill(NULL);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_eq(cret_journal_append_close(journal, "moved", &err), CRET_OK);
    cr_assert_neq(append_open(journal, &first, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cret_journal_free(&journal);
    forge_line("ACCEPTED");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "after the journal had been closed");
}

Test(journal, there_is_one_journal_in_a_folder, .init = begin, .fini = end)
{
    struct cret_err err;
    fill(NULL);
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

Test(journal, continued_journal_remembers, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_journal_history history;
    struct cret_err err;
    struct memory_witness memory;
    memory_witness_begin(&memory, 5);
    fill(NULL);
    char *next = continue_journal(&memory.witness);
    append_run(next, &memory.witness, &second);
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

Test(journal, changed_earlier_journal_is_named, .init = begin, .fini = end)
{
    fill(NULL);
    char *next = continue_journal(NULL);
    char *old = folder;
    folder = cret_text_printf("%s/earlier", next);
    edit("\"REFUSED\"", "\"ACCEPTED\"");
    expect_fault(next, NULL, CRET_CHECK_JOURNAL_CHAIN, "continues");
    cret_os_remove_tree(folder);
    struct cret_journal_report report;
    cr_assert_neq(cret_journal_verify(&report, next, NULL, NULL, NULL), CRET_OK);
    free(folder);
    folder = old;
    free(next);
}

Test(journal, exchanged_earlier_journal_is_named, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    fill(NULL);
    char *next = continue_journal(NULL);
    char *old = folder;
    folder = cret_text_printf("%s/earlier", next);
    rearrange(order, 3);
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

Test(journal, rotation_continues_the_chain, .init = begin, .fini = end)
{
    struct memory_witness memory;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    cr_assert_eq(cret_journal_create(folder, &memory.witness, NULL, &err), CRET_OK);
    for (size_t i = 0; i < 12; i++) {
        append_rotating(&memory.witness, i % 2 == 0 ? &first : &second);
        cr_assert_eq(expect_sound(folder, &memory.witness), i / 2 + 1);
    }
    cr_assert_eq(access(in_folder(folder, "journal-000002.jsonl"), F_OK), 0);
    cr_assert_eq(unlink(in_folder(folder, "journal-000001.jsonl")), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_CHAIN, "deleted");
}

Test(journal, missing_current_file_is_named, .init = begin, .fini = end)
{
    struct cret_err err;
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    for (size_t i = 0; i < 6; i++) {
        append_rotating(NULL, &first);
    }
    cr_assert_eq(unlink(in_folder(folder, CRET_JOURNAL_FILE)), 0);
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "belongs to no line");
}

Test(journal, clock_before_the_last_line_is_undecided, .init = begin, .fini = end)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    fill(NULL);
    forge_line("REFUSED"); /* of the year 2999 */
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, NULL, &err), CRET_OK);
    cr_assert_neq(append_open(journal, &first, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "clock"));
    cret_journal_free(&journal);
}

Test(journal, hostile_texts_stay_on_their_line, .init = begin, .fini = end)
{
    struct cret_err err;
    char *longer = malloc(5001);
    memset(longer, 'x', 5000);
    longer[5000] = '\0';
    struct run run = first;
    run.asset = "a\"b\\c\nd\te \xc3\xa9";
    cr_assert_eq(cret_journal_create(folder, NULL, NULL, &err), CRET_OK);
    append_run(folder, NULL, &run);
    run.asset = longer;
    append_run(folder, NULL, &run);
    cr_assert_eq(expect_sound(folder, NULL), 2);
    free(longer);
}
