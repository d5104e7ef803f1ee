/* SPDX-License-Identifier: Apache-2.0 */
/* What of a release statements about vulnerabilities cannot be compared with. */
#ifndef CRET_RELEASE_COVERAGE_H
#define CRET_RELEASE_COVERAGE_H

#include "release/sbom/sbom.h"

/* Other documents that an SBOM refers to as parts of it, and that nobody reads:
 * externalDocumentRefs of SPDX; of CycloneDX the BOM-Links and references of type bom of its
 * components. */
size_t cret_sbom_missing(const struct cret_sbom *sbom);

/*
 * What lies outside of every comparison, for people and programs: an array of {"what": "components"
 * (no SBOM), "unreadable" (an SBOM that could not be read), "sbom" (a file of that role that
 * nothing reads), "documents" (of the SBOM, that are missing), "count", "reason": a sentence,
 * "files": [names]}; empty: all is compared. sbom: the one that was read, or NULL. New reference;
 * NULL: memory.
 */
json_t *cret_coverage_gaps(const struct cret_manifest *manifest, const struct cret_sbom *sbom);

/* The reasons of gaps in one sentence; false: there are none. */
bool cret_coverage_words(char *text, size_t size, const json_t *gaps);

/* Whether a file has the role of an SBOM and is not the one that the manifest names. */
bool cret_coverage_unread(const struct cret_manifest *manifest, size_t entry);

/* sbom.unread: documents that an SBOM refers to and that are missing; nothing where none are. */
void cret_coverage_check(const struct cret_sbom *sbom, enum cret_reader reader,
                         struct cret_findings *findings);

#endif
