/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures with a private key (docs/spec/signatures.md). */
#include "keys/sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "keys/key.h"
#include "trust/asn1/library.h"
#include "trust/cms/cms_build.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/certificate_rules.h"
#include "trust/x509/example_keys.h"

#define SIGNATURE_MAXIMUM CRET_SIGNATURE_VALUE_MAXIMUM

/* The signer refuses what a verifier would refuse later, as a fault of its own configuration. */
static enum cret_status as_usage(struct cret_err *err)
{
    if (err != NULL && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return CRET_FAILED;
}

enum cret_status cret_key_unsupported(const char *name, struct cret_err *err)
{
    cret_err_usage(err, "this OpenSSL cannot use keys of the kind %s", name);
    cret_err_expected(err, "OpenSSL 3.5 or newer");
    cret_err_actual(err, "%s", OpenSSL_version(OPENSSL_VERSION));
    return cret_err_hint(err, "sign on a machine with OpenSSL 3.5 (Debian 13 has it), or use a "
                              "classical key here");
}

enum cret_status cret_key_supported(const struct cret_certificate *certificate,
                                    struct cret_err *err)
{
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_certificate_key_available(certificate)
               ? CRET_OK
               : cret_key_unsupported(cret_certificate_key_algorithm(certificate), err);
}

enum cret_status cret_sign_check(const struct cret_sign_request *request, struct cret_err *err)
{
    /* A key that is here signs now; when somebody else's did, only the signature can tell. */
    const bool timed = request->has_signing_time || request->key != NULL;
    const int64_t time = request->has_signing_time ? request->signing_time : cret_os_now();
    if (cret_key_supported(request->certificate, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (request->key != NULL && memcmp(cret_certificate_key_digest(request->certificate),
                                       request->key->public_key.digest, CRET_SHA256_BYTES) != 0) {
        cret_err_usage(err, "the certificate is for another key");
        cret_err_actual(err, "%s", cret_certificate_subject(request->certificate));
        return cret_err_hint(err, "give the certificate that belongs to --key");
    }
    for (size_t i = 0; i <= request->chain_count; i++) {
        const struct cret_certificate *certificate =
            i == 0 ? request->certificate : request->chain[i - 1];
        const char *example = cret_example_certificate(certificate);
        if (example != NULL && !request->allow_example_keys) {
            cret_err_usage(err, "refusing to sign with a published key: %s", example);
            return cret_err_hint(err, "use a key of your own (cretula-sign keygen); "
                                      "--allow-example-keys is for trying out only");
        }
        if (cret_certificate_check_strength(certificate, false, false, err) != CRET_OK) {
            return as_usage(err);
        }
        if (timed && cret_certificate_check_validity(certificate, time, err) != CRET_OK) {
            return as_usage(err);
        }
        if (i > 0 && !cret_certificate_issued_by(
                         i == 1 ? request->certificate : request->chain[i - 2], certificate)) {
            cret_err_usage(err,
                           "the chain is not in order: certificate %zu of it did not "
                           "issue the one before it",
                           i);
            cret_err_actual(err, "%s", cret_certificate_subject(certificate));
            return cret_err_hint(err, "give the intermediate certificates from the signer's issuer "
                                      "upwards, one after the other");
        }
    }
    if (cret_certificate_allows(request->certificate, CRET_USAGE_CODE_SIGNING, true, err) !=
        CRET_OK) {
        return as_usage(err);
    }
    return CRET_OK;
}

enum cret_status cret_sign_plan(struct cret_cms_plan *ret_plan,
                                const struct cret_sign_request *request, struct cret_err *err)
{
    const struct cret_public_key *key = &cret_certificate_parts(request->certificate)->key;
    const struct cret_digest_algorithm *digest = cret_cms_default_digest(key);
    const struct cret_signature_algorithm *algorithm =
        cret_signature_algorithm_for(key, digest, request->pss);
    if (algorithm == NULL) {
        return cret_err_usage(err, "keys of the kind %s cannot sign %s", key->name,
                              request->pss ? "with RSASSA-PSS" : "here");
    }
    *ret_plan = (struct cret_cms_plan){.signer = request->certificate,
                                       .intermediates = request->chain,
                                       .intermediate_count = request->chain_count,
                                       .digest = digest,
                                       .algorithm = algorithm,
                                       .meaning = request->meaning,
                                       .has_signing_time = request->has_signing_time &&
                                                           !cret_public_key_is_post_quantum(key),
                                       .signing_time = request->signing_time};
    return CRET_OK;
}

static enum cret_status library_failed(struct cret_err *err)
{
    char reason[256];
    return cret_err_undecided(err, "the key could not sign: %s",
                              cret_library_reason(reason, sizeof(reason)));
}

/* The signature value over `data` (RFC 5652 5.4: the DER of the signed attributes). */
static enum cret_status sign_value(uint8_t ret_value[SIGNATURE_MAXIMUM], size_t *ret_size,
                                   const struct cret_key *key, const struct cret_cms_plan *plan,
                                   const uint8_t *data, size_t size, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    size_t value_size = SIGNATURE_MAXIMUM;
    EVP_PKEY_CTX *parameters = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL) {
        return cret_err_memory(err);
    }
    if (cret_key_sign_init(context, &parameters, key, EVP_MD_get0_name(plan->digest->md())) != 1) {
        goto failed;
    }
    if (plan->algorithm->pss &&
        (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, plan->digest->md()) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
        goto failed;
    }
    if (EVP_DigestSign(context, ret_value, &value_size, data, size) != 1) {
        goto failed;
    }
    *ret_size = value_size;
    status = CRET_OK;
    goto out;
failed:
    library_failed(err);
out:
    EVP_MD_CTX_free(context);
    return status;
}

/* What was made is held to the verifier's own rules before anybody sees it. */
static enum cret_status verify_own(const uint8_t *der, size_t der_size, const uint8_t *content,
                                   size_t size, struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    enum cret_status status = cret_cms_parse(&cms, der, der_size, err);
    if (status == CRET_OK) {
        status = cret_cms_verify(cms, content, size, err);
    }
    cret_cms_free(&cms);
    if (status != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_UNDECIDED);
        }
        return cret_err_context(err, "the signature just made does not verify");
    }
    return CRET_OK;
}

enum cret_status cret_key_sign(uint8_t **ret_der, size_t *ret_size,
                               const struct cret_sign_request *request, const uint8_t *content,
                               size_t size, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_cms_plan plan;
    uint8_t message_digest[EVP_MAX_MD_SIZE], value[SIGNATURE_MAXIMUM];
    uint8_t *attributes = NULL, *der = NULL;
    size_t attributes_size = 0, value_size = 0, der_size = 0;
    if (cret_library_begin(err) != CRET_OK || cret_sign_check(request, err) != CRET_OK ||
        cret_sign_plan(&plan, request, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_library_done(
            EVP_Digest(content, size, message_digest, NULL, plan.digest->md(), NULL))) {
        return library_failed(err);
    }
    if (cret_cms_build_attributes(&attributes, &attributes_size, &plan, message_digest, err) !=
            CRET_OK ||
        sign_value(value, &value_size, request->key, &plan, attributes, attributes_size, err) !=
            CRET_OK ||
        cret_cms_build(&der, &der_size, &plan, (struct cret_bytes){attributes, attributes_size},
                       (struct cret_bytes){value, value_size}, err) != CRET_OK ||
        verify_own(der, der_size, content, size, err) != CRET_OK) {
        goto out;
    }
    *ret_der = der;
    *ret_size = der_size;
    der = NULL;
    status = CRET_OK;
out:
    free(attributes);
    free(der);
    return status;
}
