/* SPDX-License-Identifier: Apache-2.0 */
/* What all Authenticode signatures share: PKCS#7 over an SpcIndirectDataContent, which holds the
 * digest of the file. */
#ifndef CRET_FOREIGN_AUTHENTICODE_H
#define CRET_FOREIGN_AUTHENTICODE_H

#include "foreign/signed.h"

enum { CRET_AUTHENTICODE_BYTES = 4 << 20, CRET_AUTHENTICODE_NESTED = 4 };

/* How a format hashes a file: by the digest that its signature names. class REFUSED, foreign.form;
 * UNDECIDED. */
typedef enum cret_status (*cret_authenticode_hasher)(void *context,
                                                     const struct cret_foreign_file *file,
                                                     const EVP_MD *md, uint8_t *ret_digest,
                                                     size_t *ret_size, struct cret_err *err);

/* Looks for the file in a signed list (content octets of its SEQUENCE). class REFUSED,
 * foreign.form, foreign.value; UNDECIDED. */
typedef enum cret_status (*cret_authenticode_finder)(void *context, struct cret_bytes list,
                                                     struct cret_foreign_proof *proof,
                                                     struct cret_err *err);

struct cret_authenticode {
    const char *data_type; /* "pe", "cab", "msi": what SpcIndirectDataContent must say it is over */
    cret_authenticode_hasher hash;
    cret_authenticode_finder find; /* of a catalogue, in the place of both; or NULL */
    void *context;
};

/* SpcIndirectDataContent: over data of which type, and their digest. */
struct cret_spc_data {
    const char *type;
    const EVP_MD *md;
    const char *digest_name;
    struct cret_bytes digest;
};
extern const struct cret_bytes cret_oid_spc_indirect_data, cret_oid_trust_list;

/* From the content octets of its SEQUENCE, borrowed. class REFUSED, foreign.form. */
CRET_MUST_CHECK enum cret_status
cret_spc_data_read(struct cret_spc_data *ret_data, struct cret_bytes content, struct cret_err *err);
/* The digest was found to be that of the file: sets digest and strength of the proof. */
void cret_spc_data_took(const struct cret_spc_data *data, struct cret_foreign_proof *proof);

/*
 * Reads the signatures and those nested in them, each of which must be right for the file; the
 * first one that is of a pin counts, before it the first such one that relies on no weak digest;
 * the others are named (proof->others). What is unread in one of them is a gap. Each may have
 * trailing bytes: ret_used[i] says how many bytes it has. class REFUSED with foreign.form,
 * foreign.value, foreign.pin, certificate.*; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status
cret_authenticode_verify(const struct cret_foreign_question *question,
                         const struct cret_authenticode *how, const struct cret_bytes *messages,
                         size_t count, size_t *ret_used, struct cret_foreign_proof *proof,
                         struct cret_err *err);

#endif
