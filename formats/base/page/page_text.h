/* SPDX-License-Identifier: Apache-2.0 */
/* A page on a terminal, or as plain text: wrapped at words to the terminal's width. */
#ifndef CRET_BASE_PAGE_TEXT_H
#define CRET_BASE_PAGE_TEXT_H

#include "base/page/page.h"

/* The width where none is known. */
enum { CRET_PAGE_WIDTH = 80 };

/* Where the text goes. What comes is safe on a terminal (cret_text_escape). */
struct cret_page_sink {
    void (*text)(void *context, const char *text, size_t size);
    /* From here on in this tone; NULL where there is no colour. */
    void (*tone)(void *context, enum cret_tone tone);
    void *context;
};

/*
 * Writes the page in lines of at most width columns, broken between words; a word that is longer
 * has its line alone, and a command is never broken. Columns of a table that do not fit stand below
 * their row. Of a page that failed one line says so.
 */
void cret_page_write_text(const struct cret_page *page, size_t width,
                          const struct cret_page_sink *sink);
/* Its verdict alone, as it stands in the page's first line; nothing where it has none. */
void cret_page_write_verdict(const struct cret_page *page, size_t width,
                             const struct cret_page_sink *sink);

#endif
