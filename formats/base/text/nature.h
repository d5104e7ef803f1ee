/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is by its first bytes, so that a mistake is named instead of called damage. */
#ifndef CRET_BASE_NATURE_H
#define CRET_BASE_NATURE_H

#include <stddef.h>

struct cret_nature {
    const char *title; /* "a ZIP archive", "an HTML or XML page" */
    const char *words; /* the same with a clue, "an HTML or XML page (a failed download?)" */
    const char *way;   /* for whoever took it for an archive of ours; or NULL */
};

/* NULL where it is none of those known here. data may be the beginning alone. */
const struct cret_nature *cret_nature(const void *data, size_t size);

/* The same for whoever expects a text: tar archives too, of which a release archive is told. */
const struct cret_nature *cret_nature_in_place_of_text(const void *data, size_t size);

#endif
