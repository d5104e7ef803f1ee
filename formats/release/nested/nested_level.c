/* SPDX-License-Identifier: Apache-2.0 */
/* One archive being read, and the budget that all levels share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "release/nested/nested_internal.h"

#define ZEROS (64u << 10)

enum cret_status cret_nested_refuse(const struct cret_nested_job *job, struct cret_err *err,
                                    const char *what, const char *actual)
{
    cret_err_refuse(err, CRET_CHECK_SBOM_NESTED, "%s: %s", job->what, what);
    cret_err_where(err, "%s", job->what);
    if (actual != NULL) {
        cret_err_actual(err, "%s", actual);
    }
    return CRET_FAILED;
}

enum cret_status cret_nested_refuse_bomb(const struct cret_nested_job *job, struct cret_err *err)
{
    cret_nested_refuse(job, err, "the archive expands to more than is allowed", NULL);
    cret_err_expected(err, "at most %llu members of %llu bytes, %u levels deep",
                      (unsigned long long)job->limits.members, (unsigned long long)job->allowed,
                      job->limits.depth);
    return cret_err_hint(err, "do not unpack it; find out what it is");
}

/* What libarchive says where a level failed, or the callback's own reason. */
enum cret_status cret_nested_refuse_reader(struct cret_nested_level *level, struct cret_err *err)
{
    if (level->err.class != CRET_ERR_NONE) {
        *err = level->err;
        return CRET_FAILED;
    }
    if (level->over) {
        return cret_nested_refuse_bomb(level->job, err);
    }
    return cret_nested_refuse(level->job, err,
                              "the archive cannot be read to its end (damaged or encrypted)",
                              level->job->library.archive_error_string(level->reader));
}

/* Whether more was expanded than is allowed; only the outermost caps matter. */
bool cret_nested_is_over(struct cret_nested_level *level)
{
    const la_int64_t made = level->job->library.archive_filter_bytes(level->reader, 0);
    return made > 0 && (uint64_t)made > level->job->allowed;
}

static la_ssize_t read_outer(struct cret_nested_level *level, const void **ret_data);

static la_ssize_t read_callback(struct archive *reader, void *context, const void **ret_data)
{
    struct cret_nested_level *level = context;
    (void)reader;
    level->over = level->over || (level->position > 0 && cret_nested_is_over(level));
    if (level->over) {
        return -1;
    }
    if (level->outer != NULL) {
        return read_outer(level, ret_data);
    }
    size_t got = 0;
    if (level->input->read(level->input->context, level->position, level->block, CRET_NESTED_BLOCK,
                           &got, &level->err) != CRET_OK) {
        return -1;
    }
    level->position += got;
    *ret_data = level->block;
    return (la_ssize_t)got;
}

static la_int64_t seek_callback(struct archive *reader, void *context, la_int64_t offset,
                                int whence)
{
    struct cret_nested_level *level = context;
    const la_int64_t size = (la_int64_t)level->input->size;
    const la_int64_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? (la_int64_t)level->position
                                                 : size;
    (void)reader;
    if (offset < -base || offset > size - base) {
        return ARCHIVE_FATAL;
    }
    level->position = (uint64_t)(base + offset);
    return (la_int64_t)level->position;
}

static la_int64_t skip_callback(struct archive *reader, void *context, la_int64_t request)
{
    struct cret_nested_level *level = context;
    (void)reader;
    const uint64_t left = level->input->size - level->position;
    const uint64_t skipped = request > 0 && (uint64_t)request < left ? (uint64_t)request : left;
    level->position += request > 0 ? skipped : 0;
    return request > 0 ? (la_int64_t)skipped : 0;
}

/* Counts expanded bytes; false where they are too many. */
bool cret_nested_spend(struct cret_nested_job *job, uint64_t bytes)
{
    if (bytes > job->allowed - job->made) {
        return false;
    }
    job->made += bytes;
    return true;
}

