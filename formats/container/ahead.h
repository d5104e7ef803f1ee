/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of the larger members of a small archive, computed on a thread of their own while it is
 * still being found out whether the signature holds: the two take about as long. Nothing is
 * believed of what lies there: a digest counts only where the manifest, when it is authentic, asks
 * for exactly these bytes, and is compared with it like every other.
 */
#ifndef CRET_CONTAINER_AHEAD_H
#define CRET_CONTAINER_AHEAD_H

#include "container/archive.h"

struct cret_ahead;

/* Archives of at most so many bytes behind their front, members of more than so many. */
#define CRET_AHEAD_BYTES ((uint64_t)2 << 20)
#define CRET_AHEAD_MEMBER ((uint64_t)128 << 10)

/* *ret_ahead is NULL where there is nothing to gain: a pipe, a large archive, one thread only, or a
 * system that gives none. The source is borrowed until cret_ahead_free. */
CRET_MUST_CHECK enum cret_status cret_ahead_begin(struct cret_ahead **ret_ahead,
                                                  struct cret_source *source,
                                                  const struct cret_front *front, unsigned jobs,
                                                  struct cret_err *err);
/* Whether there is a SHA-256 of the bytes at this offset; waits for it. ahead may be NULL. */
CRET_MUST_CHECK bool cret_ahead_digest(struct cret_ahead *ahead, uint64_t offset, uint64_t size,
                                       uint8_t ret_digest[CRET_SHA256_BYTES]);
/* Ends what is still going on. */
void cret_ahead_free(struct cret_ahead **ahead);

#endif
