/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of others in documents of ours: each form has one function that makes a text harmless. */
#ifndef CRET_BASE_ESCAPE_H
#define CRET_BASE_ESCAPE_H

#include "base/text/text.h"

/*
 * Each appends the text so that its place stays its place: what is not visible becomes \xNN
 * (cret_text_escape), and what has a meaning in the form is written as the form says. Memory: the
 * buffer fails.
 */

/* Text and quoted attribute values of HTML5 (13.1.2) and XML 1.0 (2.4). Line breaks stay. */
void cret_escape_markup(struct cret_buffer *out, const char *text);
/* One field of RFC 4180, always quoted. A field that a spreadsheet would take for a formula (behind
 * blanks it begins with = + - @, a tab or a line break) gets an apostrophe, which spreadsheets do
 * not show; a negative number is none. */
void cret_escape_csv(struct cret_buffer *out, const char *text);

#endif
