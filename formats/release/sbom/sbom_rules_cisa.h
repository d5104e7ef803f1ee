/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the rules on SBOMs: the rules of CISA 2026 on components; the rest is in
 * sbom_rules_cisa.c. */
#ifndef CRET_RELEASE_SBOM_RULES_CISA_H
#define CRET_RELEASE_SBOM_RULES_CISA_H

#include "release/sbom/sbom_rules_spdx3.h"

/* Whether the document (component NULL) or a component says by a property of the taxonomy cdx:cisa
 * that a field, by its name in the document's appendix A, is unknown or withheld. CycloneDX only.
 */
bool cret_cisa_declares(const struct cret_rules_run *run,
                        const struct cret_sbom_component *component, const char *field);

/* Rules 10 to 17, each for all formats. */
void cret_cisa_producer(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_depends(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_hash(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_algorithm(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_identifier(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_license(struct cret_rules_run *run, const struct cret_sbom_component *component);
void cret_cisa_version(struct cret_rules_run *run, const struct cret_sbom_component *component);

#endif
