/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the tpm_*.c, the only includers of <tss2/...>. */
#ifndef CRET_VERIFIER_TPM_INTERNAL_H
#define CRET_VERIFIER_TPM_INTERNAL_H

#include "verifier/tpm/tpm.h"
#include "verifier/tpm/tpm_library.h"
#include "verifier/tpm/tpm_line.h"

#define CRET_TPM_SESSIONS 2u /* the salted one, and a policy session */

struct cret_tpm {
    struct cret_tss tss;
    char *tcti_name;
    TSS2_TCTI_CONTEXT *tcti;   /* what tss loaded */
    struct cret_tpm_line line; /* over it */
    ESYS_CONTEXT *esys;
    const struct cret_station *station;
    const uint8_t *auth;                           /* of the journal head, or NULL */
    ESYS_TR storage, attestation, anchor, journal; /* ESYS_TR_NONE until recognized */
    ESYS_TR session;
    /* Handles of sessions in the TPM: they are flushed at the end, whatever became of ESYS. */
    TPM2_HANDLE sessions[CRET_TPM_SESSIONS];
};

/* What a response code means: tpm_error.c. The code is freed of layer, parameter and session. */
TPM2_RC cret_tpm_code(TSS2_RC rc);
/* Sets *err to "<action>: <sentence>", the response code and its words, and what to do; class
 * UNDECIDED. Returns CRET_FAILED. */
enum cret_status cret_tpm_failed(const struct cret_tpm *tpm, struct cret_err *err, TSS2_RC rc,
                                 const char *action);
/* A denial as REFUSED, tpm.anchor; anything else as above. */
enum cret_status cret_tpm_refused(const struct cret_tpm *tpm, struct cret_err *err, TSS2_RC rc,
                                  const char *sentence);

/* tpm_connect.c */
CRET_MUST_CHECK enum cret_status cret_tpm_present(struct cret_tpm *tpm, TPM2_HANDLE handle,
                                                  bool *ret_present, struct cret_err *err);
/* What is at a handle, and its Name as the TPM says. */
CRET_MUST_CHECK enum cret_status cret_tpm_object(struct cret_tpm *tpm, TPM2_HANDLE handle,
                                                 const char *what, ESYS_TR *ret_object,
                                                 uint8_t ret_name[CRET_TPM_NAME_BYTES],
                                                 struct cret_err *err);
/* Whether the TPM only has no room at the moment: other programs hold its few places for sessions
 * and keys where no resource manager is in between. Waits then; *waited counts the milliseconds,
 * and at CRET_TPM_PATIENCE the answer is false. */
#define CRET_TPM_PATIENCE 5000u
bool cret_tpm_crowded(TSS2_RC rc, unsigned *waited);
/* Starts a session and remembers it for the end. salt: ESYS_TR_NONE for none. */
CRET_MUST_CHECK enum cret_status cret_tpm_start(struct cret_tpm *tpm, TPM2_SE type, ESYS_TR salt,
                                                ESYS_TR *ret_session, struct cret_err *err);
/* Ends a session in TPM and ESYS; it becomes ESYS_TR_NONE. */
void cret_tpm_flush(struct cret_tpm *tpm, ESYS_TR *session);
/* Starts the salted session to the key at tpm->storage, whose public part as ESYS will use it must
 * have that Name. */
CRET_MUST_CHECK enum cret_status
cret_tpm_salt(struct cret_tpm *tpm, const uint8_t name[CRET_TPM_NAME_BYTES], struct cret_err *err);
/* Switches an attribute of the salted session for the next commands: TPMA_SESSION_DECRYPT encrypts
 * their first parameter, TPMA_SESSION_AUDIT protects commands that need no authorization. */
CRET_MUST_CHECK enum cret_status cret_tpm_attribute(struct cret_tpm *tpm, TPMA_SESSION attribute,
                                                    bool on, struct cret_err *err);
/* tpm_status.c */
CRET_MUST_CHECK enum cret_status cret_tpm_property(struct cret_tpm *tpm, TPM2_PT property,
                                                   uint32_t *ret_value, struct cret_err *err);

/* Recognize what is used next. */
CRET_MUST_CHECK enum cret_status cret_tpm_need_anchor(struct cret_tpm *tpm, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_tpm_need_journal(struct cret_tpm *tpm, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_tpm_need_attestation(struct cret_tpm *tpm,
                                                           struct cret_err *err);
/* Loads a public key to verify with; flush it with Esys_FlushContext. */
TSS2_RC cret_tpm_load(struct cret_tpm *tpm, const struct cret_tpm_key *key, ESYS_TR *ret_object);

#endif
