/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deflated data (RFC 1951), read strictly: complete codes only, no distance beyond the beginning,
 * nothing behind the last block, and the bits that fill its last byte are zero.
 */
#ifndef CRET_PACKAGE_INFLATE_H
#define CRET_PACKAGE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_inflate;

/* Where packed bytes come from and unpacked ones go to. */
struct cret_inflate_ends {
    /* Up to `size` of the bytes that remain; *ret_got 0: there are no more. */
    enum cret_status (*read)(void *context, void *data, size_t size, size_t *ret_got,
                             struct cret_err *err);
    enum cret_status (*write)(void *context, const uint8_t *data, size_t size,
                              struct cret_err *err);
    void *context;
};

/* Unpacks all of it, at most `limit` bytes; *ret_size is how many they were. class REFUSED, check
 * package.zip, where it is not in the form, is longer, or packed bytes remain. */
CRET_MUST_CHECK enum cret_status cret_inflate(const struct cret_inflate_ends *ends, uint64_t limit,
                                              uint64_t *ret_size, struct cret_err *err);

#endif
