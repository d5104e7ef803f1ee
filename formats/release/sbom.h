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
 * name and version are those of product and release, its hashes are those of a signed file, every
 * binds[] component exists exactly once and has the SHA-256 (or SHA-512) of its file. Findings
 * carry JSON pointers into the SBOM file. Severities are applied by the caller: faults are added as
 * FAIL here. SHA-512 hashes need the file's bytes and are taken from sha512_of (may be NULL: then a
 * component with only SHA-512 is a fault with that reason). Nothing to check adds nothing.
 */
CRET_MUST_CHECK enum cret_status cret_sbom_check(const struct cret_manifest *manifest,
                                                 const char *text, size_t size,
                                                 struct cret_findings *findings,
                                                 struct cret_err *err);

#endif
