/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TPM of this station, for the parent process only. The one interface to tpm2-tss; a build
 * without TPM implements it with refusals (tpm_none.c). Errors of the TPM carry its response code
 * and words, and what to do. Class UNDECIDED where the TPM could not be asked, REFUSED where it (or
 * what is pinned of it) denies.
 */
#ifndef CRET_VERIFIER_TPM_H
#define CRET_VERIFIER_TPM_H

#include "evidence/station/attestation.h"
#include "evidence/station/station.h"
#include "trust/tpm/order.h"

#define CRET_TPM_DEFAULT_TCTI "device:/dev/tpmrm0"
#define CRET_TPM_AUTH_BYTES 32u
#define CRET_TPM_OWNER_AUTH_MAXIMUM 64u

struct cret_tpm; /* one open connection, with at most one salted session */

/* False in a build without TPM. */
bool cret_tpm_built_in(void);

/* Whether text names a TCTI of a known kind: "device:/dev/tpmrm0", "swtpm:path=/run/t.sock",
 * "mssim:host=…", "tabrmd:". class USAGE. */
CRET_MUST_CHECK enum cret_status cret_tpm_tcti_check(const char *tcti, struct cret_err *err);

/* Connects. Nothing is asked yet. */
CRET_MUST_CHECK enum cret_status cret_tpm_open(struct cret_tpm **ret_tpm, const char *tcti,
                                               struct cret_err *err);
/* Ends sessions and connection; NULL-safe. */
void cret_tpm_close(struct cret_tpm **tpm);

/*
 * Recognizes the station: the storage key's Name is the pinned one and salts an HMAC session, which
 * protects every answer from then on. Indices and attestation key are compared with their computed
 * Names when they are first used. class REFUSED (tpm.anchor, tpm.journal, tpm.attestation) for
 * another Name; UNDECIDED where something is missing. station and auth must outlive tpm. auth:
 * CRET_TPM_AUTH_BYTES bytes for the journal head, or NULL where it is not needed.
 */
CRET_MUST_CHECK enum cret_status cret_tpm_pin(struct cret_tpm *tpm,
                                              const struct cret_station *station,
                                              const uint8_t *auth, struct cret_err *err);

/* All below need cret_tpm_pin. */

/* Recognizes both indices and the attestation key at once. */
CRET_MUST_CHECK enum cret_status cret_tpm_pin_all(struct cret_tpm *tpm, struct cret_err *err);

CRET_MUST_CHECK enum cret_status cret_tpm_read_anchor(struct cret_tpm *tpm, uint64_t *ret_version,
                                                      uint8_t ret_digest[CRET_SHA256_BYTES],
                                                      struct cret_err *err);
CRET_MUST_CHECK enum cret_status
cret_tpm_read_head(struct cret_tpm *tpm, uint8_t ret_head[CRET_SHA256_BYTES], struct cret_err *err);
/* head := SHA-256(head || line_digest). */
CRET_MUST_CHECK enum cret_status cret_tpm_extend_head(struct cret_tpm *tpm,
                                                      const uint8_t line_digest[CRET_SHA256_BYTES],
                                                      struct cret_err *err);
/* Fills attest and signature of *attestation, whose other fields are set: NV_Certify of the head by
 * the attestation key, with the record's digest as qualifying data. Verified before it returns. */
CRET_MUST_CHECK enum cret_status cret_tpm_certify_head(struct cret_tpm *tpm,
                                                       struct cret_attestation *attestation,
                                                       struct cret_err *err);

/* One signature to be verified once more. */
struct cret_tpm_signature {
    const uint8_t *key; /* DER SubjectPublicKeyInfo */
    size_t key_size;
    const char *algorithm; /* cret_cms_algorithm: "ecdsa-p256-sha256", "rsa-3072-pss-sha256" */
    const uint8_t *digest; /* of the DER SET of the signed attributes */
    size_t digest_size;
    const uint8_t *value; /* as in the CMS */
    size_t value_size;
};
enum cret_tpm_answer {
    CRET_TPM_DISAGREES = 0,
    CRET_TPM_AGREES,
    CRET_TPM_CANNOT, /* a key or algorithm that it does not take: err->what says which */
};
/* LoadExternal, VerifySignature. */
CRET_MUST_CHECK enum cret_status cret_tpm_verify(struct cret_tpm *tpm,
                                                 const struct cret_tpm_signature *signature,
                                                 enum cret_tpm_answer *ret_answer,
                                                 struct cret_err *err);

/*
 * Lets the TPM judge the order and write the anchor: PolicyNV, PolicyCpHash, VerifySignature,
 * PolicyAuthorize, NV_Write, then reads the anchor back. class REFUSED (tpm.anchor) where the TPM
 * denies, with its response code and words.
 */
CRET_MUST_CHECK enum cret_status
cret_tpm_apply(struct cret_tpm *tpm, const struct cret_order *order, struct cret_err *err);

/* What provisioning is given and makes. */
struct cret_tpm_provision {
    const uint8_t *owner_auth; /* of the owner hierarchy; empty where it has none */
    size_t owner_auth_size;
    bool insecure;                /* do not ask for owner and lockout auth */
    uint64_t version;             /* of the first trust policy */
    const uint8_t *digest;        /* its SHA-256 */
    const uint8_t *auth;          /* CRET_TPM_AUTH_BYTES for the journal head */
    struct cret_station *station; /* handles, owner set; the rest is filled in */
};
/*
 * Creates storage key (where there is none) and attestation key, both indices, writes the anchor,
 * extends the journal head with 32 random bytes that are erased. On failure everything that it made
 * is removed again. class USAGE where the TPM is provisioned already or has no owner or lockout
 * auth.
 */
CRET_MUST_CHECK enum cret_status cret_tpm_provision(struct cret_tpm *tpm,
                                                    const struct cret_tpm_provision *provision,
                                                    struct cret_err *err);

/* What is there, for `tpm status`. Needs no cret_tpm_pin. */
struct cret_tpm_state {
    char manufacturer[8];
    char firmware[40];
    bool owner_auth, endorsement_auth, lockout_auth, in_lockout;
    struct cret_tpm_object {
        bool present;
        uint8_t name[CRET_TPM_NAME_BYTES];
    } storage, attestation, anchor, journal; /* at the station's handles */
};
CRET_MUST_CHECK enum cret_status cret_tpm_status(struct cret_tpm *tpm,
                                                 const struct cret_station *station,
                                                 struct cret_tpm_state *ret_state,
                                                 struct cret_err *err);

#endif
