/* SPDX-License-Identifier: Apache-2.0 */
#include "verifier/trust_file.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"

static bool has_scopes(const json_t *json)
{
    return json_array_size(json_object_get(json, "scopes")) > 0;
}

static enum cret_status parse_json(json_t **ret_json, const char *text, size_t size,
                                   const char *path, struct cret_err *err)
{
    if (cret_json_parse(ret_json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, err) ==
        CRET_OK) {
        return CRET_OK;
    }
    cret_err_reclass(err, CRET_ERR_USAGE);
    return cret_err_context(err, "the trust policy %s", path);
}

enum cret_status cret_trust_file_parse(json_t **ret_json, struct cret_policy **ret_policy,
                                       const char *text, size_t size, const char *path, int64_t now,
                                       bool allow_example_keys, struct cret_err *err)
{
    json_t *json = NULL;
    if (parse_json(&json, text, size, path, err) != CRET_OK ||
        cret_policy_parse(ret_policy, text, size, path, now, allow_example_keys, err) != CRET_OK) {
        json_decref(json);
        return CRET_FAILED;
    }
    *ret_json = json;
    return CRET_OK;
}

enum cret_status cret_trust_file_read(json_t **ret_json, struct cret_policy **ret_policy,
                                      const char *path, int64_t now, bool allow_example_keys,
                                      bool allow_empty, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
            CRET_OK ||
        parse_json(&json, text, size, path, err) != CRET_OK) {
        goto out;
    }
    if (!(allow_empty && !has_scopes(json)) &&
        cret_policy_parse(&policy, text, size, path, now, allow_example_keys, err) != CRET_OK) {
        goto out;
    }
    *ret_json = json;
    *ret_policy = policy;
    json = NULL;
    status = CRET_OK;
out:
    json_decref(json);
    free(text);
    return status;
}

enum cret_status cret_trust_file_write(const char *path, const json_t *json, int64_t now,
                                       bool allow_example_keys, bool allow_empty, bool must_be_new,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    struct cret_policy *policy = NULL;
    json_t *ordered = cret_schema_order(cret_policy_fields, json);
    struct cret_file_info info;
    bool exists = false;
    if (ordered == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (must_be_new && exists) {
        (void)cret_err_usage(err, "%s exists already", path);
        (void)cret_err_hint(err, "trust init begins a new policy and never replaces one");
        goto out;
    }
    if (cret_json_print(&text, &size, ordered, err) != CRET_OK) {
        goto out;
    }
    if (!(allow_empty && !has_scopes(json)) &&
        cret_policy_parse(&policy, text, size, path, now, allow_example_keys, err) != CRET_OK) {
        goto out;
    }
    status = cret_trust_file_replace(path, text, size, err);
out:
    cret_policy_free(&policy);
    json_decref(ordered);
    free(text);
    return status;
}

enum cret_status cret_trust_file_replace(const char *path, const char *text, size_t size,
                                         struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists && info.kind == CRET_KIND_SYMLINK) {
        (void)cret_err_usage(err, "%s is a symbolic link, which would be replaced", path);
        return cret_err_hint(err, "name the file that it leads to");
    }
    return cret_file_write(path, text, size, 0644, err);
}
