/* SPDX-License-Identifier: Apache-2.0 */
/* Versions and ranges of versions as advisories write them. */
#ifndef CRET_RELEASE_ADVISORY_VERSIONS_H
#define CRET_RELEASE_ADVISORY_VERSIONS_H

#include <stddef.h>

#include "release/advisory/advisory_judge.h"

/* How versions are ordered. NUMBERS: dotted numbers, and nothing where something else decides. */
enum cret_scheme {
    CRET_SCHEME_NUMBERS,
    CRET_SCHEME_LEXICOGRAPHIC,
    CRET_SCHEME_SEMVER,
    CRET_SCHEME_DEB,
    CRET_SCHEME_RPM,
};

/* The order of a type of vers ("deb", "npm"), size bytes; NUMBERS for those that are not known. */
enum cret_scheme cret_version_scheme(const char *type, size_t size);
/* advisory_orders.c: by one of the other orders. False: the texts are no versions of it. */
CRET_MUST_CHECK bool cret_scheme_order(enum cret_scheme scheme, const char *left, const char *right,
                                       int *ret_order);

/*
 * How a version lies to a range: "vers:generic/>=1.0|<2.4", "<=2.3", ">= 1.0, < 2.0", all versions
 * in so many words (SURE; nothing else is). OPEN: words that are no range, constraints out of their
 * order, versions that have none. type: of our package URL, whose order is then known; or NULL.
 */
CRET_MUST_CHECK enum cret_fit cret_range_fit(const char *range, const char *version,
                                             const char *type);
/* The same for one version, which may be a range in its place. SURE: the same but for a leading v
 * and letter case. LIKELY: 1.2 and 1.2.0. OTHER: their numbers differ; *ret_later: ours is the
 * later one. OPEN: all else. */
CRET_MUST_CHECK enum cret_fit cret_version_fit(const char *wanted, const char *version,
                                               const char *type, bool *ret_later);
/* Whether a name says something of versions ("PowerGate 3000 v2.1", "before 3"). */
bool cret_text_has_version(const char *text);

#endif
