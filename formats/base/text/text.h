/* SPDX-License-Identifier: Apache-2.0 */
/* Text forms: hex, base64, UTF-8 checks, escaping, growing buffers. */
#ifndef CRET_BASE_TEXT_H
#define CRET_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

/* Lower-case hex of size bytes into out (2*size+1 bytes, terminated). */
void cret_hex_encode(char *out, const uint8_t *data, size_t size);
/* Exactly 2*size lower-case hex digits in text, nothing else; upper case is refused. */
CRET_MUST_CHECK enum cret_status cret_hex_decode(uint8_t *ret_data, size_t size, const char *text);

/*
 * A SHA-256 as people and other tools write it: 64 hex digits in either case, in groups with
 * colons, hyphens or spaces between them, behind nothing or "sha256:", "SHA256=", "sha256
 * Fingerprint=".
 */
CRET_MUST_CHECK enum cret_status cret_sha256_read(uint8_t ret_digest[32], const char *text);
/* Says of an err for which that failed what is expected, and what the text seems to be instead.
 * Returns CRET_FAILED. */
enum cret_status cret_sha256_expected(struct cret_err *err, const char *text);

/* RFC 4648 base64 with padding, no line breaks. Caller frees *ret_text / *ret_data with free(). */
CRET_MUST_CHECK enum cret_status cret_base64_encode(char **ret_text, const uint8_t *data,
                                                    size_t size);
/* Strict: canonical padding, no white space, zero unused bits. */
CRET_MUST_CHECK enum cret_status cret_base64_decode(uint8_t **ret_data, size_t *ret_size,
                                                    const char *text);

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool cret_utf8_valid(const char *text, size_t size);
/* The bytes of a byte order mark at the start of a UTF-8 text: 3, or 0 where there is none. Editors
 * of Windows write it; Unicode (section 23.8) makes it no part of the text. */
size_t cret_text_mark_size(const char *text, size_t size);
/* Whether a file is UTF-16 by its mark, or by the zero bytes beside its first character: what
 * PowerShell's > writes. Nothing of ours is read in that encoding. */
bool cret_text_is_utf16(const char *text, size_t size);
/* What to do about it, for hints. */
#define CRET_TEXT_UTF16_HINT "save it as UTF-8 (in PowerShell: ... | Out-File -Encoding utf8 FILE)"

/* No C0/C1 control characters, no bidirectional controls (U+061C, U+200E, U+200F, U+202A..U+202E,
 * U+2066..U+2069), no U+2028/2029, no zero-width ones (U+200B..U+200D, U+2060, U+FEFF); newline and
 * tab pass where multiline. text must be valid UTF-8. */
bool cret_text_clean(const char *text, bool multiline);

/* UTF-8 in which every code point is seen: nothing of the above, no other format or ignorable
 * character, no noncharacter. For names that people compare by eye. */
bool cret_text_visible(const char *text);

/*
 * A copy of text that is safe on a terminal and in a log: what cret_text_visible() refuses becomes
 * \xNN for each byte; newline and tab become \n and \t. Caller frees. NULL: out of memory.
 */
char *cret_text_escape(const char *text);

/* The word that goes with a number of things: one for 1, else many. */
const char *cret_plural(uint64_t count, const char *one, const char *many);

/* A growing byte buffer. Zero-initialize; append fails once, then stays failed. */
struct cret_buffer {
    char *data; /* always terminated once something was appended */
    size_t size, capacity;
    bool failed;
};
void cret_buffer_append(struct cret_buffer *buffer, const void *data, size_t size);
void cret_buffer_printf(struct cret_buffer *buffer, const char *format, ...) CRET_PRINTF(2, 3);
void cret_buffer_vprintf(struct cret_buffer *buffer, const char *format, va_list arguments)
    CRET_PRINTF(2, 0);
void cret_buffer_free(struct cret_buffer *buffer);
/* What was appended, which the caller frees; the buffer is empty again. NULL: nothing was, or it
 * failed. */
char *cret_buffer_take(struct cret_buffer *buffer);

/*
 * Appends text for the inside of a double-quoted YAML scalar, or JSON text (whole documents: what
 * is not seen stands in strings only), with \u escapes for what cret_text_visible() refuses. The
 * value stays the same for who reads it.
 */
enum cret_quoting { CRET_QUOTE_JSON, CRET_QUOTE_YAML };
void cret_buffer_quoted(struct cret_buffer *buffer, const char *text, enum cret_quoting quoting);

/* malloc'ed printf. NULL: out of memory. */
char *cret_text_printf(const char *format, ...) CRET_PRINTF(1, 2);

#endif
