/* SPDX-License-Identifier: Apache-2.0 */
/* How this project starts OpenSSL (base/digest/library.h) and asks it. Internal to trust/ and
 * keys/. */
#ifndef CRET_TRUST_LIBRARY_H
#define CRET_TRUST_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest/library.h"

/* The reason that OpenSSL gives for its first queued error ("no start line"), and empties the
 * queue; "no reason given" where there is none. */
const char *cret_library_reason(char *out, size_t size);

/*
 * What a call of OpenSSL that judges something returned: true for 1, its one success value. Where
 * it is not, and the queue says that OpenSSL could not do its work (memory, an algorithm that does
 * not load, a fault of its own), a fault is remembered (base/finding/fault.h), so that no "no"
 * comes of it. Every call that verifies a signature or a path stands inside of this; a test holds
 * it.
 */
CRET_MUST_CHECK bool cret_library_holds(int result);

/* The same for a call that nothing but OpenSSL itself can make fail, as a digest: every failure is
 * a fault. */
CRET_MUST_CHECK bool cret_library_done(int result);

/* The two halves of cret_library_holds, for a question whose answer has a code of its own that
 * tells more than the queue: whether the result is the one success value, and, where the code
 * leaves it open, a fault of the library itself is noted. */
CRET_MUST_CHECK bool cret_library_holds_bare(int result);
void cret_library_suspect(void);

#endif
