/* SPDX-License-Identifier: Apache-2.0 */
/* Package URLs (purl specification), taken apart and compared. */
#ifndef CRET_RELEASE_PURL_H
#define CRET_RELEASE_PURL_H

#include <stdbool.h>

#include "base/finding/attributes.h"
#include "release/identifier/identifier.h"

/* Whether a text is a package URL: pkg:type/namespace/name@version with percent-encoding that can
 * be undone. */
bool cret_purl_valid(const char *text);

/* A package URL, taken apart once. NULL: it is none, or no memory. */
struct cret_purl;
CRET_MUST_CHECK struct cret_purl *cret_purl_read(const char *text);
void cret_purl_free(struct cret_purl **purl);

/* Its parts, without percent-encoding; version: NULL where there is none. */
const char *cret_purl_type(const struct cret_purl *purl);
const char *cret_purl_name(const struct cret_purl *purl);
const char *cret_purl_version(const struct cret_purl *purl);

/*
 * Does what a statement names (wanted) mean the package that we have (own), whatever the version?
 * Another type, namespace or name: NONE. A qualifier that own does not have, or has with another
 * value (another build of the same package), or a path in it (a part of the package): POSSIBLE.
 */
CRET_MUST_CHECK enum cret_match cret_purl_same(const struct cret_purl *wanted,
                                               const struct cret_purl *own);

/* Whether two packages could be the same upstream software: the same name, packaged by others (deb,
 * rpm, generic, ...). */
bool cret_purl_akin(const struct cret_purl *left, const struct cret_purl *right);

#endif
