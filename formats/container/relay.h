/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One large file in chunks, between the thread whose one SHA-256 stream takes them in order (the
 * stream) and threads that read for it and hash the chunks' leaves (feeders): each byte is read
 * once, and the stream, which decides how long all takes, only hashes. No feeder is ever needed:
 * what none has begun, the stream does itself, so nothing can hang because a thread is missing.
 */
#ifndef CRET_CONTAINER_RELAY_H
#define CRET_CONTAINER_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

/* Chunks that may be ahead of the stream: enough for a feeder that is slower for a moment. */
#define CRET_RELAY_SLOTS 3u

struct cret_relay;

/* chunks: of the file. chunk_size: bytes of each but the last. */
CRET_MUST_CHECK enum cret_status cret_relay_new(struct cret_relay **ret_relay, size_t chunks,
                                                size_t chunk_size, struct cret_err *err);
/* No thread may use it any more. */
void cret_relay_free(struct cret_relay **relay);

/* What a thread does with a chunk. */
enum cret_relay_part {
    CRET_RELAY_NOTHING, /* a feeder: somebody else has it, or the stream ended; the stream: a feeder
                           failed, which has told it */
    CRET_RELAY_FILL,    /* reads it into the slot, and hashes its leaves; a feeder then calls
                           cret_relay_filled, whatever happened */
    CRET_RELAY_LEAVES,  /* a feeder: reads it into a buffer of its own and hashes its leaves; then
                           it calls cret_relay_filled likewise */
    CRET_RELAY_READ,    /* the stream: reads it into the slot; its leaves are another's */
    CRET_RELAY_TAKE,    /* the stream: it is in the slot, leaves hashed */
};

/* The stream, before its first chunk: slots is CRET_RELAY_SLOTS chunks of its memory. */
void cret_relay_begin(struct cret_relay *relay, uint8_t *slots);
/* The stream, for each chunk in order: waits for a feeder that is at it. The slot stays as it is
 * until the next call. */
enum cret_relay_part cret_relay_take(struct cret_relay *relay, size_t number, uint8_t **ret_slot);
/* The stream, in the end, also after a failure: feeders have nothing to do any more, and none still
 * writes into a slot or hashes leaves. NULL: nothing. */
void cret_relay_end(struct cret_relay *relay);

/* A feeder: waits until the chunk is near enough to the stream, but for one thread where another
 * waits already (CRET_RELAY_LEAVES). */
enum cret_relay_part cret_relay_feed(struct cret_relay *relay, size_t number, uint8_t **ret_slot);
void cret_relay_filled(struct cret_relay *relay, size_t number, bool good);

#endif
