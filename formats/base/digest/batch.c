/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages through one engine: both lanes of a kernel are kept busy. */
#include "base/digest/batch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/digest/kernel.h"

/* A message ends with the bit 1, zeros, and its length in bits, 8 bytes (FIPS 180-4, 5.1.1). */
#define LENGTH_AT (CRET_KERNEL_BLOCK - 8u)

struct cret_hash_batch {
    const struct cret_kernel *kernel; /* NULL: the library */
    struct cret_sha256 *hash;         /* of the library; else NULL */
};

/* One message while a kernel hashes it. */
struct lane {
    uint32_t state[CRET_KERNEL_WORDS];
    const struct cret_message *message; /* NULL: none is left */
    const uint8_t *data;                /* what comes next of it, */
    size_t blocks;                      /* whole blocks */
    bool in_tail;
    size_t tail_blocks;
    uint8_t tail[2 * CRET_KERNEL_BLOCK]; /* its last bytes, with the padding */
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

/* Begins with the next message, where there is one. */
static void take(struct lane *lane, struct queue *queue)
{
    static const uint32_t initial[CRET_KERNEL_WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                                        0xa54ff53a, 0x510e527f, 0x9b05688c,
                                                        0x1f83d9ab, 0x5be0cd19};
    lane->message = NULL;
    if (queue->next == queue->end) {
        return;
    }
    const struct cret_message *message = queue->next++;
    const size_t rest = message->size % CRET_KERNEL_BLOCK;
    lane->message = message;
    memcpy(lane->state, initial, sizeof(initial));
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
}

/* After `blocks` blocks of the lane were hashed. */
static void advance(struct lane *lane, size_t blocks, struct queue *queue)
{
    lane->data += blocks * CRET_KERNEL_BLOCK;
    lane->blocks -= blocks;
    if (lane->blocks > 0) {
        return;
    }
    if (!lane->in_tail) {
        begin_tail(lane);
        return;
    }
    for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
        put_big_endian(lane->message->ret_digest + 4 * i, lane->state[i], 4);
    }
    take(lane, queue);
}

static void run_kernel(const struct cret_kernel *kernel, struct queue queue)
{
    struct lane first, second;
    take(&first, &queue);
    take(&second, &queue);
    while (first.message != NULL && second.message != NULL) {
        const size_t blocks = first.blocks < second.blocks ? first.blocks : second.blocks;
        kernel->two(first.state, second.state, first.data, second.data, blocks);
        advance(&first, blocks, &queue);
        advance(&second, blocks, &queue);
    }
    struct lane *last = first.message != NULL ? &first : &second;
    while (last->message != NULL) {
        const size_t blocks = last->blocks;
        kernel->one(last->state, last->data, blocks);
        advance(last, blocks, &queue);
    }
}

enum cret_status cret_hash_batch_run(struct cret_hash_batch *batch,
                                     const struct cret_message *messages, size_t count,
                                     struct cret_err *err)
{
    if (batch->kernel != NULL) {
        run_kernel(batch->kernel, (struct queue){messages, messages + count});
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
