/* SPDX-License-Identifier: Apache-2.0 */
/* Provisioning: everything that a station's TPM gets, or nothing. */
#include <string.h>

#include "base/system/os.h"
#include "verifier/tpm/tpm_internal.h"

/* What was made, so that a failure can take it back. */
struct made {
    bool storage, attestation, anchor, journal;
};

struct run {
    struct cret_tpm *tpm;
    const struct cret_tpm_provision *provision;
    struct made made;
};

static enum cret_status check_auth_set(const struct run *run, struct cret_err *err)
{
    uint32_t permanent = 0;
    if (run->provision->insecure) {
        return CRET_OK;
    }
    if (cret_tpm_property(run->tpm, TPM2_PT_PERMANENT, &permanent, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool owner = (permanent & TPMA_PERMANENT_OWNERAUTHSET) != 0;
    const bool lockout = (permanent & TPMA_PERMANENT_LOCKOUTAUTHSET) != 0;
    if (owner && lockout) {
        return CRET_OK;
    }
    cret_err_usage(err,
                   "the TPM has no %s authorization: anybody could remove what "
                   "provisioning makes",
                   owner     ? "lockout"
                   : lockout ? "owner"
                             : "owner and no lockout");
    cret_err_expected(err, "owner and lockout authorization set");
    return cret_err_hint(err, "tpm2_changeauth -c owner NEW, tpm2_changeauth -c lockout NEW; keep "
                              "both where the station's users cannot read them");
}

static enum cret_status check_free(const struct run *run, struct cret_err *err)
{
    const struct cret_station *station = run->provision->station;
    const uint32_t handles[] = {station->anchor_index, station->journal_index};
    for (size_t i = 0; i < CRET_LENGTH(handles); i++) {
        bool present = false;
        if (cret_tpm_present(run->tpm, handles[i], &present, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (present) {
            cret_err_usage(err, "the TPM has an index 0x%08x already", handles[i]);
            return cret_err_hint(err,
                                 "the station is provisioned (see `cretula-verify tpm "
                                 "status`); to begin anew, close the journal, then "
                                 "tpm2_nvundefine -C o 0x%08x",
                                 handles[i]);
        }
    }
    return CRET_OK;
}

/* TPMA_OBJECT and parameters of the two primary keys. */
static TPM2B_PUBLIC storage_template(void)
{
    TPM2B_PUBLIC public = {.publicArea = {
                               .type = TPM2_ALG_ECC,
                               .nameAlg = TPM2_ALG_SHA256,
                               .objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                                                   TPMA_OBJECT_SENSITIVEDATAORIGIN |
                                                   TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA |
                                                   TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT,
                               .parameters.eccDetail = {.symmetric = {.algorithm = TPM2_ALG_AES,
                                                                      .keyBits.aes = 128,
                                                                      .mode.aes = TPM2_ALG_CFB},
                                                        .scheme.scheme = TPM2_ALG_NULL,
                                                        .curveID = TPM2_ECC_NIST_P256,
                                                        .kdf.scheme = TPM2_ALG_NULL},
                           }};
    return public;
}

static TPM2B_PUBLIC attestation_template(void)
{
    TPM2B_PUBLIC public = {
        .publicArea = {
            .type = TPM2_ALG_ECC,
            .nameAlg = TPM2_ALG_SHA256,
            .objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                                TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
                                TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED |
                                TPMA_OBJECT_SIGN_ENCRYPT,
            .parameters.eccDetail = {.symmetric.algorithm = TPM2_ALG_NULL,
                                     .scheme = {.scheme = TPM2_ALG_ECDSA,
                                                .details.ecdsa.hashAlg = TPM2_ALG_SHA256},
                                     .curveID = TPM2_ECC_NIST_P256,
                                     .kdf.scheme = TPM2_ALG_NULL},
        }};
    return public;
}

/* A primary key of the owner hierarchy, made persistent. */
static enum cret_status create_key(struct run *run, const TPM2B_PUBLIC *template, ESYS_TR session,
                                   TPM2_HANDLE handle, const char *action, struct cret_err *err)
{
    struct cret_tpm *tpm = run->tpm;
    const TPM2B_SENSITIVE_CREATE sensitive = {.size = 0};
    const TPM2B_DATA outside = {.size = 0};
    const TPML_PCR_SELECTION pcrs = {.count = 0};
    ESYS_TR transient = ESYS_TR_NONE, persistent = ESYS_TR_NONE;
    TSS2_RC rc = tpm->tss.Esys_CreatePrimary(tpm->esys, ESYS_TR_RH_OWNER, session, ESYS_TR_NONE,
                                             ESYS_TR_NONE, &sensitive, template, &outside, &pcrs,
                                             &transient, NULL, NULL, NULL, NULL);
    if (rc == TSS2_RC_SUCCESS) {
        rc = tpm->tss.Esys_EvictControl(tpm->esys, ESYS_TR_RH_OWNER, transient, session,
                                        ESYS_TR_NONE, ESYS_TR_NONE, handle, &persistent);
        const TSS2_RC flushed = tpm->tss.Esys_FlushContext(tpm->esys, transient);
        rc = rc != TSS2_RC_SUCCESS ? rc : flushed;
    }
    if (rc != TSS2_RC_SUCCESS) {
        cret_tpm_failed(tpm, err, rc, action);
        if (err != NULL && cret_tpm_code(rc) == TPM2_RC_BAD_AUTH) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* An existing key is used only where it is what a storage root key must be. */
static enum cret_status check_storage(struct cret_tpm *tpm, struct cret_err *err)
{
    const TPMA_OBJECT wanted = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                               TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
    TPM2B_PUBLIC *public = NULL;
    const TSS2_RC rc = tpm->tss.Esys_ReadPublic(tpm->esys, tpm->storage, ESYS_TR_NONE, ESYS_TR_NONE,
                                                ESYS_TR_NONE, &public, NULL, NULL);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "reading the storage root key");
    }
    const bool fits = (public->publicArea.objectAttributes & wanted) == wanted &&
                      public->publicArea.nameAlg == TPM2_ALG_SHA256;
    tpm->tss.Esys_Free(public);
    if (!fits) {
        cret_err_usage(err, "what the TPM has at the storage root key's handle is no storage "
                            "root key");
        return cret_err_hint(err, "choose another handle with --storage-handle");
    }
    return CRET_OK;
}

static enum cret_status take_storage(struct run *run, struct cret_err *err)
{
    struct cret_tpm *tpm = run->tpm;
    struct cret_station *station = run->provision->station;
    bool present = false;
    ESYS_TR session = ESYS_TR_NONE;
    if (cret_tpm_present(tpm, station->storage_handle, &present, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!present) {
        const TPM2B_PUBLIC template = storage_template();
        if (cret_tpm_start(tpm, TPM2_SE_HMAC, ESYS_TR_NONE, &session, err) != CRET_OK ||
            create_key(run, &template, session, station->storage_handle,
                       "creating the storage root key", err) != CRET_OK) {
            return CRET_FAILED;
        }
        run->made.storage = true;
        cret_tpm_flush(tpm, &session);
    }
    if (cret_tpm_object(tpm, station->storage_handle, "the storage root key", &tpm->storage,
                        station->storage_name, err) != CRET_OK ||
        check_storage(tpm, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_tpm_salt(tpm, station->storage_name, err);
}

static enum cret_status read_attestation_key(struct run *run, struct cret_err *err)
{
    struct cret_station *station = run->provision->station;
    uint8_t name[CRET_TPM_NAME_BYTES], point[2][32] = {{0}};
    TPM2B_PUBLIC *public = NULL;
    if (cret_tpm_object(run->tpm, station->attestation_handle, "the attestation key",
                        &run->tpm->attestation, name, err) != CRET_OK ||
        cret_tpm_attribute(run->tpm, TPMA_SESSION_AUDIT, true, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const TSS2_RC rc =
        run->tpm->tss.Esys_ReadPublic(run->tpm->esys, run->tpm->attestation, run->tpm->session,
                                      ESYS_TR_NONE, ESYS_TR_NONE, &public, NULL, NULL);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(run->tpm, err, rc, "reading the attestation key");
    }
    const TPMS_ECC_POINT *unique = &public->publicArea.unique.ecc;
    const bool fits =
        public->publicArea.type == TPM2_ALG_ECC && unique->x.size <= 32 && unique->y.size <= 32;
    if (fits) {
        memcpy(point[0] + 32 - unique->x.size, unique->x.buffer, unique->x.size);
        memcpy(point[1] + 32 - unique->y.size, unique->y.buffer, unique->y.size);
    }
    run->tpm->tss.Esys_Free(public);
    if (cret_tpm_attribute(run->tpm, TPMA_SESSION_AUDIT, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (fits &&
        cret_tpm_key_from_point(&station->attestation, point[0], point[1], err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!fits || memcmp(cret_tpm_key_name(station->attestation), name, sizeof(name)) != 0) {
        cret_err_usage(err, "what the TPM has at the attestation key's handle is another kind "
                            "of key");
        return cret_err_hint(err, "choose another handle with --attestation-handle");
    }
    return CRET_OK;
}

static enum cret_status take_attestation(struct run *run, struct cret_err *err)
{
    const uint32_t handle = run->provision->station->attestation_handle;
    bool present = false;
    if (cret_tpm_present(run->tpm, handle, &present, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!present) {
        const TPM2B_PUBLIC template = attestation_template();
        if (create_key(run, &template, run->tpm->session, handle, "creating the attestation key",
                       err) != CRET_OK) {
            return CRET_FAILED;
        }
        run->made.attestation = true;
    }
    return read_attestation_key(run, err);
}

static enum cret_status define(struct run *run, const TPMS_NV_PUBLIC *public, const uint8_t *auth,
                               ESYS_TR *ret_index, const char *action, struct cret_err *err)
{
    const TPM2B_NV_PUBLIC wrapped = {.nvPublic = *public};
    TPM2B_AUTH value = {.size = 0};
    if (auth != NULL) {
        value.size = CRET_TPM_AUTH_BYTES;
        memcpy(value.buffer, auth, CRET_TPM_AUTH_BYTES);
    }
    enum cret_status status = cret_tpm_attribute(run->tpm, TPMA_SESSION_DECRYPT, true, err);
    if (status == CRET_OK) {
        const TSS2_RC rc = run->tpm->tss.Esys_NV_DefineSpace(
            run->tpm->esys, ESYS_TR_RH_OWNER, run->tpm->session, ESYS_TR_NONE, ESYS_TR_NONE, &value,
            &wrapped, ret_index);
        if (rc != TSS2_RC_SUCCESS) {
            status = cret_tpm_failed(run->tpm, err, rc, action);
            if (err != NULL && cret_tpm_code(rc) == TPM2_RC_BAD_AUTH) {
                cret_err_reclass(err, CRET_ERR_USAGE);
            }
        } else {
            status = cret_tpm_attribute(run->tpm, TPMA_SESSION_DECRYPT, false, err);
        }
    }
    explicit_bzero(&value, sizeof(value));
    return status;
}

/* After its first write an index has another Name: take it anew, and compare with the computed. */
static enum cret_status retake(struct run *run, ESYS_TR *index, uint32_t handle,
                               const uint8_t *expected, const char *what, struct cret_err *err)
{
    uint8_t name[CRET_TPM_NAME_BYTES];
    TSS2_RC rc = run->tpm->tss.Esys_TR_Close(run->tpm->esys, index);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(run->tpm, err, rc, "using an index");
    }
    if (cret_tpm_object(run->tpm, handle, what, index, name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(name, expected, sizeof(name)) != 0) {
        return cret_err_undecided(err, "the TPM made %s with another Name than computed", what);
    }
    return CRET_OK;
}

static enum cret_status make_anchor(struct run *run, struct cret_err *err)
{
    struct cret_tpm *tpm = run->tpm;
    const struct cret_tpm_provision *provision = run->provision;
    const struct cret_station *station = provision->station;
    TPMS_NV_PUBLIC public = {.nvIndex = station->anchor_index,
                             .nameAlg = TPM2_ALG_SHA256,
                             .attributes = CRET_TPM_ANCHOR_ATTRIBUTES,
                             .authPolicy.size = CRET_SHA256_BYTES,
                             .dataSize = CRET_TPM_ANCHOR_BYTES};
    TPM2B_MAX_NV_BUFFER content = {.size = CRET_TPM_ANCHOR_BYTES};
    uint64_t version = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_tpm_anchor_policy(public.authPolicy.buffer, station->owner, err) != CRET_OK ||
        define(run, &public, NULL, &tpm->anchor, "creating the trust anchor", err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->made.anchor = true;
    cret_tpm_anchor_content(content.buffer, provision->version, provision->digest);
    const TSS2_RC rc =
        tpm->tss.Esys_NV_Write(tpm->esys, ESYS_TR_RH_OWNER, tpm->anchor, tpm->session, ESYS_TR_NONE,
                               ESYS_TR_NONE, &content, 0);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "writing the trust anchor");
    }
    if (retake(run, &tpm->anchor, station->anchor_index, station->anchor_name, "the trust anchor",
               err) != CRET_OK ||
        cret_tpm_read_anchor(tpm, &version, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (version != provision->version || memcmp(digest, provision->digest, sizeof(digest)) != 0) {
        return cret_err_undecided(err, "the TPM did not keep the trust anchor");
    }
    return CRET_OK;
}

static enum cret_status set_auth(struct run *run, struct cret_err *err)
{
    TPM2B_AUTH value = {.size = CRET_TPM_AUTH_BYTES};
    memcpy(value.buffer, run->provision->auth, CRET_TPM_AUTH_BYTES);
    const TSS2_RC rc = run->tpm->tss.Esys_TR_SetAuth(run->tpm->esys, run->tpm->journal, &value);
    explicit_bzero(&value, sizeof(value));
    return rc == TSS2_RC_SUCCESS
               ? CRET_OK
               : cret_tpm_failed(run->tpm, err, rc, "using the journal head's authorization");
}

/* A history that nobody can make again: it begins with a secret that is forgotten at once. */
static enum cret_status begin_history(struct run *run, struct cret_err *err)
{
    uint8_t secret[CRET_SHA256_BYTES], expected[2 * CRET_SHA256_BYTES] = {0};
    struct cret_station *station = run->provision->station;
    enum cret_status status = CRET_FAILED;
    if (cret_os_random(secret, sizeof(secret), err) != CRET_OK ||
        cret_tpm_attribute(run->tpm, TPMA_SESSION_DECRYPT, true, err) != CRET_OK ||
        cret_tpm_extend_head(run->tpm, secret, err) != CRET_OK ||
        cret_tpm_attribute(run->tpm, TPMA_SESSION_DECRYPT, false, err) != CRET_OK) {
        goto out;
    }
    memcpy(expected + CRET_SHA256_BYTES, secret, sizeof(secret));
    if (retake(run, &run->tpm->journal, station->journal_index, station->journal_name,
               "the journal head", err) != CRET_OK ||
        set_auth(run, err) != CRET_OK ||
        cret_tpm_read_head(run->tpm, station->genesis, err) != CRET_OK ||
        cret_sha256(expected, expected, sizeof(expected), err) != CRET_OK) {
        goto out;
    }
    status = memcmp(expected, station->genesis, CRET_SHA256_BYTES) == 0
                 ? CRET_OK
                 : cret_err_undecided(err, "the TPM did not extend the journal head as computed");
out:
    explicit_bzero(secret, sizeof(secret));
    explicit_bzero(expected, sizeof(expected));
    return status;
}

static enum cret_status make_journal(struct run *run, struct cret_err *err)
{
    const TPMS_NV_PUBLIC public = {.nvIndex = run->provision->station->journal_index,
                                   .nameAlg = TPM2_ALG_SHA256,
                                   .attributes = CRET_TPM_JOURNAL_ATTRIBUTES,
                                   .dataSize = CRET_SHA256_BYTES};
    if (define(run, &public, run->provision->auth, &run->tpm->journal, "creating the journal head",
               err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->made.journal = true;
    return begin_history(run, err);
}

/* Best effort: the error that led here is what is reported. */
static void take_back(struct run *run)
{
    struct cret_tpm *tpm = run->tpm;
    const ESYS_TR session = tpm->session;
    const struct {
        bool made;
        ESYS_TR object;
        bool index;
    } parts[] = {{run->made.journal, tpm->journal, true},
                 {run->made.anchor, tpm->anchor, true},
                 {run->made.attestation, tpm->attestation, false},
                 {run->made.storage, tpm->storage, false}};
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        ESYS_TR gone = ESYS_TR_NONE;
        if (!parts[i].made || parts[i].object == ESYS_TR_NONE || session == ESYS_TR_NONE) {
            continue;
        }
        if (parts[i].index) {
            (void)tpm->tss.Esys_NV_UndefineSpace(tpm->esys, ESYS_TR_RH_OWNER, parts[i].object,
                                                 session, ESYS_TR_NONE, ESYS_TR_NONE);
        } else {
            (void)tpm->tss.Esys_EvictControl(tpm->esys, ESYS_TR_RH_OWNER, parts[i].object, session,
                                             ESYS_TR_NONE, ESYS_TR_NONE, 0, &gone);
        }
    }
}

static enum cret_status set_owner_auth(const struct run *run, struct cret_err *err)
{
    TPM2B_AUTH value = {.size = (UINT16)run->provision->owner_auth_size};
    if (run->provision->owner_auth_size > CRET_TPM_OWNER_AUTH_MAXIMUM) {
        return cret_err_usage(err, "the owner authorization is longer than %u bytes",
                              CRET_TPM_OWNER_AUTH_MAXIMUM);
    }
    if (value.size > 0) {
        memcpy(value.buffer, run->provision->owner_auth, value.size);
    }
    const TSS2_RC rc = run->tpm->tss.Esys_TR_SetAuth(run->tpm->esys, ESYS_TR_RH_OWNER, &value);
    explicit_bzero(&value, sizeof(value));
    return rc == TSS2_RC_SUCCESS
               ? CRET_OK
               : cret_tpm_failed(run->tpm, err, rc, "using the owner authorization");
}

enum cret_status cret_tpm_provision(struct cret_tpm *tpm,
                                    const struct cret_tpm_provision *provision,
                                    struct cret_err *err)
{
    struct run run = {.tpm = tpm, .provision = provision};
    tpm->station = provision->station;
    if (check_auth_set(&run, err) == CRET_OK && check_free(&run, err) == CRET_OK &&
        set_owner_auth(&run, err) == CRET_OK &&
        cret_station_compute(provision->station, err) == CRET_OK &&
        take_storage(&run, err) == CRET_OK && take_attestation(&run, err) == CRET_OK &&
        make_anchor(&run, err) == CRET_OK && make_journal(&run, err) == CRET_OK) {
        return CRET_OK;
    }
    take_back(&run);
    return CRET_FAILED;
}
