/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/os.h"

/* Reads to the end of a descriptor whose size need not be known. */
static enum cret_status read_all(char **ret_data, size_t *ret_size, int fd, size_t cap,
                                 size_t expected, struct cret_err *err)
{
    /* One byte more than expected shows the end without a second round. */
    size_t capacity = (expected < cap ? expected : cap) + 2, size = 0;
    char *data = malloc(capacity);
    for (;;) {
        size_t got = 0;
        if (data == NULL) {
            cret_err_memory(err);
            goto failed;
        }
        if (cret_os_read(fd, data + size, capacity - 1 - size, &got, err) != CRET_OK)
            goto failed;
        size += got;
        if (size > cap) {
            cret_err_undecided(err, "the file is too large");
            cret_err_expected(err, "at most %zu bytes", cap);
            cret_err_actual(err, "more than that");
            goto failed;
        }
        if (size < capacity - 1)
            break;
        capacity = capacity > cap / 2 ? cap + 2 : capacity * 2;
        char *grown = realloc(data, capacity);
        if (grown == NULL)
            free(data);
        data = grown;
    }
    data[size] = '\0';
    *ret_data = data;
    *ret_size = size;
    return CRET_OK;
failed:
    free(data);
    return CRET_FAILED;
}

enum cret_status cret_file_read_fd(char **ret_data, size_t *ret_size, int fd, size_t cap,
                                   struct cret_err *err)
{
    struct cret_file_info info;
    if (cap > SIZE_MAX / 4)
        return cret_err_undecided(err, "a cap beyond the memory");
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK)
        return CRET_FAILED;
    size_t expected = 4096;
    if (info.kind == CRET_KIND_REGULAR)
        expected = info.size < cap ? (size_t)info.size : cap;
    return read_all(ret_data, ret_size, fd, cap, expected, err);
}

enum cret_status cret_file_read(char **ret_data, size_t *ret_size, const char *path, size_t cap,
                                enum cret_err_class class, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    int fd = -1;

    if (cret_os_open_file(&fd, path, err) != CRET_OK)
        goto out;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK)
        goto out;
    if (info.size > cap) {
        cret_err_undecided(err, "%s: the file is too large", path);
        cret_err_expected(err, "at most %zu bytes", cap);
        cret_err_actual(err, "%llu bytes", (unsigned long long)info.size);
        cret_err_hint(err, "this is not what such a file holds: see whether it is the right one, and "
                           "who changed it");
        goto out;
    }
    status = cret_file_read_fd(ret_data, ret_size, fd, cap, err);
    if (status != CRET_OK)
        cret_err_context(err, "%s", path);
out:
    if (status != CRET_OK && err != NULL) {
        cret_err_reclass(err, class);
        cret_err_where(err, "%s", path);
    }
    cret_os_close(&fd);
    return status;
}

enum cret_status cret_file_sha256_fd(uint8_t ret_digest[CRET_SHA256_BYTES], int fd,
                                     struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_sha256 *hash = NULL;
    uint8_t *buffer = malloc(CRET_IO_BYTES);
    uint64_t offset = 0;
    size_t got = 0;
    if (buffer == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    if (cret_sha256_new(&hash, err) != CRET_OK) {
        goto out;
    }
    do {
        if (cret_os_pread(fd, buffer, CRET_IO_BYTES, offset, &got, err) != CRET_OK) {
            goto out;
        }
        cret_sha256_update(hash, buffer, got);
        offset += got;
    } while (got == CRET_IO_BYTES);
    status = cret_sha256_final(hash, ret_digest, err);
out:
    cret_sha256_free(&hash);
    free(buffer);
    return status;
}

enum cret_status cret_file_sha256(uint8_t ret_digest[CRET_SHA256_BYTES], const char *path,
                                  struct cret_err *err)
{
    int fd = -1;
    enum cret_status status = cret_os_open_file(&fd, path, err);
    if (status == CRET_OK) {
        status = cret_file_sha256_fd(ret_digest, fd, err);
    }
    cret_os_close(&fd);
    return status;
}

struct cret_output {
    int fd;
    char *temporary; /* NULL: the file has no name yet */
    char *final;
};

enum cret_status cret_output_open(struct cret_output **ret_output, const char *path, unsigned mode,
                                  struct cret_err *err)
{
    struct cret_output *output = calloc(1, sizeof(*output));
    if (output == NULL)
        return cret_err_memory(err);
    output->fd = -1;
    output->final = strdup(path);
    if (output->final == NULL) {
        cret_output_discard(&output);
        return cret_err_memory(err);
    }
    if (cret_os_temporary_file(&output->fd, &output->temporary, path, mode, err) != CRET_OK) {
        cret_output_discard(&output);
        return CRET_FAILED;
    }
    *ret_output = output;
    return CRET_OK;
}

int cret_output_fd(const struct cret_output *output)
{
    return output->fd;
}

enum cret_status cret_output_commit(struct cret_output **output, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_output *file = *output;

    if (cret_os_fsync(file->fd, err) != CRET_OK) {
        cret_err_context(err, "%s", file->final);
        cret_err_where(err, "%s", file->final);
        goto out;
    }
    if (cret_os_temporary_publish(file->fd, file->temporary, file->final, err) != CRET_OK)
        goto out;
    free(file->temporary);
    file->temporary = NULL;
    if (cret_os_sync_parent(file->final, err) != CRET_OK) {
        /* The name may not survive a power cut: a caller that is told of a failure must not find
         * the file. */
        cret_os_unlink(file->final);
        goto out;
    }
    status = CRET_OK;
out:
    cret_output_discard(output);
    return status;
}

void cret_output_discard(struct cret_output **output)
{
    if (output == NULL || *output == NULL)
        return;
    cret_os_close(&(*output)->fd);
    cret_os_unlink((*output)->temporary);
    free((*output)->temporary);
    free((*output)->final);
    free(*output);
    *output = NULL;
}

enum cret_status cret_file_write(const char *path, const void *data, size_t size, unsigned mode,
                                 struct cret_err *err)
{
    struct cret_output *output = NULL;
    if (cret_output_open(&output, path, mode, err) != CRET_OK)
        return CRET_FAILED;
    if (cret_os_write(cret_output_fd(output), data, size, err) != CRET_OK) {
        cret_err_context(err, "%s", path);
        cret_err_where(err, "%s", path);
        cret_output_discard(&output);
        return CRET_FAILED;
    }
    return cret_output_commit(&output, err);
}
