/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table that is made of what releases say: its columns, and the members of a manifest whose
 * entries are its rows. Who adds a table writes rows of data (sheet_*.c has the forms: CSV, JSON,
 * HTML).
 */
#ifndef CRET_VERIFIER_SHEET_H
#define CRET_VERIFIER_SHEET_H

#include <jansson.h>

#include "base/finding/err.h"
#include "base/text/text.h"

enum { CRET_SHEET_COLUMNS = 32 };

struct cret_sheet_column {
    const char *key;  /* in JSON */
    const char *name; /* in the head of CSV and HTML */
};

/* Where rows come from. */
struct cret_sheet_part {
    const char *member; /* of the facts, dotted: an object, a text, or a list of those; "": all */
    const char *kind;   /* what the first column says; NULL: its path does */
    bool (*wanted)(const json_t *entry); /* NULL: every entry */
    /* One a column (but the first, where kind stands in it): NULL leaves it empty; dotted in the
     * entry, "." the entry itself; several with spaces between them are joined; what stands behind
     * '?' is said where there is nothing. */
    const char *const *paths;
};

struct cret_sheet {
    const char *name;    /* "settings" */
    const char *title;   /* of the page */
    const char *nothing; /* what is said of a release that has no row */
    bool indexed;        /* a catalogue may stand for the archives (--catalogue) */
    /* What is worked out of the facts and rows come from in their place; NULL: of the facts. New
     * reference; NULL: memory. */
    json_t *(*derive)(const json_t *facts);
    const struct cret_sheet_column *columns; /* ended by a NULL key */
    const struct cret_sheet_part *parts;     /* ended by a NULL member */
};

/*
 * The rows of one release: {"file", "verification", "verified", "vendor", "product", "version",
 * "identity", "rows": [{key: value}], "note" where there are none}. facts: a manifest, with those
 * of the first members that it does not have itself. New reference; NULL: memory.
 */
json_t *cret_sheet_rows(const struct cret_sheet *sheet, const json_t *facts);

/* What releases say, a list of cret_sheet_rows(), in each form; the bytes depend on that alone.
 * Memory, or what a page fails of. */
typedef enum cret_status (*cret_sheet_form)(struct cret_buffer *out, const struct cret_sheet *sheet,
                                            const json_t *releases, struct cret_err *err);
/* RFC 4180, a row for each row, behind what it is said of; what would be a formula is none. */
CRET_MUST_CHECK enum cret_status cret_sheet_csv(struct cret_buffer *out,
                                                const struct cret_sheet *sheet,
                                                const json_t *releases, struct cret_err *err);
/* "export/1". */
CRET_MUST_CHECK enum cret_status cret_sheet_json(struct cret_buffer *out,
                                                 const struct cret_sheet *sheet,
                                                 const json_t *releases, struct cret_err *err);
/* One page, a section for each release. */
CRET_MUST_CHECK enum cret_status cret_sheet_html(struct cret_buffer *out,
                                                 const struct cret_sheet *sheet,
                                                 const json_t *releases, struct cret_err *err);

#endif
