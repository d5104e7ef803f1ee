/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire between the child that reads archive bytes and its parent: frames of a fixed header and
 * a bounded body. Both ends are this program; the reader still believes nothing: a frame that is
 * unknown, too long, cut, or not consumed to its last byte ends the conversation.
 */
#ifndef CRET_VERIFIER_FRAMES_H
#define CRET_VERIFIER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum cret_frame {
    CRET_FRAME_PROGRESS = 1, /* u64 done, u64 total */
    CRET_FRAME_FINDING,      /* u32 check, u32 result, 5 strings */
    CRET_FRAME_IDENTITY,     /* 32 bytes, u32 flags */
    CRET_FRAME_FILE,         /* path, original, role, u64 size, digests, u32 flags */
    CRET_FRAME_DOCUMENT,     /* JSON: what is said of the release and its signatures */
    CRET_FRAME_ARCHIVE,      /* u64 size of the archive file, u32 1 where the next counts, 32 bytes:
                                SHA-256 of all of it */
    CRET_FRAME_ERROR,        /* why UNDECIDED: u32 class, 5 strings */
    CRET_FRAME_VERDICT,      /* u32; the last frame */
    CRET_FRAME_COUNT
};

/* Writing: begin, put fields, send. A failure stays with the buffer and shows in send. */
void cret_frame_put_u32(struct cret_buffer *body, uint32_t value);
void cret_frame_put_u64(struct cret_buffer *body, uint64_t value);
void cret_frame_put_bytes(struct cret_buffer *body, const void *data, size_t size);
/* NULL is kept apart from "". Longer than CRET_FRAME_STRING is cut. */
#define CRET_FRAME_STRING 8192u
void cret_frame_put_string(struct cret_buffer *body, const char *text);
/* Writes header and body to fd, and frees the body. */
CRET_MUST_CHECK enum cret_status cret_frame_send(int fd, enum cret_frame type,
                                                 struct cret_buffer *body, struct cret_err *err);

/* Reading. */
struct cret_frame_reader {
    enum cret_frame type;
    uint8_t *body;
    size_t size, position;
    bool failed; /* a field was not there */
};
/* Next frame of fd; *ret_end true (and CRET_OK) at the end of the stream between two frames. Frees
 * the former body. */
CRET_MUST_CHECK enum cret_status cret_frame_receive(struct cret_frame_reader *reader, int fd,
                                                    bool *ret_end, struct cret_err *err);
void cret_frame_reader_free(struct cret_frame_reader *reader);
uint32_t cret_frame_get_u32(struct cret_frame_reader *reader);
uint64_t cret_frame_get_u64(struct cret_frame_reader *reader);
void cret_frame_get_bytes(struct cret_frame_reader *reader, void *data, size_t size);
/* A copy that is safe to show (cret_text_escape); NULL where the sender had NULL, or on failure. */
char *cret_frame_get_string(struct cret_frame_reader *reader);
/* Every field was there and nothing is left. */
CRET_MUST_CHECK enum cret_status cret_frame_done(const struct cret_frame_reader *reader);

#endif
