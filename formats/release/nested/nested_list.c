/* SPDX-License-Identifier: Apache-2.0 */
/* Every file of an archive with its digest: what can be looked for again. */
#include <stdlib.h>
#include <string.h>

#include "base/text/path.h"
#include "base/text/text.h"
#include "release/nested/nested_internal.h"

/* One listing. */
struct list {
    const struct cret_nested_listener *listener;
    struct cret_buffer path; /* of the archive that is being read, with its separator; "" outside */
    uint64_t told;           /* files */
    bool failed;             /* the listener's own failure, which is no gap */
};

/* A member that is hashed as it comes; its first bytes say whether it is an archive. */
struct passing {
    struct cret_sha256 *hash;
    uint64_t size;
    uint8_t start[CRET_NESTED_START];
};

bool cret_nested_begins(const uint8_t *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t offset, size;
    } kinds[] = {
        {"\x1f\x8b", 0, 2},
        {"BZh", 0, 3},
        {"\xfd"
         "7zXZ",
         0, 5},
        {"\x28\xb5\x2f\xfd", 0, 4},
        {"\x04\x22\x4d\x18", 0, 4},
        {"PK\x03\x04", 0, 4},
        {"PK\x05\x06", 0, 4},
        {"7z\xbc\xaf\x27\x1c", 0, 6},
        {"070701", 0, 6},
        {"070702", 0, 6},
        {"070707", 0, 6},
        {"\xc7\x71", 0, 2},
        {"\x1f\x9d", 0, 2},
        {"\x5d\x00\x00", 0, 3},
        {"ustar", 257, 5},
    };
    for (size_t i = 0; i < CRET_LENGTH(kinds); i++) {
        if (size >= kinds[i].offset + kinds[i].size &&
            memcmp(bytes + kinds[i].offset, kinds[i].magic, kinds[i].size) == 0) {
            return true;
        }
    }
    return false;
}

static enum cret_status pass(void *context, const void *data, size_t size, struct cret_err *err)
{
    struct passing *passing = context;
    (void)err;
    if (passing->size < sizeof(passing->start)) {
        const size_t room = sizeof(passing->start) - (size_t)passing->size;
        memcpy(passing->start + passing->size, data, size < room ? size : room);
    }
    cret_sha256_update(passing->hash, data, size);
    passing->size += size;
    return CRET_OK;
}

static enum cret_status tell_gap(struct list *list, const char *why, struct cret_err *err)
{
    const size_t size = strlen(CRET_NESTED_SEPARATOR);
    char *path = list->path.size > size ? strndup(list->path.data, list->path.size - size) : NULL;
    const enum cret_status status = list->listener->gap(list->listener->context, path, why, err);
    list->failed = list->failed || status != CRET_OK;
    free(path);
    return status;
}

