/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a release was verified before the change that it is for. */
#include "base/text/time.h"
#include "engine/inspect.h"
#include "verifier/evidence/evidence_internal.h"

enum cret_status cret_evidence_judge_order(const struct cret_session *session,
                                           struct cret_outcome *outcome, struct cret_err *err)
{
    char planned[32], now[32];
    if (!session->planned.given) {
        return CRET_OK;
    }
    const bool before = session->system_time < session->planned.value;
    cret_time_format(planned, session->planned.value);
    cret_time_format(now, session->system_time);
    cret_findings_add(
        outcome->findings, CRET_CHECK_EVIDENCE_ORDER,
        before ? CRET_RESULT_PASS
               : cret_inspect_result(&session->request, CRET_CHECK_EVIDENCE_ORDER),
        (struct cret_finding_text){
            .expected = before ? NULL : planned,
            .actual = before ? NULL : now,
            .hint = before ? NULL
                           : "say in the change request that the verification came after the "
                             "change, or correct the time"},
        before ? "the release was verified before the change, which is planned for %s"
               : "the change was planned for %s: the release was not verified before",
        planned);
    return cret_findings_broken(outcome->findings) ? cret_err_memory(err) : CRET_OK;
}
