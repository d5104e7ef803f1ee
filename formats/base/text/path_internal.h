/* SPDX-License-Identifier: Apache-2.0 */
/* Single rules for archive paths, shared by the check (path.c) and the mapping (path_map.c). */
#ifndef CRET_BASE_PATH_INTERNAL_H
#define CRET_BASE_PATH_INTERNAL_H

#include "base/text/path.h"

/* [A-Za-z0-9_], and inside a component also [.+@~,-]. */
bool cret_path_character(char character, bool first);

/* Whether a ustar header can hold the path in name and prefix. */
bool cret_path_splits(const char *path, size_t size);

/* MANIFEST.json, SIGNATURES or below it, in any case. */
bool cret_path_reserved(const char *path);

#endif
