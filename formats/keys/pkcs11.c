/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#11 through the pkcs11 engine (libp11). OpenSSL 3 deprecates ENGINE, but Debian 12 has no
 * provider for PKCS#11; this file is the only place that uses it.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>

#include "base/finding/limits.h"
#include "keys/pkcs11.h"

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
        cret_err_usage(err, "the token refuses the PIN");
        return cret_err_hint(err, "do not try often: tokens lock after a few wrong PINs");
    case PIN_LOCKED:
        return cret_err_usage(err, "the token is locked after too many wrong PINs");
    default:
        cret_err_undecided(err, "the token does not give a private key for this URI");
        return cret_err_hint(err, "check that the token is there, its label and the key's label or "
                                  "id (pkcs11-tool -O), the PIN, and module-path; where two tokens "
                                  "have one label, add serial= (pkcs11-tool -L)");
    }
}

/* What lives as long as the key: keys that must be authenticated for each use
 * (CKA_ALWAYS_AUTHENTICATE, as in PIV slot 9c) are given the PIN once more when they sign. */
struct session {
    ENGINE *engine;
    UI_METHOD *answers;
    char pin[CRET_LIMIT_SECRET_BYTES];
};

/* The engine never asks on the terminal by itself: whatever it asks for is the PIN that was given.
 */
static int answer(UI *ui, UI_STRING *string)
{
    const struct session *session = UI_get0_user_data(ui);
    if (session == NULL) {
        return 0;
    }
    return UI_set_result(ui, string, session->pin) == 0 ? 1 : 0;
}

/* Commands of libp11's engine, by number because it lets no string carry a pointer. */
static bool set_answers(struct session *session)
{
    session->answers = UI_create_method("cretula");
    return session->answers != NULL && UI_method_set_reader(session->answers, answer) == 0 &&
           ENGINE_ctrl_cmd(session->engine, "SET_USER_INTERFACE", 0, session->answers, NULL, 0) ==
               1 &&
           ENGINE_ctrl_cmd(session->engine, "SET_CALLBACK_DATA", 0, session, NULL, 0) == 1;
}

enum cret_status cret_engine_open(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                  const char *uri, const char *module, const char *pin,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    void *opened = NULL;
    if (OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL) != 1) {
        return cret_err_undecided(err, "OpenSSL cannot load engines");
    }
    ENGINE *engine = ENGINE_by_id("pkcs11");
    if (engine == NULL) {
        ERR_clear_error();
        cret_err_undecided(err, "neither pkcs11-provider nor the pkcs11 engine is installed");
        return cret_err_hint(err, "Debian 12: libengine-pkcs11-openssl; Debian 13: "
                                  "pkcs11-provider");
    }
    /* It would write to standard error on its own. */
    if (ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0) != 1 ||
        (module != NULL && ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) != 1) ||
        ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) != 1 || ENGINE_init(engine) != 1) {
        ENGINE_free(engine);
        ERR_clear_error();
        cret_err_undecided(err, "the PKCS#11 module cannot be loaded");
        cret_err_where(err, "%s", module != NULL ? module : "the default module");
        return cret_err_hint(err, "name it in the URI: ?module-path=/usr/lib/...so");
    }
    ENGINE_free(engine); /* the structure; the initialized reference stays */
    struct session *session = OPENSSL_zalloc(sizeof(*session));
    if (session == NULL) {
        (void)ENGINE_finish(engine);
        return cret_err_memory(err);
    }
    session->engine = engine;
    snprintf(session->pin, sizeof(session->pin), "%s", pin);
    opened = session;
    if (!set_answers(session)) {
        cret_err_undecided(err, "the pkcs11 engine cannot be told the PIN");
        goto out;
    }
    EVP_PKEY *pkey = ENGINE_load_private_key(engine, uri, session->answers, session);
    if (pkey == NULL) {
        explain(err);
        goto out;
    }
    ERR_clear_error();
    *ret_pkey = pkey;
    ret_home->engine = opened;
    opened = NULL;
    status = CRET_OK;
out:
    cret_engine_close(&opened);
    return status;
}

void cret_engine_close(void **engine)
{
    struct session *session = engine != NULL ? *engine : NULL;
    if (session == NULL) {
        return;
    }
    (void)ENGINE_finish(session->engine);
    UI_destroy_method(session->answers);
    OPENSSL_clear_free(session, sizeof(*session));
    *engine = NULL;
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
    cret_err_undecided(err, "pkcs11-provider is not installed");
    return cret_err_hint(err, "Debian 13: pkcs11-provider");
}

void cret_engine_close(void **engine)
{
    (void)engine;
}
#endif
