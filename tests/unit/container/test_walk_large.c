/* SPDX-License-Identifier: Apache-2.0 */
/* What must not pass although no thread told of a fault: a tree that nobody compared, and a stream
 * whose feeder failed. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "container/walk_large.h"
#include "fixture.h"

static const struct fixture_file one_large[] = {{"image.bin", (3u << 20) + 77}};

/* A run over a fixture of one large file, as cret_archive_walk prepares it. */
struct scene {
    struct fixture fixture;
    struct cret_walk walk;
    struct cret_source *source;
    struct cret_front *front;
    struct cret_walk_large large;
    struct cret_walk_run run;
    uint64_t unseen; /* spans that nobody hashes, put in while the file is read */
    struct cret_err err;
};

static void scene_new(struct scene *scene, unsigned jobs)
{
    struct cret_walk_run *run = &scene->run;
    memset(scene, 0, sizeof(*scene));
    fixture_make(&scene->fixture, one_large, 1, 1);
    scene->walk = fixture_walk(&scene->fixture);
    scene->walk.jobs = jobs;
    cr_assert_eq(cret_source_new(&scene->source, scene->fixture.fd, NULL), CRET_OK);
    cr_assert_eq(cret_front_read(&scene->front, scene->source, NULL), CRET_OK);
    run->source = scene->source;
    run->front = scene->front;
    run->walk = &scene->walk;
    run->larges = &scene->large;
    run->large_count = 1;
    run->whole_maximum = CRET_FSVERITY_THRESHOLD;
    cr_assert_eq(
        cret_layout_payload(scene->walk.entries, 1, scene->front->end, &run->end, &scene->err),
        CRET_OK);
    cr_assert_eq(cret_team_init(&run->team, jobs, 1, CRET_HASH_OPENSSL, run, &scene->err), CRET_OK);
    run->team.total = scene->walk.entries[0].size;
}

static void scene_end(struct scene *scene)
{
    cret_tree_clear(&scene->large.tree);
    cret_relay_free(&scene->large.relay);
    cret_team_clear(&scene->run.team);
    cret_front_free(&scene->front);
    cret_source_free(&scene->source);
    fixture_free(&scene->fixture);
}

/* Spans that have no thread are what a task that was never made would leave. */
static enum cret_status lose_spans(void *context, size_t entry, uint64_t offset,
                                   const uint8_t *data, size_t size, struct cret_err *err)
{
    struct scene *scene = context;
    (void)entry;
    (void)data;
    (void)size;
    (void)err;
    if (offset == 0) {
        atomic_fetch_add(&scene->large.spans_left, scene->unseen);
    }
    return CRET_OK;
}

Test(walk_large, a_tree_that_nobody_compared_is_no_success)
{
    for (unsigned jobs = 1; jobs <= 2; jobs++) {
        for (uint64_t unseen = 0; unseen < 2; unseen++) {
            struct scene scene;
            scene_new(&scene, jobs);
            scene.unseen = unseen;
            scene.walk.sink = lose_spans;
            scene.walk.context = &scene;
            const enum cret_status status = cret_walk_by_offset(&scene.run, &scene.err);
            cr_expect_eq(status, unseen == 0 ? CRET_OK : CRET_FAILED, "%u jobs: %s", jobs,
                         scene.err.what);
            if (unseen > 0) {
                cr_expect_eq(scene.err.class, CRET_ERR_UNDECIDED);
                cr_expect_not_null(strstr(scene.err.what, "'image.bin' was not compared"));
            }
            scene_end(&scene);
        }
    }
}

/* The pass over the whole file, with a chunk that its feeder filled well, or failed to. */
static struct cret_mate *stream_after_feeder(struct scene *scene, size_t chunk, bool good)
{
    struct cret_walk_large *large = &scene->large;
    struct cret_mate *mate = &scene->run.team.mates[0];
    const struct cret_walk_task task = {.kind = CRET_WALK_WHOLE, .flat = true};
    uint8_t *slot = NULL;
    cr_assert_eq(cret_tree_init(&large->tree, scene->walk.entries[0].size, true, &scene->err),
                 CRET_OK);
    cr_assert(cret_tree_chunked(&large->tree));
    atomic_init(&large->spans_left, large->tree.plan.spans);
    cr_assert_eq(
        cret_relay_new(&large->relay, (size_t)large->tree.plan.spans, CRET_TEAM_CHUNK, &scene->err),
        CRET_OK);
    cret_relay_begin(large->relay, mate->chunks[0].data);
    cr_assert_eq(cret_relay_feed(large->relay, chunk, &slot), CRET_RELAY_FILL);
    size_t got = 0;
    cr_assert_eq(cret_os_pread(scene->fixture.fd, slot, CRET_TEAM_CHUNK,
                               scene->walk.entries[0].offset + chunk * CRET_TEAM_CHUNK, &got,
                               &scene->err),
                 CRET_OK);
    cret_relay_filled(large->relay, chunk, good);
    cret_walk_large_whole(mate, &task);
    return mate;
}

Test(walk_large, the_stream_is_undecided_where_a_feeder_failed)
{
    for (size_t chunk = 0; chunk < 3; chunk++) {
        struct scene scene;
        scene_new(&scene, 1);
        const struct cret_mate *mate = stream_after_feeder(&scene, chunk, false);
        cr_expect_eq(mate->fault_key, cret_team_key(0, CRET_STAGE_CONTENT), "chunk %zu", chunk);
        cr_expect_eq(mate->fault.class, CRET_ERR_UNDECIDED);
        cr_expect_not_null(strstr(mate->fault.what, "a part of 'image.bin' could not be read"));
        scene_end(&scene);
    }
}

Test(walk_large, the_stream_goes_on_where_a_feeder_filled)
{
    for (size_t chunk = 0; chunk < 3; chunk++) {
        struct scene scene;
        scene_new(&scene, 1);
        const struct cret_mate *mate = stream_after_feeder(&scene, chunk, true);
        cr_expect_eq(mate->fault_key, UINT64_MAX, "chunk %zu: %s", chunk, mate->fault.what);
        cr_expect_eq(atomic_load(&scene.large.spans_left), 1, "the feeder hashes its leaves");
        scene_end(&scene);
    }
}
