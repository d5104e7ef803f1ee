/* SPDX-License-Identifier: Apache-2.0 */
/* PEM texts (RFC 7468) as lists of blocks. Internal to trust/ and keys/. */
#ifndef CRET_TRUST_PEM_H
#define CRET_TRUST_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

#define CRET_PEM_BLOCKS 256u /* more than any chain or anchor file has */

struct cret_pem_block {
    char *label; /* "CERTIFICATE" */
    uint8_t *der;
    size_t size;
};

/* All blocks in order; text between them is ignored, a damaged block and one with headers
 * (encryption of old) are errors, as is a text with no block. class USAGE; `origin` names the file
 * or field. */
CRET_MUST_CHECK enum cret_status cret_pem_read(struct cret_pem_block **ret_blocks,
                                               size_t *ret_count, const char *text, size_t size,
                                               const char *origin, struct cret_err *err);
/* The same for texts of up to cap bytes (revocation lists), instead of CRET_LIMIT_PEM_BYTES. */
CRET_MUST_CHECK enum cret_status cret_pem_read_large(struct cret_pem_block **ret_blocks,
                                                     size_t *ret_count, const char *text,
                                                     size_t size, size_t cap, const char *origin,
                                                     struct cret_err *err);
/* The same for a file that may as well be DER: then one block, which gets this label. */
CRET_MUST_CHECK enum cret_status cret_pem_read_file(struct cret_pem_block **ret_blocks,
                                                    size_t *ret_count, const char *data,
                                                    size_t size, const char *label,
                                                    const char *origin, struct cret_err *err);
/* Does the data begin as DER or BER of a SEQUENCE of more than 127 bytes, as no text does? */
bool cret_pem_is_der(const char *data, size_t size);
/* One block with this label, in lines of 64 characters. The caller frees; NULL: out of memory. */
char *cret_pem_text(const char *label, const uint8_t *der, size_t size);
void cret_pem_free(struct cret_pem_block **blocks, size_t count);

#endif
