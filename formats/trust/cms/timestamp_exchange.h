/* SPDX-License-Identifier: Apache-2.0 */
/* How a signature gets its timestamp: request, response (RFC 3161 2.4), and the token put in place.
 */
#ifndef CRET_TRUST_TIMESTAMP_EXCHANGE_H
#define CRET_TRUST_TIMESTAMP_EXCHANGE_H

#include "base/finding/limits.h"
#include "trust/asn1/der.h"
#include "trust/cms/cms.h"

/* DER of the TimeStampReq for this signature's value, by the signature's own digest; asks for the
 * authority's certificate, and has no nonce: the answer may come on another day, and its imprint
 * says what it is for. The caller frees. Memory only. */
CRET_MUST_CHECK enum cret_status cret_timestamp_request(uint8_t **ret_der, size_t *ret_size,
                                                        const struct cret_cms *cms,
                                                        struct cret_err *err);

/* The same for anything else that has this digest. */
struct cret_digest_algorithm;
CRET_MUST_CHECK enum cret_status
cret_timestamp_request_for(uint8_t **ret_der, size_t *ret_size,
                           const struct cret_digest_algorithm *algorithm, const uint8_t *digest,
                           struct cret_err *err);

/* Whether these are the bytes of such a request, for some digest: nothing else can be said in them.
 * For who writes a request that a process told which reads what others wrote. */
bool cret_timestamp_request_is(const uint8_t *der, size_t size);

/* What became of an authority's answer. Zeroed is empty. */
struct cret_timestamp_answer {
    uint8_t *token; /* DER in the form of timestamp.h; owned */
    size_t size;
    size_t left_out; /* certificates that the token embedded, and its signature does not cover */
    struct cret_certificate *certificates[CRET_LIMIT_CHAIN]; /* those that can be named; owned */
    size_t named;
    bool encoded_anew; /* the answer was BER, where nothing covers that */
};
void cret_timestamp_answer_clear(struct cret_timestamp_answer *answer);

/*
 * The token of a TimeStampResp (or a bare token) in DER or BER, brought into the form of
 * timestamp.h: what no signature covers is written anew, or left out (certificates that its signed
 * attributes do not list, revocation lists, unsigned attributes); a certificate that it lists and
 * does not embed comes from `known`. The caller clears *ret_answer. Parse the token with
 * cret_timestamp_parse. class REFUSED, signature.timestamp: the authority's own words where it did
 * not grant a token.
 */
CRET_MUST_CHECK enum cret_status
cret_timestamp_response(struct cret_timestamp_answer *ret_answer, const uint8_t *data, size_t size,
                        const struct cret_certificate *const *known, size_t known_count,
                        struct cret_err *err);

/* The signature with this token in it, instead of one that it may have. The caller frees. */
CRET_MUST_CHECK enum cret_status cret_timestamp_attach(uint8_t **ret_der, size_t *ret_size,
                                                       const struct cret_cms *cms,
                                                       struct cret_bytes token,
                                                       struct cret_err *err);

/* The value that a token of this signature is over; borrowed. */
struct cret_bytes cret_timestamp_subject(const struct cret_cms *cms);

#endif
