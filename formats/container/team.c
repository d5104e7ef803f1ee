/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that hash: their buffers, their progress, the first fault among theirs. */
#include "container/team.h"
#include "base/digest/verity.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(CRET_TEAM_FIRST_BUFFER >= CRET_TEAM_BUFFER, "any file without a tree fits");

enum cret_status cret_team_init(struct cret_team *team, unsigned jobs, size_t chunks,
                                enum cret_hash_choice hash, void *context, struct cret_err *err)
{
    memset(team, 0, sizeof(*team));
    atomic_init(&team->lowest, UINT64_MAX);
    atomic_init(&team->done, 0);
    if (jobs < 1) {
        jobs = 1;
    }
    if (jobs > CRET_LIMIT_JOBS) {
        jobs = CRET_LIMIT_JOBS;
    }
    if (cret_hash_engine_choose(&team->engine, hash, err) != CRET_OK) {
        return CRET_FAILED;
    }
    team->mates = calloc(jobs, sizeof(*team->mates));
    if (team->mates == NULL) {
        return cret_err_memory(err);
    }
    team->count = jobs;
    for (unsigned i = 0; i < jobs; i++) {
        struct cret_mate *mate = &team->mates[i];
        mate->team = team;
        mate->context = context;
        mate->fault_key = UINT64_MAX;
        if (cret_hash_batch_new(&mate->batch, team->engine.kernel, err) != CRET_OK ||
            cret_verity_span_new(&mate->span, &team->engine, err) != CRET_OK ||
            cret_sha256_new(&mate->flat, err) != CRET_OK ||
            cret_verity_span_new(&mate->stream, &team->engine, err) != CRET_OK) {
            return CRET_FAILED;
        }
        for (size_t j = 0; j < chunks; j++) {
            mate->chunks[j].data =
                malloc(j < CRET_TEAM_BATCHES ? CRET_TEAM_FIRST_BUFFER : CRET_TEAM_BUFFER);
            if (mate->chunks[j].data == NULL) {
                return cret_err_memory(err);
            }
        }
    }
    return CRET_OK;
}

void cret_team_clear(struct cret_team *team)
{
    for (unsigned i = 0; i < team->count; i++) {
        cret_hash_batch_free(&team->mates[i].batch);
        cret_verity_span_free(&team->mates[i].span);
        cret_sha256_free(&team->mates[i].flat);
        cret_verity_span_free(&team->mates[i].stream);
        for (size_t j = 0; j < CRET_BOARD_CHUNKS; j++) {
            free(team->mates[i].chunks[j].data);
        }
    }
    free(team->mates);
    team->mates = NULL;
    team->count = 0;
}

size_t cret_team_batch(const struct cret_team *team, size_t files)
{
    const size_t together = ((size_t)2 << 20) + 1024 * files, share = together / team->count;
    const size_t least = CRET_TEAM_BATCH / 8;
    return share > CRET_TEAM_BATCH ? CRET_TEAM_BATCH : share < least ? least : share;
}

uint64_t cret_team_key(size_t entry, enum cret_stage stage)
{
    return (uint64_t)entry * 4 + (uint64_t)stage;
}

void cret_team_fault(struct cret_mate *mate, uint64_t key, const struct cret_err *err)
{
    if (key >= mate->fault_key) {
        return;
    }
    mate->fault_key = key;
    mate->fault = *err;
    uint64_t lowest = atomic_load(&mate->team->lowest);
    while (key < lowest && !atomic_compare_exchange_weak(&mate->team->lowest, &lowest, key)) {
        ;
    }
}

bool cret_team_skips(const struct cret_mate *mate, uint64_t key)
{
    return key > atomic_load_explicit(&mate->team->lowest, memory_order_relaxed);
}

void cret_team_count(struct cret_mate *mate, uint64_t bytes)
{
    atomic_fetch_add_explicit(&mate->team->done, bytes, memory_order_relaxed);
}

struct run {
    struct cret_team *team;
    void (*run)(struct cret_mate *mate, size_t task);
};

static enum cret_status begin(void *context, unsigned worker, void **ret_state,
                              struct cret_err *err)
{
    struct run *run = context;
    if (worker >= run->team->count) {
        return cret_err_undecided(err, "more threads were started than planned");
    }
    *ret_state = &run->team->mates[worker];
    return CRET_OK;
}

static enum cret_status run_task(void *context, void *state, size_t task, struct cret_err *err)
{
    struct run *run = context;
    (void)err; /* failures are kept by place, not by task */
    run->run(state, task);
    return CRET_OK;
}

static void tick(void *context)
{
    struct cret_team *team = ((struct run *)context)->team;
    if (team->progress != NULL) {
        team->progress(team->progress_context,
                       atomic_load_explicit(&team->done, memory_order_relaxed), team->total);
    }
}

enum cret_status cret_team_run(struct cret_team *team, size_t tasks,
                               void (*run)(struct cret_mate *mate, size_t task),
                               struct cret_err *err)
{
    struct run context = {.team = team, .run = run};
    struct cret_workers_job job = {
        .tasks = tasks, .begin = begin, .run = run_task, .context = &context};
    if (team->progress != NULL && !team->brief) {
        job.tick = tick;
    }
    if (cret_workers_run(&job, team->brief ? 1 : team->count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_mate *lowest = NULL;
    for (unsigned i = 0; i < team->count; i++) {
        if (team->mates[i].fault_key != UINT64_MAX &&
            (lowest == NULL || team->mates[i].fault_key < lowest->fault_key)) {
            lowest = &team->mates[i];
        }
    }
    if (lowest != NULL) {
        if (err != NULL) {
            *err = lowest->fault;
        }
        return CRET_FAILED;
    }
    tick(&context);
    return CRET_OK;
}

struct large {
    uint64_t size;
    size_t entry;
};

static int larger_first(const void *a, const void *b)
{
    const struct large *left = a, *right = b;
    if (left->size != right->size) {
        return left->size > right->size ? -1 : 1;
    }
    return left->entry < right->entry ? -1 : 1;
}

enum cret_status cret_team_larges(size_t **ret_list, size_t *ret_count,
                                  const struct cret_entry *entries, size_t count,
                                  const bool *wanted, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    size_t found = 0;
    struct large *larges = calloc(count + 1, sizeof(*larges));
    size_t *list = calloc(count + 1, sizeof(*list));
    if (larges == NULL || list == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].size > CRET_FSVERITY_THRESHOLD && (wanted == NULL || wanted[i])) {
            larges[found++] = (struct large){.size = entries[i].size, .entry = i};
        }
    }
    qsort(larges, found, sizeof(*larges), larger_first);
    for (size_t i = 0; i < found; i++) {
        list[i] = larges[i].entry;
    }
    *ret_list = list;
    *ret_count = found;
    list = NULL;
    status = CRET_OK;
out:
    free(larges);
    free(list);
    return status;
}
