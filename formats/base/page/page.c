/* SPDX-License-Identifier: Apache-2.0 */
/* The content of a page: a list of blocks, in the order in which they were said. */
#include "base/page/page_internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/shell.h"
#include "base/text/text.h"

struct cret_page *cret_page_new(void)
{
    return calloc(1, sizeof(struct cret_page));
}

void cret_page_free(struct cret_page **page)
{
    if (page == NULL || *page == NULL) {
        return;
    }
    for (size_t i = 0; i < (*page)->count; i++) {
        free((*page)->blocks[i].label);
        free((*page)->blocks[i].text);
        free((*page)->blocks[i].columns);
    }
    free((*page)->blocks);
    free(*page);
    *page = NULL;
}

bool cret_page_failed(const struct cret_page *page)
{
    return page == NULL || page->failed;
}

void cret_page_fail(struct cret_page *page)
{
    if (page != NULL) {
        page->failed = true;
    }
}

/* Appends a block that has no text yet. NULL: the page failed, now or before. */
static struct cret_block *add(struct cret_page *page, enum cret_block_kind kind, const char *label)
{
    if (cret_page_failed(page)) {
        return NULL;
    }
    page->failed = true;
    if (page->count == page->capacity) {
        const size_t capacity = page->capacity == 0 ? 64 : page->capacity * 2;
        struct cret_block *blocks = reallocarray(page->blocks, capacity, sizeof(*blocks));
        if (blocks == NULL) {
            return NULL;
        }
        page->blocks = blocks;
        page->capacity = capacity;
    }
    char *copy = label != NULL ? strdup(label) : NULL;
    if (label != NULL && copy == NULL) {
        return NULL;
    }
    struct cret_block *block = &page->blocks[page->count++];
    *block = (struct cret_block){.kind = kind, .label = copy};
    page->failed = false;
    return block;
}

static void set_text(struct cret_page *page, struct cret_block *block, const char *text)
{
    if (block != NULL) {
        block->text = strdup(text != NULL ? text : "");
        page->failed = block->text == NULL;
    }
}

static CRET_PRINTF(3, 0) void format_text(struct cret_page *page, struct cret_block *block,
                                          const char *format, va_list arguments)
{
    struct cret_buffer text = {0};
    if (block == NULL) {
        return;
    }
    cret_buffer_vprintf(&text, format, arguments);
    block->text = text.data;
    if (text.failed || text.data == NULL) {
        page->failed = true;
    }
}

static void set_tone(struct cret_block *block, enum cret_tone tone)
{
    if (block != NULL) {
        block->tone = tone;
    }
}

const char *cret_page_words(struct cret_page *page, const struct cret_buffer *words)
{
    if (words->failed) {
        cret_page_fail(page);
    }
    return words->failed || words->data == NULL ? "" : words->data;
}

void cret_page_verdict(struct cret_page *page, enum cret_tone tone, const char *word,
                       const char *format, ...)
{
    struct cret_block *block = add(page, CRET_BLOCK_VERDICT, word);
    va_list arguments;
    va_start(arguments, format);
    format_text(page, block, format, arguments);
    va_end(arguments);
    set_tone(block, tone);
}

void cret_page_qualify(struct cret_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(page, add(page, CRET_BLOCK_QUALIFIER, NULL), format, arguments);
    va_end(arguments);
}

void cret_page_section(struct cret_page *page, const char *format, ...)
{
    struct cret_buffer heading = {0};
    va_list arguments;
    va_start(arguments, format);
    cret_buffer_vprintf(&heading, format, arguments);
    va_end(arguments);
    add(page, CRET_BLOCK_SECTION, cret_page_words(page, &heading));
    cret_buffer_free(&heading);
}

void cret_page_row(struct cret_page *page, const char *label, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct cret_block *block = add(page, CRET_BLOCK_ROW, label);
    format_text(page, block, format, arguments);
    va_end(arguments);
    if (block != NULL && block->text != NULL && block->text[0] == '\0') {
        free(block->label);
        free(block->text);
        page->count--;
    }
}

void cret_page_text(struct cret_page *page, const char *label, const char *text)
{
    cret_page_row(page, label, "%s", text != NULL ? text : "");
}

void cret_page_buffer(struct cret_page *page, const char *label, struct cret_buffer *text)
{
    cret_page_text(page, label, cret_page_words(page, text));
    cret_buffer_free(text);
}

void cret_page_toned(struct cret_page *page, enum cret_tone tone, const char *label,
                     const char *format, ...)
{
    struct cret_block *block = add(page, CRET_BLOCK_ROW, label);
    va_list arguments;
    va_start(arguments, format);
    format_text(page, block, format, arguments);
    va_end(arguments);
    set_tone(block, tone);
}

void cret_page_command(struct cret_page *page, const char *label, const char *command)
{
    set_text(page, add(page, CRET_BLOCK_COMMAND, label), command);
}

void cret_page_command_file(struct cret_page *page, const char *label, const char *command,
                            const char *path)
{
    struct cret_buffer line = {0};
    cret_shell_fill(&line, command, path);
    cret_page_command(page, label, cret_page_words(page, &line));
    cret_buffer_free(&line);
}

void cret_page_statement(struct cret_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(page, add(page, CRET_BLOCK_STATEMENT, NULL), format, arguments);
    va_end(arguments);
}

void cret_page_paragraph(struct cret_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(page, add(page, CRET_BLOCK_PARAGRAPH, NULL), format, arguments);
    va_end(arguments);
}

void cret_page_table(struct cret_page *page, const struct cret_page_column *columns, size_t count)
{
    struct cret_block *block = add(page, CRET_BLOCK_TABLE, NULL);
    if (block == NULL) {
        return;
    }
    if (count == 0 || count > CRET_PAGE_COLUMNS) {
        page->failed = true;
        return;
    }
    block->columns = calloc(count, sizeof(*columns));
    if (block->columns == NULL) {
        page->failed = true;
        return;
    }
    memcpy(block->columns, columns, count * sizeof(*columns));
    block->column_count = count;
}

void cret_page_cell(struct cret_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(page, add(page, CRET_BLOCK_CELL, NULL), format, arguments);
    va_end(arguments);
}

void cret_page_cell_buffer(struct cret_page *page, struct cret_buffer *text)
{
    cret_page_cell(page, "%s", cret_page_words(page, text));
    cret_buffer_free(text);
}

void cret_page_cell_toned(struct cret_page *page, enum cret_tone tone, const char *text)
{
    struct cret_block *block = add(page, CRET_BLOCK_CELL, NULL);
    set_text(page, block, text);
    set_tone(block, tone);
}

size_t cret_page_cells(const struct cret_page *page, size_t index)
{
    size_t end = index + 1;
    while (end < page->count && page->blocks[end].kind == CRET_BLOCK_CELL) {
        end++;
    }
    return end - index - 1;
}
