/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory of a compound file. Its trees are signed by nobody, and a reader finds a name by
 * them: each entry is in one tree, and each tree in the order in which readers look.
 */
#include <stdlib.h>
#include <string.h>

#include "foreign/cfb_parts.h"

enum {
    ENTRY_BYTES = 128,
    NAME_SIZE = 0x40,
    TYPE = 0x42,
    COLOUR = 0x43,
    LEFT = 0x44,
    RIGHT = 0x48,
    CHILD = 0x4c,
    ENTRY_CLSID = 0x50,
    STATE = 0x60,
    TIMES = 0x64, /* created, modified */
    START = 0x74,
    SIZE = 0x78
};

static unsigned u16(const uint8_t *data)
{
    return (unsigned)data[0] | (unsigned)data[1] << 8;
}

/* An entry that is in use by nobody: zeros, and no neighbours; else it is slack. */
static enum cret_status take_unused(struct cret_cfb *cfb, const uint8_t *data, uint64_t at,
                                    struct cret_err *err)
{
    static const uint8_t none[12] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const bool usual = memcmp(data + LEFT, none, sizeof(none)) == 0;
    if (!usual) {
        return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at, ENTRY_BYTES, err);
    }
    return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at, LEFT, err) != CRET_OK
               ? CRET_FAILED
               : cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at + ENTRY_CLSID,
                                    ENTRY_BYTES - ENTRY_CLSID, err);
}

static enum cret_status take_name(struct cret_cfb *cfb, struct cret_cfb_entry *entry,
                                  const uint8_t *data, uint64_t at, struct cret_err *err)
{
    const unsigned size = u16(data + NAME_SIZE);
    bool whole = size >= 4 && size <= CRET_CFB_NAME_BYTES && size % 2 == 0;
    for (unsigned i = 0; whole && i < size; i += 2) {
        whole = (u16(data + i) == 0) == (i == size - 2);
    }
    if (!whole) {
        return cret_cfb_refuse(at, err, "an entry of the directory has a name that is none");
    }
    memcpy(entry->name, data, size);
    entry->name_size = size;
    return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at + size, CRET_CFB_NAME_BYTES - size,
                              err);
}

/* The root's own name, which nobody signs and nobody looks for. */
static bool is_root_name(const struct cret_cfb_entry *entry)
{
    static const char name[] = "R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0";
    return entry->name_size == sizeof(name) + 1 && memcmp(entry->name, name, sizeof(name)) == 0;
}

/* Fields that its type must not have, and the size. */
static enum cret_status take_fields(struct cret_cfb *cfb, struct cret_cfb_entry *entry,
                                    const uint8_t *data, uint64_t at, struct cret_err *err)
{
    const bool stream = entry->type == CRET_CFB_STREAM, root = entry->type == CRET_CFB_ROOT;
    const bool no_start = entry->start == 0 || entry->start >= CRET_CFB_END;
    if (data[COLOUR] > 1 || (stream && entry->child != CRET_CFB_NONE) ||
        (entry->type == CRET_CFB_STORAGE && (entry->size != 0 || !no_start)) ||
        (root &&
         (entry->left != CRET_CFB_NONE || entry->right != CRET_CFB_NONE || !is_root_name(entry)))) {
        return cret_cfb_refuse(at, err, "an entry of the directory has what its type has not");
    }
    if (stream &&
        cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at + ENTRY_CLSID, 16, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* The upper half of the size: no stream of an installer has 4 GiB, and nobody signs it. */
    return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, at + SIZE + 4, 4, err);
}

