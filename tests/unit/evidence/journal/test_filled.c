/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "filled.h"

const struct run run_first = {"ACCEPTED", "1.0", "PLC-1", "deployed", 7, NULL, false, false, NULL};
const struct run run_second = {"REFUSED", "1.1", "PLC-1", NULL, 8, NULL, false, false, NULL};
const struct run run_third = {"ACCEPTED", "1.2", "PLC-1", NULL, 9, NULL, false, false, "CMS"};
const struct run run_fourth = {"UNDECIDED", "1.3", NULL, NULL, 10, NULL, false, false, NULL};

void journal_fill(const char *folder, const struct cret_journal_witness *witness)
{
    struct cret_err err;
    cr_assert_eq(cret_journal_create(folder, witness, NULL, &err), CRET_OK, "%s", err.what);
    append_run(folder, witness, &run_first);
    append_run(folder, witness, &run_second);
    append_run(folder, witness, &run_third);
    append_run(folder, witness, &run_fourth);
}

void journal_rearrange(const char *folder, const size_t *order, size_t count)
{
    const char *path = in_folder(folder, CRET_JOURNAL_FILE);
    size_t lines = 0;
    char *text = read_text(path, NULL);
    char **line = split_lines(text, &lines);
    write_lines(path, line, order, count);
    free(line);
    free(text);
}

void journal_edit(const char *folder, const char *from, const char *to)
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

void expect_closed(const char *folder, enum cret_journal_mode mode,
                   const struct cret_journal_witness *witness, enum cret_err_class class,
                   const char *words)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    cr_assert_neq(cret_journal_open(&journal, folder, mode, witness, &err), CRET_OK);
    cr_assert_eq(err.class, class, "%s", err.what);
    cr_assert(strstr(err.what, words) != NULL || strstr(err.where, words) != NULL, "%s (%s)",
              err.what, err.where);
    cr_assert_null(journal);
}

void journal_forge_line(const char *folder, const char *verdict)
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
