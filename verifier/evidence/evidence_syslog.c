/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the line of --syslog will be heard: syslog(3) loses it without a word. */
#include "base/system/os.h"
#include "engine/inspect.h"
#include "verifier/evidence/evidence.h"

enum cret_status cret_evidence_judge_syslog(const struct cret_options *options,
                                            const struct cret_session *session,
                                            struct cret_outcome *outcome, struct cret_err *err)
{
    if (!cret_options_given(options, "syslog")) {
        return CRET_OK;
    }
    const bool heard = cret_os_syslog_reachable();
    const enum cret_result result =
        heard ? CRET_RESULT_PASS
              : cret_inspect_result(&session->request, CRET_CHECK_EVIDENCE_SYSLOG);
    cret_findings_add(
        outcome->findings, CRET_CHECK_EVIDENCE_SYSLOG, result,
        (struct cret_finding_text){
            .hint = heard ? NULL
                          : "start a log service, or leave --syslog out; record and journal do "
                            "not depend on it"},
        "%s",
        heard ? "a log service takes the line of this run"
              : "--syslog leaves no line: no log service listens at /dev/log");
    if (result == CRET_RESULT_FAIL && outcome->verdict != CRET_VERDICT_UNDECIDED) {
        outcome->verdict = CRET_VERDICT_REFUSED;
    }
    return cret_findings_broken(outcome->findings) ? cret_err_memory(err) : CRET_OK;
}
