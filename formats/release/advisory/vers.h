/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of versions, and ranges of them as VERS writes them (package-url/vers-spec). */
#ifndef CRET_RELEASE_VERS_H
#define CRET_RELEASE_VERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/attributes.h"

/* How versions are ordered. NUMBERS: dotted numbers, and nothing where something else decides.
 * PLAIN: only where both are nothing but dotted numbers. UNKNOWN: by nothing. */
enum cret_scheme {
    CRET_SCHEME_UNKNOWN,
    CRET_SCHEME_NUMBERS,
    CRET_SCHEME_PLAIN,
    /* From here on: orders of their own. */
    CRET_SCHEME_LEXICOGRAPHIC,
    CRET_SCHEME_SEMVER,
    CRET_SCHEME_DEB,
    CRET_SCHEME_RPM,
    CRET_SCHEME_PYPI,
    CRET_SCHEME_DATETIME,
};

/* UNSURE: no order that everybody agrees on. SIMILAR: the same numbers, written in another way (1.2
 * and 1.2.0): the same for a range, and not the same text. */
enum cret_vers_relation {
    CRET_VERS_LOWER,
    CRET_VERS_SAME,
    CRET_VERS_HIGHER,
    CRET_VERS_SIMILAR,
    CRET_VERS_UNSURE
};

/* The order of a type of vers ("deb", "npm"), size bytes; UNKNOWN: of a type that is not known. */
enum cret_scheme cret_version_scheme(const char *type, size_t size);
/* advisory_orders.c: by one of the orders that are not of numbers alone. False: the texts are no
 * versions of it. */
CRET_MUST_CHECK bool cret_scheme_order(enum cret_scheme scheme, const char *left, const char *right,
                                       int *ret_order);
/* vers_orders.c: by any of them. */
enum cret_vers_relation cret_vers_compare(enum cret_scheme scheme, const char *left,
                                          const char *right);
/* Without the "v" of v1.2 and V9.1. */
const char *cret_version_bare(const char *text);
/* The next number of a dotted version, without leading zeros; where there is none, the empty
 * number, which is zero. *text is moved behind it. */
const char *cret_version_number(const char **text, size_t *ret_size);

/* RFC 3339 as CSAF 2.1 (6.1.37) and OpenEoX (7.1.2) take it: T and Z in capitals, a date that there
 * is, no leap second. */
bool cret_time_is_strict(const char *text);

enum cret_comparator {
    CRET_EQUAL,
    CRET_NOT_EQUAL,
    CRET_LESS,
    CRET_LESS_EQUAL,
    CRET_GREATER,
    CRET_GREATER_EQUAL
};

#define CRET_VERS_CONSTRAINTS 256u
#define CRET_VERS_VERSION 128u

struct cret_constraint {
    enum cret_comparator comparator;
    char version[CRET_VERS_VERSION]; /* percent-encoding undone */
};

/* A range in canonical form. all, none: every version, none; then there are no constraints. */
struct cret_vers {
    enum cret_scheme scheme;
    size_t type_size; /* behind "vers:" */
    bool all, none;
    size_t count;
    struct cret_constraint list[CRET_VERS_CONSTRAINTS];
};

/* Reads a range, or its constraints alone (bare: the "vls" of CSAF 2.1, whose order is that of
 * numbers). NULL: it is one, in canonical form. Else what is wrong, in a word or two; *ret_vers is
 * not to be used then. Nothing is repaired: what is not canonical can mean anything. */
CRET_MUST_CHECK const char *cret_vers_read(struct cret_vers *ret_vers, const char *text, bool bare);
/* The one text that cret_vers_read() gives where a range is longer than anything that is read here;
 * such a one may be valid. */
extern const char cret_vers_too_long[];

#endif
