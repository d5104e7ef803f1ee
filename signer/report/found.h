/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a description as a report for other tools (base/report/report.h). */
#ifndef CRET_SIGNER_FOUND_H
#define CRET_SIGNER_FOUND_H

#include "base/report/report.h"
#include "signer/description/description.h"

/* Every finding, with file, line and column where it points into the description, which may be
 * NULL. */
void cret_found_add(struct cret_report *report, const struct cret_description *description,
                    const struct cret_findings *findings);

#endif
