/* SPDX-License-Identifier: Apache-2.0 */
/* CPE names, taken apart and compared. */
#ifndef CRET_RELEASE_CPE_H
#define CRET_RELEASE_CPE_H

#include <stdbool.h>

#include "base/finding/attributes.h"
#include "release/identifier/identifier.h"

/* Whether a text is a CPE name: 2.3 formatted string (NISTIR 7695, 6.2) or 2.2 URI (6.1). */
bool cret_cpe_valid(const char *text);

/* A CPE name, taken apart once. NULL: it is none, or no memory. */
struct cret_cpe;
CRET_MUST_CHECK struct cret_cpe *cret_cpe_read(const char *text);
void cret_cpe_free(struct cret_cpe **cpe);

/*
 * Does what a statement names (wanted) mean what we have (own), whatever version and update
 * (NISTIR 7696: wanted is the source, with its wildcards)? One that leaves the product open matches
 * nothing. POSSIBLE: part or vendor left open, a part of the product's name, another part (h, a,
 * o), names that are the same but for punctuation and a tail such as _firmware, an edition or
 * target that own does not have.
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
