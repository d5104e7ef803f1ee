/* SPDX-License-Identifier: Apache-2.0 */
/* How this project starts OpenSSL (base/library.h) and asks it. Internal to trust/ and keys/. */
#ifndef CRET_TRUST_LIBRARY_H
#define CRET_TRUST_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/library.h"

/* The reason that OpenSSL gives for its first queued error ("no start line"), and empties the
 * queue; "no reason given" where there is none. */
const char *cret_library_reason(char *out, size_t size);

/* Whether the queue says that memory ran out. Ask before cret_library_reason. */
bool cret_library_out_of_memory(void);

#endif
