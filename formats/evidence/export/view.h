/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the pages that show a record to whoever asks for evidence under some rule. */
#ifndef CRET_EVIDENCE_VIEW_H
#define CRET_EVIDENCE_VIEW_H

#include "base/page/page.h"
#include "evidence/export/export.h"

/* A row of the record: the text or number at a dotted path, "not stated" where there is none. */
struct cret_view_row {
    const char *label, *path;
};

/* Rows of a section, ended by a NULL label. */
void cret_view_rows(struct cret_page *page, const json_t *record, const struct cret_view_row *rows);
/* One row of a list of texts, joined with commas; `none` where there is none. */
void cret_view_list(struct cret_page *page, const json_t *record, const char *label,
                    const char *path, const char *none);
/* The signatures that counted, each with signer, key, anchor; or that none did. Returns how many.
 */
size_t cret_view_signers(struct cret_page *page, const json_t *record);
/* A table of files of these roles (NULL: all), with digests and whether they were verified. Sets
 * *ret_verified; returns how many. */
size_t cret_view_files(struct cret_page *page, const json_t *record, const char *const *roles,
                       size_t *ret_verified);
/* What the record says that it does not say, and where it can be checked. */
void cret_view_end(struct cret_page *page, const struct cret_record_copy *record);

/* The page as HTML: caller frees *ret_text. Frees the page. */
CRET_MUST_CHECK enum cret_status cret_view_write(char **ret_text, size_t *ret_size,
                                                 struct cret_page *page, const char *title,
                                                 const struct cret_record_copy *record,
                                                 struct cret_err *err);

#endif
