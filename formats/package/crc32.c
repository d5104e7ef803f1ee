/* SPDX-License-Identifier: Apache-2.0 */
/* The checksum of ZIP, eight bytes at a time. */
#include "package/crc32.h"

#include <stdbool.h>

#define POLYNOMIAL 0xedb88320u
enum { WAYS = 8 };

/* table[k][b]: what byte b does that k more bytes follow. */
struct tables {
    uint32_t way[WAYS][256];
};

static void fill(struct tables *tables)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ ((value & 1u) != 0 ? POLYNOMIAL : 0);
        }
        tables->way[0][i] = value;
    }
    for (size_t k = 1; k < WAYS; k++) {
        for (size_t i = 0; i < 256; i++) {
            const uint32_t before = tables->way[k - 1][i];
            tables->way[k][i] = (before >> 8) ^ tables->way[0][before & 0xffu];
        }
    }
}

uint32_t cret_crc32(uint32_t crc, const void *data, size_t size)
{
    static struct tables tables;
    static bool filled;
    const uint8_t *at = data;
    uint32_t value = ~crc;
    if (!filled) {
        fill(&tables);
        filled = true;
    }
    for (; size >= WAYS; size -= WAYS, at += WAYS) {
        uint32_t next = 0;
        for (size_t k = 0; k < WAYS; k++) {
            const uint8_t mixed = (uint8_t)(at[k] ^ (k < 4 ? value >> (8 * k) : 0u));
            next ^= tables.way[WAYS - 1 - k][mixed];
        }
        value = next;
    }
    for (; size > 0; size--, at++) {
        value = (value >> 8) ^ tables.way[0][(value ^ *at) & 0xffu];
    }
    return ~value;
}
