/* SPDX-License-Identifier: Apache-2.0 */
/* Who does what with the chunks of a relay, and who waits for whom. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "container/relay.h"

#define CHUNK 8u

struct scene {
    struct cret_relay *relay;
    uint8_t slots[CRET_RELAY_SLOTS * CHUNK];
};

static void scene_new(struct scene *scene, size_t chunks)
{
    cr_assert_eq(cret_relay_new(&scene->relay, chunks, CHUNK, NULL), CRET_OK);
    cret_relay_begin(scene->relay, scene->slots);
}

static void assert_take(struct scene *scene, size_t number, enum cret_relay_part expected)
{
    uint8_t *slot = NULL;
    cr_assert_eq(cret_relay_take(scene->relay, number, &slot), expected, "chunk %zu", number);
    cr_assert_eq(slot, scene->slots + number % CRET_RELAY_SLOTS * CHUNK);
}

static void assert_feed(struct scene *scene, size_t number, enum cret_relay_part expected)
{
    uint8_t *slot = NULL;
    cr_assert_eq(cret_relay_feed(scene->relay, number, &slot), expected, "chunk %zu", number);
    if (expected == CRET_RELAY_FILL) {
        cr_assert_eq(slot, scene->slots + number % CRET_RELAY_SLOTS * CHUNK);
    }
}

Test(relay, the_stream_does_all_where_nobody_feeds)
{
    struct scene scene;
    scene_new(&scene, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_take(&scene, i, CRET_RELAY_FILL);
        assert_feed(&scene, i, CRET_RELAY_NOTHING);
    }
    cret_relay_end(scene.relay);
    cret_relay_free(&scene.relay);
    cr_assert_null(scene.relay);
    cret_relay_free(&scene.relay);
    cret_relay_end(NULL);
}

Test(relay, what_a_feeder_filled_is_taken_once)
{
    struct scene scene;
    scene_new(&scene, 9);
    for (size_t i = 0; i < CRET_RELAY_SLOTS; i++) {
        assert_feed(&scene, i, CRET_RELAY_FILL);
        assert_feed(&scene, i, CRET_RELAY_NOTHING);
        cret_relay_filled(scene.relay, i, i != 2);
    }
    assert_take(&scene, 0, CRET_RELAY_TAKE);
    assert_take(&scene, 1, CRET_RELAY_TAKE);
    assert_take(&scene, 2, CRET_RELAY_NOTHING);
    cret_relay_end(scene.relay);
    assert_feed(&scene, 4, CRET_RELAY_NOTHING);
    cret_relay_free(&scene.relay);
}

/* Two feeders, both too far ahead: one waits, the other is told to go on alone. */
struct feeder {
    struct scene *scene;
    size_t number;
    _Atomic int *leaves, *ended;
    enum cret_relay_part part;
};

static void *feed_far(void *argument)
{
    struct feeder *feeder = argument;
    uint8_t *slot = NULL;
    feeder->part = cret_relay_feed(feeder->scene->relay, feeder->number, &slot);
    if (feeder->part != CRET_RELAY_NOTHING) {
        cret_relay_filled(feeder->scene->relay, feeder->number, true);
    }
    atomic_fetch_add(feeder->ended, 1);
    if (feeder->part == CRET_RELAY_LEAVES) {
        atomic_fetch_add(feeder->leaves, 1); /* last: begin_two waits for this */
    }
    return NULL;
}

static void begin_two(struct scene *scene, struct feeder feeders[2], pthread_t threads[2],
                      _Atomic int counts[2])
{
    for (size_t i = 0; i < 2; i++) {
        feeders[i] = (struct feeder){scene, 6 + i, &counts[0], &counts[1], CRET_RELAY_NOTHING};
        cr_assert_eq(pthread_create(&threads[i], NULL, feed_far, &feeders[i]), 0);
    }
    while (atomic_load(&counts[0]) == 0) {
        sched_yield();
    }
}

