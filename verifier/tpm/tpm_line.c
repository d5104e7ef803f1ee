/* SPDX-License-Identifier: Apache-2.0 */
/* A connection that does not go on after it broke. */
#include "verifier/tpm/tpm_line.h"

#define LINE_MAGIC 0x63726574756c6131u /* any value: tss asks for none */

static struct cret_tpm_line *line_of(TSS2_TCTI_CONTEXT *context)
{
    return (struct cret_tpm_line *)(void *)context;
}

/* The result of a call, remembered where it says that the connection broke. */
static TSS2_RC seen(struct cret_tpm_line *line, TSS2_RC rc)
{
    line->broken = line->broken || (rc & ~TSS2_RC_LAYER_MASK) == TSS2_BASE_RC_IO_ERROR;
    return rc;
}

static TSS2_RC transmit(TSS2_TCTI_CONTEXT *context, size_t size, const uint8_t *command)
{
    struct cret_tpm_line *line = line_of(context);
    return line->broken ? TSS2_TCTI_RC_NO_CONNECTION
                        : seen(line, Tss2_Tcti_Transmit(line->below, size, command));
}

static TSS2_RC receive(TSS2_TCTI_CONTEXT *context, size_t *size, uint8_t *response, int32_t timeout)
{
    struct cret_tpm_line *line = line_of(context);
    return line->broken ? TSS2_TCTI_RC_NO_CONNECTION
                        : seen(line, Tss2_Tcti_Receive(line->below, size, response, timeout));
}

static TSS2_RC cancel(TSS2_TCTI_CONTEXT *context)
{
    return Tss2_Tcti_Cancel(line_of(context)->below);
}

static TSS2_RC poll_handles(TSS2_TCTI_CONTEXT *context, TSS2_TCTI_POLL_HANDLE *handles,
                            size_t *count)
{
    return Tss2_Tcti_GetPollHandles(line_of(context)->below, handles, count);
}

static TSS2_RC set_locality(TSS2_TCTI_CONTEXT *context, uint8_t locality)
{
    return Tss2_Tcti_SetLocality(line_of(context)->below, locality);
}

TSS2_TCTI_CONTEXT *cret_tpm_line_over(struct cret_tpm_line *line, TSS2_TCTI_CONTEXT *below)
{
    *line = (struct cret_tpm_line){
        .common = {.magic = LINE_MAGIC,
                   .version = 1,
                   .transmit = transmit,
                   .receive = receive,
                   .cancel = cancel,
                   .getPollHandles = poll_handles,
                   .setLocality = set_locality},
        .below = below,
    };
    return (TSS2_TCTI_CONTEXT *)(void *)line;
}
