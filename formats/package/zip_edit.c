/* SPDX-License-Identifier: Apache-2.0 */
/* The directory of an edited ZIP file, and the members that are new in it. */
#include "package/zip_edit.h"

#include <string.h>

#include "base/finding/limits.h"
#include "package/crc32.h"
#include "package/zip_form.h"
#include "package/zip_write.h"

void cret_zip_edit_clear(struct cret_zip_edit *edit)
{
    cret_buffer_free(&edit->middle);
    cret_buffer_free(&edit->tail);
    memset(edit, 0, sizeof(*edit));
}

enum cret_status cret_zip_edit_add(struct cret_zip_edit *edit, const struct cret_zip *zip,
                                   const struct cret_zip_added *members, size_t count,
                                   struct cret_err *err)
{
    struct cret_zip_edit made = {
        .kept = zip->index_offset, .from = zip->index_offset, .to = zip->index_offset};
    struct cret_zip_out *out = NULL;
    enum cret_status status = cret_zip_out_resume(&out, &made.tail, zip, err);
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        status = cret_zip_out_add(out, members[i].name, members[i].data, members[i].size, err);
    }
    if (status == CRET_OK) {
        status = cret_zip_out_finish(out, err);
    }
    cret_zip_out_free(&out);
    if (status != CRET_OK) {
        cret_zip_edit_clear(&made);
        return CRET_FAILED;
    }
    *edit = made;
    return CRET_OK;
}

/* A local header has the fields of the directory's entry in the same order, from the version on. */
static void put_member(struct cret_buffer *out, const uint8_t *entry, const void *data, size_t size)
{
    uint8_t local[ZIP_LOCAL_SIZE] = {0};
    cret_zip_put32(local, ZIP_LOCAL_MAGIC);
    memcpy(local + 4, entry + 6, 24);
    cret_buffer_append(out, local, sizeof(local));
    cret_buffer_append(out, entry + ZIP_CENTRAL_SIZE, cret_zip_get16(entry + 28));
    cret_buffer_append(out, data, size);
}

/* Stored, with these contents: neither how they were packed nor a descriptor holds any more. */
static void set_contents(uint8_t *entry, const void *data, size_t size)
{
    cret_zip_put16(entry + 6, 20);
    cret_zip_put16(entry + 8, cret_zip_get16(entry + 8) & ZIP_FLAG_UTF8);
    cret_zip_put16(entry + 10, CRET_ZIP_STORED);
    cret_zip_put32(entry + 16, cret_crc32(0, data, size));
    cret_zip_put32(entry + 20, (uint32_t)size);
    cret_zip_put32(entry + 24, (uint32_t)size);
}

enum cret_status cret_zip_edit_replace(struct cret_zip_edit *edit, const struct cret_zip *zip,
                                       size_t member, const void *data, size_t size,
                                       struct cret_err *err)
{
    struct cret_zip_edit made = {.kept = zip->members[member].offset, .to = zip->index_offset};
    made.from = member + 1 < zip->count ? zip->members[member + 1].offset : zip->index_offset;
    cret_buffer_append(&made.tail, zip->index, zip->index_size);
    if (made.tail.failed) {
        return cret_err_memory(err);
    }
    uint8_t *entry = (uint8_t *)made.tail.data;
    uint64_t after = 0; /* where what follows the member lies now */
    for (size_t i = 0; i < zip->count; i++) {
        if (i == member) {
            set_contents(entry, data, size);
            put_member(&made.middle, entry, data, size);
            after = made.kept + made.middle.size;
        } else if (i > member) {
            cret_zip_put32(entry + 42, (uint32_t)(zip->members[i].offset - made.from + after));
        }
        entry += ZIP_CENTRAL_SIZE + cret_zip_get16(entry + 28); /* neither extra nor comment */
    }
    cret_zip_put32(entry + 16, (uint32_t)(zip->index_offset - made.from + after));
    if (made.middle.failed || zip->index_offset - made.from + after > CRET_ZIP_OFFSET_MAX) {
        const bool memory = made.middle.failed;
        cret_zip_edit_clear(&made);
        return memory ? cret_err_memory(err) : cret_err_usage(err, "a package has up to 4 GiB");
    }
    *edit = made;
    return CRET_OK;
}
