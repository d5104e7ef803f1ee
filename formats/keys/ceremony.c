/* SPDX-License-Identifier: Apache-2.0 */
/* What the holder of a key signs, and the signature made of his value. */
#include "keys/ceremony.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "keys/key.h"
#include "trust/asn1/library.h"
#include "trust/x509/certificate_parts.h"

static enum cret_status attributes(uint8_t **ret_der, size_t *ret_size,
                                   const struct cret_cms_plan *plan, const uint8_t *content,
                                   size_t size, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (!cret_library_done(EVP_Digest(content, size, digest, NULL, plan->digest->md(), NULL))) {
        return cret_err_undecided(err, "the manifest cannot be hashed");
    }
    return cret_cms_build_attributes(ret_der, ret_size, plan, digest, err);
}

enum cret_status cret_ceremony_prepare(struct cret_to_sign *ret_to_sign,
                                       const struct cret_sign_request *request,
                                       const uint8_t *content, size_t size, struct cret_err *err)
{
    struct cret_cms_plan plan;
    struct cret_to_sign to_sign = {0};
    unsigned length = 0;
    if (cret_sign_check(request, err) != CRET_OK ||
        cret_sign_plan(&plan, request, err) != CRET_OK ||
        attributes(&to_sign.der, &to_sign.size, &plan, content, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_library_done(EVP_Digest(to_sign.der, to_sign.size, to_sign.digest, &length,
                                      plan.digest->md(), NULL))) {
        cret_to_sign_clear(&to_sign);
        return cret_err_undecided(err, "the attributes cannot be hashed");
    }
    to_sign.algorithm = plan.algorithm->family == CRET_FAMILY_PURE ? NULL : plan.digest->name;
    to_sign.digest_size = length;
    *ret_to_sign = to_sign;
    return CRET_OK;
}

void cret_to_sign_clear(struct cret_to_sign *to_sign)
{
    free(to_sign->der);
    memset(to_sign, 0, sizeof(*to_sign));
}

/* r and s as tokens give them (IEEE P1363) in the DER form of RFC 3279 2.2.3. *ret_der NULL: the
 * value does not look like that. Freed with OPENSSL_free. */
static enum cret_status from_pair(uint8_t **ret_der, size_t *ret_size,
                                  const struct cret_public_key *key, struct cret_bytes value,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const size_t half = cret_public_key_order(key).size;
    *ret_der = NULL;
    if (half == 0 || value.size != 2 * half ||
        cret_signature_value_form(key, value, NULL) == CRET_OK) {
        return CRET_OK;
    }
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(value.data, (int)half, NULL);
    BIGNUM *s = BN_bin2bn(value.data + half, (int)half, NULL);
    if (pair == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
        cret_err_memory(err);
        goto out;
    }
    r = s = NULL; /* the pair's now */
    const int length = i2d_ECDSA_SIG(pair, &der);
    if (length <= 0) {
        cret_err_memory(err);
        goto out;
    }
    *ret_der = der;
    *ret_size = (size_t)length;
    status = CRET_OK;
out:
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return status;
}

/* One way to read the value; held to the verifier's rules. */
static enum cret_status try_value(uint8_t **ret_der, size_t *ret_size,
                                  const struct cret_cms_plan *plan, const uint8_t *content,
                                  size_t size, struct cret_bytes value, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t *signed_attributes = NULL, *der = NULL;
    size_t attributes_size = 0, der_size = 0;
    struct cret_cms *cms = NULL;
    if (attributes(&signed_attributes, &attributes_size, plan, content, size, err) != CRET_OK ||
        cret_cms_build(&der, &der_size, plan,
                       (struct cret_bytes){signed_attributes, attributes_size}, value,
                       err) != CRET_OK ||
        cret_cms_parse(&cms, der, der_size, err) != CRET_OK ||
        cret_cms_verify(cms, content, size, err) != CRET_OK) {
        goto out;
    }
    *ret_der = der;
    *ret_size = der_size;
    der = NULL;
    status = CRET_OK;
out:
    cret_cms_free(&cms);
    free(signed_attributes);
    free(der);
    return status;
}

static enum cret_status explain(const struct cret_cms_plan *plan, struct cret_err *err)
{
    if (err == NULL || err->class != CRET_ERR_REFUSED) {
        return CRET_FAILED;
    }
    cret_err_context(err, "the raw signature does not fit");
    if (plan->algorithm->family == CRET_FAMILY_PURE) {
        cret_err_expected(err, "a pure signature over the bytes that prepare --tbs wrote");
        return cret_err_hint(err, "give the same --cert, --chain and --meaning as to prepare, and "
                                  "sign the file itself, not its digest, without a context");
    }
    cret_err_expected(err, "a signature with %s over the bytes that prepare --tbs wrote",
                      plan->digest->name);
    return cret_err_hint(err, "give the same --cert, --chain and --meaning as to prepare, and sign "
                              "either the file or its digest, not the digest of the digest");
}

enum cret_status cret_ceremony_finish(uint8_t **ret_der, size_t *ret_size,
                                      const struct cret_sign_request *request,
                                      const uint8_t *content, size_t size, struct cret_bytes value,
                                      struct cret_err *err)
{
    struct cret_cms_plan plan;
    uint8_t *pair = NULL;
    size_t pair_size = 0;
    if (cret_sign_check(request, err) != CRET_OK ||
        cret_sign_plan(&plan, request, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_public_key *key = &cret_certificate_parts(request->certificate)->key;
    if (from_pair(&pair, &pair_size, key, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (pair != NULL) {
        value = (struct cret_bytes){pair, pair_size};
    }
    enum cret_status status = try_value(ret_der, ret_size, &plan, content, size, value, err);
    if (status != CRET_OK && key->kind == CRET_KEY_RSA) {
        struct cret_err other = {0};
        plan.algorithm = cret_signature_algorithm_for(key, plan.digest, true);
        if (plan.algorithm != NULL) {
            status = try_value(ret_der, ret_size, &plan, content, size, value, &other);
        }
    }
    OPENSSL_free(pair);
    return status == CRET_OK ? CRET_OK : explain(&plan, err);
}
