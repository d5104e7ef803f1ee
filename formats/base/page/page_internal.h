/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a page, for its forms. */
#ifndef CRET_BASE_PAGE_INTERNAL_H
#define CRET_BASE_PAGE_INTERNAL_H

#include "base/page/page.h"

enum { CRET_PAGE_COLUMNS = 9, CRET_PAGE_MARGIN = 2, CRET_PAGE_GAP = 2 };

enum cret_block_kind {
    CRET_BLOCK_VERDICT,
    CRET_BLOCK_QUALIFIER,
    CRET_BLOCK_SECTION,
    CRET_BLOCK_ROW,
    CRET_BLOCK_COMMAND,
    CRET_BLOCK_STATEMENT,
    CRET_BLOCK_PARAGRAPH,
    CRET_BLOCK_TABLE,
    CRET_BLOCK_CELL
};

struct cret_block {
    enum cret_block_kind kind;
    enum cret_tone tone;
    char *label;                      /* verdict: its word; section: its heading */
    char *text;                       /* never NULL but in sections and tables */
    struct cret_page_column *columns; /* tables only */
    size_t column_count;
};

struct cret_page {
    struct cret_block *blocks;
    size_t count, capacity;
    bool failed;
};

/* How many cells follow the table at index. */
size_t cret_page_cells(const struct cret_page *page, size_t index);

#endif
