/* SPDX-License-Identifier: Apache-2.0 */
/* A report of gaps for people, and as findings. */
#include "signer/report/gaps.h"

#include <stdio.h>
#include <string.h>

#include "base/page/page_html.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "release/statements/annex2.h"

static const struct {
    const char *state, *words;
    enum cret_tone tone;
} states[] = {
    {"answered", "answered", CRET_TONE_GOOD},
    {"missing", "MISSING", CRET_TONE_BAD},
    {"notApplicable", "not applicable", CRET_TONE_PLAIN},
    {"notSaid", "not said", CRET_TONE_CAUTION},
};

static bool is_missing(const json_t *item)
{
    const char *state = cret_json_string(item, "state");
    return state == NULL || strcmp(state, "missing") == 0;
}

void cret_gaps_find(const json_t *report, struct cret_findings *findings)
{
    CRET_JSON_EACH (item, json_object_get(report, "items")) {
        const char *reason = cret_json_string(item, "reason");
        const char *id = cret_json_string(item, "id");
        char hint[200];
        snprintf(hint, sizeof(hint),
                 "fill it in, or say in topics.%.40s which document answers it, or why it does not "
                 "apply",
                 id);
        if (is_missing(item)) {
            cret_findings_add(findings, CRET_CHECK_TOPICS_ANSWERED, CRET_RESULT_FAIL,
                              (struct cret_finding_text){.where = cret_json_string(item, "field"),
                                                         .expected = cret_json_string(item, "add"),
                                                         .actual = reason,
                                                         .hint = hint},
                              "item %s is not answered: %s", id, cret_json_string(item, "title"));
        }
    }
}

/* What answers an item, or why nothing does. */
static void put_answers(struct cret_page *page, const json_t *item)
{
    struct cret_buffer text = {0};
    const char *reason = cret_json_string(item, "reason");
    cret_annex2_answers(&text, item);
    if (text.size == 0) {
        cret_buffer_printf(&text, "%s%s", reason != NULL ? "nothing: " : "",
                           reason != NULL ? reason : "");
    }
    cret_page_cell_buffer(page, &text);
}

static void put_items(struct cret_page *page, const json_t *report, bool whole)
{
    static const struct cret_page_column columns[] = {{.name = "item"},
                                                      {.name = "state"},
                                                      {.name = "asked for"},
                                                      {.name = "answered by"},
                                                      {.name = "to add"}};
    cret_page_table(page, columns, CRET_LENGTH(columns) - (whole ? 0 : 1));
    CRET_JSON_EACH (item, json_object_get(report, "items")) {
        const char *state = cret_json_string(item, "state");
        const char *add = cret_json_string(item, "add");
        cret_page_cell(page, "%s", cret_json_string(item, "id"));
        for (size_t i = 0; i < CRET_LENGTH(states); i++) {
            if (strcmp(states[i].state, state) == 0) {
                cret_page_cell_toned(page, states[i].tone, states[i].words);
            }
        }
        cret_page_cell(page, "%s", cret_json_string(item, "title"));
        put_answers(page, item);
        if (whole) {
            cret_page_cell(page, "%s", add != NULL ? add : "");
        }
    }
}

/* "24 items: 17 answered, ..." */
static void put_counts(struct cret_page *page, const json_t *report)
{
    cret_page_row(page, "items",
                  "%zu: %zu answered, %zu missing, %zu said not to apply, %zu asked for only where "
                  "they apply, of which nothing is said",
                  json_array_size(json_object_get(report, "items")),
                  cret_annex2_count(report, "answered"), cret_annex2_count(report, "missing"),
                  cret_annex2_count(report, "notApplicable"), cret_annex2_count(report, "notSaid"));
}

static void put_limits(struct cret_page *page, const json_t *report)
{
    CRET_JSON_EACH_AT (index, limit, json_object_get(report, "limits")) {
        cret_page_row(page, index == 0 ? "not said here" : "", "%s", json_string_value(limit));
    }
}

void cret_gaps_put(struct cret_page *page, const json_t *report)
{
    cret_page_section(page, "%s", cret_json_string(report, "title"));
    put_counts(page, report);
    put_items(page, report, false);
    cret_page_section(page, "Limits");
    put_limits(page, report);
}

enum cret_status cret_gaps_write(const char *path, const json_t *report, struct cret_err *err)
{
    const struct cret_page_html form = {.title = cret_json_string(report, "title"),
                                        .kind = "report of gaps"};
    struct cret_page *page = cret_page_new();
    struct cret_buffer text = {0};
    const bool open = cret_annex2_count(report, "missing") > 0;
    cret_page_verdict(page, open ? CRET_TONE_CAUTION : CRET_TONE_PLAIN,
                      open ? "GAPS" : "NO ITEM IS MISSING", "%s", form.title);
    cret_page_section(page, "Release");
    cret_page_text(page, "vendor", cret_json_string(report, "vendor"));
    cret_page_text(page, "product", cret_json_string(report, "product"));
    cret_page_text(page, "version", cret_json_string(report, "version"));
    put_counts(page, report);
    cret_page_section(page, "Items");
    put_items(page, report, true);
    cret_page_section(page, "Limits");
    put_limits(page, report);
    enum cret_status status = cret_page_html(&text, page, &form, err);
    if (status == CRET_OK) {
        status = cret_file_write(path, text.data, text.size, 0644, err);
    }
    cret_page_free(&page);
    cret_buffer_free(&text);
    return status;
}