static enum cret_status read_entry(struct cret_cfb *cfb, struct cret_cfb_entry *entry,
                                   const uint8_t *data, uint64_t at, struct cret_err *err)
{
    const bool first = entry == cfb->entries;
    const unsigned type = data[TYPE];
    if (type == CRET_CFB_UNUSED && !first) {
        return take_unused(cfb, data, at, err);
    }
    if (first ? type != CRET_CFB_ROOT : type != CRET_CFB_STORAGE && type != CRET_CFB_STREAM) {
        return cret_cfb_refuse(at, err, "an entry of the directory has a type that is none");
    }
    entry->at = at;
    entry->type = (enum cret_cfb_type)type;
    entry->left = cret_cfb_u32(data + LEFT);
    entry->right = cret_cfb_u32(data + RIGHT);
    entry->child = cret_cfb_u32(data + CHILD);
    memcpy(entry->clsid, data + ENTRY_CLSID, sizeof(entry->clsid));
    memcpy(entry->state, data + STATE, sizeof(entry->state));
    memcpy(entry->times, data + TIMES, sizeof(entry->times));
    entry->start = cret_cfb_u32(data + START);
    entry->size = cret_cfb_u32(data + SIZE);
    return take_name(cfb, entry, data, at, err) != CRET_OK ? CRET_FAILED
                                                           : take_fields(cfb, entry, data, at, err);
}

