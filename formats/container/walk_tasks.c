/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of files that are read by offset, in parallel: members of a seekable archive, or files
 * beside a front. Tasks, in the order in which they are handed out: the sequential work of large
 * files (the largest first: it is the longest), then the parts of their trees and runs of small
 * files in turn: who is ahead of a stream that a relay feeds has something else to do.
 */
#include <stdlib.h>

#include "base/digest/verity.h"
#include "base/system/os.h"
#include "container/ahead.h"
#include "container/walk_content.h"
#include "container/walk_large.h"

/* Bytes of one read of a file that is read in pieces. */
#define PIECE (64u << 10)
/* Bytes of one task on a part of a tree. */
#define TREE_TASK ((uint64_t)8 << 20)
/* Files of one task on small files of a folder. */
#define FOLDER_TASK_FILES 32u

struct plan {
    struct cret_walk_run *run;
    struct cret_walk_task *tasks;
    size_t count, capacity;
};

static enum cret_status add_task(struct plan *plan, struct cret_walk_task task,
                                 struct cret_err *err)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity == 0 ? 64 : plan->capacity * 2;
        struct cret_walk_task *tasks = reallocarray(plan->tasks, capacity, sizeof(*tasks));
        if (tasks == NULL) {
            return cret_err_memory(err);
        }
        plan->tasks = tasks;
        plan->capacity = capacity;
    }
    plan->tasks[plan->count++] = task;
    return CRET_OK;
}

/*
 * Whether one task computes both digests of a large file, reading it once, or one the flat digest
 * and others the tree. Apart where it is so large that it would decide how long all takes.
 */
static bool is_split(const struct cret_walk_run *run, const struct cret_walk_large *large,
                     uint64_t work)
{
    const struct cret_walk *walk = run->walk;
    if (!cret_walk_flat(walk, large->entry)) {
        return !cret_walk_sinks(walk, large->entry); /* the sink wants ascending bytes */
    }
    return run->team.count > 1 && walk->entries[large->entry].size > work / run->team.count / 4;
}

/* Bytes to hash, the tree of a large file counted too. */
static uint64_t all_work(const struct cret_walk_run *run)
{
    uint64_t work = run->team.total;
    for (size_t i = 0; i < run->large_count; i++) {
        if (cret_walk_flat(run->walk, run->larges[i].entry)) {
            work += run->walk->entries[run->larges[i].entry].size;
        }
    }
    return work;
}

