/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and hashing parts of a file in somebody else's format. */
#include "foreign/file.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/system/os.h"

/* Read at once where a whole part is; a multiple of each size that a block has. */
enum { PIECE = 256 << 10, SMALLEST_BLOCK = 16 << 10, MOST_BLOCKS = 1 << 20 };

/* What the first reading saw: a digest for each block, the last of which may be shorter. */
struct cret_foreign_seen {
    uint8_t (*digests)[CRET_SHA256_BYTES];
    size_t block_size;
    uint8_t *block; /* the last one that was read for a part of it, and found to be the same */
    uint64_t number;
    size_t size; /* of that; 0: none */
    bool changed;
};

static enum cret_status beyond(const char *what, uint64_t offset, const struct cret_foreign_file *f,
                               struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s lies beyond the end of the file", what);
    cret_err_where(err, "byte %llu", (unsigned long long)offset);
    cret_err_expected(err, "at most %llu bytes", (unsigned long long)f->size);
    return cret_err_hint(err, "fetch the file again: it may have been cut short");
}

static enum cret_status read_bytes(const struct cret_foreign_file *file, uint64_t offset,
                                   void *data, size_t size, struct cret_err *err)
{
    size_t got = 0;
    if (file->data != NULL) {
        memcpy(data, file->data + offset, size);
        return CRET_OK;
    }
    if (cret_os_pread(file->fd, data, size, offset, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return got == size ? CRET_OK
                       : cret_err_undecided(err, "the file became shorter while it was read");
}

enum cret_status cret_foreign_unchanged(const struct cret_foreign_file *file, struct cret_err *err)
{
    if (file->seen == NULL || !file->seen->changed) {
        return CRET_OK;
    }
    cret_err_undecided(err, "the file changed while it was read");
    return cret_err_hint(err, "see to it that nothing writes to it, and run this again");
}

/* Small, for formats that jump; larger where there would be more than MOST_BLOCKS of them. */
static size_t choose_block(uint64_t size)
{
    size_t block = SMALLEST_BLOCK;
    while (block < PIECE && size / block >= MOST_BLOCKS) {
        block *= 2;
    }
    return block;
}

/* Reads whole blocks (the last one of the file may be shorter), each as it was seen. */
static enum cret_status read_blocks(const struct cret_foreign_file *file, uint64_t number,
                                    uint8_t *data, size_t size, struct cret_err *err)
{
    struct cret_foreign_seen *seen = file->seen;
    uint8_t digest[CRET_SHA256_BYTES];
    if (read_bytes(file, number * seen->block_size, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t at = 0; at < size; at += seen->block_size, number++) {
        const size_t left = size - at;
        if (cret_sha256(digest, data + at, left < seen->block_size ? left : seen->block_size,
                        err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (memcmp(digest, seen->digests[number], sizeof(digest)) != 0) {
            seen->changed = true;
            return cret_foreign_unchanged(file, err);
        }
    }
    return CRET_OK;
}

/* A block as it was seen. */
static enum cret_status load_block(const struct cret_foreign_file *file, uint64_t number,
                                   struct cret_err *err)
{
    struct cret_foreign_seen *seen = file->seen;
    const uint64_t left = file->size - number * seen->block_size;
    const size_t size = left < seen->block_size ? (size_t)left : seen->block_size;
    if (seen->size > 0 && seen->number == number) {
        return CRET_OK;
    }
    seen->size = 0;
    if (read_blocks(file, number, seen->block, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    seen->number = number;
    seen->size = size;
    return CRET_OK;
}

static enum cret_status read_seen(const struct cret_foreign_file *file, uint64_t offset,
                                  uint8_t *data, size_t size, struct cret_err *err)
{
    const size_t block = file->seen->block_size;
    while (size > 0) {
        const size_t start = (size_t)(offset % block);
        const bool whole = start == 0 && (size >= block || size == file->size - offset);
        const size_t most = block - start;
        size_t step = size < most ? size : most;
        if (whole) { /* all of them at once */
            step = size == file->size - offset ? size : size - size % block;
        }
        if ((whole ? read_blocks(file, offset / block, data, step, err)
                   : load_block(file, offset / block, err)) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!whole) {
            memcpy(data, file->seen->block + start, step);
        }
        data += step;
        offset += step;
        size -= step;
    }
    return CRET_OK;
}

enum cret_status cret_foreign_peek(const struct cret_foreign_file *file, uint64_t offset,
                                   void *data, size_t size, size_t *ret_got, struct cret_err *err)
{
    const uint64_t left = offset < file->size ? file->size - offset : 0;
    const size_t wanted = size < left ? size : (size_t)left;
    if (wanted > 0 &&
        (file->seen != NULL ? read_seen(file, offset, data, wanted, err)
                            : read_bytes(file, offset, data, wanted, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    if (file->work != NULL) {
        file->work(file->context, wanted);
    }
    *ret_got = wanted;
    return CRET_OK;
}

enum cret_status cret_foreign_read(const struct cret_foreign_file *file, uint64_t offset,
                                   void *data, size_t size, const char *what, struct cret_err *err)
{
    size_t got = 0;
    if (cret_foreign_peek(file, offset, data, size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return got == size ? CRET_OK : beyond(what, offset, file, err);
}

enum cret_status cret_foreign_load(uint8_t **ret_data, const struct cret_foreign_file *file,
                                   uint64_t offset, uint64_t size, size_t most, const char *what,
                                   struct cret_err *err)
{
    if (size > most) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s is too large", what);
        cret_err_expected(err, "at most %zu bytes", most);
        return cret_err_actual(err, "%llu bytes", (unsigned long long)size);
    }
    if (offset > file->size || size > file->size - offset) {
        return beyond(what, offset, file, err);
    }
    uint8_t *data = malloc((size_t)size + 1);
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_foreign_read(file, offset, data, (size_t)size, what, err) != CRET_OK) {
        free(data);
        return CRET_FAILED;
    }
    data[size] = 0;
    *ret_data = data;
    return CRET_OK;
}

static enum cret_status library_failed(struct cret_err *err)
{
    return cret_err_undecided(err, "the cryptographic library could not compute a digest");
}

enum cret_status cret_foreign_hash_begin(struct cret_foreign_hash *hash, const EVP_MD *md,
                                         struct cret_err *err)
{
    hash->failed = false;
    hash->context = md != NULL ? EVP_MD_CTX_new() : NULL;
    if (hash->context == NULL || EVP_DigestInit_ex(hash->context, md, NULL) != 1) {
        cret_foreign_hash_drop(hash);
        return library_failed(err);
    }
    return CRET_OK;
}

void cret_foreign_hash_bytes(struct cret_foreign_hash *hash, const void *data, size_t size)
{
    if (size > 0 && EVP_DigestUpdate(hash->context, data, size) != 1) {
        hash->failed = true;
    }
}

typedef void (*piece_taker)(void *context, const uint8_t *data, size_t size);

/* Every byte of a part, in order. */
static enum cret_status each_piece(const struct cret_foreign_file *file, uint64_t offset,
                                   uint64_t size, const char *what, piece_taker take, void *context,
                                   struct cret_err *err)
{
    if (offset > file->size || size > file->size - offset) {
        return beyond(what, offset, file, err);
    }
    uint8_t *piece = malloc(size < PIECE ? (size_t)size + 1 : PIECE);
    enum cret_status status = piece != NULL ? CRET_OK : cret_err_memory(err);
    while (status == CRET_OK && size > 0) {
        const size_t now = size < PIECE ? (size_t)size : PIECE;
        status = cret_foreign_read(file, offset, piece, now, what, err);
        if (status == CRET_OK) {
            take(context, piece, now);
        }
        offset += now;
        size -= now;
    }
    free(piece);
    return status;
}

static void take_hash(void *context, const uint8_t *data, size_t size)
{
    cret_foreign_hash_bytes(context, data, size);
}

enum cret_status cret_foreign_hash_part(struct cret_foreign_hash *hash,
                                        const struct cret_foreign_file *file, uint64_t offset,
                                        uint64_t size, const char *what, struct cret_err *err)
{
    return each_piece(file, offset, size, what, take_hash, hash, err);
}

enum cret_status cret_foreign_hash_end(struct cret_foreign_hash *hash, uint8_t *ret_digest,
                                       size_t *ret_size, struct cret_err *err)
{
    unsigned size = 0;
    const bool good =
        !hash->failed && EVP_DigestFinal_ex(hash->context, ret_digest, &size) == 1 && size > 0;
    cret_foreign_hash_drop(hash);
    if (!good) {
        return library_failed(err);
    }
    *ret_size = size;
    return CRET_OK;
}

void cret_foreign_hash_drop(struct cret_foreign_hash *hash)
{
    EVP_MD_CTX_free(hash->context);
    hash->context = NULL;
}

struct seeing {
    struct cret_sha256 *whole;
    struct cret_foreign_seen *seen;
    struct cret_err *err;
    bool failed;
};

static void take_blocks(void *context, const uint8_t *data, size_t size)
{
    struct seeing *seeing = context;
    const size_t block = seeing->seen->block_size;
    cret_sha256_update(seeing->whole, data, size);
    for (size_t at = 0; at < size && !seeing->failed; at += block) {
        seeing->failed = cret_sha256(seeing->seen->digests[seeing->seen->number++], data + at,
                                     size - at < block ? size - at : block, seeing->err) != CRET_OK;
    }
}

enum cret_status cret_foreign_see(struct cret_foreign_file *file,
                                  uint8_t ret_sha256[CRET_SHA256_BYTES], struct cret_err *err)
{
    const size_t block = choose_block(file->size);
    const size_t count = (size_t)(file->size / block) + 1;
    struct cret_foreign_seen *seen = calloc(1, sizeof(*seen));
    struct seeing seeing = {.seen = seen, .err = err};
    enum cret_status status = CRET_FAILED;
    if (seen != NULL) {
        seen->digests = calloc(count, sizeof(*seen->digests));
        seen->block = malloc(block);
        seen->block_size = block;
    }
    if (seen == NULL || seen->digests == NULL || seen->block == NULL) {
        cret_err_memory(err);
    } else if (cret_sha256_new(&seeing.whole, err) == CRET_OK &&
               each_piece(file, 0, file->size, "the file", take_blocks, &seeing, err) == CRET_OK &&
               !seeing.failed) {
        status = cret_sha256_final(seeing.whole, ret_sha256, err);
    }
    cret_sha256_free(&seeing.whole);
    file->seen = seen;
    if (status != CRET_OK) {
        cret_foreign_forget(file);
    }
    return status;
}

void cret_foreign_forget(struct cret_foreign_file *file)
{
    if (file->seen != NULL) {
        free(file->seen->digests);
        free(file->seen->block);
        free(file->seen);
        file->seen = NULL;
    }
}

static void take_zero(void *context, const uint8_t *data, size_t size)
{
    bool *zero = context;
    for (size_t i = 0; i < size && *zero; i++) {
        *zero = data[i] == 0;
    }
}

enum cret_status cret_foreign_zero(bool *ret_zero, const struct cret_foreign_file *file,
                                   uint64_t offset, uint64_t size, const char *what,
                                   struct cret_err *err)
{
    bool zero = true;
    if (each_piece(file, offset, size, what, take_zero, &zero, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_zero = zero;
    return CRET_OK;
}
