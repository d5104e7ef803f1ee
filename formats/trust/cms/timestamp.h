/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timestamp token (RFC 3161 2.4.2) of a signature value: an authority says that the signature
 * existed at a time. The one thing in a signature that the signer's key does not cover; so it is
 * held to a form of its own, byte by byte, wherever it comes along.
 */
#ifndef CRET_TRUST_TIMESTAMP_H
#define CRET_TRUST_TIMESTAMP_H

#include "trust/asn1/der.h"
#include "trust/x509/chain.h"

struct cret_timestamp;

/*
 * Parses a token and holds it to be consistent in itself: DER; SignedData v3 around one TSTInfo v1
 * by exactly one SignerInfo; certificates exactly those that its signingCertificateV2 lists, as a
 * chain; the signature verifies; the imprint is the SHA-2 hash of signature_value; the certificate
 * of the authority is for time stamping, critically and for nothing else (RFC 3161 2.3); no unknown
 * critical extension. Says nothing about trust in the authority; allow_rsa_2048 as in
 * cret_cms_parse_under. class REFUSED, signature.timestamp. Copies the token.
 */
CRET_MUST_CHECK enum cret_status cret_timestamp_parse(struct cret_timestamp **ret_timestamp,
                                                      struct cret_bytes token,
                                                      struct cret_bytes signature_value,
                                                      bool allow_rsa_2048, struct cret_err *err);
/* The same of a token that dates something else than a signature: whoever calls compares its
 * imprint. */
CRET_MUST_CHECK enum cret_status cret_timestamp_parse_alone(struct cret_timestamp **ret_timestamp,
                                                            struct cret_bytes token,
                                                            bool allow_rsa_2048,
                                                            struct cret_err *err);
/* What the token dates: a hash (borrowed) by this algorithm. */
struct cret_digest_algorithm;
const struct cret_digest_algorithm *cret_timestamp_imprint(const struct cret_timestamp *timestamp,
                                                           struct cret_bytes *ret_hash);
void cret_timestamp_free(struct cret_timestamp **timestamp);

/* genTime as the token writes it, without a fraction of a second. */
int64_t cret_timestamp_time(const struct cret_timestamp *timestamp);
/* The last second in which the signature can have been made: genTime and accuracy, rounded up. */
int64_t cret_timestamp_latest(const struct cret_timestamp *timestamp);
/* Microseconds; 0 where the token gives none. */
uint64_t cret_timestamp_accuracy(const struct cret_timestamp *timestamp);
/* Borrowed: hex of the serial number; subject and certificate of the authority. */
const char *cret_timestamp_serial(const struct cret_timestamp *timestamp);
const struct cret_certificate *cret_timestamp_signer(const struct cret_timestamp *timestamp);

/* Whether the token names the authority's certificates by SHA-1 alone (signingCertificate of RFC
 * 2634, which RFC 5816 still allows), not by signingCertificateV2. */
bool cret_timestamp_named_by_sha1(const struct cret_timestamp *timestamp);
/* The token as an object of its own; borrowed. */
struct cret_cms;
const struct cret_cms *cret_timestamp_cms(const struct cret_timestamp *timestamp);

/*
 * Is the token by an authority of this anchor, with a path that was valid at genTime? Of `request`,
 * signer, time and usage are set here; the intermediates must hold those of the token. Errors as
 * cret_chain_verify.
 */
CRET_MUST_CHECK enum cret_status cret_timestamp_verify(const struct cret_timestamp *timestamp,
                                                       const struct cret_chain_request *request,
                                                       struct cret_chain *ret_chain,
                                                       struct cret_err *err);

#endif
