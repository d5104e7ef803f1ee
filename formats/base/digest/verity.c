/* SPDX-License-Identifier: Apache-2.0 */
/* The fs-verity file digest in spans; contract in digest.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/batch.h"
#include "base/digest/verity.h"

enum {
    BLOCK = 4096,
    HASHES = BLOCK / CRET_SHA256_BYTES, /* hashes in one block of the tree */
    SPAN_LEVELS = 3,                    /* the highest span is 4096 * 128^3 bytes, 8 GiB */
    LEVELS = 8,                         /* 128^8 blocks: more than 2^64 bytes */
};

/* A block of the tree that is being filled with hashes of the level below. */
struct level {
    uint8_t block[BLOCK];
    size_t hashes;
};

struct cret_verity_span {
    struct cret_hash_batch *batch;
    unsigned height;
    uint64_t left;        /* bytes that this span still takes */
    uint8_t block[BLOCK]; /* the unfinished data block */
    size_t fill;
    bool empty;  /* no data block was hashed yet */
    bool failed; /* of the library, or more bytes than a span has */
    uint8_t root[CRET_SHA256_BYTES];
    struct level levels[SPAN_LEVELS];
};

static uint64_t divide_up(uint64_t value, uint64_t by)
{
    return value / by + (value % by != 0);
}

/* Levels of hash blocks above the data blocks of a whole file. */
static unsigned tree_height(uint64_t size)
{
    unsigned height = 0;
    for (uint64_t blocks = divide_up(size, BLOCK); blocks > 1; blocks = divide_up(blocks, HASHES)) {
        height++;
    }
    return height;
}

struct cret_verity_plan cret_verity_plan(uint64_t size)
{
    /* Small spans share a file evenly among the cores; larger ones from here on keep the list of
     * span digests below 8 MiB. */
    const uint64_t height_2_from = 4ull << 30, height_3_from = 16ull << 40;
    struct cret_verity_plan plan = {.size = size};
    if (size <= 1u << 20) {
        plan.height = tree_height(size);
    } else {
        plan.height = size < height_2_from ? 1 : size < height_3_from ? 2 : 3;
    }
    plan.span_size = BLOCK;
    for (unsigned i = 0; i < plan.height; i++) {
        plan.span_size *= HASHES;
    }
    plan.spans = size == 0 ? 1 : divide_up(size, plan.span_size);
    return plan;
}

enum cret_status cret_verity_span_new(struct cret_verity_span **ret_span,
                                      const struct cret_hash_engine *engine, struct cret_err *err)
{
    struct cret_verity_span *span = calloc(1, sizeof(*span));
    if (span == NULL) {
        return cret_err_memory(err);
    }
    span->failed = true; /* until the first begin */
    if (cret_hash_batch_new(&span->batch, engine->kernel, err) != CRET_OK) {
        cret_verity_span_free(&span);
        return CRET_FAILED;
    }
    *ret_span = span;
    return CRET_OK;
}

void cret_verity_span_free(struct cret_verity_span **span)
{
    if (span == NULL || *span == NULL) {
        return;
    }
    cret_hash_batch_free(&(*span)->batch);
    free(*span);
    *span = NULL;
}

void cret_verity_span_begin(struct cret_verity_span *span, const struct cret_verity_plan *plan)
{
    span->height = plan->height;
    span->left = plan->span_size;
    span->fill = 0;
    span->empty = true;
    span->failed = plan->height > SPAN_LEVELS;
    for (unsigned i = 0; i < SPAN_LEVELS; i++) {
        span->levels[i].hashes = 0;
    }
}

/* Completes the filled part of a level's block with zeros, and empties the level. */
static const uint8_t *close_level(struct level *level)
{
    const size_t used = level->hashes * CRET_SHA256_BYTES;
    memset(level->block + used, 0, BLOCK - used);
    level->hashes = 0;
    return level->block;
}

/* Hashes `count` blocks, at most HASHES, that lie side by side. */
static bool hash_blocks(const struct cret_verity_span *span, uint8_t *ret_digests,
                        const uint8_t *blocks, size_t count)
{
    struct cret_message messages[HASHES];
    for (size_t i = 0; i < count; i++) {
        messages[i] =
            (struct cret_message){blocks + i * BLOCK, BLOCK, ret_digests + i * CRET_SHA256_BYTES};
    }
    return cret_hash_batch_run(span->batch, messages, count, NULL) == CRET_OK;
}

/* Hashes the block of level `index` and puts the hash into the level above; what becomes full
 * there, into the levels above that. */
static void push_level(struct cret_verity_span *span, unsigned index)
{
    uint8_t digest[CRET_SHA256_BYTES];
    for (;; index++) {
        if (!hash_blocks(span, digest, close_level(&span->levels[index]), 1)) {
            span->failed = true;
            return;
        }
        if (index + 1 == span->height) {
            memcpy(span->root, digest, sizeof(digest));
            return;
        }
        struct level *above = &span->levels[index + 1];
        memcpy(above->block + above->hashes * CRET_SHA256_BYTES, digest, sizeof(digest));
        if (++above->hashes < HASHES) {
            return;
        }
    }
}

