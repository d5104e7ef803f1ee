/* SPDX-License-Identifier: Apache-2.0 */
/* Printing errors, findings and progress of the signer. */
#include "signer/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/finding_groups.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "evidence/record/record.h"

/* Where a finding is, for people: "release.yaml:12:3: ", or what the finding itself says. */
static void add_place(struct cret_buffer *out, const struct cret_description *description,
                      const struct cret_finding *finding)
{
    if (finding->where == NULL) {
        return;
    }
    if (finding->where[0] != '#' || description == NULL) {
        cret_buffer_printf(out, "%s: ", finding->where);
        return;
    }
    const struct cret_mark mark = cret_description_locate(description, finding->where);
    cret_buffer_printf(out, "%s", mark.file);
    if (mark.line > 0) {
        cret_buffer_printf(out, ":%u:%u", mark.line, mark.column);
    }
    cret_buffer_printf(out, ": ");
}

/* One finding, and where else it is; group NULL: nowhere. */
static void put_finding(struct cret_page *page, const struct cret_description *description,
                        const struct cret_findings *findings, const struct cret_finding *finding,
                        const struct cret_finding_group *group)
{
    struct cret_buffer line = {0};
    add_place(&line, description, finding);
    cret_buffer_printf(&line, "%s %s ", cret_result_name(finding->result),
                       cret_check_get(finding->check)->name);
    char *field = finding->where != NULL && finding->where[0] == '#'
                      ? cret_description_field_name(finding->where)
                      : NULL;
    if (field != NULL && field[0] != '\0') {
        cret_buffer_printf(&line, "%s: ", field);
    }
    free(field);
    cret_buffer_printf(&line, "%s", finding->reason);
    cret_page_statement(page, "%s", cret_page_words(page, &line));
    cret_buffer_free(&line);
    char *places = group != NULL ? cret_finding_group_places(findings, group) : NULL;
    cret_page_text(page, "also at", places);
    free(places);
}

static void put_advice(struct cret_page *page, const struct cret_finding *finding)
{
    if (finding == NULL) {
        return;
    }
    cret_page_text(page, "expected", finding->expected);
    cret_page_text(page, "found", finding->actual);
    cret_page_text(page, "what to do",
                   cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint));
}

static bool same(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

static bool same_advice(const struct cret_finding *left, const struct cret_finding *right)
{
    return left->check == right->check && same(left->expected, right->expected) &&
           same(left->actual, right->actual) && same(left->hint, right->hint);
}

void cret_report_put(struct cret_page *page, const struct cret_description *description,
                     const struct cret_findings *findings)
{
    size_t count = cret_findings_count(findings);
    struct cret_finding_group *groups = cret_findings_group(findings, &count);
    const struct cret_finding *before = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct cret_finding *finding =
            cret_findings_at(findings, groups != NULL ? groups[i].index[0] : i);
        if (finding->result == CRET_RESULT_PASS) {
            continue;
        }
        /* What several findings in a row advise is said behind the last of them. */
        if (before != NULL && !same_advice(before, finding)) {
            put_advice(page, before);
        }
        put_finding(page, description, findings, finding, groups != NULL ? &groups[i] : NULL);
        before = finding;
    }
    put_advice(page, before);
    free(groups);
}

void cret_report_findings(const struct cret_options *options,
                          const struct cret_description *description,
                          const struct cret_findings *findings)
{
    struct cret_err err = {0};
    struct cret_page *page = cret_page_new();
    cret_report_put(page, description, findings);
    if (cret_print_page(stderr, page, &err) != CRET_OK) {
        cret_print_error(options, &err); /* and so the exit code is that of a fault */
    }
    cret_page_free(&page);
}

/* Adds file, line, column and field to one finding. */
static void add_mark(struct cret_build *json, const struct cret_description *description,
                     const char *where)
{
    if (where == NULL || where[0] != '#' || description == NULL) {
        return;
    }
    const struct cret_mark mark = cret_description_locate(description, where);
    char *field = cret_description_field_name(where);
    cret_build_string(json, "file", mark.file);
    if (mark.line != 0) {
        cret_build_integer(json, "line", (int64_t)mark.line);
        cret_build_integer(json, "column", (int64_t)mark.column);
    }
    cret_build_put(json, "field", field != NULL ? json_string(field) : NULL);
    free(field);
}

json_t *cret_report_findings_json(const struct cret_description *description,
                                  const struct cret_findings *findings)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        struct cret_finding told = *finding;
        told.hint =
            (char *)(uintptr_t)cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint);
        struct cret_build json = cret_build_on(cret_record_finding_json(&told));
        add_mark(&json, description, finding->where);
        cret_build_add(&list, cret_build_end(&json));
    }
    return cret_build_end(&list);
}

int cret_report_failure_json(const struct cret_options *options, const struct cret_err *err,
                             const struct cret_description *description,
                             const struct cret_findings *findings)
{
    struct cret_build json =
        cret_build_on(cret_record_error_json(cret_options_speaker(options), err));
    if (findings != NULL) {
        cret_build_put(&json, "findings", cret_report_findings_json(description, findings));
    }
    cret_print_error(options, err);
    return cret_print_json(options, cret_build_end(&json), (int)err->class);
}
