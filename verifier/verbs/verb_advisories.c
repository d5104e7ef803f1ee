/* SPDX-License-Identifier: Apache-2.0 */
/* advisories: what vulnerability advisories say of releases that are verified first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/child/advice_coverage.h"
#include "verifier/child/advice_files.h"
#include "verifier/child/advise.h"
#include "verifier/child/child.h"
#include "verifier/evidence/evidence.h"
#include "verifier/report/advice_page.h"
#include "verifier/report/pieces.h"
#include "verifier/report/record_page.h"
#include "verifier/review/advised.h"
#include "verifier/review/indexed.h"
#include "verifier/review/trace.h"
#include "verifier/run/session.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const char *const fail_levels[] = {"affected", "possible", NULL};
/* --fail-on: evidence against a release was found. */
#define CRET_EXIT_FOUND 1

/* One run. */
struct run {
    const struct cret_options *options;
    const struct cret_session *session;
    struct cret_advice_files advice;
    bool want_sha512; /* a document names it */
    json_t *releases; /* with --json */
};

static json_t *release_json(const char *name, const struct cret_outcome *outcome)
{
    static const char *const keys[] = {"product", "release", "advisories"};
    struct cret_build json = cret_build_object(), checks = cret_build_list();
    cret_build_string(&json, "archive", name);
    cret_build_string(&json, "verdict", cret_verdict_name(outcome->verdict));
    cret_build_sha256(&json, "identity", outcome->has_identity ? outcome->identity : NULL);
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        cret_build_share(&json, keys[i], json_object_get(outcome->document, keys[i]));
    }
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_build_string(&json, "error", outcome->error.what);
    }
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (finding->result != CRET_RESULT_PASS) {
            cret_build_add(&checks, cret_record_finding_json(finding));
        }
    }
    cret_build_put(&json, "checks", cret_build_end(&checks));
    return cret_build_end(&json);
}

