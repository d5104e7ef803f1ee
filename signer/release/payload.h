/* SPDX-License-Identifier: Apache-2.0 */
/* The inputs of a release, read once more after they were hashed: whoever reads them here gets
 * bytes that have the digests that go into the manifest, or an error (class UNDECIDED). */
#ifndef CRET_SIGNER_PAYLOAD_H
#define CRET_SIGNER_PAYLOAD_H

#include "container/proved.h"
#include "release/sbom/sbom.h"
#include "signer/release/draft.h"

/* Keeps the input open that was read last. */
struct cret_payload {
    const struct cret_draft *draft;
    size_t entry;
    struct cret_proved *proved;
    int fd; /* -1: none is open */
};
void cret_payload_init(struct cret_payload *payload, const struct cret_draft *draft);
void cret_payload_clear(struct cret_payload *payload);
/* A reader over it; borrows it. */
struct cret_payload_reader cret_payload_reader(struct cret_payload *payload);

/* All of one input, at most `cap` bytes (more is class UNDECIDED), terminated; caller frees. */
CRET_MUST_CHECK enum cret_status cret_payload_read_text(char **ret_text, size_t *ret_size,
                                                        const struct cret_draft *draft,
                                                        size_t entry, uint64_t cap,
                                                        struct cret_err *err);

#endif
