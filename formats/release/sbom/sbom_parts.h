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

/*
 * The first `most` of them in the order of the SBOM, for people: {"name", "version", "license",
 * "supplier"} with those that are known. *ret_left_out: how many there are besides. New reference;
 * NULL: memory.
 */
json_t *cret_sbom_parts_brief(const struct cret_sbom *sbom, size_t most, size_t *ret_left_out);

#endif
