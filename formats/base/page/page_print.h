/* SPDX-License-Identifier: Apache-2.0 */
/* A page on standard output or standard error, in this terminal's width and colours. */
#ifndef CRET_BASE_PAGE_PRINT_H
#define CRET_BASE_PAGE_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/page/page.h"

/* In 80 columns where no width is known, in 40 where it is less. On a terminal that the page is too
 * long for, its verdict is the last line once more. The page is made as a whole before
 * its first line is seen: false, and nothing was printed, where that failed, or where something
 * could not be found out meanwhile (base/finding/fault.h). */
CRET_MUST_CHECK bool cret_page_print(FILE *stream, const struct cret_page *page);

/* The lines that the page takes in the columns of this terminal. */
size_t cret_page_lines(const struct cret_page *page);

#endif
