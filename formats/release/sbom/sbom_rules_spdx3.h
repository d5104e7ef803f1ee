/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the rules on SBOMs: how each rule looks at SPDX 3. */
#ifndef CRET_RELEASE_SBOM_RULES_SPDX3_H
#define CRET_RELEASE_SBOM_RULES_SPDX3_H

#include "release/sbom/sbom_rules_internal.h"
#include "release/sbom/sbom_spdx3.h"

/* Places the pointer on an object of @graph; returns what cret_json_leave takes to come back to the
 * document. */
void cret_rules_at_place(struct cret_rules_run *run, size_t place);
/* The same on the CreationInfo of the document; on the document where it has none. */
void cret_rules_at_creation(struct cret_rules_run *run);
/* Back to the component that a rule is about; NULL: to the document. */
void cret_rules_back(struct cret_rules_run *run, const struct cret_sbom_component *component);

/* Checks that several profiles have. */
void cret_rules_spdx3_version(struct cret_rules_run *run,
                              const struct cret_sbom_component *component);
void cret_rules_spdx3_timestamp(struct cret_rules_run *run,
                                const struct cret_sbom_component *component);
/* The software_Sbom of the document, or else the document; NULL: there is none. */
const struct cret_spdx3_element *cret_rules_spdx3_sbom(const struct cret_spdx3 *spdx3);

/* NTIA. */
void cret_rules_spdx3_supplier(struct cret_rules_run *run,
                               const struct cret_sbom_component *component);
void cret_rules_spdx3_identifier(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component);
void cret_rules_spdx3_depends(struct cret_rules_run *run,
                              const struct cret_sbom_component *component);
void cret_rules_spdx3_author(struct cret_rules_run *run,
                             const struct cret_sbom_component *component);

#endif
