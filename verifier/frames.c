/* SPDX-License-Identifier: Apache-2.0 */
#include "verifier/frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/os.h"

struct frame_header {
    uint32_t magic;
    uint32_t type;
    uint64_t size;
};

#define FRAME_MAGIC 0x74657243u /* "Cret" */
#define FRAME_NO_STRING UINT32_MAX

/* The longest body of each type; 0 is a type that does not exist. */
static const size_t frame_limits[CRET_FRAME_COUNT] = {
    [CRET_FRAME_PROGRESS] = 16,
    [CRET_FRAME_FINDING] = 8 + 5 * (4 + CRET_FRAME_STRING),
    [CRET_FRAME_IDENTITY] = 36,
    [CRET_FRAME_FILE] = 128 + 3 * (4 + CRET_FRAME_STRING),
    [CRET_FRAME_DOCUMENT] = CRET_LIMIT_DOCUMENT_BYTES,
    [CRET_FRAME_ARCHIVE] = 44,
    [CRET_FRAME_ERROR] = 8 + 5 * (4 + CRET_FRAME_STRING),
    [CRET_FRAME_VERDICT] = 4,
};

void cret_frame_put_u32(struct cret_buffer *body, uint32_t value)
{
    cret_buffer_append(body, &value, sizeof(value));
}

void cret_frame_put_u64(struct cret_buffer *body, uint64_t value)
{
    cret_buffer_append(body, &value, sizeof(value));
}

void cret_frame_put_bytes(struct cret_buffer *body, const void *data, size_t size)
{
    cret_buffer_append(body, data, size);
}

void cret_frame_put_string(struct cret_buffer *body, const char *text)
{
    if (text == NULL) {
        cret_frame_put_u32(body, FRAME_NO_STRING);
        return;
    }
    size_t size = strlen(text);
    if (size > CRET_FRAME_STRING) {
        size = CRET_FRAME_STRING;
    }
    cret_frame_put_u32(body, (uint32_t)size);
    cret_buffer_append(body, text, size);
}

enum cret_status cret_frame_send(int fd, enum cret_frame type, struct cret_buffer *body,
                                 struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    if (body->failed) {
        (void)cret_err_memory(err);
        goto out;
    }
    if (body->size > frame_limits[type]) {
        (void)cret_err_undecided(err, "a result is too long to be handed over");
        goto out;
    }
    const struct frame_header header = {FRAME_MAGIC, (uint32_t)type, body->size};
    if (cret_os_write(fd, &header, sizeof(header), err) != CRET_OK ||
        cret_os_write(fd, body->data, body->size, err) != CRET_OK) {
        goto out;
    }
    status = CRET_OK;
out:
    cret_buffer_free(body);
    return status;
}

enum cret_status cret_frame_receive(struct cret_frame_reader *reader, int fd, bool *ret_end,
                                    struct cret_err *err)
{
    cret_frame_reader_free(reader);
    struct frame_header header;
    size_t got = 0;
    if (cret_os_read(fd, &header, sizeof(header), &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got == 0) {
        *ret_end = true;
        return CRET_OK;
    }
    if (got != sizeof(header) || header.magic != FRAME_MAGIC || header.type == 0 ||
        header.type >= CRET_FRAME_COUNT || header.size > frame_limits[header.type]) {
        return cret_err_undecided(err, "the reading process sent a malformed result");
    }
    reader->size = (size_t)header.size;
    reader->body = malloc(reader->size + 1);
    if (reader->body == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_read(fd, reader->body, reader->size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got != reader->size) {
        return cret_err_undecided(err, "the reading process sent an incomplete result");
    }
    reader->body[reader->size] = '\0';
    reader->type = (enum cret_frame)header.type;
    *ret_end = false;
    return CRET_OK;
}

void cret_frame_reader_free(struct cret_frame_reader *reader)
{
    free(reader->body);
    memset(reader, 0, sizeof(*reader));
}

void cret_frame_get_bytes(struct cret_frame_reader *reader, void *data, size_t size)
{
    if (reader->failed || size > reader->size - reader->position) {
        reader->failed = true;
        memset(data, 0, size);
        return;
    }
    memcpy(data, reader->body + reader->position, size);
    reader->position += size;
}

uint32_t cret_frame_get_u32(struct cret_frame_reader *reader)
{
    uint32_t value = 0;
    cret_frame_get_bytes(reader, &value, sizeof(value));
    return value;
}

uint64_t cret_frame_get_u64(struct cret_frame_reader *reader)
{
    uint64_t value = 0;
    cret_frame_get_bytes(reader, &value, sizeof(value));
    return value;
}

char *cret_frame_get_string(struct cret_frame_reader *reader)
{
    const uint32_t size = cret_frame_get_u32(reader);
    if (reader->failed || size == FRAME_NO_STRING) {
        return NULL;
    }
    if (size > CRET_FRAME_STRING || size > reader->size - reader->position) {
        reader->failed = true;
        return NULL;
    }
    char *raw = malloc((size_t)size + 1);
    char *text = NULL;
    if (raw != NULL) {
        memcpy(raw, reader->body + reader->position, size);
        raw[size] = '\0';
        text = cret_text_escape(raw);
        free(raw);
    }
    reader->position += size;
    reader->failed = reader->failed || text == NULL;
    return text;
}

enum cret_status cret_frame_done(const struct cret_frame_reader *reader)
{
    return !reader->failed && reader->position == reader->size ? CRET_OK : CRET_FAILED;
}
