/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of products and components: package URLs and CPE names, taken apart and compared. */
#ifndef CRET_RELEASE_IDENTIFIER_H
#define CRET_RELEASE_IDENTIFIER_H

#include <stdbool.h>

#include "base/attributes.h"

/* How sure a comparison is. Only SURE is ever more than something for a person to look at. */
enum cret_match { CRET_MATCH_NONE, CRET_MATCH_POSSIBLE, CRET_MATCH_SURE };

/* Whether a text is a package URL (purl specification): pkg:type/namespace/name@version with
 * percent-encoding that can be undone; or a CPE name: 2.3 formatted string (NISTIR 7695, 6.2) or
 * 2.2 URI (6.1). */
bool cret_purl_valid(const char *text);
bool cret_cpe_valid(const char *text);

/* What else a comparison found. */
enum {
    CRET_IDENTIFIER_ANY_VERSION = 1 << 0, /* wanted names no version: the statement must say
                                             elsewhere which versions it means */
    CRET_IDENTIFIER_SAME_NAME = 1 << 1,   /* the same package or product, whatever the version */
};

/*
 * Does what a statement names (wanted) cover what we have (own)? own_version: the version where
 * own itself names none; may be NULL. *ret_facts: CRET_IDENTIFIER_... Another type, namespace, name
 * or version: NONE. A version or qualifier that own does not say: POSSIBLE. Texts that are no
 * identifiers: NONE.
 */
CRET_MUST_CHECK enum cret_match cret_purl_match(const char *wanted, const char *own,
                                                const char *own_version, unsigned *ret_facts);

/* The same for CPE names (NISTIR 7696: wanted is the source, with its wildcards). One that leaves the
 * product open matches nothing; one that leaves part or vendor open, or a part of the product's
 * name, is at most POSSIBLE; so is a version that one of them does not have ("-"). */
CRET_MUST_CHECK enum cret_match cret_cpe_match(const char *wanted, const char *own,
                                               const char *own_version, unsigned *ret_facts);

#endif
