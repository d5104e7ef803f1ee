/* SPDX-License-Identifier: Apache-2.0 */
/* Where archive bytes come from: a regular file read by offset, or a pipe read once in order. */
#ifndef CRET_CONTAINER_SOURCE_H
#define CRET_CONTAINER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

struct cret_source; /* borrows the descriptor */

/* Who is told of bytes that were read, on the thread that reads them. */
struct cret_watch {
    void (*work)(void *context, uint64_t bytes); /* or NULL */
    void *context;
};

/* fd stays the caller's. A regular file is read with pread, anything else in order. A folder is
 * class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_source_new(struct cret_source **ret_source, int fd,
                                                 struct cret_err *err);
void cret_source_free(struct cret_source **source);
/* Whether it is read by offset, in whatever order. */
bool cret_source_seekable(const struct cret_source *source);
/* Whether it is a regular file, read in order or not. */
bool cret_source_is_file(const struct cret_source *source);
int cret_source_fd(const struct cret_source *source);
/* A file: its size when it was opened here. Else 0. */
uint64_t cret_source_size(const struct cret_source *source);

/* Is told of each in-order read. */
void cret_source_watch(struct cret_source *source, const struct cret_watch *watch);

/*
 * Before the first read of a file: reads it in order from here on, as a pipe is read, each byte
 * once, and hashes what is handed out. So its digest is that of the very bytes that were judged.
 */
CRET_MUST_CHECK enum cret_status cret_source_hash(struct cret_source *source, struct cret_err *err);
/* SHA-256 of the whole file; reads what is left of it. Once, after everything else. A file that has
 * another size than when it was opened is class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_source_digest(struct cret_source *source,
                                                    uint8_t ret_digest[CRET_SHA256_BYTES],
                                                    struct cret_err *err);
/* Position of the in-order reader. */
uint64_t cret_source_position(const struct cret_source *source);

/* In-order read of exactly size bytes; *ret_got < size only at the end of the input (CRET_OK).
 * Works on both kinds. */
CRET_MUST_CHECK enum cret_status cret_source_read(struct cret_source *source, void *data,
                                                  size_t size, size_t *ret_got,
                                                  struct cret_err *err);
/* Looks at the next bytes without consuming them; *ret_got < CRET_SOURCE_PEEK only at the end. */
#define CRET_SOURCE_PEEK 512u
CRET_MUST_CHECK enum cret_status cret_source_peek(struct cret_source *source,
                                                  uint8_t data[CRET_SOURCE_PEEK], size_t *ret_got,
                                                  struct cret_err *err);
/* Moves the in-order reader of a seekable source; nothing happens to another. */
void cret_source_seek(struct cret_source *source, uint64_t offset);

#endif
