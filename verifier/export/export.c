/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what is exported, and writing what came of it. */
#include "verifier/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/json_build.h"
#include "console/print.h"
#include "verifier/report/pieces.h"
#include "verifier/review/facts.h"
#include "verifier/review/indexed.h"

static const char *const formats[] = {"csv", "json", "html", NULL};

static const struct cret_option out_options[] = {
    CRET_OPTION(
        "out", "FILE",
        "Where the export is written; it is complete or not there. Default: standard output."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_export_out_group = {"Export", out_options};

static const struct cret_option format_options[] = {
    CRET_OPTION("format", "FORMAT",
                "csv (RFC 4180, UTF-8; the default), json, or html (one page, to print).",
                .choices = formats),
    CRET_OPTION_END,
};
const struct cret_option_group cret_export_format_group = {"Export", format_options};

static enum cret_status write_out(const struct cret_options *options, const struct cret_buffer *out,
                                  struct cret_err *err)
{
    const char *path = cret_options_value(options, "out");
    return path == NULL || strcmp(path, "-") == 0
               ? cret_print_text(stdout, out->data, out->size, err)
               : cret_file_write(path, out->data, out->size, 0644, err);
}

/* Opens all of them, and says of each why it cannot be used. Returns the exit code. */
static int open_all(const struct cret_options *options, const struct cret_session *session,
                    struct cret_subject *subjects, size_t count)
{
    const struct cret_child_job wanted = {.want_files = true};
    int code = CRET_EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        struct cret_err err = {0};
        if (cret_subject_open(&subjects[i], session, cret_options_operand(options, i), &wanted,
                              &err) != CRET_OK) {
            code = cret_exit_worse(code, cret_verb_fail(options, &err));
        }
    }
    return code;
}

/* A list of cret_sheet_rows() in the form that --format names. */
static enum cret_status form_sheet(struct cret_buffer *out, const struct cret_sheet *sheet,
                                   const struct cret_options *options, struct cret_build *releases,
                                   struct cret_err *err)
{
    static const cret_sheet_form forms[] = {cret_sheet_csv, cret_sheet_json, cret_sheet_html};
    const char *format = cret_options_value(options, "format");
    size_t chosen = 0;
    while (format != NULL && formats[chosen] != NULL && strcmp(formats[chosen], format) != 0) {
        chosen++;
    }
    json_t *list = cret_build_end(releases);
    if (list == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = forms[chosen](out, sheet, list, err);
    json_decref(list);
    return status;
}

static enum cret_status make_sheet(struct cret_buffer *out, const struct cret_sheet *sheet,
                                   const struct cret_export_releases *job, struct cret_err *err)
{
    struct cret_build releases = cret_build_list();
    for (size_t i = 0; i < job->count; i++) {
        json_t *facts = cret_export_facts(&job->subjects[i], job->session,
                                          cret_options_value(job->options, "asset"));
        cret_build_add(&releases, facts != NULL ? cret_sheet_rows(sheet, facts) : NULL);
        json_decref(facts);
    }
    return form_sheet(out, sheet, job->options, &releases, err);
}

/* Rows of what a catalogue kept. */
struct shelf {
    const struct cret_options *options;
    const struct cret_sheet *sheet;
    struct cret_build releases;
    size_t unproved;
};

static enum cret_status on_indexed(void *context, const struct cret_indexed *one,
                                   struct cret_err *err)
{
    struct shelf *shelf = context;
    /* What cannot be a proof is no longer said to be verified; that it once was is. */
    struct cret_build facts =
        cret_build_on(one->kept != NULL ? json_copy(one->kept) : cret_export_known(one->source));
    char *standing = one->why != NULL
                         ? cret_text_printf("UNVERIFIED: %s", one->why)
                         : cret_text_printf("%s; %s, as the catalogue says",
                                            cret_piece_text(one->kept, "verification"), one->read);
    cret_build_text(&facts, "file", one->source->path);
    cret_build_put(&facts, "verification", standing != NULL ? json_string(standing) : NULL);
    cret_build_boolean(&facts, "verified", one->why == NULL);
    cret_build_text(&facts, "asset", cret_options_value(shelf->options, "asset"));
    if (one->why != NULL) {
        shelf->unproved++;
        json_object_del(facts.json, "signers");
    }
    free(standing);
    json_t *all = cret_build_end(&facts);
    cret_build_add(&shelf->releases, all != NULL ? cret_sheet_rows(shelf->sheet, all) : NULL);
    json_decref(all);
    return shelf->releases.failed ? cret_err_memory(err) : CRET_OK;
}

/* Of every release in a catalogue; 3 where one of them is no longer what was read. */
static int run_indexed(const struct cret_options *options, const struct cret_sheet *sheet,
                       const struct cret_session *session)
{
    struct shelf shelf = {.options = options, .sheet = sheet, .releases = cret_build_list()};
    struct cret_buffer out = {0};
    struct cret_err err = {0};
    enum cret_status status =
        cret_indexed_each(session, options, CRET_INDEXED_FACTS, on_indexed, &shelf, &err);
    if (status == CRET_OK && json_array_size(shelf.releases.json) == 0) {
        cret_err_usage(&err, "there is no release in the catalogue");
        status = cret_err_hint(&err, "`catalogue add` puts archives into it");
    }
    status = status == CRET_OK ? form_sheet(&out, sheet, options, &shelf.releases, &err) : status;
    if (status == CRET_OK) {
        status = out.failed ? cret_err_memory(&err) : write_out(options, &out, &err);
    }
    json_decref(cret_build_end(&shelf.releases));
    cret_buffer_free(&out);
    if (status != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (shelf.unproved > 0) {
        cret_print_note(options, "note: %zu of the releases say UNVERIFIED, with the reason",
                        shelf.unproved);
    }
    return shelf.unproved > 0 ? (int)CRET_ERR_UNDECIDED : CRET_EXIT_DONE;
}

/* An export is made by a form of its own, or of a table. */
struct maker {
    const struct cret_export_form *form;
    const struct cret_sheet *sheet;
};

static enum cret_status make(struct cret_buffer *out, const struct maker *maker,
                             const struct cret_export_releases *job, struct cret_err *err)
{
    cret_buffer_append(out, "", 0);
    if ((maker->form != NULL ? maker->form->make(out, job, err)
                             : make_sheet(out, maker->sheet, job, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Also where something could not be found out meanwhile: then it may say too little. */
    return out->failed ? cret_err_memory(err) : cret_err_fault(err);
}

static int run_session(const struct cret_options *options, const struct maker *maker,
                       const struct cret_session *session)
{
    struct cret_err err = {0};
    struct cret_buffer out = {0};
    const size_t count = cret_options_operand_count(options);
    struct cret_subject *subjects = calloc(count + 1, sizeof(*subjects));
    if (subjects == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(options, &err);
    }
    const struct cret_export_releases job = {
        .options = options, .session = session, .subjects = subjects, .count = count};
    int code = open_all(options, session, subjects, count);
    if (code == CRET_EXIT_DONE &&
        (make(&out, maker, &job, &err) != CRET_OK || write_out(options, &out, &err) != CRET_OK)) {
        code = cret_verb_fail(options, &err);
    }
    for (size_t i = 0; i < count; i++) {
        cret_subject_close(&subjects[i]);
    }
    cret_buffer_free(&out);
    free(subjects);
    return code;
}

static int run(const struct cret_options *options, const struct maker *maker)
{
    struct cret_session session;
    struct cret_err err = {0};
    bool indexed = false;
    if ((maker->sheet != NULL && maker->sheet->indexed &&
         cret_indexed_asked(&indexed, options, &err) != CRET_OK) ||
        cret_session_open(&session, options, maker->form != NULL && maker->form->trust_required,
                          &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = indexed ? run_indexed(options, maker->sheet, &session)
                             : run_session(options, maker, &session);
    cret_session_close(&session);
    return code;
}

int cret_export_run(const struct cret_options *options, const struct cret_export_form *form)
{
    return run(options, &(struct maker){.form = form});
}

int cret_export_sheet(const struct cret_options *options, const struct cret_sheet *sheet)
{
    return run(options, &(struct maker){.sheet = sheet});
}
