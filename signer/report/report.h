/* SPDX-License-Identifier: Apache-2.0 */
/* What cretula-sign prints of findings. Whatever comes from inputs is escaped. */
#ifndef CRET_SIGNER_REPORT_H
#define CRET_SIGNER_REPORT_H

#include "console/print.h"
#include "console/progress.h"
#include "signer/description/description.h"

/* Every finding but PASS, with file, line and column where it points into the description; on a
 * page, */
void cret_report_put(struct cret_page *page, const struct cret_description *description,
                     const struct cret_findings *findings);
/* or on standard error, beside what is printed. */
void cret_report_findings(const struct cret_options *options,
                          const struct cret_description *description,
                          const struct cret_findings *findings);
/* The same as a JSON array. New reference; NULL: out of memory. */
json_t *cret_report_findings_json(const struct cret_description *description,
                                  const struct cret_findings *findings);

/* "error/1" with the findings that led to it, on standard output; the error on standard error too.
 * description and findings may be NULL. Returns the exit code of its class. */
int cret_report_failure_json(const struct cret_options *options, const struct cret_err *err,
                             const struct cret_description *description,
                             const struct cret_findings *findings);

#endif
