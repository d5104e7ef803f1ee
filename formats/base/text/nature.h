/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is by its first bytes, so that a mistake is named instead of called damage. */
#ifndef CRET_BASE_NATURE_H
#define CRET_BASE_NATURE_H

#include <stddef.h>

/* "a ZIP archive", "an HTML or XML page (a failed download?)", "text in base64 (decode it: openssl
 * base64 -d)"; NULL where it is none of those known here. data may be the beginning alone. */
const char *cret_nature(const void *data, size_t size);

#endif
