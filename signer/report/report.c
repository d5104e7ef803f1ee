/* SPDX-License-Identifier: Apache-2.0 */
/* Printing errors, findings and progress of the signer. */
#include "signer/report/report.h"

#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/finding/finding_groups.h"
#include "base/system/os.h"
#include "base/system/terminal.h"
#include "base/text/json.h"
#include "evidence/record/record.h"

#define STANDARD_ERROR 2
#define PROGRESS_AFTER_MS 300u /* shorter work needs none */

void cret_print_safe(FILE *stream, const char *text)
{
    char *safe = cret_text_escape(text);
    fputs(safe != NULL ? safe : "(out of memory)", stream);
    free(safe);
}

void cret_print_line(FILE *stream, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    fprintf(stream, "  %-11s ", label);
    cret_print_safe(stream, text);
    fputc('\n', stream);
}

static void print_error(const char *program, const struct cret_err *err)
{
    fprintf(stderr, "%s: ", program);
    cret_print_safe(stderr, err->what);
    fputc('\n', stderr);
    cret_print_line(stderr, "where", err->where);
    cret_print_line(stderr, "expected", err->expected);
    cret_print_line(stderr, "found", err->actual);
    cret_print_line(stderr, "what to do", err->hint);
}

int cret_report_error(const char *program, const struct cret_err *err, bool json)
{
    if (json) {
        json_t *object = cret_record_error_json(program, err);
        char *text = NULL;
        size_t size = 0;
        if (object == NULL || cret_json_print(&text, &size, object, NULL) != CRET_OK ||
            fwrite(text, 1, size, stdout) != size || fflush(stdout) != 0) {
            fprintf(stderr, "%s: cannot write to standard output\n", program);
        }
        free(text);
        json_decref(object);
    }
    print_error(program, err);
    return err->class == CRET_ERR_NONE ? CRET_EXIT_UNDECIDED : (int)err->class;
}

int cret_verb_fail(const struct cret_options *options, const struct cret_err *err)
{
    const char *format = cret_options_value(options, "format");
    return cret_report_error(cret_options_program(options)->name, err,
                             cret_options_given(options, "json") ||
                                 (format != NULL && strcmp(format, "json") == 0));
}

/* Where a finding is, for people: "release.yaml:12:3", or what the finding itself says. */
static void print_place(FILE *stream, const struct cret_description *description,
                        const struct cret_finding *finding)
{
    if (finding->where == NULL || finding->where[0] != '#' || description == NULL) {
        cret_print_safe(stream, finding->where != NULL ? finding->where : "");
        return;
    }
    const struct cret_mark mark = cret_description_locate(description, finding->where);
    cret_print_safe(stream, mark.file);
    if (mark.line > 0) {
        fprintf(stream, ":%u:%u", mark.line, mark.column);
    }
}

/* One finding, and where else it is; group NULL: nowhere. */
static void print_finding(FILE *stream, const struct cret_description *description,
                          const struct cret_findings *findings, const struct cret_finding *finding,
                          const struct cret_finding_group *group)
{
    print_place(stream, description, finding);
    fprintf(stream, "%s%s %s ", finding->where != NULL ? ": " : "",
            cret_result_name(finding->result), cret_check_get(finding->check)->name);
    char *field = finding->where != NULL && finding->where[0] == '#'
                      ? cret_description_field_name(finding->where)
                      : NULL;
    if (field != NULL && field[0] != '\0') {
        cret_print_safe(stream, field);
        fputs(": ", stream);
    }
    free(field);
    cret_print_safe(stream, finding->reason);
    fputc('\n', stream);
    char *places = group != NULL ? cret_finding_group_places(findings, group) : NULL;
    cret_print_line(stream, "also at", places);
    free(places);
    cret_print_line(stream, "expected", finding->expected);
    cret_print_line(stream, "found", finding->actual);
    cret_print_line(stream, "what to do",
                    cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint));
}

void cret_report_findings(FILE *stream, const struct cret_description *description,
                          const struct cret_findings *findings)
{
    size_t count = cret_findings_count(findings);
    struct cret_finding_group *groups = cret_findings_group(findings, &count);
    for (size_t i = 0; i < count; i++) {
        const struct cret_finding *finding =
            cret_findings_at(findings, groups != NULL ? groups[i].index[0] : i);
        if (finding->result != CRET_RESULT_PASS) {
            print_finding(stream, description, findings, finding,
                          groups != NULL ? &groups[i] : NULL);
        }
    }
    free(groups);
}

