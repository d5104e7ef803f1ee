/* SPDX-License-Identifier: Apache-2.0 */
/* What the modules of the trust policy share. Internal to trust/. */
#ifndef CRET_TRUST_POLICY_PARTS_H
#define CRET_TRUST_POLICY_PARTS_H

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "trust/policy/policy.h"

/* The roles of a scope, each with the meanings that may count for it. */
struct cret_role_kind {
    const char *name;
    bool meanings[CRET_MEANING_COUNT];
    bool owner;   /* counts for adopted releases; may have threshold 0 */
    bool waiver;  /* counts for waivers alone */
    bool attests; /* signs attestations alone, with a pinned key */
};
const struct cret_role_kind *cret_role_kind_find(const char *name); /* or NULL */

/* A role in its default form: code signing, the meanings of its kind, no signers, threshold 1.
 * Memory only. */
CRET_MUST_CHECK enum cret_status cret_policy_role_begin(struct cret_policy_role *role,
                                                        const struct cret_role_kind *kind,
                                                        size_t signer_capacity,
                                                        struct cret_err *err);

/* What a policy lets an anchor be. */
struct cret_anchor_rules {
    bool allow_example_keys, allow_rsa_2048;
};

/* The anchor of one entry of signers[] (validated by the table): type, PEM, notAfter, fingerprint.
 * `where` is its JSON pointer. class USAGE; REFUSED with trust.example-key. */
CRET_MUST_CHECK enum cret_status cret_policy_anchor_parse(struct cret_anchor *ret_anchor,
                                                          const json_t *signer, const char *where,
                                                          const struct cret_anchor_rules *rules,
                                                          struct cret_err *err);
/* The same for `postQuantum`, whose key must be one. *ret_present false where there is none. */
CRET_MUST_CHECK enum cret_status
cret_policy_post_quantum_parse(struct cret_anchor *ret_anchor, bool *ret_present,
                               const json_t *signer, const char *where,
                               const struct cret_anchor_rules *rules, struct cret_err *err);
/* The owners and algorithms of a policy. class USAGE; REFUSED with trust.example-key. origin names
 * the file. */
CRET_MUST_CHECK enum cret_status cret_policy_owners_parse(struct cret_policy *policy,
                                                          const json_t *json, const char *origin,
                                                          bool allow_example_keys,
                                                          struct cret_err *err);
/* Whether `algorithms` has the word rsa-2048. The structure was validated by the table. */
bool cret_policy_names_rsa_2048(const json_t *json);
/* `foreign` of a scope. The structure was validated by the table. class USAGE; REFUSED with
 * trust.example-key. */
CRET_MUST_CHECK enum cret_status cret_policy_pins_parse(struct cret_policy_scope *scope,
                                                        const json_t *json, const char *where,
                                                        const struct cret_anchor_rules *rules,
                                                        struct cret_err *err);
/* Points err into the file: "<origin> #/...". What a lower level calls REFUSED is a fault of the
 * policy; only an example key is evidence of its own. */
enum cret_status cret_policy_at(const char *origin, const char *where, struct cret_err *err);

/* The place of a signer in the scope by his name; scope->signer_count: there is none. */
size_t cret_policy_signer_find(const struct cret_policy_scope *scope, const char *name);
/* Is this product, by name or by "*", one of the scope's? */
bool cret_policy_scope_covers(const struct cret_policy_scope *scope, const char *product);
/* Is neither name nor a key of this signer one of the scope's signers so far? class USAGE. */
CRET_MUST_CHECK enum cret_status cret_policy_check_unique(const struct cret_policy_scope *scope,
                                                          const struct cret_policy_signer *signer,
                                                          struct cret_err *err);
void cret_policy_anchor_clear(struct cret_anchor *anchor);
/* A CA, or where it is none the pinned certificate, out of one CERTIFICATE block. Errors as above.
 */
CRET_MUST_CHECK enum cret_status cret_policy_anchor_from_pem(struct cret_anchor *ret_anchor,
                                                             const char *pem, const char *where,
                                                             const struct cret_anchor_rules *rules,
                                                             struct cret_err *err);

/* What a policy asks of revocation lists and timestamps where it says nothing. */
void cret_policy_time_defaults(struct cret_policy *policy);
/* What the policy says of checks: `severities`, over the default ones, and `waivable`. The
 * structure was validated by the table. class USAGE where a check is named and nothing would
 * follow: the first one, and how many more there are. */
CRET_MUST_CHECK enum cret_status cret_policy_checks_parse(struct cret_policy *policy,
                                                          const json_t *json, const char *origin,
                                                          struct cret_err *err);
/* The fields about revocation, timestamps and intermediates. class USAGE; REFUSED with
 * trust.example-key. origin names the file. */
CRET_MUST_CHECK enum cret_status cret_policy_time_parse(struct cret_policy *policy,
                                                        const json_t *json, const char *origin,
                                                        bool allow_example_keys,
                                                        struct cret_err *err);

/*
 * When each signature was made: by a timestamp of an authority of the policy, valid at genTime and
 * not revoked, or else now; always now for what is judged as of now. *ret_times has one entry each,
 * with the parts about time set; the caller frees it. A timestamp from after now refuses all of
 * them: class REFUSED with a finding, and ret_judgements tell why; UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status
cret_policy_judge_times(struct cret_signature_judgement **ret_times,
                        const struct cret_judge_request *request,
                        struct cret_signature_judgement *ret_judgements,
                        struct cret_findings *findings, struct cret_err *err);
/* Expired, in spite of a timestamp: then the hint of why_not says why the timestamp does not help.
 */
