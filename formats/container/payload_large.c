/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a large file: one thread computes the flat SHA-256; others read for it, and make the tree
 * and the output from the same buffers (relay.h). Beyond 64 GiB, where a tree has no parts that are
 * small enough, that thread reads and hashes, and whoever has time writes (board.h).
 */
#include <stdlib.h>

#include "base/system/os.h"
#include "container/member.h"
#include "container/payload_internal.h"

_Static_assert(CRET_RELAY_SLOTS *CRET_TEAM_CHUNK <= CRET_TEAM_FIRST_BUFFER, "the slots of a relay");

/* The disk begins to write after so many bytes of a large file: it has most of them when all are
 * there. */
#define FLUSH ((uint64_t)16 << 20)

/* After every FLUSH bytes of a file that begins at `base`. */
static void begin_flush(const struct cret_payload_writer *writer, uint64_t written, uint64_t base)
{
    if (writer->job->fd >= 0 && written % FLUSH == 0) {
        cret_os_flush_begin(writer->job->fd, base + written - FLUSH, FLUSH);
    }
}

/* A chunk takes its place in the output. */
static void put_chunk(struct cret_mate *mate, const struct cret_payload_large_file *large,
                      const uint8_t *data, size_t size, uint64_t at)
{
    const struct cret_payload_writer *writer = mate->context;
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    const uint64_t base = writer->job->entries[large->entry].offset;
    struct cret_err err = {0};
    if (cret_team_skips(mate, key) || (writer->holes && cret_member_zero(data, size))) {
        return;
    }
    if (cret_payload_put(writer, data, size, base + at, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
    begin_flush(writer, at + size, base);
}

/* --- through a relay: a chunk is a span --- */

static size_t chunk_bytes(const struct cret_payload_writer *writer,
                          const struct cret_payload_large_file *large, size_t number)
{
    const uint64_t left =
        writer->job->entries[large->entry].size - (uint64_t)number * CRET_TEAM_CHUNK;
    return left < CRET_TEAM_CHUNK ? (size_t)left : (size_t)CRET_TEAM_CHUNK;
}

/* Of a chunk that was read: its part of the tree, and its place in the output. */
static void make_chunk(struct cret_mate *mate, struct cret_payload_large_file *large, size_t number,
                       const uint8_t *data)
{
    const size_t size = chunk_bytes(mate->context, large, number);
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    struct cret_tree_position position = {number, 0};
    struct cret_err err = {0};
    if (cret_team_skips(mate, key)) {
        return;
    }
    if (cret_tree_feed(mate->span, &large->tree, &position, data, size, &err) != CRET_OK ||
        cret_tree_feed_end(mate->span, &large->tree, &position, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
        return;
    }
    put_chunk(mate, large, data, size, (uint64_t)number * CRET_TEAM_CHUNK);
}

static enum cret_status read_chunk(struct cret_mate *mate,
                                   const struct cret_payload_large_file *large,
                                   const struct cret_payload_input *input, size_t number,
                                   uint8_t *data, struct cret_err *err)
{
    return cret_payload_read(mate->context, large->entry, input, data,
                             chunk_bytes(mate->context, large, number),
                             (uint64_t)number * CRET_TEAM_CHUNK, err);
}

/* The flat digest; of the chunks that nobody had time for, all the rest too. */
static enum cret_status stream_large(struct cret_mate *mate, struct cret_payload_large_file *large,
                                     const struct cret_payload_input *input, struct cret_err *err)
{
    const struct cret_payload_writer *writer = mate->context;
    cret_relay_begin(large->relay, mate->chunks[0].data);
    cret_sha256_reset(mate->flat);
    for (size_t i = 0; i < large->tree.plan.spans; i++) {
        uint8_t *data = NULL;
        if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT))) {
            return CRET_OK;
        }
        const enum cret_relay_part part = cret_relay_take(large->relay, i, &data);
        if (part == CRET_RELAY_NOTHING) {
            return cret_err_undecided(err, "a part of '%s' could not be read",
                                      cret_payload_name(writer, large->entry));
        }
        if (part != CRET_RELAY_TAKE && read_chunk(mate, large, input, i, data, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (part == CRET_RELAY_FILL) {
            make_chunk(mate, large, i, data);
        }
        const size_t size = chunk_bytes(writer, large, i);
        cret_sha256_update(mate->flat, data, size);
        cret_team_count(mate, size);
    }
    return CRET_OK;
}

/* Another thread: a chunk for the stream, or one that the stream reads once more itself. */
static enum cret_status feed_chunk(struct cret_mate *mate, struct cret_payload_large_file *large,
                                   const struct cret_payload_input *input, size_t number,
                                   struct cret_err *err)
{
    uint8_t *data = NULL;
    const enum cret_relay_part part = cret_relay_feed(large->relay, number, &data);
    if (part == CRET_RELAY_NOTHING) {
        return CRET_OK;
    }
    data = part == CRET_RELAY_LEAVES ? mate->chunks[0].data : data;
    const enum cret_status status = read_chunk(mate, large, input, number, data, err);
    if (status == CRET_OK) {
        make_chunk(mate, large, number, data);
    } else {
        /* Before the stream is told: its own fault is kept behind this one. */
        cret_team_fault(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT), err);
    }
    cret_relay_filled(large->relay, number, status == CRET_OK);
    return status;
}

static void feed_large(struct cret_mate *mate, struct cret_payload_large_file *large)
{
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_CONTENT);
    struct cret_payload_input input;
    struct cret_err err = {0};
    if (large->relay == NULL || cret_team_skips(mate, key)) {
        return;
    }
    if (cret_payload_open(mate->context, large->entry, &input, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
        return;
    }
    for (size_t i = 0; i < large->tree.plan.spans && !cret_team_skips(mate, key); i++) {
        if (feed_chunk(mate, large, &input, i, &err) != CRET_OK) {
            break; /* the fault is kept */
        }
    }
    cret_os_close(&input.fd);
}

/* --- through the board --- */

/* The tree is made where the file is read. */
static void work_off(void *state, struct cret_chunk *chunk)
{
    (void)state;
    (void)chunk;
}

static void write_chunk(void *state, struct cret_chunk *chunk)
{
    put_chunk(state, chunk->subject, chunk->data, chunk->size, chunk->offset);
}

/* The content: both digests here, the output through the board. */
static enum cret_status pass_large(struct cret_mate *mate, struct cret_payload_large_file *large,
                                   const struct cret_payload_input *input, struct cret_err *err)
{
    const struct cret_payload_writer *writer = mate->context;
    uint64_t total = writer->job->entries[large->entry].size;
    struct cret_tree_position position = {0, 0};
    size_t number = 0;
    cret_sha256_reset(mate->flat);
    for (uint64_t at = 0; at < total; at += CRET_TEAM_CHUNK, number++) {
        size_t size = total - at < CRET_TEAM_CHUNK ? (size_t)(total - at) : (size_t)CRET_TEAM_CHUNK;
        if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT))) {
            return CRET_OK;
        }
        struct cret_chunk *chunk =
            cret_board_free_chunk(writer->board, mate->chunks, work_off, mate);
        if (cret_payload_read(writer, large->entry, input, chunk->data, size, at, err) != CRET_OK) {
            return CRET_FAILED;
        }
        chunk->size = size;
        chunk->offset = at;
        chunk->number = number;
        chunk->subject = large;
        cret_board_post(writer->board, chunk);
        cret_sha256_update(mate->flat, chunk->data, size);
        if (cret_tree_feed(mate->stream, &large->tree, &position, chunk->data, size, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        cret_team_count(mate, size);
    }
    return cret_tree_feed_end(mate->stream, &large->tree, &position, err);
}

