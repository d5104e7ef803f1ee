/* SPDX-License-Identifier: Apache-2.0 */
/* check, and the work of extract: one child a file, one record a file, one exit code for all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "console/print.h"
#include "console/progress.h"
#include "console/report_files.h"
#include "verifier/child/child.h"
#include "verifier/evidence/evidence.h"
#include "verifier/evidence/tpm_cross.h"
#include "verifier/report/check_page.h"
#include "verifier/report/tally.h"
#include "verifier/run/session.h"
#include "verifier/run/targets.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verb_check.h"
#include "verifier/verbs/verbs.h"

/* One file under verification. */
struct target {
    const struct cret_options *options;
    bool several; /* it is one of several */
    const struct cret_session *session;
    struct cret_evidence *evidence;
    const char *name; /* as given */
    int fd;
    char *record_path;       /* or NULL */
    const char *report_path; /* or NULL */
    const char *destination; /* extract: final folder, or NULL */
    char *staging;           /* extract: folder that becomes it */
    int directory;           /* extract: the staging folder, or -1 */
    bool published;          /* extract: it has become it */
};

static enum cret_status open_target(struct target *target, struct cret_err *err)
{
    if (strcmp(target->name, "-") == 0) {
        if (!cret_os_at_start(0)) {
            cret_err_usage(err, "standard input is a file that was read in part already");
            return cret_err_hint(err, "name the file, or pass it through a pipe");
        }
        target->fd = 0;
        return CRET_OK;
    }
    return cret_os_open_read(&target->fd, CRET_OS_HERE, target->name, err);
}

