/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One detached CMS signature (RFC 5652) in the one form of docs/spec/signatures.md. A strict walker
 * of our own holds every byte to that form before OpenSSL's parser sees it.
 */
#ifndef CRET_TRUST_CMS_H
#define CRET_TRUST_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"
#include "trust/cms/timestamp.h"
#include "trust/x509/certificate.h"

/* commitmentTypeIndication (RFC 5126 5.11.1): what the signer means. */
enum cret_meaning {
    CRET_MEANING_NONE = 0, /* attribute absent */
    CRET_MEANING_ORIGIN,   /* id-cti-ets-proofOfOrigin */
    CRET_MEANING_APPROVAL, /* id-cti-ets-proofOfApproval */
    CRET_MEANING_RECEIPT,  /* id-cti-ets-proofOfReceipt */
    CRET_MEANING_COUNT
};
extern const char *const cret_meaning_names[CRET_MEANING_COUNT + 1]; /* NULL ends them */
const char *cret_meaning_name(enum cret_meaning meaning);            /* "none", "origin", ... */

struct cret_cms; /* a signature whose form is right; says nothing about its value */

/*
 * Parses and holds to the profile: DER, SignedData v1, detached, exactly one SignerInfo v1 with
 * issuerAndSerialNumber, the signed attributes, certificates exactly those that
 * signingCertificateV2 lists as a linear chain, algorithm identifiers in their one encoding and
 * fitting the signer's key, SubjectPublicKeyInfo in one form, no signingTime by a post-quantum key
 * (where its value cannot be checked, nothing else would hold the digits), no trailing byte; as the
 * one unsigned attribute perhaps a timestamp of the signature value, consistent in itself
 * (timestamp.h). class REFUSED with check signature.form, signature.algorithm or
 * signature.timestamp, where = offset in the CMS. Copies der.
 */
CRET_MUST_CHECK enum cret_status cret_cms_parse(struct cret_cms **ret_cms, const uint8_t *der,
                                                size_t size, struct cret_err *err);
/* The same; allow_rsa_2048: a signer and a timestamp authority may have an RSA key of 2048 to 3071
 * bits, whose trust is for a policy to judge that names rsa-2048. */
CRET_MUST_CHECK enum cret_status cret_cms_parse_under(struct cret_cms **ret_cms, const uint8_t *der,
                                                      size_t size, bool allow_rsa_2048,
                                                      struct cret_err *err);
void cret_cms_free(struct cret_cms **cms);

/*
 * Verifies messageDigest against content and the signature value with the signer's key: by
 * CMS_SignerInfo_verify and CMS_SignerInfo_verify_content; for Ed25519, ML-DSA and SLH-DSA over the
 * signed attributes directly (RFC 8419, 9882, 9814), so that one way serves every OpenSSL. Judges
 * no trust. class REFUSED, check signature.value; signature.post-quantum where this OpenSSL lacks
 * the algorithm; UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_cms_verify(const struct cret_cms *cms, const uint8_t *content,
                                                 size_t size, struct cret_err *err);

/* Whether this OpenSSL has the algorithm of the value. Where it has not, the signature must never
 * count for anything. */
bool cret_cms_checkable(const struct cret_cms *cms);
/* What can be told of a signature that is not checkable: messageDigest is that of the content. This
 * is no verification. class REFUSED, check signature.value. */
CRET_MUST_CHECK enum cret_status cret_cms_match_content(const struct cret_cms *cms,
                                                        const uint8_t *content, size_t size,
                                                        struct cret_err *err);

/* Borrowed, valid as long as the cms. */
const struct cret_certificate *cret_cms_signer(const struct cret_cms *cms);
size_t cret_cms_intermediate_count(const struct cret_cms *cms);
const struct cret_certificate *cret_cms_intermediate(const struct cret_cms *cms, size_t index);
enum cret_meaning cret_cms_meaning(const struct cret_cms *cms);
/* Self-asserted: shown, never trusted. False where absent. */
bool cret_cms_signing_time(const struct cret_cms *cms, int64_t *ret_seconds);
/* "ecdsa-p256-sha256", "rsa-3072-pkcs1-sha256", "rsa-4096-pss-sha512", "ml-dsa-65-sha512", ... */
const char *cret_cms_algorithm(const struct cret_cms *cms);
bool cret_cms_is_post_quantum(const struct cret_cms *cms);

/* The timestamp of the signature, consistent in itself; NULL: it has none. */
const struct cret_timestamp *cret_cms_timestamp(const struct cret_cms *cms);

/* What another implementation needs to verify the signature value once more; key and value are
 * borrowed. */
struct cret_cms_material {
    const uint8_t *key; /* DER SubjectPublicKeyInfo of the signer */
    size_t key_size;
    uint8_t digest[64]; /* of the signed attributes as a DER SET OF, in the order received */
    size_t digest_size;
    const uint8_t *value;
    size_t value_size;
};
CRET_MUST_CHECK enum cret_status cret_cms_material(struct cret_cms_material *ret_material,
                                                   const struct cret_cms *cms,
                                                   struct cret_err *err);

/* The member name that a signature by this key must have: 16 hex digits of the SHA-256 of the
 * SubjectPublicKeyInfo. */
void cret_cms_member_name(const struct cret_cms *cms, char out[17]);

#endif
