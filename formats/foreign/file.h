/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a file in somebody else's format: by offset, from a descriptor or from memory. */
#ifndef CRET_FOREIGN_FILE_H
#define CRET_FOREIGN_FILE_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_foreign_file {
    const char *name;    /* as given, without its folders; "-" for standard input */
    const uint8_t *data; /* in memory; NULL: behind fd */
    int fd;              /* a regular file, read with pread; borrowed */
    uint64_t size;
    void (*work)(void *context, uint64_t bytes); /* told of what was read, or NULL */
    void *context;
    struct cret_foreign_seen *seen; /* of cret_foreign_see; or NULL */
};

/*
 * Reads all of it once: its SHA-256, and the digests of its blocks, against which everything that
 * is read from then on is held. A file that another program changes between two readings, and
 * perhaps changes back, is UNDECIDED where it was changed and read. A block has 16 KiB, in files
 * from 16 GiB more, up to 256 KiB: the digests take 32 MiB at most up to 256 GiB, and beyond that
 * 32 bytes for each 256 KiB. Ended by cret_foreign_forget.
 */
CRET_MUST_CHECK enum cret_status cret_foreign_see(struct cret_foreign_file *file,
                                                  uint8_t ret_sha256[32], struct cret_err *err);
/* Whether every reading so far was of the same bytes: who only looks whether a file is of some kind
 * takes a failure for a no. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_foreign_unchanged(const struct cret_foreign_file *file,
                                                        struct cret_err *err);
void cret_foreign_forget(struct cret_foreign_file *file);

/* Exactly size bytes at offset. What lies beyond the end is class REFUSED, foreign.form (`what`
 * names the part: "the PE header"); UNDECIDED where it cannot be read, or became shorter. */
CRET_MUST_CHECK enum cret_status cret_foreign_read(const struct cret_foreign_file *file,
                                                   uint64_t offset, void *data, size_t size,
                                                   const char *what, struct cret_err *err);
/* Up to size bytes at offset; *ret_got says how many there are. */
CRET_MUST_CHECK enum cret_status cret_foreign_peek(const struct cret_foreign_file *file,
                                                   uint64_t offset, void *data, size_t size,
                                                   size_t *ret_got, struct cret_err *err);
/* A whole part on the heap (caller frees; never NULL on success, size 0 too). More than `most`
 * bytes is REFUSED, foreign.form. */
CRET_MUST_CHECK enum cret_status cret_foreign_load(uint8_t **ret_data,
                                                   const struct cret_foreign_file *file,
                                                   uint64_t offset, uint64_t size, size_t most,
                                                   const char *what, struct cret_err *err);

/* A running digest of any kind that OpenSSL has: EVP_sha256(), EVP_blake2b512(), EVP_md5(). */
struct cret_foreign_hash {
    EVP_MD_CTX *context;
    bool failed;
};
CRET_MUST_CHECK enum cret_status cret_foreign_hash_begin(struct cret_foreign_hash *hash,
                                                         const EVP_MD *md, struct cret_err *err);
void cret_foreign_hash_bytes(struct cret_foreign_hash *hash, const void *data, size_t size);
/* The bytes of a part of the file. */
CRET_MUST_CHECK enum cret_status cret_foreign_hash_part(struct cret_foreign_hash *hash,
                                                        const struct cret_foreign_file *file,
                                                        uint64_t offset, uint64_t size,
                                                        const char *what, struct cret_err *err);
/* Frees the context, also after a failure; digest has room for EVP_MAX_MD_SIZE bytes. */
CRET_MUST_CHECK enum cret_status cret_foreign_hash_end(struct cret_foreign_hash *hash,
                                                       uint8_t *ret_digest, size_t *ret_size,
                                                       struct cret_err *err);
/* For one that will not be ended. */
void cret_foreign_hash_drop(struct cret_foreign_hash *hash);

/* Whether a part is zero throughout. */
CRET_MUST_CHECK enum cret_status cret_foreign_zero(bool *ret_zero,
                                                   const struct cret_foreign_file *file,
                                                   uint64_t offset, uint64_t size, const char *what,
                                                   struct cret_err *err);

#endif
