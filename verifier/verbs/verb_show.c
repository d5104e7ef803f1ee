/* SPDX-License-Identifier: Apache-2.0 */
/* show: what an archive says of itself; UNVERIFIED in every heading unless trust is named. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/child/child.h"
#include "verifier/report/show_page.h"
#include "verifier/run/session.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static int print_json(const struct cret_options *options, const struct cret_session *session,
                      const struct cret_outcome *outcome, int code)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", "show/1");
    cret_build_boolean(&json, "verified",
                       session->policy != NULL && outcome->verdict == CRET_VERDICT_ACCEPTED);
    json.failed |=
        outcome->document != NULL && json_object_update_missing(json.json, outcome->document) != 0;
    if (session->policy != NULL) {
        cret_build_string(&json, "verdict", cret_verdict_name(outcome->verdict));
    }
    cret_build_sha256(&json, "identity",
                      outcome->has_identity && !outcome->identity_open ? outcome->identity : NULL);
    cret_build_put(&json, "checks", cret_record_findings_json(outcome->findings));
    return cret_print_json(options, cret_build_end(&json), code);
}

static enum cret_status print_page(const struct cret_options *options,
                                   const struct cret_session *session,
                                   const struct cret_outcome *outcome, struct cret_err *err)
{
    const struct cret_show_view view = {.policy = session->policy,
                                        .section = cret_options_value(options, "section"),
                                        .verbose = cret_options_given(options, "verbose"),
                                        .files = cret_options_given(options, "files")};
    struct cret_page *page = cret_page_new();
    cret_show_page(page, outcome, &view);
    const enum cret_status status = cret_print_page(stdout, page, err);
    cret_page_free(&page);
    return status;
}

static enum cret_status check_section(const struct cret_options *options, struct cret_err *err)
{
    const char *name = cret_options_value(options, "section");
    if (name == NULL || cret_show_section_known(name)) {
        return CRET_OK;
    }
    char *names = cret_show_section_names();
    cret_err_usage(err, "--section: there is no section '%s'", name);
    cret_err_expected(err, "%s", names != NULL ? names : "the name of a section");
    free(names);
    return CRET_FAILED;
}

static int show(const struct cret_options *options, const struct cret_session *session, int fd)
{
    struct cret_err err = {0};
    struct cret_child_job job = {.archive_fd = fd,
                                 .request = session->request,
                                 .unverified = session->policy == NULL,
                                 .want_files = true,
                                 .want_manifest = true,
                                 .want_components = !cret_options_given(options, "json"),
                                 .extract_directory = -1,
                                 .allow_unconfined = session->allow_unconfined};
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
        code = print_json(options, session, outcome, code);
    } else if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_print_error(options, &outcome->error);
    } else {
        if (print_page(options, session, outcome, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
    }
    cret_outcome_free(&outcome);
    return code;
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    if (check_section(options, &err) != CRET_OK ||
        cret_session_open(&session, options, false, &err) != CRET_OK) {
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

static const struct cret_option show_options[] = {
    CRET_OPTION("section", "NAME",
                "This section alone, with every field of it: changes, settings, claims, "
                "topics, documents, sbom, files, ... What belongs to no section (origin, notice, "
                "extensions) is in --json."),
    CRET_OPTION_END,
};
static const struct cret_option_group show_group = {"Sections", show_options};

const struct cret_verb cret_verb_show = {
    .name = "show",
    .operands = "FILE",
    .summary = "Show what an archive says of itself",
    .help = "Without --anchor or --trust nothing is verified, and every heading says UNVERIFIED.",
    .groups = CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_confinement_group,
                          &cret_payload_group, &cret_site_group, &show_group, &cret_verbose_group,
                          &cret_files_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify show rtu7.cretula.tar --anchor vendor-root.pem"),
    .run = act,
};
