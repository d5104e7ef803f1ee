/* SPDX-License-Identifier: Apache-2.0 */
/* Freed memory of the cryptographic library holds nothing any more. */
#ifndef CRET_KEYS_MEMORY_H
#define CRET_KEYS_MEMORY_H

#include "base/finding/attributes.h"

/*
 * From now on whatever OpenSSL frees in this process is erased first. It erases keys itself, but
 * not every copy that it makes of them on the way into and out of a file. Once, in main(), before
 * anything else uses OpenSSL; CRET_FAILED where that is too late.
 */
CRET_MUST_CHECK enum cret_status cret_key_memory_guard(void);

#endif
