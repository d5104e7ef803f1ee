/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and SHA-512 by the library. Data in bulk goes through batch.h, to whatever hash_engine.h
 * chose. */
#ifndef CRET_BASE_DIGEST_H
#define CRET_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

#define CRET_SHA256_BYTES 32u
#define CRET_SHA256_HEX 65u /* with the terminator */

struct cret_sha256; /* one running hash; one thread at a time */
CRET_MUST_CHECK enum cret_status cret_sha256_new(struct cret_sha256 **ret_hash,
                                                 struct cret_err *err);
void cret_sha256_free(struct cret_sha256 **hash);
/* Begin again. Failures of the library stay with the object and show in cret_sha256_final. */
void cret_sha256_reset(struct cret_sha256 *hash);
void cret_sha256_update(struct cret_sha256 *hash, const void *data, size_t size);
CRET_MUST_CHECK enum cret_status cret_sha256_final(struct cret_sha256 *hash,
                                                   uint8_t ret_digest[CRET_SHA256_BYTES],
                                                   struct cret_err *err);
/* One call. */
CRET_MUST_CHECK enum cret_status cret_sha256(uint8_t ret_digest[CRET_SHA256_BYTES],
                                             const void *data, size_t size, struct cret_err *err);
/* SHA-512 in one call, 64 bytes (SBOM hashes). */
CRET_MUST_CHECK enum cret_status cret_sha512(uint8_t ret_digest[64], const void *data, size_t size,
                                             struct cret_err *err);

/* SHA-512 piece by piece, for files that are too large for one call; as cret_sha256, without a
 * reset. */
#define CRET_SHA512_BYTES 64u
struct cret_sha512;
CRET_MUST_CHECK enum cret_status cret_sha512_new(struct cret_sha512 **ret_hash,
                                                 struct cret_err *err);
void cret_sha512_free(struct cret_sha512 **hash);
void cret_sha512_update(struct cret_sha512 *hash, const void *data, size_t size);
CRET_MUST_CHECK enum cret_status cret_sha512_final(struct cret_sha512 *hash,
                                                   uint8_t ret_digest[CRET_SHA512_BYTES],
                                                   struct cret_err *err);

/* Name and version of the library that computes, for records: "OpenSSL 3.0.19 27 Jan 2026". */
const char *cret_digest_library(void);

#endif
