/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in a token: PKCS#11 by URI, and TPM 2.0 by handle or wrapped. */
#include "keys/token.h"

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "keys/pkcs11.h"

/* Keys are used where they are, but hashing stays out of the token. */
#define TPM_PROPERTIES "?provider=tpm2,tpm2.digest!=yes"
#define PKCS11_PROPERTIES "?provider=pkcs11"

/* The first private key that a provider's store finds under a URI; NULL: none. */
static EVP_PKEY *load_key(const struct cret_key_home *home, const char *uri,
                          struct cret_secret_request *request)
{
    EVP_PKEY *pkey = NULL;
    UI_METHOD *method = UI_UTIL_wrap_read_pem_callback(cret_secret_callback, 0);
    OSSL_STORE_CTX *store = method == NULL
                                ? NULL
                                : OSSL_STORE_open_ex(uri, home->library, home->properties, method,
                                                     request, NULL, NULL, NULL);
    while (store != NULL && pkey == NULL && !request->failed && OSSL_STORE_eof(store) == 0) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);
        if (info == NULL && OSSL_STORE_error(store) != 0) {
            break;
        }
        if (info != NULL && OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY) {
            pkey = OSSL_STORE_INFO_get1_PKEY(info);
        }
        OSSL_STORE_INFO_free(info);
    }
    (void)OSSL_STORE_close(store);
    UI_destroy_method(method);
    return pkey;
}

/* --- PKCS#11 (RFC 7512) --- */

struct pkcs11_uri {
    char *path;       /* "pkcs11:" and the attributes that name the key; goes to the token */
    char *module;     /* module-path, or NULL */
    char *pin_source; /* path of a file, or NULL */
};

static void clear_uri(struct pkcs11_uri *parsed)
{
    free(parsed->path);
    free(parsed->module);
    free(parsed->pin_source);
}

/* RFC 3986 2.1. NULL: a '%' without two digits, a NUL, or out of memory. */
static char *percent_decode(const char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *out = malloc(size + 1);
    size_t length = 0;
    for (size_t i = 0; out != NULL && i < size; i++) {
        if (text[i] != '%') {
            out[length++] = text[i];
            continue;
        }
        const char *high = i + 2 < size ? strchr(digits, text[i + 1] | 0x20) : NULL;
        const char *low = i + 2 < size ? strchr(digits, text[i + 2] | 0x20) : NULL;
        if (high == NULL || low == NULL || (high == digits && low == digits)) {
            free(out);
            return NULL;
        }
        out[length++] = (char)((high - digits) * 16 + (low - digits));
        i += 2;
    }
    if (out != NULL) {
        out[length] = '\0';
    }
    return out;
}

/* "file:/etc/pin" or a path. Programs are not run. */
static enum cret_status take_pin_source(struct pkcs11_uri *parsed, struct cret_err *err)
{
    char *source = parsed->pin_source;
    if (source[0] == '|') {
        return cret_err_usage(err, "pin-source must be a file, not a program");
    }
    size_t skip = strncmp(source, "file:", 5) == 0 ? 5 : 0;
    if (skip > 0 && strncmp(source + skip, "//", 2) == 0) {
        skip += 2;
    }
    memmove(source, source + skip, strlen(source + skip) + 1);
    return CRET_OK;
}

static bool attribute_is(const char *attribute, size_t size, const char *name, size_t *ret_skip)
{
    *ret_skip = strlen(name) + 1;
    return size >= *ret_skip && strncmp(attribute, name, *ret_skip - 1) == 0 &&
           attribute[*ret_skip - 1] == '=';
}

static enum cret_status parse_query(struct pkcs11_uri *parsed, const char *query,
                                    struct cret_err *err)
{
    for (const char *at = query; *at != '\0';) {
        const size_t size = strcspn(at, "&");
        size_t skip = 0;
        char **place = NULL;
        if (attribute_is(at, size, "pin-value", &skip)) {
            cret_err_usage(err, "a PIN in the URI is seen by everybody on this machine");
            return cret_err_hint(err, "--pin-file FILE, --pin-fd N, or ?pin-source=file:PATH; and "
                                      "change that PIN");
        }
        if (attribute_is(at, size, "pin-source", &skip)) {
            place = &parsed->pin_source;
        } else if (attribute_is(at, size, "module-path", &skip)) {
            place = &parsed->module;
        }
        if (place == NULL || *place != NULL) {
            cret_err_usage(err, "the query part of the PKCS#11 URI is not understood");
            return cret_err_expected(err, "pin-source and module-path, each at most once");
        }
        *place = percent_decode(at + skip, size - skip);
        if (*place == NULL || **place == '\0') {
            return cret_err_usage(err, "the PKCS#11 URI has an empty or wrongly escaped value");
        }
        at += size + (at[size] == '&' ? 1 : 0);
    }
    return parsed->pin_source != NULL ? take_pin_source(parsed, err) : CRET_OK;
}

