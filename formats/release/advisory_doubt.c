/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a document that cannot be relied on, whatever they are about. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "release/advisory_internal.h"

static bool same_text(const json_t *left, const json_t *right, const char *key)
{
    return strcmp(cret_json_string(left, key), cret_json_string(right, key)) == 0;
}

/* The same vulnerability in the same thing, both times for sure. As a part of the product and by
 * itself are two things: a library may be affected, and not where it is used. */
static bool same_thing(const json_t *left, const json_t *right)
{
    return strcmp(cret_json_string(left, "match"), "sure") == 0 &&
           same_text(left, right, "match") && same_text(left, right, "vulnerability") &&
           same_text(left, right, "subject") &&
           cret_json_boolean(left, "part", false) == cret_json_boolean(right, "part", false);
}

/* A later match about the same thing says something milder: it goes. */
static int contradict(json_t *matches, size_t first)
{
    json_t *worst = json_array_get(matches, first);
    int failed = 0;
    for (size_t i = first + 1; i < json_array_size(matches);) {
        const json_t *other = json_array_get(matches, i);
        if (!same_thing(worst, other) || same_text(worst, other, "status")) {
            i++;
            continue;
        }
        char doubt[120];
        (void)snprintf(doubt, sizeof(doubt),
                       "the document contradicts itself: it also says \"%s\"",
                       cret_json_string(other, "status"));
        failed |= json_object_set_new(worst, "doubt", json_string(doubt));
        failed |= json_array_remove(matches, i);
    }
    return failed;
}

/* A person who relies on "not affected" must be able to follow it (CSAF 2.0, profile VEX, 4.5: a
 * flag or an impact statement). That another version is meant is a reason. */
static int justify(json_t *match)
{
    if (strcmp(cret_json_string(match, "status"), "not affected") != 0 ||
        cret_json_string(match, "justification") != NULL ||
        cret_json_string(match, "impact") != NULL ||
        cret_json_boolean(match, "by version", false)) {
        return 0;
    }
    return json_object_set_new(match, "doubt",
                               json_string("it says \"not affected\" and gives no reason: neither "
                                           "a justification nor an impact statement"));
}

int cret_advisory_doubt(json_t *matches)
{
    int failed = 0;
    for (size_t i = 0; i < json_array_size(matches); i++) {
        failed |= contradict(matches, i);
        failed |= justify(json_array_get(matches, i));
    }
    size_t index;
    json_t *match;
    json_array_foreach(matches, index, match)
    {
        (void)json_object_del(match, "part");
        (void)json_object_del(match, "by version");
    }
    return failed;
}
