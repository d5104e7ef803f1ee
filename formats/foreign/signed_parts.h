/* SPDX-License-Identifier: Apache-2.0 */
/* What the modules about SignedData share. Internal to signed*.c. */
#ifndef CRET_FOREIGN_SIGNED_PARTS_H
#define CRET_FOREIGN_SIGNED_PARTS_H

#include "foreign/signed.h"

/* One SignerInfo from a reader that stands before it. */
CRET_MUST_CHECK enum cret_status cret_signer_info_read(struct cret_signer_info *ret_info,
                                                       struct cret_der *der);
/* The certificate that it names, of those of a message; NULL: none. */
const struct cret_certificate *cret_signer_info_find(const struct cret_signer_info *info,
                                                     const struct cret_signed *message);
/* messageDigest is this digest, and the value is right for attributes and key. */
CRET_MUST_CHECK enum cret_status cret_signer_info_verify(const struct cret_signer_info *info,
                                                         const struct cret_certificate *certificate,
                                                         const uint8_t *digest, size_t size,
                                                         struct cret_err *err);
/* The digest of an AlgorithmIdentifier, parameters absent or NULL; *ret_name NULL: unknown. */
const EVP_MD *cret_signed_digest(struct cret_bytes identifier, const char **ret_name);
CRET_MUST_CHECK enum cret_status cret_signed_hash(uint8_t *ret_digest, size_t *ret_size,
                                                  const EVP_MD *md, struct cret_bytes bytes,
                                                  struct cret_err *err);
/* The values of an attribute (content of its SET OF) among unsigned attributes, one after the
 * other; *rest begins as all of them. False: no more. */
bool cret_signed_unsigned(struct cret_bytes *rest, struct cret_bytes oid,
                          struct cret_bytes *ret_values);

/* What of a message was of use. */
struct cret_signed_use {
    bool needed[CRET_SIGNED_CERTIFICATES]; /* a path needs this certificate */
    struct cret_bytes unread; /* the first value of a kind that is read, and was not; or empty */
    size_t unread_bytes;      /* of all such */
};
void cret_signed_unread(struct cret_signed_use *use, struct cret_bytes part);
/* A time that somebody trusted gives for the signature; proof->time.given false: nobody does. Notes
 * in *proof why not. Adds to *use, also after a failure, what a path to an authority needs, and
 * the timestamps that are not read: broken ones, and those beyond how many there may be. class
 * REFUSED, foreign.timestamp: a time by somebody trusted is from after now. */
CRET_MUST_CHECK enum cret_status cret_signed_time(const struct cret_foreign_question *question,
                                                  const struct cret_signed *message,
                                                  struct cret_signed_use *use,
                                                  struct cret_foreign_proof *proof,
                                                  struct cret_err *err);

/* The unsigned attributes that are read here. */
extern const struct cret_bytes cret_oid_microsoft_token, cret_oid_countersignature,
    cret_oid_nested_signature;

#endif
