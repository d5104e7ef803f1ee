/* SPDX-License-Identifier: Apache-2.0 */
/* The quality of a release's SBOM, and its advisories and VEX files. */
#ifndef CRET_SIGNER_MATERIALS_H
#define CRET_SIGNER_MATERIALS_H

#include "release/statements/profile.h"
#include "signer/release/content.h"

/* sbom.ntia and sbom.bsi where profile or default severity do not ignore them, vex.match,
 * advisory.*: faults are FAIL findings, whatever their severity. Structure and binding of the SBOM
 * are cret_content_check's. profile may be NULL. */
CRET_MUST_CHECK enum cret_status cret_materials_check(const struct cret_content *content,
                                                      const struct cret_profile *profile,
                                                      struct cret_findings *found,
                                                      struct cret_err *err);

#endif
