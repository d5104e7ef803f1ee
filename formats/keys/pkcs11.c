/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#11 through the pkcs11 engine (libp11). OpenSSL 3 deprecates ENGINE, but Debian 12 has no
 * provider for PKCS#11; this file is the only place that uses it.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>

#include "keys/token.h"
#include "trust/library.h"

#ifndef OPENSSL_NO_ENGINE
#include <openssl/engine.h>
#include <openssl/ui.h>

#define PIN_INCORRECT 0xa0 /* CKR_PIN_INCORRECT */
#define PIN_LENGTH 0xa2    /* CKR_PIN_LEN_RANGE */
#define PIN_LOCKED 0xa4    /* CKR_PIN_LOCKED */

/* A wrong PIN must be told apart: trying it again locks the token. */
static int token_reason(void)
{
    int found = 0;
    for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
        const int reason = ERR_GET_REASON(code);
        if (found == 0 &&
            (reason == PIN_INCORRECT || reason == PIN_LENGTH || reason == PIN_LOCKED)) {
            found = reason;
        }
    }
    return found;
}

static enum cret_status explain(struct cret_err *err)
{
    switch (token_reason()) {
    case PIN_INCORRECT:
    case PIN_LENGTH:
        (void)cret_err_usage(err, "the token refuses the PIN");
        return cret_err_hint(err, "do not try often: tokens lock after a few wrong PINs");
    case PIN_LOCKED:
        return cret_err_usage(err, "the token is locked after too many wrong PINs");
    default:
        (void)cret_err_undecided(err, "the token does not give a private key for this URI");
        return cret_err_hint(err, "check that the token is there, its label and the key's label or "
                                  "id (pkcs11-tool -O), the PIN, and module-path");
    }
}

/* The engine must never ask on the terminal by itself. */
static int no_prompt(UI *ui, UI_STRING *string)
{
    (void)ui;
    (void)string;
    return 0;
}

static EVP_PKEY *load_key(ENGINE *engine, const char *uri)
{
    UI_METHOD *silent = UI_create_method("none");
    EVP_PKEY *pkey = NULL;
    if (silent != NULL && UI_method_set_reader(silent, no_prompt) == 0) {
        pkey = ENGINE_load_private_key(engine, uri, silent, NULL);
    }
    UI_destroy_method(silent);
    return pkey;
}

enum cret_status cret_engine_open(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                  const char *uri, const char *module, const char *pin,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    void *initialized = NULL;
    if (OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL) != 1) {
        return cret_err_undecided(err, "OpenSSL cannot load engines");
    }
    ENGINE *engine = ENGINE_by_id("pkcs11");
    if (engine == NULL) {
        ERR_clear_error();
        (void)cret_err_undecided(err, "neither pkcs11-provider nor the pkcs11 engine is installed");
        return cret_err_hint(err, "Debian 12: libengine-pkcs11-openssl; Debian 13: "
                                  "pkcs11-provider");
    }
    /* It would write to standard error on its own. */
    if (ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0) != 1 ||
        (module != NULL && ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) != 1) ||
        ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) != 1 || ENGINE_init(engine) != 1) {
        ERR_clear_error();
        (void)cret_err_undecided(err, "the PKCS#11 module cannot be loaded");
        (void)cret_err_where(err, "%s", module != NULL ? module : "the default module");
        (void)cret_err_hint(err, "name it in the URI: ?module-path=/usr/lib/...so");
        goto out;
    }
    initialized = engine;
    EVP_PKEY *pkey = load_key(engine, uri);
    if (pkey == NULL) {
        (void)explain(err);
        goto out;
    }
    ERR_clear_error();
    *ret_pkey = pkey;
    ret_home->engine = initialized;
    initialized = NULL;
    status = CRET_OK;
out:
    cret_engine_close(&initialized);
    ENGINE_free(engine);
    return status;
}

void cret_engine_close(void **engine)
{
    if (engine != NULL && *engine != NULL) {
        (void)ENGINE_finish(*engine);
        *engine = NULL;
    }
}
#else
enum cret_status cret_engine_open(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                  const char *uri, const char *module, const char *pin,
                                  struct cret_err *err)
{
    (void)ret_pkey;
    (void)ret_home;
    (void)uri;
    (void)module;
    (void)pin;
    (void)cret_err_undecided(err, "pkcs11-provider is not installed");
    return cret_err_hint(err, "Debian 13: pkcs11-provider");
}

void cret_engine_close(void **engine)
{
    (void)engine;
}
#endif
