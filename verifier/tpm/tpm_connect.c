/* SPDX-License-Identifier: Apache-2.0 */
/* Connection, sessions, and the recognition of a station's TPM. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "trust/tpm/tpm_wire.h"
#include "verifier/tpm/tpm_internal.h"

/* Kinds of connection, and how a path stands in their text. Others (cmd: runs a program) are not
 * accepted. */
static const struct tcti_kind {
    const char *prefix;
    const char *path; /* what precedes the path, or NULL where there is none */
} tcti_kinds[] = {{"device:", ""}, {"swtpm:", "path="}, {"mssim:", NULL}, {"tabrmd:", NULL}};

static const struct tcti_kind *kind_of(const char *tcti)
{
    for (size_t i = 0; i < CRET_LENGTH(tcti_kinds); i++) {
        if (strncmp(tcti, tcti_kinds[i].prefix, strlen(tcti_kinds[i].prefix)) == 0) {
            return &tcti_kinds[i];
        }
    }
    return NULL;
}

bool cret_tpm_built_in(void)
{
    return true;
}

enum cret_status cret_tpm_tcti_check(const char *tcti, struct cret_err *err)
{
    if (kind_of(tcti) != NULL) {
        return CRET_OK;
    }
    cret_err_usage(err, "no such kind of connection to a TPM: %s", tcti);
    cret_err_expected(err, "device:/dev/tpmrm0, swtpm:path=SOCKET, mssim:..., tabrmd:...");
    return cret_err_hint(err, "leave --tcti out for the machine's own TPM, %s",
                         CRET_TPM_DEFAULT_TCTI);
}

/* The file that a connection leads to; caller frees; NULL where it is none. */
static char *tcti_path(const char *tcti)
{
    const struct tcti_kind *kind = kind_of(tcti);
    if (kind == NULL || kind->path == NULL) {
        return NULL;
    }
    const char *text = tcti + strlen(kind->prefix);
    if (strncmp(text, kind->path, strlen(kind->path)) != 0) {
        return NULL;
    }
    text += strlen(kind->path);
    return text[0] != '\0' ? strndup(text, strcspn(text, ",")) : NULL;
}

/* Absent and not permitted come as the same code: the file itself says which. */
static enum cret_status no_connection(const struct cret_tpm *tpm, struct cret_err *err,
                                      const char *tcti, TSS2_RC rc)
{
    char *path = tcti_path(tcti);
    const int error = path != NULL ? cret_os_access(path) : 0;
    if (error == EACCES || error == EPERM) {
        cret_err_undecided(err, "no permission to use the TPM");
        cret_err_hint(err,
                      "let this account use %s (group tss), or run it from an account "
                      "that may",
                      path);
    } else if (error != 0) {
        cret_err_undecided(err, "there is no TPM: %s does not exist", path);
        cret_err_hint(err, "switch the TPM on in the firmware's set-up, or name it with "
                           "--tcti");
    } else {
        cret_err_undecided(err, "no TPM answers");
        cret_err_hint(err, "see whether another program holds it, and whether --tcti is right");
    }
    cret_err_where(err, "%s", tcti);
    free(path);
    return cret_err_actual(err, "response code 0x%03x, %s", rc, tpm->tss.Tss2_RC_Decode(rc));
}

