/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a page as text: columns as wide as the line allows. */
#include "base/page/page_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/page/page_internal.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

enum { READABLE = 16 /* a column of words that is narrower is a column of single words */ };

/* A table while it is written: the safe texts of its cells, header first, and the columns' widths.
 */
struct table {
    const struct cret_block *block;
    char **cells;
    size_t rows;
    size_t widths[CRET_PAGE_COLUMNS];
    size_t words[CRET_PAGE_COLUMNS]; /* of the longest word of each column */
    bool below[CRET_PAGE_COLUMNS];   /* it has lines of its own under the row */
};

static void free_cells(struct table *table)
{
    for (size_t i = 0; table->cells != NULL && i < table->rows * table->block->column_count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
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
        const size_t word = cret_lines_longest(table->cells[i]);
        size_t *widest = &table->widths[i % columns], *longest = &table->words[i % columns];
        *widest = width > *widest ? width : *widest;
        *longest = word > *longest ? word : *longest;
    }
    return true;
}

/* The fewest places of a column: its longest word, and enough to read words in a row. */
static size_t least_width(const struct table *table, size_t column)
{
    const size_t width = table->widths[column], word = table->words[column];
    const size_t readable = width < READABLE ? width : READABLE;
    return table->block->columns[column].number || word > readable ? word : readable;
}

/* Of the columns beside each other, at their least width. */
static size_t least_line(const struct table *table)
{
    size_t total = CRET_PAGE_MARGIN;
    for (size_t i = 0; i < table->block->column_count; i++) {
        if (!table->below[i]) {
            total += least_width(table, i) + (i > 0 ? CRET_PAGE_GAP : 0);
        }
    }
    return total;
}

/* Takes columns out of the line until the others have room: those of the longest words first, which
 * are paths and digests, and the later of two. The first one names what the row is of, and stays.
 */
static void take_below(struct table *table, size_t width)
{
    const size_t columns = table->block->column_count;
    while (least_line(table) > width) {
        size_t widest = 0;
        for (size_t i = 1; i < columns; i++) {
            if (!table->below[i] &&
                (widest == 0 || least_width(table, i) >= least_width(table, widest))) {
                widest = i;
            }
        }
        if (widest == 0) {
            return;
        }
        table->below[widest] = true;
    }
}

/* The widest column that may lose a place; CRET_PAGE_COLUMNS: none. */
static size_t widest_column(const struct table *table)
{
    size_t widest = CRET_PAGE_COLUMNS;
    for (size_t i = 0; i < table->block->column_count; i++) {
        if (!table->below[i] && table->widths[i] > least_width(table, i) &&
            (widest == CRET_PAGE_COLUMNS || table->widths[i] > table->widths[widest])) {
            widest = i;
        }
    }
    return widest;
}

/* Takes from the widest columns what the line does not have. */
static void fit_columns(struct table *table, size_t width)
{
    size_t total = CRET_PAGE_MARGIN;
    take_below(table, width);
    for (size_t i = 0; i < table->block->column_count; i++) {
        total += table->below[i] ? 0 : table->widths[i] + (i > 0 ? CRET_PAGE_GAP : 0);
    }
    for (size_t widest = widest_column(table); total > width && widest < CRET_PAGE_COLUMNS;
         widest = widest_column(table)) {
        table->widths[widest]--;
        total--;
    }
}

/* One row, in as many lines as its longest cell needs. */
static void put_cells(struct cret_lines *lines, const struct table *table, char *const *row)
{
    const char *rest[CRET_PAGE_COLUMNS];
    const size_t columns = table->block->column_count;
    for (size_t i = 0; i < columns; i++) {
        rest[i] = row[i];
    }
    for (bool more = true; more;) {
        cret_lines_spaces(lines, CRET_PAGE_MARGIN);
        more = false;
        for (size_t i = 0; i < columns; i++) {
            if (table->below[i]) {
                continue;
            }
            const size_t size = cret_lines_bytes(rest[i], table->widths[i]);
            const size_t taken = cret_unicode_columns(rest[i], size);
            const size_t left = table->widths[i] > taken ? table->widths[i] - taken : 0;
            const bool right = table->block->columns[i].number;
            cret_lines_spaces(lines, right ? left : 0);
            cret_lines_put(lines, rest[i], size);
            cret_lines_spaces(lines, (right ? 0 : left) + CRET_PAGE_GAP);
            rest[i] += size;
            rest[i] += strspn(rest[i], " ");
            more = more || rest[i][0] != '\0';
        }
        cret_lines_put(lines, "\n", 1);
    }
}

/* What has no place in the row: a line each, with the column's name. */
static void put_below(struct cret_lines *lines, const struct table *table, char *const *row)
{
    enum { INDENT = CRET_PAGE_MARGIN + 2 };
    for (size_t i = 0; i < table->block->column_count; i++) {
        const char *name = table->cells[i];
        if (!table->below[i] || row[i][0] == '\0') {
            continue;
        }
        cret_lines_spaces(lines, INDENT);
        cret_lines_put(lines, name, strlen(name));
        cret_lines_put(lines, ":", 1);
        cret_lines_spaces(lines, 1);
        cret_lines_wrapped(lines, row[i], INDENT + cret_unicode_columns(name, strlen(name)) + 2,
                           INDENT + 2);
        cret_lines_put(lines, "\n", 1);
    }
}

size_t cret_page_table_write(const struct cret_page *page, size_t index, struct cret_lines *lines)
{
    struct table table = {.block = &page->blocks[index]};
    if (fill_cells(&table, page, index)) {
        fit_columns(&table, lines->width);
        for (size_t row = 0; row < table.rows; row++) {
            char *const *cells = table.cells + row * table.block->column_count;
            put_cells(lines, &table, cells);
            if (row > 0) {
                put_below(lines, &table, cells);
            }
        }
    } else {
        static const char words[] = "  (out of memory)\n";
        cret_lines_put(lines, words, sizeof(words) - 1);
    }
    free_cells(&table);
    return 1 + cret_page_cells(page, index);
}
