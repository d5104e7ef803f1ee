/* SPDX-License-Identifier: Apache-2.0 */
/* Elements put into a buffer with their tag and length. */
#include "trust/asn1/der_write.h"

#include <stdlib.h>
#include <string.h>

void cret_der_put(struct cret_buffer *out, uint8_t tag, const void *content, size_t size)
{
    uint8_t head[2 + sizeof(size_t)];
    size_t length_bytes = 0;
    head[0] = tag;
    if (size < 0x80) {
        head[1] = (uint8_t)size;
    } else {
        for (size_t rest = size; rest > 0; rest >>= 8) {
            length_bytes++;
        }
        head[1] = (uint8_t)(0x80 | length_bytes);
        for (size_t i = 0; i < length_bytes; i++) {
            head[2 + i] = (uint8_t)(size >> (8 * (length_bytes - 1 - i)));
        }
    }
    cret_buffer_append(out, head, 2 + length_bytes);
    cret_buffer_append(out, content, size);
}

void cret_der_wrap(struct cret_buffer *out, uint8_t tag, struct cret_buffer *inner)
{
    cret_der_put(out, tag, inner->data, inner->size);
    out->failed = out->failed || inner->failed;
    cret_buffer_free(inner);
}

void cret_der_put_raw(struct cret_buffer *out, struct cret_bytes bytes)
{
    cret_buffer_append(out, bytes.data, bytes.size);
}

void cret_der_put_unsigned(struct cret_buffer *out, struct cret_bytes magnitude)
{
    struct cret_buffer content = {0};
    if (magnitude.data[0] >= 0x80) {
        cret_buffer_append(&content, "", 1); /* else it would be negative */
    }
    cret_buffer_append(&content, magnitude.data, magnitude.size);
    cret_der_wrap(out, CRET_DER_INTEGER, &content);
}

void cret_der_put_oid(struct cret_buffer *out, struct cret_bytes oid)
{
    cret_der_put(out, CRET_DER_OID, oid.data, oid.size);
}

/* The order of a DER SET OF (X.690 11.6): bytewise, a shorter one as if padded with zeros. */
static int compare_encodings(const void *left, const void *right)
{
    const struct cret_buffer *a = left, *b = right;
    const size_t common = a->size < b->size ? a->size : b->size;
    const int order = common > 0 ? memcmp(a->data, b->data, common) : 0;
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

void cret_der_put_sorted(struct cret_buffer *out, uint8_t tag, struct cret_buffer *elements,
                         size_t count)
{
    struct cret_buffer content = {0};
    qsort(elements, count, sizeof(*elements), compare_encodings);
    for (size_t i = 0; i < count; i++) {
        cret_buffer_append(&content, elements[i].data, elements[i].size);
        content.failed = content.failed || elements[i].failed;
        cret_buffer_free(&elements[i]);
    }
    cret_der_wrap(out, tag, &content);
}

enum cret_status cret_der_finish(uint8_t **ret_der, size_t *ret_size, struct cret_buffer *buffer,
                                 struct cret_err *err)
{
    if (buffer->failed) {
        cret_buffer_free(buffer);
        return cret_err_memory(err);
    }
    *ret_size = buffer->size;
    *ret_der = (uint8_t *)buffer->data;
    return CRET_OK;
}
