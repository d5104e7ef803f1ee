/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a profile by its name. */
#include "release/statements/profile_named.h"

#include <string.h>

#include "release/profiles_table.h"

const struct cret_profile_named *cret_profiles_named(size_t *count)
{
    *count = sizeof(profiles_table) / sizeof(profiles_table[0]);
    return profiles_table;
}

const struct cret_profile_named *cret_profile_named(const char *name)
{
    size_t count = 0;
    const struct cret_profile_named *all = cret_profiles_named(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0) {
            return &all[i];
        }
    }
    return NULL;
}
