/* SPDX-License-Identifier: Apache-2.0 */
/* show: what an archive says of itself; UNVERIFIED in every heading unless trust is named. */
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "verifier/child/child.h"
#include "verifier/report/report.h"
#include "verifier/run/session.h"
#include "verifier/verbs/verbs.h"

static const struct cret_option show_options[] = {
    {.name = "payload", .argument = "DIR", .help = "Folder of the files of a detached archive."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_show_group = {"Output", show_options};

static enum cret_status print_json(const struct cret_session *session,
                                   const struct cret_outcome *outcome, struct cret_err *err)
{
    json_t *json = json_pack("{s:s, s:b}", "cretula", "show/1", "verified",
                             session->policy != NULL && outcome->verdict == CRET_VERDICT_ACCEPTED);
    json_t *findings = json_array();
    bool failed = json == NULL || findings == NULL;
    if (!failed && outcome->document != NULL) {
        failed = json_object_update_missing(json, outcome->document) != 0;
    }
    if (!failed && session->policy != NULL) {
        failed = json_object_set_new(json, "verdict",
                                     json_string(cret_verdict_name(outcome->verdict))) != 0;
    }
    if (!failed && outcome->has_identity) {
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, outcome->identity, CRET_SHA256_BYTES);
        failed = json_object_set_new(json, "identity", json_string(hex)) != 0;
    }
    for (size_t i = 0; !failed && i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        failed = json_array_append_new(findings, cret_record_finding_json(finding)) != 0;
    }
    failed = failed || json_object_set(json, "checks", findings) != 0;
    const enum cret_status status =
        failed ? cret_err_memory(err) : cret_report_json(stdout, json, err);
    json_decref(findings);
    json_decref(json);
    return status;
}

static int show(const struct cret_options *options, const struct cret_session *session, int fd)
{
    struct cret_err err;
    cret_err_clear(&err);
    struct cret_child_job job = {.archive_fd = fd,
                                 .request = session->request,
                                 .unverified = session->policy == NULL,
                                 .want_files = true,
                                 .want_manifest = true,
                                 .extract_directory = -1};
    struct cret_outcome *outcome = cret_child_run(&job);
    if (outcome == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(options, &err);
    }
    int code = cret_verdict_exit_code(outcome->verdict);
    if (session->policy == NULL && outcome->verdict == CRET_VERDICT_PARTIAL) {
        code = 0; /* nothing was judged: what could be shown was shown */
    }
    if (cret_options_given(options, "json")) {
        if (print_json(session, outcome, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
    } else if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_report_error(stderr, cret_options_program(options)->name, &outcome->error);
    } else {
        cret_report_show(stdout, session, outcome, cret_options_operand(options, 0));
        code = cret_report_flush(code);
    }
    cret_outcome_free(&outcome);
    return code;
}

int cret_verb_show(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const char *name = cret_options_operand(options, 0);
    int fd = strcmp(name, "-") == 0 ? 0 : -1;
    int code = CRET_ERR_UNDECIDED;
    if (fd < 0 && cret_os_open_read(&fd, CRET_OS_HERE, name, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = show(options, &session, fd);
    }
    if (fd > 0) {
        cret_os_close(&fd);
    }
    cret_session_close(&session);
    return code;
}
