/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two versions of a policy, field by field. */
#include "verifier/policy/trust_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"

enum { SHOWN_BYTES = 100 }; /* of a value; longer ones are PEM */

struct comparison {
    json_t *changes;
    bool failed;
};

static void compare(struct comparison *comparison, const char *path, const json_t *before,
                    const json_t *after);

/* A value in words: texts as they are, if short; an object by its name. */
static json_t *words(const json_t *value)
{
    if (value == NULL) {
        return json_null();
    }
    const char *name = cret_json_string(value, "name");
    if (json_is_object(value)) {
        return json_string(name != NULL ? name : "set");
    }
    if (json_is_array(value)) {
        return json_sprintf("%zu %s", json_array_size(value),
                            cret_plural(json_array_size(value), "entry", "entries"));
    }
    if (json_is_string(value) && (json_string_length(value) > SHOWN_BYTES ||
                                  strchr(json_string_value(value), '\n') != NULL)) {
        return json_sprintf("a text of %zu bytes", json_string_length(value));
    }
    return json_deep_copy(value);
}

static void add(struct comparison *comparison, const char *path, const json_t *before,
                const json_t *after)
{
    json_t *change =
        json_pack("{s:s, s:o, s:o}", "path", path, "before", words(before), "after", words(after));
    if (json_array_append_new(comparison->changes, change) != 0) {
        comparison->failed = true;
    }
}

/* How an entry of a list is known: by name, role, product, or vendor with its first product.
 * Caller frees; NULL: by nothing but its place. */
static char *label_of(const json_t *entry)
{
    static const char *const keys[] = {"name", "role", "product"};
    const char *vendor = cret_json_string(entry, "vendor");
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        const char *text = cret_json_string(entry, keys[i]);
        if (text != NULL) {
            return strdup(text);
        }
    }
    if (json_is_string(entry)) {
        return strdup(json_string_value(entry));
    }
    if (vendor != NULL) {
        const char *product =
            json_string_value(json_array_get(json_object_get(entry, "products"), 0));
        return cret_text_printf("%s/%s", vendor, product != NULL ? product : "");
    }
    return NULL;
}

/* The entry that is the same as `wanted` by its label, or where it has none by its content. */
static const json_t *find_same(const json_t *list, const json_t *wanted)
{
    const json_t *found = NULL;
    char *label = label_of(wanted);
    CRET_JSON_EACH (entry, list) {
        char *other = label_of(entry);
        const bool same =
            label != NULL && other != NULL ? strcmp(label, other) == 0 : json_equal(entry, wanted);
        free(other);
        if (same) {
            found = entry;
            break;
        }
    }
    free(label);
    return found;
}

static void compare_entry(struct comparison *comparison, const char *path, const json_t *entry,
                          const json_t *before, const json_t *after)
{
    char *label = label_of(entry);
    char *inner = cret_text_printf("%s[%s]", path, label != NULL ? label : "");
    if (inner == NULL) {
        comparison->failed = true;
    } else {
        compare(comparison, inner, before, after);
    }
    free(inner);
    free(label);
}

static void compare_lists(struct comparison *comparison, const char *path, const json_t *before,
                          const json_t *after)
{
    CRET_JSON_EACH (entry, before) {
        compare_entry(comparison, path, entry, entry, find_same(after, entry));
    }
    CRET_JSON_EACH (entry, after) {
        if (find_same(before, entry) == NULL) {
            compare_entry(comparison, path, entry, NULL, entry);
        }
    }
}

static void compare_field(struct comparison *comparison, const char *path, const char *key,
                          const json_t *before, const json_t *after)
{
    char *inner = cret_text_printf("%s%s%s", path, path[0] == '\0' ? "" : ".", key);
    if (inner == NULL) {
        comparison->failed = true;
    } else {
        compare(comparison, inner, json_object_get(before, key), json_object_get(after, key));
    }
    free(inner);
}

static void compare_objects(struct comparison *comparison, const char *path, const json_t *before,
                            const json_t *after)
{
    const bool root = path[0] == '\0';
    CRET_JSON_MEMBERS (key, value, before) {
        if (!root || (strcmp(key, "version") != 0 && strcmp(key, "issued") != 0)) {
            compare_field(comparison, path, key, before, after);
        }
    }
    CRET_JSON_MEMBERS (key, value, after) {
        if (json_object_get(before, key) == NULL) {
            compare_field(comparison, path, key, before, after);
        }
    }
}

static void compare(struct comparison *comparison, const char *path, const json_t *before,
                    const json_t *after)
{
    if (json_is_object(before) && json_is_object(after)) {
        compare_objects(comparison, path, before, after);
    } else if ((json_is_array(before) || before == NULL) && json_is_array(after)) {
        compare_lists(comparison, path, before, after);
    } else if (json_is_array(before) && after == NULL) {
        compare_lists(comparison, path, before, after);
    } else if (before == NULL || after == NULL || !json_equal(before, after)) {
        add(comparison, path, before, after);
    }
}

enum cret_status cret_trust_changes(json_t **ret_changes, const json_t *before, const json_t *after,
                                    struct cret_err *err)
{
    struct comparison comparison = {.changes = json_array()};
    if (comparison.changes == NULL) {
        return cret_err_memory(err);
    }
    compare(&comparison, "", before, after);
    if (comparison.failed) {
        json_decref(comparison.changes);
        return cret_err_memory(err);
    }
    *ret_changes = comparison.changes;
    return CRET_OK;
}

static char *value_text(const json_t *value)
{
    return json_is_string(value) ? strdup(json_string_value(value))
                                 : json_dumps(value, JSON_ENCODE_ANY);
}

void cret_trust_changes_put(struct cret_page *page, const json_t *changes)
{
    CRET_JSON_EACH (change, changes) {
        const json_t *old = json_object_get(change, "before"),
                     *new = json_object_get(change, "after");
        const char *path = cret_json_string(change, "path");
        char *before = value_text(old), *after = value_text(new);
        if (path == NULL || before == NULL || after == NULL) {
            cret_page_fail(page);
        } else if (json_is_null(old)) {
            cret_page_row(page, "added", "%s: %s", path, after);
        } else if (json_is_null(new)) {
            cret_page_row(page, "removed", "%s: %s", path, before);
        } else {
            cret_page_row(page, "changed", "%s: %s -> %s", path, before, after);
        }
        free(before);
        free(after);
    }
}
