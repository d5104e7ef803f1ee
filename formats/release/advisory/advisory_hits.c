/* SPDX-License-Identifier: Apache-2.0 */
/* What a product of a document could be among the subjects: one hit for each, the best that is
 * known. */
#include <stdlib.h>
#include <string.h>

#include "release/advisory/advisory_internal.h"

void cret_hits_free(struct cret_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        free(hits->list[i].because);
    }
    free(hits->list);
    *hits = (struct cret_hits){0};
}

int cret_hit_rank(const struct cret_hit *hit)
{
    static const char *const order[] = {"name", "model", "cpe", "purl", "reference", "hash"};
    int place = 0;
    for (int i = 0; i < (int)(CRET_LENGTH(order)); i++) {
        place = strcmp(order[i], hit->by) == 0 ? i : place;
    }
    /* What is about our product comes before what is about something else with the same part. */
    return (int)hit->evidence.identity * 100 +
           (CRET_SCOPE_ELSEWHERE - (int)hit->evidence.scope) * 10 + place;
}

int cret_hits_add(struct cret_hits *hits, const struct cret_target *target,
                  const struct cret_evidence *evidence, const char *by, char *because)
{
    struct cret_hit hit = {.target = target, .evidence = *evidence, .by = by, .because = because};
    if (because == NULL) {
        return -1;
    }
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->list[i].target == target) {
            const bool better = cret_hit_rank(&hit) > cret_hit_rank(&hits->list[i]);
            free(better ? hits->list[i].because : because);
            hits->list[i] = better ? hit : hits->list[i];
            return 0;
        }
    }
    if (hits->count == hits->capacity) {
        const size_t capacity = hits->capacity > 0 ? 2 * hits->capacity : 4;
        struct cret_hit *list = reallocarray(hits->list, capacity, sizeof(*list));
        if (list == NULL) {
            free(because);
            return -1;
        }
        hits->list = list;
        hits->capacity = capacity;
    }
    hits->list[hits->count++] = hit;
    return 0;
}
