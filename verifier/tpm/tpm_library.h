/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of tpm2-tss, found when a TPM is asked for: most runs ask none, and loading the
 * libraries costs each of them some milliseconds. */
#ifndef CRET_VERIFIER_TPM_LIBRARY_H
#define CRET_VERIFIER_TPM_LIBRARY_H

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#include "base/finding/err.h"

/* Every function that is used, by library; the types are those of the headers, so that the compiler
 * checks each call. */
#define CRET_TSS_ESYS(X)                                                                           \
    X(Esys_CreatePrimary)                                                                          \
    X(Esys_EvictControl)                                                                           \
    X(Esys_Finalize)                                                                               \
    X(Esys_FlushContext)                                                                           \
    X(Esys_Free)                                                                                   \
    X(Esys_GetCapability)                                                                          \
    X(Esys_Initialize)                                                                             \
    X(Esys_LoadExternal)                                                                           \
    X(Esys_NV_Certify)                                                                             \
    X(Esys_NV_DefineSpace)                                                                         \
    X(Esys_NV_Extend)                                                                              \
    X(Esys_NV_Read)                                                                                \
    X(Esys_NV_UndefineSpace)                                                                       \
    X(Esys_NV_Write)                                                                               \
    X(Esys_PolicyAuthorize)                                                                        \
    X(Esys_PolicyCpHash)                                                                           \
    X(Esys_PolicyNV)                                                                               \
    X(Esys_ReadPublic)                                                                             \
    X(Esys_StartAuthSession)                                                                       \
    X(Esys_TRSess_SetAttributes)                                                                   \
    X(Esys_TR_Close)                                                                               \
    X(Esys_TR_FromTPMPublic)                                                                       \
    X(Esys_TR_GetName)                                                                             \
    X(Esys_TR_GetTpmHandle)                                                                        \
    X(Esys_TR_Serialize)                                                                           \
    X(Esys_TR_SetAuth)                                                                             \
    X(Esys_VerifySignature)
#define CRET_TSS_MU(X) X(Tss2_MU_TPMT_PUBLIC_Unmarshal)
#define CRET_TSS_RC(X) X(Tss2_RC_Decode)
#define CRET_TSS_TCTI(X)                                                                           \
    X(Tss2_TctiLdr_Finalize)                                                                       \
    X(Tss2_TctiLdr_Initialize)

struct cret_tss {
#define CRET_TSS_MEMBER(name) __typeof__(name) *name;
    CRET_TSS_ESYS(CRET_TSS_MEMBER)
    CRET_TSS_MU(CRET_TSS_MEMBER)
    CRET_TSS_RC(CRET_TSS_MEMBER)
    CRET_TSS_TCTI(CRET_TSS_MEMBER)
#undef CRET_TSS_MEMBER
};

/* class UNDECIDED where a library is missing, with the packages that have it. */
CRET_MUST_CHECK enum cret_status cret_tss_load(struct cret_tss *ret_tss, struct cret_err *err);

#endif