static enum cret_status write_frame(const struct cret_payload_writer *writer, size_t entry,
                                    struct cret_err *err)
{
    static const uint8_t zeros[CRET_BLOCK];
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    const struct cret_entry *file = &writer->job->entries[entry];
    size_t size = 0, padding = (size_t)(cret_ustar_padded(file->size) - file->size);
    if (cret_ustar_head(head, &size, file->path, file->size, writer->job->seconds, err) !=
            CRET_OK ||
        cret_payload_put(writer, head, size, file->offset - size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_payload_put(writer, zeros, padding, file->offset + file->size, err);
}

static enum cret_status make_large(struct cret_mate *mate, struct cret_payload_large_file *large,
                                   struct cret_err *err)
{
    const struct cret_payload_writer *writer = mate->context;
    struct cret_entry *file = &writer->job->entries[large->entry];
    struct cret_payload_input input;
    if (write_frame(writer, large->entry, err) != CRET_OK ||
        cret_payload_open(writer, large->entry, &input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (input.fd >= 0) {
        cret_os_advise_sequential(input.fd, 0, file->size);
    }
    enum cret_status status = large->relay != NULL ? stream_large(mate, large, &input, err)
                                                   : pass_large(mate, large, &input, err);
    /* Also after a failure: others may still use the memory of this thread. */
    cret_relay_end(large->relay);
    cret_board_settle(writer->board, mate->chunks, work_off, mate);
    status = cret_payload_close(writer, large->entry, &input, status, err);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_CONTENT))) {
        return CRET_OK;
    }
    if (cret_sha256_final(mate->flat, file->sha256, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_tree_finish(&large->tree, file->fsverity, err);
}

void cret_payload_large(struct cret_mate *mate, struct cret_payload_large_file *large)
{
    const struct cret_payload_writer *writer = mate->context;
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_CONTENT);
    struct cret_err err = {0};
    if (!cret_team_skips(mate, key) && make_large(mate, large, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
    cret_relay_end(large->relay); /* whoever waits for it to begin waits no more */
    if (large->relay == NULL) {
        cret_board_leave(writer->board);
    }
}

/* Large files that others hash, the first one first. */
void cret_payload_help(struct cret_mate *mate)
{
    const struct cret_payload_writer *writer = mate->context;
    for (size_t i = 0; i < writer->large_count; i++) {
        feed_large(mate, &writer->larges[i]);
    }
    cret_board_help(writer->board, work_off, mate);
}

enum cret_status cret_payload_prepare_larges(struct cret_payload_writer *writer,
                                             struct cret_err *err)
{
    const struct cret_entry *entries = writer->job->entries;
    size_t *list = NULL, through_board = 0;
    if (cret_team_larges(&list, &writer->large_count, entries, writer->job->count, NULL, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    writer->larges = calloc(writer->large_count + 1, sizeof(*writer->larges));
    if (writer->larges == NULL) {
        status = cret_err_memory(err);
    }
    for (size_t i = 0; status == CRET_OK && i < writer->large_count; i++) {
        struct cret_payload_large_file *large = &writer->larges[i];
        large->entry = list[i];
        status = cret_tree_init(&large->tree, entries[list[i]].size, true, err);
        if (status == CRET_OK && cret_tree_chunked(&large->tree)) {
            status =
                cret_relay_new(&large->relay, (size_t)large->tree.plan.spans, CRET_TEAM_CHUNK, err);
        }
        through_board += large->relay == NULL ? 1 : 0;
    }
    free(list);
    return status == CRET_OK ? cret_board_new(&writer->board, through_board, write_chunk, err)
                             : CRET_FAILED;
}
