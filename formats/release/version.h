/* SPDX-License-Identifier: Apache-2.0 */
/* Versions and revisions as people number them. */
#ifndef CRET_RELEASE_VERSION_H
#define CRET_RELEASE_VERSION_H

#include <jansson.h>
#include <stdbool.h>

/* Runs of digits compare as numbers, all else as bytes: 1.9 < 1.10, C2 < C10. Negative, zero, or
 * positive. */
int cret_version_compare(const char *left, const char *right);

/* from <= version <= to; a bound that is NULL does not bound. */
bool cret_version_within(const char *version, const char *from, const char *to);

/*
 * Does an entry of hardware[] or appliesTo.hardware[] cover this hardware ("MODEL" or
 * "MODEL:REVISION"; a model may hold a colon itself)? Without a revision only an entry without
 * bounds covers it surely.
 */
bool cret_hardware_covers(const json_t *entry, const char *hardware);

#endif
