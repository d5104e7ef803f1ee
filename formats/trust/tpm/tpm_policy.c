/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of the policies, and public areas of the two indices. */
#include "trust/tpm/tpm_policy.h"

#include <string.h>

#include "trust/tpm/tpm_wire.h"

/* TPM_CC (part 2, 6.5), TPM_EO (6.8), TPM_RH (7.4). */
#define COMMAND_NV_WRITE 0x00000137u
#define COMMAND_POLICY_NV 0x00000149u
#define COMMAND_POLICY_CP_HASH 0x0000016eu
#define COMMAND_POLICY_AUTHORIZE 0x0000016au
#define OPERATION_UNSIGNED_LT 0x0005u
#define HIERARCHY_OWNER 0x40000001u

#define SCRATCH 256u

static enum cret_status digest_of(uint8_t ret_digest[CRET_SHA256_BYTES],
                                  const struct cret_tpm_writer *writer, struct cret_err *err)
{
    if (writer->failed) {
        return cret_err_undecided(err, "a TPM structure does not fit");
    }
    return cret_sha256(ret_digest, writer->data, writer->size, err);
}

void cret_tpm_anchor_content(uint8_t out[CRET_TPM_ANCHOR_BYTES], uint64_t version,
                             const uint8_t digest[CRET_SHA256_BYTES])
{
    struct cret_tpm_writer writer = {.data = out, .capacity = CRET_TPM_ANCHOR_BYTES};
    cret_tpm_put_u64(&writer, version);
    cret_tpm_put(&writer, digest, CRET_SHA256_BYTES);
}

void cret_tpm_anchor_parse(const uint8_t content[CRET_TPM_ANCHOR_BYTES], uint64_t *ret_version,
                           uint8_t ret_digest[CRET_SHA256_BYTES])
{
    struct cret_tpm_reader reader = {.data = content, .size = CRET_TPM_ANCHOR_BYTES};
    *ret_version = cret_tpm_get_u64(&reader);
    memcpy(ret_digest, cret_tpm_get(&reader, CRET_SHA256_BYTES), CRET_SHA256_BYTES);
}

