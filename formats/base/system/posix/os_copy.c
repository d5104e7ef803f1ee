/* SPDX-License-Identifier: Apache-2.0 */
/* Copying a part of a file into another one, by the kernel where it can. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/posix/os_internal.h"

/* What file systems that share extents share; a multiple of the blocks of all that are in use. */
#define EXTENT ((uint64_t)64 << 10)
/* Bytes of one call: it cannot be interrupted. */
#define STEP ((uint64_t)32 << 20)

/* How much the kernel copied: less than `size` where it can copy no more of these files. Where the
 * file system can, both files share the bytes from then on, which needs whole blocks at both ends:
 * what lies before the first one goes alone. */
static uint64_t copy_inside(int from, uint64_t from_offset, int to, uint64_t to_offset,
                            uint64_t size)
{
    const uint64_t before = (EXTENT - from_offset % EXTENT) % EXTENT;
    const bool alike = from_offset % EXTENT == to_offset % EXTENT && before < size;
    uint64_t done = 0;
    while (done < size) {
        const uint64_t left = alike && done < before ? before - done : size - done;
        off_t in = (off_t)(from_offset + done), out = (off_t)(to_offset + done);
        const ssize_t count =
            copy_file_range(from, &in, to, &out, (size_t)(left < STEP ? left : STEP), 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break; /* other devices, a kernel that does not, a full disk: writing tells which */
        }
        cret_os_flush_begin(to, to_offset + done, (uint64_t)count);
        done += (uint64_t)count;
    }
    return done;
}

static enum cret_status copy_outside(int from, uint64_t from_offset, int to, uint64_t to_offset,
                                     uint64_t size, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t *buffer = malloc(CRET_IO_BYTES);
    if (buffer == NULL) {
        return cret_err_memory(err);
    }
    for (uint64_t at = 0; at < size;) {
        const size_t step = size - at < CRET_IO_BYTES ? (size_t)(size - at) : CRET_IO_BYTES;
        size_t got = 0;
        if (cret_os_pread(from, buffer, step, from_offset + at, &got, err) != CRET_OK) {
            goto out;
        }
        if (got != step) {
            cret_err_undecided(err, "the file changed while it was read");
            goto out;
        }
        if (cret_os_pwrite(to, buffer, step, to_offset + at, err) != CRET_OK) {
            goto out;
        }
        at += step;
    }
    status = CRET_OK;
out:
    free(buffer);
    return status;
}

enum cret_status cret_os_copy(int from, uint64_t from_offset, int to, uint64_t to_offset,
                              uint64_t size, struct cret_err *err)
{
    if (from_offset > INT64_MAX - size || to_offset > INT64_MAX - size) {
        return cret_err_undecided(err, "cannot copy: an offset beyond every file");
    }
    const uint64_t done = copy_inside(from, from_offset, to, to_offset, size);
    return done == size
               ? CRET_OK
               : copy_outside(from, from_offset + done, to, to_offset + done, size - done, err);
}