/* Whether somebody who called the file so meant an archive. */
static bool named_as_archive(const char *path)
{
    static const char *const parts[] = {".tar", ".cpio", ".tgz", ".tbz", ".txz", ".zip", ".7z"};
    const char *name = cret_path_name(path);
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        if (strstr(name, parts[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* What went wrong in an archive is a gap; what the machine could not do ends the listing. Something
 * compressed that turns out to be no archive is a file like others. before: files told until then.
 */
static enum cret_status settle(struct list *list, struct cret_nested_job *job,
                               enum cret_status status, const char *name, uint64_t before,
                               struct cret_err *err)
{
    if (status != CRET_OK) {
        if (list->failed || err->class != CRET_ERR_REFUSED) {
            return CRET_FAILED;
        }
        struct cret_err why = *err;
        cret_err_clear(err);
        return tell_gap(list, why.what, err);
    }
    const bool gap =
        job->outcome == CRET_NESTED_UNSUPPORTED && (list->told > before || named_as_archive(name));
    job->outcome = CRET_NESTED_READ;
    return gap ? tell_gap(list, job->detail, err) : CRET_OK;
}

/* memory NULL: it was too large to be held. */
static enum cret_status descend(struct cret_nested_level *level, const char *path,
                                struct cret_nested_memory *memory, struct cret_err *err)
{
    struct cret_nested_job *job = level->job;
    struct list *list = job->context;
    const size_t before = list->path.size;
    const uint64_t told = list->told;
    enum cret_status status = CRET_FAILED;
    cret_buffer_printf(&list->path, "%s%s", path, CRET_NESTED_SEPARATOR);
    if (list->path.failed) {
        return cret_err_memory(err);
    }
    if (memory == NULL) {
        status = tell_gap(list, "it is too large to be looked into", err);
    } else if (level->depth >= job->limits.depth) {
        status = tell_gap(list, "archives lie too deep in each other", err);
    } else {
        const struct cret_nested_input input = {
            .read = cret_nested_memory_read, .context = memory, .size = memory->size};
        status = settle(list, job,
                        cret_nested_read_level(job, &input, NULL, level->depth + 1, 0, NULL, err),
                        path, told, err);
    }
    list->path.size = before;
    list->path.data[before] = '\0';
    return status;
}

static enum cret_status tell_member(const struct cret_nested_level *level, const char *path,
                                    struct passing *passing, struct cret_err *err)
{
    struct list *list = level->job->context;
    uint8_t sha256[CRET_SHA256_BYTES];
    if (cret_sha256_final(passing->hash, sha256, err) != CRET_OK) {
        return CRET_FAILED;
    }
    char *whole = cret_text_printf("%s%s", list->path.size > 0 ? list->path.data : "", path);
    const enum cret_status status =
        whole != NULL
            ? list->listener->member(list->listener->context, whole, passing->size, sha256, err)
            : cret_err_memory(err);
    list->failed = list->failed || status != CRET_OK;
    list->told++;
    free(whole);
    return status;
}

/* Held in memory where it is small enough to be read once more, as an archive. */
static enum cret_status take(struct cret_nested_level *level, struct archive_entry *entry,
                             const char *path, struct cret_err *err)
{
    const struct cret_nested_library *library = &level->job->library;
    const la_int64_t announced =
        library->archive_entry_size_is_set(entry) != 0 ? library->archive_entry_size(entry) : -1;
    const bool small = announced >= 0 && (uint64_t)announced <= level->job->limits.inner;
    struct cret_nested_memory memory = {.capacity = small ? (size_t)announced : 0};
    struct passing passing = {0};
    enum cret_status status = cret_sha256_new(&passing.hash, err);
    memory.data = small ? malloc(memory.capacity + 1) : NULL;
    if (status == CRET_OK && small && memory.data == NULL) {
        status = cret_err_memory(err);
    }
    if (status == CRET_OK && small) {
        status = cret_nested_read_member(level, entry, cret_nested_memory_sink, &memory, err);
        status = status == CRET_OK ? pass(&passing, memory.data, memory.size, err) : status;
    } else if (status == CRET_OK) {
        status = cret_nested_read_member(level, entry, pass, &passing, err);
    }
    if (status == CRET_OK) {
        status = tell_member(level, path, &passing, err);
    }
    const size_t seen =
        passing.size < sizeof(passing.start) ? (size_t)passing.size : sizeof(passing.start);
    if (status == CRET_OK && cret_nested_begins(passing.start, seen)) {
        status = descend(level, path, small ? &memory : NULL, err);
    }
    cret_sha256_free(&passing.hash);
    free(memory.data);
    return status;
}

enum cret_status cret_nested_list(const struct cret_nested_input *input,
                                  const struct cret_nested_limits *limits,
                                  const struct cret_nested_listener *listener, struct cret_err *err)
{
    struct list list = {.listener = listener};
    struct cret_nested_job job = {
        .what = input->name, .limits = *limits, .take = take, .context = &list};
    const enum cret_status status =
        settle(&list, &job, cret_nested_run(&job, input, err), input->name, 0, err);
    cret_buffer_free(&list.path);
    return status;
}