/* A refused or undecided archive: nothing is said of its vulnerabilities. */
static int print_refusal(const struct run *run, const char *name,
                         const struct cret_outcome *outcome)
{
    const struct cret_delivery delivery = {.name = name};
    const struct cret_record_view view = {.file = name};
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_print_error(run->options, &outcome->error);
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    json_t *record = cret_evidence_page(run->options, run->session, &delivery, outcome);
    if (record != NULL) {
        cret_record_page_screen(page, record, &view);
    } else {
        cret_page_fail(page);
    }
    json_decref(record);
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

/* standing: what the words of the document are worth. */
static int print_advice(const struct run *run, const char *name, const char *standing,
                        const json_t *document)
{
    struct cret_page *page = cret_page_new();
    cret_advice_page(
        page, &(struct cret_advice_view){.archive = name,
                                         .standing = standing,
                                         .document = document,
                                         .quiet = cret_options_given(run->options, "quiet")});
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

/* A release of which nothing is said, and why. */
static int print_unused(const struct run *run, const char *name, const char *why)
{
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_CAUTION, "NOT CHECKED", "%s: %s", name, why);
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

/* The exit code that the answers ask for. */
static int code_of(const struct run *run, const json_t *advice)
{
    const char *level = cret_options_value(run->options, "fail-on");
    if (level != NULL && cret_advice_reaches(advice, level)) {
        return CRET_EXIT_FOUND;
    }
    return cret_advice_is_partial(advice) ? (int)CRET_ERR_UNDECIDED : CRET_EXIT_DONE;
}

/* Takes over the reference; NULL: memory. */
static int add_json(struct run *run, json_t *release)
{
    struct cret_err err = {0};
    if (json_array_append_new(run->releases, release) == 0) {
        return CRET_EXIT_DONE;
    }
    cret_err_memory(&err);
    return cret_verb_fail(run->options, &err);
}

static int report(struct run *run, const char *name, const struct cret_outcome *outcome)
{
    const int code = cret_verdict_exit_code(outcome->verdict);
    const json_t *advice = json_object_get(outcome->document, "advisories");
    int failed = CRET_EXIT_DONE;
    if (cret_options_given(run->options, "json")) {
        failed = add_json(run, release_json(name, outcome));
    } else if (code == 0 && advice != NULL) {
        failed = print_advice(run, name, "verified", outcome->document);
    } else {
        failed = print_refusal(run, name, outcome);
    }
    return cret_exit_worse(failed, code != 0 ? code : code_of(run, advice));
}

/* Verifies one archive. NULL: it could not be opened, or memory; that is said, *ret_code is the
 * exit code. */
static struct cret_outcome *verify_archive(struct run *run, const char *name, int *ret_code)
{
    struct cret_err err = {0};
    int fd = strcmp(name, "-") == 0 ? 0 : -1;
    if (fd < 0 && cret_os_open_read(&fd, CRET_OS_HERE, name, &err) != CRET_OK) {
        *ret_code = cret_verb_fail(run->options, &err);
        return NULL;
    }
    struct cret_child_job job = {.archive_fd = fd,
                                 .request = run->session->request,
                                 .extract_directory = -1,
                                 .allow_unconfined = run->session->allow_unconfined};
    job.request.want_subjects = true;
    job.want_sha512 = run->want_sha512;
    struct cret_outcome *outcome = cret_child_run(&job);
    if (outcome == NULL) {
        cret_err_memory(&err);
        *ret_code = cret_verb_fail(run->options, &err);
    }
    if (fd > 0) {
        cret_os_close(&fd);
    }
    return outcome;
}

/* Verifies, advises and reports some archives. */
static int run_some(struct run *run, size_t first, size_t count)
{
    struct cret_outcome *outcomes[CRET_ADVISE_TOGETHER] = {NULL};
    json_t *documents[CRET_ADVISE_TOGETHER] = {NULL};
    struct cret_err err = {0};
    int code = 0;
    for (size_t i = 0; i < count; i++) {
        int failed = 0;
        outcomes[i] = verify_archive(run, cret_options_operand(run->options, first + i), &failed);
        documents[i] = cret_advised_document(outcomes[i]);
        code = cret_exit_worse(code, failed);
    }
    if (cret_advised(&run->advice, documents, count, &err) != CRET_OK) {
        code = cret_exit_worse(code, cret_verb_fail(run->options, &err));
    } else {
        for (size_t i = 0; i < count; i++) {
            code = outcomes[i] != NULL
                       ? cret_exit_worse(code,
                                         report(run, cret_options_operand(run->options, first + i),
                                                outcomes[i]))
                       : code;
        }
    }
    for (size_t i = 0; i < count; i++) {
        cret_outcome_free(&outcomes[i]);
    }
    return code;
}

/* Releases of a catalogue that wait for their answers. */
struct shelf {
    struct run *run;
    struct indexed {
        char *path, *read, *why;
        json_t *source, *document; /* document NULL where `why` says it */
    } list[CRET_ADVISE_TOGETHER];
    size_t count, total;
    int code;
};

/* As release_json(), with where it was read. */
static json_t *indexed_json(const struct indexed *one)
{
    static const char *const keys[] = {"product", "release", "advisories"};
    struct cret_build json = cret_build_object(), checks = cret_build_list();
    cret_build_text(&json, "archive", one->path);
    cret_build_share(&json, "verdict", json_object_get(one->source, "verdict"));
    cret_build_share(&json, "identity", json_object_get(one->source, "identity"));
    cret_build_share(&json, "catalogue", one->source);
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        cret_build_share(&json, keys[i], json_object_get(one->document, keys[i]));
    }
    cret_build_text(&json, "error", one->why);
    CRET_JSON_EACH (finding, json_object_get(one->document, "checks")) {
        if (!cret_piece_is(finding, cret_result_name(CRET_RESULT_PASS))) {
            cret_build_add(&checks, json_incref(finding));
        }
    }
    cret_build_put(&json, "checks", cret_build_end(&checks));
    return cret_build_end(&json);
}

static int report_indexed(struct run *run, const struct indexed *one)
{
    const json_t *advice = json_object_get(one->document, "advisories");
    int code = CRET_EXIT_DONE;
    if (cret_options_given(run->options, "json")) {
        code = add_json(run, indexed_json(one));
    } else if (one->document != NULL) {
        char *standing = cret_text_printf("%s, as the catalogue says", one->read);
        code = print_advice(run, one->path, standing != NULL ? standing : one->read, one->document);
        free(standing);
    } else {
        code = print_unused(run, one->path, one->why);
    }
    return cret_exit_worse(code,
                           one->document != NULL ? code_of(run, advice) : (int)CRET_ERR_UNDECIDED);
}

static void drop(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        json_decref(shelf->list[i].source);
        json_decref(shelf->list[i].document);
        free(shelf->list[i].path);
        free(shelf->list[i].read);
        free(shelf->list[i].why);
    }
    shelf->count = 0;
}

/* Answers for those that wait. */
static enum cret_status answer(struct shelf *shelf, struct cret_err *err)
{
    json_t *documents[CRET_ADVISE_TOGETHER] = {NULL};
    for (size_t i = 0; i < shelf->count; i++) {
        documents[i] = shelf->list[i].document;
    }
    const enum cret_status status = cret_advised(&shelf->run->advice, documents, shelf->count, err);
    for (size_t i = 0; i < shelf->count && status == CRET_OK; i++) {
        shelf->code = cret_exit_worse(shelf->code, report_indexed(shelf->run, &shelf->list[i]));
    }
    shelf->total += shelf->count;
    drop(shelf);
    return status;
}

