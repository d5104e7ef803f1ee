/* SPDX-License-Identifier: Apache-2.0 */
/* The constructor of struct cret_authentic. Included by engine/gate.c and base/finding/authentic.c
 * only; a test greps for that. */
#ifndef CRET_BASE_AUTHENTIC_MAKE_H
#define CRET_BASE_AUTHENTIC_MAKE_H

#include "base/finding/authentic.h"
#include "base/finding/err.h"

/* Copies everything. At least one scope must have something met, else class REFUSED,
 * trust.threshold. */
CRET_MUST_CHECK enum cret_status cret_authentic_make(struct cret_authentic **ret_authentic,
                                                     const uint8_t *bytes, size_t size,
                                                     const struct cret_authentic_scope *scopes,
                                                     size_t count, struct cret_err *err);
#endif
