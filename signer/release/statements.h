/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on what the release says (lifecycle, documents, topics, claims), as a verifier makes them
 * by default: faults are WARN or FAIL as the table of checks says, raised by a profile. */
#ifndef CRET_SIGNER_STATEMENTS_H
#define CRET_SIGNER_STATEMENTS_H

#include "release/statements/profile.h"
#include "signer/release/content.h"

/* profile may be NULL. The release date stands for now, so that the result does not depend on the
 * day of packing. CRET_FAILED only where an input cannot be read. */
CRET_MUST_CHECK enum cret_status cret_statements_check(const struct cret_content *content,
                                                       const struct cret_profile *profile,
                                                       struct cret_findings *findings,
                                                       struct cret_err *err);

#endif
