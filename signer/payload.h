/* SPDX-License-Identifier: Apache-2.0 */
/* The inputs of a release, read once more after they were hashed. */
#ifndef CRET_SIGNER_PAYLOAD_H
#define CRET_SIGNER_PAYLOAD_H

#include "release/sbom.h"
#include "signer/content.h"

/* Keeps the input open that was read last. */
struct cret_payload {
    const struct cret_content *content;
    size_t entry;
    int fd; /* -1: none is open */
};
void cret_payload_init(struct cret_payload *payload, const struct cret_content *content);
void cret_payload_clear(struct cret_payload *payload);
/* A reader over it; borrows it. */
struct cret_payload_reader cret_payload_reader(struct cret_payload *payload);

#endif
