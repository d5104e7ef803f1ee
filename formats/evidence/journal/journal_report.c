/* SPDX-License-Identifier: Apache-2.0 */
/* What a verification of a journal finds. */
#include "evidence/journal/journal_verify.h"

void cret_journal_report_add(struct cret_journal_report *report, enum cret_check_id check,
                             enum cret_result result, const char *where, const char *hint,
                             const char *reason)
{
    cret_findings_add(report->findings, check, result,
                      (struct cret_finding_text){.where = where, .hint = hint}, "%s", reason);
}

void cret_journal_report_free(struct cret_journal_report *report)
{
    cret_findings_free(&report->findings);
}
