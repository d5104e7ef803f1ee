/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the payload in one pass. Small files: each thread takes runs of them, reads them behind
 * their heads into one buffer, hashes them there and writes the buffer. A large file: one thread
 * reads it and computes the flat SHA-256; the tree and the output are made from the same buffers by
 * whoever has time (board.h).
 */
#include "container/payload_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "container/member.h"
#include "container/team.h"
#include "container/tree.h"

struct task {
    enum { LARGE, HELP, SMALL } kind;
    size_t first; /* entry */
    size_t count; /* of a SMALL */
};

/* A large file while it is written. */
struct large {
    size_t entry;
    struct cret_tree tree;
};

/* The disk begins to write after so many bytes of a large file: it has most of them when all are
 * there. */
#define FLUSH ((uint64_t)16 << 20)

struct writer {
    struct cret_payload_write *job;
    bool holes; /* what is not written reads as zeros */
    struct cret_team team;
    struct cret_board *board;
    struct task *tasks;
    size_t task_count;
};

/* One input while it is read. */
struct input {
    int fd;
    const uint8_t *data;
};

static enum cret_status refuse_changed(const char *path, struct cret_err *err)
{
    cret_member_changed(path, err);
    return cret_err_hint(err, "let nothing write to the inputs while they are packed, then run "
                              "this again");
}

static const char *input_name(const struct writer *writer, size_t entry)
{
    const char *path = writer->job->inputs[entry].path;
    return path != NULL ? path : writer->job->entries[entry].path;
}

