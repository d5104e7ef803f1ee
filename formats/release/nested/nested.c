/* SPDX-License-Identifier: Apache-2.0 */
/* Walking an archive of the payload, and the archives in it. */
#include "release/nested/nested.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "release/nested/nested_internal.h"

struct cret_nested_limits cret_nested_default_limits(void)
{
    const struct cret_nested_limits limits = {
        .depth = 4,
        .members = 1000000,
        .slack = 256u << 20,
        .ratio = 200,
        .inner = 64u << 20,
    };
    return limits;
}

struct hashing {
    struct cret_sha256 *sha256;
    struct cret_sha512 *sha512;
    uint64_t size;
};

static enum cret_status hash_sink(void *context, const void *data, size_t size,
                                  struct cret_err *err)
{
    struct hashing *hashing = context;
    (void)err;
    cret_sha256_update(hashing->sha256, data, size);
    cret_sha512_update(hashing->sha512, data, size);
    hashing->size += size;
    return CRET_OK;
}

/* Bytes of the rest of a want's path that name this member; 0: it is another one. *ret_deeper: the
 * member is an archive on the way to the file. */
static size_t names_member(const struct cret_nested_level *level,
                           const struct cret_nested_want *want, const char *name, bool *ret_deeper)
{
    const char *rest = want->path + level->prefix;
    const size_t size = strlen(name);
    *ret_deeper = false;
    if (size == 0 || strncmp(rest, name, size) != 0) {
        return 0;
    }
    *ret_deeper = strncmp(rest + size, CRET_NESTED_SEPARATOR, strlen(CRET_NESTED_SEPARATOR)) == 0;
    return *ret_deeper || rest[size] == '\0' ? size : 0;
}

enum cret_status cret_nested_memory_sink(void *context, const void *data, size_t size,
                                         struct cret_err *err)
{
    struct cret_nested_memory *memory = context;
    if (size > memory->capacity - memory->size) {
        cret_err_refuse(err, CRET_CHECK_SBOM_NESTED,
                        "a member of a nested archive is larger than it announces");
        return CRET_FAILED;
    }
    memcpy(memory->data + memory->size, data, size);
    memory->size += size;
    return CRET_OK;
}

enum cret_status cret_nested_memory_read(void *context, uint64_t offset, void *data, size_t size,
                                         size_t *ret_got, struct cret_err *err)
{
    const struct cret_nested_memory *memory = context;
    (void)err;
    const size_t left = offset < memory->size ? memory->size - (size_t)offset : 0;
    *ret_got = size < left ? size : left;
    memcpy(data, memory->data + offset, *ret_got);
    return CRET_OK;
}

/* Which wants a member answers: those that name the member itself, and those that name a file in
 * it. One flag for each want. */
struct answers {
    bool *whole, *deeper;
    bool any_whole;
    size_t prefix; /* of the wants' paths that leads into the member; 0: it is no archive */
};

static enum cret_status find_answers(const struct cret_nested_level *level, const char *name,
                                     struct answers *answers, struct cret_err *err)
{
    const struct cret_nested_job *job = level->job;
    answers->whole = calloc(2 * job->count + 1, sizeof(bool));
    if (answers->whole == NULL) {
        return cret_err_memory(err);
    }
    answers->deeper = answers->whole + job->count;
    for (size_t i = 0; i < job->count; i++) {
        bool deeper = false;
        const size_t size =
            level->sought[i] ? names_member(level, &job->wants[i], name, &deeper) : 0;
        if (size > 0 && deeper) {
            answers->deeper[i] = true;
            answers->prefix = level->prefix + size + strlen(CRET_NESTED_SEPARATOR);
        } else if (size > 0) {
            answers->whole[i] = true;
            answers->any_whole = true;
        }
    }
    return CRET_OK;
}

/* Writes the digests to every want that names the member; a second member of that name counts, and
 * keeps the first one's digests. */
