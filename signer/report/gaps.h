/* SPDX-License-Identifier: Apache-2.0 */
/* What lint tells of a report of gaps (release/statements/annex2.h): findings, a page, a file. */
#ifndef CRET_SIGNER_GAPS_H
#define CRET_SIGNER_GAPS_H

#include <jansson.h>

#include "base/finding/finding.h"
#include "base/page/page.h"

/* A FAIL of topics.answered for each item that is missing; what is asked for only where it applies
 * is none. */
void cret_gaps_find(const json_t *report, struct cret_findings *findings);

/* Every item with its state and what answers it, and what the report does not say. */
void cret_gaps_put(struct cret_page *page, const json_t *report);

/* The same as one HTML file, with what to add. */
CRET_MUST_CHECK enum cret_status cret_gaps_write(const char *path, const json_t *report,
                                                 struct cret_err *err);

#endif
