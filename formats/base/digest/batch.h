/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of many messages that lie in memory, two or sixteen at once where there is a
 * kernel. */
#ifndef CRET_BASE_BATCH_H
#define CRET_BASE_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_message {
    const uint8_t *data; /* at any address; may be NULL where size is 0 */
    size_t size;
    uint8_t *ret_digest; /* 32 bytes */
};

struct cret_kernel;
struct cret_hash_batch; /* one thread at a time */
/* kernel: of an engine (hash_engine.h), which was tested; NULL: the library. */
CRET_MUST_CHECK enum cret_status cret_hash_batch_new(struct cret_hash_batch **ret_batch,
                                                     const struct cret_kernel *kernel,
                                                     struct cret_err *err);
void cret_hash_batch_free(struct cret_hash_batch **batch);

/* Fills every ret_digest, of any sizes together; none counts where this fails (class UNDECIDED).
 * They are begun in this order: the longest first leaves the fewest lanes idle at the end. */
CRET_MUST_CHECK enum cret_status cret_hash_batch_run(struct cret_hash_batch *batch,
                                                     const struct cret_message *messages,
                                                     size_t count, struct cret_err *err);

#endif
