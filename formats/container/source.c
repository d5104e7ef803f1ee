/* SPDX-License-Identifier: Apache-2.0 */
/* Archive bytes by offset, or in order from a pipe. */
#include "container/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "container/member.h"

struct cret_source {
    int fd;
    bool file;     /* regular: read with pread */
    uint64_t size; /* of a file when it was opened */
    struct cret_sha256
        *hash;         /* of all bytes handed out, in order; NULL: they may come in any order */
    uint64_t position; /* of the next byte that cret_source_read gives */
    /* Bytes already taken from a pipe but not yet read by the caller. */
    uint8_t peeked[CRET_SOURCE_PEEK];
    size_t peeked_size;
    struct cret_watch watch;
};

enum cret_status cret_source_new(struct cret_source **ret_source, int fd, struct cret_err *err)
{
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (info.kind == CRET_KIND_DIRECTORY) {
        cret_err_undecided(err, "the archive is a folder, not a file");
        return cret_err_hint(err, "name the .cretula.tar file itself");
    }
    struct cret_source *source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return cret_err_memory(err);
    }
    source->fd = fd;
    source->file = info.kind == CRET_KIND_REGULAR && cret_os_seekable(fd);
    source->size = source->file ? info.size : 0;
    *ret_source = source;
    return CRET_OK;
}

void cret_source_free(struct cret_source **source)
{
    if (source == NULL || *source == NULL) {
        return;
    }
    cret_sha256_free(&(*source)->hash);
    free(*source);
    *source = NULL;
}

bool cret_source_seekable(const struct cret_source *source)
{
    return source->file && source->hash == NULL;
}

bool cret_source_is_file(const struct cret_source *source)
{
    return source->file;
}

int cret_source_fd(const struct cret_source *source)
{
    return source->fd;
}

uint64_t cret_source_size(const struct cret_source *source)
{
    return source->size;
}

uint64_t cret_source_position(const struct cret_source *source)
{
    return source->position;
}

/* Reads past what was peeked. */
static enum cret_status read_on(struct cret_source *source, uint64_t offset, void *data,
                                size_t size, size_t *ret_got, struct cret_err *err)
{
    if (source->file) {
        return cret_os_pread(source->fd, data, size, offset, ret_got, err);
    }
    return cret_os_read(source->fd, data, size, ret_got, err);
}

enum cret_status cret_source_read(struct cret_source *source, void *data, size_t size,
                                  size_t *ret_got, struct cret_err *err)
{
    size_t ready = source->peeked_size < size ? source->peeked_size : size;
    size_t got = 0;
    if (ready < size && read_on(source, source->position + ready, (uint8_t *)data + ready,
                                size - ready, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (ready > 0) {
        memcpy(data, source->peeked, ready);
        source->peeked_size -= ready;
        memmove(source->peeked, source->peeked + ready, source->peeked_size);
    }
    if (source->hash != NULL) {
        cret_sha256_update(source->hash, data, ready + got);
    }
    if (source->watch.work != NULL) {
        source->watch.work(source->watch.context, got);
    }
    source->position += ready + got;
    *ret_got = ready + got;
    return CRET_OK;
}

enum cret_status cret_source_peek(struct cret_source *source, uint8_t data[CRET_SOURCE_PEEK],
                                  size_t *ret_got, struct cret_err *err)
{
    size_t have = source->peeked_size, got = 0;
    if (have < CRET_SOURCE_PEEK && read_on(source, source->position + have, source->peeked + have,
                                           CRET_SOURCE_PEEK - have, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    source->peeked_size = have + got;
    memcpy(data, source->peeked, source->peeked_size);
    *ret_got = source->peeked_size;
    return CRET_OK;
}

void cret_source_seek(struct cret_source *source, uint64_t offset)
{
    if (!cret_source_seekable(source)) {
        return;
    }
    source->position = offset;
    source->peeked_size = 0;
}

void cret_source_watch(struct cret_source *source, const struct cret_watch *watch)
{
    source->watch = *watch;
}

enum cret_status cret_source_hash(struct cret_source *source, struct cret_err *err)
{
    if (!source->file || source->position > 0 || source->hash != NULL) {
        return cret_err_undecided(err, "internal error: this source cannot be hashed on the way");
    }
    return cret_sha256_new(&source->hash, err);
}

/* Reads to the end, at most one byte more than the file had. */
static enum cret_status drain(struct cret_source *source, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    uint8_t *data = malloc(CRET_IO_BYTES);
    size_t got = data != NULL ? 1 : 0;
    if (data == NULL) {
        return cret_err_memory(err);
    }
    while (status == CRET_OK && got > 0 && source->position <= source->size) {
        status = cret_source_read(source, data, CRET_IO_BYTES, &got, err);
    }
    free(data);
    return status;
}

enum cret_status cret_source_digest(struct cret_source *source,
                                    uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    if (source->hash == NULL) {
        return cret_err_undecided(err, "internal error: this source was not hashed on the way");
    }
    if (drain(source, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (source->position != source->size) {
        return cret_member_changed("archive", err);
    }
    return cret_sha256_final(source->hash, ret_digest, err);
}
