/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of an SBOM that carry software, or speak of it, and that no advisory is compared with. */
#ifndef CRET_RELEASE_COVERAGE_SBOM_H
#define CRET_RELEASE_COVERAGE_SBOM_H

#include "release/sbom/sbom.h"

/* One kind of such parts. */
struct cret_uncompared {
    const char *what; /* in "notChecked" of advisories: a name that programs know */
    size_t (*count)(const struct cret_sbom *sbom);
    const char *one, *many; /* after the number: "document of this SBOM is missing" */
    bool bare;              /* the words stand without the number */
    const char *so;         /* what follows from it, after the words */
    const char *signer;     /* what whoever signs does */
};

/* The kinds, in the order in which they are told; ends with a NULL `what`. */
extern const struct cret_uncompared cret_uncompared_kinds[];

/* "2 services of this SBOM are not compared"; count: what kind->count gave, above 0. */
void cret_uncompared_words(char *text, size_t size, const struct cret_uncompared *kind,
                           size_t count);

/* Other documents that an SBOM refers to as parts of it, and that nobody reads:
 * externalDocumentRefs of SPDX and references into documents that are not even listed there; of
 * CycloneDX the BOM-Links and references of type bom. The root's own reference by another address
 * is to this BOM, where it is published. */
size_t cret_sbom_missing(const struct cret_sbom *sbom);

#endif
