/* SPDX-License-Identifier: Apache-2.0 */
/* lint: every check on the content of a release, without keys. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/apart.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "console/report_files.h"
#include "release/statements/annex2.h"
#include "release/statements/profile_named.h"
#include "signer/command/options.h"
#include "signer/release/draft.h"
#include "signer/release/draft_check.h"
#include "signer/report/found.h"
#include "signer/report/gaps.h"
#include "signer/report/report.h"
#include "signer/verbs/told.h"
#include "signer/verbs/verbs.h"

/* Only archives that are expanded need it; nothing stays. */
#define SPOOL_BESIDE "/var/tmp/cretula-lint"

struct lint {
    const struct cret_options *options;
    bool json, sarif;
    unsigned jobs;
    enum cret_hash_choice hash;
    struct cret_description *description;
    struct cret_spool *spool;     /* for members of archives; or NULL */
    struct cret_apart_told told;  /* by the process that reads the files */
    size_t files;                 /* of the release, as it says */
    const json_t *renamed;        /* pairs of names, as it says; or NULL */
    struct cret_profile *profile; /* --profile, or NULL */
    bool annex2;                  /* --profile cra-annex2 */
    json_t *gaps;                 /* what it found, where the content was judged */
    struct cret_findings *findings;
};

/* In the reading process: digests, and what they tell. */
static enum cret_status check_digests(const struct lint *lint, struct cret_draft *draft,
                                      struct cret_apart_told *told, struct cret_err *err)
{
    const struct cret_draft_write job = {
        .fd = -1,
        .jobs = lint->jobs,
        .hash = lint->hash,
        .progress = cret_apart_progress,
        .context = told,
    };
    uint64_t end = 0;
    return cret_draft_write(draft, &job, &end, err) == CRET_OK
               ? cret_draft_check(draft, lint->profile, told->findings, err)
               : CRET_FAILED;
}

/* How many files there are, and which get other names; where it is asked for, the manifest. */
static enum cret_status tell(const struct lint *lint, const struct cret_draft *draft,
                             struct cret_apart_told *told, struct cret_err *err)
{
    struct cret_build json = cret_build_object(), renamed = cret_build_list();
    const struct cret_collection *collection = draft->collection;
    for (size_t i = 0; collection != NULL && i < collection->count; i++) {
        if (collection->files[i].renamed) {
            cret_build_add(&renamed,
                           json_pack("{s:s, s:s}", "originalName", collection->files[i].wanted,
                                     "path", collection->files[i].path));
        }
    }
    cret_build_integer(&json, "files", collection != NULL ? (int64_t)collection->count : 0);
    cret_build_put(&json, "renamed", cret_build_end(&renamed));
    told->json = cret_build_end(&json);
    if (told->json == NULL) {
        return cret_err_memory(err);
    }
    if (lint->annex2 && draft->manifest != NULL) {
        told->files[0].data = strndup(draft->text, draft->text_size);
        told->files[0].size = draft->text_size;
        return told->files[0].data != NULL ? CRET_OK : cret_err_memory(err);
    }
    return CRET_OK;
}

static enum cret_status read_files(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct lint *lint = context;
    const struct cret_collect_request collect = {
        .strict_names = cret_options_given(lint->options, "strict-names"),
        .spool_beside = SPOOL_BESIDE,
        .spool = lint->spool,
    };
    struct cret_draft *draft = NULL;
    enum cret_status status =
        cret_draft_make(&draft, lint->description, &collect, true, told->findings, err);
    if (status == CRET_OK && !cret_findings_failed(told->findings)) {
        status = check_digests(lint, draft, told, err);
    }
    if (status == CRET_OK) {
        status = tell(lint, draft, told, err);
    }
    cret_draft_free(&draft);
    return status;
}

