/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a document that cannot be relied on, whatever they are about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

static bool is_mild(const struct cret_found *found)
{
    return found->status == CRET_VEX_FIXED || found->status == CRET_VEX_NOT_AFFECTED;
}

static int set_doubt(struct cret_found *found, const char *doubt)
{
    if (is_mild(found)) {
        found->match = cret_judge_contradicted(found->match);
    }
    return json_object_get(found->json, "doubt") != NULL
               ? 0
               : json_object_set_new(found->json, "doubt", json_string(doubt));
}

static int contradicts(struct cret_found *found, const struct cret_found *other)
{
    char doubt[160];
    snprintf(doubt, sizeof(doubt), "the document contradicts itself: it also says \"%s\"%s",
             cret_json_string(other->json, "status"),
             other->match == CRET_MATCH_SURE ? "" : " of what may be this");
    return set_doubt(found, doubt);
}

/* The worst of a group that is no question: sure ones before possible ones of the same status. */
static struct cret_found *worst_of(struct cret_found *const *group, size_t count)
{
    struct cret_found *worst = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!group[i]->question && (worst == NULL || group[i]->status < worst->status)) {
            worst = group[i];
        }
    }
    return worst;
}

/* A question is asked only where nothing else is said of the thing: not beside a warning, and not
 * beside an answer that is sure. */
static void drop_questions(struct cret_found *const *group, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count && group[i]->question; j++) {
            const struct cret_found *other = group[j];
            group[i]->dropped =
                group[i]->dropped ||
                (!other->question && (!is_mild(other) || other->match == CRET_MATCH_SURE));
        }
    }
}

/* All that a document says of one vulnerability in one thing. Of two that are sure, or where the
 * worse is, the milder goes; a milder one that is sure beside a worse one that is not stays, and is
 * not sure any more. */
static int settle(struct cret_found *const *group, size_t count)
{
    struct cret_found *worst = worst_of(group, count);
    int failed = 0;
    drop_questions(group, count);
    for (size_t i = 0; worst != NULL && i < count; i++) {
        struct cret_found *other = group[i];
        if (other == worst || other->question || other->status == worst->status) {
            continue;
        }
        const bool both_mild = is_mild(worst) && is_mild(other);
        if (worst->match == CRET_MATCH_SURE && (!both_mild || other->match == CRET_MATCH_SURE)) {
            failed |= contradicts(worst, other);
            other->dropped = true;
        } else if (!both_mild && is_mild(other)) {
            failed |= contradicts(other, worst);
        }
    }
    return failed;
}

/* A person who relies on "not affected" must be able to follow it (CSAF 2.0, profile VEX, 4.5: a
 * flag or an impact statement). That another version is meant is a reason. */
static int justify(const struct cret_advisory *advisory, struct cret_found *found)
{
    int failed = 0;
    if (found->status == CRET_VEX_NOT_AFFECTED && !found->reasoned) {
        failed |= set_doubt(found, "it says \"not affected\" and gives no reason: neither a "
                                   "justification nor an impact statement");
    }
    if (found->doubt != NULL) {
        failed |= set_doubt(found, found->doubt);
    }
    if (advisory->doubt != NULL && is_mild(found)) {
        failed |= set_doubt(found, advisory->doubt);
    }
    if (found->unknown) {
        failed |= set_doubt(found, "its publisher does not know, and does not look into it: no "
                                   "answer will come");
    }
    if (advisory->state != NULL) {
        char doubt[120];
        snprintf(doubt, sizeof(doubt), "the document is not final: its status is \"%s\"",
                 advisory->state);
        failed |= set_doubt(found, doubt);
    }
    return failed;
}

/* By vulnerability, thing, and whether it is meant as a part: a library may be affected by itself,
 * and not where it is used. */
static int compare_things(const void *left, const void *right)
{
    const struct cret_found *one = *(struct cret_found *const *)left;
    const struct cret_found *other = *(struct cret_found *const *)right;
    int order = strcmp(cret_json_string(one->json, "vulnerability"),
                       cret_json_string(other->json, "vulnerability"));
    order = order != 0 ? order : strcmp(one->thing, other->thing);
    order = order != 0 ? order : (int)one->part - (int)other->part;
    return order != 0 ? order : (one->order > other->order) - (one->order < other->order);
}

static bool same_thing(const struct cret_found *one, const struct cret_found *other)
{
    return one->part == other->part &&
           strcmp(cret_json_string(one->json, "vulnerability"),
                  cret_json_string(other->json, "vulnerability")) == 0 &&
           strcmp(one->thing, other->thing) == 0;
}

int cret_advisory_doubt(const struct cret_advisory *advisory, struct cret_found *found,
                        size_t count)
{
    struct cret_found **sorted = calloc(count + 1, sizeof(*sorted));
    int failed = 0;
    if (sorted == NULL) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &found[i];
    }
    qsort(sorted, count, sizeof(*sorted), compare_things);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && same_thing(sorted[first], sorted[end]);) {
            end++;
        }
        failed |= settle(sorted + first, end - first);
    }
    for (size_t i = 0; i < count; i++) {
        failed |= justify(advisory, &found[i]);
    }
    free(sorted);
    return failed;
}
