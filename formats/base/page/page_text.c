/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as text: labels in a column of their own, words wrapped beside it. */
#include "base/page/page_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/page/page_internal.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

enum { MARGIN = 2, VERDICT_HANG = 4, LABEL = 12, GAP = 2 };

struct writer {
    const struct cret_page_sink *sink;
    size_t width;
};

static void put(const struct writer *writer, const char *text, size_t size)
{
    writer->sink->text(writer->sink->context, text, size);
}

static void put_spaces(const struct writer *writer, size_t count)
{
    while (count-- > 0) {
        put(writer, " ", 1);
    }
}

static void set_tone(const struct writer *writer, enum cret_tone tone)
{
    if (writer->sink->tone != NULL) {
        writer->sink->tone(writer->sink->context, tone);
    }
}

/* The bytes of text that one line of width columns takes: whole words, one at the least. */
static size_t line_bytes(const char *text, size_t width)
{
    size_t taken = 0, place = 0;
    for (;;) {
        const size_t blank = strspn(text + place, " ");
        const size_t word = strcspn(text + place + blank, " ");
        if (word == 0) {
            return taken;
        }
        const size_t end = place + blank + word;
        if (taken > 0 && cret_unicode_columns(text, end) > width) {
            return taken;
        }
        taken = place = end;
    }
}

/* A safe text from this column on, carried on at column hang. */
static void put_wrapped(const struct writer *writer, const char *text, size_t column, size_t hang)
{
    for (bool first = true; first || *text != '\0'; first = false) {
        if (!first) {
            put(writer, "\n", 1);
            put_spaces(writer, hang);
            column = hang;
        }
        const size_t size = line_bytes(text, writer->width > column ? writer->width - column : 1);
        put(writer, text, size);
        text += size;
        text += strspn(text, " ");
    }
}

/* The same of a text as somebody wrote it; its own line breaks are kept where they may be. */
static void put_text(const struct writer *writer, const char *text, size_t column, size_t hang)
{
    for (;; column = hang) {
        const size_t size = strcspn(text, "\n");
        char *line = strndup(text, size);
        char *safe = line != NULL ? cret_text_escape(line) : NULL;
        put_wrapped(writer, safe != NULL ? safe : "(out of memory)", column, hang);
        put(writer, "\n", 1);
        free(safe);
        free(line);
        text += size;
        if (*text == '\0' || text[1] == '\0') {
            return;
        }
        text++;
        put_spaces(writer, hang);
    }
}

/* The verdict with what narrows it: one paragraph that begins at the margin. Returns how many
 * blocks it took. */
static size_t put_verdict(const struct writer *writer, const struct cret_page *page, size_t index)
{
    const struct cret_block *verdict = &page->blocks[index];
    struct cret_buffer line = {0};
    size_t taken = 1;
    cret_buffer_printf(&line, "%s", verdict->text);
    for (; index + taken < page->count; taken++) {
        const struct cret_block *next = &page->blocks[index + taken];
        if (next->kind != CRET_BLOCK_QUALIFIER) {
            break;
        }
        cret_buffer_printf(&line, "%s[%s]", line.size > 0 ? "  " : "", next->text);
    }
    char *safe = line.failed ? NULL : cret_text_escape(line.data);
    set_tone(writer, verdict->tone);
    put(writer, verdict->label, strlen(verdict->label));
    set_tone(writer, CRET_TONE_PLAIN);
    if (safe == NULL || safe[0] != '\0') {
        put(writer, ": ", 2);
        put_wrapped(writer, safe != NULL ? safe : "(out of memory)",
                    cret_unicode_columns(verdict->label, strlen(verdict->label)) + 2, VERDICT_HANG);
    }
    put(writer, "\n", 1);
    free(safe);
    cret_buffer_free(&line);
    return taken;
}

/* Returns the column behind it. */
static size_t put_label(const struct writer *writer, const struct cret_block *block)
{
    char *safe = cret_text_escape(block->label);
    const char *label = safe != NULL ? safe : "(out of memory)";
    const size_t columns = cret_unicode_columns(label, strlen(label));
    put_spaces(writer, MARGIN);
    set_tone(writer, block->tone);
    put(writer, label, strlen(label));
    set_tone(writer, CRET_TONE_PLAIN);
    const size_t gap = columns < LABEL ? LABEL - columns : GAP;
    put_spaces(writer, gap);
    free(safe);
    return MARGIN + columns + gap;
}

static void put_command(const struct writer *writer, const struct cret_block *block)
{
    char *safe = cret_text_escape(block->text);
    put_label(writer, block);
    put(writer, safe != NULL ? safe : "(out of memory)", strlen(safe != NULL ? safe : ""));
    put(writer, "\n", 1);
    free(safe);
}

/* A table while it is written: the safe texts of its cells, header first, and the columns' widths.
 */
struct table {
    const struct cret_block *block;
    char **cells;
    size_t rows;
    size_t widths[CRET_PAGE_COLUMNS];
    size_t words[CRET_PAGE_COLUMNS]; /* of the longest word of each column */
};

static void free_cells(struct table *table)
{
    for (size_t i = 0; table->cells != NULL && i < table->rows * table->block->column_count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        const size_t size = strcspn(text, " ");
        const size_t columns = cret_unicode_columns(text, size);
        longest = columns > longest ? columns : longest;
        text += size;
        text += strspn(text, " ");
    }
    return longest;
}

