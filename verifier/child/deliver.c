/* SPDX-License-Identifier: Apache-2.0 */
/* One file after the other into a pipe, as frames, from the very bytes that were hashed. */
#include "verifier/child/deliver.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"

/* Of one frame; what is written at once. */
#define PIECE_BYTES (64u << 10)
/* Small files that wait for the end of a large one: as many as the buffers of a walk can hold. */
#define HELD_BYTES (16u << 20)

#define TEXT(size) (4u + (size))

static const struct cret_frame_kind kinds[CRET_DELIVER_COUNT] = {
    [CRET_DELIVER_FILE] = {8 + 32 + TEXT(CRET_LIMIT_PATH_BYTES) + TEXT(CRET_LIMIT_LINE_BYTES) +
                               TEXT(CRET_LIMIT_PATH_BYTES),
                           CRET_LIMIT_FILES, true},
    [CRET_DELIVER_BYTES] = {.bytes = PIECE_BYTES},
    [CRET_DELIVER_END] = {8, 1, true},
};

const struct cret_frame_protocol cret_deliver_frames = {
    .kinds = kinds, .count = CRET_DELIVER_COUNT, .bytes_in_all = CRET_LIMIT_RESULT_BYTES};

/* A small file that came whole. */
struct held {
    size_t entry, size;
    uint8_t *data;
};

struct cret_deliver {
    int fd;
    const struct cret_manifest *manifest;
    struct cret_buffer wire;
    bool *begun;
    bool open; /* a file was begun, and has bytes to come */
    size_t current;
    uint64_t written; /* of that file */
    struct held *held;
    size_t held_count, held_capacity, held_bytes;
};

enum cret_status cret_deliver_new(struct cret_deliver **ret_deliver, int fd,
                                  const struct cret_manifest *manifest, struct cret_err *err)
{
    struct cret_deliver *deliver = calloc(1, sizeof(*deliver));
    bool *begun = calloc(manifest->file_count + 1, sizeof(*begun));
    if (deliver == NULL || begun == NULL) {
        free(deliver);
        free(begun);
        return cret_err_memory(err);
    }
    *deliver = (struct cret_deliver){.fd = fd, .manifest = manifest, .begun = begun};
    *ret_deliver = deliver;
    return CRET_OK;
}

