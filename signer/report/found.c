/* SPDX-License-Identifier: Apache-2.0 */
/* Findings where they stand in a description. */
#include "signer/report/found.h"

void cret_found_add(struct cret_report *report, const struct cret_description *description,
                    const struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        struct cret_mark mark = {.file = NULL};
        if (description != NULL && finding->where != NULL && finding->where[0] == '#') {
            mark = cret_description_locate(description, finding->where);
        }
        cret_report_finding(report, finding, CRET_READER_SIGNER,
                            (struct cret_report_place){
                                .file = mark.file, .line = mark.line, .column = mark.column});
    }
}
