/* SPDX-License-Identifier: Apache-2.0 */
/* The components of an SBOM as they are compared with those of another release. */
#ifndef CRET_RELEASE_SBOM_PARTS_H
#define CRET_RELEASE_SBOM_PARTS_H

#include "release/sbom/sbom.h"

/*
 * Each component but the one that stands for the product, and of SPDX each package: {"key": what
 * names it in every version (its package URL without version and qualifiers, and its name),
 * "name", "version", "type": of its package URL, "license", "supplier", "sha256", "hashes": the
 * other digests by algorithm, "purl": without version, "cpe"} with those that are known, texts as a
 * record holds them. New reference; NULL: memory.
 */
json_t *cret_sbom_parts(const struct cret_sbom *sbom);

#endif
