/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of one large file, by one thread or by several that share what they read. */
#include "container/walk_large.h"

#include "base/digest/verity.h"
#include "base/system/os.h"
#include "container/walk_content.h"

_Static_assert(CRET_RELAY_SLOTS *CRET_TEAM_CHUNK <= CRET_TEAM_FIRST_BUFFER, "the slots of a relay");

/* Bytes of one read: stays in the cache while it is hashed, twice where need be. */
#define PIECE ((size_t)256 << 10)

/* Whoever completes the last span of a tree compares it. */
static void end_spans(struct cret_mate *mate, struct cret_walk_large *large, uint64_t spans)
{
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    struct cret_err err = {0};
    if (atomic_fetch_sub(&large->spans_left, spans) == spans &&
        cret_walk_tree_check(mate->context, large, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
}

/* --- through a relay: a chunk is a span --- */

static size_t chunk_bytes(const struct cret_walk_large *large, size_t number)
{
    const struct cret_verity_plan *plan = &large->tree.plan;
    const uint64_t left = plan->size - number * plan->span_size;
    return (size_t)(left < plan->span_size ? left : plan->span_size);
}

static void hash_leaves(struct cret_mate *mate, struct cret_walk_large *large, size_t number,
                        const uint8_t *data)
{
    struct cret_tree_position position = {number, 0};
    struct cret_err err = {0};
    if (cret_tree_feed(mate->span, &large->tree, &position, data, chunk_bytes(large, number),
                       &err) != CRET_OK ||
        cret_tree_feed_end(mate->span, &large->tree, &position, &err) != CRET_OK) {
        cret_team_fault(mate, cret_team_key(large->entry, CRET_STAGE_TREE), &err);
        return;
    }
    end_spans(mate, large, 1);
}

/* One chunk of the stream. */
static enum cret_status stream_chunk(struct cret_mate *mate, struct cret_walk_large *large,
                                     const struct cret_content *content, size_t number,
                                     struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    const size_t size = chunk_bytes(large, number);
    const uint64_t offset = number * large->tree.plan.span_size;
    uint8_t *data = NULL;
    const enum cret_relay_part part = cret_relay_take(large->relay, number, &data);
    if (part == CRET_RELAY_NOTHING) {
        return cret_err_undecided(err, "a part of '%s' could not be read",
                                  run->walk->entries[large->entry].path);
    }
    if (part != CRET_RELAY_TAKE &&
        cret_content_read(run, large->entry, content, data, size, offset, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (part == CRET_RELAY_FILL) {
        hash_leaves(mate, large, number, data);
    }
    cret_sha256_update(mate->flat, data, size);
    cret_team_count(mate, size);
    return cret_walk_sink(run, large->entry, offset, data, size, err);
}

static enum cret_status hash_stream(struct cret_mate *mate, struct cret_walk_large *large,
                                    const struct cret_content *content, struct cret_err *err)
{
    const size_t chunks = (size_t)large->tree.plan.spans;
    cret_sha256_reset(mate->flat);
    for (size_t i = 0; i < chunks; i++) {
        if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT))) {
            return CRET_OK;
        }
        if (stream_chunk(mate, large, content, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return cret_walk_flat_check(mate->context, mate->flat, large->entry, err);
}

/* Some spans of the tree, read in pieces. */
static enum cret_status hash_part(struct cret_mate *mate, const struct cret_walk_task *task,
                                  struct cret_walk_large *large, const struct cret_content *content,
                                  struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    const struct cret_verity_plan *plan = &large->tree.plan;
    struct cret_tree_position position = {task->span, 0};
    uint8_t *data = mate->chunks[0].data;
    uint64_t at = task->span * plan->span_size, end = at + task->count * plan->span_size;
    if (end > plan->size) {
        end = plan->size;
    }
    while (at < end) {
        size_t piece = end - at < PIECE ? (size_t)(end - at) : PIECE;
        if (cret_content_read(run, large->entry, content, data, piece, at, err) != CRET_OK ||
            cret_tree_feed(mate->span, &large->tree, &position, data, piece, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!cret_walk_flat(run->walk, large->entry)) {
            cret_team_count(mate, piece);
        }
        at += piece;
    }
    return cret_tree_feed_end(mate->span, &large->tree, &position, err);
}

/* A feeder's chunk, into the slot of the stream, or for the leaves alone through its own buffer. */
static enum cret_status feed_chunk(struct cret_mate *mate, struct cret_walk_large *large,
                                   const struct cret_content *content, size_t number,
                                   struct cret_err *err)
{
    const struct cret_walk_task one = {.kind = CRET_WALK_PART, .span = number, .count = 1};
    enum cret_status status = CRET_OK;
    uint8_t *data = NULL;
    const enum cret_relay_part part = cret_relay_feed(large->relay, number, &data);
    if (part == CRET_RELAY_LEAVES) {
        status = hash_part(mate, &one, large, content, err);
        if (status == CRET_OK) {
            end_spans(mate, large, 1);
        }
        cret_relay_filled(large->relay, number, status == CRET_OK);
    } else if (part == CRET_RELAY_FILL) {
        status =
            cret_content_read(mate->context, large->entry, content, data,
                              chunk_bytes(large, number), number * large->tree.plan.span_size, err);
        if (status == CRET_OK) {
            hash_leaves(mate, large, number, data);
        } else {
            /* Before the stream is told: its own fault is kept behind this one. */
            cret_team_fault(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT), err);
        }
        cret_relay_filled(large->relay, number, status == CRET_OK);
    }
    return status;
}

static enum cret_status feed_part(struct cret_mate *mate, const struct cret_walk_task *task,
                                  struct cret_walk_large *large, const struct cret_content *content,
                                  struct cret_err *err)
{
    for (size_t i = 0; i < task->count; i++) {
        if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_TREE))) {
            return CRET_OK;
        }
        if (feed_chunk(mate, large, content, (size_t)task->span + i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* --- without one --- */

static enum cret_status hash_whole(struct cret_mate *mate, const struct cret_walk_task *task,
                                   struct cret_walk_large *large,
                                   const struct cret_content *content, struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    uint8_t *data = mate->chunks[0].data;
    uint64_t size = run->walk->entries[large->entry].size;
    struct cret_tree_position position = {0, 0};
    cret_sha256_reset(mate->flat);
    for (uint64_t at = 0; at < size;) {
        size_t piece = size - at < PIECE ? (size_t)(size - at) : PIECE;
        if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT))) {
            return CRET_OK;
        }
        if (cret_content_read(run, large->entry, content, data, piece, at, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (task->flat) {
            cret_sha256_update(mate->flat, data, piece);
        }
        if (task->tree &&
            cret_tree_feed(mate->span, &large->tree, &position, data, piece, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_walk_sink(run, large->entry, at, data, piece, err) != CRET_OK) {
            return CRET_FAILED;
        }
        cret_team_count(mate, piece);
        at += piece;
    }
    if (task->flat && cret_walk_flat_check(run, mate->flat, large->entry, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return task->tree ? cret_tree_feed_end(mate->span, &large->tree, &position, err) : CRET_OK;
}

static enum cret_status run_whole(struct cret_mate *mate, const struct cret_walk_task *task,
                                  struct cret_walk_large *large, struct cret_err *err)
{
    struct cret_walk_run *run = mate->context;
    struct cret_content content;
    if (cret_content_open(run, large->entry, &content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_os_advise_sequential(content.fd, content.base, run->walk->entries[large->entry].size);
    enum cret_status status = CRET_FAILED;
    if (large->relay != NULL) {
        cret_relay_begin(large->relay, mate->chunks[0].data);
        status = hash_stream(mate, large, &content, err);
    } else {
        status = hash_whole(mate, task, large, &content, err);
    }
    /* Also after a failure: a feeder may still write into this thread's memory. */
    cret_relay_end(large->relay);
    return cret_content_close(run, large->entry, &content, status, err);
}

void cret_walk_large_whole(struct cret_mate *mate, const struct cret_walk_task *task)
{
    struct cret_walk_run *run = mate->context;
    struct cret_walk_large *large = &run->larges[task->first];
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_CONTENT);
    struct cret_err err = {0};
    if (cret_team_skips(mate, key)) {
        cret_relay_end(large->relay);
        return;
    }
    if (run_whole(mate, task, large, &err) != CRET_OK) {
        cret_relay_end(large->relay);
        cret_team_fault(mate, key, &err);
        return;
    }
    if (task->tree && !cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_TREE))) {
        end_spans(mate, large, large->tree.plan.spans);
    }
}

void cret_walk_large_part(struct cret_mate *mate, const struct cret_walk_task *task)
{
    struct cret_walk_run *run = mate->context;
    struct cret_walk_large *large = &run->larges[task->first];
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    const bool relayed = large->relay != NULL;
    struct cret_content content;
    struct cret_err err = {0};
    if (cret_team_skips(mate, key)) {
        return;
    }
    enum cret_status status = cret_content_open(run, large->entry, &content, &err);
    if (status == CRET_OK) {
        status = relayed ? feed_part(mate, task, large, &content, &err)
                         : hash_part(mate, task, large, &content, &err);
        status = cret_content_close(run, large->entry, &content, status, &err);
    }
    if (status != CRET_OK) {
        cret_team_fault(mate, key, &err);
    } else if (!relayed) {
        end_spans(mate, large, task->count);
    }
}