enum cret_status cret_cfb_directory_read(struct cret_cfb *cfb, uint32_t start,
                                         uint32_t sector_count, struct cret_err *err)
{
    uint8_t data[CRET_CFB_SECTOR_MOST];
    const uint32_t each = cfb->sectors.unit / ENTRY_BYTES;
    const uint64_t count = (uint64_t)sector_count * each;
    if (count == 0 || count > CRET_CFB_ENTRIES) {
        return cret_cfb_refuse(0, err, "the directory has no entry, or too many");
    }
    cfb->entries = calloc((size_t)count, sizeof(*cfb->entries));
    cfb->order = calloc((size_t)count, sizeof(struct cret_cfb_entry *));
    if (cfb->entries == NULL || cfb->order == NULL) {
        return cret_err_memory(err);
    }
    cfb->entry_count = (size_t)count;
    for (uint32_t i = 0, sector = start; i < sector_count;
         i++, sector = cfb->sectors.next[sector]) {
        const uint64_t at = cret_cfb_sector_at(cfb, sector);
        if (cret_foreign_read(cfb->file, at, data, cfb->sectors.unit, "the directory", err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        for (uint32_t j = 0; j < each; j++) {
            if (read_entry(cfb, &cfb->entries[(size_t)i * each + j], data + (size_t)j * ENTRY_BYTES,
                           at + (uint64_t)j * ENTRY_BYTES, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

/* Letters as readers take them to be the same: of ASCII and Latin-1. The names of tables and
 * streams that Windows Installer makes have no other ones with two cases. */
static unsigned upper(unsigned letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 0xe0 && letter <= 0xfe && letter != 0xf7)
               ? letter - 0x20
               : letter;
}

/* The order of the trees: by length, then by letters. */
static int compare_names(const struct cret_cfb_entry *left, const struct cret_cfb_entry *right)
{
    if (left->name_size != right->name_size) {
        return left->name_size < right->name_size ? -1 : 1;
    }
    for (size_t i = 0; i < left->name_size; i += 2) {
        const unsigned a = upper(u16(left->name + i)), b = upper(u16(right->name + i));
        if (a != b) {
            return a < b ? -1 : 1;
        }
    }
    return 0;
}

/* The order of the hash: by bytes. No two names are the same, and each ends with a zero. */
static int compare_bytes(const void *left, const void *right)
{
    const struct cret_cfb_entry *const *a = left, *const *b = right;
    const size_t size = (*a)->name_size < (*b)->name_size ? (*a)->name_size : (*b)->name_size;
    return memcmp((*a)->name, (*b)->name, size);
}

static enum cret_status refuse(const char *what, struct cret_err *err)
{
    return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s", what);
}

/* An entry that a tree names: each one once. */
static enum cret_status enter(struct cret_cfb *cfb, uint32_t index, struct cret_cfb_entry **ret,
                              struct cret_err *err)
{
    if (index >= cfb->entry_count || cfb->entries[index].type == CRET_CFB_UNUSED) {
        return refuse("the directory names an entry that is not there", err);
    }
    if (cfb->entries[index].seen || index == 0) {
        return refuse("the directory is a loop: an entry is in it twice", err);
    }
    cfb->entries[index].seen = true;
    *ret = &cfb->entries[index];
    return CRET_OK;
}

/* The children of a storage in the order of their tree, at the end of `order`. path has room for
 * all entries. */
static enum cret_status walk_tree(struct cret_cfb *cfb, struct cret_cfb_entry *storage,
                                  struct cret_cfb_entry **path, size_t *used, struct cret_err *err)
{
    size_t depth = 0;
    uint32_t next = storage->child;
    storage->children = cfb->order + *used;
    while (next != CRET_CFB_NONE || depth > 0) {
        if (next != CRET_CFB_NONE) {
            if (enter(cfb, next, &path[depth], err) != CRET_OK) {
                return CRET_FAILED;
            }
            path[depth]->depth = storage->depth + 1;
            next = path[depth++]->left;
            continue;
        }
        struct cret_cfb_entry *entry = path[--depth];
        if (storage->child_count > 0) {
            const int order = compare_names(storage->children[storage->child_count - 1], entry);
            if (order >= 0) {
                return refuse(order == 0 ? "the directory has two entries of one name"
                                         : "the directory is not in the order in which readers "
                                           "look for names",
                              err);
            }
        }
        storage->children[storage->child_count++] = entry;
        cfb->order[(*used)++] = entry;
        next = entry->right;
    }
    return CRET_OK;
}

static enum cret_status walk_all(struct cret_cfb *cfb, struct cret_cfb_entry **path,
                                 struct cret_err *err)
{
    size_t used = 0;
    if (walk_tree(cfb, &cfb->entries[0], path, &used, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Storages are found as they are entered: what they hold comes behind them. */
    for (size_t i = 0; i < used; i++) {
        if (cfb->order[i]->type != CRET_CFB_STORAGE) {
            continue;
        }
        if (cfb->order[i]->depth > CRET_CFB_DEPTH) {
            return refuse("the directory has storages in storages, too deep", err);
        }
        if (walk_tree(cfb, cfb->order[i], path, &used, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 1; i < cfb->entry_count; i++) {
        if (cfb->entries[i].type != CRET_CFB_UNUSED && !cfb->entries[i].seen) {
            return refuse("the directory has an entry that no storage holds", err);
        }
    }
    return CRET_OK;
}

enum cret_status cret_cfb_directory_walk(struct cret_cfb *cfb, struct cret_err *err)
{
    struct cret_cfb_entry **path = calloc(cfb->entry_count, sizeof(struct cret_cfb_entry *));
    if (path == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = walk_all(cfb, path, err);
    free(path);
    for (size_t i = 0; status == CRET_OK && i < cfb->entry_count; i++) {
        if (cfb->entries[i].child_count > 1) {
            qsort(cfb->entries[i].children, cfb->entries[i].child_count,
                  sizeof(struct cret_cfb_entry *), compare_bytes);
        }
    }
    return status;
}

const struct cret_cfb_entry *cret_cfb_find(const struct cret_cfb *cfb, const char *name)
{
    const struct cret_cfb_entry *root = &cfb->entries[0];
    for (size_t i = 0; i < root->child_count; i++) {
        const struct cret_cfb_entry *entry = root->children[i];
        const size_t length = strlen(name);
        bool same = entry->type == CRET_CFB_STREAM && entry->name_size == 2 * length + 2;
        for (size_t j = 0; same && j < length; j++) {
            same = u16(entry->name + 2 * j) == (unsigned char)name[j];
        }
        if (same) {
            return entry;
        }
    }
    return NULL;
}

enum cret_status cret_cfb_slack_entry(struct cret_cfb *cfb, const struct cret_cfb_entry *entry,
                                      struct cret_err *err)
{
    return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_DIRECTORY, entry->at + STATE, START - STATE, err);
}