static enum cret_status plan_larges(struct plan *plan, struct cret_err *err)
{
    struct cret_walk_run *run = plan->run;
    uint64_t work = all_work(run);
    for (size_t i = 0; i < run->large_count; i++) {
        struct cret_walk_large *large = &run->larges[i];
        struct cret_walk_task task = {.kind = CRET_WALK_WHOLE, .first = i};
        const bool split = is_split(run, large, work);
        task.flat = cret_walk_flat(run->walk, large->entry);
        task.tree = !split;
        if (cret_tree_init(&large->tree, run->walk->entries[large->entry].size, split && task.flat,
                           err) != CRET_OK) {
            return CRET_FAILED;
        }
        atomic_init(&large->spans_left, large->tree.plan.spans);
        if (split && task.flat && cret_tree_chunked(&large->tree) &&
            cret_relay_new(&large->relay, (size_t)large->tree.plan.spans, CRET_TEAM_CHUNK, err) !=
                CRET_OK) {
            return CRET_FAILED;
        }
        if ((task.flat || task.tree) && add_task(plan, task, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status plan_parts(struct plan *plan, struct cret_err *err)
{
    const struct cret_walk_run *run = plan->run;
    const uint64_t work = all_work(run);
    for (size_t i = 0; i < run->large_count; i++) {
        const struct cret_verity_plan *tree = &run->larges[i].tree.plan;
        uint64_t step = tree->span_size < TREE_TASK ? TREE_TASK / tree->span_size : 1;
        if (!is_split(run, &run->larges[i], work)) {
            continue;
        }
        for (uint64_t span = 0; span < tree->spans; span += step) {
            uint64_t left = tree->spans - span;
            struct cret_walk_task task = {.kind = CRET_WALK_PART, .first = i, .span = span};
            task.count = (size_t)(left < step ? left : step);
            if (add_task(plan, task, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

static enum cret_status plan_smalls(struct plan *plan, struct cret_err *err)
{
    const struct cret_walk_run *run = plan->run;
    const struct cret_walk *walk = run->walk;
    struct cret_walk_task task = {.kind = CRET_WALK_SMALL};
    const size_t batch = cret_team_batch(&run->team, walk->count);
    uint64_t bytes = 0;
    for (size_t i = 0; i < walk->count; i++) {
        const struct cret_entry *file = &walk->entries[i];
        const bool pieces = cret_walk_in_pieces(run, i);
        const bool small = !file->has_fsverity && cret_walk_wants(walk, i) && !pieces;
        uint64_t size = cret_ustar_head_size(file->size) + cret_ustar_padded(file->size);
        bool full = bytes + size > batch || (run->detached && task.count == FOLDER_TASK_FILES);
        if (task.count > 0 && (!small || full)) {
            if (add_task(plan, task, err) != CRET_OK) {
                return CRET_FAILED;
            }
            task.count = 0;
        }
        const struct cret_walk_task alone = {.kind = CRET_WALK_PIECES, .first = i};
        if (pieces && cret_walk_wants(walk, i) && add_task(plan, alone, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!small) {
            continue;
        }
        if (task.count == 0) {
            task.first = i;
            bytes = 0;
        }
        task.count++;
        bytes += size;
    }
    return task.count > 0 ? add_task(plan, task, err) : CRET_OK;
}

static void run_members(struct cret_mate *mate, const struct cret_walk_task *task)
{
    const struct cret_walk_run *run = mate->context;
    const struct cret_entry *first = &run->walk->entries[task->first];
    const struct cret_entry *last = &first[task->count - 1];
    uint8_t *data = mate->chunks[0].data;
    uint64_t start = first->offset - cret_ustar_head_size(first->size);
    size_t size = (size_t)(last->offset + cret_ustar_padded(last->size) - start), got = 0;
    struct cret_err err = {0};
    if (cret_team_skips(mate, cret_team_key(task->first, CRET_STAGE_HEAD))) {
        return;
    }
    if (cret_os_pread(cret_source_fd(run->source), data, size, start, &got, &err) != CRET_OK) {
        cret_err_where(&err, "%s", first->path);
        cret_team_fault(mate, cret_team_key(task->first, CRET_STAGE_HEAD), &err);
        return;
    }
    cret_walk_batch(mate, task->first, task->count, data, got);
}

static enum cret_status hash_pieces(struct cret_mate *mate, size_t entry, struct cret_err *err)
{
    const struct cret_walk_run *run = mate->context;
    const uint64_t size = run->walk->entries[entry].size;
    uint8_t *data = mate->chunks[0].data, digest[CRET_SHA256_BYTES];
    struct cret_content content;
    if (!cret_walk_sinks(run->walk, entry) &&
        cret_ahead_digest(run->walk->ahead, run->walk->entries[entry].offset, size, digest)) {
        cret_team_count(mate, size);
        return cret_walk_compare(run, entry, digest, err);
    }
    if (cret_content_open(run, entry, &content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_sha256_reset(mate->flat);
    for (uint64_t at = 0; at < size; at += PIECE) {
        const size_t piece = size - at < PIECE ? (size_t)(size - at) : (size_t)PIECE;
        if (cret_content_read(run, entry, &content, data, piece, at, err) != CRET_OK ||
            cret_walk_sink(run, entry, at, data, piece, err) != CRET_OK) {
            return CRET_FAILED;
        }
        cret_sha256_update(mate->flat, data, piece);
        cret_team_count(mate, piece);
    }
    return cret_walk_flat_check(run, mate->flat, entry, err);
}

static void run_pieces(struct cret_mate *mate, const struct cret_walk_task *task)
{
    const uint64_t key = cret_team_key(task->first, CRET_STAGE_CONTENT);
    struct cret_err err = {0};
    if (!cret_team_skips(mate, key) && hash_pieces(mate, task->first, &err) != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
}

/* Reads one file of a folder to the end. */
static enum cret_status read_folder_file(const struct cret_walk_run *run, size_t entry,
                                         uint8_t *data, struct cret_err *err)
{
    const size_t size = (size_t)run->walk->entries[entry].size;
    struct cret_content content;
    if (cret_content_open(run, entry, &content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_content_read(run, entry, &content, data, size, 0, err);
    return cret_content_close(run, entry, &content, status, err);
}

/* Reads them all, hashes them together, then compares one after the other. Where one cannot be
 * read, those before it are compared first: the lowest fault is told. */
static void run_folder_files(struct cret_mate *mate, const struct cret_walk_task *task)
{
    const struct cret_walk_run *run = mate->context;
    uint8_t digests[FOLDER_TASK_FILES][CRET_SHA256_BYTES];
    struct cret_message messages[FOLDER_TASK_FILES] = {{NULL, 0, NULL}};
    uint8_t *data = mate->chunks[0].data;
    enum cret_status status = CRET_OK;
    struct cret_err unread = {0}, err = {0};
    size_t count = 0;
    for (; count < task->count && status == CRET_OK; count++) {
        const size_t entry = task->first + count;
        if (cret_team_skips(mate, cret_team_key(entry, CRET_STAGE_CONTENT))) {
            break;
        }
        status = read_folder_file(run, entry, data, &unread);
        if (status != CRET_OK) {
            cret_team_fault(mate, cret_team_key(entry, CRET_STAGE_CONTENT), &unread);
            break;
        }
        const size_t size = (size_t)run->walk->entries[entry].size;
        messages[count] = (struct cret_message){data, size, digests[count]};
        data += size;
    }
    if (cret_hash_batch_run(mate->batch, messages, count, &err) != CRET_OK) {
        cret_team_fault(mate, cret_team_key(task->first, CRET_STAGE_CONTENT), &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (cret_walk_small(mate, task->first + i, digests[i], messages[i].data, &err) != CRET_OK) {
            cret_team_fault(mate, cret_team_key(task->first + i, CRET_STAGE_CONTENT), &err);
            return;
        }
    }
}

/* The plan is found through the run: tasks get nothing but their mate. */
static void run_task(struct cret_mate *mate, size_t index)
{
    const struct cret_walk_run *run = mate->context;
    const struct plan *plan = run->plan;
    const struct cret_walk_task *task = &plan->tasks[index];
    if (task->kind == CRET_WALK_WHOLE) {
        cret_walk_large_whole(mate, task);
    } else if (task->kind == CRET_WALK_PART) {
        cret_walk_large_part(mate, task);
    } else if (task->kind == CRET_WALK_PIECES) {
        run_pieces(mate, task);
    } else if (run->detached) {
        run_folder_files(mate, task);
    } else {
        run_members(mate, task);
    }
}

/* Both lists behind the plan, each in its order, evenly mixed. */
static enum cret_status mix(struct plan *plan, const struct plan *parts, const struct plan *smalls,
                            struct cret_err *err)
{
    size_t i = 0, k = 0;
    while (i < parts->count || k < smalls->count) {
        /* The list of which the smaller share was taken is next: i / parts <= k / smalls. */
        const bool part =
            k == smalls->count ||
            (i < parts->count && (uint64_t)i * smalls->count <= (uint64_t)k * parts->count);
        if (add_task(plan, part ? parts->tasks[i++] : smalls->tasks[k++], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* Where no fault is known, every tree must have been compared: said here, not believed. */
static enum cret_status check_complete(const struct cret_walk_run *run, struct cret_err *err)
{
    for (size_t i = 0; i < run->large_count; i++) {
        if (atomic_load(&run->larges[i].spans_left) != 0) {
            return cret_err_undecided(err, "internal error: the tree of '%s' was not compared",
                                      run->walk->entries[run->larges[i].entry].path);
        }
    }
    return CRET_OK;
}

enum cret_status cret_walk_by_offset(struct cret_walk_run *run, struct cret_err *err)
{
    struct plan plan = {.run = run}, parts = {.run = run}, smalls = {.run = run};
    enum cret_status status = CRET_FAILED;
    if (plan_larges(&plan, err) != CRET_OK || plan_parts(&parts, err) != CRET_OK ||
        plan_smalls(&smalls, err) != CRET_OK || mix(&plan, &parts, &smalls, err) != CRET_OK) {
        goto out;
    }
    run->plan = &plan;
    status = cret_team_run(&run->team, plan.count, run_task, err);
    run->plan = NULL;
    if (status == CRET_OK) {
        status = check_complete(run, err);
    }
out:
    free(plan.tasks);
    free(parts.tasks);
    free(smalls.tasks);
    return status;
}
