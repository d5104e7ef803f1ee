/* SPDX-License-Identifier: Apache-2.0 */
/* Where a key lives: a library context with its provider, opened and closed. */
#include "keys/home.h"

#include <string.h>

#include "base/system/os.h"
#include "keys/pkcs11.h"

enum cret_status cret_key_home_possible(struct cret_err *err)
{
    return cret_os_libraries("a key in a token or a TPM needs that of its maker", err);
}

enum cret_status cret_key_home_open(struct cret_key_home *home, const char *provider,
                                    const char *properties, bool *ret_loaded, struct cret_err *err)
{
    memset(home, 0, sizeof(*home));
    if (cret_key_home_possible(err) != CRET_OK) {
        return CRET_FAILED;
    }
    home->library = OSSL_LIB_CTX_new();
    if (home->library == NULL) {
        return cret_err_memory(err);
    }
    /* The default one first: a token's provider lacks digests and encoders. */
    home->providers[0] = OSSL_PROVIDER_load(home->library, "default");
    if (home->providers[0] == NULL) {
        cret_key_home_close(home);
        return cret_err_undecided(err, "OpenSSL's default provider cannot be loaded");
    }
    home->providers[1] = OSSL_PROVIDER_load(home->library, provider);
    home->properties = properties;
    *ret_loaded = home->providers[1] != NULL;
    return CRET_OK;
}

void cret_key_home_close(struct cret_key_home *home)
{
    cret_engine_close(&home->engine);
    for (size_t i = CRET_LENGTH(home->providers); i > 0; i--) {
        if (home->providers[i - 1] != NULL) {
            (void)OSSL_PROVIDER_unload(home->providers[i - 1]);
        }
    }
    OSSL_LIB_CTX_free(home->library);
    memset(home, 0, sizeof(*home));
}
