/* SPDX-License-Identifier: Apache-2.0 */
/* The model of a report, and the table of its forms. */
#include "base/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/report/report_forms.h"
#include "base/text/json_build.h"

struct cret_report {
    struct cret_build model;
    json_t *rules, *files, *file; /* borrowed of the model; file: the last of files, or NULL */
};

const struct cret_report_form cret_report_forms[] = {
    {"sarif", cret_report_sarif},
    {"junit", cret_report_junit},
    {NULL, NULL},
};

struct cret_report *cret_report_new(const char *tool)
{
    struct cret_report *report = calloc(1, sizeof(*report));
    if (report == NULL) {
        return NULL;
    }
    report->model = cret_build_object();
    cret_build_string(&report->model, "tool", tool);
    cret_build_put(&report->model, "rules", json_array());
    cret_build_put(&report->model, "files", json_array());
    report->rules = json_object_get(report->model.json, "rules");
    report->files = json_object_get(report->model.json, "files");
    return report;
}

void cret_report_free(struct cret_report **report)
{
    if (report == NULL || *report == NULL) {
        return;
    }
    json_decref((*report)->model.json);
    free(*report);
    *report = NULL;
}

static void add(struct cret_report *report, json_t *list, struct cret_build *entry)
{
    report->model.failed |= json_array_append_new(list, cret_build_end(entry)) != 0;
}

void cret_report_rule(struct cret_report *report, const char *id, const char *title,
                      const char *meaning, const char *help)
{
    if (report == NULL) {
        return;
    }
    struct cret_build rule = cret_build_object();
    cret_build_string(&rule, "id", id);
    cret_build_string(&rule, "title", title);
    cret_build_string(&rule, "meaning", meaning);
    cret_build_string(&rule, "help", help);
    add(report, report->rules, &rule);
}

void cret_report_checks(struct cret_report *report)
{
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        cret_report_rule(report, check->name, check->title, check->meaning, check->causes);
    }
}

void cret_report_file(struct cret_report *report, const char *name)
{
    if (report == NULL) {
        return;
    }
    struct cret_build file = cret_build_object();
    cret_build_escaped(&file, "name", name);
    cret_build_put(&file, "items", json_array());
    add(report, report->files, &file);
    report->file = json_array_get(report->files, json_array_size(report->files) - 1);
}

void cret_report_add(struct cret_report *report, const struct cret_report_item *item)
{
    if (report == NULL) {
        return;
    }
    struct cret_build entry = cret_build_object();
    cret_build_string(&entry, "rule", item->rule);
    cret_build_string(&entry, "result", cret_result_name(item->result));
    cret_build_escaped(&entry, "reason", item->reason);
    cret_build_escaped(&entry, "where", item->where);
    cret_build_escaped(&entry, "expected", item->expected);
    cret_build_escaped(&entry, "actual", item->actual);
    cret_build_escaped(&entry, "hint", item->hint);
    cret_build_escaped(&entry, "file", item->place.file);
    if (item->place.line > 0) {
        cret_build_integer(&entry, "line", (int64_t)item->place.line);
        cret_build_integer(&entry, "column",
                           item->place.column > 0 ? (int64_t)item->place.column : 1);
    }
    add(report, json_object_get(report->file, "items"), &entry);
}

void cret_report_finding(struct cret_report *report, const struct cret_finding *finding,
                         enum cret_reader reader, struct cret_report_place place)
{
    const struct cret_report_item item = {
        .rule = cret_check_get(finding->check)->name,
        .result = finding->result,
        .reason = finding->reason,
        .where = finding->where,
        .expected = finding->expected,
        .actual = finding->actual,
        .hint = cret_check_hint(finding->check, reader, finding->hint),
        .place = place};
    cret_report_add(report, &item);
}

void cret_report_verdict(struct cret_report *report, const char *verdict, int code,
                         const struct cret_err *error)
{
    if (report == NULL) {
        return;
    }
    struct cret_build file = cret_build_on(json_incref(report->file));
    cret_build_string(&file, "verdict", verdict);
    cret_build_integer(&file, "exitCode", code);
    if (error->class != CRET_ERR_NONE) {
        struct cret_build why = cret_build_object();
        cret_build_escaped(&why, "message", error->what);
        cret_build_escaped(&why, "where", error->where[0] != '\0' ? error->where : NULL);
        cret_build_escaped(&why, "hint", error->hint[0] != '\0' ? error->hint : NULL);
        cret_build_put(&file, "error", cret_build_end(&why));
    }
    json_t *done = cret_build_end(&file);
    report->model.failed |= done == NULL;
    json_decref(done);
}

enum cret_status cret_report_make(struct cret_buffer *out, const struct cret_report *report,
                                  const struct cret_report_form *form, struct cret_err *err)
{
    if (report->model.failed || report->model.json == NULL) {
        return cret_err_memory(err);
    }
    form->write(out, report->model.json);
    return out->failed ? cret_err_memory(err) : cret_err_fault(err);
}