enum cret_status cret_tpm_open(struct cret_tpm **ret_tpm, const char *tcti, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_tpm *tpm = NULL;
    if (cret_tpm_tcti_check(tcti, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* tss would print every error itself. */
    if (cret_os_set_environment("TSS2_LOG", "all+NONE", err) != CRET_OK) {
        return CRET_FAILED;
    }
    tpm = calloc(1, sizeof(*tpm));
    if (tpm == NULL || (tpm->tcti_name = strdup(tcti)) == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_tss_load(&tpm->tss, err) != CRET_OK) {
        goto out;
    }
    tpm->storage = tpm->attestation = tpm->anchor = tpm->journal = tpm->session = ESYS_TR_NONE;
    TSS2_RC rc = tpm->tss.Tss2_TctiLdr_Initialize(tcti, &tpm->tcti);
    if (rc != TSS2_RC_SUCCESS) {
        tpm->tcti = NULL;
        no_connection(tpm, err, tcti, rc);
        goto out;
    }
    rc = tpm->tss.Esys_Initialize(&tpm->esys, cret_tpm_line_over(&tpm->line, tpm->tcti), NULL);
    if (rc != TSS2_RC_SUCCESS) {
        cret_tpm_failed(tpm, err, rc, "opening the TPM");
        goto out;
    }
    *ret_tpm = tpm;
    tpm = NULL;
    status = CRET_OK;
out:
    cret_tpm_close(&tpm);
    return status;
}

/* TPM2_FlushContext as bytes: works where the ESYS context does not any more. */
static void flush_handle(TSS2_TCTI_CONTEXT *line, TPM2_HANDLE handle)
{
    uint8_t command[14], response[64];
    size_t size = sizeof(response);
    struct cret_tpm_writer writer = {.data = command, .capacity = sizeof(command)};
    cret_tpm_put_u16(&writer, TPM2_ST_NO_SESSIONS);
    cret_tpm_put_u32(&writer, sizeof(command));
    cret_tpm_put_u32(&writer, TPM2_CC_FlushContext);
    cret_tpm_put_u32(&writer, handle);
    if (Tss2_Tcti_Transmit(line, sizeof(command), command) == TSS2_RC_SUCCESS) {
        (void)Tss2_Tcti_Receive(line, &size, response, TSS2_TCTI_TIMEOUT_BLOCK);
    }
}

void cret_tpm_close(struct cret_tpm **tpm)
{
    if (tpm == NULL || *tpm == NULL) {
        return;
    }
    if ((*tpm)->esys != NULL) {
        (*tpm)->tss.Esys_Finalize(&(*tpm)->esys);
    }
    for (size_t i = 0; (*tpm)->tcti != NULL && i < CRET_TPM_SESSIONS; i++) {
        if ((*tpm)->sessions[i] != 0) {
            flush_handle((TSS2_TCTI_CONTEXT *)(void *)&(*tpm)->line, (*tpm)->sessions[i]);
        }
    }
    if ((*tpm)->tcti != NULL) {
        (*tpm)->tss.Tss2_TctiLdr_Finalize(&(*tpm)->tcti);
    }
    free((*tpm)->tcti_name);
    free(*tpm);
    *tpm = NULL;
}

enum cret_status cret_tpm_present(struct cret_tpm *tpm, TPM2_HANDLE handle, bool *ret_present,
                                  struct cret_err *err)
{
    TPMI_YES_NO more = 0;
    TPMS_CAPABILITY_DATA *data = NULL;
    const TSS2_RC rc =
        tpm->tss.Esys_GetCapability(tpm->esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                    TPM2_CAP_HANDLES, handle, 1, &more, &data);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "asking the TPM what it holds");
    }
    const bool answered = data->capability == TPM2_CAP_HANDLES;
    *ret_present =
        answered && data->data.handles.count > 0 && data->data.handles.handle[0] == handle;
    tpm->tss.Esys_Free(data);
    if (!answered) {
        return cret_err_undecided(err, "asking the TPM what it holds: the answer fits another "
                                       "question");
    }
    return CRET_OK;
}

enum cret_status cret_tpm_object(struct cret_tpm *tpm, TPM2_HANDLE handle, const char *what,
                                 ESYS_TR *ret_object, uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                 struct cret_err *err)
{
    TPM2B_NAME *name = NULL;
    char action[128];
    snprintf(action, sizeof(action), "looking for %s at 0x%08x", what, handle);
    TSS2_RC rc = tpm->tss.Esys_TR_FromTPMPublic(tpm->esys, handle, ESYS_TR_NONE, ESYS_TR_NONE,
                                                ESYS_TR_NONE, ret_object);
    if (rc == TSS2_RC_SUCCESS) {
        rc = tpm->tss.Esys_TR_GetName(tpm->esys, *ret_object, &name);
    }
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, action);
    }
    const bool fits = name->size == CRET_TPM_NAME_BYTES;
    if (fits) {
        memcpy(ret_name, name->name, CRET_TPM_NAME_BYTES);
    }
    tpm->tss.Esys_Free(name);
    return fits ? CRET_OK : cret_err_undecided(err, "%s: it has a Name of another form", action);
}

