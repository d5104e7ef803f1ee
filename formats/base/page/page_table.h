/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a page as text: columns beside each other, and what has no place there below. */
#ifndef CRET_BASE_PAGE_TABLE_H
#define CRET_BASE_PAGE_TABLE_H

#include "base/page/page_lines.h"

/* Writes the table at index. The first column and those that fit beside it are a line, broken
 * between words; the others, those of the longest words, follow below each row with their names.
 * Returns how many blocks of the page it took. */
size_t cret_page_table_write(const struct cret_page *page, size_t index, struct cret_lines *lines);

#endif
