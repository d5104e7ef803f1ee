/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the payload in one pass. Small files: each thread takes runs of them, reads them behind
 * their heads into one buffer, hashes them there and writes the buffer; while another thread writes
 * (a file system lets only one write into a file), it goes on with a second buffer. Large ones:
 * payload_large.c.
 */
#include "container/payload_write.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "container/member.h"
#include "container/payload_internal.h"
#include "container/team.h"
#include "container/tree.h"

struct cret_payload_task {
    enum { LARGE, HELP, SMALL } kind;
    size_t first; /* of a LARGE its place among them, of a SMALL an entry */
    size_t count; /* of a SMALL */
};

/* Held by the thread that writes runs of small files. */
struct cret_payload_turn {
    pthread_mutex_t lock;
};

/* Head, content and padding of one small file, into the buffer; *ret_message is what to hash. */
static enum cret_status take_small(struct cret_mate *mate, size_t entry, uint8_t *data,
                                   struct cret_message *ret_message, struct cret_err *err)
{
    const struct cret_payload_writer *writer = mate->context;
    struct cret_entry *file = &writer->job->entries[entry];
    size_t head = 0, size = (size_t)file->size, padded = (size_t)cret_ustar_padded(file->size);
    struct cret_payload_input input;
    if (cret_ustar_head(data, &head, file->path, file->size, writer->job->seconds, err) !=
            CRET_OK ||
        cret_payload_open(writer, entry, &input, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_payload_read(writer, entry, &input, data + head, size, 0, err);
    if (cret_payload_close(writer, entry, &input, status, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memset(data + head + size, 0, padded - size);
    if (writer->job->look != NULL) {
        writer->job->look(writer->job->look_context, entry, data + head, size);
    }
    *ret_message = (struct cret_message){data + head, size, file->sha256};
    return CRET_OK;
}

/* Files of a task that are hashed together, from the first one on, behind what is in the chunk.
 * False where one failed, and the fault is kept, or where an earlier one did. */
static bool take_smalls(struct cret_mate *mate, size_t first, size_t count,
                        struct cret_chunk *chunk)
{
    const struct cret_payload_writer *writer = mate->context;
    struct cret_message messages[CRET_TEAM_TOGETHER];
    uint64_t key = cret_team_key(first, CRET_STAGE_CONTENT), bytes = 0;
    struct cret_err err = {0};
    for (size_t i = 0; i < count; i++) {
        const uint64_t size = writer->job->entries[first + i].size;
        key = cret_team_key(first + i, CRET_STAGE_CONTENT);
        if (cret_team_skips(mate, key)) {
            return false;
        }
        if (take_small(mate, first + i, chunk->data + chunk->size, &messages[i], &err) != CRET_OK) {
            cret_team_fault(mate, key, &err);
            return false;
        }
        chunk->size += cret_ustar_head_size(size) + (size_t)cret_ustar_padded(size);
        bytes += size;
    }
    if (cret_hash_batch_run(mate->batch, messages, count, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
        return false;
    }
    cret_team_count(mate, bytes);
    return true;
}

/* Runs of small files that this thread has filled, into the output; the lock for writing is held.
 */
static enum cret_status write_filled(const struct cret_payload_writer *writer,
                                     struct cret_mate *mate, struct cret_err *err)
{
    for (size_t i = 0; i < CRET_TEAM_BATCHES; i++) {
        struct cret_chunk *chunk = &mate->chunks[i];
        if (!chunk->busy) {
            continue;
        }
        chunk->busy = false;
        if (cret_payload_put(writer, chunk->data, chunk->size, chunk->offset, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (writer->job->fd >= 0) {
            cret_os_flush_begin(writer->job->fd, chunk->offset, chunk->size);
        }
    }
    return CRET_OK;
}

static struct cret_chunk *free_batch(struct cret_mate *mate)
{
    for (size_t i = 0; i < CRET_TEAM_BATCHES; i++) {
        if (!mate->chunks[i].busy) {
            return &mate->chunks[i];
        }
    }
    return NULL;
}

/* Writes what this thread has filled; where another thread writes, only if it must, which waits. */
static void write_when(struct cret_mate *mate, uint64_t key, bool must)
{
    struct cret_payload_writer *writer = mate->context;
    struct cret_err err = {0};
    if (must) {
        pthread_mutex_lock(&writer->turn->lock);
    } else if (pthread_mutex_trylock(&writer->turn->lock) != 0) {
        return;
    }
    if (write_filled(writer, mate, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
    pthread_mutex_unlock(&writer->turn->lock);
}

static void write_smalls(struct cret_mate *mate, const struct cret_payload_task *task)
{
    const struct cret_payload_writer *writer = mate->context;
    const struct cret_entry *first = &writer->job->entries[task->first];
    const size_t last = task->first + task->count - 1;
    struct cret_chunk *chunk = free_batch(mate);
    chunk->size = 0;
    chunk->offset = first->offset - cret_ustar_head_size(first->size);
    for (size_t done = 0; done < task->count; done += CRET_TEAM_TOGETHER) {
        const size_t left = task->count - done;
        if (!take_smalls(mate, task->first + done,
                         left < CRET_TEAM_TOGETHER ? left : CRET_TEAM_TOGETHER, chunk)) {
            return;
        }
    }
    chunk->busy = true;
    write_when(mate, cret_team_key(last, CRET_STAGE_CONTENT), free_batch(mate) == NULL);
}

/* What threads had filled when there was nothing more to do. */
static enum cret_status write_rest(struct cret_payload_writer *writer, struct cret_err *err)
{
    for (unsigned i = 0; i < writer->team.count; i++) {
        if (write_filled(writer, &writer->team.mates[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static void run_task(struct cret_mate *mate, size_t index)
{
    const struct cret_payload_writer *writer = mate->context;
    const struct cret_payload_task *task = &writer->tasks[index];
    if (task->kind != SMALL) {
        /* The buffers serve another purpose now. */
        write_when(mate, cret_team_key(writer->job->count, CRET_STAGE_CONTENT), true);
    }
    if (task->kind == LARGE) {
        cret_payload_large(mate, &writer->larges[task->first]);
    } else if (task->kind == HELP) {
        cret_payload_help(mate);
    } else {
        write_smalls(mate, task);
    }
}

/* Runs of small files that lie side by side in the archive. */
static void plan_smalls(struct cret_payload_writer *writer)
{
    const struct cret_entry *entries = writer->job->entries;
    struct cret_payload_task *task = NULL;
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
            *task = (struct cret_payload_task){.kind = SMALL, .first = i};
            bytes = 0;
        }
        task->count++;
        bytes += size;
    }
}

/*
 * The order of the work: large files first, for their sequential hash decides how long all takes;
 * helpers at once where one file outweighs the rest, since they shorten just that; then small
 * files; then helpers for whatever large file still runs. A helper begins after every large file
 * has.
 */
static enum cret_status plan(struct cret_payload_writer *writer, struct cret_err *err)
{
    const struct cret_entry *entries = writer->job->entries;
    unsigned jobs = writer->team.count, early = 0;
    if (cret_payload_prepare_larges(writer, err) != CRET_OK) {
        return CRET_FAILED;
    }
    writer->tasks = calloc(writer->job->count + 2 * (size_t)jobs, sizeof(*writer->tasks));
    if (writer->tasks == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < writer->large_count; i++) {
        writer->tasks[writer->task_count++] = (struct cret_payload_task){.kind = LARGE, .first = i};
    }
    if (writer->large_count > 0 &&
        entries[writer->larges[0].entry].size > writer->team.total / jobs / 2) {
        early = jobs - 1 < 2 ? jobs - 1 : 2;
    }
    for (unsigned i = 0; i < early; i++) {
        writer->tasks[writer->task_count++] = (struct cret_payload_task){.kind = HELP};
    }
    plan_smalls(writer);
    for (unsigned i = early; writer->large_count > 0 && i + 1 < jobs; i++) {
        writer->tasks[writer->task_count++] = (struct cret_payload_task){.kind = HELP};
    }
    return CRET_OK;
}

/* Sizes within the limits, offsets sound, and the whole length reserved in the output. */
static enum cret_status prepare(struct cret_payload_writer *writer, struct cret_err *err)
{
    struct cret_payload_write *job = writer->job;
    struct cret_file_info info;
    uint64_t end = 0;
    for (size_t i = 0; i < job->count; i++) {
        struct cret_entry *file = &job->entries[i];
        uint64_t head = cret_ustar_head_size(file->size);
        if (file->size > CRET_LIMIT_FILE_BYTES) {
            cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "'%s' is too large", file->path);
            return cret_err_where(err, "%s", cret_payload_name(writer, i));
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
    struct cret_payload_turn turn = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct cret_payload_writer writer = {.job = job};
    writer.turn = &turn;
    if (cret_team_init(&writer.team, job->jobs, CRET_BOARD_CHUNKS, job->hash, &writer, err) !=
            CRET_OK ||
        prepare(&writer, err) != CRET_OK || plan(&writer, err) != CRET_OK) {
        goto out;
    }
    writer.team.progress = job->progress;
    writer.team.progress_context = job->context;
    status = cret_team_run(&writer.team, writer.task_count, run_task, err);
    if (status == CRET_OK) {
        status = write_rest(&writer, err);
    }
out:
    for (size_t i = 0; writer.larges != NULL && i < writer.large_count; i++) {
        cret_tree_clear(&writer.larges[i].tree);
        cret_relay_free(&writer.larges[i].relay);
    }
    free(writer.larges);
    cret_board_free(&writer.board);
    free(writer.tasks);
    pthread_mutex_destroy(&turn.lock);
    cret_team_clear(&writer.team);
    return status;
}
