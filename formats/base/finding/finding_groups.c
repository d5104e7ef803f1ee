/* SPDX-License-Identifier: Apache-2.0 */
/* Which findings say the same, so that people read it once. */
#include "base/finding/finding_groups.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/text/text.h"

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* What findings of one group have in common; one that stands alone has its own index in it. */
static char *key_of(const struct cret_finding *finding, size_t index)
{
    return finding->where != NULL && finding->where[0] != '#'
               ? cret_text_printf("%d %d\x1f%s\x1f%s\x1f%s", (int)finding->check,
                                  (int)finding->result, finding->reason,
                                  or_empty(finding->expected), or_empty(finding->hint))
               : cret_text_printf("%zu", index);
}

struct cret_finding_group *cret_findings_group(const struct cret_findings *findings,
                                               size_t *ret_count)
{
    const size_t total = cret_findings_count(findings);
    struct cret_finding_group *groups = calloc(total + 1, sizeof(*groups));
    json_t *known = json_object();
    size_t count = 0;
    int failed = groups == NULL || known == NULL;
    for (size_t i = 0; i < total && !failed; i++) {
        char *key = key_of(cret_findings_at(findings, i), i);
        json_t *found = key != NULL ? json_object_get(known, key) : NULL;
        const size_t at = found != NULL ? (size_t)json_integer_value(found) : count;
        if (key == NULL ||
            (found == NULL &&
             json_object_set_new_nocheck(known, key, json_integer((json_int_t)count++)) != 0)) {
            failed = 1;
        } else {
            if (groups[at].count <= CRET_GROUP_PLACES) {
                groups[at].index[groups[at].count] = i;
            }
            groups[at].count++;
        }
        free(key);
    }
    json_decref(known);
    if (failed) {
        free(groups);
        return NULL;
    }
    *ret_count = count;
    return groups;
}

char *cret_finding_group_places(const struct cret_findings *findings,
                                const struct cret_finding_group *group)
{
    struct cret_buffer text = {0};
    for (size_t i = 1; i < group->count && i <= CRET_GROUP_PLACES; i++) {
        cret_buffer_printf(&text, "%s%s", i > 1 ? ", " : "",
                           cret_findings_at(findings, group->index[i])->where);
    }
    if (group->count > 1 + CRET_GROUP_PLACES) {
        cret_buffer_printf(&text, ", and %zu more", group->count - 1 - CRET_GROUP_PLACES);
    }
    if (group->count > 1) {
        cret_buffer_printf(&text, " (%zu in all)", group->count);
    }
    if (text.failed || group->count < 2) {
        cret_buffer_free(&text);
        return NULL;
    }
    return text.data;
}
