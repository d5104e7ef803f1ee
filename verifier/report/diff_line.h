/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a comparison on a screen. */
#ifndef CRET_VERIFIER_DIFF_LINE_H
#define CRET_VERIFIER_DIFF_LINE_H

#include "base/page/page.h"
#include "base/text/text.h"

/* Rows of a line that must not lose its end. */
enum { CRET_DIFF_LINE_ROWS = 2 };

/* Puts a line, which it frees, in at most so many rows, cut between words where it is longer. more:
 * how many of its kind are not told, and marked: how many of these ask for attention. */
void cret_diff_line(struct cret_page *page, enum cret_tone tone, const char *label,
                    struct cret_buffer *line, size_t rows, size_t more, size_t marked);

/* Rows that such a line takes, where it may take CRET_DIFF_LINE_ROWS. */
size_t cret_diff_line_rows(const struct cret_buffer *line, size_t more, size_t marked);

#endif
