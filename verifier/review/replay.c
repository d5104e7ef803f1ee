/* SPDX-License-Identifier: Apache-2.0 */
/* A record against a second run over the same archive. */
#include "verifier/review/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/review/said.h"

/* Files and checks that are named one by one. */
#define MOST_NAMED 200u

static enum cret_status differs(struct cret_replay *replay, const char *what, const char *then,
                                const char *now, struct cret_err *err)
{
    struct cret_build json = cret_build_object();
    if (json_array_size(replay->differences) >= MOST_NAMED ||
        strcmp(then != NULL ? then : "", now != NULL ? now : "") == 0) {
        json_decref(cret_build_end(&json));
        return CRET_OK;
    }
    cret_build_text(&json, "what", what);
    cret_build_text(&json, "then", then);
    cret_build_text(&json, "now", now);
    return json_array_append_new(replay->differences, cret_build_end(&json)) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

static const char *digest_text(char out[CRET_SHA256_HEX], bool given, const uint8_t *digest)
{
    if (!given) {
        return NULL;
    }
    cret_hex_encode(out, digest, CRET_SHA256_BYTES);
    return out;
}

/* A text or a number in words; "": it is not said. Caller frees; NULL: memory. */
static char *text_of(const json_t *value)
{
    return json_is_integer(value)
               ? cret_text_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
               : cret_text_printf("%s", json_is_string(value) ? json_string_value(value) : "");
}

static enum cret_status compare_run(struct cret_replay *replay, struct cret_err *err)
{
    const json_t *then = replay->record->json;
    const struct cret_policy *policy = replay->session->policy;
    const struct cret_outcome *now = replay->outcome;
    char identity[CRET_SHA256_HEX], digest[CRET_SHA256_HEX];
    return differs(replay, "verdict", cret_verdict_name(replay->record->verdict),
                   cret_verdict_name(now->verdict), err) == CRET_OK &&
                   differs(replay, "identity", cret_json_string(then, "what.identity"),
                           digest_text(identity, now->has_identity, now->identity),
                           err) == CRET_OK &&
                   differs(replay, "product bound",
                           cret_json_boolean(then, "what.productBound", false) ? "yes" : "no",
                           now->product_bound ? "yes" : "no", err) == CRET_OK &&
                   differs(replay, "trust policy", cret_json_string(then, "how.policy.sha256"),
                           digest_text(digest, !policy->bare_anchor, policy->digest),
                           err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* What the release says that it is: the record's word for it against the archive's. */
static enum cret_status compare_release(struct cret_replay *replay, struct cret_err *err)
{
    static const char *const members[] = {"vendor", "product", "version", "sequence"};
    json_t *then = cret_said_release(json_object_get(replay->record->json, "what"));
    json_t *now = cret_said_release(replay->outcome->document);
    enum cret_status status = then != NULL && now != NULL ? CRET_OK : cret_err_memory(err);
    for (size_t i = 0; status == CRET_OK && i < CRET_LENGTH(members); i++) {
        char *before = text_of(json_object_get(then, members[i]));
        char *after = text_of(json_object_get(now, members[i]));
        status = before != NULL && after != NULL ? differs(replay, members[i], before, after, err)
                                                 : cret_err_memory(err);
        free(before);
        free(after);
    }
    json_decref(then);
    json_decref(now);
    return status;
}

/* The digests of a file under its path; NULL: the record has no such file. */
static const json_t *file_of(const json_t *files, const char *path, size_t near)
{
    const json_t *likely = json_array_get(files, near); /* both are sorted */
    const char *name = cret_json_string(likely, "path");
    if (name != NULL && strcmp(name, path) == 0) {
        return likely;
    }
    CRET_JSON_EACH (one, files) {
        name = cret_json_string(one, "path");
        if (name != NULL && strcmp(name, path) == 0) {
            return one;
        }
    }
    return NULL;
}

static enum cret_status compare_files(struct cret_replay *replay, struct cret_err *err)
{
    const json_t *files = cret_json_get(replay->record->json, "what.files");
    const struct cret_outcome *now = replay->outcome;
    if (json_array_size(files) != now->file_count) {
        char *then = cret_text_printf("%zu", json_array_size(files));
        char *count = cret_text_printf("%zu", now->file_count);
        const enum cret_status status = then != NULL && count != NULL
                                            ? differs(replay, "number of files", then, count, err)
                                            : cret_err_memory(err);
        free(then);
        free(count);
        return status; /* another set of files: one by one they say no more */
    }
    for (size_t i = 0; i < now->file_count; i++) {
        char hex[CRET_SHA256_HEX];
        const struct cret_record_file *file = &now->files[i];
        const json_t *then = file_of(files, file->path, i);
        const bool verified = (file->flags & CRET_FILE_SHA256_VERIFIED) != 0;
        cret_hex_encode(hex, file->sha256, CRET_SHA256_BYTES);
        if (differs(replay, file->path, cret_json_string(then, "sha256"), hex, err) != CRET_OK ||
            (then != NULL && differs(replay, file->path, cret_json_string(then, "sha256State"),
                                     verified ? "verified" : "claimed", err) != CRET_OK)) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static size_t count_of(const json_t *checks, const char *check, const char *result)
{
    size_t count = 0;
    CRET_JSON_EACH (one, checks) {
        const char *name = cret_json_string(one, "check");
        const char *found = cret_json_string(one, "result");
        count +=
            name != NULL && found != NULL && strcmp(name, check) == 0 && strcmp(found, result) == 0
                ? 1u
                : 0u;
    }
    return count;
}

/* Only what the child itself finds: records, journals and TPMs belong to the run of then. */
static bool is_of_the_release(enum cret_check_id id)
{
    const enum cret_check_kind kind = cret_check_get(id)->kind;
    return kind == CRET_CHECK_KIND_CORE || kind == CRET_CHECK_KIND_RELEASE;
}

static void add_count(struct cret_buffer *out, size_t count, const char *result)
{
    if (count > 0) {
        cret_buffer_printf(out, "%s%zu %s", out->size > 0 ? ", " : "", count, result);
    }
}

static size_t found_now(const struct cret_outcome *outcome, int id, int result)
{
    size_t count = 0;
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        count += (int)finding->check == id && (int)finding->result == result ? 1u : 0u;
    }
    return count;
}

/* Each check by how often it gave which result. */
static enum cret_status compare_checks(struct cret_replay *replay, struct cret_err *err)
{
    const json_t *then = cret_json_get(replay->record->json, "result.checks");
    for (int id = 0; id < (int)CRET_CHECK_COUNT; id++) {
        struct cret_buffer before = {0}, after = {0};
        if (id == (int)CRET_CHECK_NONE || !is_of_the_release((enum cret_check_id)id)) {
            continue;
        }
        for (int result = 0; result < (int)CRET_RESULT_COUNT; result++) {
            const char *name = cret_result_name((enum cret_result)result);
            add_count(&before, count_of(then, cret_check_get((enum cret_check_id)id)->name, name),
                      name);
            add_count(&after, found_now(replay->outcome, id, result), name);
        }
        const enum cret_status status =
            before.failed || after.failed
                ? cret_err_memory(err)
                : differs(replay, cret_check_get((enum cret_check_id)id)->name, before.data,
                          after.data, err);
        cret_buffer_free(&before);
        cret_buffer_free(&after);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_replay_compare(struct cret_replay *replay, struct cret_err *err)
{
    replay->differences = json_array();
    if (replay->differences == NULL) {
        return cret_err_memory(err);
    }
    return compare_run(replay, err) == CRET_OK && compare_release(replay, err) == CRET_OK &&
                   compare_files(replay, err) == CRET_OK && compare_checks(replay, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

bool cret_replay_agrees(const struct cret_replay *replay)
{
    CRET_JSON_EACH (one, replay->differences) {
        if (strcmp(cret_json_string(one, "what"), "trust policy") != 0) {
            return false;
        }
    }
    return true;
}
