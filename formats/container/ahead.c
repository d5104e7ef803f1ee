/* SPDX-License-Identifier: Apache-2.0 */
/* Hashing what lies behind the front while its signature is judged. */
#include "container/ahead.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/workers.h"
#include "container/ustar.h"

/* Bytes of one read. */
#define PIECE (64u << 10)
/* Members that are looked at; those that fit above the least size. */
enum { HEADS_MAXIMUM = 64, MEMBERS_MAXIMUM = CRET_AHEAD_BYTES / CRET_AHEAD_MEMBER };

struct member {
    uint64_t offset, size; /* of the content */
    uint8_t digest[CRET_SHA256_BYTES];
};

struct cret_ahead {
    int fd; /* the source's */
    uint64_t begin, end;
    struct cret_side *side;
    atomic_bool stop;
    struct cret_sha256 *hash;
    uint8_t *piece;                         /* PIECE bytes */
    struct member members[MEMBERS_MAXIMUM]; /* of the side, until it is done */
    size_t count;
};

/* False where a member could not be hashed: whoever checks the archive says why. */
static bool hash_member(struct cret_ahead *ahead, struct member *member)
{
    struct cret_err ignored = {0};
    for (uint64_t at = 0; at < member->size && !atomic_load(&ahead->stop); at += PIECE) {
        const uint64_t left = member->size - at;
        const size_t size = left < PIECE ? (size_t)left : (size_t)PIECE;
        size_t got = 0;
        if (cret_os_pread(ahead->fd, ahead->piece, size, member->offset + at, &got, &ignored) !=
                CRET_OK ||
            got != size) {
            return false;
        }
        cret_sha256_update(ahead->hash, ahead->piece, size);
    }
    return !atomic_load(&ahead->stop) &&
           cret_sha256_final(ahead->hash, member->digest, &ignored) == CRET_OK;
}

/* Of a head only the size is read; whether it is the right one is for the walk to say. */
static void hash_members(void *context)
{
    struct cret_ahead *ahead = context;
    uint64_t at = ahead->begin;
    for (size_t heads = 0; heads < HEADS_MAXIMUM; heads++) {
        uint8_t block[CRET_BLOCK];
        struct cret_err ignored = {0};
        struct member member = {.offset = at + CRET_BLOCK};
        int64_t seconds = 0;
        size_t got = 0;
        if (cret_os_pread(ahead->fd, block, sizeof(block), at, &got, &ignored) != CRET_OK ||
            got != sizeof(block) ||
            cret_ustar_numbers(block, &member.size, &seconds, &ignored) != CRET_OK ||
            member.offset > ahead->end || member.size > ahead->end - member.offset) {
            return;
        }
        if (member.size > CRET_AHEAD_MEMBER && member.size <= CRET_FSVERITY_THRESHOLD) {
            if (ahead->count == MEMBERS_MAXIMUM) {
                return;
            }
            if (ahead->count > 0) {
                cret_sha256_reset(ahead->hash); /* not at first: that is memory of this thread */
            }
            if (!hash_member(ahead, &member)) {
                return;
            }
            ahead->members[ahead->count++] = member;
        }
        at = member.offset + cret_ustar_padded(member.size);
    }
}

enum cret_status cret_ahead_begin(struct cret_ahead **ret_ahead, struct cret_source *source,
                                  const struct cret_front *front, unsigned jobs,
                                  struct cret_err *err)
{
    struct cret_ahead *ahead = NULL;
    *ret_ahead = NULL;
    const uint64_t size = cret_source_size(source);
    if (jobs < 2 || !cret_source_seekable(source) || size < front->end ||
        size - front->end <= CRET_AHEAD_MEMBER || size - front->end > CRET_AHEAD_BYTES) {
        return CRET_OK;
    }
    ahead = calloc(1, sizeof(*ahead));
    if (ahead == NULL || (ahead->piece = malloc(PIECE)) == NULL) {
        free(ahead);
        return cret_err_memory(err);
    }
    ahead->fd = cret_source_fd(source);
    ahead->begin = front->end;
    ahead->end = size;
    atomic_init(&ahead->stop, false);
    if (cret_sha256_new(&ahead->hash, err) != CRET_OK) {
        cret_ahead_free(&ahead);
        return CRET_FAILED;
    }
    cret_os_own_memory();
    if (cret_side_begin(&ahead->side, hash_members, ahead, err) != CRET_OK) {
        cret_ahead_free(&ahead);
        return CRET_FAILED;
    }
    if (ahead->side == NULL) {
        cret_ahead_free(&ahead);
    }
    *ret_ahead = ahead;
    return CRET_OK;
}

bool cret_ahead_digest(struct cret_ahead *ahead, uint64_t offset, uint64_t size,
                       uint8_t ret_digest[CRET_SHA256_BYTES])
{
    if (ahead == NULL) {
        return false;
    }
    cret_side_wait(ahead->side);
    for (size_t i = 0; i < ahead->count; i++) {
        const struct member *member = &ahead->members[i];
        if (member->offset == offset && member->size == size) {
            memcpy(ret_digest, member->digest, sizeof(member->digest));
            return true;
        }
    }
    return false;
}

void cret_ahead_free(struct cret_ahead **ahead)
{
    if (ahead == NULL || *ahead == NULL) {
        return;
    }
    atomic_store(&(*ahead)->stop, true);
    cret_side_end(&(*ahead)->side);
    cret_sha256_free(&(*ahead)->hash);
    free((*ahead)->piece);
    free(*ahead);
    *ahead = NULL;
}
