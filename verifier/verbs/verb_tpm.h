/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the verbs of `tpm`, one file each. */
#ifndef CRET_VERIFIER_VERB_TPM_H
#define CRET_VERIFIER_VERB_TPM_H

#include "base/command/options.h"
#include "trust/policy/policy.h"
#include "verifier/run/site.h"

int cret_verb_tpm_provision(const struct cret_options *options);
int cret_verb_tpm_apply(const struct cret_options *options);
int cret_verb_tpm_status(const struct cret_options *options);

extern const struct cret_option_group cret_tpm_provision_group;
extern const struct cret_option_group cret_tpm_apply_group;
extern const struct cret_option_group cret_tpm_status_group;
extern const struct cret_option_group
    cret_tpm_station_group; /* --station, --tcti, --journal-auth */

/* Reads and parses the trust policy that the site configuration or --trust names; *ret_policy NULL
 * where neither does. */
CRET_MUST_CHECK enum cret_status cret_tpm_read_trust(struct cret_policy **ret_policy,
                                                     const struct cret_options *options,
                                                     struct cret_err *err);

#endif
