/* SPDX-License-Identifier: Apache-2.0 */
/* Finding classes of SPDX 3 and their members. */
#include "release/sbom/sbom_spdx3_classes.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *name, const void *row)
{
    return strcmp(name, ((const struct cret_spdx3_class *)row)->name);
}

const struct cret_spdx3_class *cret_spdx3_class_of(const char *name)
{
    if (name == NULL) {
        return NULL;
    }
    const struct cret_spdx3_class *found =
        bsearch(name, cret_spdx3_core, cret_spdx3_core_count, sizeof(*found), compare);
    return found != NULL ? found
                         : bsearch(name, cret_spdx3_profiles, cret_spdx3_profiles_count,
                                   sizeof(*found), compare);
}

bool cret_spdx3_is(const struct cret_spdx3_class *class, const char *name)
{
    for (; class != NULL; class = cret_spdx3_class_of(class->parent)) {
        if (strcmp(class->name, name) == 0) {
            return true;
        }
    }
    return false;
}

const struct cret_spdx3_member *cret_spdx3_member_of(const struct cret_spdx3_class *class,
                                                     const char *name)
{
    for (; class != NULL; class = cret_spdx3_class_of(class->parent)) {
        const struct cret_spdx3_member *member = class->members;
        for (; member != NULL && member->name != NULL; member++) {
            if (strcmp(member->name, name) == 0) {
                return member;
            }
        }
    }
    return NULL;
}
