/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as HTML: every block has its element, every text is escaped in one function. */
#include "base/page/page_html.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/page/escape.h"
#include "base/page/page_internal.h"
#include "base/page/page_style.h"

static void add_words(struct cret_buffer *out, const char *words)
{
    cret_buffer_append(out, words, strlen(words));
}

static const char *class_of(enum cret_tone tone)
{
    switch (tone) {
    case CRET_TONE_GOOD:
        return " class=\"good\"";
    case CRET_TONE_CAUTION:
        return " class=\"caution\"";
    case CRET_TONE_BAD:
        return " class=\"bad\"";
    case CRET_TONE_PLAIN:
        return "";
    }
    return "";
}

static void add_element(struct cret_buffer *out, const char *open, const char *text,
                        const char *close)
{
    add_words(out, open);
    cret_escape_markup(out, text);
    add_words(out, close);
}

/* A shape for each tone, so that nobody needs to see a colour; the word stands beside it. */
static const char *mark_of(enum cret_tone tone)
{
#define MARK(lines)                                                                                \
    "<svg class=\"mark\" viewBox=\"0 0 24 24\" width=\"40\" height=\"40\" aria-hidden=\"true\" "   \
    "focusable=\"false\">" lines "</svg>"
    switch (tone) {
    case CRET_TONE_GOOD:
        return MARK("<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M7 12.5l3.5 3.5 7-7.5\"/>");
    case CRET_TONE_CAUTION:
        return MARK("<path d=\"M12 3L22.5 21h-21z\"/><path d=\"M12 10v5m0 2v1\"/>");
    case CRET_TONE_BAD:
        return MARK("<path d=\"M8 2h8l6 6v8l-6 6H8l-6-6V8z\"/><path d=\"M8 8l8 8m0-8l-8 8\"/>");
    case CRET_TONE_PLAIN:
        return "";
    }
    return "";
#undef MARK
}

/* Words that no column is wide enough for: digests, long names of others. */
enum { LONG_WORD = 32 };
static bool has_long_word(const char *text)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, " \n");
        if (size > LONG_WORD) {
            return true;
        }
        text += size + (text[size] != '\0' ? 1u : 0u);
    }
    return false;
}

/* Whether each line of it is one word, and none too long for a column: an id, a path, a day. */
static bool is_one_word(const char *text)
{
    return text[0] != '\0' && strchr(text, ' ') == NULL && !has_long_word(text);
}

/* Whether a browser would break it in its middle, where it is hard to read on: behind a hyphen of
 * an id, a date or a version. */
static bool is_id(const char *word, size_t size)
{
    bool hyphen = false, digit = false;
    for (size_t i = 0; i < size; i++) {
        hyphen = hyphen || word[i] == '-';
        digit = digit || (word[i] >= '0' && word[i] <= '9');
    }
    return hyphen && digit && size <= LONG_WORD;
}

/* A text whose ids stay on one line. */
static void add_text(struct cret_buffer *out, const char *text)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, " \n");
        const size_t taken = size + strspn(text + size, " \n");
        const bool id = is_id(text, size);
        char *word = strndup(text, size), *blank = strndup(text + size, taken - size);
        if (word == NULL || blank == NULL) {
            out->failed = true;
        } else {
            add_element(out, id ? "<span class=\"k\">" : "", word, id ? "</span>" : "");
            add_element(out, "", blank, "");
        }
        free(word);
        free(blank);
        text += taken;
    }
}

static size_t add_verdict(struct cret_buffer *out, const struct cret_page *page, size_t index)
{
    const struct cret_block *verdict = &page->blocks[index];
    size_t taken = 1;
    cret_buffer_printf(out, "<h1%s>", class_of(verdict->tone));
    add_words(out, mark_of(verdict->tone));
    add_element(out, "<strong>", verdict->label, "</strong> ");
    add_element(out, "<span>", verdict->text, "</span></h1>\n");
    for (; index + taken < page->count; taken++) {
        const struct cret_block *next = &page->blocks[index + taken];
        if (next->kind != CRET_BLOCK_QUALIFIER) {
            break;
        }
        add_words(out, taken == 1 ? "<ul class=\"narrows\">\n" : "");
        add_element(out, "<li>", next->text, "</li>\n");
    }
    add_words(out, taken > 1 ? "</ul>\n" : "");
    return taken;
}

