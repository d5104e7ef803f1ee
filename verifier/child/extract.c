/* SPDX-License-Identifier: Apache-2.0 */
/* Writing files below a folder while they are hashed, and giving that its name at the end. */
#include "verifier/child/extract.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"

struct cret_extract {
    int directory_fd;
    const struct cret_manifest *manifest;
    const char **names;
    int *descriptors;  /* -1: not open */
    uint64_t *written; /* bytes of each entry so far */
    bool list;         /* of restored names, beside SHA256SUMS */
};

/* Each name in a folded form, to find what collides on a system without regard to case. */
struct folded {
    char *text;
    size_t entry;
    bool original; /* an original name, else the archive's */
};

static int folded_compare(const void *left, const void *right)
{
    return strcmp(((const struct folded *)left)->text, ((const struct folded *)right)->text);
}

/* One of the sorted names that equals text's first size bytes, or NULL. */
static const struct folded *folded_find(const struct folded *names, size_t count, const char *text,
                                        size_t size)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int order = strncmp(names[middle].text, text, size);
        if (order == 0 && names[middle].text[size] != '\0') {
            order = 1;
        }
        if (order == 0) {
            return &names[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* A name and a folder cannot share a name: is some folder of this name a name itself? */
static bool below_another(const struct folded *names, size_t count, const char *text,
                          const struct folded **ret_other)
{
    for (const char *slash = strchr(text, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const struct folded *other = folded_find(names, count, text, (size_t)(slash - text));
        if (other != NULL) {
            *ret_other = other;
            return true;
        }
    }
    return false;
}

/* Marks the entries whose original name cannot be restored. All names, archive's and original,
 * are held against each other, so that the answer does not depend on the order of files. */
static void find_collisions(const struct folded *names, size_t count, bool *restore)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count && strcmp(names[i].text, names[j].text) == 0; j++) {
            if (names[i].entry != names[j].entry) {
                restore[names[i].entry] = restore[names[i].entry] && !names[i].original;
                restore[names[j].entry] = restore[names[j].entry] && !names[j].original;
            }
        }
        const struct folded *other = NULL;
        if (below_another(names, count, names[i].text, &other) && other->entry != names[i].entry) {
            restore[names[i].entry] = restore[names[i].entry] && !names[i].original;
            restore[other->entry] = restore[other->entry] && !other->original;
        }
    }
}

static enum cret_status collect_folded(struct folded *names, size_t *ret_count,
                                       const struct cret_manifest *manifest, const bool *restore)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        const char *const both[2] = {manifest->entries[i].path,
                                     restore[i] ? manifest->files[i].original : NULL};
        for (size_t k = 0; k < 2; k++) {
            if (both[k] == NULL) {
                continue;
            }
            names[*ret_count].text = cret_path_fold(both[k]);
            names[*ret_count].entry = i;
            names[*ret_count].original = k == 1;
            if (names[(*ret_count)++].text == NULL) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

/* The list of restored names has a name of its own, for which no file of the release gives way. */
static bool takes_list_name(const char *name)
{
    const size_t size = strlen(CRET_EXTRACT_LIST);
    char *folded = cret_path_fold(name), *list = cret_path_fold(CRET_EXTRACT_LIST);
    const bool takes =
        folded == NULL || list == NULL ||
        (strncmp(folded, list, size) == 0 && (folded[size] == '\0' || folded[size] == '/'));
    free(folded);
    free(list);
    return takes;
}

/*
 * The names that extract uses, in manifest order: ret_names[i] is borrowed from the manifest.
 * Caller frees the array.
 */
static enum cret_status extract_names(const char ***ret_names, const struct cret_manifest *manifest,
                                      bool portable_names, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const size_t count = manifest->file_count;
    const char **names = calloc(count + 1, sizeof(*names));
    bool *restore = calloc(count + 1, sizeof(*restore));
    struct folded *folded = calloc(2 * count + 1, sizeof(*folded));
    size_t folded_count = 0;
    if (names == NULL || restore == NULL || folded == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count && !portable_names; i++) {
        const char *original = manifest->files[i].original;
        restore[i] = original != NULL && cret_path_original_restorable(original) &&
                     !takes_list_name(original);
    }
    if (collect_folded(folded, &folded_count, manifest, restore) != CRET_OK) {
        cret_err_memory(err);
        goto out;
    }
    qsort(folded, folded_count, sizeof(*folded), folded_compare);
    find_collisions(folded, folded_count, restore);
    for (size_t i = 0; i < count; i++) {
        names[i] = restore[i] ? manifest->files[i].original : manifest->entries[i].path;
    }
    *ret_names = names;
    names = NULL;
    status = CRET_OK;
out:
    for (size_t i = 0; folded != NULL && i < folded_count; i++) {
        free(folded[i].text);
    }
    free(folded);
    free(restore);
    free(names);
    return status;
}

static enum cret_status open_entry(struct cret_extract *extract, size_t entry, struct cret_err *err)
{
    if (cret_os_create_beneath(&extract->descriptors[entry], extract->directory_fd,
                               extract->names[entry], 0644, err) != CRET_OK) {
        extract->descriptors[entry] = -1;
        return cret_err_context(err, "cannot create %s", extract->names[entry]);
    }
    return CRET_OK;
}

enum cret_status cret_extract_new(struct cret_extract **ret_extract, int directory_fd,
                                  const struct cret_manifest *manifest, bool portable_names,
                                  struct cret_err *err)
{
    struct cret_extract *extract = calloc(1, sizeof(*extract));
    if (extract == NULL) {
        return cret_err_memory(err);
    }
    extract->directory_fd = directory_fd;
    extract->manifest = manifest;
    extract->descriptors = calloc(manifest->file_count + 1, sizeof(*extract->descriptors));
    extract->written = calloc(manifest->file_count + 1, sizeof(*extract->written));
    if (extract->descriptors == NULL || extract->written == NULL) {
        cret_err_memory(err);
        goto fail;
    }
    memset(extract->descriptors, -1, manifest->file_count * sizeof(*extract->descriptors));
    if (extract_names(&extract->names, manifest, portable_names, err) != CRET_OK) {
        goto fail;
    }
    bool taken = false;
    for (size_t i = 0; i < manifest->file_count; i++) {
        extract->list = extract->list || extract->names[i] != manifest->entries[i].path;
        taken = taken || takes_list_name(manifest->entries[i].path);
    }
    extract->list = extract->list && !taken;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (manifest->entries[i].size == 0) {
            if (open_entry(extract, i, err) != CRET_OK) {
                goto fail;
            }
            cret_os_close(&extract->descriptors[i]);
        }
    }
    *ret_extract = extract;
    return CRET_OK;
fail:
    cret_extract_free(&extract);
    return CRET_FAILED;
}