/* Part 1, 19.7: policyUpdate starts from zero, then hashes the reference in (part 3, 23.16). */
enum cret_status cret_tpm_anchor_policy(uint8_t ret_policy[CRET_SHA256_BYTES],
                                        const struct cret_tpm_key *owner, struct cret_err *err)
{
    uint8_t scratch[SCRATCH], inner[CRET_SHA256_BYTES] = {0};
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put(&writer, inner, sizeof(inner));
    cret_tpm_put_u32(&writer, COMMAND_POLICY_AUTHORIZE);
    cret_tpm_put(&writer, cret_tpm_key_name(owner), CRET_TPM_NAME_BYTES);
    if (digest_of(inner, &writer, err) != CRET_OK) {
        return CRET_FAILED;
    }
    writer = (struct cret_tpm_writer){.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put(&writer, inner, sizeof(inner));
    cret_tpm_put(&writer, CRET_TPM_ANCHOR_REFERENCE, strlen(CRET_TPM_ANCHOR_REFERENCE));
    return digest_of(ret_policy, &writer, err);
}

/* nameAlg and its digest of a TPMS_NV_PUBLIC (part 2, 13.5). */
static enum cret_status index_name(uint8_t ret_name[CRET_TPM_NAME_BYTES], uint32_t index,
                                   uint32_t attributes, const uint8_t *policy, size_t policy_size,
                                   uint16_t data_size, struct cret_err *err)
{
    uint8_t scratch[SCRATCH];
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put_u32(&writer, index);
    cret_tpm_put_u16(&writer, CRET_TPM_ALG_SHA256);
    cret_tpm_put_u32(&writer, attributes);
    cret_tpm_put_sized(&writer, policy, policy_size);
    cret_tpm_put_u16(&writer, data_size);
    ret_name[0] = CRET_TPM_ALG_SHA256 >> 8;
    ret_name[1] = CRET_TPM_ALG_SHA256 & 0xff;
    return digest_of(ret_name + 2, &writer, err);
}

enum cret_status cret_tpm_anchor_name(uint8_t ret_name[CRET_TPM_NAME_BYTES], uint32_t index,
                                      const struct cret_tpm_key *owner, bool written,
                                      struct cret_err *err)
{
    uint8_t policy[CRET_SHA256_BYTES];
    if (cret_tpm_anchor_policy(policy, owner, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return index_name(ret_name, index,
                      CRET_TPM_ANCHOR_ATTRIBUTES | (written ? CRET_TPM_NV_WRITTEN : 0), policy,
                      sizeof(policy), CRET_TPM_ANCHOR_BYTES, err);
}

enum cret_status cret_tpm_journal_name(uint8_t ret_name[CRET_TPM_NAME_BYTES], uint32_t index,
                                       bool written, struct cret_err *err)
{
    return index_name(ret_name, index,
                      CRET_TPM_JOURNAL_ATTRIBUTES | (written ? CRET_TPM_NV_WRITTEN : 0), NULL, 0,
                      CRET_SHA256_BYTES, err);
}

enum cret_status cret_tpm_write_digest(uint8_t ret_digest[CRET_SHA256_BYTES],
                                       const uint8_t anchor_name[CRET_TPM_NAME_BYTES],
                                       const uint8_t content[CRET_TPM_ANCHOR_BYTES],
                                       struct cret_err *err)
{
    uint8_t scratch[SCRATCH];
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put_u32(&writer, COMMAND_NV_WRITE);
    cret_tpm_put(&writer, anchor_name, CRET_TPM_NAME_BYTES); /* authHandle */
    cret_tpm_put(&writer, anchor_name, CRET_TPM_NAME_BYTES); /* nvIndex */
    cret_tpm_put_sized(&writer, content, CRET_TPM_ANCHOR_BYTES);
    cret_tpm_put_u16(&writer, 0); /* offset */
    return digest_of(ret_digest, &writer, err);
}

/* args of PolicyNV: operandB, offset, operation (part 3, 23.9). */
static enum cret_status compare_digest(uint8_t ret_digest[CRET_SHA256_BYTES],
                                       const uint8_t content[CRET_TPM_ANCHOR_BYTES],
                                       struct cret_err *err)
{
    uint8_t scratch[SCRATCH];
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put(&writer, content, 8);
    cret_tpm_put_u16(&writer, 0);
    cret_tpm_put_u16(&writer, OPERATION_UNSIGNED_LT);
    return digest_of(ret_digest, &writer, err);
}

enum cret_status cret_tpm_order_policy(uint8_t ret_policy[CRET_SHA256_BYTES],
                                       const uint8_t anchor_name[CRET_TPM_NAME_BYTES],
                                       const uint8_t content[CRET_TPM_ANCHOR_BYTES],
                                       struct cret_err *err)
{
    uint8_t scratch[SCRATCH], policy[CRET_SHA256_BYTES] = {0}, inner[CRET_SHA256_BYTES];
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    if (compare_digest(inner, content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_tpm_put(&writer, policy, sizeof(policy));
    cret_tpm_put_u32(&writer, COMMAND_POLICY_NV);
    cret_tpm_put(&writer, inner, sizeof(inner));
    cret_tpm_put(&writer, anchor_name, CRET_TPM_NAME_BYTES);
    if (digest_of(policy, &writer, err) != CRET_OK ||
        cret_tpm_write_digest(inner, anchor_name, content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    writer = (struct cret_tpm_writer){.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put(&writer, policy, sizeof(policy));
    cret_tpm_put_u32(&writer, COMMAND_POLICY_CP_HASH);
    cret_tpm_put(&writer, inner, sizeof(inner));
    return digest_of(ret_policy, &writer, err);
}

enum cret_status cret_tpm_qualified_name(uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                         const uint8_t name[CRET_TPM_NAME_BYTES],
                                         struct cret_err *err)
{
    uint8_t scratch[SCRATCH];
    struct cret_tpm_writer writer = {.data = scratch, .capacity = sizeof(scratch)};
    cret_tpm_put_u32(&writer, HIERARCHY_OWNER);
    cret_tpm_put(&writer, name, CRET_TPM_NAME_BYTES);
    ret_name[0] = CRET_TPM_ALG_SHA256 >> 8;
    ret_name[1] = CRET_TPM_ALG_SHA256 & 0xff;
    return digest_of(ret_name + 2, &writer, err);
}
