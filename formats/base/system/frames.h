/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire between a process that reads what others wrote and the one that asked for it: frames of
 * a fixed header and a bounded body. Both ends are this program; the reader still believes nothing:
 * a frame that is unknown, too long, cut, one too many, or not consumed to its last byte ends the
 * conversation, and so does silence. What the frames mean is said beside each protocol.
 */
#ifndef CRET_BASE_FRAMES_H
#define CRET_BASE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text/text.h"

/* One type of frame; its number is its place in the list, from 1 on. */
struct cret_frame_kind {
    size_t bytes;   /* of the longest body; 0: there is no such type */
    uint64_t count; /* how many may come; a row without it takes any number, but see
                       `bytes_in_all` */
    bool alive;     /* its coming shows that the work goes on (those of a bounded number) */
};

struct cret_frame_protocol {
    const struct cret_frame_kind *kinds;
    uint32_t count;        /* of kinds, the unused first one included */
    uint64_t bytes_in_all; /* of all bodies of kinds with a `count` */
};

/* Writing: begin, put fields, send. A failure stays with the buffer and shows in send. */
void cret_frame_put_u32(struct cret_buffer *body, uint32_t value);
void cret_frame_put_u64(struct cret_buffer *body, uint64_t value);
void cret_frame_put_bytes(struct cret_buffer *body, const void *data, size_t size);
/* NULL is kept apart from "". Longer than CRET_FRAME_STRING is cut. */
#define CRET_FRAME_STRING 8192u
void cret_frame_put_string(struct cret_buffer *body, const char *text);
/* Appends header and body to what is to be written, and frees the body. Many small frames that
 * leave together wake the reader once. */
CRET_MUST_CHECK enum cret_status cret_frame_add(const struct cret_frame_protocol *protocol,
                                                struct cret_buffer *wire, uint32_t type,
                                                struct cret_buffer *body, struct cret_err *err);
/* Writes what was added to fd, and frees it. */
CRET_MUST_CHECK enum cret_status cret_frame_flush(int fd, struct cret_buffer *wire,
                                                  struct cret_err *err);
/* Both for one frame. */
CRET_MUST_CHECK enum cret_status cret_frame_send(const struct cret_frame_protocol *protocol, int fd,
                                                 uint32_t type, struct cret_buffer *body,
                                                 struct cret_err *err);

/* How long to wait. */
struct cret_patience {
    uint64_t silence_ms; /* without a sign that the work goes on */
    uint64_t run_ms;     /* in all */
};
/* CRET_LIMIT_SILENCE_SECONDS and CRET_LIMIT_RUN_SECONDS. */
extern const struct cret_patience cret_patience_default;

/* Reading. Set up with cret_frame_reader_init; the fields but `type`, `body`, `size` are its own.
 */
struct cret_frame_reader {
    uint32_t type;
    uint8_t *body; /* terminated */
    size_t size, position;
    bool failed; /* a field was not there */
    const struct cret_frame_protocol *protocol;
    int fd;
    struct cret_patience patience;
    uint64_t silent_at, over_at; /* monotonic ms: when to give up */
    uint64_t total;
    uint64_t counts[16]; /* of each type */
    size_t ready, taken; /* bytes of the next field: read, and handed out */
    uint8_t buffer[16384];
};
/* protocol: at most 15 kinds; borrowed, as fd is. */
void cret_frame_reader_init(struct cret_frame_reader *reader,
                            const struct cret_frame_protocol *protocol, int fd,
                            const struct cret_patience *patience);
/* Next frame; *ret_end true (and CRET_OK) at the end of the stream between two frames. Frees the
 * former body. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_frame_receive(struct cret_frame_reader *reader, bool *ret_end,
                                                    struct cret_err *err);
/* The last frame showed that the work goes on. */
void cret_frame_alive(struct cret_frame_reader *reader);
void cret_frame_reader_clear(struct cret_frame_reader *reader);
uint32_t cret_frame_get_u32(struct cret_frame_reader *reader);
uint64_t cret_frame_get_u64(struct cret_frame_reader *reader);
void cret_frame_get_bytes(struct cret_frame_reader *reader, void *data, size_t size);
/* The bytes as they came (without zero bytes, which end it); NULL where the sender had NULL, or on
 * failure. Caller frees. */
char *cret_frame_get_raw(struct cret_frame_reader *reader);
/* A copy that is safe to show (cret_text_escape). */
char *cret_frame_get_string(struct cret_frame_reader *reader);
/* Every field was there and nothing is left. */
CRET_MUST_CHECK enum cret_status cret_frame_done(const struct cret_frame_reader *reader);

#endif
