/* SPDX-License-Identifier: Apache-2.0 */
/* Values and findings as pages show them. */
#include "verifier/report/pieces.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_words.h"

const char *cret_piece_text(const json_t *object, const char *path)
{
    const char *text = cret_json_string(object, path);
    return text != NULL ? text : "";
}

void cret_piece_value(struct cret_buffer *out, const json_t *value)
{
    cret_json_words(out, value);
}

void cret_piece_key(struct cret_buffer *out, const char *key)
{
    for (; *key != '\0'; key++) {
        const bool upper = *key >= 'A' && *key <= 'Z';
        cret_buffer_printf(out, upper ? " %c" : "%c", upper ? *key - 'A' + 'a' : *key);
    }
}

void cret_piece_size(struct cret_buffer *out, int64_t bytes)
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1000.0 && unit + 1 < CRET_LENGTH(units)) {
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
    bool done = groups.groups != NULL && seen != NULL;
    CRET_JSON_EACH (finding, findings) {
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
