/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by journal_verify.c and, below it, journal_records.c and journal_report.c. */
#ifndef CRET_EVIDENCE_JOURNAL_VERIFY_H
#define CRET_EVIDENCE_JOURNAL_VERIFY_H

#include "evidence/journal/journal_internal.h"

/* Adds a finding; texts are copied, where and hint may be NULL. */
void cret_journal_report_add(struct cret_journal_report *report, enum cret_check_id check,
                             enum cret_result result, const char *where, const char *hint,
                             const char *reason);

/* Makes each line of the chain anew, and holds records, signatures and attestations to their lines;
 * station may be NULL. CRET_FAILED only where the tool could not do its work. */
CRET_MUST_CHECK enum cret_status cret_journal_check_records(const struct cret_journal *journal,
                                                            const struct cret_station *station,
                                                            struct cret_journal_report *report,
                                                            struct cret_err *err);

#endif
