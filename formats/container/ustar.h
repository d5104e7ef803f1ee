/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical ustar headers (docs/spec/archive.md, Headers). Every byte is determined by name, size,
 * and date. */
#ifndef CRET_CONTAINER_USTAR_H
#define CRET_CONTAINER_USTAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

#define CRET_BLOCK 512u
#define CRET_USTAR_HEAD_MAXIMUM (3u * CRET_BLOCK) /* pax header, its record, the header */
#define CRET_USTAR_PAX_SIZE (8ull << 30)          /* from this size on, a pax header precedes */

/* Bytes before the member's content: 512, or 1536 from 8 GiB on. */
size_t cret_ustar_head_size(uint64_t size);
/* size rounded up to whole blocks. */
uint64_t cret_ustar_padded(uint64_t size);

/*
 * Writes the member's head. name: 1..255 bytes that fit ustar's name and prefix as
 * docs/spec/archive.md says, else class REFUSED, check file.paths. size up to
 * CRET_LIMIT_FILE_BYTES; seconds from 0 to what 11 octal digits hold (2242-03-16T12:56:31Z); else
 * class REFUSED, check archive.limits.
 */
CRET_MUST_CHECK enum cret_status cret_ustar_head(uint8_t ret_head[CRET_USTAR_HEAD_MAXIMUM],
                                                 size_t *ret_size, const char *name, uint64_t size,
                                                 int64_t seconds, struct cret_err *err);

/* Reads size and mtime of a 512-byte header block in the canonical number form (11 octal digits
 * and NUL); nothing else is believed: the caller regenerates the block and compares. */
CRET_MUST_CHECK enum cret_status cret_ustar_numbers(const uint8_t block[CRET_BLOCK],
                                                    uint64_t *ret_size, int64_t *ret_seconds,
                                                    struct cret_err *err);

/* For messages only. The name a header claims (prefix and name joined), terminated, raw bytes. */
#define CRET_USTAR_NAME_TEXT 257u
void cret_ustar_name(char out[CRET_USTAR_NAME_TEXT], const uint8_t block[CRET_BLOCK]);
/* For messages only. Whether the block carries the magic of a tar header. */
bool cret_ustar_is_header(const uint8_t block[CRET_BLOCK]);
/* For messages only. The field of a header block that holds the byte at offset (0..511). */
struct cret_ustar_field {
    const char *name; /* as POSIX calls it */
    size_t offset, size;
};
const struct cret_ustar_field *cret_ustar_field_at(size_t offset);
#endif
