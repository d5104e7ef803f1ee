/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the front and the end of an archive. */
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "container/archive.h"
#include "container/member.h"
#include "container/ustar.h"

/* Head, content and padding at *at, which moves behind them. */
static enum cret_status put_member(int fd, const char *path, const uint8_t *data, size_t size,
                                   int64_t seconds, uint64_t *at, struct cret_err *err)
{
    static const uint8_t zeros[CRET_BLOCK];
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0, padding = (size_t)(cret_ustar_padded(size) - size);
    if (cret_ustar_head(head, &head_size, path, size, seconds, err) != CRET_OK ||
        cret_os_pwrite(fd, head, head_size, *at, err) != CRET_OK ||
        cret_os_pwrite(fd, data, size, *at + head_size, err) != CRET_OK ||
        cret_os_pwrite(fd, zeros, padding, *at + head_size + size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *at += head_size + size + padding;
    return CRET_OK;
}

static enum cret_status check_limits(const struct cret_front *front, struct cret_err *err)
{
    bool fits = front->manifest_size >= 1 && front->manifest_size <= CRET_LIMIT_MANIFEST_BYTES &&
                front->signature_count <= CRET_LIMIT_SIGNATURES;
    for (size_t i = 0; i < front->signature_count && fits; i++) {
        const size_t size = front->signatures[i].size;
        fits = size >= 1 && size <= CRET_LIMIT_SIGNATURE_BYTES;
    }
    if (fits) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS,
                    "the front of the archive is beyond its limits");
    return cret_err_expected(
        err, "a manifest of 1 to %u bytes, at most %u signatures of 1 to %u bytes",
        CRET_LIMIT_MANIFEST_BYTES, CRET_LIMIT_SIGNATURES, CRET_LIMIT_SIGNATURE_BYTES);
}

enum cret_status cret_front_write(int fd, const struct cret_front *front, uint64_t *ret_size,
                                  struct cret_err *err)
{
    const struct cret_signature *signatures = front->signatures;
    const size_t count = front->signature_count;
    uint64_t at = 0;
    if (check_limits(front, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 1; i < count; i++) {
        if (strcmp(signatures[i - 1].name, signatures[i].name) >= 0) {
            return cret_err_undecided(err, "the signatures to write are not sorted by name");
        }
    }
    if (put_member(fd, "MANIFEST.json", front->manifest, front->manifest_size, front->seconds, &at,
                   err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        char path[40];
        cret_layout_signature_path(path, signatures[i].name);
        if (put_member(fd, path, signatures[i].data, signatures[i].size, front->seconds, &at,
                       err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    *ret_size = at;
    return CRET_OK;
}

enum cret_status cret_archive_end(int fd, uint64_t offset, struct cret_err *err)
{
    static const uint8_t zeros[CRET_MEMBER_END];
    if (cret_os_pwrite(fd, zeros, sizeof(zeros), offset, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Cuts what an earlier, longer layout may have left. */
    return cret_os_reserve(fd, offset + sizeof(zeros), err);
}
