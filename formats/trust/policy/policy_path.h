/* SPDX-License-Identifier: Apache-2.0 */
/* Which signer of a scope a signature leads to: pins, and certification paths in which no key is
 * another signer's. Internal to trust/. */
#ifndef CRET_TRUST_POLICY_PATH_H
#define CRET_TRUST_POLICY_PATH_H

#include "trust/policy/policy_claim.h"

enum { CRET_NO_SIGNER = -1 };

/* The claims of a scope in the making. */
struct cret_claim_maker {
    const struct cret_judge_request *request;
    const struct cret_policy_scope *scope;
    enum cret_demand post_quantum;
    const struct cret_signature_judgement *times; /* one each; NULL: all are of `now` */
    struct cret_signature_judgement *results;     /* one each */
    struct cret_claims *claims;
    bool unchecked; /* there is a signature that this OpenSSL cannot verify */
    struct cret_err *err;
};

/* The question whether a signature leads to one anchor, at one time, by a path that no list speaks
 * against and in which no key is another signer's. Stays where it was made. */
struct cret_path_question {
    struct cret_chain_request request;
    struct cret_policy_lists lists;
    const struct cret_policy_scope *scope;
    size_t signer;
    bool was_shared, *shared; /* a path was refused for a key of another signer */
    const struct cret_certificate *candidates[CRET_PATH_CANDIDATES];
};

/* The anchor of one of a signer's two kinds of keys; NULL: he has none. */
const struct cret_anchor *cret_signer_anchor(const struct cret_policy_signer *signer,
                                             bool post_quantum);
/* The role of a signer; the parser saw to it that there is at most one. NULL: none. */
const struct cret_policy_role *cret_signer_role(const struct cret_policy_scope *scope,
                                                size_t signer, size_t *ret_role);
/* The signer whose pin of this kind has this key: pinned keys first, then pinned certificates. A
 * pinned key in another certificate than the pinned one is his as well, and then counts for nobody:
 * were it looked for below a CA too, one key could stand for two signers. */
int cret_signer_pin(const struct cret_policy_scope *scope,
                    const struct cret_certificate *certificate, bool post_quantum);
/* How many keys of a path signer may have: from the leaf to below the anchor. */
size_t cret_path_keys(const struct cret_chain *chain);
/* Sets up the question whether a signature leads to that anchor of the signer, at a time.
 * timestamped: the time is proved by an authority that the policy trusts. */
void cret_path_begin(struct cret_path_question *question, const struct cret_claim_maker *maker,
                     const struct cret_cms *cms, size_t signer, bool post_quantum, int64_t time,
                     bool timestamped);
/* Is signature `index` by this signer, in the role that he has? *ret_shared: he could be, but for a
 * key of another signer on his path. */
CRET_MUST_CHECK enum cret_status cret_path_verify(const struct cret_claim_maker *maker,
                                                  size_t index, size_t signer, bool post_quantum,
                                                  struct cret_chain *ret_chain, bool *ret_shared,
                                                  struct cret_err *err);

#endif
