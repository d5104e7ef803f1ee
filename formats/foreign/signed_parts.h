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
 * other; *index begins at 0. False: no more. */
bool cret_signed_unsigned(const struct cret_signer_info *info, struct cret_bytes oid, size_t *index,
                          struct cret_bytes *ret_values);
/* A time that somebody trusted gives for the signature; proof->time.given false: nobody does. Notes
 * in *proof why not. Sets needed[i] where a path to an authority needs certificate i of message. */
CRET_MUST_CHECK enum cret_status cret_signed_time(const struct cret_foreign_question *question,
                                                  const struct cret_signed *message, bool *needed,
                                                  struct cret_foreign_proof *proof,
                                                  struct cret_err *err);

/* The unsigned attributes that are read here. */
extern const struct cret_bytes cret_oid_microsoft_token, cret_oid_countersignature,
    cret_oid_nested_signature;

#endif
