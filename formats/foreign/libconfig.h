/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of sw-description: libconfig's, as far as such files use it, strictly. No tree is
 * made of it: who reads is told of each group what it needs.
 */
#ifndef CRET_FOREIGN_LIBCONFIG_H
#define CRET_FOREIGN_LIBCONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/err.h"

#define CRET_LIBCONFIG_DEPTH 32u     /* boards, modes, lists of images */
#define CRET_LIBCONFIG_NAME 128u     /* a setting's name */
#define CRET_LIBCONFIG_STRING 16384u /* a string; scripts stand in them */
#define CRET_LIBCONFIG_SETTINGS 200u /* in one group */

/* A setting that is a string, in the group that is being read; terminated, borrowed. `depth` of the
 * groups and lists around it. CRET_FAILED ends the reading, with *err set. */
struct cret_libconfig_reader {
    enum cret_status (*string)(void *context, unsigned depth, const char *name, const char *value,
                               struct cret_err *err);
    /* A group is read to its end. */
    enum cret_status (*group)(void *context, unsigned depth, struct cret_err *err);
    void *context;
};

/* class REFUSED with foreign.form and the line: malformed, a name twice in a group, an include, or
 * too deep. Names of settings compare without regard to case, as a duplicate in another case is
 * read differently by different readers. */
CRET_MUST_CHECK enum cret_status cret_libconfig_read(const char *text, size_t size,
                                                     const struct cret_libconfig_reader *reader,
                                                     struct cret_err *err);

#endif
