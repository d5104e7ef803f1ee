/* SPDX-License-Identifier: Apache-2.0 */
/* Which known name somebody meant: for hints, never for a decision. */
#ifndef CRET_BASE_NEAREST_H
#define CRET_BASE_NEAREST_H

#include <stddef.h>

#define CRET_NEAREST_BYTES 64u /* longer names are not compared */

struct cret_nearest {
    char text[CRET_NEAREST_BYTES]; /* what was written, folded */
    const char *name;              /* the nearest name so far, or NULL */
    size_t distance;
};

/* Compares the names that are considered with text: without case, hyphens, underscores and spaces,
 * by the letters inserted, deleted or replaced. Names are borrowed. */
void cret_nearest_begin(struct cret_nearest *nearest, const char *text);
void cret_nearest_consider(struct cret_nearest *nearest, const char *name);

/* The nearest of a list that ends with NULL; NULL: none is near. */
const char *cret_nearest(const char *text, const char *const *names);

#endif
