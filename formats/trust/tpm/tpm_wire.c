/* SPDX-License-Identifier: Apache-2.0 */
/* Putting numbers and sized buffers in the order of a TPM. */
#include "trust/tpm/tpm_wire.h"

#include <string.h>

void cret_tpm_put(struct cret_tpm_writer *writer, const void *data, size_t size)
{
    if (writer->failed || size > writer->capacity - writer->size) {
        writer->failed = true;
        return;
    }
    if (size > 0) {
        memcpy(writer->data + writer->size, data, size);
    }
    writer->size += size;
}

static void put_number(struct cret_tpm_writer *writer, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
    cret_tpm_put(writer, bytes, size);
}

void cret_tpm_put_u16(struct cret_tpm_writer *writer, uint16_t value)
{
    put_number(writer, value, 2);
}

void cret_tpm_put_u32(struct cret_tpm_writer *writer, uint32_t value)
{
    put_number(writer, value, 4);
}

void cret_tpm_put_u64(struct cret_tpm_writer *writer, uint64_t value)
{
    put_number(writer, value, 8);
}

void cret_tpm_put_sized(struct cret_tpm_writer *writer, const void *data, size_t size)
{
    if (size > UINT16_MAX) {
        writer->failed = true;
        return;
    }
    cret_tpm_put_u16(writer, (uint16_t)size);
    cret_tpm_put(writer, data, size);
}

const uint8_t *cret_tpm_get(struct cret_tpm_reader *reader, size_t size)
{
    if (reader->failed || size > reader->size - reader->offset) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *data = reader->data + reader->offset;
    reader->offset += size;
    return data;
}

static uint64_t get_number(struct cret_tpm_reader *reader, size_t size)
{
    const uint8_t *bytes = cret_tpm_get(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; bytes != NULL && i < size; i++) {
        value = (value << 8) | bytes[i];
    }
    return value;
}

uint16_t cret_tpm_get_u16(struct cret_tpm_reader *reader)
{
    return (uint16_t)get_number(reader, 2);
}

uint32_t cret_tpm_get_u32(struct cret_tpm_reader *reader)
{
    return (uint32_t)get_number(reader, 4);
}

uint64_t cret_tpm_get_u64(struct cret_tpm_reader *reader)
{
    return get_number(reader, 8);
}

const uint8_t *cret_tpm_get_sized(struct cret_tpm_reader *reader, size_t *ret_size)
{
    const size_t size = cret_tpm_get_u16(reader);
    const uint8_t *data = cret_tpm_get(reader, size);
    *ret_size = data != NULL ? size : 0;
    return data;
}

enum cret_status cret_tpm_get_end(const struct cret_tpm_reader *reader)
{
    return !reader->failed && reader->offset == reader->size ? CRET_OK : CRET_FAILED;
}
