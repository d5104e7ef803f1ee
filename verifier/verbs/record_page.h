/* SPDX-License-Identifier: Apache-2.0 */
/* A record as a page for people, for the verbs of `record`. */
#ifndef CRET_VERIFIER_RECORD_PAGE_H
#define CRET_VERIFIER_RECORD_PAGE_H

#include "base/text/text.h"
#include "evidence/record/record_read.h"

/* The page, verdict first; mark: what is known of the record itself. */
void cret_record_page(const struct cret_record_copy *record, const char *mark);
/* A line of it out of a format; empties the text. */
void cret_record_line(const char *label, struct cret_buffer *text);

#endif
