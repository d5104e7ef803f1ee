/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-1, for references that other people's documents made with it. It proves nothing. */
#ifndef CRET_BASE_SHA1_H
#define CRET_BASE_SHA1_H

#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

#define CRET_SHA1_BYTES 20u

/* One call. CRET_FAILED: class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_sha1(uint8_t ret_digest[CRET_SHA1_BYTES], const void *data,
                                           size_t size, struct cret_err *err);

#endif
