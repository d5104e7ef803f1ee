/* SPDX-License-Identifier: Apache-2.0 */
/* What people read of the proof that a foreign file came with. */
#ifndef CRET_VERIFIER_FOREIGN_PAGE_H
#define CRET_VERIFIER_FOREIGN_PAGE_H

#include <jansson.h>

#include "base/page/page.h"
#include "base/text/text.h"

/* "setup.exe, Authenticode signature of a PE file, by CN=..."; the record has what.foreign.proof.
 */
void cret_record_add_foreign_title(struct cret_buffer *out, const json_t *record);
/* Rows: who signed, who is pinned, when, what it proves and what it does not; nothing for a record
 * of an archive. */
void cret_record_put_foreign(struct cret_page *page, const json_t *record);

#endif
