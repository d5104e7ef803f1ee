/* SPDX-License-Identifier: Apache-2.0 */
/* Software bills of materials: strict structure, and binding to the bytes that they describe. */
#ifndef CRET_RELEASE_SBOM_H
#define CRET_RELEASE_SBOM_H

#include "release/manifest.h"

/*
 * Whether the manifest names an SBOM whose bytes must be kept while the payload is read: sets
 * *ret_entry to its index in manifest->entries. False where there is none (or it is too large to
 * parse; then sbom_check is called with text NULL).
 */
bool cret_sbom_wanted(const struct cret_manifest *manifest, size_t *ret_entry);

/*
 * Checks the SBOM (bytes whose digest matched): format as the manifest says (CycloneDX JSON 1.4 to
 * 1.7, SPDX JSON 2.2, 2.3), structure (sbom.form), and binding (sbom.binding): the root component's
 * name and version are those of product and release, its SHA-256 is that of a signed file (of the
 * one that `binds` gives it, where it does), every binds[] component exists exactly once, looked
 * for by bom-ref or SPDXID, then by purl, then by name, and has the SHA-256 of its file. A
 * component without SHA-256 is a fault, also where it has another hash: the manifest vouches for
 * SHA-256 only. Findings point into the SBOM: "<its path>#/metadata/component/version". Severities
 * are applied by the caller: faults are added as FAIL here, one PASS for each of the two checks
 * that found none. text NULL: too large to parse; both are NOT_CHECKED. A manifest without an SBOM
 * adds nothing. CRET_OK where no fault was found; else err is the first one, class REFUSED, or
 * UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_sbom_check(const struct cret_manifest *manifest,
                                                 const char *text, size_t size,
                                                 struct cret_findings *findings,
                                                 struct cret_err *err);

#endif