static bool fill_cells(struct table *table, const struct cret_page *page, size_t index)
{
    const size_t columns = table->block->column_count;
    const size_t count = cret_page_cells(page, index);
    table->rows = 1 + (count + columns - 1) / columns;
    table->cells = calloc(table->rows * columns, sizeof(*table->cells));
    if (table->cells == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->rows * columns; i++) {
        const char *text = i < columns           ? table->block->columns[i].name
                           : i < columns + count ? page->blocks[index + 1 + i - columns].text
                                                 : "";
        table->cells[i] = cret_text_escape(text);
        if (table->cells[i] == NULL) {
            return false;
        }
        const size_t width = cret_unicode_columns(table->cells[i], strlen(table->cells[i]));
        const size_t word = longest_word(table->cells[i]);
        size_t *widest = &table->widths[i % columns], *longest = &table->words[i % columns];
        *widest = width > *widest ? width : *widest;
        *longest = word > *longest ? word : *longest;
    }
    return true;
}

/* The widest column of words that may lose a place; CRET_PAGE_COLUMNS: none. */
static size_t widest_column(const struct table *table)
{
    size_t widest = CRET_PAGE_COLUMNS;
    for (size_t i = 0; i < table->block->column_count; i++) {
        if (!table->block->columns[i].number && table->widths[i] > table->words[i] &&
            (widest == CRET_PAGE_COLUMNS || table->widths[i] > table->widths[widest])) {
            widest = i;
        }
    }
    return widest;
}

/* Takes from the widest columns what the line does not have. */
static void fit_columns(struct table *table, size_t width)
{
    size_t total = MARGIN;
    for (size_t i = 0; i < table->block->column_count; i++) {
        total += table->widths[i] + (i > 0 ? GAP : 0);
    }
    for (size_t widest = widest_column(table); total > width && widest < CRET_PAGE_COLUMNS;
         widest = widest_column(table)) {
        table->widths[widest]--;
        total--;
    }
}

/* One row, in as many lines as its longest cell needs. */
static void put_cells(const struct writer *writer, const struct table *table, char *const *row)
{
    const char *rest[CRET_PAGE_COLUMNS];
    const size_t columns = table->block->column_count;
    for (size_t i = 0; i < columns; i++) {
        rest[i] = row[i];
    }
    for (bool more = true; more;) {
        size_t owed = MARGIN; /* blanks that are written before the next text only */
        more = false;
        for (size_t i = 0; i < columns; i++) {
            const size_t size = line_bytes(rest[i], table->widths[i]);
            const size_t taken = cret_unicode_columns(rest[i], size);
            const size_t left = table->widths[i] > taken ? table->widths[i] - taken : 0;
            const bool right = table->block->columns[i].number;
            if (size > 0) {
                put_spaces(writer, owed + (right ? left : 0));
                put(writer, rest[i], size);
                owed = right ? 0 : left;
            } else {
                owed += table->widths[i];
            }
            owed += GAP;
            rest[i] += size;
            rest[i] += strspn(rest[i], " ");
            more = more || rest[i][0] != '\0';
        }
        put(writer, "\n", 1);
    }
}

/* Returns how many blocks it took. */
static size_t put_table(const struct writer *writer, const struct cret_page *page, size_t index)
{
    struct table table = {.block = &page->blocks[index]};
    if (fill_cells(&table, page, index)) {
        fit_columns(&table, writer->width);
        for (size_t row = 0; row < table.rows; row++) {
            put_cells(writer, &table, table.cells + row * table.block->column_count);
        }
    } else {
        static const char words[] = "  (out of memory)\n";
        put(writer, words, sizeof(words) - 1);
    }
    free_cells(&table);
    return 1 + cret_page_cells(page, index);
}

static size_t put_block(const struct writer *writer, const struct cret_page *page, size_t index)
{
    const struct cret_block *block = &page->blocks[index];
    switch (block->kind) {
    case CRET_BLOCK_VERDICT:
        return put_verdict(writer, page, index);
    case CRET_BLOCK_TABLE:
        return put_table(writer, page, index);
    case CRET_BLOCK_SECTION:
        put(writer, "\n", index > 0 ? 1 : 0);
        put_text(writer, block->label, 0, 0);
        return 1;
    case CRET_BLOCK_ROW:
        put_text(writer, block->text, put_label(writer, block), MARGIN + LABEL);
        return 1;
    case CRET_BLOCK_COMMAND:
        put_command(writer, block);
        return 1;
    case CRET_BLOCK_PARAGRAPH:
    case CRET_BLOCK_QUALIFIER:
    case CRET_BLOCK_CELL:
        put_spaces(writer, MARGIN);
        put_text(writer, block->text, MARGIN, MARGIN);
        return 1;
    }
    return 1;
}

void cret_page_write_text(const struct cret_page *page, size_t width,
                          const struct cret_page_sink *sink)
{
    const struct writer writer = {.sink = sink, .width = width};
    if (cret_page_failed(page)) {
        static const char words[] = "this page could not be made: out of memory\n";
        put(&writer, words, sizeof(words) - 1);
        return;
    }
    for (size_t i = 0; i < page->count;) {
        i += put_block(&writer, page, i);
    }
}

void cret_page_write_verdict(const struct cret_page *page, size_t width,
                             const struct cret_page_sink *sink)
{
    const struct writer writer = {.sink = sink, .width = width};
    if (!cret_page_failed(page) && page->count > 0 && page->blocks[0].kind == CRET_BLOCK_VERDICT) {
        put_verdict(&writer, page, 0);
    }
}
