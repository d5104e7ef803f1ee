/* SPDX-License-Identifier: Apache-2.0 */
/* check, and the work of extract: one child a file, one record a file, one exit code for all. */
#include "verifier/verbs/verb_check.h"

#include <stdio.h>

#include "console/print.h"
#include "console/report_files.h"
#include "verifier/evidence/evidence.h"
#include "verifier/evidence/tpm_cross.h"
#include "verifier/report/tally.h"
#include "verifier/run/session.h"
#include "verifier/run/targets.h"
#include "verifier/verbs/check_ahead.h"
#include "verifier/verbs/check_foreign.h"
#include "verifier/verbs/check_seal.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* For other tools: what was found, and what came of it. outcome NULL: nothing was judged. */
static void report_target(struct cret_report *report, const char *name,
                          const struct cret_outcome *outcome, int code, const struct cret_err *why)
{
    cret_report_file(report, name);
    for (size_t i = 0; outcome != NULL && i < cret_findings_count(outcome->findings); i++) {
        cret_report_finding(report, cret_findings_at(outcome->findings, i), CRET_READER_OWNER,
                            (struct cret_report_place){.file = NULL});
    }
    const enum cret_verdict verdict = outcome != NULL ? outcome->verdict : CRET_VERDICT_UNDECIDED;
    why = outcome != NULL ? &outcome->error : why;
    cret_report_verdict(report, cret_verdict_name(verdict), code, why);
}

/* What all files of a run share. */
struct run {
    const struct cret_options *options;
    const struct cret_session *session;
    struct cret_evidence *evidence;
    struct cret_tally *tally;   /* NULL: no table is wanted */
    struct cret_report *report; /* for other tools; or NULL */
};

static int run_target(const struct run *run, struct cret_check_ahead *ahead, const char *name)
{
    struct cret_err err = {0};
    int code = CRET_ERR_UNDECIDED;
    struct cret_check_target *target = NULL;
    struct cret_outcome *outcome = cret_check_ahead_take(ahead, &target, &err);
    if (outcome != NULL) {
        cret_guard_cross_check(run->session->guard, outcome);
        code = cret_check_deliver(target, outcome);
        cret_tally_judged(run->tally, name, outcome, code);
    } else {
        code = cret_verb_fail(run->options, &err);
        cret_tally_failed(run->tally, name, &err);
    }
    report_target(run->report, name, outcome, code, &err);
    cret_check_target_clear(target, code);
    cret_outcome_free(&outcome);
    return code;
}

