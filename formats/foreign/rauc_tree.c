/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash tree of a verity bundle (dm-verity, version 1): SHA-256 over salt and block, 128 hashes
 * in a block of the level above, levels from the top to the bottom behind the data. It is computed
 * from the data, each byte of which is read once; each block of the tree that stands in the file is
 * compared with the one that was computed.
 */
#include <stdlib.h>
#include <string.h>

#include "foreign/rauc.h"

enum { PER_BLOCK = CRET_RAUC_BLOCK / CRET_SHA256_BYTES, LEVELS = 8, PIECE = 64 * CRET_RAUC_BLOCK };

struct level {
    uint64_t blocks, done; /* there must be, and are computed */
    uint64_t begin;        /* offset of its first block in the file */
    size_t fill;           /* bytes in the block that is being made */
    uint8_t block[CRET_RAUC_BLOCK];
};

struct tree {
    const struct cret_foreign_file *file;
    const struct cret_rauc_verity *verity;
    struct cret_sha256 *hash;
    struct level level[LEVELS]; /* 0 is the data; the last one has one block */
    size_t levels;
    uint8_t root[CRET_SHA256_BYTES];
    struct cret_err *err;
};

/* How many blocks each level has, and where it begins. */
static enum cret_status measure(struct tree *tree, uint64_t data)
{
    uint64_t offset = data, hashes = 0;
    struct level *level = tree->level;
    level[0].blocks = data / CRET_RAUC_BLOCK;
    tree->levels = 1;
    while (level[tree->levels - 1].blocks > 1 && tree->levels < LEVELS) {
        level[tree->levels].blocks = (level[tree->levels - 1].blocks + PER_BLOCK - 1) / PER_BLOCK;
        hashes += level[tree->levels].blocks;
        tree->levels++;
    }
    if (tree->levels == 1 || level[tree->levels - 1].blocks != 1 ||
        hashes * CRET_RAUC_BLOCK != tree->verity->tree) {
        cret_err_refuse(tree->err, CRET_CHECK_FOREIGN_FORM,
                        "the hash tree of the RAUC bundle does not fit its data");
        cret_err_expected(tree->err, "%llu bytes", (unsigned long long)(hashes * CRET_RAUC_BLOCK));
        return cret_err_actual(tree->err, "%llu bytes", (unsigned long long)tree->verity->tree);
    }
    for (size_t i = tree->levels - 1; i > 0; i--) {
        level[i].begin = offset;
        offset += level[i].blocks * CRET_RAUC_BLOCK;
    }
    return CRET_OK;
}

static enum cret_status hash_block(struct tree *tree, const uint8_t *block,
                                   uint8_t digest[CRET_SHA256_BYTES])
{
    cret_sha256_reset(tree->hash);
    cret_sha256_update(tree->hash, tree->verity->salt, sizeof(tree->verity->salt));
    cret_sha256_update(tree->hash, block, CRET_RAUC_BLOCK);
    return cret_sha256_final(tree->hash, digest, tree->err);
}

static enum cret_status refuse(const struct tree *tree, uint64_t at, const char *what)
{
    cret_err_refuse(tree->err, CRET_CHECK_FOREIGN_VALUE, "%s", what);
    cret_err_where(tree->err, "byte %llu", (unsigned long long)at);
    return cret_err_hint(tree->err, "the file was damaged or changed; fetch it again");
}

/* A block of the tree, computed, against the one in the file. Where they differ, either is wrong:
 * the place of the block below, whose hash it is, tells more. */
