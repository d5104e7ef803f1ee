/* SPDX-License-Identifier: Apache-2.0 */
/* The profiles that every program knows by name: those of formats/release/profiles. */
#ifndef CRET_RELEASE_PROFILE_NAMED_H
#define CRET_RELEASE_PROFILE_NAMED_H

#include <stddef.h>

struct cret_profile_named {
    const char *name;
    const char *text; /* the file's bytes, with no zero behind them */
    size_t size;
};

/* The profile of exactly this name, or NULL: a value with a slash or a suffix is a file's. Where
 * both exist the name goes before a file of the same name, so that no folder changes what it means.
 */
const struct cret_profile_named *cret_profile_named(const char *name);

/* All of them; *count: how many, at least one. */
const struct cret_profile_named *cret_profiles_named(size_t *count);

#endif
