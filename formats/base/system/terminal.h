/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard output and standard error of both programs. Everything that is printed passes here, so
 * that nothing of an archive, a policy or a file name reaches a terminal raw, whichever function
 * prints it; and lines come whole and in order, also where both streams are one pipe.
 */
#ifndef CRET_BASE_TERMINAL_H
#define CRET_BASE_TERMINAL_H

#include "base/finding/err.h"

/*
 * From here on, stdout and stderr write whole lines, and what cret_text_visible() refuses, but for
 * line breaks and tabs, as \xNN for each byte. Fails for memory. Before anything is printed.
 */
CRET_MUST_CHECK enum cret_status cret_terminal_begin(void);

/* One line on the terminal of standard error that the next one replaces; text is made safe. NULL
 * takes it away. Only where standard error is a terminal. */
void cret_terminal_status(const char *text);

#endif
