/* SPDX-License-Identifier: Apache-2.0 */
/* Text broken at words, for the forms of a page that are text. */
#ifndef CRET_BASE_PAGE_LINES_H
#define CRET_BASE_PAGE_LINES_H

#include "base/page/page_text.h"

struct cret_lines {
    const struct cret_page_sink *sink;
    size_t width; /* columns of a line */
    size_t owed;  /* blanks that are written before the next text: no line ends with one */
};

void cret_lines_put(struct cret_lines *lines, const char *text, size_t size);
void cret_lines_spaces(struct cret_lines *lines, size_t count);
void cret_lines_tone(struct cret_lines *lines, enum cret_tone tone);

/* The bytes of text that one line of width columns takes: whole words, one at the least. */
size_t cret_lines_bytes(const char *text, size_t width);
/* Columns of the longest word of a safe text. */
size_t cret_lines_longest(const char *text);
/* A safe text from this column on, carried on at column hang. A word that fits into no line there
 * is carried on further left; one that is longer than a line has its line alone. Ends in the last
 * line, without a line break. */
void cret_lines_wrapped(struct cret_lines *lines, const char *text, size_t column, size_t hang);

#endif
