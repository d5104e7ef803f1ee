/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of cret_payload_write share: payload_write.c (the order of the work, small files)
 * above payload_large.c, and below both payload_input.c. */
#ifndef CRET_CONTAINER_PAYLOAD_INTERNAL_H
#define CRET_CONTAINER_PAYLOAD_INTERNAL_H

#include "container/payload_write.h"
#include "container/relay.h"
#include "container/team.h"
#include "container/tree.h"

struct cret_payload_task;
struct cret_payload_turn;

/* A large file while it is written. */
struct cret_payload_large_file {
    size_t entry;
    struct cret_tree tree;
    struct cret_relay *relay; /* NULL: through the board */
};

struct cret_payload_writer {
    struct cret_payload_write *job;
    bool holes; /* what is not written reads as zeros */
    struct cret_team team;
    struct cret_board *board;
    struct cret_payload_turn *turn;         /* whose runs of small files are written */
    struct cret_payload_large_file *larges; /* the largest first */
    size_t large_count;
    struct cret_payload_task *tasks;
    size_t task_count;
};

/* One input while it is read. */
struct cret_payload_input {
    int fd;
    const uint8_t *data;
};

const char *cret_payload_name(const struct cret_payload_writer *writer, size_t entry);
CRET_MUST_CHECK enum cret_status cret_payload_open(const struct cret_payload_writer *writer,
                                                   size_t entry,
                                                   struct cret_payload_input *ret_input,
                                                   struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_payload_read(const struct cret_payload_writer *writer,
                                                   size_t entry,
                                                   const struct cret_payload_input *input,
                                                   uint8_t *data, size_t size, uint64_t offset,
                                                   struct cret_err *err);
/* Nothing may follow the bytes that were read. status: of what was done with them. */
CRET_MUST_CHECK enum cret_status cret_payload_close(const struct cret_payload_writer *writer,
                                                    size_t entry, struct cret_payload_input *input,
                                                    enum cret_status status, struct cret_err *err);
/* Into the output, where there is one. */
CRET_MUST_CHECK enum cret_status cret_payload_put(const struct cret_payload_writer *writer,
                                                  const uint8_t *data, size_t size, uint64_t offset,
                                                  struct cret_err *err);

/* Everything that threads share of the large files. */
CRET_MUST_CHECK enum cret_status cret_payload_prepare_larges(struct cret_payload_writer *writer,
                                                             struct cret_err *err);
/* One large file, as far as nobody helps. */
void cret_payload_large(struct cret_mate *mate, struct cret_payload_large_file *large);
/* Whatever there is to do for the large files: they all have begun. */
void cret_payload_help(struct cret_mate *mate);

#endif