/* What must hold before anything of an archive is read: what the TPM denies is refused here. */
static enum cret_status before(struct cret_evidence **ret_evidence, struct cret_session *session,
                               const struct cret_options *options, struct cret_err *err)
{
    return cret_evidence_new(ret_evidence, options, session, err) == CRET_OK &&
                   cret_evidence_before(*ret_evidence, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* Of each file that nothing was judged, and why. */
static void report_none(struct cret_report *report, const struct cret_targets *targets, int code,
                        const struct cret_err *why)
{
    for (size_t i = 0; i < targets->count; i++) {
        report_target(report, targets->names[i], NULL, code, why);
    }
}

/* The table of several files, at the end. Returns the exit code of the run. */
static int print_tally(const struct run *run, const struct cret_targets *targets, int code)
{
    struct cret_err err = {0};
    struct cret_page *page = cret_page_new();
    enum cret_status status = cret_tally_page(page, run->tally) ? CRET_OK : cret_err_memory(&err);
    if (targets->passed_over > 0) {
        cret_page_row(page, "passed over", "%zu in folders, not called *.tar or no file: %s",
                      targets->passed_over, targets->passed.failed ? "" : targets->passed.data);
    }
    if (status == CRET_OK) {
        cret_print_gap(stdout);
        status = cret_print_page(stdout, page, &err);
    }
    if (status != CRET_OK) {
        cret_print_error(run->options, &err);
        code = cret_exit_worse(code, CRET_EXIT_UNDECIDED);
    }
    cret_page_free(&page);
    return code;
}

/* Every file; the policy, the journal and the TPM were read once. */
static int run_targets(struct run *run, const struct cret_targets *targets)
{
    int code = 0;
    struct cret_err err = {0};
    struct cret_check_ahead *ahead =
        cret_check_ahead_new(run->options, run->session, run->evidence, targets);
    const bool told = targets->several && !cret_options_given(run->options, "json") &&
                      !cret_options_given(run->options, "quiet");
    if (ahead == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(run->options, &err);
        report_none(run->report, targets, code, &err);
        return code;
    }
    run->tally = told ? cret_tally_new() : NULL;
    for (size_t i = 0; i < targets->count; i++) {
        if (told && i > 0) {
            cret_print_gap(stdout);
        }
        code = cret_exit_worse(code, run_target(run, ahead, targets->names[i]));
    }
    code = told ? print_tally(run, targets, code) : code;
    cret_tally_free(&run->tally);
    cret_check_ahead_free(&ahead);
    return code;
}

/* A report tells of one archive: of the files that are judged, not of the names that were given. */
static enum cret_status find_targets(struct cret_targets *targets,
                                     const struct cret_options *options, struct cret_err *err)
{
    if (cret_targets_find(targets, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (targets->count > 1 && cret_options_given(options, "report")) {
        cret_err_usage(err, "--report is for one archive, and there are %zu", targets->count);
        return cret_err_hint(err, "check each with a --report of its own, or several with --record "
                                  "DIR");
    }
    return CRET_OK;
}

int cret_check_run(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_evidence *evidence = NULL;
    struct cret_report_files *files = NULL;
    struct cret_targets targets = {0};
    struct cret_err err = {0};
    if (find_targets(&targets, options, &err) != CRET_OK ||
        cret_session_open(&session, options, true, &err) != CRET_OK) {
        cret_targets_free(&targets);
        return cret_verb_fail(options, &err);
    }
    int code = 0;
    struct run run = {.options = options, .session = &session};
    if (cret_check_seal_open(&session, options, &err) != CRET_OK ||
        cret_report_files_open(&files, options, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        goto out;
    }
    run.report = cret_report_files_report(files);
    cret_report_checks(run.report);
    if (before(&evidence, &session, options, &err) == CRET_OK) {
        run.evidence = evidence;
        code = run_targets(&run, &targets);
    } else {
        code = cret_verb_fail(options, &err);
        report_none(run.report, &targets, code, &err);
    }
out:
    cret_evidence_free(&evidence);
    code = cret_report_files_finish(&files, options, code);
    cret_session_close(&session);
    cret_targets_free(&targets);
    return code;
}

/* Not for extract, which is all or nothing. */
static const struct cret_option part_options[] = {
    CRET_OPTION("only", "PATH",
                "Read only this file or folder of the archive; the verdict is PARTIAL.",
                .repeatable = true),
    CRET_OPTION_END,
};
static const struct cret_option_group part_group = {"Extent", part_options};

const struct cret_verb cret_verb_check = {
    .name = "check",
    .operands = "FILE...",
    .summary = "Verify archives against trusted keys: ACCEPTED or REFUSED",
    .help =
        "Reads every byte of each FILE (- for standard input; of a folder each file in it whose "
        "name ends with .tar) and compares it with what the "
        "signers signed. Several are read at once, each by a process of its own, as --jobs allows; "
        "what is told keeps their order. Give --anchor or --trust. With --json the result is the "
        "record. A file in a vendor's own format is judged by the signature that it came with, "
        "inside "
        "or beside it (--foreign-signature), where the trust policy pins who made that.",
    .judges_each = true,
    .groups = CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_confinement_group,
                          &cret_expectation_group, &cret_profile_group, &cret_waiver_group,
                          &cret_check_foreign_group, &cret_check_seal_group, &cret_extent_group,
                          &part_group, &cret_payload_group, &cret_jobs_group, &cret_evidence_group,
                          &cret_person_group, &cret_evidence_journal_group, &cret_secret_group,
                          &cret_tpm_group, &cret_station_group, &cret_tcti_group, &cret_site_group,
                          &cret_verbose_group, &cret_quiet_group, &cret_junit_group,
                          &cret_sarif_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify check RTU-7-4.2.0.cretula.tar --anchor vendor-root.pem "
        "--product \"RTU-7 Remote Terminal Unit\"",
        "cretula-verify check FILE --trust trust.json --hardware RTU-7:C --record change-4711 "
        "--change-id 4711 --asset PLC-12",
        "cretula-verify check SETUP.zip --trust trust.json --foreign-signature SHA256SUMS "
        "--foreign-signature SHA256SUMS.p7s"),
    .run = cret_check_run,
};