/* Here: the files are read by a process that can do nothing else. */
static enum cret_status have_read(struct lint *lint, struct cret_err *err)
{
    struct cret_progress progress = {.label = "checking", .start = cret_os_monotonic_ms()};
    struct cret_apart_job job = {.read = read_files,
                                 .context = lint,
                                 .bounds = CRET_BOUNDS_NONE,
                                 .progress_context = &progress};
    if (cret_collect_expands(lint->description) &&
        cret_spool_open(&lint->spool, SPOOL_BESIDE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_progress_wanted(cret_options_given(lint->options, "quiet"))) {
        job.progress = cret_progress_show;
    }
    job.bounds.reads_paths = true;
    job.bounds.writes_below = lint->spool != NULL ? lint->spool->fd : -1;
    job.bounds.allow_unconfined = cret_options_given(lint->options, "allow-unconfined");
    lint->told.findings = lint->findings;
    const enum cret_status status = cret_apart_run(&lint->told, &job, err);
    cret_progress_end(&progress);
    return status;
}

static enum cret_status load_profile(struct lint *lint, struct cret_err *err)
{
    const char *path = cret_options_value(lint->options, "profile");
    const char *page = cret_options_value(lint->options, "html");
    char *text = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    lint->annex2 = path != NULL && strcmp(path, CRET_ANNEX2_PROFILE) == 0;
    if (page != NULL && !lint->annex2) {
        cret_err_usage(err, "--html shows the items of " CRET_ANNEX2_PROFILE);
        return cret_err_hint(err, "--profile " CRET_ANNEX2_PROFILE);
    }
    if (page != NULL && cret_output_no_stream("--html", page, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (path == NULL || lint->annex2) {
        return CRET_OK;
    }
    const struct cret_profile_named *named = cret_profile_named(path);
    if (named != NULL) {
        return cret_profile_parse(&lint->profile, named->text, named->size, path, err);
    }
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) ==
        CRET_OK) {
        status = cret_profile_parse(&lint->profile, text, size, path, err);
    } else {
        cret_profile_misnamed(err, path);
    }
    free(text);
    return status;
}

/* The items of Annex II, and the file that shows them. */
static enum cret_status find_gaps(struct lint *lint, struct cret_err *err)
{
    const char *page = cret_options_value(lint->options, "html");
    struct cret_manifest *manifest = NULL;
    struct cret_findings *found = cret_findings_new();
    if (found == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_manifest_parse_unverified(
        &manifest, (const uint8_t *)lint->told.files[0].data, lint->told.files[0].size, found, err);
    cret_findings_free(&found);
    if (status != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
        return cret_err_context(err, "the reading process made no valid manifest");
    }
    lint->gaps = cret_annex2_report(manifest->json);
    cret_manifest_free(&manifest);
    if (lint->gaps == NULL) {
        return cret_err_memory(err);
    }
    cret_gaps_find(lint->gaps, lint->findings);
    return page != NULL ? cret_gaps_write(page, lint->gaps, err) : CRET_OK;
}

/* *ret_code: what the findings amount to. */
static enum cret_status check(struct lint *lint, int *ret_code, struct cret_err *err)
{
    if (cret_description_load(&lint->description, cret_options_operand(lint->options, 0),
                              cret_options_values(lint->options, "set"),
                              cret_options_count(lint->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_code = CRET_EXIT_USAGE;
    if (cret_description_validate(lint->description, lint->findings) != CRET_OK) {
        return CRET_OK;
    }
    if (have_read(lint, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_told_lint(&lint->files, &lint->renamed, &lint->told, lint->annex2)) {
        return cret_apart_malformed(err);
    }
    if (lint->annex2 && lint->told.files[0].data != NULL && find_gaps(lint, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_code = cret_findings_failed(lint->findings) ? CRET_EXIT_REFUSED : CRET_EXIT_DONE;
    return CRET_OK;
}

static int print_json(const struct lint *lint, int code)
{
    json_t *renamed = lint->renamed != NULL ? json_deep_copy(lint->renamed) : json_array();
    return cret_print_json(lint->options,
                           json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:O*}", "cretula", "lint/1",
                                     "description", cret_options_operand(lint->options, 0),
                                     "result", code == 0 ? "PASS" : "FAIL", "exitCode", code,
                                     "findings",
                                     cret_report_findings_json(lint->description, lint->findings),
                                     "renamed", renamed, "gaps", lint->gaps),
                           code);
}

/* error: why nothing was judged, or class NONE. */
static void fill(const struct lint *lint, struct cret_report *report, int code,
                 const struct cret_err *error)
{
    cret_report_checks(report);
    cret_report_file(report, cret_options_operand(lint->options, 0));
    cret_found_add(report, lint->description, lint->findings);
    cret_report_verdict(report, code == CRET_EXIT_DONE ? "PASS" : "FAIL", code, error);
}

static int print_sarif(const struct lint *lint, int code)
{
    struct cret_err none = {0};
    struct cret_report *report = cret_report_of(lint->options);
    fill(lint, report, code, &none);
    code = cret_report_print(report, lint->options, "sarif", code);
    cret_report_free(&report);
    return code;
}

static int print_text(const struct lint *lint, int code)
{
    const size_t faults = cret_findings_total(lint->findings, CRET_RESULT_FAIL);
    const size_t renamed = json_array_size(lint->renamed), files = lint->files;
    struct cret_page *page = cret_page_new();
    cret_report_put(page, lint->description, lint->findings);
    struct cret_buffer said = {0};
    const bool bad = code == CRET_EXIT_USAGE || code == CRET_EXIT_REFUSED;
    cret_buffer_printf(&said, "no faults; %zu %s", files, cret_plural(files, "file", "files"));
    if (renamed > 0) {
        cret_buffer_printf(&said, ", %zu of them will be renamed (pack lists them)", renamed);
    }
    if (lint->gaps != NULL && !cret_options_given(lint->options, "quiet")) {
        cret_gaps_put(page, lint->gaps);
    }
    if (!bad && !cret_options_given(lint->options, "quiet")) {
        cret_page_statement(page, "%s: %s", cret_options_operand(lint->options, 0),
                            cret_page_words(page, &said));
    }
    cret_buffer_free(&said);
    code = cret_print_last(lint->options, &page, code);
    if (bad) {
        cret_print_note(lint->options, "%s: %zu %s", cret_options_operand(lint->options, 0), faults,
                        cret_plural(faults, "fault", "faults"));
    }
    return code;
}

static int run(struct lint *lint, struct cret_report *report)
{
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (cret_option_jobs(&lint->jobs, lint->options, &err) != CRET_OK ||
        cret_option_hash(&lint->hash, lint->options, &err) != CRET_OK ||
        load_profile(lint, &err) != CRET_OK || check(lint, &code, &err) != CRET_OK ||
        cret_findings_whole(lint->findings, &err) != CRET_OK) {
        code = cret_verb_fail(lint->options, &err);
    } else {
        code = lint->json    ? print_json(lint, code)
               : lint->sarif ? print_sarif(lint, code)
                             : print_text(lint, code);
    }
    fill(lint, report, code, &err);
    return code;
}

static int act(const struct cret_options *options)
{
    const char *format = cret_options_value(options, "format");
    struct lint lint = {
        .options = options,
        .json =
            cret_options_given(options, "json") || (format != NULL && strcmp(format, "json") == 0),
        .sarif = format != NULL && strcmp(format, "sarif") == 0,
        .findings = cret_findings_new(),
    };
    struct cret_report_files *files = NULL;
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (lint.findings == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
    } else if (cret_report_files_open(&files, options, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = run(&lint, cret_report_files_report(files));
    }
    code = cret_report_files_finish(&files, options, code);
    cret_apart_clear(&lint.told);
    cret_spool_free(&lint.spool);
    cret_description_free(&lint.description);
    cret_profile_free(&lint.profile);
    json_decref(lint.gaps);
    cret_findings_free(&lint.findings);
    return code;
}

static const struct cret_option profile_options[] = {
    CRET_OPTION("profile", "PROFILE",
                "Require what this profile lists: a file with topics that the documentation must "
                "answer, or the name iec62443-component, or the name " CRET_ANNEX2_PROFILE
                ": what Annex II of Regulation (EU) "
                "2024/2847 asks to be told to users, item by item, answered by what and where."),
    CRET_OPTION("html", "FILE", "Write the items of " CRET_ANNEX2_PROFILE " as one HTML file.",
                .needs = "profile"),
    CRET_OPTION_END,
};
static const struct cret_option_group profile_group = {"Expectations", profile_options};

const struct cret_verb cret_verb_lint = {
    .name = "lint",
    .operands = "DESCRIPTION",
    .summary = "Check a release description and its files, without keys",
    .help = "Exit code 0: no fault. 1: the content has faults (a reference to nothing, an SBOM of "
            "other bytes). 2: the description is not valid, and its content was not judged. "
            "DESCRIPTION may be - for standard input.",
    .groups = CRET_GROUPS(&cret_description_group, &profile_group, &cret_format_group,
                          &cret_confinement_group, &cret_jobs_group, &cret_quiet_group,
                          &cret_sarif_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign lint release.yaml",
                              "cretula-sign lint release.yaml --profile iec62443-component "
                              "--sarif findings.sarif",
                              "cretula-sign lint release.yaml --profile " CRET_ANNEX2_PROFILE
                              " --html gaps.html"),
    .run = act,
};
