/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the rules on SBOMs: how each rule of the BSI looks at each format, by its number; the
 * rows are in sbom_rules_bsi.c. */
#ifndef CRET_RELEASE_SBOM_RULES_BSI_H
#define CRET_RELEASE_SBOM_RULES_BSI_H

#include "release/sbom/sbom_rules_internal.h"

#define CRET_RULES_BSI(format, number)                                                             \
    void cret_rules_##format##_bsi_##number(struct cret_rules_run *run,                            \
                                            const struct cret_sbom_component *component);
CRET_RULES_BSI(cyclonedx, 01)
CRET_RULES_BSI(cyclonedx, 02)
CRET_RULES_BSI(cyclonedx, 03)
CRET_RULES_BSI(cyclonedx, 05)
CRET_RULES_BSI(cyclonedx, 06)
CRET_RULES_BSI(cyclonedx, 08)
CRET_RULES_BSI(cyclonedx, 11)
CRET_RULES_BSI(cyclonedx, 12)
CRET_RULES_BSI(cyclonedx, 13)
CRET_RULES_BSI(cyclonedx, 14)
CRET_RULES_BSI(cyclonedx, 16)
CRET_RULES_BSI(cyclonedx, 17)
CRET_RULES_BSI(cyclonedx, 18)
CRET_RULES_BSI(cyclonedx, 19)
CRET_RULES_BSI(cyclonedx, 20)
CRET_RULES_BSI(cyclonedx, 22)
CRET_RULES_BSI(cyclonedx, 23)
CRET_RULES_BSI(cyclonedx, 24)
CRET_RULES_BSI(spdx3, 01)
CRET_RULES_BSI(spdx3, 02)
CRET_RULES_BSI(spdx3, 03)
CRET_RULES_BSI(spdx3, 05)
CRET_RULES_BSI(spdx3, 06)
CRET_RULES_BSI(spdx3, 08)
CRET_RULES_BSI(spdx3, 11)
CRET_RULES_BSI(spdx3, 14)
CRET_RULES_BSI(spdx3, 15)
CRET_RULES_BSI(spdx3, 16)
CRET_RULES_BSI(spdx3, 17)
CRET_RULES_BSI(spdx3, 18)
CRET_RULES_BSI(spdx3, 19)
CRET_RULES_BSI(spdx3, 20)
CRET_RULES_BSI(spdx3, 22)
CRET_RULES_BSI(spdx3, 23)
CRET_RULES_BSI(spdx3, 24)

#endif
