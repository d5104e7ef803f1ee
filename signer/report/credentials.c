/* SPDX-License-Identifier: Apache-2.0 */
/* Opening key, certificate and chain as the options name them. */
#include "signer/report/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "console/open_key.h"
#include "signer/command/options.h"

#define STANDARD_INPUT 0

static enum cret_status read_certificates(struct cret_certificate ***ret_list, size_t *ret_count,
                                          const char *path, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_certificates_read(ret_list, ret_count, text, size, path, err);
    free(text);
    return status;
}

/* A root in a chain file is left out: verifiers have their own. */
static void add_intermediate(struct cret_credentials *credentials,
                             const struct cret_certificate *certificate)
{
    if (strcmp(cret_certificate_subject(certificate), cret_certificate_issuer(certificate)) != 0) {
        credentials->chain[credentials->intermediate_count++] = certificate;
    }
}

enum cret_status cret_credentials_certificates(struct cret_credentials *credentials,
                                               const struct cret_options *options,
                                               struct cret_err *err)
{
    const char *cert = cret_options_value(options, "cert");
    const char *chain = cret_options_value(options, "chain");
    if ((cert != NULL &&
         read_certificates(&credentials->list, &credentials->count, cert, err) != CRET_OK) ||
        (chain != NULL && read_certificates(&credentials->chain_list, &credentials->chain_count,
                                            chain, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    credentials->chain =
        calloc(credentials->count + credentials->chain_count + 1, sizeof(*credentials->chain));
    if (credentials->chain == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 1; i < credentials->count; i++) {
        add_intermediate(credentials, credentials->list[i]);
    }
    for (size_t i = 0; i < credentials->chain_count; i++) {
        add_intermediate(credentials, credentials->chain_list[i]);
    }
    return CRET_OK;
}

enum cret_status cret_credentials_key(struct cret_credentials *credentials,
                                      const struct cret_options *options, bool input_is_stdin,
                                      struct cret_err *err)
{
    struct cret_secret_source secret;
    if (cret_secret_named(&secret, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (secret.fd == STANDARD_INPUT && input_is_stdin) {
        return cret_err_usage(err, "description and passphrase cannot both be standard input");
    }
    /* Said of the certificate, since a key of an unknown kind only looks like a broken file. */
    if (credentials->count > 0 && cret_key_supported(credentials->list[0], err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_open_key(&credentials->key, options, "key",
                         credentials->count > 0 ? credentials->list[0] : NULL, err);
}

void cret_credentials_clear(struct cret_credentials *credentials)
{
    cret_key_free(&credentials->key);
    free(credentials->chain);
    cret_certificates_free(&credentials->list, credentials->count);
    cret_certificates_free(&credentials->chain_list, credentials->chain_count);
    memset(credentials, 0, sizeof(*credentials));
}

enum cret_meaning cret_option_meaning(const struct cret_options *options)
{
    const char *name = cret_options_value(options, "meaning");
    for (int meaning = CRET_MEANING_NONE; name != NULL && meaning < CRET_MEANING_COUNT; meaning++) {
        if (strcmp(cret_meaning_name((enum cret_meaning)meaning), name) == 0) {
            return (enum cret_meaning)meaning;
        }
    }
    return CRET_MEANING_NONE;
}
