/* SPDX-License-Identifier: Apache-2.0 */
/* A timestamp token that stands for itself, judged under a policy: whose it is, and until when it
 * proves something. */
#ifndef CRET_TRUST_POLICY_TOKEN_H
#define CRET_TRUST_POLICY_TOKEN_H

#include "trust/cms/timestamp.h"
#include "trust/policy/policy.h"

/* --authority: one certificate a file, each a timestamp authority or the CA above it; nobody else
 * is trusted for anything. Caller frees with cret_policy_free. class USAGE; REFUSED for an example
 * key without allow_example_keys. */
CRET_MUST_CHECK enum cret_status cret_policy_from_authorities(struct cret_policy **ret_policy,
                                                              const char *const *paths,
                                                              size_t count, bool allow_example_keys,
                                                              struct cret_err *err);

struct cret_token_request {
    const struct cret_policy *policy; /* its timestamp authorities */
    int64_t now;
    /* The last time at which the token must be sound: of the token over it, or now. */
    int64_t relied;
    bool renewed; /* relied is proved by the token over it; else it is now */
    bool allow_example_keys;
};

struct cret_token_judgement {
    const char *authority; /* name of the policy's authority; borrowed */
    int64_t until;         /* the first end of a certificate of its path, seconds */
};

/*
 * Is the token by an authority of the policy, with a path that was valid at genTime, that no
 * revocation list refuses at `relied`, and of which no certificate, pinned or not, ended before
 * that? class REFUSED (seal.time) with the most telling reason.
 */
CRET_MUST_CHECK enum cret_status cret_policy_judge_token(const struct cret_token_request *request,
                                                         const struct cret_timestamp *timestamp,
                                                         struct cret_token_judgement *ret_judgement,
                                                         struct cret_err *err);

#endif
