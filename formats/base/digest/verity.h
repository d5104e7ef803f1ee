/* SPDX-License-Identifier: Apache-2.0 */
/* The fs-verity file digest (Linux Documentation/filesystems/fsverity.rst: version 1, SHA-256,
 * 4096-byte blocks, no salt). */
#ifndef CRET_BASE_VERITY_H
#define CRET_BASE_VERITY_H

#include "base/digest/digest.h"
#include "base/digest/hash_engine.h"

/*
 * The tree in spans, so that several threads can work on one file: a span is 4096 * 128^height
 * bytes of the file; its hash is that of its subtree. cret_verity_plan picks the height for a file
 * size: one span up to 1 MiB, of 512 KiB below 4 GiB, of 64 MiB below 16 TiB, of 8 GiB above (so
 * that cores share a file evenly and the list of span hashes stays below 8 MiB); each span is
 * hashed by a struct cret_verity_span fed with its bytes in order; cret_verity_finish folds the
 * span hashes.
 */
struct cret_verity_plan {
    uint64_t size;      /* file bytes */
    unsigned height;    /* of a span's subtree: 0 = one block */
    uint64_t span_size; /* bytes; the last span may be shorter */
    uint64_t spans;     /* at least 1, also for the empty file */
};
struct cret_verity_plan cret_verity_plan(uint64_t size);

struct cret_verity_span; /* one thread at a time */
CRET_MUST_CHECK enum cret_status cret_verity_span_new(struct cret_verity_span **ret_span,
                                                      const struct cret_hash_engine *engine,
                                                      struct cret_err *err);
void cret_verity_span_free(struct cret_verity_span **span);
void cret_verity_span_begin(struct cret_verity_span *span, const struct cret_verity_plan *plan);
void cret_verity_span_update(struct cret_verity_span *span, const void *data, size_t size);
CRET_MUST_CHECK enum cret_status cret_verity_span_final(struct cret_verity_span *span,
                                                        uint8_t ret_digest[CRET_SHA256_BYTES],
                                                        struct cret_err *err);
/* span_digests: plan->spans times 32 bytes, in file order. */
CRET_MUST_CHECK enum cret_status cret_verity_finish(uint8_t ret_digest[CRET_SHA256_BYTES],
                                                    const struct cret_verity_plan *plan,
                                                    const uint8_t *span_digests,
                                                    struct cret_err *err);

#endif
