/* SPDX-License-Identifier: Apache-2.0 */
/* Taking frames apart; what does not fit ends the run. */
#include "stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x74657243u
#define NO_STRING UINT32_MAX
#define BODY_BYTES ((size_t)64 << 10)
#define SHA256_BYTES 32u

enum { FRAME_FILE = 1, FRAME_BYTES = 2, FRAME_END = 3 };

struct header {
    uint32_t magic, type;
    uint64_t size;
};

struct cret_lib_stream {
    cretula_begin begin;
    cretula_write write;
    void *context;
    struct header header;
    size_t header_size, body_size; /* that came of it */
    uint8_t body[BODY_BYTES];
    json_t *files; /* {path: file as in a record}, all that were begun */
    json_t *file;  /* the last one, borrowed of it */
    uint64_t left; /* bytes that it owes */
    bool ended;
    const char *fault;
};

static const char malformed[] = "what cretula-verify hands over has another form than it should "
                                "have: library and program are of different versions";

struct cret_lib_stream *cret_lib_stream_new(cretula_begin begin, cretula_write write, void *context)
{
    struct cret_lib_stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL) {
        return NULL;
    }
    stream->begin = begin;
    stream->write = write;
    stream->context = context;
    stream->files = json_object();
    if (stream->files == NULL) {
        free(stream);
        return NULL;
    }
    return stream;
}

void cret_lib_stream_free(struct cret_lib_stream *stream)
{
    if (stream != NULL) {
        json_decref(stream->files);
        free(stream);
    }
}

const char *cret_lib_stream_fault(const struct cret_lib_stream *stream)
{
    return stream->fault;
}

static bool fail(struct cret_lib_stream *stream, const char *why)
{
    stream->fault = stream->fault != NULL ? stream->fault : why;
    return false;
}

/* The next `size` bytes of the body, or NULL. */
static const uint8_t *next(const struct cret_lib_stream *stream, size_t *at, size_t size)
{
    if (size > stream->body_size - *at) {
        return NULL;
    }
    const uint8_t *data = stream->body + *at;
    *at += size;
    return data;
}

/* Adds a text of the body under that name, where it has one. */
static bool add_text(const struct cret_lib_stream *stream, size_t *at, json_t *file,
                     const char *name)
{
    uint32_t size = 0;
    const uint8_t *data = next(stream, at, sizeof(size));
    if (data == NULL) {
        return false;
    }
    memcpy(&size, data, sizeof(size));
    if (size == NO_STRING) {
        return true;
    }
    data = next(stream, at, size);
    return data != NULL && memchr(data, 0, size) == NULL &&
           json_object_set_new(file, name, json_stringn((const char *)data, size)) == 0;
}

static bool add_numbers(const struct cret_lib_stream *stream, size_t *at, json_t *file,
                        uint64_t *ret_size)
{
    uint64_t size = 0;
    char hex[2 * SHA256_BYTES + 1] = "";
    const uint8_t *data = next(stream, at, sizeof(size));
    if (data == NULL) {
        return false;
    }
    memcpy(&size, data, sizeof(size));
    data = next(stream, at, SHA256_BYTES);
    if (data == NULL || size > INT64_MAX || *at != stream->body_size) {
        return false;
    }
    bool said = false;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        hex[2 * i] = "0123456789abcdef"[data[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[data[i] & 15];
        said = said || data[i] != 0;
    }
    *ret_size = size;
    return json_object_set_new(file, "size", json_integer((json_int_t)size)) == 0 &&
           (!said || json_object_set_new(file, "sha256", json_string(hex)) == 0);
}

static bool begin_file(struct cret_lib_stream *stream)
{
    size_t at = 0;
    uint64_t size = 0;
    json_t *file = json_object();
    const bool whole = file != NULL && add_text(stream, &at, file, "path") &&
                       add_text(stream, &at, file, "originalName") &&
                       add_text(stream, &at, file, "role") && add_numbers(stream, &at, file, &size);
    const char *path = json_string_value(json_object_get(file, "path"));
    if (!whole || path == NULL || stream->left > 0 || stream->ended ||
        json_object_get(stream->files, path) != NULL ||
        json_object_set(stream->files, path, file) != 0) {
        json_decref(file);
        return fail(stream, malformed);
    }
    json_decref(file); /* the list has it */
    stream->file = file;
    stream->left = size;
    return stream->begin == NULL ||
           stream->begin(stream->context, (const cretula_file *)file) == 0 ||
           fail(stream, "the caller did not want a file, and ended the run");
}

static bool take_bytes(struct cret_lib_stream *stream)
{
    if (stream->body_size == 0 || stream->body_size > stream->left || stream->ended) {
        return fail(stream, malformed);
    }
    stream->left -= stream->body_size;
    return stream->write == NULL ||
           stream->write(stream->context, (const cretula_file *)stream->file, stream->body,
                         stream->body_size) == 0 ||
           fail(stream, "the caller could not take the bytes of a file, and ended the run");
}

static bool end(struct cret_lib_stream *stream)
{
    uint64_t count = 0;
    if (stream->body_size != sizeof(count) || stream->left > 0 || stream->ended) {
        return fail(stream, malformed);
    }
    memcpy(&count, stream->body, sizeof(count));
    stream->ended = count == json_object_size(stream->files);
    return stream->ended || fail(stream, malformed);
}

static bool take_frame(struct cret_lib_stream *stream)
{
    switch (stream->header.type) {
    case FRAME_FILE:
        return begin_file(stream);
    case FRAME_BYTES:
        return take_bytes(stream);
    case FRAME_END:
        return end(stream);
    default:
        return fail(stream, malformed);
    }
}

/* As much of `size` bytes as is missing of `whole`. */
static size_t fill(void *target, size_t *filled, size_t whole, const uint8_t *data, size_t size)
{
    const size_t some = size < whole - *filled ? size : whole - *filled;
    memcpy((uint8_t *)target + *filled, data, some);
    *filled += some;
    return some;
}

bool cret_lib_stream_take(void *context, const uint8_t *data, size_t size)
{
    struct cret_lib_stream *stream = context;
    struct header *header = &stream->header;
    while (size > 0 && stream->fault == NULL) {
        size_t some = fill(header, &stream->header_size, sizeof(*header), data, size);
        data += some;
        size -= some;
        if (stream->header_size < sizeof(*header)) {
            break;
        }
        if (header->magic != MAGIC || header->size > BODY_BYTES) {
            return fail(stream, malformed);
        }
        some = fill(stream->body, &stream->body_size, (size_t)header->size, data, size);
        data += some;
        size -= some;
        if (stream->body_size < header->size) {
            break;
        }
        if (!take_frame(stream)) {
            return false;
        }
        stream->header_size = 0;
        stream->body_size = 0;
    }
    return stream->fault == NULL;
}

bool cret_lib_stream_gave(const struct cret_lib_stream *stream, const json_t *files)
{
    size_t i = 0;
    const json_t *file = NULL;
    if (!stream->ended || stream->fault != NULL || stream->header_size > 0 ||
        json_array_size(files) != json_object_size(stream->files)) {
        return false;
    }
    json_array_foreach(files, i, file)
    {
        const char *path = json_string_value(json_object_get(file, "path"));
        const json_t *given = path != NULL ? json_object_get(stream->files, path) : NULL;
        const json_t *digest = given != NULL ? json_object_get(given, "sha256") : NULL;
        if (given == NULL ||
            !json_equal(json_object_get(given, "size"), json_object_get(file, "size")) ||
            (digest != NULL && !json_equal(digest, json_object_get(file, "sha256")))) {
            return false;
        }
    }
    return true;
}
