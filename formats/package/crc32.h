/* SPDX-License-Identifier: Apache-2.0 */
/* The checksum of ZIP (PKWARE APPNOTE 4.4.7). It finds damage and proves nothing. */
#ifndef CRET_PACKAGE_CRC32_H
#define CRET_PACKAGE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, which begins as 0. */
uint32_t cret_crc32(uint32_t crc, const void *data, size_t size);

#endif