static enum cret_status open_input(const struct writer *writer, size_t entry,
                                   struct input *ret_input, struct cret_err *err)
{
    const struct cret_input *input = &writer->job->inputs[entry];
    struct cret_file_info info;
    if (input->path == NULL) {
        *ret_input = (struct input){-1, input->data};
        return CRET_OK;
    }
    int fd = -1;
    if (cret_os_open_read(&fd, input->directory_fd, input->path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_os_stat_fd(&info, fd, err);
    if (status == CRET_OK &&
        (info.kind != CRET_KIND_REGULAR || info.size != writer->job->entries[entry].size)) {
        status = refuse_changed(input->path, err);
    }
    if (status != CRET_OK) {
        cret_os_close(&fd);
        return CRET_FAILED;
    }
    *ret_input = (struct input){fd, NULL};
    return CRET_OK;
}

static enum cret_status read_input(const struct writer *writer, size_t entry,
                                   const struct input *input, uint8_t *data, size_t size,
                                   uint64_t offset, struct cret_err *err)
{
    size_t got = 0;
    if (input->fd < 0) {
        if (size > 0) {
            memcpy(data, input->data + offset, size);
        }
        return CRET_OK;
    }
    if (cret_os_pread(input->fd, data, size, offset, &got, err) != CRET_OK) {
        return cret_err_where(err, "%s", input_name(writer, entry));
    }
    return got == size ? CRET_OK : refuse_changed(input_name(writer, entry), err);
}

/* Nothing may follow the bytes that were read. */
static enum cret_status close_input(const struct writer *writer, size_t entry, struct input *input,
                                    enum cret_status status, struct cret_err *err)
{
    uint8_t more = 0;
    size_t got = 0;
    if (status == CRET_OK && input->fd >= 0) {
        status = cret_os_pread(input->fd, &more, 1, writer->job->entries[entry].size, &got, err);
        if (status == CRET_OK && got != 0) {
            status = refuse_changed(input_name(writer, entry), err);
        }
    }
    cret_os_close(&input->fd);
    return status;
}

static enum cret_status write_at(const struct writer *writer, const uint8_t *data, size_t size,
                                 uint64_t offset, struct cret_err *err)
{
    if (writer->job->fd < 0) {
        return CRET_OK;
    }
    return cret_os_pwrite(writer->job->fd, data, size, offset, err);
}

/* Head, content and padding of one small file, into the buffer; *ret_message is what to hash. */
static enum cret_status take_small(struct cret_mate *mate, size_t entry, uint8_t *data,
                                   struct cret_message *ret_message, struct cret_err *err)
{
    const struct writer *writer = mate->context;
    struct cret_entry *file = &writer->job->entries[entry];
    size_t head = 0, size = (size_t)file->size, padded = (size_t)cret_ustar_padded(file->size);
    struct input input;
    if (cret_ustar_head(data, &head, file->path, file->size, writer->job->seconds, err) !=
            CRET_OK ||
        open_input(writer, entry, &input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = read_input(writer, entry, &input, data + head, size, 0, err);
    if (close_input(writer, entry, &input, status, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memset(data + head + size, 0, padded - size);
    if (writer->job->look != NULL) {
        writer->job->look(writer->job->look_context, entry, data + head, size);
    }
    *ret_message = (struct cret_message){data + head, size, file->sha256};
    return CRET_OK;
}

/* Files of a task that are hashed together, from the first one on, into the buffer at *at, which
 * moves behind them. False where one failed, and the fault is kept, or where an earlier one did. */
static bool take_smalls(struct cret_mate *mate, size_t first, size_t count, size_t *at)
{
    const struct writer *writer = mate->context;
    struct cret_message messages[CRET_TEAM_TOGETHER];
    uint64_t key = cret_team_key(first, CRET_STAGE_CONTENT), bytes = 0;
    struct cret_err err = {0};
    for (size_t i = 0; i < count; i++) {
        const uint64_t size = writer->job->entries[first + i].size;
        key = cret_team_key(first + i, CRET_STAGE_CONTENT);
        if (cret_team_skips(mate, key)) {
            return false;
        }
        if (take_small(mate, first + i, mate->chunks[0].data + *at, &messages[i], &err) !=
            CRET_OK) {
            cret_team_fault(mate, key, &err);
            return false;
        }
        *at += cret_ustar_head_size(size) + (size_t)cret_ustar_padded(size);
        bytes += size;
    }
    if (cret_hash_batch_run(mate->batch, messages, count, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
        return false;
    }
    cret_team_count(mate, bytes);
    return true;
}

static void write_smalls(struct cret_mate *mate, const struct task *task)
{
    const struct writer *writer = mate->context;
    const struct cret_entry *first = &writer->job->entries[task->first];
    const size_t last = task->first + task->count - 1;
    size_t at = 0;
    struct cret_err err = {0};
    for (size_t done = 0; done < task->count; done += CRET_TEAM_TOGETHER) {
        const size_t left = task->count - done;
        if (!take_smalls(mate, task->first + done,
                         left < CRET_TEAM_TOGETHER ? left : CRET_TEAM_TOGETHER, &at)) {
            return;
        }
    }
    const uint64_t offset = first->offset - cret_ustar_head_size(first->size);
    if (write_at(writer, mate->chunks[0].data, at, offset, &err) != CRET_OK) {
        cret_team_fault(mate, cret_team_key(last, CRET_STAGE_CONTENT), &err);
        return;
    }
    if (writer->job->fd >= 0) {
        cret_os_flush_begin(writer->job->fd, offset, at);
    }
}

/* A chunk of a large file from the board: its part of the tree. */
static void work_off(void *state, struct cret_chunk *chunk)
{
    struct cret_mate *mate = state;
    struct large *large = chunk->subject;
    uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    struct cret_tree_position position = {chunk->number, 0};
    struct cret_err err = {0};
    if (cret_team_skips(mate, key) || !cret_tree_chunked(&large->tree)) {
        return;
    }
    if (cret_tree_feed(mate->span, &large->tree, &position, chunk->data, chunk->size, &err) !=
            CRET_OK ||
        cret_tree_feed_end(mate->span, &large->tree, &position, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
}

/* After every FLUSH bytes of a file that begins at `base`. */
static void begin_flush(const struct writer *writer, uint64_t written, uint64_t base)
{
    if (writer->job->fd >= 0 && written % FLUSH == 0) {
        cret_os_flush_begin(writer->job->fd, base + written - FLUSH, FLUSH);
    }
}

/* Then its place in the output. */
static void write_chunk(void *state, struct cret_chunk *chunk)
{
    struct cret_mate *mate = state;
    const struct writer *writer = mate->context;
    const struct large *large = chunk->subject;
    const uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    const uint64_t offset = writer->job->entries[large->entry].offset + chunk->offset;
    struct cret_err err = {0};
    if (cret_team_skips(mate, key) ||
        (writer->holes && cret_member_zero(chunk->data, chunk->size))) {
        return;
    }
    if (write_at(writer, chunk->data, chunk->size, offset, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
    begin_flush(writer, chunk->offset + chunk->size, offset - chunk->offset);
}

/* The content: flat digest here, tree and output through the board. */
static enum cret_status pass_large(struct cret_mate *mate, struct large *large,
                                   const struct input *input, struct cret_err *err)
{
    const struct writer *writer = mate->context;
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
        if (read_input(writer, large->entry, input, chunk->data, size, at, err) != CRET_OK) {
            return CRET_FAILED;
        }
        chunk->size = size;
        chunk->offset = at;
        chunk->number = number;
        chunk->subject = large;
        cret_board_post(writer->board, chunk);
        cret_sha256_update(mate->flat, chunk->data, size);
        if (!cret_tree_chunked(&large->tree) &&
            cret_tree_feed(mate->stream, &large->tree, &position, chunk->data, size, err) !=
                CRET_OK) {
            return CRET_FAILED;
        }
        cret_team_count(mate, size);
    }
    return cret_tree_feed_end(mate->stream, &large->tree, &position, err);
}

static enum cret_status write_frame(const struct writer *writer, size_t entry, struct cret_err *err)
{
    static const uint8_t zeros[CRET_BLOCK];
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    const struct cret_entry *file = &writer->job->entries[entry];
    size_t size = 0, padding = (size_t)(cret_ustar_padded(file->size) - file->size);
    if (cret_ustar_head(head, &size, file->path, file->size, writer->job->seconds, err) !=
            CRET_OK ||
        write_at(writer, head, size, file->offset - size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return write_at(writer, zeros, padding, file->offset + file->size, err);
}

static enum cret_status make_large(struct cret_mate *mate, struct large *large,
                                   struct cret_err *err)
{
    const struct writer *writer = mate->context;
    struct cret_entry *file = &writer->job->entries[large->entry];
    struct input input;
    if (cret_tree_init(&large->tree, file->size, true, err) != CRET_OK ||
        write_frame(writer, large->entry, err) != CRET_OK ||
        open_input(writer, large->entry, &input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (input.fd >= 0) {
        cret_os_advise_sequential(input.fd, 0, file->size);
    }
    enum cret_status status = pass_large(mate, large, &input, err);
    /* Also after a failure: others may still use the tree. */
    cret_board_settle(writer->board, mate->chunks, work_off, mate);
    status = close_input(writer, large->entry, &input, status, err);
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

static void write_large(struct cret_mate *mate, size_t entry)
{
    const struct writer *writer = mate->context;
    uint64_t key = cret_team_key(entry, CRET_STAGE_CONTENT);
    struct large large = {.entry = entry};
    struct cret_err err = {0};
    if (!cret_team_skips(mate, key) && make_large(mate, &large, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
    cret_tree_clear(&large.tree);
    cret_board_leave(writer->board);
}

static void run_task(struct cret_mate *mate, size_t index)
{
    const struct writer *writer = mate->context;
    const struct task *task = &writer->tasks[index];
    if (task->kind == LARGE) {
        write_large(mate, task->first);
    } else if (task->kind == HELP) {
        cret_board_help(writer->board, work_off, mate);
    } else {
        write_smalls(mate, task);
    }
}

/* Runs of small files that lie side by side in the archive. */
static void plan_smalls(struct writer *writer)
{
    const struct cret_entry *entries = writer->job->entries;
    struct task *task = NULL;
    const size_t batch = cret_team_batch(&writer->team, writer->job->count);
    uint64_t bytes = 0;
    for (size_t i = 0; i < writer->job->count; i++) {
        uint64_t head = cret_ustar_head_size(entries[i].size);
        uint64_t size = head + cret_ustar_padded(entries[i].size);
        if (entries[i].has_fsverity) {
            task = NULL;
            continue;
        }
        bool adjacent =
            task != NULL && entries[i].offset - head ==
                                entries[i - 1].offset + cret_ustar_padded(entries[i - 1].size);
        if (!adjacent || bytes + size > batch) {
            task = &writer->tasks[writer->task_count++];
            *task = (struct task){.kind = SMALL, .first = i};
            bytes = 0;
        }
        task->count++;
        bytes += size;
    }
}

/*
 * The order of the work: large files first, for their sequential hash decides how long all takes;
 * helpers at once where one file outweighs the rest, since they shorten just that; then small
 * files; then helpers for whatever large file still runs.
 */
static enum cret_status plan(struct writer *writer, struct cret_err *err)
{
    const struct cret_entry *entries = writer->job->entries;
    unsigned jobs = writer->team.count, early = 0;
    size_t *larges = NULL, large_count = 0;
    if (cret_team_larges(&larges, &large_count, entries, writer->job->count, NULL, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    writer->tasks = calloc(writer->job->count + 2 * (size_t)jobs, sizeof(*writer->tasks));
    if (writer->tasks == NULL) {
        free(larges);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < large_count; i++) {
        writer->tasks[writer->task_count++] = (struct task){.kind = LARGE, .first = larges[i]};
    }
    if (large_count > 0 && entries[larges[0]].size > writer->team.total / jobs / 2) {
        early = jobs - 1 < 2 ? jobs - 1 : 2;
    }
    for (unsigned i = 0; i < early; i++) {
        writer->tasks[writer->task_count++] = (struct task){.kind = HELP};
    }
    plan_smalls(writer);
    for (unsigned i = early; large_count > 0 && i + 1 < jobs; i++) {
        writer->tasks[writer->task_count++] = (struct task){.kind = HELP};
    }
    free(larges);
    return cret_board_new(&writer->board, large_count, write_chunk, err);
}

/* Sizes within the limits, offsets sound, and the whole length reserved in the output. */
static enum cret_status prepare(struct writer *writer, struct cret_err *err)
{
    struct cret_payload_write *job = writer->job;
    struct cret_file_info info;
    uint64_t end = 0;
    for (size_t i = 0; i < job->count; i++) {
        struct cret_entry *file = &job->entries[i];
        uint64_t head = cret_ustar_head_size(file->size);
        if (file->size > CRET_LIMIT_FILE_BYTES) {
            cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "'%s' is too large", file->path);
            return cret_err_where(err, "%s", input_name(writer, i));
        }
        file->has_fsverity = file->size > CRET_FSVERITY_THRESHOLD;
        writer->team.total += file->size;
        if (job->fd < 0) {
            continue;
        }
        if (file->offset < head || file->offset - head < end || file->offset > INT64_MAX / 2) {
            return cret_err_undecided(err, "'%s' has no sound place in the archive", file->path);
        }
        end = file->offset + cret_ustar_padded(file->size);
    }
    if (job->fd < 0 || job->count == 0) {
        return CRET_OK;
    }
    if (cret_os_stat_fd(&info, job->fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    writer->holes =
        info.size <= job->entries[0].offset - cret_ustar_head_size(job->entries[0].size);
    if (info.size >= end + CRET_MEMBER_END) {
        return CRET_OK;
    }
    return cret_os_reserve(job->fd, end + CRET_MEMBER_END, err);
}

enum cret_status cret_payload_write(struct cret_payload_write *job, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct writer writer = {.job = job};
    if (cret_team_init(&writer.team, job->jobs, CRET_BOARD_CHUNKS, job->hash, &writer, err) !=
            CRET_OK ||
        prepare(&writer, err) != CRET_OK || plan(&writer, err) != CRET_OK) {
        goto out;
    }
    writer.team.progress = job->progress;
    writer.team.progress_context = job->context;
    status = cret_team_run(&writer.team, writer.task_count, run_task, err);
out:
    cret_board_free(&writer.board);
    free(writer.tasks);
    cret_team_clear(&writer.team);
    return status;
}
