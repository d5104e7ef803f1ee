/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file again, with each byte compared before it is handed out. */
#include "container/proved.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/verity.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "container/member.h"
#include "container/tree.h"

/* Readers of archives go back and forth between a table and what it describes. */
#define SLOTS 2u
/* Spans of what is larger than 16 TiB do not fit into memory. */
#define SPAN_MAXIMUM (64ull << 20)

/* A span whose bytes were compared with its digest. */
struct slot {
    uint8_t *data;
    size_t size;
    uint64_t span;
    bool valid;
};

struct cret_proved {
    int fd;
    uint64_t base;
    const struct cret_entry *file;
    struct cret_verity_span *verity;
    struct cret_tree tree; /* of a large file */
    struct cret_watch watch;
    struct slot slots[SLOTS];
    size_t latest;
};

static enum cret_status changed(const struct cret_proved *proved, struct cret_err *err)
{
    return cret_member_changed(proved->file->path, err);
}

static uint64_t span_size(const struct cret_proved *proved)
{
    return proved->file->has_fsverity ? proved->tree.plan.span_size : CRET_FSVERITY_THRESHOLD;
}

/* Reads a span into a slot; nothing of it was compared yet. */
static enum cret_status load(const struct cret_proved *proved, struct slot *slot, uint64_t span,
                             struct cret_err *err)
{
    const uint64_t start = span * span_size(proved), left = proved->file->size - start;
    const size_t size = left < span_size(proved) ? (size_t)left : (size_t)span_size(proved);
    size_t got = 0;
    slot->valid = false;
    if (cret_os_pread(proved->fd, slot->data, size, proved->base + start, &got, err) != CRET_OK) {
        return cret_err_where(err, "%s", proved->file->path);
    }
    if (proved->watch.work != NULL) {
        proved->watch.work(proved->watch.context, got);
    }
    slot->span = span;
    slot->size = size;
    return got == size ? CRET_OK : changed(proved, err);
}

static enum cret_status digest_span(const struct cret_proved *proved, const struct slot *slot,
                                    uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    cret_verity_span_begin(proved->verity, &proved->tree.plan);
    cret_verity_span_update(proved->verity, slot->data, slot->size);
    return cret_verity_span_final(proved->verity, ret_digest, err);
}

/* The digests of all spans, which together must be the file's. */
static enum cret_status take_tree(struct cret_proved *proved, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    for (uint64_t span = 0; span < proved->tree.plan.spans; span++) {
        uint8_t *target = proved->tree.digests + (size_t)span * CRET_SHA256_BYTES;
        if (load(proved, &proved->slots[0], span, err) != CRET_OK ||
            digest_span(proved, &proved->slots[0], target, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (cret_tree_finish(&proved->tree, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return memcmp(digest, proved->file->fsverity, sizeof(digest)) == 0 ? CRET_OK
                                                                       : changed(proved, err);
}

/* All of a small file stays in its slot. */
static enum cret_status take_whole(struct cret_proved *proved, struct cret_err *err)
{
    struct slot *slot = &proved->slots[0];
    uint8_t digest[CRET_SHA256_BYTES];
    if (load(proved, slot, 0, err) != CRET_OK ||
        cret_sha256(digest, slot->data, slot->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, proved->file->sha256, sizeof(digest)) != 0) {
        return changed(proved, err);
    }
    slot->valid = true;
    return CRET_OK;
}

static enum cret_status prepare(struct cret_proved *proved, enum cret_hash_choice hash,
                                struct cret_err *err)
{
    struct cret_hash_engine engine;
    const struct cret_entry *file = proved->file;
    if (!file->has_fsverity && file->size > CRET_FSVERITY_THRESHOLD) {
        return cret_err_undecided(err, "internal error: '%s' has no tree digest", file->path);
    }
    if (file->has_fsverity && cret_tree_init(&proved->tree, file->size, true, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (span_size(proved) > SPAN_MAXIMUM) {
        return cret_err_undecided(err, "'%s' is too large to be looked into", file->path);
    }
    for (size_t i = 0; i < (file->has_fsverity ? SLOTS : 1u); i++) {
        proved->slots[i].data = malloc((size_t)span_size(proved));
        if (proved->slots[i].data == NULL) {
            return cret_err_memory(err);
        }
    }
    if (!file->has_fsverity) {
        return take_whole(proved, err);
    }
    if (cret_hash_engine_choose(&engine, hash, err) != CRET_OK ||
        cret_verity_span_new(&proved->verity, &engine, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return take_tree(proved, err);
}

enum cret_status cret_proved_open(struct cret_proved **ret_proved, int fd, uint64_t base,
                                  const struct cret_entry *file, enum cret_hash_choice hash,
                                  const struct cret_watch *watch, struct cret_err *err)
{
    struct cret_proved *proved = calloc(1, sizeof(*proved));
    if (proved == NULL) {
        return cret_err_memory(err);
    }
    proved->fd = fd;
    proved->base = base;
    proved->file = file;
    if (watch != NULL) {
        proved->watch = *watch;
    }
    if (prepare(proved, hash, err) != CRET_OK) {
        cret_proved_free(&proved);
        return CRET_FAILED;
    }
    *ret_proved = proved;
    return CRET_OK;
}

void cret_proved_free(struct cret_proved **proved)
{
    if (proved == NULL || *proved == NULL) {
        return;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        free((*proved)->slots[i].data);
    }
    cret_tree_clear(&(*proved)->tree);
    cret_verity_span_free(&(*proved)->verity);
    free(*proved);
    *proved = NULL;
}

/* The slot that holds this span, compared with its digest. */
static enum cret_status find_slot(struct cret_proved *proved, uint64_t span,
                                  const struct slot **ret_slot, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    for (size_t i = 0; i < SLOTS; i++) {
        if (proved->slots[i].valid && proved->slots[i].span == span) {
            proved->latest = i;
            *ret_slot = &proved->slots[i];
            return CRET_OK;
        }
    }
    const size_t next = (proved->latest + 1) % SLOTS;
    struct slot *slot = &proved->slots[next];
    const uint8_t *expected = proved->tree.digests + (size_t)span * CRET_SHA256_BYTES;
    if (load(proved, slot, span, err) != CRET_OK ||
        digest_span(proved, slot, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, expected, sizeof(digest)) != 0) {
        return changed(proved, err);
    }
    slot->valid = true;
    proved->latest = next;
    *ret_slot = slot;
    return CRET_OK;
}

enum cret_status cret_proved_read(struct cret_proved *proved, uint64_t offset, void *data,
                                  size_t size, size_t *ret_got, struct cret_err *err)
{
    const uint64_t whole = proved->file->size;
    size_t done = 0;
    if (offset < whole && size > whole - offset) {
        size = (size_t)(whole - offset);
    }
    while (offset < whole && done < size) {
        const struct slot *slot = NULL;
        const uint64_t at = offset + done;
        if (find_slot(proved, at / span_size(proved), &slot, err) != CRET_OK) {
            return CRET_FAILED;
        }
        const size_t from = (size_t)(at % span_size(proved));
        const size_t part = slot->size - from < size - done ? slot->size - from : size - done;
        memcpy((uint8_t *)data + done, slot->data + from, part);
        done += part;
    }
    *ret_got = done;
    return CRET_OK;
}
