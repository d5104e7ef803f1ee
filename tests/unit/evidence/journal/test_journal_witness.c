/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness finds that the lines alone do not show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

Test(journal_witness, witness_agrees, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    cr_assert_eq(expect_sound(folder, &memory.witness), 2);
    cr_assert_eq(memory.extended, 5);
}

Test(journal_witness, head_is_the_extend_chain, .init = begin, .fini = end)
{
    struct memory_witness memory;
    size_t count = 0;
    uint8_t head[2 * CRET_SHA256_BYTES];
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
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

Test(journal_witness, deleted_tail_is_found_with_a_witness, .init = begin, .fini = end)
{
    const size_t order[] = {0, 1, 2};
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    journal_rearrange(folder, order, 3);
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL,
                 "no line of it leads to the head");
    expect_closed(folder, CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED,
                  "no line of it leads");
    expect_closed(folder, CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED,
                  "no line of it leads");
}

Test(journal_witness, restored_copy_is_found_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    char *copy = cret_text_printf("%s-copy", folder);
    copy_tree(folder, copy);
    append_run(folder, &memory.witness, &run_first);
    cret_os_remove_tree(folder);
    cr_assert_eq(rename(copy, folder), 0);
    cr_assert(verify_sound(folder, NULL)); /* what cannot be seen without the witness */
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL,
                 "no line of it leads to the head");
    expect_closed(folder, CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED,
                  "no line of it leads");
    free(copy);
}

Test(journal_witness, deleted_folder_is_found_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    struct cret_journal_report report;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    cret_os_remove_tree(folder);
    expect_closed(folder, CRET_JOURNAL_READ, &memory.witness, CRET_ERR_REFUSED, "gone");
    expect_closed(folder, CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED, "gone");
    cr_assert_neq(cret_journal_verify(&report, folder, &memory.witness, NULL, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    expect_closed(folder, CRET_JOURNAL_READ, NULL, CRET_ERR_UNDECIDED, "no journal");
}

Test(journal_witness, forged_last_line_never_counts_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    journal_forge_line(folder, "ACCEPTED");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "line 6 (number 5)");
    /* The next run marks it, in a line that the witness holds. */
    append_run(folder, &memory.witness, &run_first);
    cr_assert_eq(expect_sound(folder, &memory.witness), 3);
    cr_assert_eq(expect_sound(folder, NULL), 3);
}

Test(journal_witness, two_forged_lines_are_refused_with_a_witness, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    journal_forge_line(folder, "ACCEPTED");
    journal_forge_line(folder, "REFUSED");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "2 lines at its end");
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "line 6 (number 5)");
    expect_closed(folder, CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_REFUSED,
                  "2 lines at its end");
}

Test(journal_witness, forged_last_line_is_found_by_its_record_without_a_witness, .init = begin,
     .fini = end)
{
    journal_fill(folder, NULL);
    journal_forge_line(folder, "ACCEPTED");
    expect_fault(folder, NULL, CRET_CHECK_JOURNAL_RECORDS, "missing");
}

Test(journal_witness, witnessed_journal_takes_no_line_without_it, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    expect_closed(folder, CRET_JOURNAL_APPEND, NULL, CRET_ERR_USAGE, "bound to a TPM");
}

Test(journal_witness, journal_without_witness_takes_none_later, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, NULL);
    expect_closed(folder, CRET_JOURNAL_APPEND, &memory.witness, CRET_ERR_USAGE, "without a TPM");
}

Test(journal_witness, failed_extension_leaves_a_line_that_does_not_count, .init = begin,
     .fini = end)
{
    struct memory_witness memory;
    struct cret_journal *journal = NULL;
    struct cret_err err;
    memory_witness_begin(&memory, 3);
    journal_fill(folder, &memory.witness);
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, &memory.witness, &err),
                 CRET_OK);
    memory.fail_extend = true;
    cr_assert_neq(append_open(journal, &run_first, &err), CRET_OK);
    cr_assert_neq(cret_journal_confirm(journal, &err), CRET_OK);
    cret_journal_free(&journal);
    memory.fail_extend = false;
    expect_fault(folder, &memory.witness, CRET_CHECK_TPM_JOURNAL, "does not hold this last line");
    append_run(folder, &memory.witness, &run_second);
    cr_assert_eq(expect_sound(folder, &memory.witness), 2);
}

Test(journal_witness, attestation_lies_beside_the_record, .init = begin, .fini = end)
{
    struct memory_witness memory;
    memory_witness_begin(&memory, 3);
    memory.attests = true;
    journal_fill(folder, &memory.witness);
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
