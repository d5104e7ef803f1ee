/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: the classes of SPDX 3.0.1 and their members, as the official JSON
 * schema has them. */
#ifndef CRET_RELEASE_SBOM_SPDX3_CLASSES_H
#define CRET_RELEASE_SBOM_SPDX3_CLASSES_H

#include <stdbool.h>
#include <stddef.h>

enum cret_spdx3_kind {
    CRET_SPDX3_TEXT,
    CRET_SPDX3_TIME,    /* YYYY-MM-DDThh:mm:ssZ, no other form */
    CRET_SPDX3_VERSION, /* semantic version */
    CRET_SPDX3_URI,
    CRET_SPDX3_MEDIA, /* media type */
    CRET_SPDX3_WHOLE,
    CRET_SPDX3_POSITIVE,
    CRET_SPDX3_NUMBER, /* or a text that is one */
    CRET_SPDX3_BOOLEAN,
    CRET_SPDX3_WORD,      /* one of words */
    CRET_SPDX3_REFERENCE, /* to an object of the class that words names */
    CRET_SPDX3_INLINE,    /* an object of the class that words names */
};
enum { CRET_SPDX3_LIST = 1, CRET_SPDX3_MUST = 2 };

struct cret_spdx3_member {
    const char *name;
    enum cret_spdx3_kind kind;
    unsigned flags;
    const char *words; /* words apart by blanks, or the name of a class */
};

struct cret_spdx3_class {
    const char *name, *parent; /* parent NULL: none */
    bool abstract;             /* no object is of it */
    const struct cret_spdx3_member *members;
};

/* Rows of sbom_spdx3_core.c (what SBOMs are made of) and sbom_spdx3_profiles.c (the rest). */
extern const struct cret_spdx3_class cret_spdx3_core[];
extern const size_t cret_spdx3_core_count;
extern const struct cret_spdx3_class cret_spdx3_profiles[];
extern const size_t cret_spdx3_profiles_count;

/* By name; NULL: the format has no such class. */
const struct cret_spdx3_class *cret_spdx3_class_of(const char *name);
/* Whether a class, which may be NULL, is this one or made of it. */
bool cret_spdx3_is(const struct cret_spdx3_class *class, const char *name);
/* A member of a class or of those that it is made of; NULL: there is none. */
const struct cret_spdx3_member *cret_spdx3_member_of(const struct cret_spdx3_class *class,
                                                     const char *name);

#endif
