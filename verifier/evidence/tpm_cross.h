/* SPDX-License-Identifier: Apache-2.0 */
/* --tpm-verify: the TPM's opinion on the signatures that the child counted. */
#ifndef CRET_VERIFIER_TPM_CROSS_H
#define CRET_VERIFIER_TPM_CROSS_H

#include "verifier/run/tpm_guard.h"

/* Verifies in the TPM what the child counted, adds findings (tpm.signature), and makes the outcome
 * REFUSED where the TPM disagrees, UNDECIDED where it cannot be asked. */
void cret_guard_cross_check(struct cret_guard *guard, struct cret_outcome *outcome);

#endif
