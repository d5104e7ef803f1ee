/* SPDX-License-Identifier: Apache-2.0 */
/* Versions and ranges of versions as advisories write them. */
#ifndef CRET_RELEASE_ADVISORY_VERSIONS_H
#define CRET_RELEASE_ADVISORY_VERSIONS_H

#include <stddef.h>

#include "release/advisory/advisory_judge.h"

/*
 * How a version lies to a range: "vers:generic/>=1.0|<2.4", "<=2.3", ">= 1.0, < 2.0", all versions
 * in so many words (SURE; nothing else is). OPEN: words that are no range, constraints out of their
 * order, a type of vers that is not known or not in canonical form, versions that have no order.
 * type: of our package URL, whose order is then known; or NULL.
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
