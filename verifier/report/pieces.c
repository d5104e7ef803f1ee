/* SPDX-License-Identifier: Apache-2.0 */
/* Values and findings as pages show them. */
#include "verifier/report/pieces.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"

const char *cret_piece_text(const json_t *object, const char *path)
{
    const char *text = cret_json_string(object, path);
    return text != NULL ? text : "";
}

static void add_member(struct cret_buffer *out, const json_t *value, size_t *count)
{
    const size_t before = out->size;
    cret_buffer_printf(out, *count > 0 ? ", " : "");
    const size_t begun = out->size;
    cret_piece_value(out, value);
    if (out->size > begun) {
        (*count)++;
    } else if (out->data != NULL) {
        out->size = before;
        out->data[before] = '\0';
    }
}

void cret_piece_value(struct cret_buffer *out, const json_t *value)
{
    size_t index, count = 0;
    const char *key;
    json_t *member;
    switch (value != NULL ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        cret_buffer_printf(out, "%s", json_string_value(value));
        break;
    case JSON_INTEGER:
        cret_buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_TRUE:
        cret_buffer_printf(out, "yes");
        break;
    case JSON_FALSE:
        cret_buffer_printf(out, "no");
        break;
    case JSON_ARRAY:
        json_array_foreach(value, index, member)
        {
            add_member(out, member, &count);
        }
        break;
    case JSON_OBJECT:
        /* jansson asks for a pointer that it could write through, and does not. */
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
            add_member(out, member, &count);
        }
        break;
    case JSON_REAL:
    case JSON_NULL:
        break;
    }
}

void cret_piece_size(struct cret_buffer *out, int64_t bytes)
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1000.0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        size /= 1000.0;
        unit++;
    }
    cret_buffer_printf(out, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
}

bool cret_piece_is(const json_t *finding, const char *result)
{
    return strcmp(cret_piece_text(finding, "result"), result) == 0;
}

/* A key under which findings meet that say the same. */
static bool key_of(struct cret_buffer *key, const json_t *finding)
{
    key->size = 0;
    cret_buffer_printf(key, "%s\n%s\n%s\n%s", cret_piece_text(finding, "check"),
                       cret_piece_text(finding, "reason"), cret_piece_text(finding, "expected"),
                       cret_piece_text(finding, "hint"));
    return !key->failed;
}

bool cret_piece_group(struct cret_piece_groups *ret_groups, const json_t *findings,
                      const char *result)
{
    const size_t most = json_array_size(findings);
    struct cret_piece_groups groups = {.groups =
                                           calloc(most > 0 ? most : 1, sizeof(*groups.groups))};
    json_t *seen = json_object();
    struct cret_buffer key = {0};
    size_t index;
    json_t *finding;
    bool done = groups.groups != NULL && seen != NULL;
    json_array_foreach(findings, index, finding)
    {
        if (!done || !cret_piece_is(finding, result)) {
            continue;
        }
        done = key_of(&key, finding);
        const json_t *known = done ? json_object_get(seen, key.data) : NULL;
        if (known != NULL) {
            struct cret_piece_group *group = &groups.groups[json_integer_value(known)];
            if (group->count <= CRET_PIECE_PLACES) {
                group->more[group->count - 1] = finding;
            }
            group->count++;
        } else if (done) {
            done = json_object_set_new(seen, key.data, json_integer((json_int_t)groups.count)) == 0;
            groups.groups[groups.count++] = (struct cret_piece_group){.first = finding, .count = 1};
        }
    }
    cret_buffer_free(&key);
    json_decref(seen);
    if (!done) {
        cret_piece_groups_free(&groups);
        return false;
    }
    *ret_groups = groups;
    return true;
}

void cret_piece_groups_free(struct cret_piece_groups *groups)
{
    free(groups->groups);
    *groups = (struct cret_piece_groups){0};
}
