/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: the one place where signatures are judged, and the only maker of proof of
 * authentication. */
#ifndef CRET_ENGINE_GATE_H
#define CRET_ENGINE_GATE_H

#include "base/finding/authentic.h"
#include "container/archive.h"
#include "engine/request.h"
#include "trust/policy/policy.h"

/* One signature member and what became of it. */
struct cret_gate_signature {
    char name[17];
    uint8_t digest[CRET_SHA256_BYTES]; /* of the member's bytes */
    struct cret_cms *cms;              /* NULL where its form was refused */
    bool unchecked;                    /* this OpenSSL lacks the algorithm: counts for nothing */
    struct cret_sealed sealed;         /* what the seal proves of it, where there is one */
    struct cret_signature_judgement judgement;
};

struct cret_gate_result {
    struct cret_gate_signature *signatures;
    size_t signature_count;
    struct cret_authentic *authentic; /* NULL unless the gate opened */
};

/*
 * Judges the signatures of a front: each must be in form, lie under the name of its key, no two of
 * one key, and verify over the manifest bytes, whether the policy asks for it or not; of a value
 * whose algorithm this OpenSSL lacks, the finding says NOT_CHECKED. Then the policy counts. Adds
 * the findings of signature.*, certificate.* and trust.*. CRET_OK only where the gate opened (then
 * ret_result->authentic is set). On refusal the result still tells what is known of each signature.
 * rules: policy, time, example keys. A seal that is there must hold, over the manifest and at least
 * one of the signatures (seal.*); those that it is over are judged as of the time that it proves.
 */
CRET_MUST_CHECK enum cret_status cret_gate(struct cret_gate_result *ret_result,
                                           const struct cret_front *front,
                                           const struct cret_judge_request *rules,
                                           const struct cret_inspect_seal *seal,
                                           struct cret_findings *findings, struct cret_err *err);
/* A signed list of a package (package/package.h) and the signature over it; borrowed. */
struct cret_gate_pair {
    const char *name; /* of the signature, for findings */
    const uint8_t *list;
    size_t list_size;
    const uint8_t *der;
    size_t der_size;
};
/*
 * The same for an OPC UA package: each signature in form, over its list, no two of one key; then
 * the policy counts. The proof covers `bytes`: what the package says it is, which every list must
 * hold the digest of (the caller has compared that).
 */
CRET_MUST_CHECK enum cret_status
cret_gate_package(struct cret_gate_result *ret_result, const struct cret_gate_pair *pairs,
                  size_t count, struct cret_bytes bytes, const struct cret_judge_request *rules,
                  struct cret_findings *findings, struct cret_err *err);
/* Its first half: each signature is sound; nothing is counted. */
CRET_MUST_CHECK enum cret_status cret_gate_package_examine(struct cret_gate_result *ret_result,
                                                           const struct cret_gate_pair *pairs,
                                                           size_t count, bool allow_rsa_2048,
                                                           struct cret_findings *findings,
                                                           struct cret_err *err);
/*
 * The first half of the gate, for the signer before it adds a signature: each present signature is
 * in form, under the name of its key, no two of one key, and verifies over the manifest. Counts
 * nothing and opens nothing; a front without signatures passes. Free the result in every case.
 */
CRET_MUST_CHECK enum cret_status cret_gate_examine(struct cret_gate_result *ret_result,
                                                   const struct cret_front *front,
                                                   struct cret_findings *findings,
                                                   struct cret_err *err);
/* A file with the signatures beside it, named by the digits of their names; borrowed. */
struct cret_gate_file {
    const char *text;
    size_t size;
    const struct cret_signature *signatures;
    size_t signature_count;
};
/*
 * Judges the signatures beside a waiver file (docs/spec/waivers.md); rules without signatures: each
 * must lie under the name of its key and verify over the text; then the role waiver of each
 * scope is counted. CRET_OK only where one has its threshold: *ret_authentic (caller frees) covers
 * the products of those scopes, and *ret_signers names who was counted (caller frees). class
 * REFUSED with waiver.signature.
 */
CRET_MUST_CHECK enum cret_status cret_gate_waivers(struct cret_authentic **ret_authentic,
                                                   char **ret_signers,
                                                   const struct cret_gate_file *file,
                                                   const struct cret_judge_request *rules,
                                                   struct cret_err *err);
void cret_gate_result_free(struct cret_gate_result *result);

#endif