/* Rows that follow each other are one list. */
static size_t add_rows(struct cret_buffer *out, const struct cret_page *page, size_t index)
{
    size_t taken = 0;
    add_words(out, "<dl>\n");
    for (; index + taken < page->count; taken++) {
        const struct cret_block *row = &page->blocks[index + taken];
        if (row->kind != CRET_BLOCK_ROW && row->kind != CRET_BLOCK_COMMAND) {
            break;
        }
        if (row->label[0] != '\0' || taken == 0) { /* else: one more of the same label */
            cret_buffer_printf(out, "<dt%s>", class_of(row->tone));
            add_element(out, "", row->label, "</dt>");
        }
        if (row->kind == CRET_BLOCK_COMMAND) {
            add_element(out, "<dd><code>", row->text, "</code></dd>\n");
        } else {
            add_words(out, "<dd>");
            add_text(out, row->text);
            add_words(out, "</dd>\n");
        }
    }
    add_words(out, "</dl>\n");
    return taken;
}

/* number: of the table on this page, so that each has a name of its own. */
static size_t add_table(struct cret_buffer *out, const struct cret_page *page, size_t index,
                        const char *heading, size_t number)
{
    const struct cret_block *table = &page->blocks[index];
    const size_t cells = cret_page_cells(page, index), columns = table->column_count;
    cret_buffer_printf(out,
                       "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table "
                       "%zu: ",
                       number);
    add_element(out, "", heading, "\"><table>\n<thead><tr>");
    for (size_t i = 0; i < columns; i++) {
        cret_buffer_printf(out, "<th scope=\"col\"%s>",
                           table->columns[i].number ? " class=\"n\"" : "");
        add_element(out, "", table->columns[i].name, "</th>");
    }
    add_words(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < cells; i++) {
        const struct cret_page_column *column = &table->columns[i % columns];
        const struct cret_block *cell = &page->blocks[index + 1 + i];
        add_words(out, i % columns == 0 ? "<tr>" : "");
        cret_buffer_printf(out, "<td%s>",
                           cell->tone != CRET_TONE_PLAIN ? class_of(cell->tone)
                           : column->number              ? " class=\"n\""
                           : column->code                ? " class=\"c\""
                           : has_long_word(cell->text)   ? " class=\"w\""
                           : is_one_word(cell->text)     ? " class=\"k\""
                                                         : "");
        add_text(out, cell->text);
        add_words(out, "</td>");
        add_words(out, i % columns == columns - 1 || i == cells - 1 ? "</tr>\n" : "");
    }
    add_words(out, "</tbody>\n</table></div>\n");
    return 1 + cells;
}

static void add_decision(struct cret_buffer *out)
{
    static const char *const fields[] = {"Decision", "Conditions", "Name", "Date", "Signature"};
    add_words(out, "<section class=\"decision\">\n<h2>Decision of the board</h2>\n<dl>\n");
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        cret_buffer_printf(out, "<dt>%s</dt><dd class=\"field\"></dd>\n", fields[i]);
    }
    add_words(out, "</dl>\n</section>\n");
}

/* The board's decision stands before the first section: on the first page in print, beside what is
 * decided. */
static void add_blocks(struct cret_buffer *out, const struct cret_page *page,
                       const struct cret_page_html *options)
{
    const char *heading = "content";
    size_t tables = 0, sections = 0;
    for (size_t i = 0; i < page->count;) {
        const struct cret_block *block = &page->blocks[i];
        switch (block->kind) {
        case CRET_BLOCK_VERDICT:
            i += add_verdict(out, page, i);
            break;
        case CRET_BLOCK_ROW:
        case CRET_BLOCK_COMMAND:
            i += add_rows(out, page, i);
            break;
        case CRET_BLOCK_TABLE:
            i += add_table(out, page, i, heading, ++tables);
            break;
        case CRET_BLOCK_SECTION:
            heading = block->label;
            if (options->decision && sections++ == 0) {
                add_decision(out);
            }
            add_element(out, "<h2>", heading, "</h2>\n");
            i++;
            break;
        case CRET_BLOCK_STATEMENT:
        case CRET_BLOCK_PARAGRAPH:
        case CRET_BLOCK_QUALIFIER:
        case CRET_BLOCK_CELL:
            add_element(out, "<p>", block->text, "</p>\n");
            i++;
            break;
        }
    }
    if (options->decision && sections == 0) {
        add_decision(out);
    }
}

