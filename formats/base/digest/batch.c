/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages through one engine: the lanes of a kernel are kept busy. */
#include "base/digest/batch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/digest/kernel.h"

/* A message ends with the bit 1, zeros, and its length in bits, 8 bytes (FIPS 180-4, 5.1.1). */
#define LENGTH_AT (CRET_KERNEL_BLOCK - 8u)

/* From so many messages on, sixteen lanes are faster than pairs, though some of them are idle. */
#define WIDE_FROM 9u

/* One message while a kernel hashes it. */
struct lane {
    const struct cret_message *message;
    const uint8_t *data; /* what comes next of it, */
    size_t blocks;       /* whole blocks */
    bool in_tail;
    size_t tail_blocks;
    uint8_t tail[2 * CRET_KERNEL_BLOCK]; /* its last bytes, with the padding */
};

struct cret_hash_batch {
    const struct cret_kernel *kernel; /* NULL: the library */
    struct cret_sha256 *hash;         /* of the library; else NULL */
    uint32_t state[CRET_KERNEL_WORDS][CRET_KERNEL_LANES];
    struct lane lanes[CRET_KERNEL_LANES];
    size_t live[CRET_KERNEL_LANES]; /* the lanes that have a message, `live_count` of them */
    size_t live_count;
};

/* The messages that no lane has taken yet. */
struct queue {
    const struct cret_message *next, *end;
};

enum cret_status cret_hash_batch_new(struct cret_hash_batch **ret_batch,
                                     const struct cret_kernel *kernel, struct cret_err *err)
{
    struct cret_hash_batch *batch = calloc(1, sizeof(*batch));
    if (batch == NULL) {
        return cret_err_memory(err);
    }
    batch->kernel = kernel;
    if (batch->kernel == NULL && cret_sha256_new(&batch->hash, err) != CRET_OK) {
        cret_hash_batch_free(&batch);
        return CRET_FAILED;
    }
    *ret_batch = batch;
    return CRET_OK;
}

void cret_hash_batch_free(struct cret_hash_batch **batch)
{
    if (batch == NULL || *batch == NULL) {
        return;
    }
    cret_sha256_free(&(*batch)->hash);
    free(*batch);
    *batch = NULL;
}

static void put_big_endian(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static void begin_tail(struct lane *lane)
{
    lane->in_tail = true;
    lane->data = lane->tail;
    lane->blocks = lane->tail_blocks;
}

/* A lane begins with the next message. False where there is none. */
static bool take(struct cret_hash_batch *batch, size_t index, struct queue *queue)
{
    static const uint32_t initial[CRET_KERNEL_WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                                        0xa54ff53a, 0x510e527f, 0x9b05688c,
                                                        0x1f83d9ab, 0x5be0cd19};
    struct lane *lane = &batch->lanes[index];
    if (queue->next == queue->end) {
        return false;
    }
    const struct cret_message *message = queue->next++;
    const size_t rest = message->size % CRET_KERNEL_BLOCK;
    lane->message = message;
    for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
        batch->state[i][index] = initial[i];
    }
    memset(lane->tail, 0, sizeof(lane->tail));
    if (rest > 0) {
        memcpy(lane->tail, message->data + (message->size - rest), rest);
    }
    lane->tail[rest] = 0x80;
    lane->tail_blocks = rest < LENGTH_AT ? 1 : 2;
    put_big_endian(lane->tail + lane->tail_blocks * CRET_KERNEL_BLOCK - 8,
                   (uint64_t)message->size * 8, 8);
    lane->in_tail = false;
    lane->data = message->data;
    lane->blocks = message->size / CRET_KERNEL_BLOCK;
    if (lane->blocks == 0) {
        begin_tail(lane);
    }
    return true;
}

/* After `blocks` blocks of a lane were hashed. False where it has no message any more. */
static bool advance(struct cret_hash_batch *batch, size_t index, size_t blocks, struct queue *queue)
{
    struct lane *lane = &batch->lanes[index];
    lane->data += blocks * CRET_KERNEL_BLOCK;
    lane->blocks -= blocks;
    if (lane->blocks > 0) {
        return true;
    }
    if (!lane->in_tail) {
        begin_tail(lane);
        return true;
    }
    for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
        put_big_endian(lane->message->ret_digest + 4 * i, batch->state[i][index], 4);
    }
    return take(batch, index, queue);
}

/* Lanes without a message get another one's data: what they compute is nobody's. */
static void run_wide(struct cret_hash_batch *batch, size_t blocks)
{
    const uint8_t *data[CRET_KERNEL_LANES];
    for (size_t i = 0; i < CRET_KERNEL_LANES; i++) {
        data[i] = batch->lanes[batch->live[0]].data;
    }
    for (size_t i = 0; i < batch->live_count; i++) {
        data[batch->live[i]] = batch->lanes[batch->live[i]].data;
    }
    batch->kernel->wide(batch->state, data, blocks);
}

/* The first two messages, or the only one. */
static void run_narrow(struct cret_hash_batch *batch, size_t count, size_t blocks)
{
    uint32_t states[2][CRET_KERNEL_WORDS];
    const uint8_t *data[2] = {NULL, NULL};
    for (size_t k = 0; k < count; k++) {
        data[k] = batch->lanes[batch->live[k]].data;
        for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
            states[k][i] = batch->state[i][batch->live[k]];
        }
    }
    if (count == 2) {
        batch->kernel->two(states[0], states[1], data[0], data[1], blocks);
    } else {
        batch->kernel->one(states[0], data[0], blocks);
    }
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
            batch->state[i][batch->live[k]] = states[k][i];
        }
    }
}

/* As many blocks of some lanes as the shortest of them has. */
static void step(struct cret_hash_batch *batch, struct queue *queue)
{
    const bool wide = batch->kernel->wide != NULL && batch->live_count >= WIDE_FROM;
    const size_t count = wide || batch->live_count < 2 ? batch->live_count : 2;
    size_t blocks = batch->lanes[batch->live[0]].blocks, kept = 0;
    for (size_t i = 1; i < count; i++) {
        const size_t others = batch->lanes[batch->live[i]].blocks;
        blocks = others < blocks ? others : blocks;
    }
    if (wide) {
        run_wide(batch, blocks);
    } else {
        run_narrow(batch, count, blocks);
    }
    for (size_t i = 0; i < batch->live_count; i++) {
        const size_t index = batch->live[i];
        if (i >= count || advance(batch, index, blocks, queue)) {
            batch->live[kept++] = index;
        }
    }
    batch->live_count = kept;
}

static void run_kernel(struct cret_hash_batch *batch, struct queue queue)
{
    const size_t lanes = batch->kernel->wide != NULL ? CRET_KERNEL_LANES : 2;
    batch->live_count = 0;
    while (batch->live_count < lanes && take(batch, batch->live_count, &queue)) {
        batch->live[batch->live_count] = batch->live_count;
        batch->live_count++;
    }
    while (batch->live_count > 0) {
        step(batch, &queue);
    }
}

enum cret_status cret_hash_batch_run(struct cret_hash_batch *batch,
                                     const struct cret_message *messages, size_t count,
                                     struct cret_err *err)
{
    if (batch->kernel != NULL) {
        run_kernel(batch, (struct queue){messages, messages + count});
        return CRET_OK;
    }
    for (size_t i = 0; i < count; i++) {
        cret_sha256_reset(batch->hash);
        cret_sha256_update(batch->hash, messages[i].data, messages[i].size);
        if (cret_sha256_final(batch->hash, messages[i].ret_digest, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
