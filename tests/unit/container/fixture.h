/* SPDX-License-Identifier: Apache-2.0 */
/* Archives for the tests of this folder, built by the code under test from given contents. */
#ifndef CRET_TEST_CONTAINER_FIXTURE_H
#define CRET_TEST_CONTAINER_FIXTURE_H

#include <criterion/criterion.h>

#include "container/archive.h"
#include "container/payload_write.h"

#define FIXTURE_FILES 16
#define FIXTURE_SECONDS 1700000000ll

struct fixture {
    int fd; /* an unnamed file with the archive */
    uint64_t size;
    size_t count;
    struct cret_entry entries[FIXTURE_FILES]; /* digests as packed */
    struct cret_input inputs[FIXTURE_FILES];
    uint8_t *contents[FIXTURE_FILES];
    uint8_t *manifest;
    size_t manifest_size;
    struct cret_signature signatures[2];
    uint64_t front_end, payload_end;
};

/* One payload file of a fixture: path and size; the content is made from both. */
struct fixture_file {
    const char *path;
    size_t size;
};

/* size bytes that differ from file to file and from block to block. Caller frees. */
uint8_t *fixture_bytes(const char *seed, size_t size);

/* A complete archive: manifest of 700 bytes, two signatures, the files (sorted by path). */
void fixture_make(struct fixture *fixture, const struct fixture_file *files, size_t count,
                  unsigned jobs);
void fixture_free(struct fixture *fixture);

/* A walk with everything asked for, by two threads. */
struct cret_walk fixture_walk(struct fixture *fixture);

/* Front and walk of any descriptor against the fixture's entries. */
enum cret_status fixture_check(struct fixture *fixture, int fd, struct cret_walk *walk,
                               struct cret_err *err);

/* A copy of the archive in a new unnamed file, and one as a pipe (only up to 60 KiB). */
int fixture_copy(const struct fixture *fixture);
int fixture_pipe(const uint8_t *data, size_t size);
/* The whole archive in memory. Caller frees. */
uint8_t *fixture_read(const struct fixture *fixture);
/* A new unnamed file with these bytes. */
int fixture_file_of(const uint8_t *data, size_t size);

/* A pipe of any size: a thread writes the file into it. */
struct fixture_feed;
struct fixture_feed *fixture_feed_start(int file, int *ret_read);
void fixture_feed_end(struct fixture_feed *feed);

#endif
