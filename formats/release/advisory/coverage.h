/* SPDX-License-Identifier: Apache-2.0 */
/* What of a release statements about vulnerabilities cannot be compared with. */
#ifndef CRET_RELEASE_COVERAGE_H
#define CRET_RELEASE_COVERAGE_H

#include "release/sbom/sbom.h"

/*
 * What lies outside of every comparison, for people and programs: an array of {"what", "count",
 * "reason": a sentence, "files": [names]}; empty: all is compared. what: "components" (no SBOM),
 * "unreadable" (an SBOM that could not be read), "sbom" (a file of that role that nothing reads),
 * and those of coverage_sbom.h. sboms: those of the manifest, or NULL: none was read. New
 * reference; NULL: memory.
 */
json_t *cret_coverage_gaps(const struct cret_manifest *manifest, const struct cret_sboms *sboms);

/* Those of the SBOM alone, without "files". New reference; NULL: memory. */
json_t *cret_coverage_sbom(const struct cret_sbom *sbom);

/* The reasons of gaps in one sentence; false: there are none. */
bool cret_coverage_words(char *text, size_t size, const json_t *gaps);

/* Whether a file has the role of an SBOM and is none of those that the manifest names. */
bool cret_coverage_unread(const struct cret_manifest *manifest, size_t entry);

/* sbom.unread: what of an SBOM is not compared, one finding for each kind; nothing where all is. */
void cret_coverage_check(const struct cret_sbom *sbom, enum cret_reader reader,
                         struct cret_findings *findings);

#endif
