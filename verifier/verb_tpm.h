/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the verbs of `tpm`, one file each. */
#ifndef CRET_VERIFIER_VERB_TPM_H
#define CRET_VERIFIER_VERB_TPM_H

#include "base/options.h"
#include "trust/policy.h"
#include "verifier/site.h"

int cret_verb_tpm_provision(const struct cret_options *options);
int cret_verb_tpm_apply(const struct cret_options *options);
int cret_verb_tpm_status(const struct cret_options *options);

extern const struct cret_option_group cret_tpm_provision_group;
extern const struct cret_option_group cret_tpm_apply_group;
extern const struct cret_option_group cret_tpm_status_group;
extern const struct cret_option_group cret_tpm_station_group; /* --station, --tcti, --config ... */

/* Reads and parses a trust policy; *ret_text (caller frees) and *ret_size are the file, or NULL
 * where they are not wanted. */
CRET_MUST_CHECK enum cret_status
cret_tpm_read_policy(struct cret_policy **ret_policy, char **ret_text, size_t *ret_size,
                     const char *path, const struct cret_options *options, struct cret_err *err);
/* The trust policy of the site configuration or of --trust; NULL where neither is given. */
const char *cret_tpm_policy_path(const struct cret_options *options, const struct cret_site *site);

#endif
