/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that never leave their token: PKCS#11 and TPM 2.0. Internal to this folder. */
#ifndef CRET_KEYS_TOKEN_H
#define CRET_KEYS_TOKEN_H

#include "keys/key.h"
#include "keys/secret.h"

/* A key by an RFC 7512 URI ("pkcs11:..."): with pkcs11-provider where it is installed, else with
 * the pkcs11 engine. class USAGE for a URI that is wrong or holds a PIN, for a wrong PIN; UNDECIDED
 * for a token out of reach, and by the provider, which does not tell them apart, for a wrong PIN
 * too. No error quotes the query part of the URI. */
CRET_MUST_CHECK enum cret_status
cret_token_open_pkcs11(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home, const char *uri,
                       const struct cret_secret_source *secret, struct cret_err *err);

/* A persistent key of the TPM ("handle:0x81000001", with "?pass" where it has an authorization
 * value). */
CRET_MUST_CHECK enum cret_status
cret_token_open_handle(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home, const char *uri,
                       const struct cret_secret_source *secret, struct cret_err *err);
/* A key wrapped by the TPM: PEM text with BEGIN TSS2 PRIVATE KEY. origin: its path. */
CRET_MUST_CHECK enum cret_status
cret_token_open_tss2(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home, const char *text,
                     size_t size, const char *origin, const struct cret_secret_source *secret,
                     struct cret_err *err);

#endif
