/* SPDX-License-Identifier: Apache-2.0 */
/* Starting OpenSSL, without the machine's configuration of it, and what its errors are called. */
#define OPENSSL_SUPPRESS_DEPRECATED /* one table of names at a time: there is no other way */
#include "base/digest/library.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>

#include "base/finding/fault.h"

/* The names of its errors take a twentieth of a small verification to load, and are wanted only
 * where something failed. Once left out they come back in parts, by functions that a later OpenSSL
 * may lack: there they are loaded at the start. */
#if !defined(OPENSSL_NO_DEPRECATED_3_0) && OPENSSL_VERSION_NUMBER < 0x40000000L
#define NAMES_LATER OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
static const struct {
    int library;
    int (*load)(void);
} names[] = {
    {ERR_LIB_ASN1, ERR_load_ASN1_strings},     {ERR_LIB_BN, ERR_load_BN_strings},
    {ERR_LIB_CMS, ERR_load_CMS_strings},       {ERR_LIB_CRYPTO, ERR_load_CRYPTO_strings},
    {ERR_LIB_EC, ERR_load_EC_strings},         {ERR_LIB_EVP, ERR_load_EVP_strings},
    {ERR_LIB_PEM, ERR_load_PEM_strings},       {ERR_LIB_RSA, ERR_load_RSA_strings},
    {ERR_LIB_X509, ERR_load_X509_strings},     {ERR_LIB_X509V3, ERR_load_X509V3_strings},
    {ERR_LIB_PKCS12, ERR_load_PKCS12_strings}, {ERR_LIB_OSSL_STORE, ERR_load_OSSL_STORE_strings},
};

static void load_names(int library)
{
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (names[i].library == library && names[i].load() != 1) {
            return; /* a number is told */
        }
    }
}
#else
#define NAMES_LATER 0
static void load_names(int library)
{
    (void)library;
}
#endif

enum cret_status cret_library_begin(struct cret_err *err)
{
    /* The process ends with what the library holds: freeing it piece by piece serves nobody. Its
     * old table of ciphers is for PEM files of an old form (keys/keystore.c), and takes as long to
     * fill as half of what else it does before its first digest. */
    const uint64_t without = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
                             OPENSSL_INIT_NO_ADD_ALL_CIPHERS | NAMES_LATER;
    if (OPENSSL_init_crypto(without, NULL) != 1) {
        cret_fault_note("the cryptographic library could not be started");
        return cret_err_undecided(err, "the cryptographic library cannot be initialized");
    }
    ERR_clear_error();
    return CRET_OK;
}

void cret_library_words(char *out, size_t size, unsigned long code)
{
    load_names(ERR_GET_LIB(code));
    const char *reason = ERR_reason_error_string(code);
    if (reason != NULL) {
        snprintf(out, size, "%s", reason);
    } else {
        snprintf(out, size, "OpenSSL's error %lX", code);
    }
}
