/* SPDX-License-Identifier: Apache-2.0 */
/* What comes after the end of an archive: another program may go on reading there. */
#include <stdio.h>

#include "release/nested/nested_internal.h"

static bool is_zero(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Reads the level's bytes once more, uncompressed but not as an archive; *ret_clean: all of them
 * from `end` on are zero. */
static enum cret_status look(struct cret_nested_level *again, uint64_t end, bool *ret_clean,
                             struct cret_err *err)
{
    const struct cret_nested_library *library = &again->job->library;
    struct archive_entry *entry = NULL;
    again->raw = true;
    if (cret_nested_open(again) != CRET_OK ||
        library->archive_read_next_header(again->reader, &entry) != ARCHIVE_OK) {
        return cret_nested_refuse_reader(again, err);
    }
    for (;;) {
        const void *data = NULL;
        size_t size = 0;
        la_int64_t offset = 0;
        const int result = library->archive_read_data_block(again->reader, &data, &size, &offset);
        if (result == ARCHIVE_EOF) {
            *ret_clean = true;
            return CRET_OK;
        }
        if (result != ARCHIVE_OK || offset < 0) {
            return cret_nested_refuse_reader(again, err);
        }
        const uint64_t from = (uint64_t)offset;
        const size_t known = from >= end ? 0 : end - from < size ? (size_t)(end - from) : size;
        if (!is_zero((const uint8_t *)data + known, size - known)) {
            *ret_clean = false;
            return CRET_OK;
        }
    }
}

static enum cret_status unsure(struct cret_nested_job *job, const char *what)
{
    job->outcome = CRET_NESTED_UNSUPPORTED;
    snprintf(job->detail, sizeof(job->detail), "%s", what);
    return CRET_OK;
}

enum cret_status cret_nested_check_end(struct cret_nested_level *level, struct cret_err *err)
{
    struct cret_nested_job *job = level->job;
    const la_int64_t end = job->library.archive_filter_bytes(level->reader, 0);
    const int format = job->library.archive_format(level->reader) & ARCHIVE_FORMAT_BASE_MASK;
    if (format == ARCHIVE_FORMAT_ZIP) {
        return level->input != NULL
                   ? cret_nested_check_zip(level, err)
                   : unsure(job, "an inner ZIP file is too large to be read in any order");
    }
    if (format != ARCHIVE_FORMAT_CPIO) {
        return CRET_OK;
    }
    if (level->input == NULL || end < 0) {
        return unsure(job, "an inner cpio archive is too large to look behind its end");
    }
    bool clean = false;
    struct cret_nested_level *again = NULL;
    enum cret_status status = cret_nested_level_new(&again, job, level->input, err);
    if (status == CRET_OK) {
        status = look(again, (uint64_t)end, &clean, err);
    }
    cret_nested_level_free(&again);
    return status != CRET_OK || clean
               ? status
               : unsure(job, "something follows the end of the cpio archive: a kernel would unpack "
                             "it as well");
}
