/* SPDX-License-Identifier: Apache-2.0 */
/* A PE file as Authenticode hashes it, also where a catalogue beside it holds the digest. */
#ifndef CRET_FOREIGN_PE_H
#define CRET_FOREIGN_PE_H

#include "foreign/file.h"

enum { CRET_PE_ENTRIES = 4 };

/* One entry of the certificate table. */
struct cret_pe_entry {
    uint64_t offset, size; /* of the PKCS#7, with what follows it in the entry */
    uint64_t padding;      /* behind the entry, to a multiple of 8 */
};

struct cret_pe {
    uint64_t checksum;   /* where its 4 bytes are, which nobody signs */
    uint64_t directory;  /* where the 8 bytes are that say where the certificate table is */
    uint64_t table;      /* where that is; the size of the file where there is none */
    uint64_t table_size; /* of the table; none has no bytes */
    struct cret_pe_entry entries[CRET_PE_ENTRIES];
    size_t entry_count;
};

bool cret_pe_is(const struct cret_foreign_file *file);
/* class REFUSED, foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status
cret_pe_read(struct cret_pe *ret_pe, const struct cret_foreign_file *file, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_pe_hash(const struct cret_pe *pe,
                                              const struct cret_foreign_file *file,
                                              const EVP_MD *md, uint8_t *ret_digest,
                                              size_t *ret_size, struct cret_err *err);

#endif
