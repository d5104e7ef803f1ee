/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures whose key somebody else holds (an HSM, a service, a smartcard): what he signs, and the
 * signature around the value that he made. */
#ifndef CRET_KEYS_CEREMONY_H
#define CRET_KEYS_CEREMONY_H

#include "keys/sign.h"
#include "trust/asn1/der.h"

/* What a raw signer signs. */
struct cret_to_sign {
    uint8_t *der; /* the signed attributes as SET OF (RFC 5652 5.4); owned */
    size_t size;
    const char *algorithm; /* of the digest over der: "sha256"; NULL: der itself is signed, as with
                            * Ed25519, ML-DSA and SLH-DSA, and the digest is of no use */
    uint8_t digest[64];
    size_t digest_size;
};

/* The signed attributes over content, from certificate, chain and meaning of the request alone: the
 * same request gives the same bytes. class USAGE as cret_sign_check. */
CRET_MUST_CHECK enum cret_status cret_ceremony_prepare(struct cret_to_sign *ret_to_sign,
                                                       const struct cret_sign_request *request,
                                                       const uint8_t *content, size_t size,
                                                       struct cret_err *err);
void cret_to_sign_clear(struct cret_to_sign *to_sign);

/*
 * The signature around a value that was made over what cret_ceremony_prepare gave for the same
 * request. ECDSA: the DER form, or r and s at full length one after the other (IEEE P1363, as
 * tokens give them). RSA: PKCS#1 v1.5 or PSS. Ed25519, ML-DSA, SLH-DSA: pure. Held to the
 * verifier's rules. class REFUSED where the value is none over these attributes. Caller frees
 * *ret_der.
 */
CRET_MUST_CHECK enum cret_status cret_ceremony_finish(uint8_t **ret_der, size_t *ret_size,
                                                      const struct cret_sign_request *request,
                                                      const uint8_t *content, size_t size,
                                                      struct cret_bytes value,
                                                      struct cret_err *err);

#endif
