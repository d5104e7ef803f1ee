/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order (docs/spec/tpm.md): the trust owner's signature that lets every station of a fleet write
 * one new trust policy, and only a newer one than it has, into its TPM. Made and read without a
 * TPM.
 */
#ifndef CRET_TRUST_ORDER_H
#define CRET_TRUST_ORDER_H

#include "base/schema/file_format.h"
#include "trust/tpm/tpm_policy.h"

#define CRET_ORDER_PURPOSE "order/1"
/* policyDigest and policyRef: what the trust owner signs (part 3, 23.16). */
#define CRET_ORDER_MESSAGE_MAXIMUM 64u

struct cret_order {
    uint64_t version;                              /* of the trust policy; at most 2^53-1 */
    uint8_t digest[CRET_SHA256_BYTES];             /* of trust.json */
    uint32_t index;                                /* NV index of the anchor */
    struct cret_tpm_key *owner;                    /* the key that signed; owned */
    uint8_t signature[CRET_TPM_SIGNATURE_MAXIMUM]; /* in the TPM's form */
    size_t signature_size;
};

extern const struct cret_file_format cret_order_format;

/* The bytes that are signed: approved policy, then the reference "anchor". Their SHA-256 is aHash
 * of PolicyAuthorize. Uses version, digest, index and owner. */
CRET_MUST_CHECK enum cret_status cret_order_message(uint8_t ret_message[CRET_ORDER_MESSAGE_MAXIMUM],
                                                    size_t *ret_size,
                                                    uint8_t ret_policy[CRET_SHA256_BYTES],
                                                    const struct cret_order *order,
                                                    struct cret_err *err);

/*
 * Takes a signature over the message as OpenSSL or an HSM gives it (PKCS#1 v1.5 or DER of ECDSA,
 * SHA-256), brings it into the TPM's form, and verifies it. class USAGE where it does not verify.
 */
CRET_MUST_CHECK enum cret_status cret_order_sign(struct cret_order *order, const uint8_t *value,
                                                 size_t size, struct cret_err *err);

/* The order as JSON text; caller frees. */
CRET_MUST_CHECK enum cret_status cret_order_print(char **ret_text, size_t *ret_size,
                                                  const struct cret_order *order,
                                                  struct cret_err *err);

/*
 * Parses an order; strict. Judges neither its signature nor its version: the TPM does (whoever
 * reads it without one calls cret_order_verify). class USAGE; origin names the file. Free with
 * cret_order_clear.
 */
CRET_MUST_CHECK enum cret_status cret_order_parse(struct cret_order *ret_order, const char *text,
                                                  size_t size, const char *origin,
                                                  struct cret_err *err);

/* Whether the signature verifies under the order's own key. CRET_FAILED only where the tool could
 * not do its work. */
CRET_MUST_CHECK enum cret_status cret_order_verify(const struct cret_order *order, bool *ret_valid,
                                                   struct cret_err *err);
void cret_order_clear(struct cret_order *order);

/* "0x01800100" to a number: 0x and eight lower-case hex digits. */
CRET_MUST_CHECK enum cret_status cret_tpm_handle_parse(uint32_t *ret_handle, const char *text);

#endif
