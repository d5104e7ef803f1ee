/* SPDX-License-Identifier: Apache-2.0 */
/* A report as JUnit XML, as CI servers read it: a suite for each file, a case for each finding. */
#include <string.h>

#include "base/page/escape.h"
#include "base/report/report_forms.h"
#include "base/text/json.h"

/* What a case says besides its name, by its result. */
enum outcome { PASSED, FAILED, ERROR, SKIPPED, OUTCOMES };

static const struct {
    const char *word; /* of a finding or a verdict */
    enum outcome outcome;
    bool told; /* its words stand in the case */
} rows[] = {
    {"PASS", PASSED, false},
    {"FAIL", FAILED, true},
    {"WARN", PASSED, true},
    {"WAIVED", SKIPPED, true},
    {"NOT_CHECKED", SKIPPED, true},
    {"ACCEPTED", PASSED, false},
    {"ACCEPTED WITH WAIVERS", PASSED, false},
    {"REFUSED", FAILED, true},
    {"PARTIAL", SKIPPED, true},
};

/* Index of a word; an unknown one is an error, and never a success. */
static size_t find(const char *word)
{
    size_t index = 0;
    while (index < CRET_LENGTH(rows) && strcmp(rows[index].word, word) != 0) {
        index++;
    }
    return index;
}

static enum outcome outcome_of(const char *word)
{
    const size_t index = find(word);
    return index < CRET_LENGTH(rows) ? rows[index].outcome : ERROR;
}

static bool is_told(const char *word)
{
    const size_t index = find(word);
    return index == CRET_LENGTH(rows) || rows[index].told;
}

static void attribute(struct cret_buffer *out, const char *name, const char *value)
{
    cret_buffer_printf(out, " %s=\"", name);
    cret_escape_markup(out, value);
    cret_buffer_append(out, "\"", 1);
}

static void count(struct cret_buffer *out, const char *name, size_t number)
{
    cret_buffer_printf(out, " %s=\"%zu\"", name, number);
}

/* One case. where: behind its name, or NULL. */
static void write_case(struct cret_buffer *out, const char *tool, const char *name,
                       const char *where, const char *word, const char *words)
{
    static const char *const elements[OUTCOMES] = {"system-out", "failure", "error", "skipped"};
    const enum outcome outcome = outcome_of(word);
    struct cret_buffer title = {0};
    cret_buffer_printf(&title, where != NULL ? "%s: %s" : "%s", name, where);
    cret_buffer_printf(out, "    <testcase");
    attribute(out, "classname", tool);
    attribute(out, "name", title.failed ? name : title.data);
    out->failed |= title.failed;
    cret_buffer_free(&title);
    if (!is_told(word)) {
        cret_buffer_printf(out, " time=\"0\"/>\n");
        return;
    }
    cret_buffer_printf(out, " time=\"0\">\n      <%s", elements[outcome]);
    if (outcome == SKIPPED) {
        attribute(out, "message", words);
        cret_buffer_printf(out, "/>\n");
    } else {
        if (outcome != PASSED) {
            attribute(out, "message", words);
            attribute(out, "type", word);
        }
        cret_buffer_printf(out, ">%s: ", word);
        cret_escape_markup(out, words);
        cret_buffer_printf(out, "</%s>\n", elements[outcome]);
    }
    cret_buffer_printf(out, "    </testcase>\n");
}

static const char *verdict_of(const json_t *file)
{
    const char *verdict = cret_json_string(file, "verdict");
    return verdict != NULL && json_object_get(file, "error") == NULL ? verdict : "UNDECIDED";
}

static void tally(size_t counts[OUTCOMES], const json_t *file)
{
    counts[outcome_of(verdict_of(file))]++;
    CRET_JSON_EACH (item, json_object_get(file, "items")) {
        counts[outcome_of(cret_json_string(item, "result"))]++;
    }
}

static void write_counts(struct cret_buffer *out, const size_t counts[OUTCOMES])
{
    size_t tests = 0;
    for (size_t i = 0; i < OUTCOMES; i++) {
        tests += counts[i];
    }
    count(out, "tests", tests);
    count(out, "failures", counts[FAILED]);
    count(out, "errors", counts[ERROR]);
    count(out, "skipped", counts[SKIPPED]);
    cret_buffer_printf(out, " time=\"0\">\n");
}

static void write_suite(struct cret_buffer *out, const char *tool, const json_t *file)
{
    size_t counts[OUTCOMES] = {0};
    const char *name = cret_json_string(file, "name");
    const char *why = cret_json_string(file, "error.message");
    tally(counts, file);
    cret_buffer_printf(out, "  <testsuite");
    attribute(out, "name", name);
    write_counts(out, counts);
    write_case(out, tool, "verdict", NULL, verdict_of(file),
               why != NULL ? why : "the verdict of this file; the cases below say why");
    CRET_JSON_EACH (item, json_object_get(file, "items")) {
        struct cret_buffer words = {0};
        cret_report_words(&words, item);
        out->failed |= words.failed;
        write_case(out, tool, cret_json_string(item, "rule"), cret_json_string(item, "where"),
                   cret_json_string(item, "result"), words.failed ? "" : words.data);
        cret_buffer_free(&words);
    }
    cret_buffer_printf(out, "  </testsuite>\n");
}

void cret_report_junit(struct cret_buffer *out, const json_t *report)
{
    const json_t *files = json_object_get(report, "files");
    const char *tool = cret_json_string(report, "tool");
    size_t counts[OUTCOMES] = {0};
    CRET_JSON_EACH (file, files) {
        tally(counts, file);
    }
    cret_buffer_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    attribute(out, "name", tool);
    write_counts(out, counts);
    CRET_JSON_EACH (file, files) {
        write_suite(out, tool, file);
    }
    cret_buffer_printf(out, "</testsuites>\n");
}
