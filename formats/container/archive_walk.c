/* SPDX-License-Identifier: Apache-2.0 */
/* Checking everything after the front: the order of the work, and the framing. */
#include <stdlib.h>

#include "base/system/os.h"
#include "container/ahead.h"
#include "container/member.h"
#include "container/walk.h"

/* Less than this is hashed by the library before a kernel is tested. */
#define TRIAL_BYTES ((uint64_t)256 << 10)
/* So many threads may each hold a file of 1 MiB. */
#define FEW_JOBS 4u

/* The bytes between two contents: the padding after entry i-1, and the head of entry i or the end
 * of the archive (i == count). One read. */
static enum cret_status check_gap(const struct cret_walk_run *run, size_t i, struct cret_err *err)
{
    uint8_t bytes[CRET_BLOCK + CRET_USTAR_HEAD_MAXIMUM];
    const struct cret_entry *entries = run->walk->entries;
    const struct cret_entry *before = i > 0 ? &entries[i - 1] : NULL;
    uint64_t start = before == NULL ? run->front->end : before->offset + before->size;
    size_t padding = before == NULL ? 0 : (size_t)(cret_ustar_padded(before->size) - before->size);
    size_t wanted =
        i < run->walk->count ? cret_ustar_head_size(entries[i].size) : (size_t)CRET_MEMBER_END + 1;
    size_t got = 0;
    if (before != NULL && start > cret_source_size(run->source)) {
        return cret_member_truncated(before->path, cret_source_size(run->source), err);
    }
    if (cret_os_pread(cret_source_fd(run->source), bytes, padding + wanted, start, &got, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (before != NULL && cret_member_padding(bytes, got < padding ? got : padding, before->path,
                                              before->size, start, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (i == run->walk->count) {
        return cret_member_end(bytes + padding, got - padding, start + padding, err);
    }
    return cret_member_head(bytes + padding, got - padding, entries[i].path, entries[i].size,
                            run->front->seconds, start + padding, err);
}

/* Members whose head and padding are checked with their content; the others' are checked before
 * anything is hashed. */
static bool checked_with_content(const struct cret_walk_run *run, size_t entry)
{
    return !run->walk->entries[entry].has_fsverity && cret_walk_wants(run->walk, entry) &&
           !cret_walk_in_pieces(run, entry);
}

/*
 * Framing of a seekable archive as far as it costs little: what lies around large members, and the
 * end. Where that is wrong, an earlier small member may be what is really wrong (an extra one
 * shifts all that follow), so then all are looked at, from the first on.
 */
static enum cret_status check_framing(const struct cret_walk_run *run, struct cret_err *err)
{
    const struct cret_walk *walk = run->walk;
    enum cret_status status = check_gap(run, walk->count, err);
    for (size_t i = 0; i < walk->count && status == CRET_OK; i++) {
        if (!checked_with_content(run, i) || (i > 0 && !checked_with_content(run, i - 1))) {
            status = check_gap(run, i, err);
        }
    }
    if (status == CRET_OK) {
        return CRET_OK;
    }
    struct cret_err earlier = {0};
    for (size_t i = 0; i <= walk->count; i++) {
        if (check_gap(run, i, &earlier) != CRET_OK) {
            if (err != NULL) {
                *err = earlier;
            }
            break;
        }
    }
    return CRET_FAILED;
}

/* A file has still the size it was opened with. */
static enum cret_status check_unchanged(struct cret_source *source, struct cret_err *err)
{
    struct cret_file_info info;
    if (!cret_source_is_file(source)) {
        return CRET_OK;
    }
    if (cret_os_stat_fd(&info, cret_source_fd(source), err) != CRET_OK) {
        return CRET_FAILED;
    }
    return info.size == cret_source_size(source) ? CRET_OK : cret_member_changed("archive", err);
}

/* The end of a source that is read in order, or of a front alone. */
static enum cret_status check_end_in_order(struct cret_source *source, struct cret_err *err)
{
    uint8_t bytes[CRET_MEMBER_END + 1];
    uint64_t offset = cret_source_position(source);
    size_t got = 0;
    if (cret_source_read(source, bytes, sizeof(bytes), &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_member_end(bytes, got, offset, err);
}

/* The manifest's tree digests are where the container has them, or nothing would check a file. */
static enum cret_status prepare(struct cret_walk_run *run, struct cret_err *err)
{
    struct cret_walk *walk = run->walk;
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->entries[i].has_fsverity == (walk->entries[i].size > CRET_FSVERITY_THRESHOLD)) {
            continue;
        }
        cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS,
                        "'%s' must have an fs-verity digest exactly where it is over 1 MiB",
                        walk->entries[i].path);
        return cret_err_where(err, "%s", walk->entries[i].path);
    }
    if (cret_layout_payload(walk->entries, walk->count, run->front->end, &run->end, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    size_t *list = NULL;
    if (cret_team_larges(&list, &run->large_count, walk->entries, walk->count, walk->digest_wanted,
                         err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->larges = calloc(run->large_count + 1, sizeof(*run->larges));
    for (size_t i = 0; run->larges != NULL && i < run->large_count; i++) {
        run->larges[i].entry = list[i];
    }
    free(list);
    return run->larges == NULL ? cret_err_memory(err) : CRET_OK;
}

/* Bytes of the files that are wanted. */
static uint64_t wanted_bytes(const struct cret_walk *walk)
{
    uint64_t total = 0;
    for (size_t i = 0; i < walk->count; i++) {
        if (cret_walk_wants(walk, i)) {
            total += walk->entries[i].size;
        }
    }
    return total;
}

/* Bytes that a kernel would hash: all but those of a stream of their own. */
static uint64_t kernel_bytes(const struct cret_walk_run *run)
{
    uint64_t total = 0;
    for (size_t i = 0; i < run->walk->count; i++) {
        if (cret_walk_wants(run->walk, i) && !cret_walk_in_pieces(run, i)) {
            total += run->walk->entries[i].size;
        }
    }
    return total;
}

static uint64_t whole_maximum(const struct cret_walk_run *run)
{
    return run->brief                   ? CRET_AHEAD_MEMBER
           : run->walk->jobs > FEW_JOBS ? 256u << 10
                                        : CRET_FSVERITY_THRESHOLD;
}

static void finish(struct cret_walk_run *run)
{
    for (size_t i = 0; run->larges != NULL && i < run->large_count; i++) {
        cret_tree_clear(&run->larges[i].tree);
        cret_relay_free(&run->larges[i].relay);
    }
    free(run->larges);
    cret_team_clear(&run->team);
}

enum cret_status cret_archive_walk(struct cret_source *source, const struct cret_front *front,
                                   struct cret_walk *walk, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_walk_run run = {
        .source = source, .front = front, .walk = walk, .detached = walk->payload_directory >= 0};
    bool seekable = cret_source_seekable(source), in_order = !seekable && !run.detached;
    unsigned jobs = in_order && walk->jobs > 2 ? 2 : walk->jobs;
    size_t buffers = in_order ? CRET_BOARD_CHUNKS : 1;
    if (prepare(&run, err) != CRET_OK) {
        goto out;
    }
    const uint64_t total = wanted_bytes(walk);
    /* Not what comes in order: a pipe may be slow, and its watcher waits for ticks. */
    run.brief = !in_order && total <= CRET_AHEAD_BYTES;
    run.whole_maximum = in_order ? CRET_FSVERITY_THRESHOLD : whole_maximum(&run);
    if (run.detached || in_order) {
        cret_source_seek(source, front->end);
    }
    if (run.detached && check_end_in_order(source, err) != CRET_OK) {
        goto out;
    }
    if (!run.detached && seekable && check_framing(&run, err) != CRET_OK) {
        goto out;
    }
    const enum cret_hash_choice hash =
        run.brief && kernel_bytes(&run) < TRIAL_BYTES ? CRET_HASH_OPENSSL : walk->hash;
    if (cret_team_init(&run.team, run.brief ? 1 : jobs, buffers, hash, &run, err) != CRET_OK) {
        goto out;
    }
    walk->engine = run.team.engine.id;
    walk->has_engine = true;
    run.team.total = total;
    run.team.brief = run.brief;
    run.team.progress = walk->progress;
    run.team.progress_context = walk->context;
    if ((in_order ? cret_walk_in_order(&run, err) : cret_walk_by_offset(&run, err)) != CRET_OK) {
        goto out;
    }
    if (in_order && check_end_in_order(source, err) != CRET_OK) {
        goto out;
    }
    status = check_unchanged(source, err);
out:
    finish(&run);
    return status;
}
