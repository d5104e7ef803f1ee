/* SPDX-License-Identifier: Apache-2.0 */
/* Where the content of a file is read by offset: in a seekable archive, or in a file of its own
 * beside a front. */
#ifndef CRET_CONTAINER_WALK_CONTENT_H
#define CRET_CONTAINER_WALK_CONTENT_H

#include "container/walk.h"

struct cret_content {
    int fd;
    uint64_t base;
};

/* A file beside a front must be there, regular, and of the size that was released. */
CRET_MUST_CHECK enum cret_status cret_content_open(const struct cret_walk_run *run, size_t entry,
                                                   struct cret_content *ret_content,
                                                   struct cret_err *err);
/* A file beside a front must still have its size when the last byte was read. status: of what was
 * done with the content; what is wrong with the file is told only where that is CRET_OK. */
CRET_MUST_CHECK enum cret_status cret_content_close(const struct cret_walk_run *run, size_t entry,
                                                    struct cret_content *content,
                                                    enum cret_status status, struct cret_err *err);
/* All `size` bytes from `offset` of the content on; fewer are a file that changed. */
CRET_MUST_CHECK enum cret_status cret_content_read(const struct cret_walk_run *run, size_t entry,
                                                   const struct cret_content *content,
                                                   uint8_t *data, size_t size, uint64_t offset,
                                                   struct cret_err *err);

#endif
