/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two NV indices of a station and the policies that guard them, as bytes and digests (TPM 2.0
 * Library, part 1, 16 and 19; part 2, 13; part 3, 23). Everything is computed, nothing is asked of
 * a TPM, so that a verifier knows what the TPM must say, and a trust owner signs without one.
 */
#ifndef CRET_TRUST_TPM_POLICY_H
#define CRET_TRUST_TPM_POLICY_H

#include "trust/tpm/tpm_key.h"

/* Default handles (docs/spec/tpm.md). */
#define CRET_TPM_ANCHOR_INDEX 0x01800100u
#define CRET_TPM_JOURNAL_INDEX 0x01800102u
#define CRET_TPM_ATTESTATION_HANDLE 0x81008f01u
#define CRET_TPM_STORAGE_HANDLE 0x81000001u

/* The anchor's content: u64 version, SHA-256 of trust.json. */
#define CRET_TPM_ANCHOR_BYTES 40u
#define CRET_TPM_ANCHOR_REFERENCE "anchor" /* policyRef of PolicyAuthorize */

/* TPMA_NV (part 2, 13.4) without WRITTEN. */
#define CRET_TPM_ANCHOR_ATTRIBUTES                                                                 \
    0x0206000au /* ownerWrite, policyWrite, authRead, ownerRead, noDA */
#define CRET_TPM_JOURNAL_ATTRIBUTES 0x02040044u /* extend, authWrite, authRead, noDA */
#define CRET_TPM_NV_WRITTEN 0x20000000u

/* What anchor holds, in bytes. */
void cret_tpm_anchor_content(uint8_t out[CRET_TPM_ANCHOR_BYTES], uint64_t version,
                             const uint8_t digest[CRET_SHA256_BYTES]);
void cret_tpm_anchor_parse(const uint8_t content[CRET_TPM_ANCHOR_BYTES], uint64_t *ret_version,
                           uint8_t ret_digest[CRET_SHA256_BYTES]);

/* authPolicy of the anchor: PolicyAuthorize(Name of the trust owner's key, "anchor"). */
CRET_MUST_CHECK enum cret_status cret_tpm_anchor_policy(uint8_t ret_policy[CRET_SHA256_BYTES],
                                                        const struct cret_tpm_key *owner,
                                                        struct cret_err *err);

/* Names of the indices; written: as soon as something was written to them. */
CRET_MUST_CHECK enum cret_status cret_tpm_anchor_name(uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                                      uint32_t index,
                                                      const struct cret_tpm_key *owner,
                                                      bool written, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_tpm_journal_name(uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                                       uint32_t index, bool written,
                                                       struct cret_err *err);

/* cpHash (part 1, 18.7) of NV_Write(index by itself, content, offset 0). */
CRET_MUST_CHECK enum cret_status
cret_tpm_write_digest(uint8_t ret_digest[CRET_SHA256_BYTES],
                      const uint8_t anchor_name[CRET_TPM_NAME_BYTES],
                      const uint8_t content[CRET_TPM_ANCHOR_BYTES], struct cret_err *err);

/*
 * The policy that an order approves: PolicyNV(anchor's version < version of content, unsigned),
 * then PolicyCpHash(exactly the write of content).
 */
CRET_MUST_CHECK enum cret_status
cret_tpm_order_policy(uint8_t ret_policy[CRET_SHA256_BYTES],
                      const uint8_t anchor_name[CRET_TPM_NAME_BYTES],
                      const uint8_t content[CRET_TPM_ANCHOR_BYTES], struct cret_err *err);

/* Name of a primary key seen as a signer: qualified by the owner hierarchy (part 1, 16). */
CRET_MUST_CHECK enum cret_status cret_tpm_qualified_name(uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                                         const uint8_t name[CRET_TPM_NAME_BYTES],
                                                         struct cret_err *err);

#endif
