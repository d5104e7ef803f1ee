/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing a folder with the files of a release. */
#include "verifier/review/installed.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "container/layout.h"
#include "release/manifest/manifest.h"
#include "verifier/child/extract.h"
#include "verifier/review/below.h"

const char *const cret_installed_names[CRET_INSTALLED_STATES + 1] = {
    [CRET_INSTALLED_SAME] = "same",
    [CRET_INSTALLED_CHANGED] = "changed",
    [CRET_INSTALLED_MISSING] = "missing",
    [CRET_INSTALLED_EXTRA] = "extra",
    [CRET_INSTALLED_UNREADABLE] = "unreadable",
};
const char *const cret_installed_ways[CRET_INSTALLED_WAYS + 1] = {
    [CRET_INSTALLED_BY_NAME] = "name",     [CRET_INSTALLED_BY_SIZE] = "size",
    [CRET_INSTALLED_BY_SHA256] = "sha256", [CRET_INSTALLED_BY_VERITY] = "fs-verity",
    [CRET_INSTALLED_BY_LIST] = "list",
};

/* One comparison under way. */
struct work {
    int directory_fd;
    struct cret_below tree;
    bool *used; /* entries of the tree that are files of the release */
    const struct cret_record_file *files;
    size_t count;
    const struct cret_record_file **by_content; /* sorted by size, then digest */
    struct cret_installed *installed;
};

/* Takes over what *file owns, also where it fails. */
static enum cret_status add(struct cret_installed *installed,
                            const struct cret_installed_file *file, struct cret_err *err)
{
    if (file->path == NULL) {
        free(file->why);
        return cret_err_memory(err);
    }
    installed->files[installed->count++] = *file;
    installed->counts[file->state]++;
    return CRET_OK;
}

static enum cret_status hash_fd(int fd, uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    struct cret_sha256 *hash = NULL;
    uint8_t *block = malloc(CRET_IO_BYTES);
    size_t got = 0;
    enum cret_status status = block != NULL ? cret_sha256_new(&hash, err) : cret_err_memory(err);
    do {
        status = status == CRET_OK ? cret_os_read(fd, block, CRET_IO_BYTES, &got, err) : status;
        if (status == CRET_OK) {
            cret_sha256_update(hash, block, got);
        }
    } while (status == CRET_OK && got == CRET_IO_BYTES);
    if (status == CRET_OK) {
        status = cret_sha256_final(hash, ret_digest, err);
    }
    cret_sha256_free(&hash);
    free(block);
    return status;
}

static int compare_content(const void *left, const void *right)
{
    const struct cret_record_file *a = *(const struct cret_record_file *const *)left;
    const struct cret_record_file *b = *(const struct cret_record_file *const *)right;
    if (a->size != b->size) {
        return a->size < b->size ? -1 : 1;
    }
    return memcmp(a->sha256, b->sha256, CRET_SHA256_BYTES);
}

