/* SPDX-License-Identifier: Apache-2.0 */
/* The trust policy of a run: that of the machine's site configuration, or of --trust. */
#ifndef CRET_RUN_SITE_POLICY_H
#define CRET_RUN_SITE_POLICY_H

#include "base/command/options.h"
#include "trust/policy/policy.h"

/* Reads and parses it, as of now, without an overlay; *ret_policy is NULL where nobody names one.
 * cret_policy_free(). */
CRET_MUST_CHECK enum cret_status cret_site_policy(struct cret_policy **ret_policy,
                                                  const struct cret_options *options,
                                                  struct cret_err *err);

#endif
