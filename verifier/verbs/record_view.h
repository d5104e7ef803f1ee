/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a record, for the verbs of `record`. */
#ifndef CRET_VERIFIER_RECORD_VIEW_H
#define CRET_VERIFIER_RECORD_VIEW_H

#include "base/command/options.h"
#include "base/page/page.h"
#include "verifier/verbs/record_trust.h"

/* The page of a record that was verified: GENUINE, what it counts as, and who vouches for it. As
 * --verbose and --files say. */
void cret_record_view_genuine(struct cret_page *page, const struct cret_options *options,
                              const struct cret_record_trust *trust);
/* That of one that was not: UNVERIFIED, why not, and the command that proves it. why: what spoke
 * against it where the site's own means were asked, or NULL: nobody was asked. What lies beside the
 * record is in trust->source. */
void cret_record_view_unverified(struct cret_page *page, const struct cret_options *options,
                                 const struct cret_record_trust *trust, const char *why);

#endif
