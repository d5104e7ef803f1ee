/* SPDX-License-Identifier: Apache-2.0 */
/* The release before this one (`pack --previous OLD`), and what must hold between the two. */
#ifndef CRET_SIGNER_PREVIOUS_H
#define CRET_SIGNER_PREVIOUS_H

#include "base/finding/finding.h"
#include "release/manifest/manifest.h"

/* The manifest of an archive that nobody verified here. class USAGE where it is no archive,
 * UNDECIDED where it cannot be read. */
CRET_MUST_CHECK enum cret_status cret_previous_read(struct cret_manifest **ret_manifest,
                                                    const char *path, struct cret_err *err);

/* Same vendor and product, and a higher sequence; FAIL findings that point into the description.
 * old's text names it. */
void cret_previous_check_release(const struct cret_manifest *old, const struct cret_manifest *now,
                                 struct cret_findings *findings);

/* A document with the same id and version has the same digest. now has real digests. */
CRET_MUST_CHECK enum cret_status cret_previous_check_documents(const struct cret_manifest *old,
                                                               const struct cret_manifest *now,
                                                               struct cret_findings *findings,
                                                               struct cret_err *err);

#endif