enum cret_status cret_extract_write(void *context, size_t entry, uint64_t offset,
                                    const uint8_t *data, size_t size, struct cret_err *err)
{
    struct cret_extract *extract = context;
    if (size == 0) {
        return CRET_OK;
    }
    if (offset != extract->written[entry]) {
        return cret_err_undecided(err, "internal error: bytes of %s came out of order",
                                  extract->names[entry]);
    }
    if (offset == 0 && open_entry(extract, entry, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_os_write(extract->descriptors[entry], data, size, err) != CRET_OK) {
        return cret_err_context(err, "cannot write %s", extract->names[entry]);
    }
    extract->written[entry] += size;
    if (extract->written[entry] == extract->manifest->entries[entry].size) {
        cret_os_close(&extract->descriptors[entry]);
    }
    return CRET_OK;
}

/* SHA256SUMS names files as the archive does; this one as they are called here. The digests are
 * those of the manifest, to which the files were held. */
static enum cret_status write_list(const struct cret_extract *extract, struct cret_err *err)
{
    struct cret_buffer text = {0};
    enum cret_status status = CRET_FAILED;
    int fd = -1;
    for (size_t i = 0; i < extract->manifest->file_count; i++) {
        char hex[CRET_SHA256_HEX];
        if (strcmp(extract->manifest->entries[i].path, CRET_CHECKSUMS_PATH) == 0) {
            continue;
        }
        cret_hex_encode(hex, extract->manifest->entries[i].sha256, CRET_SHA256_BYTES);
        cret_buffer_printf(&text, "%s  %s\n", hex, extract->names[i]);
    }
    if (text.failed) {
        cret_err_memory(err);
    } else if (cret_os_create_beneath(&fd, extract->directory_fd, CRET_EXTRACT_LIST, 0644, err) ==
               CRET_OK) {
        status = cret_os_write(fd, text.data, text.size, err);
    }
    cret_os_close(&fd);
    cret_buffer_free(&text);
    return status == CRET_OK ? CRET_OK
                             : cret_err_context(err, "cannot write %s", CRET_EXTRACT_LIST);
}

enum cret_status cret_extract_finish(struct cret_extract *extract, struct cret_err *err)
{
    for (size_t i = 0; i < extract->manifest->file_count; i++) {
        if (extract->written[i] != extract->manifest->entries[i].size) {
            return cret_err_undecided(err, "internal error: %s was not written to its end",
                                      extract->names[i]);
        }
    }
    return extract->list ? write_list(extract, err) : CRET_OK;
}

void cret_extract_free(struct cret_extract **extract)
{
    if (extract == NULL || *extract == NULL) {
        return;
    }
    for (size_t i = 0; (*extract)->descriptors != NULL && i < (*extract)->manifest->file_count;
         i++) {
        cret_os_close(&(*extract)->descriptors[i]);
    }
    free((*extract)->descriptors);
    free((*extract)->written);
    free((*extract)->names);
    free(*extract);
    *extract = NULL;
}
