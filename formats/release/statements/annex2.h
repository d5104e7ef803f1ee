/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a release answers of the information that Annex II of Regulation (EU) 2024/2847 asks a
 * manufacturer to give to users, item by item: a report of gaps. It says what is answered and
 * where, and judges nothing: not whether an answer is right, nor whether it is enough.
 */
#ifndef CRET_RELEASE_ANNEX2_H
#define CRET_RELEASE_ANNEX2_H

#include <jansson.h>

#include "base/schema/file_format.h"
#include "base/text/text.h"

/* Its name as a profile. */
#define CRET_ANNEX2_PROFILE "cra-annex2"
#define CRET_ANNEX2_TITLE "Annex II of Regulation (EU) 2024/2847, item by item"

/* "gaps/1". */
extern const struct cret_file_format cret_gaps_format;

/*
 * manifest: one that was validated, without files[]; or a description with its defaults. The
 * report, in the form "gaps/1": each item is answered, missing, notApplicable (the release says so,
 * with a reason), or notSaid (asked for only where it applies, and nothing says whether it does).
 * New reference; NULL: memory.
 */
json_t *cret_annex2_report(const json_t *manifest);

/* All answers of an item of a report in one text, each behind its place; empty: there are none. */
void cret_annex2_answers(struct cret_buffer *text, const json_t *item);

/* The report, where each item that is answered has "told": all its answers in one text, each behind
 * its place; for tables. */
json_t *cret_annex2_told(const json_t *manifest);

/* How many items of a report are in a state. */
size_t cret_annex2_count(const json_t *report, const char *state);

#endif
