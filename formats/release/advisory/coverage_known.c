/* SPDX-License-Identifier: Apache-2.0 */
/* Counting things that count once however often they are named. */
#include "release/advisory/coverage_internal.h"

struct cret_known cret_known_begin(void)
{
    json_t *names = json_object();
    return (struct cret_known){.names = names, .failed = names == NULL};
}

void cret_known_note(struct cret_known *known, const char *name)
{
    if (name != NULL && !known->failed) {
        known->failed = json_object_set_new(known->names, name, json_true()) != 0;
    }
}

size_t cret_known_count(struct cret_known *known)
{
    const size_t count = known->failed ? 1 : json_object_size(known->names);
    json_decref(known->names);
    return count;
}
