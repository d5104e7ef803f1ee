/* SPDX-License-Identifier: Apache-2.0 */
/* Reading whole small files, within a bound. */
#include "base/system/file.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/nature.h"

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
        if (cret_os_read(fd, data + size, capacity - 1 - size, &got, err) != CRET_OK) {
            goto failed;
        }
        size += got;
        if (size > cap) {
            cret_err_undecided(err, "the file is too large");
            cret_err_expected(err, "at most %zu bytes", cap);
            cret_err_actual(err, "more than that");
            goto failed;
        }
        if (size < capacity - 1) {
            break;
        }
        capacity = capacity > cap / 2 ? cap + 2 : capacity * 2;
        char *grown = realloc(data, capacity);
        if (grown == NULL) {
            free(data);
        }
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
    if (cap > SIZE_MAX / 2 - 2) {
        return cret_err_undecided(err, "a cap beyond the memory");
    }
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    size_t expected = 4096;
    if (info.kind == CRET_KIND_REGULAR) {
        expected = info.size < cap ? (size_t)info.size : cap;
    }
    return read_all(ret_data, ret_size, fd, cap, expected, err);
}

/* How large it is, and what it is where its beginning tells. */
static void say_size(struct cret_err *err, int fd, uint64_t size)
{
    char start[512];
    struct cret_err ignored = {0};
    size_t got = 0;
    const struct cret_nature *nature =
        cret_os_pread(fd, start, sizeof(start), 0, &got, &ignored) == CRET_OK
            ? cret_nature_in_place_of_text(start, got)
            : NULL;
    cret_err_actual(err, "%llu bytes%s%s", (unsigned long long)size, nature != NULL ? ", " : "",
                    nature != NULL ? nature->words : "");
}

enum cret_status cret_file_read(char **ret_data, size_t *ret_size, const char *path, size_t cap,
                                enum cret_err_class class, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    int fd = -1;

    if (cret_os_open_file(&fd, path, err) != CRET_OK) {
        goto out;
    }
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        goto out;
    }
    if (info.size > cap) {
        cret_err_undecided(err, "%s: the file is too large", path);
        cret_err_expected(err, "at most %zu bytes", cap);
        say_size(err, fd, info.size);
        cret_err_hint(err,
                      "this is not what such a file holds: see whether it is the right one, and "
                      "who changed it");
        goto out;
    }
    status = cret_file_read_fd(ret_data, ret_size, fd, cap, err);
    if (status != CRET_OK) {
        cret_err_context(err, "%s", path);
    }
out:
    if (status != CRET_OK && err != NULL) {
        cret_err_reclass(err, class);
        cret_err_where(err, "%s", path);
    }
    cret_os_close(&fd);
    return status;
}

static enum cret_status sha256_fd(uint8_t ret_digest[CRET_SHA256_BYTES], int fd,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_sha256 *hash = NULL;
    uint8_t *buffer = malloc(CRET_IO_BYTES);
    uint64_t offset = 0;
    size_t got = 0;
    if (buffer == NULL) {
        cret_err_memory(err);
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
        status = sha256_fd(ret_digest, fd, err);
    }
    cret_os_close(&fd);
    return status;
}
