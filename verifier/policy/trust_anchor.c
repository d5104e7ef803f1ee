/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor that a verb of `trust` puts into a policy: read, and compared with its fingerprint. */
#include "verifier/policy/trust_anchor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/policy/policy.h"

void cret_trust_anchor_clear(struct cret_trust_anchor *anchor)
{
    cret_certificates_free(&anchor->certificates, anchor->count);
    free(anchor->pem);
}

/* Attestations bring no certificate along, and a build service has a key alone. All others sign
 * with a certificate, which says who they are. */
static bool may_be_bare(const struct cret_options *options)
{
    if (cret_options_given(options, "pin")) {
        return true; /* formats of others have keys without certificates too */
    }
    const char *role = cret_options_value(options, "role");
    return role != NULL && cret_role_attests(role);
}

static enum cret_status read_bare(struct cret_trust_anchor *anchor,
                                  const struct cret_options *options, const char *data,
                                  const char *path, struct cret_err *err)
{
    if (strstr(data, "-----BEGIN PUBLIC KEY-----") == NULL) {
        return CRET_OK;
    }
    if (!may_be_bare(options)) {
        cret_err_usage(err, "%s holds a public key without a certificate", path);
        cret_err_expected(err, "the certificate of whoever signs");
        return cret_err_hint(err,
                             "give his certificate, and --pin-key where the key alone is to be "
                             "pinned; a bare key is enough for the role provenance only");
    }
    anchor->type = "key";
    anchor->fingerprint = anchor->bare;
    return cret_policy_read_bare_key(&anchor->pem, anchor->bare, data, path, err);
}

enum cret_status cret_trust_anchor_read(struct cret_trust_anchor *anchor,
                                        const struct cret_options *options, const char *path,
                                        struct cret_err *err)
{
    size_t size = 0;
    char *data = NULL;
    enum cret_status status =
        cret_file_read(&data, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err);
    if (status == CRET_OK) {
        status = read_bare(anchor, options, data, path, err);
    }
    if (status == CRET_OK && anchor->pem == NULL) {
        status =
            cret_certificates_read(&anchor->certificates, &anchor->count, data, size, path, err);
    }
    if (status != CRET_OK && may_be_bare(options) && data != NULL &&
        (strstr(data, " PUBLIC KEY-----") != NULL || strstr(data, "-----BEGIN ") == NULL)) {
        cret_err_hint(err,
                      "a public key is given as PEM of SubjectPublicKeyInfo: openssl pkey -pubin "
                      "-inform DER -in FILE -pubout, or openssl rsa -RSAPublicKey_in -in FILE "
                      "-pubout");
    }
    free(data);
    if (status != CRET_OK || anchor->pem != NULL) {
        return status;
    }
    if (anchor->count != 1) {
        return cret_err_usage(err, "%s holds %zu certificates; a signer has one anchor", path,
                              anchor->count);
    }
    const struct cret_certificate *certificate = anchor->certificates[0];
    anchor->pem = cret_certificate_pem(certificate); /* whatever the file looks like */
    if (anchor->pem == NULL) {
        return cret_err_memory(err);
    }
    const bool authority = cret_certificate_is_ca(certificate);
    const bool pin_key = cret_options_given(options, "pin-key");
    if (authority && (pin_key || cret_options_given(options, "policy-owner"))) {
        cret_err_usage(err, "%s is the certificate of a certification authority", path);
        return cret_err_hint(err, "owners and keys are pinned: give the certificate of the one "
                                  "person or system");
    }
    anchor->type = pin_key ? "key" : authority ? "ca" : "certificate";
    anchor->fingerprint =
        pin_key ? cret_certificate_key_digest(certificate) : cret_certificate_digest(certificate);
    return CRET_OK;
}

enum cret_status cret_trust_anchor_confirm(const struct cret_trust_anchor *anchor,
                                           const struct cret_options *options, struct cret_err *err)
{
    char line[256] = "";
    const char *text = cret_options_value(options, "fingerprint");
    const char *what = strcmp(anchor->type, "key") == 0 ? "key" : "certificate";
    if (text == NULL) {
        if (!cret_os_is_terminal(0)) {
            return cret_err_usage(err, "--fingerprint is needed where nobody can be asked");
        }
        cret_print_prompt("Type the SHA-256 fingerprint of the %s as its holder told you: ", what);
        if (fgets(line, (int)sizeof(line), stdin) == NULL) {
            return cret_err_usage(err, "no fingerprint was typed");
        }
        line[strcspn(line, "\r\n")] = '\0';
        text = line;
    }
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_sha256_read(digest, text) != CRET_OK) {
        cret_err_usage(err, "not a fingerprint: %s", text);
        return cret_sha256_expected(err, text);
    }
    if (memcmp(digest, anchor->fingerprint, CRET_SHA256_BYTES) != 0) {
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH,
                        "this is not the %s with that fingerprint", what);
        cret_err_expected(err, "%s", hex);
        cret_hex_encode(hex, anchor->fingerprint, CRET_SHA256_BYTES);
        cret_err_actual(err, "%s", hex);
        return cret_err_hint(err, "do not use the file; ask its holder for the %s again", what);
    }
    return CRET_OK;
}
