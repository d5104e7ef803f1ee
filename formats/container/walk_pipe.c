/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An archive that is read in order, once: one thread reads, computes the flat digests of large
 * files and feeds the sink with them; another, where there is one, hashes small files and trees
 * from the same buffers.
 */
#include "base/system/os.h"
#include "container/member.h"
#include "container/walk.h"

/* Small members of one buffer: few, so that the thread that reads is soon back at the pipe. */
#define BATCH (512u << 10)

/* What becomes of a chunk on the board: part of a large file's tree, or a run of small members
 * (number: the first, offset: how many). */
static void work_off(void *state, struct cret_chunk *chunk)
{
    struct cret_mate *mate = state;
    struct cret_walk_large *large = chunk->subject;
    if (large == NULL) {
        cret_walk_batch(mate, chunk->number, (size_t)chunk->offset, chunk->data, chunk->size);
        return;
    }
    uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    struct cret_tree_position position = {chunk->number, 0};
    struct cret_err err = {0};
    if (cret_team_skips(mate, key)) {
        return;
    }
    if (cret_tree_feed(mate->span, &large->tree, &position, chunk->data, chunk->size, &err) !=
            CRET_OK ||
        cret_tree_feed_end(mate->span, &large->tree, &position, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
}

/* The run of small members that begins at first and fits one buffer. */
static size_t run_length(const struct cret_walk *walk, size_t first, size_t *ret_bytes)
{
    size_t count = 0;
    uint64_t bytes = 0;
    for (size_t i = first; i < walk->count && !walk->entries[i].has_fsverity; i++, count++) {
        uint64_t size = walk->entries[i].size;
        uint64_t more = cret_ustar_head_size(size) + cret_ustar_padded(size);
        if (count > 0 && bytes + more > BATCH) {
            break;
        }
        bytes += more;
    }
    *ret_bytes = (size_t)bytes;
    return count;
}

static enum cret_status read_run(struct cret_mate *mate, struct cret_board *board, size_t first,
                                 size_t count, size_t bytes, struct cret_err *err)
{
    struct cret_walk_run *run = mate->context;
    struct cret_chunk *chunk = cret_board_free_chunk(board, mate->chunks, work_off, mate);
    if (cret_source_read(run->source, chunk->data, bytes, &chunk->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    chunk->subject = NULL;
    chunk->number = first;
    chunk->offset = count;
    cret_board_post(board, chunk);
    return CRET_OK;
}

/* The content of a large file; large is NULL where no digest of it is wanted. */
static enum cret_status read_large_content(struct cret_mate *mate, struct cret_board *board,
                                           size_t entry, struct cret_walk_large *large,
                                           struct cret_err *err)
{
    struct cret_walk_run *run = mate->context;
    const struct cret_entry *file = &run->walk->entries[entry];
    struct cret_tree_position position = {0, 0};
    size_t number = 0;
    for (uint64_t at = 0; at < file->size; at += CRET_TEAM_CHUNK, number++) {
        uint64_t left = file->size - at;
        size_t size = left < CRET_TEAM_CHUNK ? (size_t)left : (size_t)CRET_TEAM_CHUNK;
        if (cret_team_skips(mate, cret_team_key(entry, CRET_STAGE_CONTENT))) {
            return CRET_OK;
        }
        struct cret_chunk *chunk = cret_board_free_chunk(board, mate->chunks, work_off, mate);
        if (cret_source_read(run->source, chunk->data, size, &chunk->size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (chunk->size < size) {
            return cret_member_truncated(file->path, file->offset + at + chunk->size, err);
        }
        if (large == NULL) {
            continue;
        }
        chunk->subject = large;
        chunk->number = number;
        if (cret_tree_chunked(&large->tree)) {
            cret_board_post(board, chunk);
        } else if (cret_tree_feed(mate->stream, &large->tree, &position, chunk->data, size, err) !=
                   CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_walk_flat(run->walk, entry)) {
            cret_sha256_update(mate->flat, chunk->data, size);
        }
        if (cret_walk_sink(run, entry, at, chunk->data, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        cret_team_count(mate, size);
    }
    if (large != NULL &&
        cret_tree_feed_end(mate->stream, &large->tree, &position, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return CRET_OK;
}

static enum cret_status read_head(struct cret_walk_run *run, size_t entry, struct cret_err *err)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    const struct cret_entry *file = &run->walk->entries[entry];
    uint64_t offset = cret_source_position(run->source);
    size_t got = 0;
    if (cret_source_read(run->source, head, cret_ustar_head_size(file->size), &got, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    return cret_member_head(head, got, file->path, file->size, run->front->seconds, offset, err);
}

static enum cret_status read_padding(struct cret_walk_run *run, size_t entry, struct cret_err *err)
{
    uint8_t padding[CRET_BLOCK];
    const struct cret_entry *file = &run->walk->entries[entry];
    uint64_t offset = cret_source_position(run->source);
    size_t size = (size_t)(cret_ustar_padded(file->size) - file->size), got = 0;
    if (cret_source_read(run->source, padding, size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_member_padding(padding, got, file->path, file->size, offset, err);
}

/* A large member from head to padding. False where it is wrong, and the fault is kept, or where an
 * earlier member is. */
static bool read_large(struct cret_mate *mate, struct cret_board *board, size_t entry)
{
    struct cret_walk_run *run = mate->context;
    struct cret_walk_large wanted = {.entry = entry};
    struct cret_walk_large *large = cret_walk_wants(run->walk, entry) ? &wanted : NULL;
    enum cret_stage stage = CRET_STAGE_HEAD;
    enum cret_status status = CRET_FAILED;
    bool skipped = false;
    struct cret_err err = {0};
    cret_sha256_reset(mate->flat);
    if (read_head(run, entry, &err) != CRET_OK) {
        goto out;
    }
    stage = CRET_STAGE_CONTENT;
    if (large != NULL &&
        cret_tree_init(&large->tree, run->walk->entries[entry].size, true, &err) != CRET_OK) {
        goto out;
    }
    if (read_large_content(mate, board, entry, large, &err) != CRET_OK) {
        goto out;
    }
    cret_board_settle(board, mate->chunks, work_off, mate);
    skipped = cret_team_skips(mate, cret_team_key(entry, stage));
    if (skipped) {
        goto out;
    }
    if (large != NULL && cret_walk_flat(run->walk, entry) &&
        cret_walk_flat_check(run, mate->flat, entry, &err) != CRET_OK) {
        goto out;
    }
    stage = CRET_STAGE_TREE;
    if (large != NULL && cret_walk_tree_check(run, large, &err) != CRET_OK) {
        goto out;
    }
    stage = CRET_STAGE_PADDING;
    status = read_padding(run, entry, &err);
out:
    /* Nobody may use the tree any more, whatever failed. */
    cret_board_settle(board, mate->chunks, work_off, mate);
    if (large != NULL) {
        cret_tree_clear(&large->tree);
    }
    if (status != CRET_OK && !skipped) {
        cret_team_fault(mate, cret_team_key(entry, stage), &err);
    }
    return status == CRET_OK;
}

static void read_archive(struct cret_mate *mate, struct cret_board *board)
{
    struct cret_walk_run *run = mate->context;
    const struct cret_walk *walk = run->walk;
    for (size_t i = 0; i < walk->count;) {
        struct cret_err err = {0};
        size_t bytes = 0;
        if (cret_team_skips(mate, cret_team_key(i, CRET_STAGE_HEAD))) {
            break;
        }
        if (walk->entries[i].has_fsverity) {
            if (!read_large(mate, board, i)) {
                break;
            }
            i++;
            continue;
        }
        size_t count = run_length(walk, i, &bytes);
        if (read_run(mate, board, i, count, bytes, &err) != CRET_OK) {
            cret_team_fault(mate, cret_team_key(i, CRET_STAGE_HEAD), &err);
            break;
        }
        i += count;
    }
    cret_board_settle(board, mate->chunks, work_off, mate);
    cret_board_leave(board);
}

/* Task 0 reads, task 1 helps. */
static void run_task(struct cret_mate *mate, size_t index)
{
    struct cret_walk_run *run = mate->context;
    if (index == 0) {
        read_archive(mate, run->board);
    } else {
        cret_board_help(run->board, work_off, mate);
    }
}

enum cret_status cret_walk_in_order(struct cret_walk_run *run, struct cret_err *err)
{
    if (cret_board_new(&run->board, 1, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_team_run(&run->team, run->team.count, run_task, err);
    cret_board_free(&run->board);
    return status;
}
