/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a run leaves: written before, and given their names when all of them are. */
#ifndef CRET_VERIFIER_EVIDENCE_FILES_H
#define CRET_VERIFIER_EVIDENCE_FILES_H

#include "base/system/output.h"
#include "verifier/report/report_file.h"

/* Writes a new file that gets its name later (cret_output_commit). class as of cret_output_open.
 */
CRET_MUST_CHECK enum cret_status cret_evidence_prepare(struct cret_output **ret_output,
                                                       const char *path, const void *data,
                                                       size_t size, struct cret_err *err);
/* The same for the report of these parts. */
CRET_MUST_CHECK enum cret_status cret_evidence_prepare_report(struct cret_output **ret_output,
                                                              const char *path,
                                                              const struct cret_report_parts *parts,
                                                              struct cret_err *err);

#endif
