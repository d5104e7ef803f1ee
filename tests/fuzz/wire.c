/* SPDX-License-Identifier: Apache-2.0 */
/* What a hostile process may write to the one that asked it; see wire.h. */
#include "wire.h"

enum { AS_IT_STANDS = 0xff };

int fuzz_wire(const uint8_t *data, size_t size)
{
    struct fuzz_part input = {data, size};
    struct cret_buffer wire = {0};
    while (input.size > 0) {
        const uint32_t type = fuzz_byte(&input);
        if (type == AS_IT_STANDS) {
            cret_buffer_append(&wire, input.data, input.size);
            break;
        }
        const size_t low = fuzz_byte(&input);
        size_t body = low | (size_t)fuzz_byte(&input) << 8;
        body = body < input.size ? body : input.size;
        /* As in base/system/frames.c. */
        const struct {
            uint32_t magic, type;
            uint64_t size;
        } header = {0x74657243u, type, body};
        cret_buffer_append(&wire, &header, sizeof(header));
        cret_buffer_append(&wire, input.data, body);
        input.data += body;
        input.size -= body;
    }
    const int fd = fuzz_file(wire.data != NULL ? wire.data : "", wire.size);
    FUZZ_HOLD(!wire.failed);
    cret_buffer_free(&wire);
    return fd;
}
