/* SPDX-License-Identifier: Apache-2.0 */
/* Signing an order to the stations of a fleet. */
#include "keys/order_sign.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "keys/key.h"

#define SIGNATURE_MAXIMUM 1024u /* RSA-3072 has 384 bytes, P-384 at most 104 */

/* PKCS#1 v1.5 (the default of RSA keys) or ECDSA, with SHA-256: what a TPM verifies for a key
 * without scheme. */
static enum cret_status sign(uint8_t value[SIGNATURE_MAXIMUM], size_t *ret_size,
                             const struct cret_key *key, const uint8_t *message, size_t size,
                             struct cret_err *err)
{
    size_t length = SIGNATURE_MAXIMUM;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool signed_it = context != NULL &&
                           cret_key_sign_init(context, NULL, key, "SHA256") == 1 &&
                           EVP_DigestSign(context, value, &length, message, size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!signed_it) {
        cret_err_undecided(err, "the key cannot sign the order");
        return cret_err_hint(err, "see whether the token allows signatures with SHA-256");
    }
    *ret_size = length;
    return CRET_OK;
}

enum cret_status cret_key_sign_order(struct cret_order *order, const struct cret_key *key,
                                     bool allow_example_keys, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t *der = NULL, value[SIGNATURE_MAXIMUM], policy[CRET_SHA256_BYTES];
    uint8_t message[CRET_ORDER_MESSAGE_MAXIMUM];
    size_t der_size = 0, size = 0, message_size = 0;
    if (cret_key_own(key, allow_example_keys, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_key_public_der(&der, &der_size, key->pkey, err) == CRET_OK &&
        cret_tpm_key_from_der(&order->owner, der, der_size, "the trust owner's key",
                              CRET_TPM_USE_VERIFY, err) == CRET_OK &&
        cret_order_message(message, &message_size, policy, order, err) == CRET_OK &&
        sign(value, &size, key, message, message_size, err) == CRET_OK) {
        status = cret_order_sign(order, value, size, err);
    }
    OPENSSL_free(der);
    return status;
}
