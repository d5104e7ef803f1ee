/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures whose key somebody else holds (an HSM, a service, a smartcard): what he signs, and
 * what he made of it brought into the one form of docs/spec/signatures.md.
 */
#ifndef CRET_KEYS_CEREMONY_H
#define CRET_KEYS_CEREMONY_H

#include "base/finding/finding.h"
#include "keys/keystore.h"
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

struct cret_foreign_request {
    const struct cret_certificate *const *certificates; /* more than the signature embeds */
    size_t certificate_count;
    int64_t now; /* seconds */
    bool allow_example_keys;
    const char *origin; /* names the signature in notes */
};

/*
 * A CMS signature that another tool made, brought into the one form: what no signature covers is
 * written anew (encoding, order, certificates other than those that signingCertificateV2 lists,
 * CRLs, embedded content, unsigned attributes), what it covers stays as it is. DER, BER, or PEM.
 * notes: a WARN for everything that was left out. Then held to the verifier's rules over content
 * and to cret_sign_check. class REFUSED with the reason where that cannot be; USAGE for
 * certificates that may not sign. Caller frees *ret_der.
 */
CRET_MUST_CHECK enum cret_status
cret_ceremony_adapt(uint8_t **ret_der, size_t *ret_size, struct cret_findings *notes,
                    const char *data, size_t data_size, const struct cret_foreign_request *request,
                    const uint8_t *content, size_t size, struct cret_err *err);

#endif