static enum cret_status send(struct cret_deliver *deliver, enum cret_deliver_frame type,
                             struct cret_buffer *body, struct cret_err *err)
{
    if (cret_frame_add(&cret_deliver_frames, &deliver->wire, type, body, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return deliver->wire.size < PIECE_BYTES ? CRET_OK
                                            : cret_frame_flush(deliver->fd, &deliver->wire, err);
}

static enum cret_status send_file(struct cret_deliver *deliver, size_t entry, struct cret_err *err)
{
    const struct cret_entry *file = &deliver->manifest->entries[entry];
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, file->path);
    cret_frame_put_string(&body, deliver->manifest->files[entry].original);
    cret_frame_put_string(&body, deliver->manifest->files[entry].role);
    cret_frame_put_u64(&body, file->size);
    cret_frame_put_bytes(&body, file->sha256, CRET_SHA256_BYTES);
    deliver->begun[entry] = true;
    return send(deliver, CRET_DELIVER_FILE, &body, err);
}

static enum cret_status send_bytes(struct cret_deliver *deliver, const uint8_t *data, size_t size,
                                   struct cret_err *err)
{
    for (size_t at = 0; at < size; at += PIECE_BYTES) {
        struct cret_buffer body = {0};
        cret_frame_put_bytes(&body, data + at, size - at < PIECE_BYTES ? size - at : PIECE_BYTES);
        if (send(deliver, CRET_DELIVER_BYTES, &body, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status out_of_order(const struct cret_deliver *deliver, size_t entry,
                                     struct cret_err *err)
{
    cret_err_undecided(err, "the bytes of a file do not come in order");
    return cret_err_where(err, "%s", deliver->manifest->entries[entry].path);
}

/* The next bytes of the file whose turn it is. */
static enum cret_status go_on(struct cret_deliver *deliver, size_t entry, uint64_t offset,
                              const uint8_t *data, size_t size, struct cret_err *err)
{
    const struct cret_entry *file = &deliver->manifest->entries[entry];
    if (!deliver->open) {
        if (deliver->begun[entry]) {
            return out_of_order(deliver, entry, err);
        }
        if (send_file(deliver, entry, err) != CRET_OK) {
            return CRET_FAILED;
        }
        deliver->open = true;
        deliver->current = entry;
        deliver->written = 0;
    }
    if (offset != deliver->written || size > file->size - offset) {
        return out_of_order(deliver, entry, err);
    }
    if (send_bytes(deliver, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    deliver->written += size;
    deliver->open = deliver->written < file->size;
    return CRET_OK;
}

/* A whole file that came while another one is open. */
static enum cret_status hold(struct cret_deliver *deliver, size_t entry, const uint8_t *data,
                             size_t size, struct cret_err *err)
{
    if (deliver->begun[entry] || size != deliver->manifest->entries[entry].size ||
        size > HELD_BYTES - deliver->held_bytes) {
        return out_of_order(deliver, entry, err);
    }
    if (deliver->held_count == deliver->held_capacity) {
        const size_t capacity = deliver->held_capacity * 2 + 16;
        struct held *held = realloc(deliver->held, capacity * sizeof(*held));
        if (held == NULL) {
            return cret_err_memory(err);
        }
        deliver->held = held;
        deliver->held_capacity = capacity;
    }
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL) {
        return cret_err_memory(err);
    }
    memcpy(copy, data, size);
    deliver->held[deliver->held_count++] = (struct held){entry, size, copy};
    deliver->held_bytes += size;
    return CRET_OK;
}

static enum cret_status release_held(struct cret_deliver *deliver, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < deliver->held_count; i++) {
        struct held *held = &deliver->held[i];
        if (status == CRET_OK) {
            status = go_on(deliver, held->entry, 0, held->data, held->size, err);
        }
        free(held->data);
    }
    deliver->held_count = 0;
    deliver->held_bytes = 0;
    return status;
}

enum cret_status cret_deliver_write(void *context, size_t entry, uint64_t offset,
                                    const uint8_t *data, size_t size, struct cret_err *err)
{
    struct cret_deliver *deliver = context;
    if (size == 0) {
        return CRET_OK; /* empty files come at the end */
    }
    if (deliver->open && entry != deliver->current) {
        return offset == 0 ? hold(deliver, entry, data, size, err)
                           : out_of_order(deliver, entry, err);
    }
    if (go_on(deliver, entry, offset, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return deliver->open ? CRET_OK : release_held(deliver, err);
}

enum cret_status cret_deliver_finish(struct cret_deliver *deliver, struct cret_err *err)
{
    const struct cret_manifest *manifest = deliver->manifest;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (!deliver->begun[i] && manifest->entries[i].size == 0 &&
            send_file(deliver, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!deliver->begun[i] || deliver->open) {
            cret_err_undecided(err, "a file was not handed over whole");
            return cret_err_where(err, "%s", manifest->entries[i].path);
        }
    }
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, manifest->file_count);
    return send(deliver, CRET_DELIVER_END, &body, err) == CRET_OK
               ? cret_frame_flush(deliver->fd, &deliver->wire, err)
               : CRET_FAILED;
}

void cret_deliver_free(struct cret_deliver **deliver)
{
    if (*deliver == NULL) {
        return;
    }
    for (size_t i = 0; i < (*deliver)->held_count; i++) {
        free((*deliver)->held[i].data);
    }
    free((*deliver)->held);
    free((*deliver)->begun);
    cret_buffer_free(&(*deliver)->wire);
    free(*deliver);
    *deliver = NULL;
}