bool cret_tpm_crowded(TSS2_RC rc, unsigned *waited)
{
    const unsigned pause = 20;
    const TPM2_RC code = cret_tpm_code(rc);
    if (rc == TSS2_RC_SUCCESS || *waited >= CRET_TPM_PATIENCE ||
        (code != TPM2_RC_SESSION_MEMORY && code != TPM2_RC_SESSION_HANDLES &&
         code != TPM2_RC_OBJECT_MEMORY)) {
        return false;
    }
    cret_os_sleep_ms(pause);
    *waited += pause;
    return true;
}

enum cret_status cret_tpm_start(struct cret_tpm *tpm, TPM2_SE type, ESYS_TR salt,
                                ESYS_TR *ret_session, struct cret_err *err)
{
    const TPMT_SYM_DEF symmetric = {
        .algorithm = TPM2_ALG_AES, .keyBits = {.aes = 128}, .mode = {.aes = TPM2_ALG_CFB}};
    ESYS_TR session = ESYS_TR_NONE;
    TPM2_HANDLE handle = 0;
    TSS2_RC rc = TSS2_RC_SUCCESS;
    unsigned waited = 0;
    do {
        rc = tpm->tss.Esys_StartAuthSession(tpm->esys, salt, ESYS_TR_NONE, ESYS_TR_NONE,
                                            ESYS_TR_NONE, ESYS_TR_NONE, NULL, type, &symmetric,
                                            TPM2_ALG_SHA256, &session);
    } while (cret_tpm_crowded(rc, &waited));
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "starting a session with the TPM");
    }
    rc = tpm->tss.Esys_TR_GetTpmHandle(tpm->esys, session, &handle);
    for (size_t i = 0; rc == TSS2_RC_SUCCESS && i < CRET_TPM_SESSIONS; i++) {
        if (tpm->sessions[i] == 0) {
            tpm->sessions[i] = handle;
            break;
        }
    }
    if (rc == TSS2_RC_SUCCESS) {
        rc = tpm->tss.Esys_TRSess_SetAttributes(tpm->esys, session, TPMA_SESSION_CONTINUESESSION,
                                                0xff);
    }
    if (rc != TSS2_RC_SUCCESS) {
        cret_tpm_flush(tpm, &session);
        return cret_tpm_failed(tpm, err, rc, "starting a session with the TPM");
    }
    *ret_session = session;
    return CRET_OK;
}

void cret_tpm_flush(struct cret_tpm *tpm, ESYS_TR *session)
{
    TPM2_HANDLE handle = 0;
    if (*session == ESYS_TR_NONE) {
        return;
    }
    if (tpm->tss.Esys_TR_GetTpmHandle(tpm->esys, *session, &handle) == TSS2_RC_SUCCESS &&
        tpm->tss.Esys_FlushContext(tpm->esys, *session) == TSS2_RC_SUCCESS) {
        for (size_t i = 0; i < CRET_TPM_SESSIONS; i++) {
            if (tpm->sessions[i] == handle) {
                tpm->sessions[i] = 0;
            }
        }
    }
    *session = ESYS_TR_NONE;
}

/*
 * ESYS encrypts the salt to the public area that a TPM sent, and not every version of it compares
 * that with the Name that came along. What ESYS holds is what its serialization ends with: its
 * digest must be the Name, or whoever answers could have chosen the key.
 */