void cret_policy_explain_time(struct cret_signature_judgement *result);
/* The findings about the timestamp of a signature that counts or completes. */
void cret_policy_report_timestamp(const struct cret_policy *policy,
                                  const struct cret_signature_judgement *signature,
                                  struct cret_findings *findings);

/* Where else certificates of a path may come from: what the signature embeds, then the policy's. */
#define CRET_PATH_CANDIDATES (CRET_LIMIT_CHAIN + CRET_LIMIT_INTERMEDIATES)
size_t cret_policy_candidates(const struct cret_policy *policy, const struct cret_cms *cms,
                              const struct cret_certificate *ret_list[CRET_PATH_CANDIDATES]);

/* What the revocation lists of a policy are asked about a path. */
struct cret_policy_lists {
    const struct cret_policy *policy;
    int64_t now, time; /* of this run, and of the signature */
    bool timestamped;  /* `time` is proved */
    bool is_authority; /* the path of a timestamp authority */
};
/* For cret_chain_request.accept, with a struct cret_policy_lists as its context: is the path free
 * of revocations, as far as the policy asks? */
CRET_MUST_CHECK enum cret_status cret_policy_accept_path(const struct cret_chain_request *request,
                                                         const struct cret_chain *chain,
                                                         struct cret_err *err);
/* The same for the path that was chosen; fills the parts of *result about revocation. class
 * REFUSED, certificate.revocation; UNDECIDED where a list proves the clock wrong. */
CRET_MUST_CHECK enum cret_status
cret_policy_check_revocation(const struct cret_chain_request *request,
                             const struct cret_chain *chain,
                             struct cret_signature_judgement *result, struct cret_err *err);
/* The findings about revocation of a signature that counts or completes. */
void cret_policy_report_revocation(const struct cret_policy *policy,
                                   const struct cret_signature_judgement *signature,
                                   struct cret_findings *findings);

/* How far one scope is met by a set of signatures. */
struct cret_scope_judgement {
    struct cret_signature_judgement *signatures; /* one each; owned */
    size_t *role_signers; /* per role: how many different signers were counted; owned */
    bool *completed;      /* per signer: his post-quantum signature verified; owned */
    bool vendor_met, owner_met;
    bool waivers; /* judged for a file of waivers, not for a release */
};

void cret_scope_judgement_clear(struct cret_scope_judgement *judgement);

/* The owners of `policy` among these signatures, counted like those of a role: pinned, each once,
 * by the policy's algorithms; certificates are not asked for their validity. The caller clears
 * *ret_judgement; role_signers[0] is how many counted. policy has owners. */
CRET_MUST_CHECK enum cret_status
cret_policy_judge_owners(const struct cret_policy *policy, const struct cret_cms *const *signatures,
                         size_t count, bool allow_example_keys,
                         struct cret_scope_judgement *ret_judgement, struct cret_err *err);

/* The threshold that a role is held to where it is asked for: never zero. */
unsigned cret_role_threshold(const struct cret_policy_role *role);
/* Did the certificate of a pin issue one of the signature's? Then somebody took it for a CA's, and
 * *why says why it is none. */
bool cret_scope_explain_pin(const struct cret_policy_scope *scope, const struct cret_cms *cms,
                            struct cret_err *why);
/* How telling a reason for not counting is; the higher one is shown. That the certificate leads
 * elsewhere says least. */
enum { CRET_REASON_ELSEWHERE = 1 };
unsigned cret_reason_rank(const struct cret_err *reason);
/* Keeps the more telling one of the two in *kept. */
void cret_reason_keep(struct cret_err *kept, const struct cret_err *reason);
/* Sets what the counted signers of a scope meet. */
void cret_scope_decide(const struct cret_policy_scope *scope, struct cret_scope_judgement *result);
/* What is told of each signature over all scopes. */
void cret_scopes_merge(const struct cret_scope_judgement *scopes, size_t scope_count,
                       struct cret_signature_judgement *judgements, size_t count);
/* Fills *what, one a scope of the policy; true where anything was met. */
bool cret_scopes_fill(const struct cret_policy *policy, const struct cret_scope_judgement *scopes,
                      struct cret_authentic_scope *what);

/* "the scope of VENDOR", or what a bare anchor stands for, in out; returns out. */
const char *cret_policy_scope_words(const struct cret_policy_scope *scope, char *out, size_t size);
/* "release 1 of 1, quality 0 of 1", appended. */
void cret_policy_count_words(const struct cret_policy_scope *scope,
                             const struct cret_scope_judgement *judgement,
                             struct cret_buffer *text);
/* Where nobody that the policy names signed, and none of its scopes is for what the file claims to
 * be: the finding that says so, and true. */
bool cret_policy_report_no_scope(const struct cret_judge_request *request,
                                 const struct cret_scope_judgement *scopes,
                                 struct cret_findings *findings);
/* The findings about thresholds where nothing is met. */
void cret_policy_report_missing(const struct cret_judge_request *request,
                                const struct cret_scope_judgement *scopes,
                                struct cret_findings *findings);

/* The findings of a judgement (policy.h, cret_policy_judge); err gets the first failure where
 * nothing was met. */
void cret_policy_report(const struct cret_judge_request *request,
                        const struct cret_scope_judgement *scopes,
                        const struct cret_signature_judgement *signatures,
                        struct cret_findings *findings, struct cret_err *err);

/* Takes the pin of this name out of the scope; what it named then counts for nothing. False: there
 * is none. */
CRET_MUST_CHECK bool cret_policy_pin_remove(struct cret_policy_scope *scope, const char *name);

#endif
