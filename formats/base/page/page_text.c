/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as text: labels in a column of their own, words wrapped beside it. */
#include "base/page/page_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/page/page_internal.h"
#include "base/page/page_lines.h"
#include "base/page/page_table.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

enum { VERDICT_HANG = 4, LABEL = 12 };

/* The same of a text as somebody wrote it; its own line breaks are kept where they may be. */
static void put_text(struct cret_lines *lines, const char *text, size_t column, size_t hang)
{
    for (;; column = hang) {
        const size_t size = strcspn(text, "\n");
        char *line = strndup(text, size);
        char *safe = line != NULL ? cret_text_escape(line) : NULL;
        cret_lines_wrapped(lines, safe != NULL ? safe : "(out of memory)", column, hang);
        cret_lines_put(lines, "\n", 1);
        free(safe);
        free(line);
        text += size;
        if (*text == '\0' || text[1] == '\0') {
            return;
        }
        text++;
        cret_lines_spaces(lines, hang);
    }
}

/* The verdict with what narrows it: one paragraph that begins at the margin. Returns how many
 * blocks it took. */
static size_t put_verdict(struct cret_lines *lines, const struct cret_page *page, size_t index)
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
    cret_lines_tone(lines, verdict->tone);
    cret_lines_put(lines, verdict->label, strlen(verdict->label));
    cret_lines_tone(lines, CRET_TONE_PLAIN);
    if (safe == NULL || safe[0] != '\0') {
        cret_lines_put(lines, ":", 1);
        cret_lines_spaces(lines, 1);
        cret_lines_wrapped(lines, safe != NULL ? safe : "(out of memory)",
                           cret_unicode_columns(verdict->label, strlen(verdict->label)) + 2,
                           VERDICT_HANG);
    }
    cret_lines_put(lines, "\n", 1);
    free(safe);
    cret_buffer_free(&line);
    return taken;
}

/* Returns the column behind it. */
static size_t put_label(struct cret_lines *lines, const struct cret_block *block)
{
    char *safe = cret_text_escape(block->label);
    const char *label = safe != NULL ? safe : "(out of memory)";
    const size_t columns = cret_unicode_columns(label, strlen(label));
    cret_lines_spaces(lines, CRET_PAGE_MARGIN);
    cret_lines_tone(lines, block->tone);
    cret_lines_put(lines, label, strlen(label));
    cret_lines_tone(lines, CRET_TONE_PLAIN);
    const size_t gap = columns < LABEL ? LABEL - columns : CRET_PAGE_GAP;
    cret_lines_spaces(lines, gap);
    free(safe);
    return CRET_PAGE_MARGIN + columns + gap;
}

static void put_command(struct cret_lines *lines, const struct cret_block *block)
{
    char *safe = cret_text_escape(block->text);
    put_label(lines, block);
    cret_lines_put(lines, safe != NULL ? safe : "(out of memory)",
                   strlen(safe != NULL ? safe : ""));
    cret_lines_put(lines, "\n", 1);
    free(safe);
}

static size_t put_block(struct cret_lines *lines, const struct cret_page *page, size_t index)
{
    const struct cret_block *block = &page->blocks[index];
    switch (block->kind) {
    case CRET_BLOCK_VERDICT:
        return put_verdict(lines, page, index);
    case CRET_BLOCK_TABLE:
        return cret_page_table_write(page, index, lines);
    case CRET_BLOCK_SECTION:
        cret_lines_put(lines, "\n", index > 0 ? 1 : 0);
        put_text(lines, block->label, 0, 0);
        return 1;
    case CRET_BLOCK_ROW:
        put_text(lines, block->text, put_label(lines, block), CRET_PAGE_MARGIN + LABEL);
        return 1;
    case CRET_BLOCK_COMMAND:
        put_command(lines, block);
        return 1;
    case CRET_BLOCK_STATEMENT:
        put_text(lines, block->text, 0, VERDICT_HANG);
        return 1;
    case CRET_BLOCK_PARAGRAPH:
    case CRET_BLOCK_QUALIFIER:
    case CRET_BLOCK_CELL:
        cret_lines_spaces(lines, CRET_PAGE_MARGIN);
        put_text(lines, block->text, CRET_PAGE_MARGIN, CRET_PAGE_MARGIN);
        return 1;
    }
    return 1;
}

void cret_page_write_text(const struct cret_page *page, size_t width,
                          const struct cret_page_sink *sink)
{
    struct cret_lines lines = {.sink = sink, .width = width};
    if (cret_page_failed(page)) {
        static const char words[] = "this page could not be made: out of memory\n";
        cret_lines_put(&lines, words, sizeof(words) - 1);
        return;
    }
    for (size_t i = 0; i < page->count;) {
        i += put_block(&lines, page, i);
    }
}

void cret_page_write_verdict(const struct cret_page *page, size_t width,
                             const struct cret_page_sink *sink)
{
    struct cret_lines lines = {.sink = sink, .width = width};
    if (!cret_page_failed(page) && page->count > 0 && page->blocks[0].kind == CRET_BLOCK_VERDICT) {
        put_verdict(&lines, page, 0);
    }
}