static enum cret_status compare(const struct tree *tree, size_t number)
{
    uint8_t stored[CRET_RAUC_BLOCK];
    const struct level *level = &tree->level[number];
    const uint64_t at = level->begin + level->done * CRET_RAUC_BLOCK;
    if (cret_foreign_read(tree->file, at, stored, sizeof(stored), "the hash tree", tree->err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < PER_BLOCK; i++) {
        const size_t place = i * CRET_SHA256_BYTES;
        const uint64_t block = level->done * PER_BLOCK + i;
        if (memcmp(stored + place, level->block + place, CRET_SHA256_BYTES) == 0) {
            continue;
        }
        if (number == 1 && block < tree->level[0].blocks) {
            return refuse(tree, block * CRET_RAUC_BLOCK,
                          "a block of the RAUC bundle does not have the hash that its tree gives");
        }
        return refuse(tree, at + place, "the hash tree of the RAUC bundle is not that of its data");
    }
    return CRET_OK;
}

/* The hash of a finished block goes into the block above, which may be finished by it, and so on up
 * to the root. */
static enum cret_status push(struct tree *tree, const uint8_t *data)
{
    uint8_t digest[CRET_SHA256_BYTES];
    const uint8_t *block = data;
    for (size_t i = 0; i < tree->levels; i++) {
        struct level *level = &tree->level[i];
        if (hash_block(tree, block, digest) != CRET_OK) {
            return CRET_FAILED;
        }
        level->done++;
        level->fill = 0;
        if (i + 1 == tree->levels) {
            memcpy(tree->root, digest, sizeof(digest));
            return CRET_OK;
        }
        struct level *above = &tree->level[i + 1];
        if (above->fill == 0) {
            memset(above->block, 0, sizeof(above->block));
        }
        memcpy(above->block + above->fill, digest, sizeof(digest));
        above->fill += sizeof(digest);
        if (above->fill < CRET_RAUC_BLOCK && level->done < level->blocks) {
            return CRET_OK;
        }
        if (compare(tree, i + 1) != CRET_OK) {
            return CRET_FAILED;
        }
        block = above->block;
    }
    return CRET_OK;
}

static enum cret_status hash_data(struct tree *tree, uint8_t *blocks, uint64_t data)
{
    for (uint64_t at = 0; at < data;) {
        const uint64_t left = data - at;
        const size_t size = left < PIECE ? (size_t)left : (size_t)PIECE;
        if (cret_foreign_read(tree->file, at, blocks, size, "the squashfs", tree->err) != CRET_OK) {
            return CRET_FAILED;
        }
        for (size_t done = 0; done < size; done += CRET_RAUC_BLOCK) {
            if (push(tree, blocks + done) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        at += size;
    }
    for (size_t i = 0; i < tree->levels; i++) {
        if (tree->level[i].done != tree->level[i].blocks) {
            return cret_err_undecided(tree->err, "the hash tree was not computed to its end");
        }
    }
    if (memcmp(tree->root, tree->verity->root, sizeof(tree->root)) != 0) {
        return refuse(tree, tree->level[tree->levels - 1].begin,
                      "the RAUC bundle has another hash tree than the signed manifest names");
    }
    return CRET_OK;
}

enum cret_status cret_rauc_tree_verify(uint64_t *ret_data, const struct cret_rauc *bundle,
                                       const struct cret_rauc_verity *verity,
                                       const struct cret_foreign_file *file, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const uint64_t data = bundle->payload > verity->tree ? bundle->payload - verity->tree : 0;
    if (data == 0 || data % CRET_RAUC_BLOCK != 0) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "the squashfs of the RAUC bundle is not of whole blocks");
    }
    struct tree *tree = calloc(1, sizeof(*tree));
    uint8_t *blocks = malloc(PIECE);
    if (tree == NULL || blocks == NULL) {
        cret_err_memory(err);
        goto out;
    }
    tree->file = file;
    tree->verity = verity;
    tree->err = err;
    if (cret_sha256_new(&tree->hash, err) != CRET_OK || measure(tree, data) != CRET_OK ||
        hash_data(tree, blocks, data) != CRET_OK) {
        goto out;
    }
    *ret_data = data;
    status = CRET_OK;
out:
    if (tree != NULL) {
        cret_sha256_free(&tree->hash);
    }
    free(tree);
    free(blocks);
    return status;
}
