/* SPDX-License-Identifier: Apache-2.0 */
/* Summing up what was compared with advisories, and what was not. */
#include "verifier/child/advice_coverage.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory.h"

static size_t status_of(const json_t *match)
{
    const char *status = cret_json_string(match, "status");
    size_t i = 0;
    while (i < CRET_ADVICE_STATUSES &&
           (status == NULL || strcmp(cret_advisory_statuses[i], status) != 0)) {
        i++;
    }
    return i;
}

bool cret_advice_is_sure(const json_t *match)
{
    const char *strength = cret_json_string(match, "match");
    return strength != NULL && strcmp(strength, "sure") == 0;
}

bool cret_advice_needs_action(const json_t *match)
{
    return !cret_advice_is_sure(match) || status_of(match) == CRET_ADVICE_AFFECTED ||
           status_of(match) == CRET_ADVICE_INVESTIGATED || json_object_get(match, "doubt") != NULL;
}

struct cret_advice_tally cret_advice_count(const json_t *advice)
{
    struct cret_advice_tally tally = {{0}, {0}};
    CRET_JSON_EACH (document, json_object_get(advice, "documents")) {
        CRET_JSON_EACH (match, json_object_get(document, "matches")) {
            const size_t status = status_of(match);
            /* What cannot be relied on counts as much as a possible match, unless it is a warning.
             */
            const bool relied =
                cret_advice_is_sure(match) &&
                (status == CRET_ADVICE_AFFECTED || status == CRET_ADVICE_INVESTIGATED ||
                 json_object_get(match, "doubt") == NULL);
            if (status < CRET_ADVICE_STATUSES) {
                (relied ? tally.sure : tally.possible)[status]++;
            }
        }
    }
    return tally;
}

bool cret_advice_reaches(const json_t *advice, const char *level)
{
    const bool possible = strcmp(level, "possible") == 0;
    CRET_JSON_EACH (document, json_object_get(advice, "documents")) {
        CRET_JSON_EACH (match, json_object_get(document, "matches")) {
            if (possible ? cret_advice_needs_action(match)
                         : cret_advice_is_sure(match) && status_of(match) == CRET_ADVICE_AFFECTED) {
                return true;
            }
        }
    }
    return false;
}

bool cret_advice_is_partial(const json_t *advice)
{
    const char *result = cret_json_string(advice, "result");
    return result == NULL || strcmp(result, "CHECKED") != 0;
}

/* What was left out for its name, and for its content. */
static json_t *left_out(const json_t *advice, const struct cret_advice_files *files)
{
    json_t *list = files->left_out != NULL ? json_deep_copy(files->left_out) : json_array();
    int failed = list == NULL;
    CRET_JSON_EACH (one, json_object_get(advice, "documents")) {
        const char *kind = cret_json_string(one, "kind");
        const char *way = cret_json_string(one, "way");
        if (!failed && kind != NULL && json_object_get(one, "error") != NULL) {
            failed = cret_advice_leave_out(list, cret_json_string(one, "file"), kind,
                                           way != NULL ? way : "",
                                           cret_json_boolean(one, "silent", false));
        }
    }
    if (failed) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* "3 files left out: OpenVEX (2), .json.gz": those that may have been advisories. */
static int note_left_out(json_t *not_checked, const json_t *list)
{
    struct cret_buffer kinds = {0};
    json_int_t count = 0;
    CRET_JSON_EACH (one, list) {
        const json_int_t some = cret_json_integer(one, "count", 0);
        if (!cret_json_boolean(one, "silent", false)) {
            cret_buffer_printf(&kinds, "%s%s", count > 0 ? ", " : "",
                               cret_json_string(one, "kind"));
            if (some > 1) {
                cret_buffer_printf(&kinds, " (%lld)", (long long)some);
            }
            count += some;
        }
    }
    int failed = kinds.failed;
    if (!failed && count > 0) {
        char *reason = cret_text_printf("%lld %s left out: %s", (long long)count,
                                        cret_plural((uint64_t)count, "file", "files"), kinds.data);
        failed =
            reason == NULL ||
            json_array_append_new(not_checked, json_pack("{s:s, s:I, s:s}", "what", "files",
                                                         "count", count, "reason", reason)) != 0;
        free(reason);
    }
    cret_buffer_free(&kinds);
    return failed;
}

static int note_faulty(json_t *not_checked, const json_t *advice)
{
    json_t *files = json_array();
    int failed = files == NULL;
    CRET_JSON_EACH (one, json_object_get(advice, "documents")) {
        if (!failed && json_object_get(one, "error") != NULL &&
            cret_json_boolean(one, "faulty", true)) {
            failed = json_array_append(files, json_object_get(one, "file")) != 0;
        }
    }
    const size_t count = json_array_size(files);
    if (!failed && count > 0) {
        char reason[100];
        snprintf(reason, sizeof(reason), "%zu faulty %s not judged", count,
                 cret_plural(count, "document was", "documents were"));
        failed =
            json_array_append_new(not_checked, json_pack("{s:s, s:I, s:s, s:O}", "what", "faulty",
                                                         "count", (json_int_t)count, "reason",
                                                         reason, "files", files)) != 0;
    }
    json_decref(files);
    return failed;
}

int cret_advice_cover(json_t *advice, const struct cret_advice_files *files)
{
    json_t *gaps = json_object_get(advice, "gaps");
    json_t *not_checked = json_is_array(gaps) ? json_copy(gaps) : NULL;
    json_t *list = left_out(advice, files);
    int failed = not_checked == NULL || list == NULL;
    failed =
        failed || note_left_out(not_checked, list) != 0 || note_faulty(not_checked, advice) != 0;
    if (!failed) {
        const char *result = json_array_size(not_checked) == 0 ? "CHECKED" : "NOT_CHECKED";
        failed = json_object_set(advice, "leftOut", list) != 0 ||
                 json_object_set(advice, "notChecked", not_checked) != 0 ||
                 json_object_set_new(advice, "result", json_string(result)) != 0 ||
                 json_object_del(advice, "gaps") != 0;
    }
    json_decref(list);
    json_decref(not_checked);
    return failed;
}
