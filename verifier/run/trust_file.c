/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing trust.json as a file. */
#include "verifier/run/trust_file.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/shell.h"

static bool has_scopes(const json_t *json)
{
    return json_array_size(json_object_get(json, "scopes")) > 0;
}

static enum cret_status nobody_is_trusted(const json_t *json, const char *path,
                                          struct cret_err *err)
{
    if (!json_is_array(json_object_get(json, "scopes")) || has_scopes(json)) {
        return CRET_OK;
    }
    *err = (struct cret_err){0};
    cret_err_usage(err, "%s is a policy without signers: nobody is trusted by it yet", path);
    return cret_err_hint_file(err, "first add a signer: " CRET_TRUST_ADD_SIGNER, path);
}

void cret_trust_file_explain(const char *text, size_t size, const char *path, struct cret_err *err)
{
    struct cret_err unread = {0};
    json_t *json = NULL;
    if (cret_file_format_parse(&json, &cret_trust_format, text, size, path, &unread) == CRET_OK) {
        nobody_is_trusted(json, path, err);
    }
    json_decref(json);
}

struct text {
    const char *data;
    size_t size;
    const char *path;
};

/* Holds a policy to the verifier's own parser; *ret_policy stays NULL where it is only a draft. */
static enum cret_status judge(struct cret_policy **ret_policy, const json_t *json,
                              const struct text *text, struct cret_trust_rules rules,
                              struct cret_err *err)
{
    return rules.allow_empty && !has_scopes(json)
               ? cret_policy_check_draft(json, text->path, rules.now, err)
               : cret_policy_parse(ret_policy, text->data, text->size, text->path, rules.now,
                                   rules.allow_example_keys, err);
}

enum cret_status cret_trust_file_read(json_t **ret_json, struct cret_policy **ret_policy,
                                      const char *path, struct cret_trust_rules rules,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
            CRET_OK ||
        cret_file_format_parse(&json, &cret_trust_format, text, size, path, err) != CRET_OK) {
        goto out;
    }
    if (!rules.allow_empty && nobody_is_trusted(json, path, err) != CRET_OK) {
        goto out;
    }
    if (judge(&policy, json, &(struct text){text, size, path}, rules, err) != CRET_OK) {
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

enum cret_status cret_trust_file_hold(struct cret_held **ret_held, const char *path,
                                      struct cret_err *err)
{
    if (cret_held_open(ret_held, path, CRET_HELD_WAIT_MS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (*ret_held == NULL) {
        cret_err_usage(err, "%s: there is no such file", path);
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "check the path for a mistake; trust init begins a new policy");
    }
    return CRET_OK;
}

enum cret_status cret_trust_file_write(const char *path, const struct cret_held *held,
                                       const json_t *json, struct cret_trust_rules rules,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    struct cret_policy *policy = NULL;
    json_t *ordered = cret_schema_order(cret_trust_format.fields, json);
    if (ordered == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_json_print(&text, &size, ordered, err) != CRET_OK) {
        goto out;
    }
    if (judge(&policy, json, &(struct text){text, size, path}, rules, err) != CRET_OK) {
        goto out;
    }
    status = rules.dry      ? CRET_OK
             : held != NULL ? cret_file_replace(held, text, size, err)
                            : cret_file_create(path, text, size, 0644, err);
out:
    cret_policy_free(&policy);
    json_decref(ordered);
    free(text);
    return status;
}
