/* SPDX-License-Identifier: Apache-2.0 */
/* Response codes of TPM and tss in words, each with what to do about it. */

#include "verifier/tpm/tpm_internal.h"

#define FORMAT_ONE 0x80u

struct reason {
    TPM2_RC code;
    const char *sentence;
    const char *hint;
};

static const struct reason tpm_reasons[] = {
    {TPM2_RC_LOCKOUT, "the TPM is in lockout after too many wrong authorizations",
     "wait for its recovery time, or `tpm2_dictionarylockout -c -p LOCKOUT-AUTH`; find out who "
     "tried"},
    {TPM2_RC_FAILURE, "the TPM is in failure mode: its self-test failed",
     "restart the machine; if it happens again the TPM is defective"},
    {TPM2_RC_INITIALIZE, "the TPM was not started",
     "the firmware sends TPM2_Startup; look for the TPM in the firmware's set-up, or start swtpm "
     "with --flags startup-clear"},
    {TPM2_RC_REBOOT, "the TPM wants a restart of the machine", "restart the machine"},
    {TPM2_RC_UPGRADE, "the TPM is in the middle of a firmware upgrade", "finish the upgrade"},
    {TPM2_RC_HANDLE, "nothing is at this handle",
     "run `cretula-verify tpm status`; the station was not provisioned, or somebody with owner "
     "authorization removed it"},
    {TPM2_RC_BAD_AUTH, "the authorization is wrong",
     "owner: the right --owner-auth-file; journal head: the auth file that provisioning wrote"},
    {TPM2_RC_AUTH_FAIL, "the authorization is wrong",
     "stop trying before the TPM locks itself; use the right authorization"},
    {TPM2_RC_AUTH_UNAVAILABLE, "this authorization does not allow it",
     "the anchor is written by an order only"},
    {TPM2_RC_NV_AUTHORIZATION, "this authorization does not allow it",
     "the anchor is written by an order only"},
    {TPM2_RC_NV_UNINITIALIZED, "the index was never written", "provision the station"},
    {TPM2_RC_NV_DEFINED, "the handle is in use already", "choose another handle"},
    {TPM2_RC_NV_SPACE, "the TPM has no room for another index",
     "`tpm2_getcap handles-nv-index` lists what is there"},
    {TPM2_RC_NV_RATE, "the TPM limits how fast it is written", "wait a minute and run it again"},
    {TPM2_RC_NV_UNAVAILABLE, "the TPM's memory cannot be written now", "run it again"},
    {TPM2_RC_SESSION_MEMORY, "the TPM has no room for another session",
     "use the device of the resource manager (/dev/tpmrm0), or `tpm2_flushcontext -l`"},
    {TPM2_RC_SESSION_HANDLES, "the TPM has no room for another session",
     "use the device of the resource manager (/dev/tpmrm0), or `tpm2_flushcontext -s`"},
    {TPM2_RC_OBJECT_MEMORY, "the TPM has no room for another key",
     "use the device of the resource manager (/dev/tpmrm0), or `tpm2_flushcontext -t`"},
    {TPM2_RC_RETRY, "the TPM is busy", "run it again"},
    {TPM2_RC_TESTING, "the TPM tests itself", "run it again"},
    {TPM2_RC_DISABLED, "the command is disabled in this TPM", "enable it in the firmware's set-up"},
    {TPM2_RC_HIERARCHY, "the owner hierarchy is disabled",
     "enable the TPM's storage hierarchy in the firmware's set-up"},
    {TPM2_RC_POLICY, "the policy is not fulfilled", NULL},
    {TPM2_RC_POLICY_FAIL, "the policy is not fulfilled", NULL},
    {TPM2_RC_SIGNATURE, "the signature is not valid", NULL},
};

static const struct reason esys_reasons[] = {
    {TSS2_ESYS_RC_RSP_AUTH_FAILED,
     "an answer of the TPM was changed on its way: its protection does not fit",
     "somebody or something sits between this program and the TPM; examine the machine, then run "
     "it again"},
    {TSS2_ESYS_RC_MALFORMED_RESPONSE, "an answer of the TPM is damaged",
     "examine the connection to the TPM (--tcti)"},
    {TSS2_ESYS_RC_INSUFFICIENT_RESPONSE, "an answer of the TPM is cut off",
     "examine the connection to the TPM (--tcti)"},
    {TSS2_ESYS_RC_MEMORY, "memory is exhausted", "free memory and run it again"},
};

static const struct reason other = {0, "the TPM could not do it", "examine the TPM and --tcti"};
static const struct reason transport = {
    0, "the connection to the TPM broke, or what answers there is no TPM",
    "examine the TPM and --tcti"};

TPM2_RC cret_tpm_code(TSS2_RC rc)
{
    const TPM2_RC code = rc & 0xfffu;
    return (code & FORMAT_ONE) != 0 ? (code & 0x0bfu) : code;
}

static bool from_tpm(TSS2_RC rc)
{
    const TSS2_RC layer = rc & TSS2_RC_LAYER_MASK;
    return layer == TSS2_TPM_RC_LAYER || layer == TSS2_RESMGR_TPM_RC_LAYER;
}

static const struct reason *find(TSS2_RC rc)
{
    if (from_tpm(rc)) {
        for (size_t i = 0; i < CRET_LENGTH(tpm_reasons); i++) {
            if (tpm_reasons[i].code == cret_tpm_code(rc)) {
                return &tpm_reasons[i];
            }
        }
        return &other;
    }
    for (size_t i = 0; i < CRET_LENGTH(esys_reasons); i++) {
        if (esys_reasons[i].code == rc) {
            return &esys_reasons[i];
        }
    }
    return &transport;
}

/* Whether the TPM itself judged (denied) rather than could not work. */
static bool is_denied(TSS2_RC rc)
{
    static const TPM2_RC denials[] = {
        TPM2_RC_POLICY, TPM2_RC_POLICY_FAIL,      TPM2_RC_SIGNATURE,
        TPM2_RC_VALUE,  TPM2_RC_CPHASH,           TPM2_RC_AUTH_UNAVAILABLE,
        TPM2_RC_TICKET, TPM2_RC_NV_AUTHORIZATION, TPM2_RC_POLICY_CC};
    for (size_t i = 0; from_tpm(rc) && i < CRET_LENGTH(denials); i++) {
        if (denials[i] == cret_tpm_code(rc)) {
            return true;
        }
    }
    return false;
}

enum cret_status cret_tpm_failed(const struct cret_tpm *tpm, struct cret_err *err, TSS2_RC rc,
                                 const char *action)
{
    const struct reason *reason = find(rc);
    cret_err_undecided(err, "%s: %s", action, reason->sentence);
    cret_err_actual(err, "response code 0x%03x, %s", rc, tpm->tss.Tss2_RC_Decode(rc));
    return reason->hint != NULL ? cret_err_hint(err, "%s", reason->hint) : CRET_FAILED;
}

enum cret_status cret_tpm_refused(const struct cret_tpm *tpm, struct cret_err *err, TSS2_RC rc,
                                  const char *sentence)
{
    if (!is_denied(rc)) {
        return cret_tpm_failed(tpm, err, rc, "applying the order");
    }
    cret_err_refuse(err, CRET_CHECK_TPM_ANCHOR, "the TPM refused the order: %s", sentence);
    cret_err_actual(err, "response code 0x%03x, %s", rc, tpm->tss.Tss2_RC_Decode(rc));
    return cret_err_hint(err,
                         "ask the trust owner for the order of the newest trust policy; nothing "
                         "was changed");
}