static enum cret_status on_indexed(void *context, const struct cret_indexed *found,
                                   struct cret_err *err)
{
    struct shelf *shelf = context;
    struct indexed *one = &shelf->list[shelf->count++];
    *one = (struct indexed){.path = strdup(found->source->path),
                            .read = strdup(found->read),
                            .why = found->why != NULL ? strdup(found->why) : NULL,
                            .source = cret_trace_source(found->source),
                            .document = found->why == NULL ? json_incref(found->kept) : NULL};
    if (one->path == NULL || one->read == NULL || one->source == NULL ||
        (found->why != NULL && one->why == NULL)) {
        return cret_err_memory(err);
    }
    return shelf->count < CRET_ADVISE_TOGETHER ? CRET_OK : answer(shelf, err);
}

static int run_indexed(struct run *run)
{
    struct shelf *shelf = calloc(1, sizeof(*shelf));
    struct cret_err err = {0};
    if (shelf == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(run->options, &err);
    }
    shelf->run = run;
    enum cret_status status = cret_indexed_each(run->session, run->options, CRET_INDEXED_ADVISED,
                                                on_indexed, shelf, &err);
    status = status == CRET_OK && shelf->count > 0 ? answer(shelf, &err) : status;
    if (status == CRET_OK && shelf->total == 0) {
        cret_err_usage(&err, "there is no release in the catalogue");
        status = cret_err_hint(&err, "`catalogue add` puts archives into it");
    }
    drop(shelf);
    const int code = status == CRET_OK ? shelf->code : cret_verb_fail(run->options, &err);
    free(shelf);
    return code;
}

static int run_archives(struct run *run)
{
    const size_t operands = cret_options_operand_count(run->options);
    int code = CRET_EXIT_DONE;
    for (size_t first = 0; first < operands; first += CRET_ADVISE_TOGETHER) {
        const size_t left = operands - first;
        code = cret_exit_worse(
            code, run_some(run, first, left < CRET_ADVISE_TOGETHER ? left : CRET_ADVISE_TOGETHER));
    }
    return code;
}

static int run_all(struct run *run, bool indexed)
{
    struct cret_err err = {0};
    const char *const *paths = cret_options_values(run->options, "csaf");
    for (size_t i = 0; i < cret_options_count(run->options, "csaf"); i++) {
        if (cret_advice_files_add(&run->advice, paths[i], &err) != CRET_OK) {
            return cret_verb_fail(run->options, &err);
        }
    }
    run->advice.allow_unconfined = run->session->allow_unconfined;
    run->want_sha512 = cret_advised_by_sha512(&run->advice);
    run->releases = json_array();
    const int code = indexed ? run_indexed(run) : run_archives(run);
    return !cret_options_given(run->options, "json")
               ? code
               : cret_print_json(run->options,
                                 json_pack("{s:s, s:i, s:O}", "cretula", "advisories/1", "exitCode",
                                           code, "releases", run->releases),
                                 code);
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    bool indexed = false;
    if (cret_indexed_asked(&indexed, options, &err) != CRET_OK ||
        cret_session_open(&session, options, !indexed, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct run run = {.options = options, .session = &session};
    const int code = run_all(&run, indexed);
    json_decref(run.releases);
    cret_advice_files_clear(&run.advice);
    cret_session_close(&session);
    return code;
}

static const struct cret_option advisories_options[] = {
    CRET_OPTION(
        "csaf", "FILE|DIR",
        "An advisory (CSAF 2.0 or 2.1) or VEX file (CSAF, OpenVEX, CycloneDX, SPDX 3), or a "
        "folder with such files.",
        .repeatable = true, .required = true),
    CRET_OPTION("fail-on", "LEVEL",
                "Exit with 1 where a release is surely affected; or where it is, may be, or is "
                "under investigation.",
                .choices = fail_levels),
    CRET_FLAG("quiet",
              "Print nothing but errors, what is or may be affected, and what was not checked."),
    CRET_OPTION_END,
};
static const struct cret_option_group advisories_group = {"Advisories", advisories_options};

const struct cret_verb cret_verb_advisories = {
    .name = "advisories",
    .operands = "[FILE...]",
    .summary = "Match advisories and VEX files with releases: affected, fixed, or not",
    .help = "Verifies each FILE as check does, and compares what was verified, and the components "
            "of its SBOM, with advisories that came later: by hash, package URL, CPE and reference "
            "into the SBOM. Names and version ranges give possible matches, which a person "
            "confirms. Exit code 0 says that everything was compared, not that nothing is affected "
            "(--fail-on gives 1 for that); 3 that something was not compared: NOT CHECKED names "
            "it. From --catalogue comes what archives were when it read them, and each answer "
            "says so; one whose archive is gone or was changed since is NOT CHECKED.",
    .groups = CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_confinement_group,
                          &cret_expectation_group, &cret_profile_group, &advisories_group,
                          &cret_index_group, &cret_payload_group, &cret_jobs_group,
                          &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify advisories rtu7.cretula.tar --csaf vex.json --trust trust.json",
        "cretula-verify advisories installed/*.cretula.tar --csaf csaf/2026 --trust trust.json "
        "--quiet",
        "cretula-verify advisories --catalogue site.catalogue --csaf csaf/2026 --trust trust.json"),
    .run = act,
};