static void add_attachments(struct cret_buffer *out, const struct cret_page_html *options)
{
    for (size_t i = 0; i < options->attachment_count; i++) {
        const struct cret_page_attachment *attachment = &options->attachments[i];
        char *text = NULL;
        if (cret_base64_encode(&text, attachment->data, attachment->size) != CRET_OK) {
            out->failed = true;
            return;
        }
        cret_buffer_printf(out, "<data id=\"%s\" hidden value=\"", attachment->id);
        add_words(out, text);
        add_words(out, "\"></data>\n");
        free(text);
    }
}

/* A text as a string of CSS: what is no letter, digit or blank is escaped by its number. */
static void add_css_string(struct cret_buffer *out, const char *text)
{
    add_words(out, "\"");
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= 'A' && byte <= 'Z') || byte == ' ' || byte == '-';
        cret_buffer_printf(out, plain ? "%c" : byte < 0x80 ? "\\%x " : "?", byte);
    }
    add_words(out, "\"");
}

/* The style, and what each printed page says at its foot. */
static void add_style(struct cret_buffer *out, const char *footer)
{
    add_words(out, cret_page_style);
    add_words(out, "@page{@bottom-right{font:7.5pt sans-serif;content:counter(page) \" / \" "
                   "counter(pages)}");
    if (footer != NULL) {
        add_words(out, "@bottom-left{font:7.5pt sans-serif;content:");
        add_css_string(out, footer);
        add_words(out, "}");
    }
    add_words(out, "}");
}

/* style: the whole of it, which the policy names by its digest. */
static enum cret_status add_policy(struct cret_buffer *out, const struct cret_buffer *style,
                                   struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char *hash = NULL;
    if (cret_sha256(digest, style->data, style->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_base64_encode(&hash, digest, sizeof(digest)) != CRET_OK) {
        return cret_err_memory(err);
    }
    cret_buffer_printf(out,
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                       "'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
                       hash);
    free(hash);
    return CRET_OK;
}

static enum cret_status add_head(struct cret_buffer *out, const struct cret_page_html *options,
                                 struct cret_err *err)
{
    struct cret_buffer style = {0};
    add_words(out, CRET_PAGE_HTML_START);
    if (options->generator != NULL) {
        add_element(out, "<meta name=\"generator\" content=\"", options->generator, "\">\n");
    }
    add_style(&style, options->footer);
    const enum cret_status status =
        style.failed ? cret_err_memory(err) : add_policy(out, &style, err);
    add_words(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n");
    add_element(out, "<title>", options->title, "</title>\n<style>");
    cret_buffer_append(out, style.data, style.size);
    add_words(out, "</style>\n</head>\n");
    cret_buffer_free(&style);
    return status;
}

enum cret_status cret_page_html(struct cret_buffer *out, const struct cret_page *page,
                                const struct cret_page_html *options, struct cret_err *err)
{
    if (cret_page_failed(page)) {
        return cret_err_memory(err);
    }
    if (add_head(out, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    add_words(out, "<body>\n");
    if (options->kind != NULL) {
        add_element(out, "<header>", options->kind, "</header>\n");
    }
    add_words(out, "<main>\n");
    add_blocks(out, page, options);
    add_words(out, "</main>\n");
    if (options->footer != NULL) {
        add_element(out, "<footer>", options->footer, "</footer>\n");
    }
    add_attachments(out, options);
    add_words(out, "</body>\n</html>\n");
    return out->failed ? cret_err_memory(err) : CRET_OK;
}
