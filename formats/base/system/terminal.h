/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard output and standard error of both programs. Everything that is printed passes here, so
 * that nothing of an archive, a policy or a file name reaches a terminal raw, whichever function
 * prints it; and lines come whole and in order, also where both streams are one pipe.
 */
#ifndef CRET_BASE_TERMINAL_H
#define CRET_BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/finding/err.h"

/*
 * From here on, stdout and stderr write whole lines, and what cret_text_visible() refuses, but for
 * line breaks (also those of CSV, CR LF) and tabs, as \xNN for each byte. Fails for memory. Before
 * anything is printed.
 */
CRET_MUST_CHECK enum cret_status cret_terminal_begin(void);

/* One line on the terminal of standard error that the next one replaces; text is made safe. NULL
 * takes it away. Only where standard error is a terminal. */
void cret_terminal_status(const char *text);

/* The columns to print in: COLUMNS (XBD 8.3), else those of the terminal that standard output is; 0
 * where neither says. */
size_t cret_terminal_columns(void);
/* The lines of the terminal that the stream is; 0 where it is none, or does not say. */
size_t cret_terminal_rows(const FILE *stream);

/* Whether colour is wanted on standard output or standard error: it is a terminal, and neither
 * NO_COLOR (set, and not empty) nor TERM=dumb nor cret_terminal_plain() says otherwise. */
bool cret_terminal_colours(const FILE *stream);
/* No colour in this process (--no-color). */
void cret_terminal_plain(void);

enum cret_colour { CRET_COLOUR_NONE, CRET_COLOUR_GREEN, CRET_COLOUR_YELLOW, CRET_COLOUR_RED };
/* What is printed from here on has this colour, in bold; nothing happens where none is wanted. It
 * goes past what makes texts safe, so that no text can do the same. */
void cret_terminal_colour(FILE *stream, enum cret_colour colour);

#endif
