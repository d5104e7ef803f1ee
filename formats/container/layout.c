/* SPDX-License-Identifier: Apache-2.0 */
/* Offsets and sizes of all members, computed before anything is written or read. */
#include "container/layout.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/finding/limits.h"
#include "container/ustar.h"

void cret_layout_signature_path(char out[40], const char *name)
{
    snprintf(out, 40, "SIGNATURES/%.16s.p7s", name);
}

static uint64_t member_size(uint64_t size)
{
    return cret_ustar_head_size(size) + cret_ustar_padded(size);
}

uint64_t cret_layout_front_size(size_t manifest_size, const struct cret_signature *signatures,
                                size_t count)
{
    uint64_t total = member_size(manifest_size);
    for (size_t i = 0; i < count; i++) {
        total += member_size(signatures[i].size);
    }
    return total;
}

static enum cret_status too_large(const char *path, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "the payload is too large");
    cret_err_where(err, "%s", path);
    return cret_err_expected(err, "files of at most %llu bytes, an archive of at most %lld bytes",
                             (unsigned long long)CRET_LIMIT_FILE_BYTES, (long long)INT64_MAX);
}

enum cret_status cret_layout_payload(struct cret_entry *entries, size_t count, uint64_t start,
                                     uint64_t *ret_end, struct cret_err *err)
{
    /* Offsets are off_t in the end: signed. The two end blocks are part of the archive. */
    const uint64_t maximum = (uint64_t)INT64_MAX - (uint64_t)2 * CRET_BLOCK;
    if (count > CRET_LIMIT_FILES) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "the archive has too many files");
        cret_err_expected(err, "at most %u files", CRET_LIMIT_FILES);
        return cret_err_actual(err, "%zu files", count);
    }
    if (start > maximum) {
        return too_large("(front)", err);
    }
    uint64_t at = start;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].size > CRET_LIMIT_FILE_BYTES ||
            member_size(entries[i].size) > maximum - at) {
            return too_large(entries[i].path, err);
        }
        entries[i].offset = at + cret_ustar_head_size(entries[i].size);
        at += member_size(entries[i].size);
    }
    *ret_end = at;
    return CRET_OK;
}
