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

struct cret_authenticode {
    const char *data_type; /* "pe", "cab", "msi": what SpcIndirectDataContent must say it is over */
    cret_authenticode_hasher hash;
    void *context;
};

extern const struct cret_bytes cret_oid_spc_indirect_data;

/*
 * Reads the signatures and those nested in them, each of which must be right for the file; the
 * first one that is of a pin counts, and the others are named (proof->others). Each may have
 * trailing bytes: ret_used[i] says how many bytes it has. class REFUSED with foreign.form,
 * foreign.value, foreign.pin, certificate.*; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status
cret_authenticode_verify(const struct cret_foreign_question *question,
                         const struct cret_authenticode *how, const struct cret_bytes *messages,
                         size_t count, size_t *ret_used, struct cret_foreign_proof *proof,
                         struct cret_err *err);

#endif
