/* SPDX-License-Identifier: Apache-2.0 */
/* A file in a vendor's own format, judged in the child. */
#ifndef CRET_VERIFIER_FOREIGN_READ_H
#define CRET_VERIFIER_FOREIGN_READ_H

#include <jansson.h>

#include "container/source.h"
#include "verifier/child/child.h"

struct cret_foreign_read {
    json_t *document; /* `foreign`; owned */
    uint8_t sha256[CRET_SHA256_BYTES];
    bool product_bound;
};

/* Whether the job's file is judged as a foreign one: something lies beside it, or its content is of
 * a kind that carries its signature inside. */
bool cret_foreign_read_wanted(const struct cret_child_job *job, const struct cret_source *source);

/* Judges it; watch is told of bytes that were read. NULL: no memory. Clear *ret_read. */
struct cret_inspection *cret_foreign_read_judge(struct cret_foreign_read *ret_read,
                                                const struct cret_child_job *job,
                                                const struct cret_source *source,
                                                const struct cret_watch *watch);

#endif
