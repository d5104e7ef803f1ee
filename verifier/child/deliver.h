/* SPDX-License-Identifier: Apache-2.0 */
/* Handing files to another program while they are hashed: the sink behind `extract --to-fd`
 * (docs/spec/delivery.md). */
#ifndef CRET_VERIFIER_DELIVER_H
#define CRET_VERIFIER_DELIVER_H

#include "base/system/frames.h"
#include "release/manifest/manifest.h"

/* FILE: path, original (each a string or none), role, u64 size, 32 bytes SHA-256 (zeros: nothing
 * says it yet); BYTES: the next ones of that file; END: u64 number of files, all of which came. */
enum cret_deliver_frame {
    CRET_DELIVER_FILE = 1,
    CRET_DELIVER_BYTES,
    CRET_DELIVER_END,
    CRET_DELIVER_COUNT
};
extern const struct cret_frame_protocol cret_deliver_frames;

struct cret_deliver;

/* fd: where frames go; borrowed, as the manifest is. */
CRET_MUST_CHECK enum cret_status cret_deliver_new(struct cret_deliver **ret_deliver, int fd,
                                                  const struct cret_manifest *manifest,
                                                  struct cret_err *err);
/*
 * A cret_payload_sink of a walk with one thread; context is the struct cret_deliver. Files are
 * handed over one after the other, each from its first byte to its last: a small one that comes
 * within a large one waits for its end. class UNDECIDED where nobody takes them.
 */
CRET_MUST_CHECK enum cret_status cret_deliver_write(void *context, size_t entry, uint64_t offset,
                                                    const uint8_t *data, size_t size,
                                                    struct cret_err *err);
/* The release was accepted: the empty files, and END. class UNDECIDED where a file did not come
 * whole. */
CRET_MUST_CHECK enum cret_status cret_deliver_finish(struct cret_deliver *deliver,
                                                     struct cret_err *err);
void cret_deliver_free(struct cret_deliver **deliver);

#endif
