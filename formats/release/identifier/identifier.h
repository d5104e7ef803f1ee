/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of products and components: package URLs and CPE names, taken apart and compared;
 * hashes of objects of version control. */
#ifndef CRET_RELEASE_IDENTIFIER_H
#define CRET_RELEASE_IDENTIFIER_H

#include <stdbool.h>

#include "base/finding/attributes.h"

/* How sure a comparison is. Only SURE is ever more than something for a person to look at. */
enum cret_match { CRET_MATCH_NONE, CRET_MATCH_POSSIBLE, CRET_MATCH_SURE };

/* Whether a text is a package URL (purl specification): pkg:type/namespace/name@version with
 * percent-encoding that can be undone; or a CPE name: 2.3 formatted string (NISTIR 7695, 6.2) or
 * 2.2 URI (6.1). */
bool cret_purl_valid(const char *text);
bool cret_cpe_valid(const char *text);

/* Whether a text is a gitoid (gitoid:TYPE:sha1:HEX or sha256, TYPE an object type of git), or a
 * SWHID (ISO/IEC 18670: swh:1:TYPE:HEX, with or without qualifiers). Hex is in lower case. */
bool cret_gitoid_valid(const char *text);
bool cret_swhid_valid(const char *text);

/* Identifiers, taken apart once. NULL: no identifier, or no memory. */
struct cret_purl;
struct cret_cpe;
CRET_MUST_CHECK struct cret_purl *cret_purl_read(const char *text);
CRET_MUST_CHECK struct cret_cpe *cret_cpe_read(const char *text);
void cret_purl_free(struct cret_purl **purl);
void cret_cpe_free(struct cret_cpe **cpe);

/* Parts of a package URL, without percent-encoding; version: NULL where there is none. */
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

/*
 * The same for CPE names (NISTIR 7696: wanted is the source, with its wildcards), whatever version
 * and update. One that leaves the product open matches nothing. POSSIBLE: part or vendor left open,
 * a part of the product's name, another part (h, a, o), names that are the same but for punctuation
 * and a tail such as _firmware, an edition or target that own does not have.
 */
CRET_MUST_CHECK enum cret_match cret_cpe_same(const struct cret_cpe *wanted,
                                              const struct cret_cpe *own);
/* The product as cret_cpe_same() compares it; open: with wildcards, so that it may be others, too.
 */
void cret_cpe_folded_product(const struct cret_cpe *cpe, char folded[256]);
bool cret_cpe_product_open(const struct cret_cpe *cpe);
/* NULL: any version, or none ("-"). */
const char *cret_cpe_version(const struct cret_cpe *cpe);
/* Whether the version is "-": it says that there is none to compare. */
bool cret_cpe_without_version(const struct cret_cpe *cpe);
/* Whether the version has wildcards, or is any or none. */
bool cret_cpe_version_open(const struct cret_cpe *cpe);
/* Whether a version fits the wildcards of the version. */
bool cret_cpe_version_fits(const struct cret_cpe *wanted, const char *version);
/* Whether own has the very update that wanted names, or both name none. */
bool cret_cpe_same_update(const struct cret_cpe *wanted, const struct cret_cpe *own);

#endif
