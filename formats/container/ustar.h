/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical ustar headers (design: archive.md, Headers). Every byte is determined by name, size,
 * and date. */
#ifndef CRET_CONTAINER_USTAR_H
#define CRET_CONTAINER_USTAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CRET_BLOCK 512u
#define CRET_USTAR_HEAD_MAXIMUM (3u * CRET_BLOCK) /* pax header, its record, the header */
#define CRET_USTAR_PAX_SIZE (8ull << 30)          /* from this size on, a pax header precedes */

/* Bytes before the member's content: 512, or 1536 from 8 GiB on. */
size_t cret_ustar_head_size(uint64_t size);
/* size rounded up to whole blocks. */
uint64_t cret_ustar_padded(uint64_t size);

/*
 * Writes the member's head. name: 1..255 bytes that fit ustar's name and prefix as archive.md
 * says, else class REFUSED, check file.paths. seconds: 0..CRET_LIMIT_DATE.
 */
CRET_MUST_CHECK enum cret_status cret_ustar_head(uint8_t ret_head[CRET_USTAR_HEAD_MAXIMUM],
                                                 size_t *ret_size, const char *name, uint64_t size,
                                                 int64_t seconds, struct cret_err *err);

/* Reads size and mtime of a 512-byte header block in the canonical number form (11 octal digits
 * and NUL); nothing else is believed: the caller regenerates the block and compares. */
CRET_MUST_CHECK enum cret_status cret_ustar_numbers(const uint8_t block[CRET_BLOCK],
                                                    uint64_t *ret_size, int64_t *ret_seconds,
                                                    struct cret_err *err);
#endif
