/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of reading processes, held to their form. */
#include "signer/verbs/told.h"

#include "base/finding/limits.h"
#include "base/text/json.h"

bool cret_told_lint(size_t *ret_files, const json_t **ret_renamed,
                    const struct cret_apart_told *told, bool with_manifest)
{
    const int64_t files = cret_json_integer(told->json, "files", -1);
    const json_t *renamed = json_object_get(told->json, "renamed");
    if (files < 0 || files > (int64_t)CRET_LIMIT_FILES || !json_is_array(renamed) ||
        json_array_size(renamed) > (size_t)files ||
        (with_manifest && told->files[0].data == NULL && !cret_findings_failed(told->findings))) {
        return false;
    }
    CRET_JSON_EACH (pair, renamed) {
        if (cret_json_string(pair, "originalName") == NULL ||
            cret_json_string(pair, "path") == NULL) {
            return false;
        }
    }
    *ret_files = (size_t)files;
    *ret_renamed = renamed;
    return true;
}

/* What is written under a name, and shown on a terminal, is JSON whoever made it. */
static bool is_object(const char *text, size_t size)
{
    json_t *json = NULL;
    const bool is =
        cret_json_parse(&json, text, size, CRET_JSON_FOREIGN, CRET_CHECK_NONE, NULL) == CRET_OK &&
        json_is_object(json);
    json_decref(json);
    return is;
}

bool cret_told_completion(size_t *ret_vulnerabilities, const struct cret_apart_told *told,
                          bool with_vex)
{
    const int64_t count = cret_json_integer(told->json, "vulnerabilities", -1);
    const json_t *changes = json_object_get(told->json, "changes");
    if (count < 0 || count > INT32_MAX || !json_is_array(changes) ||
        !json_is_boolean(json_object_get(told->json, "inPlace")) || told->files[0].data == NULL ||
        (told->files[1].data != NULL && !with_vex)) {
        return false;
    }
    CRET_JSON_EACH (change, changes) {
        if (!json_is_string(change)) {
            return false;
        }
    }
    for (size_t i = 0; i < 2 && told->files[i].data != NULL; i++) {
        if (!is_object(told->files[i].data, told->files[i].size)) {
            return false;
        }
    }
    *ret_vulnerabilities = (size_t)count;
    return true;
}
