/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/library.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>

enum cret_status cret_library_begin(struct cret_err *err)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        return cret_err_undecided(err, "the cryptographic library cannot be initialized");
    ERR_clear_error();
    return CRET_OK;
}

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
