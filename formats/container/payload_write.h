/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the payload of an archive, and its digests, in one pass. */
#ifndef CRET_CONTAINER_PAYLOAD_WRITE_H
#define CRET_CONTAINER_PAYLOAD_WRITE_H

#include "base/digest/hash_engine.h"
#include "container/layout.h"

/* One input file of a payload to write. */
struct cret_input {
    int directory_fd;    /* CRET_OS_HERE or a folder */
    const char *path;    /* opened for reading only while it is copied */
    const uint8_t *data; /* or bytes in memory (SHA256SUMS); then path is NULL */
};

struct cret_payload_write {
    struct cret_entry *entries; /* path, size, offset given; digests are filled in */
    const struct cret_input *inputs;
    size_t count;
    int fd; /* output; -1: digests only, nothing is written and offsets do not matter */
    int64_t seconds;
    unsigned jobs;
    enum cret_hash_choice hash;
    void *context;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    /* Or NULL. Gets the bytes of each file without a tree that were hashed; different entries on
     * several threads at once. */
    void (*look)(void *look_context, size_t entry, const uint8_t *data, size_t size);
    void *look_context;
};

/* Hashes and writes the payload in one pass, in parallel: heads, contents, padding. Both digests of
 * a file are taken from the very bytes that are written. An input whose size changed meanwhile is
 * class UNDECIDED and named. The output's length is set and its space reserved first; where the
 * output was no longer than the first offset, all-zero parts of large files are not written. A
 * second call may fill places that a first one left out (SHA256SUMS). */
CRET_MUST_CHECK enum cret_status cret_payload_write(struct cret_payload_write *job,
                                                    struct cret_err *err);

#endif
