/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks of one file on their way from feeders to the stream. */
#include "container/relay.h"

#include <pthread.h>
#include <stdlib.h>

/* Of one chunk. */
enum state { UNTOUCHED, FILLING, FILLED, FAILED, LEAVES_ONLY, OWN };

struct cret_relay {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint8_t *states; /* one enum state for each chunk; under lock, as all below */
    size_t chunks, chunk_size;
    uint8_t *slots; /* NULL: the stream did not begin */
    size_t at;      /* the chunk that the stream is at */
    bool waits;     /* a feeder does, for the stream to come nearer */
    size_t filling; /* chunks that feeders work on */
    bool ended;
};

enum cret_status cret_relay_new(struct cret_relay **ret_relay, size_t chunks, size_t chunk_size,
                                struct cret_err *err)
{
    struct cret_relay *relay = calloc(1, sizeof(*relay));
    if (relay == NULL) {
        return cret_err_memory(err);
    }
    relay->chunks = chunks;
    relay->chunk_size = chunk_size;
    relay->states = calloc(chunks + 1, sizeof(*relay->states));
    if (relay->states == NULL || pthread_mutex_init(&relay->lock, NULL) != 0) {
        goto failed;
    }
    if (pthread_cond_init(&relay->changed, NULL) != 0) {
        pthread_mutex_destroy(&relay->lock);
        goto failed;
    }
    *ret_relay = relay;
    return CRET_OK;
failed:
    free(relay->states);
    free(relay);
    return cret_err_memory(err);
}

void cret_relay_free(struct cret_relay **relay)
{
    if (relay == NULL || *relay == NULL) {
        return;
    }
    pthread_cond_destroy(&(*relay)->changed);
    pthread_mutex_destroy(&(*relay)->lock);
    free((*relay)->states);
    free(*relay);
    *relay = NULL;
}

static uint8_t *slot_of(const struct cret_relay *relay, size_t number)
{
    return relay->slots + number % CRET_RELAY_SLOTS * relay->chunk_size;
}

void cret_relay_begin(struct cret_relay *relay, uint8_t *slots)
{
    pthread_mutex_lock(&relay->lock);
    relay->slots = slots;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}

enum cret_relay_part cret_relay_take(struct cret_relay *relay, size_t number, uint8_t **ret_slot)
{
    enum cret_relay_part part = CRET_RELAY_NOTHING;
    pthread_mutex_lock(&relay->lock);
    relay->at = number;
    pthread_cond_broadcast(&relay->changed);
    while (relay->states[number] == FILLING) {
        pthread_cond_wait(&relay->changed, &relay->lock);
    }
    if (relay->states[number] == UNTOUCHED) {
        relay->states[number] = OWN;
        part = CRET_RELAY_FILL;
    } else if (relay->states[number] == LEAVES_ONLY) {
        part = CRET_RELAY_READ;
    } else if (relay->states[number] == FILLED) {
        part = CRET_RELAY_TAKE;
    }
    *ret_slot = slot_of(relay, number);
    pthread_mutex_unlock(&relay->lock);
    return part;
}

void cret_relay_end(struct cret_relay *relay)
{
    if (relay == NULL) {
        return;
    }
    pthread_mutex_lock(&relay->lock);
    relay->ended = true;
    pthread_cond_broadcast(&relay->changed);
    while (relay->filling > 0) {
        pthread_cond_wait(&relay->changed, &relay->lock);
    }
    pthread_mutex_unlock(&relay->lock);
}

/* The lock is held. Whether the chunk has a slot now, after waiting for one. */
static bool has_slot(struct cret_relay *relay, size_t number)
{
    while (!relay->ended && (relay->slots == NULL || number >= relay->at + CRET_RELAY_SLOTS)) {
        if (relay->waits) {
            return false;
        }
        relay->waits = true;
        pthread_cond_wait(&relay->changed, &relay->lock);
        relay->waits = false;
    }
    return !relay->ended;
}

enum cret_relay_part cret_relay_feed(struct cret_relay *relay, size_t number, uint8_t **ret_slot)
{
    enum cret_relay_part part = CRET_RELAY_NOTHING;
    pthread_mutex_lock(&relay->lock);
    const bool has = has_slot(relay, number);
    if (!relay->ended && relay->states[number] == UNTOUCHED) {
        part = has ? CRET_RELAY_FILL : CRET_RELAY_LEAVES;
        relay->states[number] = has ? FILLING : LEAVES_ONLY;
        relay->filling++;
        *ret_slot = has ? slot_of(relay, number) : NULL;
    }
    pthread_mutex_unlock(&relay->lock);
    return part;
}

void cret_relay_filled(struct cret_relay *relay, size_t number, bool good)
{
    pthread_mutex_lock(&relay->lock);
    if (relay->states[number] == FILLING) {
        relay->states[number] = good ? FILLED : FAILED;
    }
    relay->filling--;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}
