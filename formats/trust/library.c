/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/library.h"

#include <openssl/err.h>
#include <stdio.h>

const char *cret_library_reason(char *out, size_t size)
{
    const unsigned long code = ERR_peek_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    snprintf(out, size, "%s", reason == NULL ? "no reason given" : reason);
    ERR_clear_error();
    return out;
}

bool cret_library_out_of_memory(void)
{
    return ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE ||
           ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
}
