/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing an order, and what of it is signed. */
#include "trust/tpm/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/text.h"

static const char *const algorithms[] = {"rsa-3072-pkcs1-sha256", "ecdsa-p256-sha256",
                                         "ecdsa-p384-sha256", NULL};

static const struct cret_field order_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_ORDER_PURPOSE),
    CRET_ROW_INTEGER("version", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "Version of the trust policy; the TPM's must be lower."),
    CRET_ROW_SHA256("policySha256", CRET_REQUIRED, "SHA-256 of trust.json."),
    CRET_ROW_STRING("index", CRET_REQUIRED, CRET_FORMAT_HANDLE, "NV index of the anchor."),
    CRET_ROW_ENUM("algorithm", CRET_REQUIRED, algorithms, "Key and digest of the signature."),
    CRET_ROW_PEM("publicKey", CRET_REQUIRED,
                 "The trust owner's public key; its Name is in the anchor's policy."),
    CRET_ROW_STRING("signature", CRET_REQUIRED, CRET_FORMAT_BASE64,
                    "RSA: the value. ECDSA: r and s, each of the curve's length."),
    CRET_ROW_END,
};

const struct cret_file_format cret_order_format = {
    .purpose = CRET_ORDER_PURPOSE,
    .words = "order",
    .file = "of a trust owner, for a TPM",
    .fields = order_fields,
    .bytes = 65536,
    .fault = CRET_ERR_USAGE,
};

enum cret_status cret_tpm_handle_parse(uint32_t *ret_handle, const char *text)
{
    uint8_t bytes[4];
    if (strncmp(text, "0x", 2) != 0 || strlen(text) != 10 ||
        cret_hex_decode(bytes, sizeof(bytes), text + 2) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_handle =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return CRET_OK;
}

static const char *algorithm_of(const struct cret_tpm_key *key)
{
    switch (cret_tpm_key_kind(key)) {
    case CRET_KEY_RSA:
        return algorithms[0];
    case CRET_KEY_P256:
        return algorithms[1];
    default:
        return algorithms[2];
    }
}

enum cret_status cret_order_message(uint8_t ret_message[CRET_ORDER_MESSAGE_MAXIMUM],
                                    size_t *ret_size, uint8_t ret_policy[CRET_SHA256_BYTES],
                                    const struct cret_order *order, struct cret_err *err)
{
    uint8_t name[CRET_TPM_NAME_BYTES], content[CRET_TPM_ANCHOR_BYTES];
    cret_tpm_anchor_content(content, order->version, order->digest);
    if (cret_tpm_anchor_name(name, order->index, order->owner, true, err) != CRET_OK ||
        cret_tpm_order_policy(ret_policy, name, content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(ret_message, ret_policy, CRET_SHA256_BYTES);
    memcpy(ret_message + CRET_SHA256_BYTES, CRET_TPM_ANCHOR_REFERENCE,
           strlen(CRET_TPM_ANCHOR_REFERENCE));
    *ret_size = CRET_SHA256_BYTES + strlen(CRET_TPM_ANCHOR_REFERENCE);
    return CRET_OK;
}

enum cret_status cret_order_verify(const struct cret_order *order, bool *ret_valid,
                                   struct cret_err *err)
{
    uint8_t message[CRET_ORDER_MESSAGE_MAXIMUM], policy[CRET_SHA256_BYTES];
    size_t size = 0;
    if (cret_order_message(message, &size, policy, order, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_tpm_key_verify(order->owner, message, size, order->signature, order->signature_size,
                               ret_valid, err);
}

enum cret_status cret_order_sign(struct cret_order *order, const uint8_t *value, size_t size,
                                 struct cret_err *err)
{
    bool valid = false;
    order->signature_size =
        cret_tpm_key_signature_form(order->owner, order->signature, value, size);
    if (order->signature_size != 0 && cret_order_verify(order, &valid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!valid) {
        cret_err_usage(err, "the signature of the order does not verify");
        return cret_err_hint(err, "the private key must be that of the trust owner's public key");
    }
    return CRET_OK;
}

enum cret_status cret_order_print(char **ret_text, size_t *ret_size, const struct cret_order *order,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char hex[CRET_SHA256_HEX], index[16];
    char *base64 = NULL;
    cret_hex_encode(hex, order->digest, sizeof(order->digest));
    snprintf(index, sizeof(index), "0x%08x", order->index);
    if (cret_base64_encode(&base64, order->signature, order->signature_size) != CRET_OK) {
        return cret_err_memory(err);
    }
    json_t *json = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s}", "cretula", CRET_ORDER_PURPOSE,
                             "version", (json_int_t)order->version, "policySha256", hex, "index",
                             index, "algorithm", algorithm_of(order->owner), "publicKey",
                             cret_tpm_key_pem(order->owner), "signature", base64);
    if (json == NULL) {
        cret_err_memory(err);
    } else {
        status = cret_json_print(ret_text, ret_size, json, err);
    }
    json_decref(json);
    free(base64);
    return status;
}

static enum cret_status refuse(struct cret_err *err, const char *origin, const char *where,
                               const char *why)
{
    return cret_file_format_fault(&cret_order_format, origin, where, err,
                                  "the order is not valid: %s", why);
}

static enum cret_status take_fields(struct cret_order *order, const json_t *json,
                                    const char *origin, struct cret_err *err)
{
    const char *pem = cret_json_string(json, "publicKey");
    uint8_t *value = NULL;
    size_t size = 0;
    order->version = (uint64_t)cret_json_integer(json, "version", 0);
    if (cret_hex_decode(order->digest, sizeof(order->digest),
                        cret_json_string(json, "policySha256")) != CRET_OK) {
        return refuse(err, origin, "#/policySha256", "not a digest");
    }
    if (cret_tpm_handle_parse(&order->index, cret_json_string(json, "index")) != CRET_OK) {
        return refuse(err, origin, "#/index", "not a handle");
    }
    if (cret_tpm_key_from_pem(&order->owner, pem, strlen(pem), origin, CRET_TPM_USE_VERIFY, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (strcmp(cret_json_string(json, "algorithm"), algorithm_of(order->owner)) != 0) {
        return refuse(err, origin, "#/algorithm", "algorithm does not fit publicKey");
    }
    if (cret_base64_decode(&value, &size, cret_json_string(json, "signature")) != CRET_OK) {
        return refuse(err, origin, "#/signature", "signature is not base64");
    }
    const bool fits = size == cret_tpm_key_signature_size(order->owner);
    if (fits) {
        memcpy(order->signature, value, size);
        order->signature_size = size;
    }
    free(value);
    return fits ? CRET_OK
                : refuse(err, origin, "#/signature", "signature has not the length of the key's");
}

enum cret_status cret_order_parse(struct cret_order *ret_order, const char *text, size_t size,
                                  const char *origin, struct cret_err *err)
{
    struct cret_order order = {0};
    json_t *json = NULL;
    if (cret_file_format_read(&json, &cret_order_format, text, size, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = take_fields(&order, json, origin, err);
    json_decref(json);
    if (status != CRET_OK) {
        cret_order_clear(&order);
        return CRET_FAILED;
    }
    *ret_order = order;
    return CRET_OK;
}

void cret_order_clear(struct cret_order *order)
{
    cret_tpm_key_free(&order->owner);
    memset(order, 0, sizeof(*order));
}