static enum cret_status parse_uri(struct pkcs11_uri *parsed, const char *uri, struct cret_err *err)
{
    const size_t size = strcspn(uri, "?");
    parsed->path = strndup(uri, size);
    if (parsed->path == NULL) {
        return cret_err_memory(err);
    }
    /* Old tools wrote a PIN among the other attributes. */
    if (strstr(parsed->path, "pin-value=") != NULL) {
        return parse_query(parsed, "pin-value=", err);
    }
    if (strstr(parsed->path, "object=") == NULL && strstr(parsed->path, "id=") == NULL) {
        cret_err_usage(err, "the PKCS#11 URI does not say which key");
        return cret_err_expected(err,
                                 "pkcs11:token=LABEL;object=LABEL or pkcs11:token=LABEL;id=%%01");
    }
    return uri[size] == '?' ? parse_query(parsed, uri + size + 1, err) : CRET_OK;
}

static enum cret_status check_module(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    void *module = NULL, *function = NULL;
    if (cret_key_home_possible(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (path == NULL) {
        return CRET_OK;
    }
    if (cret_os_stat_path(&info, &exists, path, NULL) != CRET_OK || !exists) {
        cret_err_usage(err, "there is no PKCS#11 module");
        return cret_err_where(err, "%s", path);
    }
    /* Whoever loads it for us writes the loader's complaint to standard error. */
    if (cret_os_library_open(&module, path, err) != CRET_OK ||
        !cret_os_library_find(module, "C_GetFunctionList", &function)) {
        cret_err_usage(err, "this is no PKCS#11 module");
        cret_err_where(err, "%s", path);
        return cret_err_hint(err,
                             "module-path names the library of the token's maker (.so), not its "
                             "configuration");
    }
    return CRET_OK;
}

static enum cret_status open_engine(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                    const struct pkcs11_uri *parsed,
                                    struct cret_secret_request *request, struct cret_err *err)
{
    char pin[CRET_LIMIT_SECRET_BYTES];
    enum cret_status status = cret_secret_obtain(pin, sizeof(pin), request);
    if (status == CRET_OK) {
        status = cret_engine_open(ret_pkey, ret_home, parsed->path, parsed->module, pin, err);
    }
    OPENSSL_cleanse(pin, sizeof(pin));
    return status;
}

static enum cret_status open_provider(EVP_PKEY **ret_pkey, const struct cret_key_home *home,
                                      const struct pkcs11_uri *parsed,
                                      struct cret_secret_request *request, struct cret_err *err)
{
    *ret_pkey = load_key(home, parsed->path, request);
    ERR_clear_error();
    if (*ret_pkey != NULL) {
        return CRET_OK;
    }
    if (request->failed) {
        return CRET_FAILED;
    }
    cret_err_undecided(err, "the token does not give a private key for this URI");
    return cret_err_hint(err,
                         "check that the token is there, its label and the key's label or id, "
                         "the PIN (tokens lock after a few wrong ones), and module-path; where "
                         "two tokens have one label, add serial= (pkcs11-tool -L)");
}

enum cret_status cret_token_open_pkcs11(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                        const char *uri, const struct cret_secret_source *secret,
                                        struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct pkcs11_uri parsed = {NULL, NULL, NULL};
    struct cret_key_home home = {0};
    bool loaded = false;
    if (parse_uri(&parsed, uri, err) != CRET_OK) {
        clear_uri(&parsed);
        return CRET_FAILED;
    }
    struct cret_secret_request request = {.source = secret,
                                          .file = parsed.pin_source,
                                          .what = "PIN",
                                          .origin = parsed.path,
                                          .err = err};
    if (check_module(parsed.module, err) != CRET_OK) {
        goto out;
    }
    /* pkcs11-provider takes the module nowhere else before OpenSSL 3.2. */
    if (parsed.module != NULL &&
        cret_os_set_environment("PKCS11_PROVIDER_MODULE", parsed.module, err) != CRET_OK) {
        goto out;
    }
    if (cret_key_home_open(&home, "pkcs11", PKCS11_PROPERTIES, &loaded, err) != CRET_OK) {
        goto out;
    }
    if (loaded) {
        status = open_provider(ret_pkey, &home, &parsed, &request, err);
    } else {
        ERR_clear_error();
        cret_key_home_close(&home);
        status = open_engine(ret_pkey, &home, &parsed, &request, err);
    }
    if (status == CRET_OK) {
        *ret_home = home;
        memset(&home, 0, sizeof(home));
    } else if (err != NULL && err->where[0] == '\0') {
        cret_err_where(err, "%s", parsed.path);
    }
out:
    cret_key_home_close(&home);
    clear_uri(&parsed);
    return status;
}

/* --- TPM --- */

static enum cret_status open_tpm(struct cret_key_home *home, struct cret_err *err)
{
    bool loaded = false;
    if (cret_key_home_open(home, "tpm2", TPM_PROPERTIES, &loaded, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!loaded) {
        ERR_clear_error();
        cret_key_home_close(home);
        cret_err_undecided(err, "the TPM cannot be used for keys: the provider tpm2 does not "
                                "load");
        return cret_err_hint(err, "install tpm2-openssl; TPM2OPENSSL_TCTI names the connection "
                                  "where it is not /dev/tpmrm0");
    }
    return CRET_OK;
}

static enum cret_status tpm_failed(const struct cret_secret_request *request, struct cret_err *err)
{
    ERR_clear_error();
    if (request->failed) {
        return CRET_FAILED;
    }
    cret_err_undecided(err, "the TPM does not give the private key");
    cret_err_where(err, "%s", request->origin);
    return cret_err_hint(err, "check the handle (tpm2_getcap handles-persistent), or that the file "
                              "was made by this TPM, and its authorization value");
}

enum cret_status cret_token_open_handle(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                        const char *uri, const struct cret_secret_source *secret,
                                        struct cret_err *err)
{
    struct cret_key_home home = {0};
    struct cret_secret_request request = {
        .source = secret, .what = "authorization value", .origin = uri, .err = err};
    if (open_tpm(&home, err) != CRET_OK) {
        return CRET_FAILED;
    }
    EVP_PKEY *pkey = load_key(&home, uri, &request);
    if (pkey == NULL) {
        cret_key_home_close(&home);
        return tpm_failed(&request, err);
    }
    ERR_clear_error();
    *ret_pkey = pkey;
    *ret_home = home;
    return CRET_OK;
}

enum cret_status cret_token_open_tss2(EVP_PKEY **ret_pkey, struct cret_key_home *ret_home,
                                      const char *text, size_t size, const char *origin,
                                      const struct cret_secret_source *secret, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_key_home home = {0};
    struct cret_secret_request request = {
        .source = secret, .what = "authorization value", .origin = origin, .err = err};
    EVP_PKEY *pkey = NULL;
    if (open_tpm(&home, err) != CRET_OK) {
        return CRET_FAILED;
    }
    BIO *bio = BIO_new_mem_buf(text, (int)size);
    OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
        &pkey, "PEM", NULL, NULL, EVP_PKEY_KEYPAIR, home.library, home.properties);
    if (bio == NULL || decoder == NULL ||
        OSSL_DECODER_CTX_set_pem_password_cb(decoder, cret_secret_callback, &request) != 1) {
        cret_err_memory(err);
        goto out;
    }
    if (OSSL_DECODER_from_bio(decoder, bio) != 1 || pkey == NULL) {
        tpm_failed(&request, err);
        goto out;
    }
    ERR_clear_error();
    *ret_pkey = pkey;
    *ret_home = home;
    memset(&home, 0, sizeof(home));
    status = CRET_OK;
out:
    OSSL_DECODER_CTX_free(decoder);
    BIO_free(bio);
    cret_key_home_close(&home);
    return status;
}