static enum cret_status
check_salt_key(struct cret_tpm *tpm, const uint8_t name[CRET_TPM_NAME_BYTES], struct cret_err *err)
{
    uint8_t *data = NULL, digest[CRET_SHA256_BYTES];
    size_t size = 0;
    bool found = false;
    const TSS2_RC rc = tpm->tss.Esys_TR_Serialize(tpm->esys, tpm->storage, &data, &size);
    if (rc != TSS2_RC_SUCCESS) {
        return cret_tpm_failed(tpm, err, rc, "examining the storage root key");
    }
    for (size_t i = 0; !found && i + 2 < size; i++) {
        const size_t length = (size_t)data[i] << 8 | data[i + 1];
        found = length == size - i - 2 &&
                cret_sha256(digest, data + i + 2, length, err) == CRET_OK &&
                memcmp(digest, name + 2, sizeof(digest)) == 0;
    }
    tpm->tss.Esys_Free(data);
    if (!found) {
        cret_err_refuse(err, CRET_CHECK_TPM_ANCHOR,
                        "the TPM's storage root key is not the one "
                        "that its Name says");
        return cret_err_hint(err, "somebody or something sits between this program and the TPM; "
                                  "examine the machine");
    }
    return CRET_OK;
}

enum cret_status cret_tpm_salt(struct cret_tpm *tpm, const uint8_t name[CRET_TPM_NAME_BYTES],
                               struct cret_err *err)
{
    return check_salt_key(tpm, name, err) == CRET_OK
               ? cret_tpm_start(tpm, TPM2_SE_HMAC, tpm->storage, &tpm->session, err)
               : CRET_FAILED;
}

enum cret_status cret_tpm_attribute(struct cret_tpm *tpm, TPMA_SESSION attribute, bool on,
                                    struct cret_err *err)
{
    const TSS2_RC rc =
        tpm->tss.Esys_TRSess_SetAttributes(tpm->esys, tpm->session, on ? attribute : 0, attribute);
    return rc == TSS2_RC_SUCCESS ? CRET_OK : cret_tpm_failed(tpm, err, rc, "using the session");
}

static enum cret_status compare_name(const uint8_t expected[CRET_TPM_NAME_BYTES],
                                     const uint8_t actual[CRET_TPM_NAME_BYTES],
                                     enum cret_check_id check, const char *sentence,
                                     struct cret_err *err)
{
    char hex[CRET_TPM_NAME_HEX];
    if (memcmp(expected, actual, CRET_TPM_NAME_BYTES) == 0) {
        return CRET_OK;
    }
    cret_err_refuse(err, check, "%s", sentence);
    cret_hex_encode(hex, expected, CRET_TPM_NAME_BYTES);
    cret_err_expected(err, "Name %s", hex);
    cret_hex_encode(hex, actual, CRET_TPM_NAME_BYTES);
    cret_err_actual(err, "Name %s", hex);
    return cret_err_hint(err, "compare station.json with the copy of change control, and run "
                              "`cretula-verify tpm status`");
}

/* A handle without anything is "not provisioned" or "removed", which the index tells apart. */
static enum cret_status check_there(struct cret_tpm *tpm, struct cret_err *err)
{
    const struct cret_station *station = tpm->station;
    const struct {
        uint32_t handle;
        const char *what;
    } parts[] = {{station->storage_handle, "the storage root key"},
                 {station->anchor_index, "the index of the trust anchor"},
                 {station->journal_index, "the index of the journal head"},
                 {station->attestation_handle, "the attestation key"}};
    size_t missing = 0, first = 0;
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        bool present = false;
        if (cret_tpm_present(tpm, parts[i].handle, &present, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!present && missing++ == 0) {
            first = i;
        }
    }
    if (missing == 0) {
        return CRET_OK;
    }
    if (missing == CRET_LENGTH(parts) || (missing == 3 && first == 1)) {
        cret_err_undecided(err, "this TPM is not provisioned");
        return cret_err_hint(err,
                             "`cretula-verify tpm provision` does it; if it was provisioned, it "
                             "was cleared or exchanged since");
    }
    cret_err_undecided(err, "%s is missing in the TPM (0x%08x)", parts[first].what,
                       parts[first].handle);
    return cret_err_hint(err, "somebody with owner authorization removed it: find out who, then "
                              "provision the station anew");
}

