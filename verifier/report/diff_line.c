/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting one line of a comparison to its rows. */
#include "verifier/report/diff_line.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text/unicode.h"

/* Columns of a row behind its label; bytes of the count behind it. */
enum { LINE_COLUMNS = 64, BEHIND = 72 };

/* Whether the word at the beginning of a text fits into so many columns. */
static bool word_fits(const char *text, size_t size, size_t room)
{
    const char *blank = memchr(text, ' ', size);
    return cret_unicode_columns(text, blank != NULL ? (size_t)(blank - text) : size) <= room;
}

/* Bytes of a text that fit into so many columns, cut between words; in one only that is too long
 * for a row of its own. */
static size_t fit(const char *text, size_t size, size_t room)
{
    const size_t whole = size;
    while (size > 0 && cret_unicode_columns(text, size) > room) {
        const char *blank = memrchr(text, ' ', size);
        size_t shorter = blank != NULL ? (size_t)(blank - text) : 0;
        if (shorter == 0 || (shorter < room / 2 &&
                             !word_fits(text + shorter + 1, whole - shorter - 1, LINE_COLUMNS))) {
            shorter = size - 1;
            while (shorter > 0 && ((unsigned char)text[shorter] & 0xc0u) == 0x80u) {
                shorter--;
            }
        }
        size = shorter;
    }
    return size;
}

static void count_behind(char behind[BEHIND], size_t more, size_t marked)
{
    behind[0] = '\0';
    if (marked > 0) {
        snprintf(behind, BEHIND, "  (and %zu more, %zu with !)", more, marked);
    } else if (more > 0) {
        snprintf(behind, BEHIND, "  (and %zu more)", more);
    }
}

static void put_piece(struct cret_page *page, enum cret_tone tone, const char *label,
                      const char *text, size_t size, const char *behind)
{
    cret_page_toned(page, tone, label, "%.*s%s", (int)size, text, behind);
}

void cret_diff_line(struct cret_page *page, enum cret_tone tone, const char *label,
                    struct cret_buffer *line, size_t rows, size_t more, size_t marked)
{
    char behind[BEHIND], end[BEHIND + 4];
    count_behind(behind, more, marked);
    if (line->failed || line->data == NULL) {
        cret_page_toned(page, tone, label, "(out of memory)");
        cret_buffer_free(line);
        return;
    }
    for (size_t i = 0; i < line->size; i++) {
        line->data[i] = line->data[i] == '\n' ? ' ' : line->data[i];
    }
    const size_t room = LINE_COLUMNS - strlen(behind);
    const char *text = line->data;
    size_t size = line->size;
    for (; rows > 1 && cret_unicode_columns(text, size) > room; rows--) {
        size_t taken = fit(text, size, LINE_COLUMNS);
        taken = taken < size ? taken : fit(text, size, room);
        put_piece(page, tone, label, text, taken, "");
        label = "";
        text += taken;
        size -= taken;
        while (size > 0 && *text == ' ') {
            text++;
            size--;
        }
    }
    const bool cut = cret_unicode_columns(text, size) > room;
    snprintf(end, sizeof(end), "%s%s", cut ? " ..." : "", behind);
    put_piece(page, tone, label, text, cut ? fit(text, size, room - strlen(" ...")) : size, end);
    cret_buffer_free(line);
}

size_t cret_diff_line_rows(const struct cret_buffer *line, size_t more, size_t marked)
{
    char behind[BEHIND];
    count_behind(behind, more, marked);
    const bool one = line->failed || line->data == NULL ||
                     cret_unicode_columns(line->data, line->size) + strlen(behind) <= LINE_COLUMNS;
    return one ? 1 : CRET_DIFF_LINE_ROWS;
}
