/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a policy, editing it, and writing it back. */
#include "verifier/policy/trust_edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "console/print.h"
#include "verifier/run/clock.h"
#include "verifier/run/trust_file.h"

static const struct cret_option edit_options[] = {
    CRET_FLAG(
        "keep-version",
        "Do not raise the version: the file is a draft that nobody has signed or installed yet."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_trust_edit_group = {"Change", edit_options};

static enum cret_status open_edit(struct cret_trust_edit *ret_edit,
                                  const struct cret_options *options, bool allow_empty,
                                  struct cret_err *err)
{
    *ret_edit = (struct cret_trust_edit){.options = options,
                                         .path = cret_options_operand(options, 0),
                                         .now = cret_os_now(),
                                         .allow_example_keys =
                                             cret_options_given(options, "allow-example-keys")};
    struct cret_policy *policy = NULL;
    /* Nothing is judged by it: also a policy that has expired can be brought up to date. */
    enum cret_status status = cret_trust_file_hold(&ret_edit->held, ret_edit->path, err);
    if (status == CRET_OK) {
        const struct cret_trust_rules rules = {.now = INT64_MIN,
                                               .allow_example_keys = ret_edit->allow_example_keys,
                                               .allow_empty = allow_empty};
        status = cret_trust_file_read(&ret_edit->json, &policy, ret_edit->path, rules, err);
    }
    if (status == CRET_OK) {
        status = cret_clock_check(ret_edit->now, policy, err);
    }
    cret_policy_free(&policy);
    return status;
}

enum cret_status cret_trust_edit_write(struct cret_trust_edit *edit, bool allow_empty,
                                       struct cret_err *err)
{
    char issued[32];
    const int64_t version = cret_json_integer(edit->json, "version", 0);
    const bool keep = cret_options_given(edit->options, "keep-version");
    cret_time_format(issued, edit->now);
    if (json_object_set_new(edit->json, "version", json_integer(keep ? version : version + 1)) !=
        0) {
        return cret_err_memory(err);
    }
    if (cret_trust_edit_text(edit->json, "issued", issued, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_trust_rules rules = {edit->now, edit->allow_example_keys, allow_empty,
                                           edit->dry};
    return cret_trust_file_write(edit->path, edit->held, edit->json, rules, err);
}

static int print_done(const struct cret_trust_edit *edit, const char *done)
{
    struct cret_page *page = cret_page_new();
    cret_trust_edit_title(page, edit->path, done, cret_json_integer(edit->json, "version", 0));
    cret_page_command_file(page, "next",
                           edit->allow_example_keys
                               ? "cretula-verify trust show {} --allow-example-keys"
                               : "cretula-verify trust show {}",
                           edit->path);
    return cret_print_last(edit->options, &page, CRET_EXIT_DONE);
}

enum cret_status cret_trust_edit_read(json_t **ret_json, struct cret_policy **ret_policy,
                                      const struct cret_options *options, struct cret_err *err)
{
    const struct cret_trust_rules rules = {
        .now = cret_os_now(),
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
    };
    return cret_trust_file_read(ret_json, ret_policy, cret_options_operand(options, 0), rules, err);
}

void cret_trust_edit_title(struct cret_page *page, const char *path, const char *done,
                           int64_t version)
{
    cret_page_verdict(page, CRET_TONE_PLAIN, path, "%s; version %" PRId64, done, version);
}

int cret_trust_edit_run(const struct cret_options *options, bool allow_empty,
                        enum cret_status (*change)(struct cret_trust_edit *edit,
                                                   struct cret_err *err),
                        const char *done)
{
    struct cret_trust_edit edit = {.options = options};
    struct cret_err err = {0};
    int code = 0;
    if (open_edit(&edit, options, allow_empty, &err) != CRET_OK || change(&edit, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = edit.dry ? edit.code : print_done(&edit, done);
    }
    json_decref(edit.json);
    cret_held_close(&edit.held);
    return code;
}

enum cret_status cret_trust_edit_text(json_t *object, const char *key, const char *text,
                                      struct cret_err *err)
{
    if (text == NULL) {
        json_object_del(object, key); /* it need not have been there */
        return CRET_OK;
    }
    json_t *value = json_string(text);
    if (value == NULL) {
        return cret_err_usage(err, "%s: not UTF-8 text", key);
    }
    return json_object_set_new(object, key, value) == 0 ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_trust_edit_time(int64_t *ret_seconds, const char *option, const char *text,
                                      struct cret_err *err)
{
    if (cret_time_read(ret_seconds, text) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_usage(err, "--%s: not a time: %s", option, text);
    return cret_err_expected(err, CRET_TIME_WORDS);
}

static bool same_products(const json_t *scope, const char *const *products, size_t count)
{
    const json_t *list = json_object_get(scope, "products");
    if (count == 0) {
        return json_array_size(list) == 1 &&
               strcmp(json_string_value(json_array_get(list, 0)), "*") == 0;
    }
    bool same = json_array_size(list) == count;
    for (size_t i = 0; same && i < count; i++) {
        same = cret_unicode_same(json_string_value(json_array_get(list, i)), products[i]);
    }
    return same;
}

json_t *cret_trust_edit_scope(const struct cret_trust_edit *edit, struct cret_err *err)
{
    const char *vendor = cret_options_value(edit->options, "vendor");
    const char *const *products = cret_options_values(edit->options, "product");
    const size_t count = cret_options_count(edit->options, "product");
    json_t *scopes = json_object_get(edit->json, "scopes");
    if (vendor == NULL) {
        if (json_array_size(scopes) == 1) {
            return json_array_get(scopes, 0);
        }
        cret_err_usage(err, "the policy has %zu scopes: --vendor says which one is meant",
                       json_array_size(scopes));
        return NULL;
    }
    CRET_JSON_EACH (scope, scopes) {
        if (cret_unicode_same(cret_json_string(scope, "vendor"), vendor) &&
            same_products(scope, products, count)) {
            return scope;
        }
    }
    cret_err_usage(err, "the policy has no scope for vendor %s and exactly %s", vendor,
                   count == 0 ? "all products" : "these products");
    cret_err_hint(err, "cretula-verify trust show lists the scopes; give every --product of "
                       "the scope, in its order");
    return NULL;
}

json_t *cret_trust_edit_find(json_t *list, const char *key, const char *value, size_t *ret_index)
{
    CRET_JSON_EACH_AT (index, entry, list) {
        const char *text = cret_json_string(entry, key);
        if (text != NULL && cret_unicode_same(text, value)) {
            if (ret_index != NULL) {
                *ret_index = index;
            }
            return entry;
        }
    }
    return NULL;
}

enum cret_status cret_trust_edit_threshold(json_t *group, const struct cret_options *options,
                                           struct cret_err *err)
{
    struct cret_optional threshold;
    if (cret_options_optional(&threshold, options, "threshold", 0, 100, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!threshold.given) {
        return CRET_OK;
    }
    return json_object_set_new(group, "threshold", json_integer(threshold.value)) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

enum cret_status cret_trust_edit_pins(const json_t *scope, struct cret_err *err)
{
    const char *asks = json_array_size(json_object_get(scope, "minimumSequence")) > 0
                           ? "a sequence that is no older"
                           : NULL;
    CRET_JSON_EACH (role, json_object_get(scope, "roles")) {
        const char *name = cret_json_string(role, "role");
        if (name == NULL || strcmp(name, "release") != 0) {
            asks = "a role beyond release";
        }
    }
    if (asks == NULL || json_array_size(json_object_get(scope, "foreign")) == 0) {
        return CRET_OK;
    }
    cret_err_usage(err,
                   "this scope would ask for %s, and has pins: a file in a vendor's own format "
                   "cannot show that, and every such file would be refused",
                   asks);
    return cret_err_hint(err, "give the pins a scope of their own: a --product that the scope does "
                              "not list, or a --vendor of its own (\"Example Controls, setup "
                              "programs\"), as check and adopt are told then");
}