/* An object at a handle, which must have this Name. */
struct known {
    uint32_t handle;
    const char *what;
    const uint8_t *name; /* CRET_TPM_NAME_BYTES */
    enum cret_check_id check;
    const char *otherwise; /* what to say where it has another one */
};

static enum cret_status recognize(ESYS_TR *ret_object, struct cret_tpm *tpm,
                                  const struct known *known, struct cret_err *err)
{
    uint8_t name[CRET_TPM_NAME_BYTES];
    struct cret_err why;
    ESYS_TR object = ESYS_TR_NONE;
    if (*ret_object != ESYS_TR_NONE) {
        return CRET_OK;
    }
    cret_err_clear(&why);
    if (cret_tpm_object(tpm, known->handle, known->what, &object, name, &why) != CRET_OK) {
        /* What is missing is found out only here: it costs a question for each object. */
        if (check_there(tpm, err) == CRET_OK && err != NULL) {
            *err = why;
        }
        return CRET_FAILED;
    }
    if (compare_name(known->name, name, known->check, known->otherwise, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_object = object;
    return CRET_OK;
}

enum cret_status cret_tpm_need_anchor(struct cret_tpm *tpm, struct cret_err *err)
{
    const struct known anchor = {
        .handle = tpm->station->anchor_index,
        .what = "the trust anchor",
        .name = tpm->station->anchor_name,
        .check = CRET_CHECK_TPM_ANCHOR,
        .otherwise = "the TPM's trust anchor has other attributes or another policy than "
                     "provisioning gave it"};
    return recognize(&tpm->anchor, tpm, &anchor, err);
}

enum cret_status cret_tpm_need_journal(struct cret_tpm *tpm, struct cret_err *err)
{
    if (tpm->journal != ESYS_TR_NONE) {
        return CRET_OK;
    }
    const struct known journal = {
        .handle = tpm->station->journal_index,
        .what = "the journal head",
        .name = tpm->station->journal_name,
        .check = CRET_CHECK_TPM_JOURNAL,
        .otherwise = "the TPM's journal head has other attributes than provisioning gave it"};
    if (recognize(&tpm->journal, tpm, &journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (tpm->auth == NULL) {
        return CRET_OK;
    }
    TPM2B_AUTH value = {.size = CRET_TPM_AUTH_BYTES};
    memcpy(value.buffer, tpm->auth, CRET_TPM_AUTH_BYTES);
    const TSS2_RC rc = tpm->tss.Esys_TR_SetAuth(tpm->esys, tpm->journal, &value);
    explicit_bzero(&value, sizeof(value));
    return rc == TSS2_RC_SUCCESS
               ? CRET_OK
               : cret_tpm_failed(tpm, err, rc, "using the journal head's authorization");
}

enum cret_status cret_tpm_need_attestation(struct cret_tpm *tpm, struct cret_err *err)
{
    const struct known key = {
        .handle = tpm->station->attestation_handle,
        .what = "the attestation key",
        .name = cret_tpm_key_name(tpm->station->attestation),
        .check = CRET_CHECK_TPM_ATTESTATION,
        .otherwise = "the TPM's attestation key is another one than that of station.json"};
    return recognize(&tpm->attestation, tpm, &key, err);
}

enum cret_status cret_tpm_pin(struct cret_tpm *tpm, const struct cret_station *station,
                              const uint8_t *auth, struct cret_err *err)
{
    tpm->station = station;
    tpm->auth = auth;
    const struct known root = {.handle = station->storage_handle,
                               .what = "the storage root key",
                               .name = station->storage_name,
                               .check = CRET_CHECK_TPM_ANCHOR,
                               .otherwise =
                                   "this is another TPM than the one that station.json describes"};
    if (recognize(&tpm->storage, tpm, &root, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_tpm_salt(tpm, station->storage_name, err);
}

enum cret_status cret_tpm_pin_all(struct cret_tpm *tpm, struct cret_err *err)
{
    return cret_tpm_need_anchor(tpm, err) == CRET_OK && cret_tpm_need_journal(tpm, err) == CRET_OK
               ? cret_tpm_need_attestation(tpm, err)
               : CRET_FAILED;
}
