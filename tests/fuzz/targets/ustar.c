/* SPDX-License-Identifier: Apache-2.0 */
/* One header block: what is read of it is what a block made anew says; and a block that we make is
 * read back. */
#include <string.h>

#include "../fuzz.h"
#include "base/text/path.h"
#include "container/member.h"
#include "container/ustar.h"

/* The canonical block of what this one says is the only one that passes. */
static void hold_block(const uint8_t block[CRET_BLOCK])
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    char name[CRET_USTAR_NAME_TEXT];
    size_t size = 0;
    uint64_t bytes = 0;
    int64_t seconds = 0;
    struct cret_err err;
    cret_err_clear(&err);
    cret_ustar_is_header(block);
    cret_ustar_name(name, block);
    if (cret_ustar_numbers(block, &bytes, &seconds, &err) != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return;
    }
    if (cret_ustar_head(head, &size, name, bytes, seconds, &err) != CRET_OK) {
        return;
    }
    const bool same = size == CRET_BLOCK && memcmp(head, block, CRET_BLOCK) == 0;
    FUZZ_HOLD((cret_member_head(block, CRET_BLOCK, name, bytes, seconds, 0, NULL) == CRET_OK) ==
              same);
}

/* Written and read back; one changed byte does not pass. */
static void hold_written(const char *name, uint64_t bytes, int64_t seconds, size_t changed)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    char read_name[CRET_USTAR_NAME_TEXT];
    uint64_t read_bytes = 0;
    int64_t read_seconds = 0;
    size_t size = 0;
    if (cret_ustar_head(head, &size, name, bytes, seconds, NULL) != CRET_OK) {
        return;
    }
    const uint8_t *block = head + size - CRET_BLOCK;
    FUZZ_HOLD(size == cret_ustar_head_size(bytes));
    FUZZ_HOLD(cret_ustar_numbers(block, &read_bytes, &read_seconds, NULL) == CRET_OK);
    FUZZ_HOLD(read_bytes == (size == CRET_BLOCK ? bytes : 0) && read_seconds == seconds);
    cret_ustar_name(read_name, block);
    FUZZ_HOLD(strcmp(read_name, name) == 0);
    FUZZ_HOLD(cret_member_head(head, size, name, bytes, seconds, 0, NULL) == CRET_OK);
    head[changed % size] ^= 1;
    FUZZ_HOLD(cret_member_head(head, size, name, bytes, seconds, 0, NULL) != CRET_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t block[CRET_BLOCK] = {0};
    char name[300] = "";
    uint64_t bytes = 0;
    memcpy(block, data, size < sizeof(block) ? size : sizeof(block));
    hold_block(block);
    if (size > 16) {
        const size_t length = size - 16 < sizeof(name) - 1 ? size - 16 : sizeof(name) - 1;
        memcpy(name, data + 16, length);
        memcpy(&bytes, data, sizeof(bytes));
        hold_written(name, bytes & ((1ull << 42) - 1), data[9] * 1000003ll, data[8] * 257u);
    }
    return 0;
}
