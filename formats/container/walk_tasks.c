/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of files that are read by offset, in parallel: members of a seekable archive, or files
 * beside a front. Tasks, in the order in which they are handed out: the sequential work of large
 * files (the largest first: it is the longest), the parts of their trees, then runs of small files.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/digest/verity.h"
#include "base/system/os.h"
#include "container/member.h"
#include "container/walk.h"

/* Bytes of one read of a large file: stays in the cache while it is hashed, twice where need be. */
#define PIECE ((size_t)256 << 10)
/* Bytes of one task on a part of a tree. */
#define TREE_TASK ((uint64_t)8 << 20)
/* Files of one task on small files of a folder. */
#define FOLDER_TASK_FILES 32u

struct task {
    enum { WHOLE, PART, SMALL } kind;
    size_t first; /* large, or entry */
    size_t count; /* spans of a PART, entries of a SMALL */
    uint64_t span;
    bool flat, tree; /* of a WHOLE: what is hashed */
};

struct plan {
    struct cret_walk_run *run;
    struct task *tasks;
    size_t count, capacity;
};

static enum cret_status add_task(struct plan *plan, struct task task, struct cret_err *err)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity == 0 ? 64 : plan->capacity * 2;
        struct task *tasks = reallocarray(plan->tasks, capacity, sizeof(*tasks));
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
        if (cret_tree_init(&large->tree, run->walk->entries[large->entry].size, false, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        atomic_init(&large->spans_left, large->tree.plan.spans);
        struct task task = {.kind = WHOLE, .first = i};
        task.flat = cret_walk_flat(run->walk, large->entry);
        task.tree = !is_split(run, large, work);
        if ((task.flat || task.tree) && add_task(plan, task, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < run->large_count; i++) {
        const struct cret_verity_plan *tree = &run->larges[i].tree.plan;
        uint64_t step = tree->span_size < TREE_TASK ? TREE_TASK / tree->span_size : 1;
        if (!is_split(run, &run->larges[i], work)) {
            continue;
        }
        for (uint64_t span = 0; span < tree->spans; span += step) {
            uint64_t left = tree->spans - span;
            struct task task = {.kind = PART, .first = i, .span = span};
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
    struct task task = {.kind = SMALL};
    uint64_t bytes = 0;
    for (size_t i = 0; i < walk->count; i++) {
        const struct cret_entry *file = &walk->entries[i];
        bool small = !file->has_fsverity && cret_walk_wants(walk, i);
        uint64_t size = cret_ustar_head_size(file->size) + cret_ustar_padded(file->size);
        bool full =
            bytes + size > CRET_TEAM_BATCH || (run->detached && task.count == FOLDER_TASK_FILES);
        if (task.count > 0 && (!small || full)) {
            if (add_task(plan, task, err) != CRET_OK) {
                return CRET_FAILED;
            }
            task.count = 0;
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

/* Where the content of an entry is read. */
struct content {
    int fd;
    uint64_t base;
};

static enum cret_status refuse_missing(const char *path, const char *name, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS, "the payload file '%s' is missing", path);
    cret_err_where(err, "%s", path);
    cret_err_expected(err, "a file '%s' in the payload folder", name);
    return cret_err_hint(err,
                         "put the file into the folder under that name, or name another folder");
}

static enum cret_status check_folder_file(const struct cret_entry *file, const char *name, int fd,
                                          struct cret_err *err)
{
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        return cret_err_where(err, "%s", name);
    }
    if (info.kind != CRET_KIND_REGULAR) {
        cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS, "the payload file '%s' is no regular file",
                        file->path);
        return cret_err_where(err, "%s", name);
    }
    if (info.size != file->size) {
        cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS,
                        "'%s' is not the file that was released: its size differs", file->path);
        cret_err_where(err, "%s", name);
        cret_err_expected(err, "%llu bytes", (unsigned long long)file->size);
        cret_err_actual(err, "%llu bytes", (unsigned long long)info.size);
        return cret_err_hint(err, "download the file again; if it fails again, send the vendor its "
                                  "name and size");
    }
    return CRET_OK;
}

static enum cret_status open_content(const struct cret_walk_run *run, size_t entry,
                                     struct content *ret_content, struct cret_err *err)
{
    const struct cret_entry *file = &run->walk->entries[entry];
    if (!run->detached) {
        *ret_content = (struct content){cret_source_fd(run->source), file->offset};
        return CRET_OK;
    }
    const char *name = run->walk->names[entry];
    int fd = -1;
    errno = 0;
    if (cret_os_open_read_beneath(&fd, run->walk->payload_directory, name, err) != CRET_OK) {
        return errno == ENOENT ? refuse_missing(file->path, name, err) : CRET_FAILED;
    }
    if (check_folder_file(file, name, fd, err) != CRET_OK) {
        cret_os_close(&fd);
        return CRET_FAILED;
    }
    *ret_content = (struct content){fd, 0};
    return CRET_OK;
}

/* A file of a folder must still have its size when the last byte was read. */
static enum cret_status close_content(const struct cret_walk_run *run, size_t entry,
                                      struct content *content, enum cret_status status,
                                      struct cret_err *err)
{
    struct cret_file_info info;
    if (!run->detached) {
        return status;
    }
    if (status == CRET_OK) {
        status = cret_os_stat_fd(&info, content->fd, err);
        if (status == CRET_OK && info.size != run->walk->entries[entry].size) {
            status = cret_member_changed(run->walk->names[entry], err);
        }
    }
    cret_os_close(&content->fd);
    return status;
}

static enum cret_status read_piece(const struct cret_walk_run *run, size_t entry,
                                   const struct content *content, uint8_t *data, size_t size,
                                   uint64_t offset, struct cret_err *err)
{
    size_t got = 0;
    if (cret_os_pread(content->fd, data, size, content->base + offset, &got, err) != CRET_OK) {
        return cret_err_where(err, "%s", run->walk->entries[entry].path);
    }
    return got == size ? CRET_OK : cret_member_changed(run->walk->entries[entry].path, err);
}

/* One pass over a large file: the flat digest, the tree, or both; the sink gets these bytes. */
static enum cret_status hash_whole(struct cret_mate *mate, const struct task *task,
                                   struct cret_walk_large *large, const struct content *content,
                                   struct cret_err *err)
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
        if (read_piece(run, large->entry, content, data, piece, at, err) != CRET_OK) {
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

static void run_whole(struct cret_mate *mate, const struct task *task)
{
    struct cret_walk_run *run = mate->context;
    struct cret_walk_large *large = &run->larges[task->first];
    enum cret_stage stage = CRET_STAGE_CONTENT;
    struct content content;
    struct cret_err err = {0};
    if (cret_team_skips(mate, cret_team_key(large->entry, stage))) {
        return;
    }
    enum cret_status status = open_content(run, large->entry, &content, &err);
    if (status == CRET_OK) {
        cret_os_advise_sequential(content.fd, content.base, run->walk->entries[large->entry].size);
        status = hash_whole(mate, task, large, &content, &err);
        status = close_content(run, large->entry, &content, status, &err);
    }
    if (status == CRET_OK && task->tree &&
        !cret_team_skips(mate, cret_team_key(large->entry, CRET_STAGE_TREE))) {
        stage = CRET_STAGE_TREE;
        status = cret_walk_tree_check(run, large, &err);
    }
    if (status != CRET_OK) {
        cret_team_fault(mate, cret_team_key(large->entry, stage), &err);
    }
}

/* Spans of a tree; whoever completes the last one compares it. */
static enum cret_status hash_part(struct cret_mate *mate, const struct task *task,
                                  struct cret_walk_large *large, const struct content *content,
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
        if (read_piece(run, large->entry, content, data, piece, at, err) != CRET_OK ||
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

static void run_part(struct cret_mate *mate, const struct task *task)
{
    struct cret_walk_run *run = mate->context;
    struct cret_walk_large *large = &run->larges[task->first];
    uint64_t key = cret_team_key(large->entry, CRET_STAGE_TREE);
    struct content content;
    struct cret_err err = {0};
    if (cret_team_skips(mate, key)) {
        return;
    }
    enum cret_status status = open_content(run, large->entry, &content, &err);
    if (status == CRET_OK) {
        status = hash_part(mate, task, large, &content, &err);
        status = close_content(run, large->entry, &content, status, &err);
    }
    if (status == CRET_OK && atomic_fetch_sub(&large->spans_left, task->count) == task->count) {
        status = cret_walk_tree_check(run, large, &err);
    }
    if (status != CRET_OK) {
        cret_team_fault(mate, key, &err);
    }
}

static void run_members(struct cret_mate *mate, const struct task *task)
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

/* Reads one file of a folder to the end. */
static enum cret_status read_folder_file(const struct cret_walk_run *run, size_t entry,
                                         uint8_t *data, struct cret_err *err)
{
    const size_t size = (size_t)run->walk->entries[entry].size;
    struct content content;
    if (open_content(run, entry, &content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = read_piece(run, entry, &content, data, size, 0, err);
    return close_content(run, entry, &content, status, err);
}

/* Reads them all, hashes them together, then compares one after the other. Where one cannot be
 * read, those before it are compared first: the lowest fault is told. */
static void run_folder_files(struct cret_mate *mate, const struct task *task)
{
    const struct cret_walk_run *run = mate->context;
    uint8_t digests[FOLDER_TASK_FILES][CRET_SHA256_BYTES];
    struct cret_message messages[FOLDER_TASK_FILES];
    uint8_t *data = mate->chunks[0].data;
    enum cret_status status = CRET_OK;
    struct cret_err unread, err;
    size_t count = 0;
    cret_err_clear(&unread);
    cret_err_clear(&err);
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
    const struct task *task = &plan->tasks[index];
    if (task->kind == WHOLE) {
        run_whole(mate, task);
    } else if (task->kind == PART) {
        run_part(mate, task);
    } else if (run->detached) {
        run_folder_files(mate, task);
    } else {
        run_members(mate, task);
    }
}

enum cret_status cret_walk_by_offset(struct cret_walk_run *run, struct cret_err *err)
{
    struct plan plan = {.run = run};
    enum cret_status status = CRET_FAILED;
    if (plan_larges(&plan, err) != CRET_OK || plan_smalls(&plan, err) != CRET_OK) {
        goto out;
    }
    run->plan = &plan;
    status = cret_team_run(&run->team, plan.count, run_task, err);
    run->plan = NULL;
out:
    free(plan.tasks);
    return status;
}
