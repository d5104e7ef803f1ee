/* SPDX-License-Identifier: Apache-2.0 */
/* The list of findings, which remembers that it lost one. */
#include "base/finding/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/finding/limits.h"

struct cret_findings {
    struct cret_finding *list;
    size_t count, capacity;
    size_t bytes; /* of all texts */
    bool broken;
};

struct cret_findings *cret_findings_new(void)
{
    return calloc(1, sizeof(struct cret_findings));
}

static void finding_clear(struct cret_finding *finding)
{
    free(finding->reason);
    free(finding->where);
    free(finding->expected);
    free(finding->actual);
    free(finding->hint);
}

void cret_findings_free(struct cret_findings **findings)
{
    if (findings == NULL || *findings == NULL) {
        return;
    }
    for (size_t i = 0; i < (*findings)->count; i++) {
        finding_clear(&(*findings)->list[i]);
    }
    free((*findings)->list);
    free(*findings);
    *findings = NULL;
}

/* False when memory is exhausted; an absent or empty text stays NULL. */
static bool copy_text(char **ret_copy, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return true;
    }
    *ret_copy = strdup(text);
    return *ret_copy != NULL;
}

static bool grow(struct cret_findings *findings)
{
    if (findings->count < findings->capacity) {
        return true;
    }
    size_t capacity = findings->capacity == 0 ? 16 : findings->capacity * 2;
    struct cret_finding *list = reallocarray(findings->list, capacity, sizeof(*list));
    if (list == NULL) {
        return false;
    }
    findings->list = list;
    findings->capacity = capacity;
    return true;
}

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

/* Takes over *finding, whatever happens. */
static void append(struct cret_findings *findings, struct cret_finding *finding, bool complete)
{
    const size_t bytes = text_size(finding->reason) + text_size(finding->where) +
                         text_size(finding->expected) + text_size(finding->actual) +
                         text_size(finding->hint);
    if (!complete || findings->count >= CRET_LIMIT_FINDINGS ||
        bytes > CRET_LIMIT_FINDINGS_BYTES - findings->bytes || !grow(findings)) {
        finding_clear(finding);
        findings->broken = true;
        return;
    }
    findings->bytes += bytes;
    findings->list[findings->count++] = *finding;
}

void cret_findings_add(struct cret_findings *findings, enum cret_check_id check,
                       enum cret_result result, struct cret_finding_text text,
                       const char *reason_format, ...)
{
    if (findings == NULL) {
        return;
    }
    if (cret_fault_noted()) {
        findings->broken = true;
        return;
    }
    struct cret_finding finding = {.check = check, .result = result};
    va_list arguments;
    va_start(arguments, reason_format);
    if (vasprintf(&finding.reason, reason_format, arguments) < 0) {
        finding.reason = NULL;
    }
    va_end(arguments);
    bool complete = finding.reason != NULL && copy_text(&finding.where, text.where) &&
                    copy_text(&finding.expected, text.expected) &&
                    copy_text(&finding.actual, text.actual) && copy_text(&finding.hint, text.hint);
    append(findings, &finding, complete);
}

void cret_findings_add_err(struct cret_findings *findings, enum cret_result result,
                           const struct cret_err *err)
{
    cret_findings_add(findings, err->check, result,
                      (struct cret_finding_text){.where = err->where,
                                                 .expected = err->expected,
                                                 .actual = err->actual,
                                                 .hint = err->hint},
                      "%s", err->what);
}

size_t cret_findings_count(const struct cret_findings *findings)
{
    return findings == NULL ? 0 : findings->count;
}

const struct cret_finding *cret_findings_at(const struct cret_findings *findings, size_t index)
{
    return findings == NULL || index >= findings->count ? NULL : &findings->list[index];
}

void cret_findings_break(struct cret_findings *findings)
{
    findings->broken = true;
}

bool cret_findings_broken(const struct cret_findings *findings)
{
    return findings == NULL || findings->broken || cret_fault_noted();
}

enum cret_status cret_findings_whole(const struct cret_findings *findings, struct cret_err *err)
{
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_err_fault(err) != CRET_OK) {
        return CRET_FAILED;
    }
    return findings->broken ? cret_err_undecided(err, "too many findings to list") : CRET_OK;
}

size_t cret_findings_tally(const struct cret_findings *findings, enum cret_check_id check,
                           enum cret_result result)
{
    size_t tally = 0;
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        tally += findings->list[i].check == check && findings->list[i].result == result;
    }
    return tally;
}

size_t cret_findings_total(const struct cret_findings *findings, enum cret_result result)
{
    size_t total = 0;
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        total += findings->list[i].result == result ? 1u : 0u;
    }
    return total;
}

const struct cret_finding *cret_findings_first_fault(const struct cret_findings *findings,
                                                     size_t start)
{
    for (size_t i = start; i < cret_findings_count(findings); i++) {
        if (findings->list[i].result == CRET_RESULT_FAIL) {
            return &findings->list[i];
        }
    }
    return NULL;
}

enum cret_status cret_finding_refuse(struct cret_err *err, const struct cret_finding *finding)
{
    cret_err_refuse(err, finding->check, "%s", finding->reason);
    cret_err_where(err, "%s", finding->where != NULL ? finding->where : "");
    cret_err_expected(err, "%s", finding->expected != NULL ? finding->expected : "");
    cret_err_actual(err, "%s", finding->actual != NULL ? finding->actual : "");
    return cret_err_hint(err, "%s", finding->hint != NULL ? finding->hint : "");
}

bool cret_findings_failed(const struct cret_findings *findings)
{
    return cret_findings_broken(findings) || cret_findings_total(findings, CRET_RESULT_FAIL) > 0;
}

size_t cret_findings_waive(struct cret_findings *findings, enum cret_check_id check,
                           const char *hint)
{
    size_t count = 0;
    for (size_t i = 0; cret_check_get(check)->waivable && i < findings->count; i++) {
        struct cret_finding *finding = &findings->list[i];
        if (finding->check != check || finding->result != CRET_RESULT_FAIL) {
            continue;
        }
        char *words = strdup(hint);
        if (words == NULL) {
            findings->broken = true;
            return count;
        }
        free(finding->hint);
        finding->hint = words;
        finding->result = CRET_RESULT_WAIVED;
        count++;
    }
    return count;
}

const char *const cret_result_names[CRET_RESULT_COUNT + 1] = {
    [CRET_RESULT_FAIL] = "FAIL",
    [CRET_RESULT_PASS] = "PASS",
    [CRET_RESULT_WARN] = "WARN",
    [CRET_RESULT_WAIVED] = "WAIVED",
    [CRET_RESULT_NOT_CHECKED] = "NOT_CHECKED",
};

const char *cret_result_name(enum cret_result result)
{
    return cret_result_names[(unsigned)result < CRET_RESULT_COUNT ? result : CRET_RESULT_FAIL];
}
