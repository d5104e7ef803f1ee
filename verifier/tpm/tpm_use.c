/* SPDX-License-Identifier: Apache-2.0 */
/* Reading anchor and journal head, extending and attesting the head: all in the salted session. */
#include <string.h>

#include "verifier/tpm/tpm_internal.h"

/* Reads size bytes of an index, authorized by its own auth value in the salted session. */
static enum cret_status read_index(struct cret_tpm *tpm, ESYS_TR index, void *data, size_t size,
                                   const char *action, struct cret_err *err)
{
    TPM2B_MAX_NV_BUFFER *content = NULL;
    const TSS2_RC rc = tpm->tss.Esys_NV_Read(tpm->esys, index, index, tpm->session, ESYS_TR_NONE,
                                             ESYS_TR_NONE, (UINT16)size, 0, &content);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, action);
    }
    const bool fits = content->size == size;
    if (fits) {
        memcpy(data, content->buffer, size);
    }
    tpm->tss.Esys_Free(content);
    return fits ? CRET_OK : cret_err_undecided(err, "%s: the TPM gave another length", action);
}

enum cret_status cret_tpm_read_anchor(struct cret_tpm *tpm, uint64_t *ret_version,
                                      uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    uint8_t content[CRET_TPM_ANCHOR_BYTES];
    if (cret_tpm_need_anchor(tpm, err) != CRET_OK ||
        read_index(tpm, tpm->anchor, content, sizeof(content), "reading the trust anchor", err) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    cret_tpm_anchor_parse(content, ret_version, ret_digest);
    return CRET_OK;
}

enum cret_status cret_tpm_read_head(struct cret_tpm *tpm, uint8_t ret_head[CRET_SHA256_BYTES],
                                    struct cret_err *err)
{
    return cret_tpm_need_journal(tpm, err) == CRET_OK
               ? read_index(tpm, tpm->journal, ret_head, CRET_SHA256_BYTES,
                            "reading the journal head", err)
               : CRET_FAILED;
}

enum cret_status cret_tpm_extend_head(struct cret_tpm *tpm,
                                      const uint8_t line_digest[CRET_SHA256_BYTES],
                                      struct cret_err *err)
{
    TPM2B_MAX_NV_BUFFER data = {.size = CRET_SHA256_BYTES};
    if (cret_tpm_need_journal(tpm, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(data.buffer, line_digest, CRET_SHA256_BYTES);
    const TSS2_RC rc = tpm->tss.Esys_NV_Extend(tpm->esys, tpm->journal, tpm->journal, tpm->session,
                                               ESYS_TR_NONE, ESYS_TR_NONE, &data);
    return rc == TSS2_RC_SUCCESS ? CRET_OK
                                 : cret_tpm_failed(tpm, err, rc, "extending the journal head");
}

/* r and s are magnitudes; the file has them in full length. */
static bool place(uint8_t out[32], const TPM2B_ECC_PARAMETER *value)
{
    if (value->size > 32) {
        return false;
    }
    memset(out, 0, 32);
    memcpy(out + 32 - value->size, value->buffer, value->size);
    return true;
}

enum cret_status cret_tpm_certify_head(struct cret_tpm *tpm, struct cret_attestation *attestation,
                                       struct cret_err *err)
{
    TPM2B_DATA qualifying = {.size = CRET_SHA256_BYTES};
    const TPMT_SIG_SCHEME scheme = {.scheme = TPM2_ALG_NULL};
    TPM2B_ATTEST *attest = NULL;
    TPMT_SIGNATURE *signature = NULL;
    if (cret_tpm_need_journal(tpm, err) != CRET_OK ||
        cret_tpm_need_attestation(tpm, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(qualifying.buffer, attestation->record, CRET_SHA256_BYTES);
    /* The key has no secret; the salted session on the index protects the whole command. */
    const TSS2_RC rc = tpm->tss.Esys_NV_Certify(
        tpm->esys, tpm->attestation, tpm->journal, tpm->journal, ESYS_TR_PASSWORD, tpm->session,
        ESYS_TR_NONE, &qualifying, &scheme, CRET_SHA256_BYTES, 0, &attest, &signature);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "attesting the journal head");
    }
    const bool fits = attest->size <= sizeof(attestation->attest) &&
                      signature->sigAlg == TPM2_ALG_ECDSA &&
                      place(attestation->signature, &signature->signature.ecdsa.signatureR) &&
                      place(attestation->signature + 32, &signature->signature.ecdsa.signatureS);
    if (fits) {
        memcpy(attestation->attest, attest->attestationData, attest->size);
        attestation->attest_size = attest->size;
    }
    tpm->tss.Esys_Free(attest);
    tpm->tss.Esys_Free(signature);
    if (!fits) {
        return cret_err_undecided(err, "attesting the journal head: the answer has another form");
    }
    return cret_attestation_verify(attestation, tpm->station, attestation->record, err);
}

TSS2_RC cret_tpm_load(struct cret_tpm *tpm, const struct cret_tpm_key *key, ESYS_TR *ret_object)
{
    TPM2B_PUBLIC public = {0};
    size_t size = 0, offset = 0;
    const uint8_t *area = cret_tpm_key_area(key, &size);
    const TSS2_RC rc =
        tpm->tss.Tss2_MU_TPMT_PUBLIC_Unmarshal(area, size, &offset, &public.publicArea);
    if (rc != TSS2_RC_SUCCESS) {
        return rc;
    }
    TSS2_RC loaded = TSS2_RC_SUCCESS;
    unsigned waited = 0;
    do {
        loaded = tpm->tss.Esys_LoadExternal(tpm->esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                            NULL, &public, ESYS_TR_RH_OWNER, ret_object);
    } while (cret_tpm_crowded(loaded, &waited));
    return loaded;
}
