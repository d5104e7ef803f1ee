/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the VEX file of an SBOM: one for each format. */
#ifndef CRET_RELEASE_SBOM_VEX_INTERNAL_H
#define CRET_RELEASE_SBOM_VEX_INTERNAL_H

#include "release/sbom/sbom_complete_internal.h"
#include "release/sbom/sbom_vex.h"

/* sbom_vex_spdx3.c. The objects of @graph that go: an array of booleans, one for each; NULL:
 * memory. *ret_count: how many. */
bool *cret_vex_spdx3_find(const struct cret_sbom *sbom, size_t *ret_count);
/* NULL: memory. */
json_t *cret_vex_spdx3_take(struct cret_completion *completion);

#endif
