/* SPDX-License-Identifier: Apache-2.0 */
/* Writing DER into growing buffers, from the inside out. A failure stays with the buffer. Internal
 * to trust/. */
#ifndef CRET_TRUST_DER_WRITE_H
#define CRET_TRUST_DER_WRITE_H

#include "base/text/text.h"
#include "trust/asn1/der.h"

/* Appends tag, minimal definite length (X.690 10.1), and content. */
void cret_der_put(struct cret_buffer *out, uint8_t tag, const void *content, size_t size);
/* The same around what `inner` holds, which is emptied. */
void cret_der_wrap(struct cret_buffer *out, uint8_t tag, struct cret_buffer *inner);
/* Appends finished DER. */
void cret_der_put_raw(struct cret_buffer *out, struct cret_bytes bytes);
/* INTEGER of a magnitude, big-endian without leading zeros, not empty. */
void cret_der_put_unsigned(struct cret_buffer *out, struct cret_bytes magnitude);
void cret_der_put_oid(struct cret_buffer *out, struct cret_bytes oid);
/* A SET OF these finished elements, which are sorted (X.690 11.6) and emptied. */
void cret_der_put_sorted(struct cret_buffer *out, uint8_t tag, struct cret_buffer *elements,
                         size_t count);
/* What was written, which becomes the caller's to free; nothing is left in the buffer. Memory only.
 */
CRET_MUST_CHECK enum cret_status cret_der_finish(uint8_t **ret_der, size_t *ret_size,
                                                 struct cret_buffer *buffer, struct cret_err *err);

#endif
