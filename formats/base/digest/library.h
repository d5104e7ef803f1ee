/* SPDX-License-Identifier: Apache-2.0 */
/* How this project starts OpenSSL. Internal to whoever includes its headers. */
#ifndef CRET_BASE_LIBRARY_H
#define CRET_BASE_LIBRARY_H

#include <stddef.h>

#include "base/finding/err.h"

/*
 * Initializes libcrypto without its configuration file, so that no engine, provider, or default
 * property of the machine takes part in a verdict. Call before any other OpenSSL call; repeated
 * calls cost nothing. Also empties the error queue. class UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_library_begin(struct cret_err *err);

/* What OpenSSL calls an error of its queue ("wrong tag"); its number, which `openssl errstr`
 * explains, where this OpenSSL has no name for it here. */
void cret_library_words(char *out, size_t size, unsigned long code);

#endif
