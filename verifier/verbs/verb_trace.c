/* SPDX-License-Identifier: Apache-2.0 */
/* trace: which release, document or component is this file? */
#include "console/print.h"
#include "verifier/review/gather.h"
#include "verifier/review/trace.h"
#include "verifier/run/session.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

#include <stdlib.h>

#include "base/text/text.h"

static int say(const struct cret_options *options, const struct cret_trace *trace)
{
    const int code = cret_trace_code(trace);
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, cret_trace_json(trace, code), code);
    }
    struct cret_page *page = cret_page_new();
    cret_trace_page(page, trace, cret_options_given(options, "verbose"));
    return cret_print_last(options, &page, code);
}

/* One file, or journal: what it does not give is said, and the others are looked into. */
static enum cret_status gather_one(struct cret_trace *trace, const char *path, struct cret_err *err)
{
    struct cret_gathered gathered = {0};
    struct cret_err why = {0};
    if (cret_gather(&gathered, trace->catalogue, trace->session, path, &why) != CRET_OK) {
        if (cret_err_fault(err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!cret_trace_failed(trace, path, &why)) {
            return cret_err_memory(err);
        }
    }
    free(gathered.words);
    return CRET_OK;
}

/* What of a folder was not looked into, though it was named. */
static enum cret_status note_passed(struct cret_trace *trace, const char *path,
                                    const struct cret_targets *targets, struct cret_err *err)
{
    struct cret_err why = {0};
    if (targets->passed_over == 0) {
        return CRET_OK;
    }
    cret_err_usage(&why, "%zu %s in it passed over, no archive by name (.tar): %s",
                   targets->passed_over, cret_plural(targets->passed_over, "was", "were"),
                   targets->passed.data != NULL ? targets->passed.data : "");
    cret_err_hint(&why, "name what is an archive, or a journal, with --in");
    return cret_trace_failed(trace, path, &why) ? CRET_OK : cret_err_memory(err);
}

/* An operand of --in; in the place of a folder that is no journal the archives in it. */
static enum cret_status gather_operand(struct cret_trace *trace, const char *path,
                                       struct cret_err *err)
{
    struct cret_targets targets;
    struct cret_err why = {0};
    bool folder = false;
    enum cret_status status = CRET_OK;
    if (cret_gather_folder(&targets, &folder, path, &why) != CRET_OK) {
        status = cret_err_fault(err) != CRET_OK         ? CRET_FAILED
                 : cret_trace_failed(trace, path, &why) ? CRET_OK
                                                        : cret_err_memory(err);
    } else if (!folder) {
        status = gather_one(trace, path, err);
    } else {
        for (size_t i = 0; i < targets.count && status == CRET_OK; i++) {
            status = gather_one(trace, targets.names[i], err);
        }
        status = status == CRET_OK ? note_passed(trace, path, &targets, err) : status;
    }
    cret_targets_free(&targets);
    return status;
}

static enum cret_status gather(struct cret_trace *trace, const struct cret_options *options,
                               struct cret_err *err)
{
    for (size_t i = 0; i < cret_options_count(options, "in"); i++) {
        if (gather_operand(trace, cret_options_values(options, "in")[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static int run(const struct cret_options *options, struct cret_trace *trace)
{
    struct cret_err err = {0};
    const char *file = cret_options_value(options, "catalogue");
    enum cret_status status =
        file != NULL ? cret_catalogue_open(&trace->catalogue, file, CRET_CATALOGUE_READ, &err)
                     : cret_catalogue_memory(&trace->catalogue, &err);
    status = status == CRET_OK ? gather(trace, options, &err) : status;
    status = status == CRET_OK ? cret_trace_begin(trace, &err) : status;
    for (size_t i = 0; i < cret_options_operand_count(options) && status == CRET_OK; i++) {
        status = cret_trace_file(trace, cret_options_operand(options, i), &err);
    }
    return status == CRET_OK ? say(options, trace) : cret_verb_fail(options, &err);
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    if (cret_options_given(options, "in") == cret_options_given(options, "catalogue")) {
        cret_err_usage(&err, "name either what is to be looked into (--in), or a catalogue of it");
        cret_err_hint(&err, "--in ARCHIVE, once for each, or --catalogue FILE");
        return cret_verb_fail(options, &err);
    }
    if (cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct cret_trace trace = {.session = cret_options_given(options, "in") ? &session : NULL};
    const int code = run(options, &trace);
    cret_catalogue_close(&trace.catalogue);
    cret_trace_clear(&trace);
    cret_session_close(&session);
    return code;
}

static const struct cret_option trace_options[] = {
    CRET_OPTION("in", "ARCHIVE|MANIFEST|RECORD|JOURNAL|DIR",
                "Look into this: an archive, a MANIFEST.json, a record, the folder of a "
                "journal, or a folder with archives. Repeated: each of them.",
                .left_free = true, .repeatable = true),
    CRET_OPTION_END,
};
static const struct cret_option_group trace_group = {"Where to look", trace_options};

const struct cret_verb cret_verb_trace = {
    .name = "trace",
    .operands = "FILE...",
    .summary = "Say which release, document or component a file is",
    .help = "By the SHA-256 of its content, whatever its name: among the files of releases, the "
            "files in archives inside these, the components of their SBOM, documents, records and "
            "lines of journals. Where nothing has this content, what has the same name is shown. "
            "Archives of --in are verified first where --anchor or --trust is given; without, "
            "everything says UNVERIFIED, and archives inside them are not looked into. A catalogue "
            "answers for thousands of releases at once; it says what was verified when it was "
            "made. Exit code 0: every file is known; 1: one is not; 3: one is not, and something "
            "was not looked into.",
    .groups =
        CRET_GROUPS(&trace_group, &cret_catalogue_group, &cret_trust_group, &cret_example_group,
                    &cret_confinement_group, &cret_payload_group, &cret_jobs_group,
                    &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify trace /opt/rtu7/bin/gateway --in rtu7.cretula.tar --trust trust.json",
        "cretula-verify trace found/*.dll --catalogue site.catalogue"),
    .run = act,
};
