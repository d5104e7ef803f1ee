/* SPDX-License-Identifier: Apache-2.0 */
/* The profile of a run: from --profile or the site configuration, with the owner's signature. */
#ifndef CRET_VERIFIER_PROFILE_FILE_H
#define CRET_VERIFIER_PROFILE_FILE_H

#include "base/command/options.h"
#include "release/statements/profile.h"
#include "trust/policy/policy.h"

struct cret_profile_source {
    const struct cret_options *options; /* with the site configuration: they name it */
    const struct cret_policy
        *policy; /* whose owner roles may sign it; NULL: no signature is read */
    int64_t now;
    bool allow_example_keys;
};

/*
 * Reads the profile that site configuration or --profile name (one of them must), with the digest
 * that the site configuration pins. Where PATH.p7s lies beside it and the policy has an owner role,
 * that must be a signature over its bytes, in the profile of docs/spec/signatures.md, that counts
 * for such a role. class USAGE for whatever does not fit: nothing is judged by a profile that is
 * not the site's. *ret_signer: subject of the owner's certificate (caller frees), or NULL:
 * unsigned.
 */
CRET_MUST_CHECK enum cret_status cret_profile_load(struct cret_profile **ret_profile,
                                                   char **ret_signer,
                                                   const struct cret_profile_source *source,
                                                   struct cret_err *err);

#endif
