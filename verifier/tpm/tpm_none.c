/* SPDX-License-Identifier: Apache-2.0 */
/* A build without TPM: whoever asks for one is told so. */
#include "verifier/tpm/tpm.h"

static enum cret_status none(struct cret_err *err)
{
    cret_err_usage(err, "this build has no TPM support");
    return cret_err_hint(err, "use a program built with -DCRETULA_TPM=ON");
}

bool cret_tpm_built_in(void)
{
    return false;
}

enum cret_status cret_tpm_tcti_check(const char *tcti, struct cret_err *err)
{
    (void)tcti;
    return none(err);
}

enum cret_status cret_tpm_open(struct cret_tpm **ret_tpm, const char *tcti, struct cret_err *err)
{
    (void)ret_tpm;
    (void)tcti;
    return none(err);
}

void cret_tpm_close(struct cret_tpm **tpm)
{
    (void)tpm;
}

enum cret_status cret_tpm_pin(struct cret_tpm *tpm, const struct cret_station *station,
                              const uint8_t *auth, struct cret_err *err)
{
    (void)tpm;
    (void)station;
    (void)auth;
    return none(err);
}

enum cret_status cret_tpm_pin_all(struct cret_tpm *tpm, struct cret_err *err)
{
    (void)tpm;
    return none(err);
}

enum cret_status cret_tpm_read_anchor(struct cret_tpm *tpm, uint64_t *ret_version,
                                      uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    (void)tpm;
    (void)ret_version;
    (void)ret_digest;
    return none(err);
}

enum cret_status cret_tpm_read_head(struct cret_tpm *tpm, uint8_t ret_head[CRET_SHA256_BYTES],
                                    struct cret_err *err)
{
    (void)tpm;
    (void)ret_head;
    return none(err);
}

enum cret_status cret_tpm_extend_head(struct cret_tpm *tpm,
                                      const uint8_t line_digest[CRET_SHA256_BYTES],
                                      struct cret_err *err)
{
    (void)tpm;
    (void)line_digest;
    return none(err);
}

enum cret_status cret_tpm_certify_head(struct cret_tpm *tpm, struct cret_attestation *attestation,
                                       struct cret_err *err)
{
    (void)tpm;
    (void)attestation;
    return none(err);
}

enum cret_status cret_tpm_verify(struct cret_tpm *tpm, const struct cret_tpm_signature *signature,
                                 enum cret_tpm_answer *ret_answer, struct cret_err *err)
{
    (void)tpm;
    (void)signature;
    (void)ret_answer;
    return none(err);
}

enum cret_status cret_tpm_apply(struct cret_tpm *tpm, const struct cret_order *order,
                                struct cret_err *err)
{
    (void)tpm;
    (void)order;
    return none(err);
}

enum cret_status cret_tpm_provision(struct cret_tpm *tpm,
                                    const struct cret_tpm_provision *provision,
                                    struct cret_err *err)
{
    (void)tpm;
    (void)provision;
    return none(err);
}

enum cret_status cret_tpm_status(struct cret_tpm *tpm, const struct cret_station *station,
                                 struct cret_tpm_state *ret_state, struct cret_err *err)
{
    (void)tpm;
    (void)station;
    (void)ret_state;
    return none(err);
}
