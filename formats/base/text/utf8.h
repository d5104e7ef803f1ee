/* SPDX-License-Identifier: Apache-2.0 */
/* Single code points of UTF-8 (RFC 3629); implemented in text.c. */
#ifndef CRET_BASE_UTF8_H
#define CRET_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the code point at text (size bytes are there). Returns its length in bytes, 1 to 4; 0
 * where the bytes are not well-formed UTF-8 or size is 0, *ret_code unchanged. */
size_t cret_utf8_decode(uint32_t *ret_code, const char *text, size_t size);

/* Whether a code point is seen where it stands, and changes nothing else (see cret_text_visible).
 */
bool cret_code_visible(uint32_t code);

#endif