/* Adds file, line, column and field to one finding. */
static bool add_place(json_t *json, const struct cret_description *description, const char *where)
{
    if (where == NULL || where[0] != '#' || description == NULL) {
        return true;
    }
    const struct cret_mark mark = cret_description_locate(description, where);
    char *field = cret_description_field_name(where);
    const bool added =
        field != NULL && json_object_set_new(json, "file", json_string(mark.file)) == 0 &&
        (mark.line == 0 || (json_object_set_new(json, "line", json_integer(mark.line)) == 0 &&
                            json_object_set_new(json, "column", json_integer(mark.column)) == 0)) &&
        json_object_set_new(json, "field", json_string(field)) == 0;
    free(field);
    return added;
}

json_t *cret_report_findings_json(const struct cret_description *description,
                                  const struct cret_findings *findings)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        struct cret_finding told = *finding;
        told.hint =
            (char *)(uintptr_t)cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint);
        json_t *json = cret_record_finding_json(&told);
        if (json == NULL || !add_place(json, description, finding->where) ||
            json_array_append(list, json) != 0) {
            json_decref(list);
            list = NULL;
        }
        json_decref(json);
    }
    return list;
}

static int cannot_print(const struct cret_options *options, const char *why)
{
    fprintf(stderr, "%s: %s\n", cret_options_program(options)->name, why);
    return CRET_EXIT_UNDECIDED;
}

int cret_report_json(const struct cret_options *options, json_t *json, int code)
{
    char *text = NULL;
    size_t size = 0;
    const bool made = json != NULL && cret_json_print(&text, &size, json, NULL) == CRET_OK;
    const bool printed = made && fwrite(text, 1, size, stdout) == size && fflush(stdout) == 0;
    free(text);
    json_decref(json);
    if (!made) {
        return cannot_print(options, "out of memory");
    }
    return printed ? code : cannot_print(options, "cannot write to standard output");
}

int cret_report_failure_json(const struct cret_options *options, const struct cret_err *err,
                             const struct cret_description *description,
                             const struct cret_findings *findings)
{
    const char *program = cret_options_program(options)->name;
    json_t *json = cret_record_error_json(program, err);
    if (json != NULL && findings != NULL &&
        json_object_set_new(json, "findings", cret_report_findings_json(description, findings)) !=
            0) {
        json_decref(json);
        json = NULL;
    }
    print_error(program, err);
    return cret_report_json(options, json, (int)err->class);
}

int cret_report_end(const char *program, int code)
{
    if (code != CRET_EXIT_UNDECIDED && cret_fault_noted()) {
        fprintf(stderr,
                "%s: not finished: %s\n  %-11s free some memory, raise the limits of this shell "
                "(ulimit -a), and run this again\n",
                program, cret_fault_words(), "what to do");
        code = CRET_EXIT_UNDECIDED;
    }
    cret_fault_end(code);
    return code;
}

int cret_report_memory(const struct cret_options *options)
{
    return cannot_print(options, "out of memory");
}

int cret_report_flush(const struct cret_options *options, int code)
{
    if (code != CRET_EXIT_UNDECIDED && cret_fault_noted()) {
        __fpurge(stdout); /* what is not yet written does not count */
        return cret_report_end(cret_options_program(options)->name, code);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        return cannot_print(options, "cannot write to standard output");
    }
    cret_fault_end(code);
    return code;
}

bool cret_progress_wanted(bool quiet)
{
    return !quiet && cret_os_is_terminal(STANDARD_ERROR);
}

void cret_progress_show(void *context, uint64_t done, uint64_t total)
{
    struct cret_progress *progress = context;
    const uint64_t elapsed = cret_os_monotonic_ms() - progress->start;
    if (elapsed < PROGRESS_AFTER_MS || done == 0 || total == 0) {
        return;
    }
    const double rate = (double)done / ((double)elapsed / 1000.0);
    progress->shown = true;
    char line[256];
    snprintf(line, sizeof(line), "%.100s: %3.0f %%, %.0f of %.0f MB, %.0f MB/s, %.0f s left",
             progress->label, 100.0 * (double)done / (double)total, (double)done / 1e6,
             (double)total / 1e6, rate / 1e6, (double)(total - done) / rate);
    cret_terminal_status(line);
}

void cret_progress_end(struct cret_progress *progress)
{
    if (progress->shown) {
        cret_terminal_status(NULL);
        progress->shown = false;
    }
}
