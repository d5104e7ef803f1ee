/* SPDX-License-Identifier: Apache-2.0 */
/* A page on standard output or standard error, in this terminal's width and colours. */
#ifndef CRET_BASE_PAGE_PRINT_H
#define CRET_BASE_PAGE_PRINT_H

#include <stdio.h>

#include "base/page/page.h"

/* In 80 columns where no width is known, in 40 where it is less. */
void cret_page_print(FILE *stream, const struct cret_page *page);

#endif
