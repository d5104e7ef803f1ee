/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what is exported, and writing what came of it. */
#include "verifier/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "console/print.h"

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

/* Names of the signers that counted. */
static json_t *signers(const json_t *signatures)
{
    struct cret_build list = cret_build_list();
    size_t index;
    json_t *signature;
    json_array_foreach(signatures, index, signature)
    {
        const char *name = cret_json_string(signature, "signer");
        if (cret_json_boolean(signature, "counted", false) && name != NULL) {
            cret_build_add(&list, json_string(name));
        }
    }
    return cret_build_end(&list);
}

/* Formats of the SBOMs in one text; JSON null where there is none. */
static json_t *sbom_formats(const json_t *sboms)
{
    struct cret_buffer text = {0};
    size_t index;
    json_t *sbom;
    json_array_foreach(sboms, index, sbom)
    {
        cret_buffer_printf(&text, "%s%s", index > 0 ? ", " : "", cret_json_string(sbom, "format"));
    }
    json_t *value = text.failed ? NULL : text.size == 0 ? json_null() : json_string(text.data);
    cret_buffer_free(&text);
    return value;
}

json_t *cret_export_facts(const struct cret_subject *subject, const struct cret_session *session,
                          const char *asset)
{
    const struct cret_outcome *outcome = subject->outcome;
    /* jansson asks for a pointer that it could write through, and does not. */
    struct cret_build facts =
        cret_build_on(json_copy((json_t *)(uintptr_t)(const void *)subject->manifest));
    char *standing = cret_subject_standing(subject, session);
    cret_build_text(&facts, "file", subject->name);
    cret_build_put(&facts, "verification", standing != NULL ? json_string(standing) : NULL);
    cret_build_boolean(&facts, "verified", subject->verified);
    cret_build_sha256(&facts, "identity", outcome->identity);
    cret_build_text(&facts, "asset", asset);
    cret_build_share(&facts, "fileCount", json_object_get(outcome->document, "fileCount"));
    cret_build_share(&facts, "fileBytes", json_object_get(outcome->document, "fileBytes"));
    cret_build_put(&facts, "sbomFormats", sbom_formats(json_object_get(subject->manifest, "sbom")));
    cret_build_put(&facts, "signers", signers(json_object_get(outcome->document, "signatures")));
    free(standing);
    return cret_build_end(&facts);
}

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

static enum cret_status make_sheet(struct cret_buffer *out, const struct cret_sheet *sheet,
                                   const struct cret_export_job *job, struct cret_err *err)
{
    static const cret_sheet_form forms[] = {cret_sheet_csv, cret_sheet_json, cret_sheet_html};
    const char *format = cret_options_value(job->options, "format");
    size_t chosen = 0;
    while (format != NULL && formats[chosen] != NULL && strcmp(formats[chosen], format) != 0) {
        chosen++;
    }
    struct cret_build releases = cret_build_list();
    for (size_t i = 0; i < job->count; i++) {
        json_t *facts = cret_export_facts(&job->subjects[i], job->session,
                                          cret_options_value(job->options, "asset"));
        cret_build_add(&releases, facts != NULL ? cret_sheet_rows(sheet, facts) : NULL);
        json_decref(facts);
    }
    json_t *list = cret_build_end(&releases);
    if (list == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = forms[chosen](out, sheet, list, err);
    json_decref(list);
    return status;
}

/* An export is made by a form of its own, or of a table. */
struct maker {
    const struct cret_export_form *form;
    const struct cret_sheet *sheet;
};

static enum cret_status make(struct cret_buffer *out, const struct maker *maker,
                             const struct cret_export_job *job, struct cret_err *err)
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
    const struct cret_export_job job = {
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
    if (cret_session_open(&session, options, maker->form != NULL && maker->form->trust_required,
                          &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = run_session(options, maker, &session);
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
