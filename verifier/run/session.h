/* SPDX-License-Identifier: Apache-2.0 */
/* One run of check, extract or show, settled before the first archive is read: clock, trust and
 * expectations, as options and site configuration say. */
#ifndef CRET_VERIFIER_SESSION_H
#define CRET_VERIFIER_SESSION_H

#include "base/command/options.h"
#include "engine/inspect.h"
#include "verifier/run/tpm_guard.h"

struct cret_session {
    int64_t system_time; /* the clock when the run began */
    bool at_given;
    struct cret_optional planned; /* --planned-at, seconds */
    bool allow_unconfined;
    struct cret_policy *policy;   /* NULL: no trust was named (only `show` allows that) */
    struct cret_profile *profile; /* --profile or the site's, or NULL */
    char *profile_signer;         /* the owner who signed it, or NULL */
    struct cret_waivers *waivers; /* --waivers, or NULL */
    struct cret_policy *clocks;   /* --authority: who is trusted for seals; or NULL */
    const char *policy_path;      /* trust.json, or NULL with --anchor */
    uint8_t expect_identity[CRET_SHA256_BYTES];
    struct cret_guard *guard; /* --tpm, --tpm-verify; NULL where no TPM takes part */
    struct cret_also *also;   /* --also */
    int payload_directory;    /* --payload, or -1 */
    struct cret_inspect_request request;
};

/* Options shared by the verbs that verify, by group; tables for base/options. */
extern const struct cret_option_group cret_trust_group;
extern const struct cret_option_group cret_expectation_group;
extern const struct cret_option_group cret_waiver_group;
extern const struct cret_option_group cret_extent_group;
extern const struct cret_option_group cret_evidence_group;

/* trust_required: naming neither --anchor nor --trust is class USAGE. Fills *ret_session; on
 * failure nothing is left to free. */
CRET_MUST_CHECK enum cret_status cret_session_open(struct cret_session *ret_session,
                                                   const struct cret_options *options,
                                                   bool trust_required, struct cret_err *err);
/* The same as of a time, where it is given: as --at, for who has no such option. */
CRET_MUST_CHECK enum cret_status cret_session_open_as_of(struct cret_session *ret_session,
                                                         const struct cret_options *options,
                                                         bool trust_required,
                                                         const struct cret_optional *as_of,
                                                         struct cret_err *err);
void cret_session_close(struct cret_session *session);

#endif
