/* SPDX-License-Identifier: Apache-2.0 */
/* Files on disk from the very bytes that were hashed: the sink behind `extract`. */
#ifndef CRET_VERIFIER_EXTRACT_H
#define CRET_VERIFIER_EXTRACT_H

#include "release/manifest/manifest.h"

/* Beside SHA256SUMS, where a name was restored: the same list under the names that files have now.
 */
#define CRET_EXTRACT_LIST "SHA256SUMS.restored"

struct cret_extract;

/*
 * Decides the name of each file (original names where they are safe and collide with nothing
 * without regard to case, else the archive's), and creates empty ones. directory_fd: an empty
 * folder that nobody else writes to; borrowed.
 */
CRET_MUST_CHECK enum cret_status cret_extract_new(struct cret_extract **ret_extract,
                                                  int directory_fd,
                                                  const struct cret_manifest *manifest,
                                                  bool portable_names, struct cret_err *err);
/* A cret_payload_sink; context is the struct cret_extract. Different entries may come from
 * different threads. */
CRET_MUST_CHECK enum cret_status cret_extract_write(void *context, size_t entry, uint64_t offset,
                                                    const uint8_t *data, size_t size,
                                                    struct cret_err *err);
/* Every file is complete; writes CRET_EXTRACT_LIST where it is needed. The caller flushes the file
 * system before it publishes the folder. */
CRET_MUST_CHECK enum cret_status cret_extract_finish(struct cret_extract *extract,
                                                     struct cret_err *err);
void cret_extract_free(struct cret_extract **extract);

#endif
