/* SPDX-License-Identifier: Apache-2.0 */
/* An order is judged by the TPM alone: each step below is one of its own conditions. */
#include <string.h>

#include "verifier/tpm/tpm_internal.h"

static void fill_signature(TPMT_SIGNATURE *out, const struct cret_order *order)
{
    const size_t half = order->signature_size / 2;
    memset(out, 0, sizeof(*out));
    if (cret_tpm_key_kind(order->owner) == CRET_KEY_RSA) {
        out->sigAlg = TPM2_ALG_RSASSA;
        out->signature.rsassa.hash = TPM2_ALG_SHA256;
        out->signature.rsassa.sig.size = (UINT16)order->signature_size;
        memcpy(out->signature.rsassa.sig.buffer, order->signature, order->signature_size);
        return;
    }
    out->sigAlg = TPM2_ALG_ECDSA;
    out->signature.ecdsa.hash = TPM2_ALG_SHA256;
    out->signature.ecdsa.signatureR.size = (UINT16)half;
    out->signature.ecdsa.signatureS.size = (UINT16)half;
    memcpy(out->signature.ecdsa.signatureR.buffer, order->signature, half);
    memcpy(out->signature.ecdsa.signatureS.buffer, order->signature + half, half);
}

/* PolicyNV(anchor's version < order's) and PolicyCpHash(this write). */
static enum cret_status assert_order(struct cret_tpm *tpm, ESYS_TR policy,
                                     const uint8_t content[CRET_TPM_ANCHOR_BYTES],
                                     struct cret_err *err)
{
    TPM2B_OPERAND version = {.size = 8};
    TPM2B_DIGEST command = {.size = CRET_SHA256_BYTES};
    memcpy(version.buffer, content, 8);
    TSS2_RC rc =
        tpm->tss.Esys_PolicyNV(tpm->esys, tpm->anchor, tpm->anchor, policy, tpm->session,
                               ESYS_TR_NONE, ESYS_TR_NONE, &version, 0, TPM2_EO_UNSIGNED_LT);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_refused(tpm, err, rc,
                                "its version is not above the one that the TPM holds");
    }
    if (cret_tpm_write_digest(command.buffer, tpm->station->anchor_name, content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    rc = tpm->tss.Esys_PolicyCpHash(tpm->esys, policy, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                    &command);
    return rc == TSS2_RC_SUCCESS
               ? CRET_OK
               : cret_tpm_refused(tpm, err, rc, "it does not allow exactly this write");
}

/* The TPM verifies the signature over the approved policy, and its ticket turns the session's
 * policy into that of the anchor. */
static enum cret_status authorize(struct cret_tpm *tpm, ESYS_TR policy,
                                  const struct cret_order *order, struct cret_err *err)
{
    uint8_t message[CRET_ORDER_MESSAGE_MAXIMUM];
    size_t size = 0;
    TPM2B_DIGEST digest = {.size = CRET_SHA256_BYTES}, approved = {.size = CRET_SHA256_BYTES};
    TPM2B_NONCE reference = {.size = (UINT16)strlen(CRET_TPM_ANCHOR_REFERENCE)};
    TPM2B_NAME name = {.size = CRET_TPM_NAME_BYTES};
    TPMT_SIGNATURE signature;
    TPMT_TK_VERIFIED *ticket = NULL;
    ESYS_TR key = ESYS_TR_NONE;
    if (cret_order_message(message, &size, approved.buffer, order, err) != CRET_OK ||
        cret_sha256(digest.buffer, message, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(reference.buffer, CRET_TPM_ANCHOR_REFERENCE, reference.size);
    memcpy(name.name, cret_tpm_key_name(order->owner), CRET_TPM_NAME_BYTES);
    fill_signature(&signature, order);
    TSS2_RC rc = cret_tpm_load(tpm, order->owner, &key);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "loading the key of the order");
    }
    rc = tpm->tss.Esys_VerifySignature(tpm->esys, key, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                       &digest, &signature, &ticket);
    if (tpm->tss.Esys_FlushContext(tpm->esys, key) != TSS2_RC_SUCCESS) {
        /* One key stays behind until the connection or the machine ends; nothing depends on it. */
        key = ESYS_TR_NONE;
    }
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_refused(tpm, err, rc,
                                "its signature is not valid for this version, trust policy "
                                "and index");
    }
    rc = tpm->tss.Esys_PolicyAuthorize(tpm->esys, policy, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                       &approved, &reference, &name, ticket);
    tpm->tss.Esys_Free(ticket);
    return rc == TSS2_RC_SUCCESS ? CRET_OK
                                 : cret_tpm_refused(tpm, err, rc,
                                                    "it was made by another trust owner, or "
                                                    "for another index");
}

static enum cret_status write_anchor(struct cret_tpm *tpm, ESYS_TR policy,
                                     const struct cret_order *order, struct cret_err *err)
{
    TPM2B_MAX_NV_BUFFER content = {.size = CRET_TPM_ANCHOR_BYTES};
    cret_tpm_anchor_content(content.buffer, order->version, order->digest);
    if (assert_order(tpm, policy, content.buffer, err) != CRET_OK ||
        authorize(tpm, policy, order, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const TSS2_RC rc = tpm->tss.Esys_NV_Write(tpm->esys, tpm->anchor, tpm->anchor, policy,
                                              ESYS_TR_NONE, ESYS_TR_NONE, &content, 0);
    return rc == TSS2_RC_SUCCESS
               ? CRET_OK
               : cret_tpm_refused(tpm, err, rc,
                                  "it was signed by another key than that of this TPM's "
                                  "trust owner");
}

enum cret_status cret_tpm_apply(struct cret_tpm *tpm, const struct cret_order *order,
                                struct cret_err *err)
{
    ESYS_TR policy = ESYS_TR_NONE;
    uint64_t version = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (order->index != tpm->station->anchor_index) {
        cret_err_usage(err, "the order is for another index than this station's anchor");
        cret_err_expected(err, "0x%08x", tpm->station->anchor_index);
        return cret_err_actual(err, "0x%08x", order->index);
    }
    if (cret_tpm_need_anchor(tpm, err) != CRET_OK ||
        cret_tpm_start(tpm, TPM2_SE_POLICY, ESYS_TR_NONE, &policy, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status written = write_anchor(tpm, policy, order, err);
    cret_tpm_flush(tpm, &policy); /* a policy session survives the write */
    if (written != CRET_OK || cret_tpm_read_anchor(tpm, &version, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (version != order->version || memcmp(digest, order->digest, sizeof(digest)) != 0) {
        return cret_err_undecided(err, "the TPM said that it wrote the anchor, and did not");
    }
    return CRET_OK;
}
