/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads, before it has a form: a verdict, rows, sections, tables. page_text.h makes
 * one screen of a terminal of it, page_html.h one file. Who fills a page says every text once, as
 * it is; each form escapes it for its place.
 *
 * Texts are UTF-8, copied. A failure (memory) sticks: nothing of a page that failed is shown, and
 * both forms say so. Every function takes NULL for a page that could not be made.
 */
#ifndef CRET_BASE_PAGE_H
#define CRET_BASE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/attributes.h"

/* How something is meant. A form may colour it; the words say it too. */
enum cret_tone { CRET_TONE_PLAIN, CRET_TONE_GOOD, CRET_TONE_CAUTION, CRET_TONE_BAD };

struct cret_page;
struct cret_buffer;

/* Caller frees with cret_page_free(). NULL: out of memory. */
struct cret_page *cret_page_new(void);
void cret_page_free(struct cret_page **page);
bool cret_page_failed(const struct cret_page *page);
/* What the page should say could not be made: no form shows it. */
void cret_page_fail(struct cret_page *page);
/* What a buffer holds, to be said on the page: "" where nothing. A buffer that failed fails it. */
const char *cret_page_words(struct cret_page *page, const struct cret_buffer *words);

/* The first line: a word ("ACCEPTED") and what it is said of. Once, before anything else. */
void cret_page_verdict(struct cret_page *page, enum cret_tone tone, const char *word,
                       const char *format, ...) CRET_PRINTF(4, 5);
/* What narrows the verdict: in brackets in its own line. */
void cret_page_qualify(struct cret_page *page, const char *format, ...) CRET_PRINTF(2, 3);

/* A heading; what follows belongs to it. */
void cret_page_section(struct cret_page *page, const char *format, ...) CRET_PRINTF(2, 3);
/* A label and a text. A row without a text is left out. An empty label carries on the one before.
 */
void cret_page_row(struct cret_page *page, const char *label, const char *format, ...)
    CRET_PRINTF(3, 4);
/* The same of a text as it is; NULL is none. */
void cret_page_text(struct cret_page *page, const char *label, const char *text);
/* The same of what a buffer holds, which is freed. */
void cret_page_buffer(struct cret_page *page, const char *label, struct cret_buffer *text);
/* A row with a tone, which colours the label, and with a text or without. */
void cret_page_toned(struct cret_page *page, enum cret_tone tone, const char *label,
                     const char *format, ...) CRET_PRINTF(4, 5);
/* A label and something to paste, which no form breaks. */
void cret_page_command(struct cret_page *page, const char *label, const char *command);
/* The same of a text in which every {} is the name of that file, quoted for the shell. */
void cret_page_command_file(struct cret_page *page, const char *label, const char *command,
                            const char *path);
/* A line that says what and where, as tools read it in a log: "release.yaml:12:3: FAIL ...". */
void cret_page_statement(struct cret_page *page, const char *format, ...) CRET_PRINTF(2, 3);
void cret_page_paragraph(struct cret_page *page, const char *format, ...) CRET_PRINTF(2, 3);

/* A column: its name, whether it holds numbers, which are set to the right, or what programs
 * compare (digests, paths), in letters of one width. */
struct cret_page_column {
    const char *name;
    bool number;
    bool code;
};
/* A table of these columns (1 to 8, copied; their names must stay); cells follow, row by row. */
void cret_page_table(struct cret_page *page, const struct cret_page_column *columns, size_t count);
void cret_page_cell(struct cret_page *page, const char *format, ...) CRET_PRINTF(2, 3);
/* The same of what a buffer holds, which is freed. */
void cret_page_cell_buffer(struct cret_page *page, struct cret_buffer *text);
/* The same with a tone. */
void cret_page_cell_toned(struct cret_page *page, enum cret_tone tone, const char *text);

#endif
