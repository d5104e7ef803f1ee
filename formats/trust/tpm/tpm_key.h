/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public keys as a TPM knows them: the public area (TPMT_PUBLIC; TPM 2.0 Library, part 2, 12.2.4)
 * and the Name that follows from it (part 1, 16), computed here from the SubjectPublicKeyInfo, and
 * signatures in the TPM's form verified with OpenSSL. No TPM and no tss is needed.
 */
#ifndef CRET_TRUST_TPM_KEY_H
#define CRET_TRUST_TPM_KEY_H

#include "base/digest/digest.h"
#include "trust/x509/public_key.h"

#define CRET_TPM_NAME_BYTES 34u /* the algorithm's number, then SHA-256 */
#define CRET_TPM_SIGNATURE_MAXIMUM 384u

/* What the key is in the TPM, which its Name depends on. */
enum cret_tpm_use {
    CRET_TPM_USE_VERIFY, /* loaded from outside to verify: signEncrypt, userWithAuth, no scheme */
    CRET_TPM_USE_ATTEST, /* the attestation key: restricted signing primary, P-256 ECDSA SHA-256 */
};

struct cret_tpm_key;

/*
 * From a PEM text with one PUBLIC KEY, or one CERTIFICATE whose key is taken. class USAGE, also for
 * a key that a TPM may not be able to load: only RSA-3072, P-256 and P-384 are taken (ATTEST: only
 * P-256). origin names the file or field.
 */
CRET_MUST_CHECK enum cret_status cret_tpm_key_from_pem(struct cret_tpm_key **ret_key,
                                                       const char *pem, size_t size,
                                                       const char *origin, enum cret_tpm_use use,
                                                       struct cret_err *err);
/* The same from the DER of a SubjectPublicKeyInfo. */
CRET_MUST_CHECK enum cret_status cret_tpm_key_from_der(struct cret_tpm_key **ret_key,
                                                       const uint8_t *der, size_t size,
                                                       const char *origin, enum cret_tpm_use use,
                                                       struct cret_err *err);
/* From a point of P-256 that a TPM gave: the attestation key. */
CRET_MUST_CHECK enum cret_status cret_tpm_key_from_point(struct cret_tpm_key **ret_key,
                                                         const uint8_t x[32], const uint8_t y[32],
                                                         struct cret_err *err);
void cret_tpm_key_free(struct cret_tpm_key **key);

enum cret_key_kind cret_tpm_key_kind(const struct cret_tpm_key *key);
const char *cret_tpm_key_algorithm(const struct cret_tpm_key *key); /* "rsa-3072", "ecdsa-p256" */
/* SHA-256 of the SubjectPublicKeyInfo. */
const uint8_t *cret_tpm_key_digest(const struct cret_tpm_key *key);
/* CRET_TPM_NAME_BYTES bytes. */
const uint8_t *cret_tpm_key_name(const struct cret_tpm_key *key);
/* TPMT_PUBLIC; borrowed. */
const uint8_t *cret_tpm_key_area(const struct cret_tpm_key *key, size_t *ret_size);
/* "-----BEGIN PUBLIC KEY-----" text; borrowed. */
const char *cret_tpm_key_pem(const struct cret_tpm_key *key);
/* Bytes of a signature value: the modulus, or r and s of the curve's length one after the other. */
size_t cret_tpm_key_signature_size(const struct cret_tpm_key *key);

/* Brings a signature value as OpenSSL and HSMs give it (ECDSA: DER of r and s) into that form, and
 * returns its size; 0 where it has none. out has CRET_TPM_SIGNATURE_MAXIMUM bytes. */
size_t cret_tpm_key_signature_form(const struct cret_tpm_key *key, uint8_t *out,
                                   const uint8_t *value, size_t size);
/* Verifies a value of the TPM's form over the SHA-256 of message (PKCS#1 v1.5, ECDSA). *ret_valid
 * false where it does not verify; CRET_FAILED only where the tool could not do its work. */
CRET_MUST_CHECK enum cret_status cret_tpm_key_verify(const struct cret_tpm_key *key,
                                                     const uint8_t *message, size_t size,
                                                     const uint8_t *value, size_t value_size,
                                                     bool *ret_valid, struct cret_err *err);

/* The hex text of a Name, with the terminator. */
#define CRET_TPM_NAME_HEX (2u * CRET_TPM_NAME_BYTES + 1u)

#endif
