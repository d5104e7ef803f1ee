/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by OpenSSL's pkcs11 engine, and the one user of its ENGINE interface. Internal to this
 * folder. */
#ifndef CRET_KEYS_PKCS11_H
#define CRET_KEYS_PKCS11_H

#include <openssl/evp.h>

#include "keys/home.h"

/* uri: without pin-source; module: path or NULL; pin: terminated. */
CRET_MUST_CHECK enum cret_status cret_engine_open(EVP_PKEY **ret_pkey,
                                                  struct cret_key_home *ret_home, const char *uri,
                                                  const char *module, const char *pin,
                                                  struct cret_err *err);
void cret_engine_close(void **engine);

#endif
