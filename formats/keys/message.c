/* SPDX-License-Identifier: Apache-2.0 */
/* Bare signatures, for formats that are not CMS. */
#include "keys/message.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "keys/key.h"

#define SIGNATURE_MAXIMUM CRET_SIGNATURE_VALUE_MAXIMUM

/* As verifiers of such formats expect it. */
static const char *digest_of(const struct cret_key *key)
{
    const struct cret_digest_algorithm *digest = cret_digest_for_curve(&key->public_key);
    return digest != NULL ? digest->name : "sha256";
}

enum cret_status cret_key_sign_message(struct cret_message_signature *ret_signature,
                                       const struct cret_key *key, bool allow_example_keys,
                                       const uint8_t *message, size_t size, struct cret_err *err)
{
    if (cret_key_own(key, allow_example_keys, err) != CRET_OK) {
        return CRET_FAILED;
    }
    size_t length = SIGNATURE_MAXIMUM;
    uint8_t *value = malloc(length);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (value == NULL || context == NULL) {
        EVP_MD_CTX_free(context);
        free(value);
        return cret_err_memory(err);
    }
    const bool made = cret_key_sign_init(context, NULL, key, digest_of(key)) == 1 &&
                      EVP_DigestSign(context, value, &length, message, size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!made) {
        free(value);
        cret_err_undecided(err, "the key does not sign");
        return cret_err_hint(err, "see whether the token allows signatures with %s",
                             digest_of(key));
    }
    memcpy(ret_signature->key_digest, key->public_key.digest, CRET_SHA256_BYTES);
    ret_signature->value = value;
    ret_signature->size = length;
    return CRET_OK;
}
