/* SPDX-License-Identifier: Apache-2.0 */
/* Sending and receiving frames; what is received is believed in nothing. */
#include "base/system/frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"

struct frame_header {
    uint32_t magic;
    uint32_t type;
    uint64_t size;
};

#define FRAME_MAGIC 0x74657243u /* "Cret" */
#define FRAME_NO_STRING UINT32_MAX

const struct cret_patience cret_patience_default = {.silence_ms = CRET_LIMIT_SILENCE_SECONDS * 1000,
                                                    .run_ms = CRET_LIMIT_RUN_SECONDS * 1000};

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

enum cret_status cret_frame_add(const struct cret_frame_protocol *protocol,
                                struct cret_buffer *wire, uint32_t type, struct cret_buffer *body,
                                struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    if (body->failed) {
        cret_err_memory(err);
        goto out;
    }
    if (type >= protocol->count || body->size > protocol->kinds[type].bytes) {
        cret_err_undecided(err, "a result is too long to be handed over");
        goto out;
    }
    const struct frame_header header = {FRAME_MAGIC, type, body->size};
    cret_buffer_append(wire, &header, sizeof(header));
    if (body->size > 0) {
        cret_buffer_append(wire, body->data, body->size);
    }
    status = wire->failed ? cret_err_memory(err) : CRET_OK;
out:
    cret_buffer_free(body);
    return status;
}

enum cret_status cret_frame_flush(int fd, struct cret_buffer *wire, struct cret_err *err)
{
    const enum cret_status status = cret_os_write(fd, wire->data, wire->size, err);
    cret_buffer_free(wire);
    return status;
}

enum cret_status cret_frame_send(const struct cret_frame_protocol *protocol, int fd, uint32_t type,
                                 struct cret_buffer *body, struct cret_err *err)
{
    struct cret_buffer wire = {0};
    if (cret_frame_add(protocol, &wire, type, body, err) != CRET_OK) {
        cret_buffer_free(&wire);
        return CRET_FAILED;
    }
    return cret_frame_flush(fd, &wire, err);
}

void cret_frame_reader_init(struct cret_frame_reader *reader,
                            const struct cret_frame_protocol *protocol, int fd,
                            const struct cret_patience *patience)
{
    const uint64_t now = cret_os_monotonic_ms();
    *reader = (struct cret_frame_reader){.protocol = protocol,
                                         .fd = fd,
                                         .patience = *patience,
                                         .silent_at = now + patience->silence_ms,
                                         .over_at = now + patience->run_ms};
}

void cret_frame_alive(struct cret_frame_reader *reader)
{
    reader->silent_at = cret_os_monotonic_ms() + reader->patience.silence_ms;
}

static void drop_body(struct cret_frame_reader *reader)
{
    free(reader->body);
    reader->body = NULL;
    reader->size = 0;
    reader->position = 0;
    reader->failed = false;
}

static enum cret_status too_late(const struct cret_frame_reader *reader, bool silence,
                                 struct cret_err *err)
{
    const uint64_t wait = silence ? reader->patience.silence_ms : reader->patience.run_ms;
    cret_err_undecided(err,
                       silence ? "the reading process made no progress for %llu s"
                               : "the reading process took longer than %llu s",
                       (unsigned long long)(wait / 1000));
    return cret_err_hint(err, "check where the file comes from (a medium that fails, a network "
                              "folder or a pipe that is stuck), then run it again");
}

/* All of it, or less at the end of the stream. The clock is looked at for every byte that comes,
 * also where the other side never stops sending. */
static enum cret_status read_patiently(struct cret_frame_reader *reader, void *data, size_t size,
                                       size_t *ret_got, struct cret_err *err)
{
    const bool silence = reader->silent_at < reader->over_at;
    const uint64_t deadline = silence ? reader->silent_at : reader->over_at;
    size_t got = 0;
    while (got < size) {
        if (reader->taken == reader->ready) {
            bool late = cret_os_monotonic_ms() >= deadline;
            size_t ready = 0;
            reader->taken = reader->ready = 0;
            if (late || cret_os_read_until(reader->fd, reader->buffer, sizeof(reader->buffer),
                                           deadline, &ready, &late, err) != CRET_OK) {
                return late ? too_late(reader, silence, err) : CRET_FAILED;
            }
            reader->ready = ready;
        }
        const size_t left = reader->ready - reader->taken;
        const size_t part = left < size - got ? left : size - got;
        if (part == 0) {
            break;
        }
        memcpy((uint8_t *)data + got, reader->buffer + reader->taken, part);
        reader->taken += part;
        got += part;
    }
    *ret_got = got;
    return CRET_OK;
}

/* Whether the reader may get a frame of that header; counts it. */
static bool takes(struct cret_frame_reader *reader, const struct frame_header *header)
{
    const struct cret_frame_protocol *protocol = reader->protocol;
    if (header->magic != FRAME_MAGIC || header->type == 0 || header->type >= protocol->count ||
        header->type >= CRET_LENGTH(reader->counts)) {
        return false;
    }
    const struct cret_frame_kind *kind = &protocol->kinds[header->type];
    if (header->size > kind->bytes) {
        return false;
    }
    if (kind->count == 0) {
        return true;
    }
    reader->counts[header->type]++;
    reader->total += header->size;
    return reader->counts[header->type] <= kind->count && reader->total <= protocol->bytes_in_all;
}

enum cret_status cret_frame_receive(struct cret_frame_reader *reader, bool *ret_end,
                                    struct cret_err *err)
{
    drop_body(reader);
    struct frame_header header;
    size_t got = 0;
    if (read_patiently(reader, &header, sizeof(header), &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got == 0) {
        *ret_end = true;
        return CRET_OK;
    }
    if (got != sizeof(header) || !takes(reader, &header)) {
        return cret_err_undecided(err, "the reading process sent a malformed result");
    }
    reader->size = (size_t)header.size;
    reader->body = malloc(reader->size + 1);
    if (reader->body == NULL) {
        return cret_err_memory(err);
    }
    if (read_patiently(reader, reader->body, reader->size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got != reader->size) {
        return cret_err_undecided(err, "the reading process sent an incomplete result");
    }
    reader->body[reader->size] = '\0';
    reader->type = header.type;
    if (reader->protocol->kinds[header.type].alive) {
        cret_frame_alive(reader);
    }
    *ret_end = false;
    return CRET_OK;
}

void cret_frame_reader_clear(struct cret_frame_reader *reader)
{
    drop_body(reader);
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

char *cret_frame_get_raw(struct cret_frame_reader *reader)
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
    if (raw == NULL) {
        reader->failed = true;
        return NULL;
    }
    memcpy(raw, reader->body + reader->position, size);
    raw[size] = '\0';
    reader->position += size;
    return raw;
}

char *cret_frame_get_string(struct cret_frame_reader *reader)
{
    char *raw = cret_frame_get_raw(reader);
    if (raw == NULL) {
        return NULL;
    }
    char *text = cret_text_escape(raw);
    free(raw);
    reader->failed = reader->failed || text == NULL;
    return text;
}

enum cret_status cret_frame_done(const struct cret_frame_reader *reader)
{
    return !reader->failed && reader->position == reader->size ? CRET_OK : CRET_FAILED;
}
