/* SPDX-License-Identifier: Apache-2.0 */
/* All checks on the content of what is going to be signed, as a verifier makes them by default:
 * shared by lint and pack. */
#ifndef CRET_SIGNER_DRAFT_CHECK_H
#define CRET_SIGNER_DRAFT_CHECK_H

#include "release/statements/profile.h"
#include "signer/release/draft.h"

/*
 * The checks of engine/content.h, and file.intended, which needs the names of the inputs; only
 * after cret_draft_write. Faults have the severity of the table of checks, raised by the profile
 * (or NULL); what is clean is not listed, nor what nobody says; what could not be looked at in the
 * SBOM is NOT_CHECKED. The release date stands for now, so that the result does not depend on the
 * day of packing. Bytes that are no longer those that were hashed, or cannot be read: class
 * UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_draft_check(const struct cret_draft *draft,
                                                  const struct cret_profile *profile,
                                                  struct cret_findings *findings,
                                                  struct cret_err *err);

#endif
