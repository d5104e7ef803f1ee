/* SPDX-License-Identifier: Apache-2.0 */
/* Headers, stored data, and the directory of what was written. */
#include "package/zip_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "package/crc32.h"
#include "package/zip_form.h"

#define FIRST_DAY 0x0021u /* 1980-01-01 */

struct cret_zip_out {
    int fd;
    struct cret_buffer *memory; /* in place of fd; or NULL */
    uint64_t position, base;    /* in the file; of the first byte in memory */
    struct cret_buffer directory;
    size_t count;
    uint8_t made_by[2], attributes[6];
    /* the member that was begun */
    uint8_t entry[ZIP_CENTRAL_SIZE];
    const char *name;
    uint64_t header, left;
    uint32_t crc;
};

void cret_zip_put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void cret_zip_put32(uint8_t *at, uint32_t value)
{
    cret_zip_put16(at, value & 0xffffu);
    cret_zip_put16(at + 2, value >> 16);
}

static enum cret_status write_bytes(struct cret_zip_out *out, const void *data, size_t size,
                                    struct cret_err *err)
{
    out->position += size;
    if (out->memory == NULL) {
        return cret_os_write(out->fd, data, size, err);
    }
    cret_buffer_append(out->memory, data, size);
    return out->memory->failed ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_zip_out_new(struct cret_zip_out **ret_out, int fd, struct cret_err *err)
{
    struct cret_zip_out *out = calloc(1, sizeof(*out));
    if (out == NULL) {
        return cret_err_memory(err);
    }
    out->fd = fd;
    out->made_by[0] = 20; /* version 2.0, attributes of MS-DOS */
    *ret_out = out;
    return CRET_OK;
}

enum cret_status cret_zip_out_memory(struct cret_zip_out **ret_out, struct cret_buffer *buffer,
                                     struct cret_err *err)
{
    if (cret_zip_out_new(ret_out, -1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    (*ret_out)->memory = buffer;
    return CRET_OK;
}

enum cret_status cret_zip_out_resume(struct cret_zip_out **ret_out, struct cret_buffer *buffer,
                                     const struct cret_zip *zip, struct cret_err *err)
{
    struct cret_zip_out *out = NULL;
    if (cret_zip_out_memory(&out, buffer, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(out->made_by, zip->index + 4, sizeof(out->made_by));
    memcpy(out->attributes, zip->index + 36, sizeof(out->attributes));
    cret_buffer_append(&out->directory, zip->index, zip->directory_size);
    out->position = out->base = zip->index_offset;
    out->count = zip->count;
    if (out->directory.failed) {
        cret_zip_out_free(&out);
        return cret_err_memory(err);
    }
    *ret_out = out;
    return CRET_OK;
}

enum cret_status cret_zip_out_begin(struct cret_zip_out *out, const char *name, uint64_t size,
                                    struct cret_err *err)
{
    uint8_t local[ZIP_LOCAL_SIZE] = {0};
    const size_t name_size = strlen(name);
    if (out->count == CRET_LIMIT_PACKAGE_MEMBERS || name_size > CRET_LIMIT_PACKAGE_NAME_BYTES ||
        out->position > CRET_ZIP_OFFSET_MAX || size > CRET_ZIP_OFFSET_MAX - out->position) {
        return cret_err_usage(err, "%s: a package has up to %u members and 4 GiB", name,
                              CRET_LIMIT_PACKAGE_MEMBERS);
    }
    memset(out->entry, 0, sizeof(out->entry));
    cret_zip_put32(out->entry, ZIP_CENTRAL_MAGIC);
    memcpy(out->entry + 4, out->made_by, sizeof(out->made_by));
    cret_zip_put16(out->entry + 6, 20);
    cret_zip_put16(out->entry + 14, FIRST_DAY);
    cret_zip_put32(out->entry + 20, (uint32_t)size);
    cret_zip_put32(out->entry + 24, (uint32_t)size);
    cret_zip_put16(out->entry + 28, (unsigned)name_size);
    memcpy(out->entry + 36, out->attributes, sizeof(out->attributes));
    cret_zip_put32(out->entry + 42, (uint32_t)out->position);
    /* A local header has the same fields in the same order, from the version on. */
    cret_zip_put32(local, ZIP_LOCAL_MAGIC);
    memcpy(local + 4, out->entry + 6, 24);
    out->header = out->position;
    out->name = name;
    out->left = size;
    out->crc = 0;
    return write_bytes(out, local, sizeof(local), err) == CRET_OK
               ? write_bytes(out, name, name_size, err)
               : CRET_FAILED;
}

enum cret_status cret_zip_out_data(struct cret_zip_out *out, const void *data, size_t size,
                                   struct cret_err *err)
{
    if (size > out->left) {
        return cret_err_undecided(err, "%s is longer than it was", out->name);
    }
    out->left -= size;
    out->crc = cret_crc32(out->crc, data, size);
    return write_bytes(out, data, size, err);
}

enum cret_status cret_zip_out_end(struct cret_zip_out *out, struct cret_err *err)
{
    uint8_t crc[4];
    if (out->left > 0) {
        return cret_err_undecided(err, "%s is shorter than it was", out->name);
    }
    cret_zip_put32(crc, out->crc);
    memcpy(out->entry + 16, crc, sizeof(crc));
    cret_buffer_append(&out->directory, out->entry, sizeof(out->entry));
    cret_buffer_append(&out->directory, out->name, strlen(out->name));
    out->count++;
    out->name = NULL;
    if (out->memory != NULL) {
        memcpy(out->memory->data + (out->header - out->base) + 14, crc, sizeof(crc));
        return CRET_OK;
    }
    return cret_os_pwrite(out->fd, crc, sizeof(crc), out->header + 14, err);
}

enum cret_status cret_zip_out_add(struct cret_zip_out *out, const char *name, const void *data,
                                  size_t size, struct cret_err *err)
{
    return cret_zip_out_begin(out, name, size, err) == CRET_OK &&
                   cret_zip_out_data(out, data, size, err) == CRET_OK
               ? cret_zip_out_end(out, err)
               : CRET_FAILED;
}

enum cret_status cret_zip_out_finish(struct cret_zip_out *out, struct cret_err *err)
{
    uint8_t end[ZIP_END_SIZE] = {0};
    const uint64_t offset = out->position;
    if (out->directory.failed) {
        return cret_err_memory(err);
    }
    if (offset > CRET_ZIP_OFFSET_MAX) {
        return cret_err_usage(err, "a package has up to 4 GiB");
    }
    cret_zip_put32(end, ZIP_END_MAGIC);
    cret_zip_put16(end + 8, (unsigned)out->count);
    cret_zip_put16(end + 10, (unsigned)out->count);
    cret_zip_put32(end + 12, (uint32_t)out->directory.size);
    cret_zip_put32(end + 16, (uint32_t)offset);
    return write_bytes(out, out->directory.data, out->directory.size, err) == CRET_OK
               ? write_bytes(out, end, sizeof(end), err)
               : CRET_FAILED;
}

void cret_zip_out_free(struct cret_zip_out **out)
{
    if (out != NULL && *out != NULL) {
        cret_buffer_free(&(*out)->directory);
        free(*out);
        *out = NULL;
    }
}