/* The first file of the release of this size and at least this digest, or NULL. */
static const struct cret_record_file *first_from(const struct work *work, uint64_t size,
                                                 const uint8_t *sha256)
{
    struct cret_record_file key = {.size = size};
    const struct cret_record_file *wanted = &key;
    size_t low = 0, high = work->count;
    memcpy(key.sha256, sha256, CRET_SHA256_BYTES);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_content(&work->by_content[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < work->count && work->by_content[low]->size == size ? work->by_content[low] : NULL;
}

/* The file of the release that has these bytes, or NULL. */
static const struct cret_record_file *of_digest(const struct work *work, uint64_t size,
                                                const uint8_t *sha256)
{
    const struct cret_record_file *found = first_from(work, size, sha256);
    return found != NULL && memcmp(found->sha256, sha256, CRET_SHA256_BYTES) == 0 ? found : NULL;
}

static bool of_size(const struct work *work, uint64_t size)
{
    const uint8_t lowest[CRET_SHA256_BYTES] = {0};
    return first_from(work, size, lowest) != NULL;
}

/* What is there could not be found out: err says why. */
static void give_up(struct cret_installed_file *out, const struct cret_err *err)
{
    out->state = CRET_INSTALLED_UNREADABLE;
    out->way = CRET_INSTALLED_BY_NAME;
    out->why = strdup(err->what);
}

/* The bytes of an open file against what it should be (out->file; NULL: nothing). */
static void compare_bytes(const struct work *work, int fd, struct cret_installed_file *out)
{
    struct cret_err err = {0};
    uint8_t measured[CRET_SHA256_BYTES];
    if (out->file != NULL && (out->file->flags & CRET_FILE_HAS_FSVERITY) != 0 &&
        cret_os_measure_verity(fd, measured) &&
        memcmp(measured, out->file->fsverity, CRET_SHA256_BYTES) == 0) {
        out->state = CRET_INSTALLED_SAME;
        out->way = CRET_INSTALLED_BY_VERITY;
        return;
    }
    if (hash_fd(fd, out->sha256, &err) != CRET_OK) {
        give_up(out, &err);
        return;
    }
    out->has_sha256 = true;
    out->way = CRET_INSTALLED_BY_SHA256;
    if (out->file != NULL && memcmp(out->sha256, out->file->sha256, CRET_SHA256_BYTES) == 0) {
        out->state = CRET_INSTALLED_SAME;
    } else {
        out->is = of_digest(work, out->size, out->sha256);
    }
}

static const char *kind_words(enum cret_file_kind kind)
{
    return kind == CRET_KIND_SYMLINK     ? "a symbolic link, which is not followed"
           : kind == CRET_KIND_DIRECTORY ? "a folder"
                                         : "a device, pipe or socket, which is not opened";
}

/* What lies in the folder under a name, against what should (out->file; NULL: nothing). */
static void compare_entry(const struct work *work, const struct cret_below_entry *entry,
                          struct cret_installed_file *out)
{
    struct cret_err err = {0};
    struct cret_file_info info;
    int fd = -1;
    out->state = out->file != NULL ? CRET_INSTALLED_CHANGED : CRET_INSTALLED_EXTRA;
    out->way = CRET_INSTALLED_BY_NAME;
    if (entry->why != NULL) {
        cret_err_undecided(&err, "%s", entry->why);
        give_up(out, &err);
        return;
    }
    if (entry->kind != CRET_KIND_REGULAR) {
        out->why = strdup(kind_words(entry->kind));
        return;
    }
    out->has_size = true;
    out->size = entry->size;
    if (out->file != NULL ? out->file->size != entry->size : !of_size(work, entry->size)) {
        out->way = out->file != NULL ? CRET_INSTALLED_BY_SIZE : CRET_INSTALLED_BY_NAME;
        return;
    }
    if (cret_os_open_read_beneath(&fd, work->directory_fd, entry->path, &err) != CRET_OK ||
        cret_os_stat_fd(&info, fd, &err) != CRET_OK) {
        give_up(out, &err);
    } else if (info.kind != CRET_KIND_REGULAR || info.size != entry->size) {
        cret_err_undecided(&err, "it was changed while it was looked at");
        give_up(out, &err);
    } else {
        compare_bytes(work, fd, out);
    }
    cret_os_close(&fd);
}

/* Whether a path lies below a folder that could not be listed. */
static const struct cret_below_entry *hidden_below(const struct cret_below *tree, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        char *folder = strndup(path, (size_t)(slash - path));
        const struct cret_below_entry *entry =
            folder != NULL ? cret_below_find(tree, folder) : NULL;
        free(folder);
        if (entry != NULL && entry->why != NULL) {
            return entry;
        }
    }
    return NULL;
}

/* A file of the release, wherever it lies. */
static enum cret_status compare_file(struct work *work, size_t index, struct cret_err *err)
{
    const struct cret_record_file *file = &work->files[index];
    const bool named = file->original != NULL && cret_path_original_restorable(file->original);
    const char *path = named ? file->original : file->path;
    const struct cret_below_entry *entry = cret_below_find(&work->tree, path);
    if (entry == NULL && named) {
        entry = cret_below_find(&work->tree, file->path);
    }
    struct cret_installed_file out = {.file = file, .state = CRET_INSTALLED_MISSING};
    if (entry != NULL) {
        work->used[entry - work->tree.entries] = true;
        compare_entry(work, entry, &out);
        path = entry->path;
    } else {
        entry = hidden_below(&work->tree, path);
        if (entry != NULL) {
            struct cret_err why = {0};
            cret_err_undecided(&why, "its folder could not be listed");
            give_up(&out, &why);
        }
    }
    out.path = strdup(path);
    return add(work->installed, &out, err);
}

/* The list that extract leaves beside restored names says what was extracted: made anew, it must
 * be the same to the byte. */
static bool is_own_list(const struct work *work, const struct cret_below_entry *entry)
{
    struct cret_buffer text = {0};
    struct cret_err ignored = {0};
    uint8_t expected[CRET_SHA256_BYTES], found[CRET_SHA256_BYTES];
    int fd = -1;
    for (size_t i = 0; i < work->count; i++) {
        char hex[CRET_SHA256_HEX];
        const struct cret_installed_file *out = &work->installed->files[i];
        cret_hex_encode(hex, out->file->sha256, CRET_SHA256_BYTES);
        if (strcmp(out->file->path, CRET_CHECKSUMS_PATH) != 0) {
            cret_buffer_printf(&text, "%s  %s\n", hex, out->path);
        }
    }
    const bool same =
        !text.failed && entry->kind == CRET_KIND_REGULAR && entry->size == text.size &&
        cret_os_open_read_beneath(&fd, work->directory_fd, entry->path, &ignored) == CRET_OK &&
        hash_fd(fd, found, &ignored) == CRET_OK &&
        cret_sha256(expected, text.data, text.size, &ignored) == CRET_OK &&
        memcmp(expected, found, sizeof(found)) == 0;
    cret_os_close(&fd);
    cret_buffer_free(&text);
    return same;
}

static enum cret_status add_others(struct work *work, struct cret_err *err)
{
    for (size_t i = 0; i < work->tree.count; i++) {
        const struct cret_below_entry *entry = &work->tree.entries[i];
        struct cret_installed_file out = {.path = NULL};
        if (work->used[i]) {
            continue;
        }
        compare_entry(work, entry, &out);
        if (strcmp(entry->path, CRET_EXTRACT_LIST) == 0 && entry->why == NULL &&
            is_own_list(work, entry)) {
            out.state = CRET_INSTALLED_SAME;
            out.way = CRET_INSTALLED_BY_LIST;
        }
        out.path = strdup(entry->path);
        if (add(work->installed, &out, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(((const struct cret_installed_file *)left)->path,
                  ((const struct cret_installed_file *)right)->path);
}

static enum cret_status run(struct work *work, struct cret_err *err)
{
    const size_t most = work->count + work->tree.count;
    work->used = calloc(work->tree.count + 1, sizeof(*work->used));
    work->installed = calloc(1, sizeof(*work->installed));
    work->by_content = calloc(work->count + 1, sizeof(*work->by_content));
    if (work->used == NULL || work->installed == NULL || work->by_content == NULL ||
        (work->installed->files = calloc(most + 1, sizeof(*work->installed->files))) == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < work->count; i++) {
        work->by_content[i] = &work->files[i];
    }
    if (work->count > 0) {
        qsort(work->by_content, work->count, sizeof(*work->by_content), compare_content);
    }
    for (size_t i = 0; i < work->count; i++) {
        if (compare_file(work, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (add_others(work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (work->installed->count > 0) {
        qsort(work->installed->files, work->installed->count, sizeof(*work->installed->files),
              compare_paths);
    }
    return cret_err_fault(err);
}

enum cret_status cret_installed_compare(struct cret_installed **ret_installed, int directory_fd,
                                        const struct cret_record_file *files, size_t count,
                                        struct cret_err *err)
{
    struct work work = {.directory_fd = directory_fd, .files = files, .count = count};
    enum cret_status status = cret_below_list(&work.tree, directory_fd, err);
    if (status == CRET_OK) {
        status = run(&work, err);
    }
    if (status == CRET_OK) {
        *ret_installed = work.installed;
        work.installed = NULL;
    }
    cret_installed_free(&work.installed);
    cret_below_clear(&work.tree);
    free(work.by_content);
    free(work.used);
    return status;
}

void cret_installed_free(struct cret_installed **installed)
{
    if (installed == NULL || *installed == NULL) {
        return;
    }
    for (size_t i = 0; i < (*installed)->count; i++) {
        free((*installed)->files[i].path);
        free((*installed)->files[i].why);
    }
    free((*installed)->files);
    free(*installed);
    *installed = NULL;
}
