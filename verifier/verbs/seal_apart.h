/* SPDX-License-Identifier: Apache-2.0 */
/* A seal judged by a process that can do nothing else. */
#ifndef CRET_VERIFIER_SEAL_APART_H
#define CRET_VERIFIER_SEAL_APART_H

#include "trust/seal/seal.h"

/* What is to be judged; borrowed, and not looked at by whoever asks. */
struct cret_seal_case {
    const char *path; /* of the seal, for errors */
    struct cret_bytes seal;
    const struct cret_seal_object *objects;
    size_t object_count;
    const struct cret_policy *policy;
    /* A signature whose key may not be one of those that dated it (DER); data NULL: none. */
    struct cret_bytes signature;
    /* The seal that this one renews, which it must keep as it is; data NULL: none. */
    struct cret_bytes before;
    bool allow_example_keys, allow_unconfined;
};

/* What it proves. */
struct cret_seal_said {
    int64_t since, until;         /* as struct cret_seal_proof */
    int64_t dated;                /* the time of the last timestamp */
    const char *authority, *last; /* of the policy; borrowed */
    size_t stamps, chains;
    const struct cret_digest_algorithm *algorithm;
};

/* class as cret_seal_parse and cret_seal_verify; UNDECIDED where the process ends otherwise, or
 * tells what no seal under this policy can prove. */
CRET_MUST_CHECK enum cret_status cret_seal_judge(struct cret_seal_said *ret_said,
                                                 const struct cret_seal_case *asked,
                                                 struct cret_err *err);
/* What such a process told, held to the policy (tests). */
CRET_MUST_CHECK enum cret_status cret_seal_said_take(struct cret_seal_said *ret_said,
                                                     const json_t *told,
                                                     const struct cret_policy *policy,
                                                     struct cret_err *err);

#endif
