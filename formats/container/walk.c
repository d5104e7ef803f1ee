/* SPDX-License-Identifier: Apache-2.0 */
/* What both ways of reading the payload share: which digests are wanted, small members, and the
 * comparison of what was computed. */
#include "container/walk.h"

#include <stdlib.h>

#include "container/member.h"

bool cret_walk_wants(const struct cret_walk *walk, size_t entry)
{
    return walk->digest_wanted == NULL || walk->digest_wanted[entry];
}

bool cret_walk_sinks(const struct cret_walk *walk, size_t entry)
{
    return walk->sink != NULL && (walk->sink_wanted == NULL || walk->sink_wanted[entry]);
}

bool cret_walk_flat(const struct cret_walk *walk, size_t entry)
{
    return !walk->fast || !walk->entries[entry].has_fsverity;
}

bool cret_walk_in_pieces(const struct cret_walk_run *run, size_t entry)
{
    const struct cret_entry *file = &run->walk->entries[entry];
    return !run->detached && !file->has_fsverity && file->size > run->whole_maximum;
}

enum cret_status cret_walk_sink(const struct cret_walk_run *run, size_t entry, uint64_t offset,
                                const uint8_t *data, size_t size, struct cret_err *err)
{
    if (!cret_walk_sinks(run->walk, entry)) {
        return CRET_OK;
    }
    return run->walk->sink(run->walk->context, entry, offset, data, size, err);
}

/* Where a file's content begins, for messages: in the archive, or in the file beside the front. */
static uint64_t content_offset(const struct cret_walk_run *run, size_t entry)
{
    return run->detached ? 0 : run->walk->entries[entry].offset;
}

enum cret_status cret_walk_compare(const struct cret_walk_run *run, size_t entry,
                                   const uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    const struct cret_entry *file = &run->walk->entries[entry];
    return cret_member_digest("SHA-256", file->path, content_offset(run, entry), file->sha256,
                              digest, err);
}

enum cret_status cret_walk_flat_check(const struct cret_walk_run *run, struct cret_sha256 *hash,
                                      size_t entry, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_sha256_final(hash, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_walk_compare(run, entry, digest, err);
}

enum cret_status cret_walk_tree_check(const struct cret_walk_run *run,
                                      struct cret_walk_large *large, struct cret_err *err)
{
    const struct cret_entry *file = &run->walk->entries[large->entry];
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_tree_finish(&large->tree, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_member_digest("fs-verity", file->path, content_offset(run, large->entry),
                              file->fsverity, digest, err);
}

enum cret_status cret_walk_small(struct cret_mate *mate, size_t entry,
                                 const uint8_t digest[CRET_SHA256_BYTES], const uint8_t *data,
                                 struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    const size_t size = (size_t)run->walk->entries[entry].size;
    if (cret_walk_compare(run, entry, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_team_count(mate, size);
    return cret_walk_sink(run, entry, 0, data, size, err);
}

/* Some members of a run, one after the other: where they are, and their digests. */
struct group {
    size_t first, count;
    uint64_t base; /* offset in the archive of data[0] */
    const uint8_t *data;
    size_t got; /* bytes at data; fewer than the members need where the archive ends */
    bool hashed[CRET_TEAM_TOGETHER];
    uint8_t digests[CRET_TEAM_TOGETHER][CRET_SHA256_BYTES];
};

/* The longest first: then few lanes of the engine are idle at the end. */
static int longer_first(const void *a, const void *b)
{
    const struct cret_message *left = a, *right = b;
    return (left->size < right->size) - (left->size > right->size);
}

/* Computes the digests that are wanted, of what is there. */
static enum cret_status hash_group(struct cret_mate *mate, struct group *group,
                                   struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    struct cret_message messages[CRET_TEAM_TOGETHER];
    uint64_t at = 0;
    size_t wanted = 0;
    for (size_t i = 0; i < group->count; i++) {
        const uint64_t size = run->walk->entries[group->first + i].size;
        at += cret_ustar_head_size(size);
        group->hashed[i] = at + size <= group->got && cret_walk_wants(run->walk, group->first + i);
        if (group->hashed[i]) {
            messages[wanted++] =
                (struct cret_message){group->data + at, (size_t)size, group->digests[i]};
        }
        at += cret_ustar_padded(size);
    }
    qsort(messages, wanted, sizeof(messages[0]), longer_first);
    return cret_hash_batch_run(mate->batch, messages, wanted, err);
}

/* Member i of a group, whose head begins at `at`. */
static enum cret_status check_member(struct cret_mate *mate, const struct group *group, size_t i,
                                     size_t at, enum cret_stage *ret_stage, struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    const size_t entry = group->first + i;
    const struct cret_entry *file = &run->walk->entries[entry];
    const size_t size = (size_t)file->size;
    *ret_stage = CRET_STAGE_HEAD;
    if (cret_member_head(group->data + at, group->got - at, file->path, file->size,
                         run->front->seconds, group->base + at, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_stage = CRET_STAGE_CONTENT;
    at += cret_ustar_head_size(file->size);
    if (group->got - at < size) {
        return cret_member_truncated(file->path, group->base + group->got, err);
    }
    if (cret_walk_wants(run->walk, entry) && !group->hashed[i]) {
        return cret_err_undecided(err, "internal error: '%s' was not hashed", file->path);
    }
    if (cret_walk_wants(run->walk, entry) &&
        cret_walk_small(mate, entry, group->digests[i], group->data + at, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_stage = CRET_STAGE_PADDING;
    at += size;
    return cret_member_padding(group->data + at, group->got - at, file->path, file->size,
                               group->base + at, err);
}

/* False where a member is wrong, and the fault is kept, or where an earlier one is. *ret_size:
 * bytes of the group. */
static bool check_group(struct cret_mate *mate, struct group *group, size_t *ret_size)
{
    const struct cret_walk_run *run = mate->context;
    size_t at = 0;
    struct cret_err err = {0};
    if (hash_group(mate, group, &err) != CRET_OK) {
        cret_team_fault(mate, cret_team_key(group->first, CRET_STAGE_CONTENT), &err);
        return false;
    }
    for (size_t i = 0; i < group->count; i++) {
        const uint64_t size = run->walk->entries[group->first + i].size;
        enum cret_stage stage = CRET_STAGE_HEAD;
        if (cret_team_skips(mate, cret_team_key(group->first + i, stage))) {
            return false;
        }
        if (check_member(mate, group, i, at, &stage, &err) != CRET_OK) {
            cret_team_fault(mate, cret_team_key(group->first + i, stage), &err);
            return false;
        }
        at += cret_ustar_head_size(size) + (size_t)cret_ustar_padded(size);
    }
    *ret_size = at;
    return true;
}

void cret_walk_batch(struct cret_mate *mate, size_t first, size_t count, const uint8_t *data,
                     size_t got)
{
    const struct cret_walk_run *run = mate->context;
    struct group group = {.data = data, .got = got};
    for (size_t done = 0; done < count; done += group.count) {
        const struct cret_entry *file = &run->walk->entries[first + done];
        size_t size = 0;
        group.first = first + done;
        group.count = count - done < CRET_TEAM_TOGETHER ? count - done : CRET_TEAM_TOGETHER;
        group.base = file->offset - cret_ustar_head_size(file->size);
        if (cret_team_skips(mate, cret_team_key(group.first, CRET_STAGE_HEAD)) ||
            !check_group(mate, &group, &size)) {
            return;
        }
        group.data += size;
        group.got -= size;
    }
}
