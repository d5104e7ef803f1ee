/* SPDX-License-Identifier: Apache-2.0 */
/* Member order and offsets, from sizes alone: known before a byte is read. */
#ifndef CRET_CONTAINER_LAYOUT_H
#define CRET_CONTAINER_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

/* One payload file as the container sees it; filled by release/manifest (verify) or by the signer's
 * collection (sign). */
struct cret_entry {
    const char *path; /* archive path, borrowed */
    uint64_t size;
    uint8_t sha256[CRET_SHA256_BYTES];
    uint8_t fsverity[CRET_SHA256_BYTES];
    bool has_fsverity; /* true exactly where size > CRET_FSVERITY_THRESHOLD */
    uint64_t offset;   /* of the content in the archive; set by cret_layout_payload */
};

/* One signature member. */
struct cret_signature {
    char name[17]; /* 16 lower-case hex digits */
    uint8_t *data; /* DER, owned by the front */
    size_t size;
};

/* The archive name of a signature member: "SIGNATURES/<name>.p7s". out: 33 bytes. */
void cret_layout_signature_path(char out[40], const char *name);

/* Bytes of the front: heads, contents and padding of MANIFEST.json and the signatures. */
uint64_t cret_layout_front_size(size_t manifest_size, const struct cret_signature *signatures,
                                size_t count);

/* Sets each entry's offset, with the first head at `start`; *ret_end is the first of the two end
 * blocks. class REFUSED, check archive.limits where a cap is passed. */
CRET_MUST_CHECK enum cret_status cret_layout_payload(struct cret_entry *entries, size_t count,
                                                     uint64_t start, uint64_t *ret_end,
                                                     struct cret_err *err);
#endif