static enum cret_status settle(const struct cret_nested_level *level, const struct answers *answers,
                               struct hashing *hashing, struct cret_err *err)
{
    uint8_t sha256[CRET_SHA256_BYTES], sha512[CRET_SHA512_BYTES];
    if (cret_sha256_final(hashing->sha256, sha256, err) != CRET_OK ||
        cret_sha512_final(hashing->sha512, sha512, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < level->job->count; i++) {
        struct cret_nested_want *want = &level->job->wants[i];
        if (answers->whole[i] && want->found++ == 0) {
            want->size = hashing->size;
            memcpy(want->sha256, sha256, sizeof(sha256));
            memcpy(want->sha512, sha512, sizeof(sha512));
        }
    }
    return CRET_OK;
}

/* An archive inside the archive: in memory where it is small, else as a stream. hashing gets its
 * bytes where it is wanted whole too. */
static enum cret_status descend(struct cret_nested_level *level, struct archive_entry *entry,
                                const struct answers *answers, struct hashing *hashing,
                                struct cret_err *err)
{
    const struct cret_nested_library *library = &level->job->library;
    const la_int64_t announced = library->archive_entry_size(entry);
    enum cret_status status = CRET_FAILED;
    if (level->depth >= level->job->limits.depth) {
        return cret_nested_refuse_bomb(level->job, err);
    }
    if (library->archive_entry_size_is_set(entry) == 0 || announced < 0 ||
        (uint64_t)announced > level->job->limits.inner) {
        if (answers->any_whole) {
            return cret_nested_refuse(
                level->job, err,
                "a member is bound whole and as an archive, and is too large for both", NULL);
        }
        return cret_nested_read_level(level->job, NULL, level, level->depth + 1, answers->prefix,
                                      answers->deeper, err);
    }
    struct cret_nested_memory memory = {.capacity = (size_t)announced};
    memory.data = malloc(memory.capacity + 1);
    if (memory.data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_nested_read_member(level, entry, cret_nested_memory_sink, &memory, err) == CRET_OK &&
        hash_sink(hashing, memory.data, memory.size, err) == CRET_OK) {
        const struct cret_nested_input input = {
            .read = cret_nested_memory_read, .context = &memory, .size = memory.size};
        status = cret_nested_read_level(level->job, &input, NULL, level->depth + 1, answers->prefix,
                                        answers->deeper, err);
    }
    free(memory.data);
    return status;
}

static enum cret_status take_member(struct cret_nested_level *level, struct archive_entry *entry,
                                    const char *name, struct cret_err *err)
{
    struct answers answers = {0};
    struct hashing hashing = {0};
    enum cret_status status = find_answers(level, name, &answers, err);
    if (status != CRET_OK || (!answers.any_whole && answers.prefix == 0)) {
        goto out;
    }
    status = CRET_FAILED;
    if (cret_sha256_new(&hashing.sha256, err) != CRET_OK ||
        cret_sha512_new(&hashing.sha512, err) != CRET_OK) {
        goto out;
    }
    if (answers.prefix > 0) {
        status = descend(level, entry, &answers, &hashing, err);
    } else {
        status = cret_nested_read_member(level, entry, hash_sink, &hashing, err);
    }
    if (status == CRET_OK && answers.any_whole) {
        status = settle(level, &answers, &hashing, err);
    }
out:
    cret_sha256_free(&hashing.sha256);
    cret_sha512_free(&hashing.sha512);
    free(answers.whole);
    return status;
}

/* A link, folder or device that has the name of what is looked for. */
static void count_other(const struct cret_nested_level *level, const char *path)
{
    for (size_t i = 0; i < level->job->count; i++) {
        bool deeper = false;
        if (level->sought[i] && names_member(level, &level->job->wants[i], path, &deeper) > 0) {
            level->job->wants[i].others++;
        }
    }
}

static enum cret_status visit(struct cret_nested_level *level, struct archive_entry *entry,
                              struct cret_err *err)
{
    const struct cret_nested_library *library = &level->job->library;
    const char *name = library->archive_entry_pathname_utf8(entry);
    name = name != NULL ? name : library->archive_entry_pathname(entry);
    if (level->job->members++ >= level->job->limits.members || cret_nested_is_over(level)) {
        return cret_nested_refuse_bomb(level->job, err);
    }
    char *path = cret_nested_normal(name != NULL ? name : "");
    if (path == NULL) {
        return cret_err_memory(err);
    }
    const bool regular = library->archive_entry_filetype(entry) == AE_IFREG &&
                         library->archive_entry_hardlink(entry) == NULL;
    const uint64_t before = level->job->made;
    enum cret_status status = cret_nested_follow_links(
        level, path, library->archive_entry_filetype(entry) == AE_IFLNK, err);
    if (status == CRET_OK && regular) {
        status = level->job->take != NULL ? level->job->take(level, entry, path, err)
                                          : take_member(level, entry, path, err);
    } else if (status == CRET_OK) {
        count_other(level, path);
    }
    free(path);
    if (status != CRET_OK || level->job->made != before) {
        return status;
    }
    /* What is skipped inside a solid archive is expanded all the same. */
    const la_int64_t announced =
        library->archive_entry_size_is_set(entry) != 0 ? library->archive_entry_size(entry) : 0;
    return announced <= 0 || cret_nested_spend(level->job, (uint64_t)announced)
               ? CRET_OK
               : cret_nested_refuse_bomb(level->job, err);
}

static enum cret_status read_all(struct cret_nested_level *level, struct cret_err *err)
{
    const struct cret_nested_library *library = &level->job->library;
    for (bool first = true;; first = false) {
        struct archive_entry *entry = NULL;
        const int result = library->archive_read_next_header(level->reader, &entry);
        if (result == ARCHIVE_EOF) {
            return cret_nested_check_end(level, err);
        }
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            const bool unknown = first && level->err.class == CRET_ERR_NONE && !level->over &&
                                 library->archive_format(level->reader) == 0;
            return unknown ? cret_nested_unsupported(level) : cret_nested_refuse_reader(level, err);
        }
        if (first && library->archive_filter_count(level->reader) > 2) {
            return cret_nested_refuse(level->job, err, "the archive is compressed more than once",
                                      NULL);
        }
        if (library->archive_entry_is_encrypted(entry) != 0) {
            return cret_nested_refuse(level->job, err, "the archive is encrypted", NULL);
        }
        if (visit(level, entry, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (level->over) {
            return cret_nested_refuse_bomb(level->job, err);
        }
    }
}

enum cret_status cret_nested_read_level(struct cret_nested_job *job,
                                        const struct cret_nested_input *input,
                                        struct cret_nested_level *outer, unsigned depth,
                                        size_t prefix, const bool *sought, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_nested_level *level = NULL;
    if (cret_nested_level_new(&level, job, input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    level->outer = outer;
    level->depth = depth;
    level->prefix = prefix;
    level->sought = sought;
    if (cret_nested_open(level) != CRET_OK) {
        status = level->err.class == CRET_ERR_NONE && !level->over
                     ? cret_nested_unsupported(level)
                     : cret_nested_refuse_reader(level, err);
    } else {
        status = read_all(level, err);
    }
    /* Whatever libarchive made of it: bytes that could not be read decide nothing. */
    if (status == CRET_OK && level->err.class != CRET_ERR_NONE) {
        status = cret_nested_refuse_reader(level, err);
    }
    cret_nested_level_free(&level);
    return status;
}

/* With a locale of UTF-8, so that libarchive can say the names of 7z and pax members. */
static enum cret_status read_in_utf8(struct cret_nested_job *job,
                                     const struct cret_nested_input *input, struct cret_err *err)
{
    bool *sought = calloc(job->count + 1, sizeof(*sought));
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
    enum cret_status status = CRET_FAILED;
    if (sought == NULL) {
        cret_err_memory(err);
    } else {
        memset(sought, true, job->count * sizeof(*sought));
        status = cret_nested_read_level(job, input, NULL, 1, 0, sought, err);
    }
    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    free(sought);
    return status;
}

enum cret_status cret_nested_run(struct cret_nested_job *job, const struct cret_nested_input *input,
                                 struct cret_err *err)
{
    const bool large = input->size > (UINT64_MAX - job->limits.slack) / (job->limits.ratio + 1u);
    job->allowed = large ? UINT64_MAX : job->limits.slack + job->limits.ratio * input->size;
    job->outcome = CRET_NESTED_READ;
    return cret_nested_library(&job->library, err) == CRET_OK ? read_in_utf8(job, input, err)
                                                              : CRET_FAILED;
}

enum cret_status cret_nested_read(const struct cret_nested_input *input,
                                  const struct cret_nested_limits *limits,
                                  struct cret_nested_want *wants, size_t count,
                                  enum cret_nested_outcome *ret_outcome,
                                  char ret_detail[CRET_NESTED_DETAIL], struct cret_err *err)
{
    struct cret_nested_job job = {
        .what = input->name, .limits = *limits, .wants = wants, .count = count};
    for (size_t i = 0; i < count; i++) {
        wants[i].found = 0;
        wants[i].others = 0;
    }
    if (cret_nested_run(&job, input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_outcome = job.outcome;
    if (ret_detail != NULL) {
        memcpy(ret_detail, job.detail, CRET_NESTED_DETAIL);
    }
    return CRET_OK;
}
