/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of one advisory among many files: the newest speaks, copies are one. */
#include "verifier/child/advise_revisions.h"

#include <stdlib.h>

#include "base/text/json.h"
#include "release/advisory/advisory.h"

/* The first file of a key, remembered; *ret_place: i, where it is i. */
static int first_of(json_t *places, const json_t *name, size_t i, size_t *ret_place)
{
    char *key = json_dumps(name, JSON_COMPACT | JSON_ENCODE_ANY);
    if (key == NULL) {
        return -1;
    }
    const json_t *known = json_object_get(places, key);
    int failed = 0;
    *ret_place = known != NULL ? (size_t)json_integer_value(known) : i;
    if (known == NULL) {
        failed = json_object_set_new(places, key, json_integer((json_int_t)i));
    }
    free(key);
    return failed;
}

/* The newest of each series, where that is sure. best[i]: of the file that stands for the series of
 * i. */
static int find_newest(json_t *const *revisions, size_t count, size_t *newest, size_t *best)
{
    json_t *series = json_object();
    int failed = series == NULL;
    for (size_t i = 0; i < count && !failed; i++) {
        newest[i] = i;
        best[i] = i;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count && !failed; i++) {
            const json_t *name = json_object_get(revisions[i], "series");
            size_t first = i;
            if (name == NULL) {
                continue;
            }
            failed = first_of(series, name, i, &first);
            if (pass == 1) {
                newest[i] =
                    cret_advisory_replaces(revisions[best[first]], revisions[i]) ? best[first] : i;
            } else if (cret_advisory_replaces(revisions[i], revisions[best[first]])) {
                best[first] = i;
            }
        }
    }
    json_decref(series);
    return failed;
}

/* Of those that are left: copies of one revision are one, and where they differ nobody knows which
 * of them is it. */
static int find_twins(json_t *const *revisions, size_t count, size_t *newest, size_t *against)
{
    json_t *places = json_object();
    int failed = places == NULL;
    for (size_t i = 0; i < count && !failed; i++) {
        against[i] = i;
    }
    for (size_t i = 0; i < count && !failed; i++) {
        const json_t *claim = json_object_get(revisions[i], "claim");
        size_t first = i;
        if (claim == NULL || newest[i] != i) {
            continue;
        }
        failed = first_of(places, claim, i, &first);
        if (failed || first == i) {
            continue;
        }
        if (json_equal(json_object_get(revisions[first], "digest"),
                       json_object_get(revisions[i], "digest")) == 1) {
            newest[i] = first;
        } else {
            against[i] = first;
            against[first] = against[first] == first ? i : against[first];
        }
    }
    json_decref(places);
    return failed;
}

int cret_advise_revisions(json_t *const *revisions, size_t count, size_t *newest, size_t *against)
{
    size_t *best = calloc(count + 1, sizeof(*best));
    const int failed = best == NULL || find_newest(revisions, count, newest, best) != 0 ||
                       find_twins(revisions, count, newest, against) != 0;
    free(best);
    return failed;
}
