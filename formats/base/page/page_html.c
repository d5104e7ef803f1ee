/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as HTML: every block has its element, every text is escaped in one function. */
#include "base/page/page_html.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/page/escape.h"
#include "base/page/page_internal.h"

/* Contrast is at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3). */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--line:#767676;--soft:#f2f2f0;"
    "--good:#0b5c2c;--caution:#7a4b00;--bad:#a3150f}"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--line:#8f8f8f;"
    "--soft:#242424;--good:#6fd694;--caution:#f0b95a;--bad:#ff9a90}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:1.5rem;max-width:60rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,\"DejaVu Sans\",Arial,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.4rem;line-height:1.3;margin:0;padding:.7rem 1rem;border-left:.5rem solid}"
    "h2{font-size:1.15rem;margin:1.8rem 0 .5rem;border-bottom:1px solid var(--line)}"
    ".good{color:var(--good)}.caution{color:var(--caution)}.bad{color:var(--bad)}"
    "h1 strong{display:block;font-size:1.7rem}"
    "ul{margin:.5rem 0;padding-left:1.5rem}p{margin:.5rem 0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}"
    "dt{font-weight:600;max-width:14rem}dd{margin:0;white-space:pre-line}"
    "code{font-family:\"DejaVu Sans Mono\",monospace;background:var(--soft);padding:.1rem .3rem}"
    ".wide{overflow-x:auto}.wide:focus-visible{outline:2px solid}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}"
    "th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "th{background:var(--soft)}.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".field{border-bottom:1px solid var(--ink);min-height:2.2rem}"
    "footer{margin-top:2rem;border-top:1px solid var(--line);font-size:.85rem}"
    "@page{size:A4;margin:16mm 15mm 20mm}"
    "@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--soft:#f2f2f0;--line:#767676;"
    "--good:#0b5c2c;--caution:#7a4b00;--bad:#a3150f}"
    "body{padding:0;max-width:none;font-size:10pt}tr,dl>*,li{break-inside:avoid}"
    "h1,h2{break-after:avoid}thead{display:table-header-group}.wide{overflow:visible}"
    "footer{position:fixed;bottom:-12mm;left:0;right:0;font-size:7.5pt}}";

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

static size_t add_verdict(struct cret_buffer *out, const struct cret_page *page, size_t index)
{
    const struct cret_block *verdict = &page->blocks[index];
    size_t taken = 1;
    cret_buffer_printf(out, "<h1%s>", class_of(verdict->tone));
    add_element(out, "<strong>", verdict->label, "</strong>");
    add_element(out, "", verdict->text, "</h1>\n");
    for (; index + taken < page->count; taken++) {
        const struct cret_block *next = &page->blocks[index + taken];
        if (next->kind != CRET_BLOCK_QUALIFIER) {
            break;
        }
        add_words(out, taken == 1 ? "<ul class=\"caution\">\n" : "");
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
        cret_buffer_printf(out, "<dt%s>", class_of(row->tone));
        add_element(out, "", row->label, "</dt>");
        if (row->kind == CRET_BLOCK_COMMAND) {
            add_element(out, "<dd><code>", row->text, "</code></dd>\n");
        } else {
            add_element(out, "<dd>", row->text, "</dd>\n");
        }
    }
    add_words(out, "</dl>\n");
    return taken;
}

static size_t add_table(struct cret_buffer *out, const struct cret_page *page, size_t index,
                        const char *heading)
{
    const struct cret_block *table = &page->blocks[index];
    const size_t cells = cret_page_cells(page, index), columns = table->column_count;
    add_element(out,
                "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table: ", heading,
                "\"><table>\n<thead><tr>");
    for (size_t i = 0; i < columns; i++) {
        cret_buffer_printf(out, "<th scope=\"col\"%s>",
                           table->columns[i].number ? " class=\"n\"" : "");
        add_element(out, "", table->columns[i].name, "</th>");
    }
    add_words(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < cells; i++) {
        const bool number = table->columns[i % columns].number;
        add_words(out, i % columns == 0 ? "<tr>" : "");
        add_element(out, number ? "<td class=\"n\">" : "<td>", page->blocks[index + 1 + i].text,
                    "</td>");
        add_words(out, i % columns == columns - 1 || i == cells - 1 ? "</tr>\n" : "");
    }
    add_words(out, "</tbody>\n</table></div>\n");
    return 1 + cells;
}

static void add_blocks(struct cret_buffer *out, const struct cret_page *page)
{
    const char *heading = "content";
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
            i += add_table(out, page, i, heading);
            break;
        case CRET_BLOCK_SECTION:
            heading = block->label;
            add_element(out, "<h2>", heading, "</h2>\n");
            i++;
            break;
        case CRET_BLOCK_PARAGRAPH:
        case CRET_BLOCK_QUALIFIER:
        case CRET_BLOCK_CELL:
            add_element(out, "<p>", block->text, "</p>\n");
            i++;
            break;
        }
    }
}

static void add_decision(struct cret_buffer *out)
{
    static const char *const fields[] = {"Decision", "Conditions", "Name", "Date", "Signature"};
    add_words(out, "<h2>Decision of the board</h2>\n<dl>\n");
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        cret_buffer_printf(out, "<dt>%s</dt><dd class=\"field\"></dd>\n", fields[i]);
    }
    add_words(out, "</dl>\n");
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

static enum cret_status add_head(struct cret_buffer *out, const char *title, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char *hash = NULL;
    if (cret_sha256(digest, style, sizeof(style) - 1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_base64_encode(&hash, digest, sizeof(digest)) != CRET_OK) {
        return cret_err_memory(err);
    }
    add_words(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    cret_buffer_printf(out,
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                       "'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
                       hash);
    add_words(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n");
    add_element(out, "<title>", title, "</title>\n<style>");
    add_words(out, style);
    add_words(out, "</style>\n</head>\n");
    free(hash);
    return CRET_OK;
}

enum cret_status cret_page_html(struct cret_buffer *out, const struct cret_page *page,
                                const struct cret_page_html *options, struct cret_err *err)
{
    if (cret_page_failed(page)) {
        return cret_err_memory(err);
    }
    if (add_head(out, options->title, err) != CRET_OK) {
        return CRET_FAILED;
    }
    add_words(out, "<body>\n<main>\n");
    add_blocks(out, page);
    if (options->decision) {
        add_decision(out);
    }
    add_words(out, "</main>\n");
    if (options->footer != NULL) {
        add_element(out, "<footer>", options->footer, "</footer>\n");
    }
    add_attachments(out, options);
    add_words(out, "</body>\n</html>\n");
    return out->failed ? cret_err_memory(err) : CRET_OK;
}
