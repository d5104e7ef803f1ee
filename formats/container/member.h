/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing the bytes of one member with what they must be, and saying what is wrong with them.
 * Shared by the readers of this folder. Every offset is that of the archive, for messages. */
#ifndef CRET_CONTAINER_MEMBER_H
#define CRET_CONTAINER_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

/*
 * Compares the got bytes at `bytes` with the head that a member of this path, size and date must
 * have (ustar.h). Too few bytes: the archive is truncated. class REFUSED, check archive.framing;
 * the message tells another member, the end of the archive, and a wrong field apart.
 */
CRET_MUST_CHECK enum cret_status cret_member_head(const uint8_t *bytes, size_t got,
                                                  const char *path, uint64_t size, int64_t seconds,
                                                  uint64_t offset, struct cret_err *err);

/* The padding after a content of `size` bytes is there (got bytes of it) and is zero. offset: of
 * the padding. class REFUSED, check archive.framing. */
CRET_MUST_CHECK enum cret_status cret_member_padding(const uint8_t *bytes, size_t got,
                                                     const char *path, uint64_t size,
                                                     uint64_t offset, struct cret_err *err);

/* The end of the archive: exactly two zero blocks. got bytes were read, of up to
 * CRET_MEMBER_END + 1. class REFUSED, check archive.framing. */
#define CRET_MEMBER_END 1024u
CRET_MUST_CHECK enum cret_status cret_member_end(const uint8_t *bytes, size_t got, uint64_t offset,
                                                 struct cret_err *err);

/* The archive ends at `end`, inside this member. Returns CRET_FAILED; class REFUSED. */
enum cret_status cret_member_truncated(const char *path, uint64_t end, struct cret_err *err);

/* Too few bytes came from a file that was long enough before. Returns CRET_FAILED; class
 * UNDECIDED. */
enum cret_status cret_member_changed(const char *path, struct cret_err *err);

/* The digest of a payload file is the one given. title: "SHA-256" or "fs-verity". offset: of the
 * content. class REFUSED, check file.digests. */
CRET_MUST_CHECK enum cret_status cret_member_digest(const char *title, const char *path,
                                                    uint64_t offset,
                                                    const uint8_t expected[CRET_SHA256_BYTES],
                                                    const uint8_t actual[CRET_SHA256_BYTES],
                                                    struct cret_err *err);

/* Whether all bytes are zero. */
bool cret_member_zero(const uint8_t *bytes, size_t size);

#endif
