/* SPDX-License-Identifier: Apache-2.0 */
/* A report as SARIF 2.1.0 (OASIS): one run, every rule, a result for each finding but PASS. */
#include <stdlib.h>
#include <string.h>

#include "base/command/version.h"
#include "base/report/report_forms.h"
#include "base/text/json.h"
#include "base/text/json_build.h"

/* How loud a viewer is. What was waived, or not checked, is told and no alarm. */
static const char *level(const char *result)
{
    static const char *const rows[][2] = {
        {"FAIL", "error"}, {"WARN", "warning"}, {"NOT_CHECKED", "note"}, {"WAIVED", "note"}};
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (strcmp(rows[i][0], result) == 0) {
            return rows[i][1];
        }
    }
    return "none";
}

/* {"text": ...}; New reference; NULL: memory. */
static json_t *message(const json_t *item)
{
    const char *result = cret_json_string(item, "result");
    struct cret_buffer text = {0};
    if (strcmp(result, "NOT_CHECKED") == 0 || strcmp(result, "WAIVED") == 0) {
        cret_buffer_printf(&text, "%s: ", strcmp(result, "WAIVED") == 0 ? "waived" : "not checked");
    }
    cret_report_words(&text, item);
    json_t *json = text.failed ? NULL : json_pack("{s:s}", "text", text.data);
    cret_buffer_free(&text);
    return json;
}

/* A file's name as a reference of RFC 3986: a path that is relative stays so. */
static json_t *uri(const char *name)
{
    struct cret_buffer out = {0};
    cret_buffer_printf(&out, name[0] == '/' ? "file://" : "");
    for (const char *at = name; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        const bool plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= '0' && byte <= '9') || strchr("/-._~", byte) != NULL;
        if (plain) {
            cret_buffer_append(&out, at, 1);
        } else {
            cret_buffer_printf(&out, "%%%02X", byte);
        }
    }
    json_t *json = out.failed ? NULL : json_string(out.data);
    cret_buffer_free(&out);
    return json;
}

static json_t *location(const char *file, const json_t *item)
{
    const char *own = cret_json_string(item, "file"), *where = cret_json_string(item, "where");
    const json_int_t line = cret_json_integer(item, "line", 0);
    struct cret_build place = cret_build_object(), whole = cret_build_object();
    cret_build_put(&place, "artifactLocation",
                   json_pack("{s:o}", "uri", uri(own != NULL ? own : file)));
    if (line > 0) {
        cret_build_put(&place, "region",
                       json_pack("{s:I, s:I}", "startLine", line, "startColumn",
                                 (json_int_t)cret_json_integer(item, "column", 1)));
    }
    cret_build_put(&whole, "physicalLocation", cret_build_end(&place));
    if (where != NULL) {
        cret_build_put(&whole, "logicalLocations",
                       json_pack("[{s:s}]", "fullyQualifiedName", where));
    }
    return cret_build_end(&whole);
}

static int rule_index(const json_t *report, const char *id)
{
    const json_t *rules = json_object_get(report, "rules");
    CRET_JSON_EACH_AT (index, rule, rules) {
        if (strcmp(cret_json_string(rule, "id"), id) == 0) {
            return (int)index;
        }
    }
    return -1;
}

static json_t *result(const json_t *report, const char *file, const json_t *item)
{
    const char *word = cret_json_string(item, "result"), *rule = cret_json_string(item, "rule");
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "ruleId", rule);
    cret_build_integer(&json, "ruleIndex", rule_index(report, rule));
    cret_build_string(&json, "level", level(word));
    cret_build_put(&json, "message", message(item));
    cret_build_put(&json, "locations", json_pack("[o]", location(file, item)));
    if (strcmp(word, "WAIVED") == 0) {
        cret_build_put(&json, "suppressions",
                       json_pack("[{s:s, s:s}]", "kind", "external", "status", "accepted"));
    }
    cret_build_put(&json, "properties", json_pack("{s:s}", "result", word));
    return cret_build_end(&json);
}

