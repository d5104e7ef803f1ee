/* SPDX-License-Identifier: Apache-2.0 */
/* What a TPM says of itself, and what it has at a station's handles. */
#include <stdio.h>

#include "verifier/tpm/tpm_internal.h"

enum cret_status cret_tpm_property(struct cret_tpm *tpm, TPM2_PT property, uint32_t *ret_value,
                                   struct cret_err *err)
{
    TPMI_YES_NO more = 0;
    TPMS_CAPABILITY_DATA *data = NULL;
    const TSS2_RC rc =
        tpm->tss.Esys_GetCapability(tpm->esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                    TPM2_CAP_TPM_PROPERTIES, property, 1, &more, &data);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "asking the TPM for its properties");
    }
    const TPML_TAGGED_TPM_PROPERTY *list = &data->data.tpmProperties;
    const bool answered = data->capability == TPM2_CAP_TPM_PROPERTIES && list->count > 0 &&
                          list->tpmProperty[0].property == property;
    *ret_value = answered ? list->tpmProperty[0].value : 0;
    tpm->tss.Esys_Free(data);
    return answered ? CRET_OK
                    : cret_err_undecided(err, "the TPM does not tell its property 0x%x", property);
}

static enum cret_status look(struct cret_tpm *tpm, uint32_t handle, const char *what,
                             struct cret_tpm_object *ret_object, struct cret_err *err)
{
    ESYS_TR object = ESYS_TR_NONE;
    if (cret_tpm_present(tpm, handle, &ret_object->present, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return ret_object->present ? cret_tpm_object(tpm, handle, what, &object, ret_object->name, err)
                               : CRET_OK;
}

enum cret_status cret_tpm_status(struct cret_tpm *tpm, const struct cret_station *station,
                                 struct cret_tpm_state *ret_state, struct cret_err *err)
{
    struct cret_tpm_state state = {.manufacturer = ""};
    uint32_t permanent = 0, maker = 0, firmware[2] = {0};
    if (cret_tpm_property(tpm, TPM2_PT_PERMANENT, &permanent, err) != CRET_OK ||
        cret_tpm_property(tpm, TPM2_PT_MANUFACTURER, &maker, err) != CRET_OK ||
        cret_tpm_property(tpm, TPM2_PT_FIRMWARE_VERSION_1, &firmware[0], err) != CRET_OK ||
        cret_tpm_property(tpm, TPM2_PT_FIRMWARE_VERSION_2, &firmware[1], err) != CRET_OK ||
        look(tpm, station->storage_handle, "the storage root key", &state.storage, err) !=
            CRET_OK ||
        look(tpm, station->attestation_handle, "the attestation key", &state.attestation, err) !=
            CRET_OK ||
        look(tpm, station->anchor_index, "the trust anchor", &state.anchor, err) != CRET_OK ||
        look(tpm, station->journal_index, "the journal head", &state.journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < 4; i++) {
        const char letter = (char)(maker >> (24 - 8 * i) & 0xff);
        state.manufacturer[i] = letter >= ' ' && letter <= '~' ? letter : ' ';
    }
    snprintf(state.firmware, sizeof(state.firmware), "%u.%u.%u.%u", firmware[0] >> 16,
             firmware[0] & 0xffff, firmware[1] >> 16, firmware[1] & 0xffff);
    state.owner_auth = (permanent & TPMA_PERMANENT_OWNERAUTHSET) != 0;
    state.endorsement_auth = (permanent & TPMA_PERMANENT_ENDORSEMENTAUTHSET) != 0;
    state.lockout_auth = (permanent & TPMA_PERMANENT_LOCKOUTAUTHSET) != 0;
    state.in_lockout = (permanent & TPMA_PERMANENT_INLOCKOUT) != 0;
    *ret_state = state;
    return CRET_OK;
}
