/* SPDX-License-Identifier: Apache-2.0 */
/* A cabinet (CAB) as Authenticode hashes it, also where a catalogue beside it holds the digest. */
#ifndef CRET_FOREIGN_CAB_H
#define CRET_FOREIGN_CAB_H

#include "foreign/kind.h"

struct cret_cab {
    uint64_t signature; /* where it begins; the size of the file where there is none */
    uint64_t signature_size;
};

bool cret_cab_is(const struct cret_foreign_file *file);
/* class REFUSED, foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status
cret_cab_read(struct cret_cab *ret_cab, const struct cret_foreign_file *file, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_cab_hash(const struct cret_cab *cab,
                                               const struct cret_foreign_file *file,
                                               const EVP_MD *md, uint8_t *ret_digest,
                                               size_t *ret_size, struct cret_err *err);
/* Names what of the header is not hashed. */
CRET_MUST_CHECK enum cret_status cret_cab_name_gaps(const struct cret_cab *cab,
                                                    const struct cret_foreign_file *file,
                                                    struct cret_foreign_proof *proof,
                                                    struct cret_err *err);

#endif
