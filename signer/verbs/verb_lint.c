/* SPDX-License-Identifier: Apache-2.0 */
/* lint: every check on the content of a release, without keys. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "console/report_files.h"
#include "release/statements/annex2.h"
#include "signer/command/options.h"
#include "signer/release/draft.h"
#include "signer/release/draft_check.h"
#include "signer/report/found.h"
#include "signer/report/gaps.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"

/* Only archives that are expanded need it; nothing stays. */
#define SPOOL_BESIDE "/var/tmp/cretula-lint"

struct lint {
    const struct cret_options *options;
    bool json, sarif;
    unsigned jobs;
    enum cret_hash_choice hash;
    struct cret_description *description;
    struct cret_draft *draft;
    struct cret_profile *profile; /* --profile FILE, or NULL */
    bool annex2;                  /* --profile cra-annex2 */
    json_t *gaps;                 /* what it found, where the content was judged */
    struct cret_findings *findings;
};

/* Digests, and what they tell. */
static enum cret_status check_digests(struct lint *lint, struct cret_err *err)
{
    struct cret_progress progress = {.label = "checking", .start = cret_os_monotonic_ms()};
    const bool shown = cret_progress_wanted(cret_options_given(lint->options, "quiet"));
    const struct cret_draft_write job = {
        .fd = -1,
        .jobs = lint->jobs,
        .hash = lint->hash,
        .progress = shown ? cret_progress_show : NULL,
        .context = &progress,
    };
    uint64_t end = 0;
    const enum cret_status status = cret_draft_write(lint->draft, &job, &end, err);
    cret_progress_end(&progress);
    return status == CRET_OK ? cret_draft_check(lint->draft, lint->profile, lint->findings, err)
                             : CRET_FAILED;
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
    lint->gaps = cret_annex2_report(lint->draft->manifest->json);
    if (lint->gaps == NULL) {
        return cret_err_memory(err);
    }
    cret_gaps_find(lint->gaps, lint->findings);
    return page != NULL ? cret_gaps_write(page, lint->gaps, err) : CRET_OK;
}

/* *ret_code: what the findings amount to. */
static enum cret_status check(struct lint *lint, int *ret_code, struct cret_err *err)
{
    const struct cret_collect_request collect = {
        .strict_names = cret_options_given(lint->options, "strict-names"),
        .spool_beside = SPOOL_BESIDE,
    };
    if (cret_description_load(&lint->description, cret_options_operand(lint->options, 0),
                              cret_options_values(lint->options, "set"),
                              cret_options_count(lint->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_code = CRET_EXIT_USAGE;
    if (cret_description_validate(lint->description, lint->findings) != CRET_OK) {
        return CRET_OK;
    }
    if (cret_draft_make(&lint->draft, lint->description, &collect, true, lint->findings, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_findings_failed(lint->findings) && check_digests(lint, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (lint->annex2 && lint->draft->manifest != NULL && find_gaps(lint, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_code = cret_findings_failed(lint->findings) ? CRET_EXIT_REFUSED : CRET_EXIT_DONE;
    return CRET_OK;
}

static int print_json(const struct lint *lint, int code)
{
    json_t *renamed = json_array();
    const struct cret_collection *collection = lint->draft != NULL ? lint->draft->collection : NULL;
    for (size_t i = 0; collection != NULL && i < collection->count; i++) {
        if (collection->files[i].renamed) {
            json_array_append_new(renamed, json_pack("{s:s, s:s}", "originalName",
                                                     collection->files[i].wanted, "path",
                                                     collection->files[i].path));
        }
    }
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
    size_t renamed = 0;
    const size_t files = lint->draft != NULL ? lint->draft->collection->count : 0;
    struct cret_page *page = cret_page_new();
    cret_report_put(page, lint->description, lint->findings);
    for (size_t i = 0; i < files; i++) {
        renamed += lint->draft->collection->files[i].renamed ? 1u : 0u;
    }
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
    cret_draft_free(&lint.draft);
    cret_description_free(&lint.description);
    cret_profile_free(&lint.profile);
    json_decref(lint.gaps);
    cret_findings_free(&lint.findings);
    return code;
}

static const struct cret_option profile_options[] = {
    CRET_OPTION("profile", "PROFILE",
                "Require what this profile lists: a file with topics that the documentation must "
                "answer, or the name " CRET_ANNEX2_PROFILE ": what Annex II of Regulation (EU) "
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
                          &cret_jobs_group, &cret_quiet_group, &cret_sarif_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign lint release.yaml",
                              "cretula-sign lint release.yaml --profile iec62443-component.json "
                              "--sarif findings.sarif",
                              "cretula-sign lint release.yaml --profile " CRET_ANNEX2_PROFILE
                              " --html gaps.html"),
    .run = act,
};