Test(relay, one_feeder_waits_and_others_hash_leaves_alone, .timeout = 60)
{
    struct scene scene;
    struct feeder feeders[2];
    pthread_t threads[2];
    _Atomic int counts[2] = {0, 0};
    scene_new(&scene, 9);
    begin_two(&scene, feeders, threads, counts);
    cr_assert_eq(atomic_load(&counts[1]), 1, "the other one waits: the stream is at chunk 0");
    for (size_t i = 0; i < 6; i++) {
        assert_take(&scene, i, CRET_RELAY_FILL);
    }
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
    }
    const size_t alone = feeders[0].part == CRET_RELAY_LEAVES ? 0 : 1;
    cr_assert_eq(feeders[alone].part, CRET_RELAY_LEAVES);
    cr_assert_eq(feeders[1 - alone].part, CRET_RELAY_FILL);
    assert_take(&scene, 6, alone == 0 ? CRET_RELAY_READ : CRET_RELAY_TAKE);
    assert_take(&scene, 7, alone == 1 ? CRET_RELAY_READ : CRET_RELAY_TAKE);
    assert_take(&scene, 8, CRET_RELAY_FILL);
    cret_relay_end(scene.relay);
    cret_relay_free(&scene.relay);
}

Test(relay, the_end_wakes_who_waits, .timeout = 60)
{
    struct scene scene;
    struct feeder feeders[2];
    pthread_t threads[2];
    _Atomic int counts[2] = {0, 0};
    scene_new(&scene, 9);
    begin_two(&scene, feeders, threads, counts);
    cret_relay_end(scene.relay);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
    }
    cr_assert_neq(feeders[0].part, feeders[1].part);
    cr_assert(feeders[0].part == CRET_RELAY_NOTHING || feeders[1].part == CRET_RELAY_NOTHING);
    cret_relay_free(&scene.relay);
}

/* A feeder that takes its time. */
struct slow {
    struct scene *scene;
    size_t number;
    _Atomic int began, written; /* began: the part that it has, and 1 */
};

static void *fill_slowly(void *argument)
{
    struct slow *slow = argument;
    uint8_t *slot = NULL;
    const enum cret_relay_part part = cret_relay_feed(slow->scene->relay, slow->number, &slot);
    atomic_store(&slow->began, 1 + (int)part);
    if (part == CRET_RELAY_NOTHING) {
        return NULL;
    }
    for (int i = 0; i < 1000; i++) {
        sched_yield();
    }
    atomic_store(&slow->written, 1);
    cret_relay_filled(slow->scene->relay, slow->number, true);
    return NULL;
}

Test(relay, neither_the_end_nor_the_stream_passes_a_slot_that_is_written_to, .timeout = 60)
{
    for (int way = 0; way < 2; way++) {
        struct scene scene;
        struct slow slow = {.scene = &scene, .number = 1};
        pthread_t thread;
        scene_new(&scene, 3);
        cr_assert_eq(pthread_create(&thread, NULL, fill_slowly, &slow), 0);
        while (atomic_load(&slow.began) == 0) {
            sched_yield();
        }
        cr_assert_eq(atomic_load(&slow.began), 1 + CRET_RELAY_FILL);
        if (way == 0) {
            cret_relay_end(scene.relay);
        } else {
            assert_take(&scene, 0, CRET_RELAY_FILL);
            assert_take(&scene, 1, CRET_RELAY_TAKE);
        }
        cr_assert_eq(atomic_load(&slow.written), 1);
        cr_assert_eq(pthread_join(thread, NULL), 0);
        cret_relay_free(&scene.relay);
    }
}

/* Two that are too far ahead: one waits for the end, the other hashes leaves for itself. */
Test(relay, the_end_waits_for_leaves_too, .timeout = 60)
{
    struct scene scene;
    struct slow slows[2];
    pthread_t threads[2];
    size_t alone = 2;
    scene_new(&scene, 9);
    for (size_t i = 0; i < 2; i++) {
        slows[i] = (struct slow){.scene = &scene, .number = 6 + i};
        cr_assert_eq(pthread_create(&threads[i], NULL, fill_slowly, &slows[i]), 0);
    }
    while (alone == 2) {
        sched_yield();
        for (size_t i = 0; i < 2; i++) {
            alone = atomic_load(&slows[i].began) != 0 ? i : alone;
        }
    }
    cr_assert_eq(atomic_load(&slows[alone].began), 1 + CRET_RELAY_LEAVES);
    cret_relay_end(scene.relay);
    cr_assert_eq(atomic_load(&slows[alone].written), 1);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
    }
    cret_relay_free(&scene.relay);
}