/* The next block of the outer archive's current member, as input of this level. Holes are not
 * filled: no archive that is read as a stream is sparse. */
static la_ssize_t read_outer(struct cret_nested_level *level, const void **ret_data)
{
    struct cret_nested_level *outer = level->outer;
    size_t size = 0;
    la_int64_t offset = 0;
    const int result =
        outer->job->library.archive_read_data_block(outer->reader, ret_data, &size, &offset);
    if (result == ARCHIVE_EOF) {
        return 0;
    }
    if (result != ARCHIVE_OK || offset < 0 || (uint64_t)offset != level->position) {
        cret_nested_refuse_reader(outer, &level->err);
        return -1;
    }
    if (!cret_nested_spend(level->job, size)) {
        level->over = true;
        return -1;
    }
    level->position += size;
    return (la_ssize_t)size;
}

static enum cret_status give_zeros(struct cret_nested_level *level, uint64_t size,
                                   cret_nested_sink sink, void *context, struct cret_err *err)
{
    static const uint8_t zeros[ZEROS];
    if (!cret_nested_spend(level->job, size)) {
        return cret_nested_refuse_bomb(level->job, err);
    }
    for (; size > 0; size -= size < ZEROS ? size : ZEROS) {
        if (sink(context, zeros, size < ZEROS ? (size_t)size : ZEROS, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The current member's bytes. */
enum cret_status cret_nested_read_member(struct cret_nested_level *level,
                                         struct archive_entry *entry, cret_nested_sink sink,
                                         void *context, struct cret_err *err)
{
    const struct cret_nested_library *library = &level->job->library;
    uint64_t position = 0;
    for (;;) {
        const void *data = NULL;
        size_t size = 0;
        la_int64_t offset = 0;
        const int result = library->archive_read_data_block(level->reader, &data, &size, &offset);
        if (result == ARCHIVE_EOF) {
            break;
        }
        if (result != ARCHIVE_OK || offset < 0 || (uint64_t)offset < position) {
            return cret_nested_refuse_reader(level, err);
        }
        if (give_zeros(level, (uint64_t)offset - position, sink, context, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!cret_nested_spend(level->job, size)) {
            return cret_nested_refuse_bomb(level->job, err);
        }
        if (size > 0 && sink(context, data, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        position = (uint64_t)offset + size;
    }
    const la_int64_t announced =
        library->archive_entry_size_is_set(entry) != 0 ? library->archive_entry_size(entry) : 0;
    if (announced > 0 && (uint64_t)announced > position) {
        return give_zeros(level, (uint64_t)announced - position, sink, context, err);
    }
    return CRET_OK;
}

enum cret_status cret_nested_level_new(struct cret_nested_level **ret_level,
                                       struct cret_nested_job *job,
                                       const struct cret_nested_input *input, struct cret_err *err)
{
    struct cret_nested_level *level = calloc(1, sizeof(*level));
    if (level == NULL) {
        return cret_err_memory(err);
    }
    level->job = job;
    level->input = input;
    level->depth = 1;
    level->reader = job->library.archive_read_new();
    if (level->reader == NULL) {
        free(level);
        return cret_err_memory(err);
    }
    *ret_level = level;
    return CRET_OK;
}

void cret_nested_level_free(struct cret_nested_level **level)
{
    if (level == NULL || *level == NULL) {
        return;
    }
    (void)(*level)->job->library.archive_read_free((*level)->reader);
    json_decref((*level)->links);
    free(*level);
    *level = NULL;
}

/* What libarchive may take the bytes for: all kinds of archives, or with level->raw none. */
static bool support(const struct cret_nested_level *level)
{
    const struct cret_nested_library *library = &level->job->library;
    int (*const filters[])(struct archive *) = {
        library->archive_read_support_filter_gzip,     library->archive_read_support_filter_bzip2,
        library->archive_read_support_filter_compress, library->archive_read_support_filter_xz,
        library->archive_read_support_filter_lzma,     library->archive_read_support_filter_zstd,
        library->archive_read_support_filter_lz4};
    int (*const formats[])(struct archive *) = {
        library->archive_read_support_format_tar, library->archive_read_support_format_zip,
        library->archive_read_support_format_cpio, library->archive_read_support_format_7zip};
    for (size_t i = 0; i < CRET_LENGTH(filters); i++) {
        if (filters[i](level->reader) != ARCHIVE_OK) {
            return false;
        }
    }
    if (level->raw) {
        return library->archive_read_support_format_raw(level->reader) == ARCHIVE_OK;
    }
    for (size_t i = 0; i < CRET_LENGTH(formats); i++) {
        if (formats[i](level->reader) != ARCHIVE_OK) {
            return false;
        }
    }
    /* What follows the end of a tar is read by some programs (GNU tar -i) and not by others. */
    return library->archive_read_set_format_option(level->reader, "tar",
                                                   "read_concatenated_archives", "1") == ARCHIVE_OK;
}

enum cret_status cret_nested_open(struct cret_nested_level *level)
{
    const struct cret_nested_library *library = &level->job->library;
    if (!support(level)) {
        return CRET_FAILED;
    }
    if (library->archive_read_set_read_callback(level->reader, read_callback) != ARCHIVE_OK ||
        library->archive_read_set_callback_data(level->reader, level) != ARCHIVE_OK) {
        return CRET_FAILED;
    }
    if (level->input != NULL &&
        (library->archive_read_set_seek_callback(level->reader, seek_callback) != ARCHIVE_OK ||
         library->archive_read_set_skip_callback(level->reader, skip_callback) != ARCHIVE_OK)) {
        return CRET_FAILED;
    }
    return library->archive_read_open1(level->reader) == ARCHIVE_OK ? CRET_OK : CRET_FAILED;
}

/* The bytes are of no kind that is read here: said, not refused. */
enum cret_status cret_nested_unsupported(struct cret_nested_level *level)
{
    static const struct {
        const char *magic;
        size_t offset, size;
        const char *name;
    } kinds[] = {
        {"hsqs", 0, 4, "squashfs"},
        {"sqsh", 0, 4, "squashfs"},
        {"UBI#", 0, 4, "UBI"},
        {"\x31\x18\x10\x06", 0, 4, "UBIFS"},
        {"\x85\x19", 0, 2, "JFFS2"},
        {"CD001", 0x8001, 5, "ISO 9660"},
        {"\x53\xef", 0x438, 2, "ext2/3/4"},
        {"\xd0\x0d\xfe\xed", 0, 4, "device tree or FIT image"},
        {"\x27\x05\x19\x56", 0, 4, "U-Boot image"},
        {"Rar!", 0, 4, "RAR"},
        {"MSCF", 0, 4, "cabinet"},
        {"\x45\x3d\xcd\x28", 0, 4, "cramfs"},
        {"\x7f"
         "ELF",
         0, 4, "ELF"},
        {"MZ", 0, 2, "DOS or Windows program"},
    };
    struct cret_nested_job *job = level->job;
    const char *name = "unknown to this program";
    for (size_t i = 0; level->input != NULL && i < CRET_LENGTH(kinds); i++) {
        uint8_t bytes[8];
        size_t got = 0;
        if (level->input->read(level->input->context, kinds[i].offset, bytes, kinds[i].size, &got,
                               &level->err) == CRET_OK &&
            got == kinds[i].size && memcmp(bytes, kinds[i].magic, got) == 0) {
            name = kinds[i].name;
            break;
        }
    }
    job->outcome = CRET_NESTED_UNSUPPORTED;
    snprintf(job->detail, sizeof(job->detail), "the %s is of a kind that is not read here: %s",
             level->depth > 1 ? "inner archive" : "file", name);
    return CRET_OK;
}
