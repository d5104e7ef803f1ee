/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures verified once more, by the TPM. */
#include <string.h>

#include "verifier/tpm/tpm_internal.h"

static const struct digest_row {
    const char *name;
    TPM2_ALG_ID algorithm;
    size_t size;
} digest_rows[] = {{"sha256", TPM2_ALG_SHA256, 32},
                   {"sha384", TPM2_ALG_SHA384, 48},
                   {"sha512", TPM2_ALG_SHA512, 64}};

/* "rsa-3072-pss-sha256": the digest stands at the end, the padding before it. */
static const struct digest_row *digest_of(const struct cret_tpm_signature *signature)
{
    const char *end = strrchr(signature->algorithm, '-');
    for (size_t i = 0; end != NULL && i < CRET_LENGTH(digest_rows); i++) {
        if (strcmp(end + 1, digest_rows[i].name) == 0 &&
            digest_rows[i].size == signature->digest_size) {
            return &digest_rows[i];
        }
    }
    return NULL;
}

/* The value in the TPM's form; false where it has none. */
static bool fill(TPMT_SIGNATURE *out, const struct cret_tpm_key *key, const uint8_t *value,
                 size_t size, const struct digest_row *digest, bool pss)
{
    memset(out, 0, sizeof(*out));
    if (size == 0) {
        return false;
    }
    if (cret_tpm_key_kind(key) == CRET_KEY_RSA) {
        out->sigAlg = pss ? TPM2_ALG_RSAPSS : TPM2_ALG_RSASSA;
        out->signature.rsassa.hash = digest->algorithm; /* rsapss has the same layout */
        out->signature.rsassa.sig.size = (UINT16)size;
        memcpy(out->signature.rsassa.sig.buffer, value, size);
        return true;
    }
    out->sigAlg = TPM2_ALG_ECDSA;
    out->signature.ecdsa.hash = digest->algorithm;
    out->signature.ecdsa.signatureR.size = (UINT16)(size / 2);
    out->signature.ecdsa.signatureS.size = (UINT16)(size / 2);
    memcpy(out->signature.ecdsa.signatureR.buffer, value, size / 2);
    memcpy(out->signature.ecdsa.signatureS.buffer, value + size / 2, size / 2);
    return true;
}

static enum cret_status cannot(enum cret_tpm_answer *ret_answer, const char *algorithm,
                               struct cret_err *err)
{
    *ret_answer = CRET_TPM_CANNOT;
    cret_err_undecided(err, "not every TPM takes %s: it was not asked", algorithm);
    return CRET_OK;
}

/* VerifySignature, its answer protected by the salted session, which audits the command. */
static enum cret_status ask(struct cret_tpm *tpm, ESYS_TR key,
                            const struct cret_tpm_signature *signature, const TPMT_SIGNATURE *value,
                            enum cret_tpm_answer *ret_answer, struct cret_err *err)
{
    TPM2B_DIGEST digest = {.size = (UINT16)signature->digest_size};
    TPMT_TK_VERIFIED *ticket = NULL;
    memcpy(digest.buffer, signature->digest, signature->digest_size);
    if (cret_tpm_attribute(tpm, TPMA_SESSION_AUDIT, true, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const TSS2_RC rc = tpm->tss.Esys_VerifySignature(tpm->esys, key, tpm->session, ESYS_TR_NONE,
                                                     ESYS_TR_NONE, &digest, value, &ticket);
    tpm->tss.Esys_Free(ticket);
    if (cret_tpm_attribute(tpm, TPMA_SESSION_AUDIT, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (rc == TSS2_RC_SUCCESS) {
        *ret_answer = CRET_TPM_AGREES;
        return CRET_OK;
    }
    switch (cret_tpm_code(rc)) {
    case TPM2_RC_SIGNATURE:
        *ret_answer = CRET_TPM_DISAGREES;
        cret_tpm_failed(tpm, err, rc, "verifying a signature in the TPM");
        return CRET_OK;
    case TPM2_RC_HASH:
    case TPM2_RC_SCHEME:
        return cannot(ret_answer, signature->algorithm, err);
    default:
        return cret_tpm_failed(tpm, err, rc, "verifying a signature in the TPM");
    }
}

enum cret_status cret_tpm_verify(struct cret_tpm *tpm, const struct cret_tpm_signature *signature,
                                 enum cret_tpm_answer *ret_answer, struct cret_err *err)
{
    const struct digest_row *digest = digest_of(signature);
    struct cret_tpm_key *key = NULL;
    uint8_t value[CRET_TPM_SIGNATURE_MAXIMUM];
    TPMT_SIGNATURE filled;
    ESYS_TR loaded = ESYS_TR_NONE;
    enum cret_status status = CRET_FAILED;
    *ret_answer = CRET_TPM_DISAGREES;
    if (digest == NULL ||
        cret_tpm_key_from_der(&key, signature->key, signature->key_size, "signature",
                              CRET_TPM_USE_VERIFY, NULL) != CRET_OK) {
        return cannot(ret_answer, signature->algorithm, err);
    }
    const size_t size =
        cret_tpm_key_signature_form(key, value, signature->value, signature->value_size);
    if (!fill(&filled, key, value, size, digest, strstr(signature->algorithm, "-pss-") != NULL)) {
        cret_err_undecided(err, "the signature has no form that a TPM takes");
        status = CRET_OK; /* what OpenSSL took and has no such form is a disagreement */
        goto out;
    }
    const TSS2_RC rc = cret_tpm_load(tpm, key, &loaded);
    if (rc != TSS2_RC_SUCCESS) {
        loaded = ESYS_TR_NONE;
        const TPM2_RC code = cret_tpm_code(rc);
        status = code == TPM2_RC_VALUE || code == TPM2_RC_CURVE || code == TPM2_RC_KEY_SIZE
                     ? cannot(ret_answer, signature->algorithm, err)
                     : cret_tpm_failed(tpm, err, rc, "loading a signer's key into the TPM");
        goto out;
    }
    status = ask(tpm, loaded, signature, &filled, ret_answer, err);
out:
    if (loaded != ESYS_TR_NONE &&
        tpm->tss.Esys_FlushContext(tpm->esys, loaded) != TSS2_RC_SUCCESS && status == CRET_OK) {
        status = cret_err_undecided(err, "the TPM does not release a key");
    }
    cret_tpm_key_free(&key);
    return status;
}
