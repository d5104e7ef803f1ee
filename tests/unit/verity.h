/* SPDX-License-Identifier: Apache-2.0 */
/* The fs-verity digest of bytes in memory, span by span: what the code computes over files. */
#ifndef CRET_TESTS_VERITY_H
#define CRET_TESTS_VERITY_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/digest/verity.h"

static inline void verity_of(uint8_t ret_digest[CRET_SHA256_BYTES], const uint8_t *data,
                             size_t size)
{
    const struct cret_hash_engine library = {.id = CRET_HASH_LIBRARY};
    const struct cret_verity_plan plan = cret_verity_plan(size);
    struct cret_verity_span *span = NULL;
    uint8_t *digests = calloc((size_t)plan.spans, CRET_SHA256_BYTES);
    cr_assert_not_null(digests);
    cr_assert_eq(cret_verity_span_new(&span, &library, NULL), CRET_OK);
    for (size_t i = 0; i < plan.spans; i++) {
        const size_t start = i * (size_t)plan.span_size, left = size - start;
        const size_t part = left < plan.span_size ? left : (size_t)plan.span_size;
        cret_verity_span_begin(span, &plan);
        if (part > 0) {
            cret_verity_span_update(span, data + start, part);
        }
        cr_assert_eq(cret_verity_span_final(span, digests + i * CRET_SHA256_BYTES, NULL), CRET_OK);
    }
    cr_assert_eq(cret_verity_finish(ret_digest, &plan, digests, NULL), CRET_OK);
    cret_verity_span_free(&span);
    free(digests);
}

#endif