/* Hashes data blocks, as many as there are and as one block of the lowest level still takes.
 * Returns how many. */
static size_t push_blocks(struct cret_verity_span *span, const uint8_t *blocks, size_t count)
{
    struct level *lowest = &span->levels[0];
    const size_t room = span->height == 0 ? 1 : HASHES - lowest->hashes;
    const size_t taken = count < room ? count : room;
    uint8_t *target = lowest->block + lowest->hashes * CRET_SHA256_BYTES;
    span->empty = false;
    if (!hash_blocks(span, span->height == 0 ? span->root : target, blocks, taken)) {
        span->failed = true;
        return taken;
    }
    if (span->height > 0 && (lowest->hashes += taken) == HASHES) {
        push_level(span, 0);
    }
    return taken;
}

void cret_verity_span_update(struct cret_verity_span *span, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    if (size > span->left) {
        span->failed = true;
    }
    if (span->failed) {
        return;
    }
    span->left -= size;
    while (size > 0 && !span->failed) {
        if (span->fill == 0 && size >= BLOCK) {
            const size_t done = push_blocks(span, bytes, size / BLOCK) * BLOCK;
            bytes += done;
            size -= done;
            continue;
        }
        size_t part = BLOCK - span->fill < size ? BLOCK - span->fill : size;
        memcpy(span->block + span->fill, bytes, part);
        span->fill += part;
        bytes += part;
        size -= part;
        if (span->fill == BLOCK) {
            push_blocks(span, span->block, 1);
            span->fill = 0;
        }
    }
}

enum cret_status cret_verity_span_final(struct cret_verity_span *span,
                                        uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    if (!span->failed && span->fill > 0) {
        memset(span->block + span->fill, 0, BLOCK - span->fill);
        push_blocks(span, span->block, 1);
    }
    /* The root of an empty file is zeros: there is no block to hash. */
    if (!span->failed && span->empty) {
        memset(span->root, 0, sizeof(span->root));
    }
    for (unsigned i = 0; i < span->height && !span->failed && !span->empty; i++) {
        if (span->levels[i].hashes > 0) {
            push_level(span, i);
        }
    }
    bool failed = span->failed;
    span->failed = true; /* until the next begin */
    if (failed) {
        return cret_err_undecided(err, "the fs-verity digest of a part of a file could not be "
                                       "computed");
    }
    memcpy(ret_digest, span->root, sizeof(span->root));
    return CRET_OK;
}

static bool hash_block(struct cret_sha256 *hash, uint8_t ret_digest[CRET_SHA256_BYTES],
                       const uint8_t *block)
{
    cret_sha256_reset(hash);
    cret_sha256_update(hash, block, BLOCK);
    return cret_sha256_final(hash, ret_digest, NULL) == CRET_OK;
}

/* Folds hashes of one level into the root, block by block; by the library, whatever hashed below.
 */
static bool fold(struct cret_sha256 *hash, uint8_t ret_root[CRET_SHA256_BYTES],
                 const uint8_t *digests, uint64_t count)
{
    struct level *levels = calloc(LEVELS, sizeof(*levels));
    bool done = levels != NULL;
    uint8_t digest[CRET_SHA256_BYTES];
    unsigned top = 0;
    for (uint64_t rest = count; rest > 1; rest = divide_up(rest, HASHES)) {
        top++;
    }
    for (uint64_t i = 0; i < count && done; i++) {
        memcpy(digest, digests + i * CRET_SHA256_BYTES, sizeof(digest));
        /* A block is closed when it is full, and, of the last hash, on every level. */
        for (unsigned j = 0; j < top && done; j++) {
            struct level *level = &levels[j];
            memcpy(level->block + level->hashes * CRET_SHA256_BYTES, digest, sizeof(digest));
            level->hashes++;
            if (level->hashes < HASHES && i + 1 < count) {
                break;
            }
            done = hash_block(hash, digest, close_level(level));
        }
    }
    if (done) {
        memcpy(ret_root, digest, sizeof(digest));
    }
    free(levels);
    return done;
}

static void put_little_endian(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * i));
    }
}

enum cret_status cret_verity_finish(uint8_t ret_digest[CRET_SHA256_BYTES],
                                    const struct cret_verity_plan *plan,
                                    const uint8_t *span_digests, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_sha256 *hash = NULL;
    /* struct fsverity_descriptor: version 1, hash algorithm 1 (SHA-256), log2 of the block size,
     * salt size, signature size (4), data size (8), root hash (64), salt (32), reserved (144). */
    uint8_t descriptor[256] = {1, 1, 12, 0};

    if (cret_sha256_new(&hash, err) != CRET_OK) {
        goto out;
    }
    if (!fold(hash, descriptor + 16, span_digests, plan->spans)) {
        cret_err_undecided(err, "the fs-verity digest of a file could not be computed");
        goto out;
    }
    put_little_endian(descriptor + 8, plan->size, 8);
    cret_sha256_reset(hash);
    cret_sha256_update(hash, descriptor, sizeof(descriptor));
    status = cret_sha256_final(hash, ret_digest, err);
out:
    cret_sha256_free(&hash);
    return status;
}
