/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping in memory what is parsed after its digest matched. */
#include "engine/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"

struct kept_entry {
    char *text; /* NULL: not chosen */
    size_t size;
};

struct cret_kept {
    struct kept_entry *entries;
    size_t count;
    uint64_t total;
};

enum cret_status cret_kept_new(struct cret_kept **ret_kept, size_t entry_count,
                               struct cret_err *err)
{
    struct cret_kept *kept = calloc(1, sizeof(*kept));
    if (kept == NULL) {
        return cret_err_memory(err);
    }
    kept->count = entry_count;
    kept->entries = calloc(entry_count + 1, sizeof(*kept->entries));
    if (kept->entries == NULL) {
        cret_kept_free(&kept);
        return cret_err_memory(err);
    }
    *ret_kept = kept;
    return CRET_OK;
}

void cret_kept_free(struct cret_kept **kept)
{
    if (kept == NULL || *kept == NULL) {
        return;
    }
    for (size_t i = 0; (*kept)->entries != NULL && i < (*kept)->count; i++) {
        free((*kept)->entries[i].text);
    }
    free((*kept)->entries);
    free(*kept);
    *kept = NULL;
}

enum cret_status cret_kept_choose(struct cret_kept *kept, size_t entry, uint64_t size,
                                  struct cret_err *err)
{
    if (entry >= kept->count || size > CRET_LIMIT_PARSED_FILE_BYTES) {
        return cret_err_undecided(err, "internal error: a file that is too large was to be kept");
    }
    if (kept->entries[entry].text != NULL) {
        return CRET_OK;
    }
    char *text = calloc(1, (size_t)size + 1);
    if (text == NULL) {
        return cret_err_memory(err);
    }
    kept->entries[entry] = (struct kept_entry){text, (size_t)size};
    kept->total += size;
    return CRET_OK;
}

uint64_t cret_kept_total(const struct cret_kept *kept)
{
    return kept->total;
}

bool cret_kept_has(const struct cret_kept *kept, size_t entry)
{
    return entry < kept->count && kept->entries[entry].text != NULL;
}

enum cret_status cret_kept_take(struct cret_kept *kept, size_t entry, uint64_t offset,
                                const uint8_t *data, size_t size, struct cret_err *err)
{
    if (!cret_kept_has(kept, entry)) {
        return CRET_OK;
    }
    struct kept_entry *target = &kept->entries[entry];
    if (offset > target->size || size > target->size - offset) {
        return cret_err_undecided(err, "internal error: more bytes than the file has");
    }
    if (size > 0) {
        memcpy(target->text + offset, data, size);
    }
    return CRET_OK;
}

const char *cret_kept_text(const struct cret_kept *kept, size_t entry, size_t *ret_size)
{
    if (!cret_kept_has(kept, entry)) {
        return NULL;
    }
    *ret_size = kept->entries[entry].size;
    return kept->entries[entry].text;
}
