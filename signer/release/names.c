/* SPDX-License-Identifier: Apache-2.0 */
/* Names of collected files: mapping, and what happens where two meet. */
#include "signer/release/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest/digest.h"
#include "base/finding/limits.h"
#include "base/schema/schema.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

#define SUFFIX_DIGITS 8u

/* What a path names in the end; opened, so that what is no file is refused in those words. */
static enum cret_status look_behind(struct cret_file_info *ret_info, const char *path,
                                    struct cret_err *err)
{
    int fd = -1;
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_os_stat_fd(ret_info, fd, err);
    cret_os_close(&fd);
    return status;
}

/* Readable by everybody. */
#define READABLE 0444u

/* A file that everybody may read is opened when it is packed and not here, where opening would take
 * longer than all else; another one is, so that whoever may not is told in this place. */
static enum cret_status stat_input(struct cret_collected *file, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, file->input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((!exists || info.kind != CRET_KIND_REGULAR || (info.mode & READABLE) != READABLE) &&
        look_behind(&info, file->input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (info.kind != CRET_KIND_REGULAR) {
        return cret_err_usage(err, "%s is not a regular file", file->input);
    }
    file->size = info.size;
    file->device = info.device;
    file->inode = info.inode;
    return CRET_OK;
}

static bool fits_manifest(const char *original)
{
    return cret_format_accepts(CRET_FORMAT_LINE, original) &&
           strlen(original) <= CRET_LIMIT_LINE_BYTES;
}

/* Where `path` is just what the source's own name would be mapped to in that folder (as `init
 * --from` writes it), that name is the original. */
static enum cret_status keep_source_name(struct cret_collected *file, struct cret_err *err)
{
    const int folder = (int)(cret_path_name(file->path) - file->path);
    char *given = cret_text_printf("%.*s%s", folder, file->path, cret_path_name(file->input));
    char *name = given != NULL ? cret_unicode_compose(given) : NULL;
    char *mapped = NULL;
    free(given);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    if (strcmp(name, file->path) != 0 && fits_manifest(name) &&
        cret_path_map(&mapped, name, NULL) == CRET_OK && strcmp(mapped, file->path) == 0) {
        free(file->wanted);
        file->wanted = name;
        file->keeps_original = true;
        name = NULL;
    }
    free(mapped);
    free(name);
    return CRET_OK;
}

/* `path` of the description: taken as it is, but never a name that the archive makes itself. */
static enum cret_status take_exact(struct cret_collected *file, struct cret_err *err)
{
    if (strcasecmp(file->wanted, CRET_CHECKSUMS_PATH) == 0) {
        cret_err_usage(err, "the path %s is the archive's own", file->wanted);
        return cret_err_hint(err, "choose another path, or leave it out");
    }
    if (cret_path_check(file->wanted, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        return CRET_FAILED;
    }
    file->path = strdup(file->wanted);
    return file->path != NULL ? keep_source_name(file, err) : cret_err_memory(err);
}

static enum cret_status map_name(struct cret_collected *file, bool strict_names,
                                 struct cret_err *err)
{
    char *composed = cret_unicode_compose(file->wanted);
    if (composed == NULL) {
        return cret_err_memory(err);
    }
    free(file->wanted);
    file->wanted = composed;
    if (cret_path_map(&file->path, file->wanted, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        return cret_err_context(err, "%s has no name that an archive can hold", file->wanted);
    }
    file->renamed = strcmp(file->path, file->wanted) != 0;
    file->keeps_original = file->renamed && fits_manifest(file->wanted);
    if (file->renamed && strict_names) {
        cret_err_usage(err, "a name does not fit the archive, and --strict-names is given");
        cret_err_actual(err, "%s", file->wanted);
        cret_err_expected(err, "%s", file->path);
        return cret_err_hint(err, "rename the file, or pack without --strict-names: the original "
                                  "name is kept in the manifest");
    }
    return CRET_OK;
}

enum cret_status cret_collection_add(struct cret_collection *collection, char *input, char *wanted,
                                     bool exact, size_t described, bool strict_names,
                                     struct cret_err *err)
{
    struct cret_collected file = {.input = input, .wanted = wanted, .described = described};
    enum cret_status status = CRET_FAILED;
    if (collection->count + 1 >= CRET_LIMIT_FILES) {
        cret_err_usage(err, "too many files for one archive");
        cret_err_expected(err, "at most %u", CRET_LIMIT_FILES - 1);
        goto out;
    }
    if (collection->count == collection->capacity) {
        const size_t capacity = collection->capacity > 0 ? 2 * collection->capacity : 16;
        void *grown = realloc(collection->files, capacity * sizeof(*collection->files));
        if (grown == NULL) {
            cret_err_memory(err);
            goto out;
        }
        collection->files = grown;
        collection->capacity = capacity;
    }
    if (stat_input(&file, err) != CRET_OK) {
        goto out;
    }
    status = exact ? take_exact(&file, err) : map_name(&file, strict_names, err);
out:
    if (status != CRET_OK) {
        free(file.input);
        free(file.wanted);
        free(file.path);
        return CRET_FAILED;
    }
    collection->files[collection->count++] = file;
    return CRET_OK;
}

static int compare_folded(const void *left, const void *right)
{
    const struct cret_collected *a = left, *b = right;
    const int order = strcasecmp(a->path, b->path);
    return order != 0 ? order : strcmp(a->wanted, b->wanted);
}

static int compare_paths(const void *left, const void *right)
{
    const struct cret_collected *a = left, *b = right;
    const int order = strcmp(a->path, b->path);
    return order != 0 ? order : strcmp(a->wanted, b->wanted);
}

/* Nearly always the files of one folder, which are in order as they were listed. */
static void sort_files(struct cret_collection *collection,
                       int (*compare)(const void *left, const void *right))
{
    struct cret_collected *files = collection->files;
    size_t sorted = 1;
    while (sorted < collection->count && compare(&files[sorted - 1], &files[sorted]) <= 0) {
        sorted++;
    }
    if (sorted < collection->count) {
        qsort(files, collection->count, sizeof(*files), compare);
    }
}

/* "a/b.pdf" to "a/b_1f2e3d4c.pdf"; the digits are of the wanted name. */
static enum cret_status add_suffix(struct cret_collected *file, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char digits[SUFFIX_DIGITS + 1];
    if (cret_sha256(digest, file->wanted, strlen(file->wanted), err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(digits, digest, SUFFIX_DIGITS / 2);
    const char *base = cret_path_name(file->path);
    const char *dot = strrchr(base, '.');
    const size_t stem = dot != NULL && dot > base ? (size_t)(dot - file->path) : strlen(file->path);
    char *name = cret_text_printf("%.*s_%s%s", (int)stem, file->path, digits, file->path + stem);
    char *path = NULL;
    if (name == NULL) {
        return cret_err_memory(err);
    }
    /* A name that has become too long is cut, the same way everywhere. */
    const enum cret_status status = cret_path_map(&path, name, err);
    free(name);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    free(file->path);
    file->path = path;
    return CRET_OK;
}

/* Gives suffixes to the mapped files of each group of equal names. */
static enum cret_status separate(struct cret_collection *collection, struct cret_err *err)
{
    struct cret_collected *files = collection->files;
    for (size_t start = 0; start < collection->count;) {
        size_t end = start + 1;
        while (end < collection->count && strcasecmp(files[start].path, files[end].path) == 0) {
            end++;
        }
        for (size_t i = start; end - start > 1 && i < end; i++) {
            /* The comparison above used the first path of the group; it is changed last. */
            const size_t at = end - 1 - (i - start);
            if (files[at].renamed && add_suffix(&files[at], err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        start = end;
    }
    return CRET_OK;
}

static enum cret_status refuse_meeting(const struct cret_collection *collection, size_t index,
                                       struct cret_err *err)
{
    const struct cret_collected *a = &collection->files[index - 1], *b = &collection->files[index];
    cret_err_usage(err, "two files want the same name in the archive");
    cret_err_actual(err, "%s (from %s) and %s (from %s)", a->wanted,
                    a->archive != NULL ? a->archive : a->input, b->wanted,
                    b->archive != NULL ? b->archive : b->input);
    cret_err_expected(err, "names that differ in more than upper and lower case");
    return cret_err_hint(err, "give one of the sources another path: in the description");
}

static enum cret_status check_as_set(const struct cret_collection *collection, size_t *ret_index,
                                     struct cret_err *err)
{
    const char **paths = calloc(collection->count + 1, sizeof(*paths));
    if (paths == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < collection->count; i++) {
        paths[i] = collection->files[i].path;
    }
    const enum cret_status status = cret_path_check_all(paths, collection->count, ret_index, err);
    free(paths);
    if (status != CRET_OK && err != NULL && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return status;
}

enum cret_status cret_collection_settle(struct cret_collection *collection, size_t *ret_index,
                                        struct cret_err *err)
{
    struct cret_collected *files = collection->files;
    *ret_index = 0;
    if (collection->count == 0) {
        return CRET_OK;
    }
    sort_files(collection, compare_folded);
    if (separate(collection, err) != CRET_OK) {
        return CRET_FAILED;
    }
    sort_files(collection, compare_folded);
    for (size_t i = 1; i < collection->count; i++) {
        if (strcasecmp(files[i - 1].path, files[i].path) == 0) {
            *ret_index = i;
            return refuse_meeting(collection, i, err);
        }
    }
    sort_files(collection, compare_paths);
    return check_as_set(collection, ret_index, err);
}
