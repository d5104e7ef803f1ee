/* SPDX-License-Identifier: Apache-2.0 */
/* Looking files up in a catalogue, in memory or on disk: the same questions, so the same answers.
 */
#include "verifier/review/trace.h"

#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/path.h"
#include "base/text/text.h"

/* Answers to one file that are kept; a common file (a licence) is in every release. */
#define MOST_FOUND 1000u
#define MOST_OF_NAME 20u

/* Hits of one question. */
struct hits {
    struct cret_build list;
    size_t count, most;
};

static enum cret_status collect(void *context, const struct cret_catalogue_source *source,
                                const struct cret_catalogue_item *item, struct cret_err *err)
{
    struct hits *hits = context;
    if (hits->count++ >= hits->most) {
        return CRET_OK;
    }
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "kind", item->kind);
    cret_build_text(&json, "path", item->path);
    cret_build_text(&json, "version", item->version);
    cret_build_text(&json, "purl", item->purl);
    if (item->size.given) {
        cret_build_integer(&json, "size", item->size.value);
    }
    cret_build_sha256(&json, "sha256", item->sha256);
    cret_build_put(&json, "source", cret_trace_source(source));
    cret_build_add(&hits->list, cret_build_end(&json));
    return hits->list.failed ? cret_err_memory(err) : CRET_OK;
}

static enum cret_status collect_line(void *context, const struct cret_catalogue_source *source,
                                     const struct cret_catalogue_line *line, struct cret_err *err)
{
    struct hits *hits = context;
    if (hits->count++ >= hits->most) {
        return CRET_OK;
    }
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "journal", source->path);
    cret_build_integer(&json, "number", line->number);
    cret_build_time(&json, "time", line->time);
    cret_build_text(&json, "kind", line->kind);
    cret_build_text(&json, "verdict", line->verdict);
    cret_build_boolean(&json, "countsAsAccepted", line->counts);
    cret_build_text(&json, "asset", line->asset);
    cret_build_text(&json, "stage", line->stage);
    cret_build_text(&json, "changeId", line->change_id);
    cret_build_sha256(&json, "identity", line->identity);
    cret_build_add(&hits->list, cret_build_end(&json));
    return hits->list.failed ? cret_err_memory(err) : CRET_OK;
}

static enum cret_status collect_gap(void *context, const struct cret_catalogue_source *source,
                                    const char *path, const char *why, struct cret_err *err)
{
    struct cret_build json = cret_build_object();
    json_t *gaps = context;
    cret_build_text(&json, "source", source->path);
    cret_build_text(&json, "path", path[0] != '\0' ? path : NULL);
    cret_build_text(&json, "why", why);
    return json_array_append_new(gaps, cret_build_end(&json)) == 0 ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_trace_begin(struct cret_trace *trace, struct cret_err *err)
{
    trace->answers = json_array();
    trace->gaps = json_array();
    if (trace->failed == NULL) {
        trace->failed = json_array();
    }
    return trace->answers != NULL && trace->gaps != NULL && trace->failed != NULL
               ? cret_catalogue_gaps(trace->catalogue, collect_gap, trace->gaps, err)
               : cret_err_memory(err);
}

bool cret_trace_failed(struct cret_trace *trace, const char *path, const struct cret_err *why)
{
    struct cret_build json = cret_build_object();
    if (trace->failed == NULL) {
        trace->failed = json_array();
    }
    cret_build_text(&json, "path", path);
    cret_build_text(&json, "why", why->what);
    cret_build_text(&json, "hint", why->hint[0] != '\0' ? why->hint : NULL);
    return json_array_append_new(trace->failed, cret_build_end(&json)) == 0;
}

void cret_trace_clear(struct cret_trace *trace)
{
    json_decref(trace->answers);
    json_decref(trace->gaps);
    json_decref(trace->failed);
    *trace = (struct cret_trace){0};
}

/* Lines of journals about each release that was found. */
static enum cret_status find_lines(struct cret_trace *trace, const json_t *found,
                                   struct hits *lines, struct cret_err *err)
{
    json_t *seen = json_object();
    enum cret_status status = seen != NULL ? CRET_OK : cret_err_memory(err);
    CRET_JSON_EACH (hit, found) {
        uint8_t identity[CRET_SHA256_BYTES];
        const char *hex = cret_json_string(hit, "source.identity");
        if (status != CRET_OK || hex == NULL || json_object_get(seen, hex) != NULL ||
            cret_hex_decode(identity, sizeof(identity), hex) != CRET_OK) {
            continue;
        }
        status = json_object_set_new(seen, hex, json_true()) == 0
                     ? cret_catalogue_lines(trace->catalogue, identity, collect_line, lines, err)
                     : cret_err_memory(err);
    }
    json_decref(seen);
    return status;
}

static enum cret_status ask(struct cret_trace *trace, const char *path,
                            const uint8_t sha256[CRET_SHA256_BYTES], struct cret_build *answer,
                            struct cret_err *err)
{
    struct hits found = {.list = cret_build_list(), .most = MOST_FOUND};
    struct hits named = {.list = cret_build_list(), .most = MOST_OF_NAME};
    struct hits lines = {.list = cret_build_list(), .most = MOST_FOUND};
    enum cret_status status =
        cret_catalogue_by_sha256(trace->catalogue, sha256, collect, &found, err);
    if (status == CRET_OK && found.count == 0) {
        char *name = cret_text_escape(cret_path_name(path));
        status = name != NULL ? cret_catalogue_by_name(trace->catalogue, name, collect, &named, err)
                              : cret_err_memory(err);
        free(name);
    }
    if (status == CRET_OK) {
        status = find_lines(trace, found.list.json, &lines, err);
    }
    trace->unknown += found.count == 0 ? 1u : 0u;
    cret_build_boolean(answer, "known", found.count > 0);
    cret_build_integer(answer, "count", (int64_t)found.count);
    cret_build_put(answer, "found", cret_build_end(&found.list));
    cret_build_put(answer, "lines", cret_build_end(&lines.list));
    cret_build_put(answer, "sameName", cret_build_end(&named.list));
    return status;
}

enum cret_status cret_trace_file(struct cret_trace *trace, const char *path, struct cret_err *err)
{
    uint8_t sha256[CRET_SHA256_BYTES];
    if (cret_file_sha256(sha256, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_build answer = cret_build_object();
    cret_build_text(&answer, "file", path);
    cret_build_sha256(&answer, "sha256", sha256);
    const enum cret_status status = ask(trace, path, sha256, &answer, err);
    json_t *json = cret_build_end(&answer);
    if (status != CRET_OK) {
        json_decref(json);
        return CRET_FAILED;
    }
    return json_array_append_new(trace->answers, json) == 0 ? CRET_OK : cret_err_memory(err);
}

int cret_trace_code(const struct cret_trace *trace)
{
    if (trace->unknown == 0) {
        return 0;
    }
    return json_array_size(trace->gaps) + json_array_size(trace->failed) > 0 ? CRET_ERR_UNDECIDED
                                                                             : CRET_ERR_REFUSED;
}
