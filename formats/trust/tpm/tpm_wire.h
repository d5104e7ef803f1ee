/* SPDX-License-Identifier: Apache-2.0 */
/* The byte form of TPM structures (TPM 2.0 Library, part 1, 11.4): big-endian, TPM2B with a 16-bit
 * size in front. For structures whose digests or signatures are computed without a TPM. */
#ifndef CRET_TRUST_TPM_WIRE_H
#define CRET_TRUST_TPM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/attributes.h"

/* Values of part 2 that this project writes or compares. */
enum {
    CRET_TPM_ALG_RSA = 0x0001,
    CRET_TPM_ALG_SHA256 = 0x000b,
    CRET_TPM_ALG_NULL = 0x0010,
    CRET_TPM_ALG_RSASSA = 0x0014,
    CRET_TPM_ALG_RSAPSS = 0x0016,
    CRET_TPM_ALG_ECDSA = 0x0018,
    CRET_TPM_ALG_ECC = 0x0023,
    CRET_TPM_CURVE_P256 = 0x0003,
    CRET_TPM_CURVE_P384 = 0x0004,
    CRET_TPM_ST_ATTEST_NV = 0x8014,
};

/* Zero-initialize with buffer and capacity. What does not fit makes it failed, and stays so. */
struct cret_tpm_writer {
    uint8_t *data;
    size_t capacity, size;
    bool failed;
};
void cret_tpm_put(struct cret_tpm_writer *writer, const void *data, size_t size);
void cret_tpm_put_u16(struct cret_tpm_writer *writer, uint16_t value);
void cret_tpm_put_u32(struct cret_tpm_writer *writer, uint32_t value);
void cret_tpm_put_u64(struct cret_tpm_writer *writer, uint64_t value);
/* TPM2B: 16-bit size, then the bytes. */
void cret_tpm_put_sized(struct cret_tpm_writer *writer, const void *data, size_t size);

/* Reads from borrowed bytes; reading beyond the end makes it failed, and gives zeros or NULL. */
struct cret_tpm_reader {
    const uint8_t *data;
    size_t size, offset;
    bool failed;
};
const uint8_t *cret_tpm_get(struct cret_tpm_reader *reader, size_t size);
uint16_t cret_tpm_get_u16(struct cret_tpm_reader *reader);
uint32_t cret_tpm_get_u32(struct cret_tpm_reader *reader);
uint64_t cret_tpm_get_u64(struct cret_tpm_reader *reader);
/* TPM2B; *ret_size is its size. Never NULL unless failed. */
const uint8_t *cret_tpm_get_sized(struct cret_tpm_reader *reader, size_t *ret_size);
/* CRET_OK where nothing failed and nothing is left. */
CRET_MUST_CHECK enum cret_status cret_tpm_get_end(const struct cret_tpm_reader *reader);

#endif
