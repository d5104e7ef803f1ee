/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were hardly meant to be released: private keys, and what editors, systems and version
 * control leave in folders. */
#ifndef CRET_SIGNER_INTENDED_H
#define CRET_SIGNER_INTENDED_H

#include "release/statements/profile.h"
#include "signer/release/draft.h"

/* One finding of file.intended for each such file, as severe as the table of checks and the profile
 * (or NULL) say. draft: after cret_draft_write, which looked at the content. */
void cret_intended_check(const struct cret_draft *draft, const struct cret_profile *profile,
                         struct cret_findings *findings);

/* The secrets of this very run (key and PIN files; URIs are passed over) under any name among the
 * files of a manifest: class USAGE. */
CRET_MUST_CHECK enum cret_status cret_intended_secrets(const struct cret_manifest *manifest,
                                                       const char *const *secrets, size_t count,
                                                       struct cret_err *err);

#endif
