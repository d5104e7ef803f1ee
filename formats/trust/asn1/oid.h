/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers as their content octets. */
#ifndef CRET_TRUST_OID_H
#define CRET_TRUST_OID_H

#include "trust/asn1/der.h"

extern const struct cret_bytes cret_oid_data;                 /* id-data, RFC 5652 4 */
extern const struct cret_bytes cret_oid_signed_data;          /* id-signedData, RFC 5652 5.1 */
extern const struct cret_bytes cret_oid_content_type;         /* RFC 5652 11.1 */
extern const struct cret_bytes cret_oid_message_digest;       /* RFC 5652 11.2 */
extern const struct cret_bytes cret_oid_signing_time;         /* RFC 5652 11.3 */
extern const struct cret_bytes cret_oid_algorithm_protection; /* RFC 6211 2 */
extern const struct cret_bytes cret_oid_signing_certificate;  /* V2: RFC 5035 3 */
extern const struct cret_bytes cret_oid_commitment_type;      /* RFC 5126 5.11.1 */
extern const struct cret_bytes cret_oid_proof_of_origin;      /* RFC 5126 5.11.1 */
extern const struct cret_bytes cret_oid_proof_of_receipt;
extern const struct cret_bytes cret_oid_proof_of_approval;
extern const struct cret_bytes cret_oid_signing_certificate_v1; /* RFC 2634 5.4 */
extern const struct cret_bytes cret_oid_timestamp_token;        /* RFC 3161 appendix A */
extern const struct cret_bytes cret_oid_timestamp_info;         /* id-ct-TSTInfo, RFC 3161 2.4.2 */

/* Dotted, and with what it is and who writes it where that is known: "1.2.840.113549.1.9.15
 * (smimeCapabilities, by S/MIME tools)". Cut to the size. */
#define CRET_OID_TEXT_BYTES 160u
void cret_oid_text(struct cret_bytes oid, char *out, size_t size);

#endif
