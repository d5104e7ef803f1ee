/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of one file whose digest is known, read once more: whoever reads here gets no byte that
 * was not compared with that digest in the very buffer that it is handed out of. So it does not
 * matter who can write to the file meanwhile.
 *
 * A file without a tree digest (up to 1 MiB) is copied and its SHA-256 compared. Of a larger one
 * the digests of all spans are taken and folded into its fs-verity digest first; then each span is
 * compared again as it is read. That needs no space on a disk, and memory of 32 bytes for 512 KiB
 * (64 MiB above 64 GiB) of the file.
 */
#ifndef CRET_CONTAINER_PROVED_H
#define CRET_CONTAINER_PROVED_H

#include "base/digest/hash_engine.h"
#include "container/layout.h"
#include "container/source.h"

struct cret_proved;

/*
 * fd: readable by offset, borrowed. base: where the file's first byte is. file: borrowed; its size
 * and digests count. watch: told of what is read; or NULL. Reads the whole file once. A file that
 * has not (any more) the digest is class UNDECIDED ("changed while it was read"): the caller has
 * compared it before.
 */
CRET_MUST_CHECK enum cret_status cret_proved_open(struct cret_proved **ret_proved, int fd,
                                                  uint64_t base, const struct cret_entry *file,
                                                  enum cret_hash_choice hash,
                                                  const struct cret_watch *watch,
                                                  struct cret_err *err);
void cret_proved_free(struct cret_proved **proved);

/* Up to size bytes at offset; *ret_got < size only at the file's end. One thread at a time. */
CRET_MUST_CHECK enum cret_status cret_proved_read(struct cret_proved *proved, uint64_t offset,
                                                  void *data, size_t size, size_t *ret_got,
                                                  struct cret_err *err);

#endif