/* Where this file's record goes; nothing is ever overwritten. Several files get a folder each. */
static enum cret_status prepare_record(struct target *target, struct cret_err *err)
{
    const char *folder = cret_options_value(target->options, "record");
    if (folder == NULL) {
        return CRET_OK;
    }
    if (cret_output_no_stream("--record", folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    bool created = false;
    if (cret_os_make_directory(folder, 0755, &created, err) != CRET_OK) {
        return cret_err_context(err, "--record");
    }
    if (target->several) {
        const char *base = strrchr(target->name, '/');
        char *inner =
            cret_text_printf("%s/%s.record", folder, base != NULL ? base + 1 : target->name);
        if (inner == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status made = cret_os_make_directory(inner, 0755, &created, err);
        target->record_path = cret_text_printf("%s/%s", inner, CRET_RECORD_NAME);
        free(inner);
        if (made != CRET_OK) {
            return CRET_FAILED;
        }
    } else {
        target->record_path = cret_text_printf("%s/%s", folder, CRET_RECORD_NAME);
    }
    if (target->record_path == NULL) {
        return cret_err_memory(err);
    }
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, target->record_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "there is a record already: %s", target->record_path);
        return cret_err_hint(err, "name a new folder with --record; records are never overwritten");
    }
    return CRET_OK;
}

/* A report never takes the place of anything. */
static enum cret_status prepare_report(const struct target *target, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (target->report_path == NULL) {
        return CRET_OK;
    }
    if (cret_output_no_stream("--report", target->report_path, err) != CRET_OK ||
        cret_os_stat_path(&info, &exists, target->report_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "--report: %s exists already", target->report_path);
        return cret_err_hint(err, "name a new file; a report replaces nothing");
    }
    return CRET_OK;
}

static enum cret_status prepare_extract(struct target *target, struct cret_err *err)
{
    if (target->destination == NULL) {
        return CRET_OK;
    }
    if (cret_output_no_stream("--to", target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "--to: %s exists already", target->destination);
        return cret_err_hint(err, "name a folder that does not exist; extract makes it");
    }
    return cret_os_temporary_directory(&target->staging, &target->directory, target->destination,
                                       err);
}

/* What was extracted becomes visible under its name. */
static enum cret_status publish_extract(void *context, struct cret_err *err)
{
    struct target *target = context;
    bool mode_set = false;
    unsigned mode = 0;
    if (target->staging == NULL) {
        return CRET_OK;
    }
    if (cret_os_share_directory(target->directory, &mode_set, &mode, err) != CRET_OK ||
        cret_os_sync_file_system(target->directory, err) != CRET_OK ||
        cret_os_publish_directory(target->staging, target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    target->published = true;
    if (!mode_set) {
        fprintf(stderr, "note: the file system decides about modes here: the folder has %03o\n",
                mode & 0777u);
    }
    return CRET_OK;
}

/* An acceptance that could not be told is none. */
static void take_back(struct target *target, const struct cret_delivery *delivery,
                      struct cret_outcome *outcome, const struct cret_err *err)
{
    struct cret_err left = {0};
    if (cret_evidence_withdraw(target->evidence, delivery, "the verdict could not be printed",
                               &left) != CRET_OK) {
        cret_print_error(target->options, &left);
    }
    cret_outcome_spoil(outcome, CRET_CHECK_EVIDENCE_RESULT, err);
}

/* What stands around the record on its page. Texts are kept in `texts` until the page is made. */
struct page_texts {
    char *next, *done;
};

static struct cret_record_view view_of(const struct target *target,
                                       const struct cret_outcome *outcome, struct page_texts *texts)
{
    const bool accepted = cret_verdict_exit_code(outcome->verdict) == 0;
    if (accepted && target->destination == NULL) {
        texts->next = cret_check_next(target->options, target->name);
    } else if (accepted) {
        texts->done = cret_text_printf("the files are in %s", target->destination);
    }
    return (struct cret_record_view){
        .file = target->several ? target->name : NULL,
        .journal = cret_evidence_place(target->evidence),
        .tpm = cret_check_tpm(target->session->guard),
        .done = texts->done,
        .next = texts->next,
        .backout = outcome->backout,
    };
}

/* The page is made as a whole before its first line is seen, which is the verdict: where something
 * could not be found out meanwhile, there is none but UNDECIDED. */
static enum cret_status print_page(const struct target *target,
                                   const struct cret_delivery *delivery,
                                   const struct cret_outcome *outcome, struct cret_err *err)
{
    struct page_texts texts = {0};
    struct cret_page *page = cret_page_new();
    json_t *record = cret_evidence_page(target->options, target->session, delivery, outcome);
    const struct cret_record_view view = view_of(target, outcome, &texts);
    enum cret_status status = CRET_FAILED;
    if (record != NULL) {
        cret_check_page(page, target->options, record, &view);
    }
    FILE *stream = cret_options_given(target->options, "quiet") ? stderr : stdout;
    if (record == NULL || cret_page_failed(page)) {
        cret_err_memory(err);
    } else if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        status = cret_print_undecided(stream, page, err);
    } else {
        status = cret_print_page(stream, page, err);
    }
    free(texts.next);
    free(texts.done);
    json_decref(record);
    cret_page_free(&page);
    return status;
}

/* The record; where there is none that could be read, why, in JSON all the same. Of several files
 * each is one line. */
static enum cret_status print_json(const struct cret_options *options, const char *record,
                                   size_t size, const struct cret_outcome *outcome,
                                   struct cret_err *err)
{
    char *text = NULL;
    if (record == NULL) {
        json_t *json = cret_record_error_json(cret_options_speaker(options), &outcome->error);
        const enum cret_status made =
            json != NULL ? cret_json_print(&text, &size, json, err) : cret_err_memory(err);
        json_decref(json);
        if (made != CRET_OK) {
            return CRET_FAILED;
        }
        record = text;
    }
    const enum cret_status status = cret_print_document(options, record, size, err);
    free(text);
    return status;
}

/* Leaves the evidence, then hands the result to whoever asked: JSON, or the page for people. What
 * cannot be delivered makes the run undecided: an acceptance that nobody can prove is none. */
static int deliver(struct target *target, struct cret_outcome *outcome)
{
    const struct cret_options *options = target->options;
    const bool as_json = cret_options_given(options, "json");
    const struct cret_delivery delivery = {.name = target->name,
                                           .record_path = target->record_path,
                                           .report_path = target->report_path,
                                           .want_record = as_json,
                                           .publish = publish_extract,
                                           .context = target};
    struct cret_err err = {0};
    char *record = NULL;
    size_t size = 0;
    cret_evidence_leave(target->evidence, &delivery, outcome, &record, &size, &err);
    const int code = cret_verdict_exit_code(outcome->verdict);
    enum cret_status status = CRET_OK;
    if (err.class != CRET_ERR_NONE) {
        cret_print_error(options, &err);
    }
    if (as_json) {
        status = outcome->verdict == CRET_VERDICT_UNDECIDED ? CRET_OK : cret_err_fault(&err);
        status = status == CRET_OK ? print_json(options, record, size, outcome, &err) : status;
    } else if (!(cret_options_given(options, "quiet") && code == 0)) {
        status = print_page(target, &delivery, outcome, &err);
    }
    free(record);
    if (status != CRET_OK && code == 0) {
        cret_err_hint(&err, "nothing was accepted: run it again with an output that can be "
                            "written");
        take_back(target, &delivery, outcome, &err);
    }
    cret_evidence_log(target->evidence, &delivery, outcome);
    if (status == CRET_OK) {
        return code;
    }
    cret_print_error(options, &err);
    return code == 1 ? 1 : (int)CRET_ERR_UNDECIDED;
}

/* The digest is that of a whole file, also of one that is refused at its first byte. */
static enum cret_status check_archive_digest(const struct target *target, struct cret_err *err)
{
    if (cret_options_given(target->options, "archive-digest") && !cret_os_seekable(target->fd)) {
        return cret_err_usage(err, "--archive-digest needs a file, not a pipe");
    }
    return CRET_OK;
}

static struct cret_outcome *judge(struct target *target)
{
    const struct cret_options *options = target->options;
    char *label = cret_text_escape(target->name);
    struct cret_progress progress = {.label = label != NULL ? label : "",
                                     .start = cret_os_monotonic_ms()};
    const bool wanted = cret_progress_wanted(cret_options_given(options, "quiet"));
    struct cret_child_job job = {
        .archive_fd = target->fd,
        .request = target->session->request,
        .want_files = target->record_path != NULL || target->report_path != NULL ||
                      cret_options_given(options, "json") ||
                      cret_evidence_journal(target->evidence) != NULL,
        .want_cross_checks = cret_guard_cross_checks(target->session->guard),
        .want_archive_digest = cret_options_given(options, "archive-digest"),
        .extract_directory = target->directory,
        .portable_names = cret_options_given(options, "portable-names"),
        .forget = cret_evidence_forget,
        .secrets = target->evidence,
        .progress = wanted ? cret_progress_show : NULL,
        .context = &progress};
    struct cret_outcome *outcome = cret_child_run(&job);
    cret_progress_end(&progress);
    free(label);
    return outcome;
}

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
    bool several;
};

static int run_target(const struct run *run, const char *name)
{
    const struct cret_options *options = run->options;
    struct target target = {.options = options,
                            .several = run->several,
                            .session = run->session,
                            .evidence = run->evidence,
                            .directory = -1,
                            .name = name,
                            .fd = -1,
                            .report_path = cret_options_value(options, "report"),
                            .destination = cret_options_value(options, "to")};
    struct cret_err err = {0};
    int code = CRET_ERR_UNDECIDED;
    struct cret_outcome *outcome = NULL;
    if (open_target(&target, &err) != CRET_OK || prepare_record(&target, &err) != CRET_OK ||
        prepare_report(&target, &err) != CRET_OK ||
        check_archive_digest(&target, &err) != CRET_OK ||
        prepare_extract(&target, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        cret_tally_failed(run->tally, name, &err);
        goto out;
    }
    outcome = judge(&target);
    if (outcome == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
        cret_tally_failed(run->tally, name, &err);
        goto out;
    }
    cret_guard_cross_check(run->session->guard, outcome);
    code = deliver(&target, outcome);
    cret_tally_judged(run->tally, name, outcome, code);
out:
    report_target(run->report, name, outcome, code, &err);
    /* After anything but an acceptance nothing stays. */
    if (target.published ? code != 0 : target.staging != NULL) {
        cret_os_remove_tree(target.published ? target.destination : target.staging);
    }
    if (target.destination != NULL) {
        cret_os_finished(target.destination);
    }
    free(target.staging);
    cret_outcome_free(&outcome);
    cret_os_close(&target.directory);
    if (target.fd > 0) {
        cret_os_close(&target.fd);
    }
    free(target.record_path);
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
static int print_tally(const struct run *run, int code)
{
    struct cret_err err = {0};
    struct cret_page *page = cret_page_new();
    enum cret_status status = cret_tally_page(page, run->tally) ? CRET_OK : cret_err_memory(&err);
    if (status == CRET_OK) {
        fputc('\n', stdout);
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
    const bool told = run->several && !cret_options_given(run->options, "json") &&
                      !cret_options_given(run->options, "quiet");
    run->tally = told ? cret_tally_new() : NULL;
    for (size_t i = 0; i < targets->count; i++) {
        if (told && i > 0) {
            fputc('\n', stdout);
        }
        code = cret_exit_worse(code, run_target(run, targets->names[i]));
    }
    code = told ? print_tally(run, code) : code;
    cret_tally_free(&run->tally);
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
    struct run run = {.options = options, .session = &session, .several = targets.several};
    if (cret_report_files_open(&files, options, &err) != CRET_OK) {
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
        "signers signed. Give --anchor or --trust. With --json the result is the record.",
    .judges_each = true,
    .groups =
        CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_expectation_group,
                    &cret_profile_group, &cret_waiver_group, &cret_extent_group, &part_group,
                    &cret_payload_group, &cret_jobs_group, &cret_evidence_group, &cret_person_group,
                    &cret_evidence_journal_group, &cret_secret_group, &cret_tpm_group,
                    &cret_station_group, &cret_tcti_group, &cret_site_group, &cret_verbose_group,
                    &cret_quiet_group, &cret_junit_group, &cret_sarif_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify check RTU-7-4.2.0.cretula.tar --anchor vendor-root.pem "
        "--product \"RTU-7 Remote Terminal Unit\"",
        "cretula-verify check FILE --trust trust.json --hardware RTU-7:C --record change-4711 "
        "--change-id 4711 --asset PLC-12"),
    .run = cret_check_run,
};
