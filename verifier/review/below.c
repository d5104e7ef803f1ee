/* SPDX-License-Identifier: Apache-2.0 */
/* Listing what lies below a folder: folders are opened from the one above, links are not followed.
 */
#include "verifier/review/below.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"

void cret_below_clear(struct cret_below *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->entries[i].path);
        free(tree->entries[i].why);
    }
    free(tree->entries);
    *tree = (struct cret_below){0};
}

/* Takes path and why over, also where it fails. */
static enum cret_status add(struct cret_below *tree, const struct cret_below_entry *entry,
                            struct cret_err *err)
{
    if (tree->count == CRET_BELOW_ENTRIES) {
        cret_err_usage(err, "the folder holds more than can be compared");
        cret_err_expected(err, "at most %u files", CRET_BELOW_ENTRIES);
        cret_err_hint(err, "name the folder of the release itself");
    } else if (tree->count == tree->capacity) {
        const size_t capacity = tree->capacity > 0 ? 2 * tree->capacity : 64;
        struct cret_below_entry *grown =
            reallocarray(tree->entries, capacity, sizeof(*tree->entries));
        if (grown != NULL) {
            tree->entries = grown;
            tree->capacity = capacity;
        } else {
            cret_err_memory(err);
        }
    }
    if (tree->count < tree->capacity && tree->count < CRET_BELOW_ENTRIES) {
        tree->entries[tree->count++] = *entry;
        return CRET_OK;
    }
    free(entry->path);
    free(entry->why);
    return CRET_FAILED;
}

static enum cret_status list(struct cret_below *tree, int directory_fd, const char *prefix,
                             unsigned depth, struct cret_err *err);

/* What stands where something could not be looked at. */
static enum cret_status add_unknown(struct cret_below *tree, char *path, enum cret_file_kind kind,
                                    const struct cret_err *why, struct cret_err *err)
{
    const struct cret_below_entry entry = {.path = path, .kind = kind, .why = strdup(why->what)};
    if (entry.why == NULL) {
        free(path);
        return cret_err_memory(err);
    }
    return add(tree, &entry, err);
}

/* Takes path over. */
static enum cret_status add_folder(struct cret_below *tree, int directory_fd, const char *name,
                                   char *path, unsigned depth, struct cret_err *err)
{
    struct cret_err why = {0};
    int fd = -1;
    if (depth == 0) {
        cret_err_undecided(&why, "folders lie too deep in each other");
        return add_unknown(tree, path, CRET_KIND_DIRECTORY, &why, err);
    }
    if (cret_os_open_directory_in(&fd, directory_fd, name, &why) != CRET_OK) {
        return add_unknown(tree, path, CRET_KIND_DIRECTORY, &why, err);
    }
    const enum cret_status status = list(tree, fd, path, depth - 1, err);
    cret_os_close(&fd);
    free(path);
    return status;
}

static enum cret_status add_name(struct cret_below *tree, int directory_fd, const char *prefix,
                                 const char *name, unsigned depth, struct cret_err *err)
{
    struct cret_file_info info;
    struct cret_err why = {0};
    bool exists = false;
    char *path = prefix[0] == '\0' ? strdup(name) : cret_text_printf("%s/%s", prefix, name);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_in(&info, &exists, directory_fd, name, &why) != CRET_OK) {
        return add_unknown(tree, path, CRET_KIND_OTHER, &why, err);
    }
    if (exists && info.kind == CRET_KIND_DIRECTORY) {
        return add_folder(tree, directory_fd, name, path, depth, err);
    }
    if (!exists) { /* deleted meanwhile */
        free(path);
        return CRET_OK;
    }
    const struct cret_below_entry entry = {.path = path, .kind = info.kind, .size = info.size};
    return add(tree, &entry, err);
}

static enum cret_status list(struct cret_below *tree, int directory_fd, const char *prefix,
                             unsigned depth, struct cret_err *err)
{
    char **names = NULL;
    size_t count = 0;
    if (cret_os_list(&names, &count, directory_fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        status = add_name(tree, directory_fd, prefix, names[i], depth, err);
    }
    cret_os_names_free(&names, count);
    return status;
}

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct cret_below_entry *)left)->path,
                  ((const struct cret_below_entry *)right)->path);
}

enum cret_status cret_below_list(struct cret_below *ret_tree, int directory_fd,
                                 struct cret_err *err)
{
    struct cret_below tree = {0};
    if (list(&tree, directory_fd, "", CRET_BELOW_DEPTH, err) != CRET_OK) {
        cret_below_clear(&tree);
        return CRET_FAILED;
    }
    if (tree.count > 0) {
        qsort(tree.entries, tree.count, sizeof(*tree.entries), compare);
    }
    *ret_tree = tree;
    return CRET_OK;
}

const struct cret_below_entry *cret_below_find(const struct cret_below *tree, const char *path)
{
    const struct cret_below_entry key = {.path = (char *)(uintptr_t)path};
    return tree->count == 0 ? NULL
                            : bsearch(&key, tree->entries, tree->count, sizeof(key), compare);
}
