/* SPDX-License-Identifier: Apache-2.0 */
/* A page on standard output or standard error, in this terminal's width and colours. */
#ifndef CRET_BASE_PAGE_PRINT_H
#define CRET_BASE_PAGE_PRINT_H

#include <stdio.h>

#include "base/page/page.h"

/* Terminals that are narrower than 40 columns or wider than 120 are taken for that. */
void cret_page_print(FILE *stream, const struct cret_page *page);

#endif
