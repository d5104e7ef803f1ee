/* SPDX-License-Identifier: Apache-2.0 */
#include "container/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/os.h"

struct cret_source {
    int fd;
    bool seekable;
    uint64_t size;     /* of a seekable source when it was opened */
    uint64_t position; /* of the next byte that cret_source_read gives */
    /* Bytes already taken from a pipe but not yet read by the caller. */
    uint8_t peeked[CRET_SOURCE_PEEK];
    size_t peeked_size;
};

enum cret_status cret_source_new(struct cret_source **ret_source, int fd, struct cret_err *err)
{
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK)
        return CRET_FAILED;
    if (info.kind == CRET_KIND_DIRECTORY) {
        cret_err_undecided(err, "the archive is a folder, not a file");
        return cret_err_hint(err, "name the .cretula.tar file itself");
    }
    struct cret_source *source = calloc(1, sizeof(*source));
    if (source == NULL)
        return cret_err_memory(err);
    source->fd = fd;
    source->seekable = info.kind == CRET_KIND_REGULAR && cret_os_seekable(fd);
    source->size = source->seekable ? info.size : 0;
    *ret_source = source;
    return CRET_OK;
}

void cret_source_free(struct cret_source **source)
{
    if (source == NULL)
        return;
    free(*source);
    *source = NULL;
}

bool cret_source_seekable(const struct cret_source *source)
{
    return source->seekable;
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
    if (source->seekable)
        return cret_os_pread(source->fd, data, size, offset, ret_got, err);
    return cret_os_read(source->fd, data, size, ret_got, err);
}

enum cret_status cret_source_read(struct cret_source *source, void *data, size_t size,
                                  size_t *ret_got, struct cret_err *err)
{
    size_t ready = source->peeked_size < size ? source->peeked_size : size;
    size_t got = 0;
    if (ready < size && read_on(source, source->position + ready, (uint8_t *)data + ready,
                                size - ready, &got, err) != CRET_OK)
        return CRET_FAILED;
    if (ready > 0) {
        memcpy(data, source->peeked, ready);
        source->peeked_size -= ready;
        memmove(source->peeked, source->peeked + ready, source->peeked_size);
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
                                           CRET_SOURCE_PEEK - have, &got, err) != CRET_OK)
        return CRET_FAILED;
    source->peeked_size = have + got;
    memcpy(data, source->peeked, source->peeked_size);
    *ret_got = source->peeked_size;
    return CRET_OK;
}

void cret_source_seek(struct cret_source *source, uint64_t offset)
{
    if (!source->seekable)
        return;
    source->position = offset;
    source->peeked_size = 0;
}
