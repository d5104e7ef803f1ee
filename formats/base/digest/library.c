/* SPDX-License-Identifier: Apache-2.0 */
/* Starting OpenSSL, without the machine's configuration of it. */
#include "base/digest/library.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "base/finding/fault.h"

enum cret_status cret_library_begin(struct cret_err *err)
{
    /* The process ends with what the library holds: freeing it piece by piece serves nobody. */
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        cret_fault_note("the cryptographic library could not be started");
        return cret_err_undecided(err, "the cryptographic library cannot be initialized");
    }
    ERR_clear_error();
    return CRET_OK;
}