static json_t *results(const json_t *report)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (file, json_object_get(report, "files")) {
        CRET_JSON_EACH (item, json_object_get(file, "items")) {
            if (strcmp(cret_json_string(item, "result"), "PASS") != 0) {
                cret_build_add(&list, result(report, cret_json_string(file, "name"), item));
            }
        }
    }
    return cret_build_end(&list);
}

static json_t *rules(const json_t *report)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (rule, json_object_get(report, "rules")) {
        const char *help = cret_json_string(rule, "help");
        struct cret_build one = cret_build_object();
        cret_build_string(&one, "id", cret_json_string(rule, "id"));
        cret_build_put(&one, "shortDescription",
                       json_pack("{s:O}", "text", json_object_get(rule, "title")));
        cret_build_put(&one, "fullDescription",
                       json_pack("{s:O}", "text", json_object_get(rule, "meaning")));
        if (help != NULL) {
            cret_build_put(&one, "help", json_pack("{s:s}", "text", help));
        }
        cret_build_add(&list, cret_build_end(&one));
    }
    return cret_build_end(&list);
}

/* One of the files that nothing was judged of, with the reason. */
static json_t *notification(const json_t *file, const json_t *error)
{
    const char *hint = cret_json_string(error, "hint"), *where = cret_json_string(error, "where");
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s", cret_json_string(error, "message"));
    if (hint != NULL) {
        cret_buffer_printf(&text, ". What to do: %s", hint);
    }
    json_t *place = where != NULL ? json_pack("{s:s}", "where", where) : json_object();
    json_t *json =
        text.failed || place == NULL
            ? NULL
            : json_pack("{s:s, s:{s:s}, s:[o]}", "level", "error", "message", "text", text.data,
                        "locations", location(cret_json_string(file, "name"), place));
    json_decref(place);
    cret_buffer_free(&text);
    return json;
}

/* One invocation for all files: it succeeded where each of them was judged. */
static json_t *invocation(const json_t *report)
{
    struct cret_build json = cret_build_object(), told = cret_build_list();
    bool judged = json_array_size(json_object_get(report, "files")) > 0;
    CRET_JSON_EACH (file, json_object_get(report, "files")) {
        const json_t *error = json_object_get(file, "error");
        judged = judged && cret_json_integer(file, "exitCode", 3) <= 1;
        if (error != NULL) {
            cret_build_add(&told, notification(file, error));
        }
    }
    cret_build_boolean(&json, "executionSuccessful", judged);
    cret_build_put(&json, "toolExecutionNotifications", cret_build_end(&told));
    return cret_build_end(&json);
}

static json_t *verdicts(const json_t *report)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (file, json_object_get(report, "files")) {
        struct cret_build one = cret_build_object();
        cret_build_share(&one, "file", json_object_get(file, "name"));
        cret_build_share(&one, "verdict", json_object_get(file, "verdict"));
        cret_build_share(&one, "exitCode", json_object_get(file, "exitCode"));
        cret_build_add(&list, cret_build_end(&one));
    }
    return cret_build_end(&list);
}

void cret_report_sarif(struct cret_buffer *out, const json_t *report)
{
    char *text = NULL;
    size_t size = 0;
    json_t *json =
        json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[o], s:o, s:{s:o}}]}", "$schema",
                  "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs",
                  "tool", "driver", "name", cret_json_string(report, "tool"), "version",
                  cret_version, "rules", rules(report), "invocations", invocation(report),
                  "results", results(report), "properties", "files", verdicts(report));
    if (json == NULL || cret_json_print(&text, &size, json, NULL) != CRET_OK) {
        out->failed = true;
    } else {
        cret_buffer_quoted(out, text, CRET_QUOTE_JSON);
    }
    free(text);
    json_decref(json);
}
