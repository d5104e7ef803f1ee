/* SPDX-License-Identifier: Apache-2.0 */
/* The choice of an engine with its inputs given: for hash_engine.c, and for unit tests, whose
 * kernels compute nonsense. */
#ifndef CRET_BASE_HASH_ENGINE_INTERNAL_H
#define CRET_BASE_HASH_ENGINE_INTERNAL_H

#include <stddef.h>

#include "base/digest/hash_engine.h"

/* A message whose SHA-256 is known: `size` bytes i mod 251, i from `first` on. */
struct cret_hash_answer {
    size_t first, size;
    const char *digest; /* hex */
};

struct cret_hash_trial {
    enum cret_hash_id id;             /* of the kernel */
    const struct cret_kernel *kernel; /* or NULL: only the library is tried */
    const struct cret_hash_answer *answers;
    size_t count; /* at most CRET_HASH_ANSWERS */
};

#define CRET_HASH_ANSWERS 16u
#define CRET_HASH_ANSWER_BYTES 8192u /* first + size */

/* As cret_hash_engine_choose. */
CRET_MUST_CHECK enum cret_status cret_hash_engine_try(struct cret_hash_engine *ret_engine,
                                                      const struct cret_hash_trial *trial,
                                                      struct cret_err *err);

#endif
