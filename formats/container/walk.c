/* SPDX-License-Identifier: Apache-2.0 */
/* What both ways of reading the payload share: which digests are wanted, small members, and the
 * comparison of what was computed. */
#include "container/walk.h"

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

enum cret_status cret_walk_flat_check(const struct cret_walk_run *run, struct cret_sha256 *hash,
                                      size_t entry, struct cret_err *err)
{
    const struct cret_entry *file = &run->walk->entries[entry];
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_sha256_final(hash, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_member_digest("SHA-256", file->path, content_offset(run, entry), file->sha256,
                              digest, err);
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

enum cret_status cret_walk_small(struct cret_mate *mate, size_t entry, const uint8_t *data,
                                 struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    size_t size = (size_t)run->walk->entries[entry].size;
    cret_sha256_reset(mate->hash);
    cret_sha256_update(mate->hash, data, size);
    if (cret_walk_flat_check(run, mate->hash, entry, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_team_count(mate, size);
    return cret_walk_sink(run, entry, 0, data, size, err);
}

void cret_walk_batch(struct cret_mate *mate, size_t first, size_t count, const uint8_t *data,
                     size_t got)
{
    const struct cret_walk_run *run = mate->context;
    struct cret_err err;
    uint64_t base = 0;
    size_t at = 0;
    for (size_t i = first; i < first + count; i++) {
        const struct cret_entry *file = &run->walk->entries[i];
        enum cret_stage stage = CRET_STAGE_HEAD;
        enum cret_status status = CRET_FAILED;
        size_t size = (size_t)file->size, padded = (size_t)cret_ustar_padded(size);
        if (cret_team_skips(mate, cret_team_key(i, stage))) {
            return;
        }
        if (i == first) {
            base = file->offset - cret_ustar_head_size(file->size);
        }
        cret_err_clear(&err);
        status = cret_member_head(data + at, got - at, file->path, file->size, run->front->seconds,
                                  base + at, &err);
        if (status == CRET_OK) {
            at += cret_ustar_head_size(file->size);
            stage = CRET_STAGE_CONTENT;
            if (got - at < size) {
                status = cret_member_truncated(file->path, base + got, &err);
            } else if (cret_walk_wants(run->walk, i)) {
                status = cret_walk_small(mate, i, data + at, &err);
            }
        }
        if (status == CRET_OK) {
            stage = CRET_STAGE_PADDING;
            status = cret_member_padding(data + at + size, got - at - size, file->path, file->size,
                                         base + at + size, &err);
        }
        if (status != CRET_OK) {
            cret_team_fault(mate, cret_team_key(i, stage), &err);
            return;
        }
        at += padded;
    }
}
