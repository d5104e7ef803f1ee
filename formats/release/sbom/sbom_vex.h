/* SPDX-License-Identifier: Apache-2.0 */
/* Vulnerabilities that stand in an SBOM, taken out of it into a VEX file: they change, and the SBOM
 * of a release does not. */
#ifndef CRET_RELEASE_SBOM_VEX_H
#define CRET_RELEASE_SBOM_VEX_H

#include "release/sbom/sbom_complete.h"

/* How many there are: vulnerabilities of CycloneDX, elements and relationships of SPDX 3 that speak
 * of them; SPDX 2 has none. */
size_t cret_sbom_vex_count(const struct cret_sbom *sbom);

/*
 * Moves them out of a completed SBOM, which must be well formed, into a document of the same
 * format: CycloneDX refers to the components by BOM-Link, SPDX 3 to its elements by import. Appends
 * to `changes`. *ret_vex: NULL where there are none (caller: json_decref). CRET_FAILED: class
 * REFUSED where the SBOM has no serial number to refer to, UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_sbom_vex_take(json_t **ret_vex, struct cret_sbom *sbom,
                                                    const struct cret_sbom_facts *facts,
                                                    json_t *changes, struct cret_err *err);

/* Of SPDX 3: ties what is imported to the bytes of the SBOM. Non-zero: memory. */
int cret_sbom_vex_seal(json_t *vex, const uint8_t sha256[CRET_SHA256_BYTES]);

#endif
