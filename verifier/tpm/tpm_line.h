/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connection to a TPM, with one rule of its own: after a command or an answer was lost, nothing
 * is sent any more. What tss sends to clean up would wait without end behind the lost one.
 */
#ifndef CRET_VERIFIER_TPM_LINE_H
#define CRET_VERIFIER_TPM_LINE_H

#include <stdbool.h>

#include <tss2/tss2_tcti.h>

struct cret_tpm_line {
    TSS2_TCTI_CONTEXT_COMMON_V1 common; /* the first: ESYS is given its address */
    TSS2_TCTI_CONTEXT *below;           /* what really transmits; the caller's */
    bool broken;
};

/* Sets up line over `below`, both of which must outlive what is given; that is owned by line. Its
 * calls give what those of below give; once one of them was TSS2_BASE_RC_IO_ERROR, all later ones
 * are TSS2_TCTI_RC_NO_CONNECTION. */
TSS2_TCTI_CONTEXT *cret_tpm_line_over(struct cret_tpm_line *line, TSS2_TCTI_CONTEXT *below);

#endif
