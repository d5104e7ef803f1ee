/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the verbs of `tpm`, one file each. */
#ifndef CRET_VERIFIER_VERB_TPM_H
#define CRET_VERIFIER_VERB_TPM_H

#include "base/command/options.h"
#include "trust/policy/policy.h"
#include "verifier/run/site.h"

/* Reads and parses the trust policy that the site configuration or --trust names; *ret_policy NULL
 * where neither does. */
CRET_MUST_CHECK enum cret_status cret_tpm_read_trust(struct cret_policy **ret_policy,
                                                     const struct cret_options *options,
                                                     struct cret_err *err);

#endif
