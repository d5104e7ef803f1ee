/* SPDX-License-Identifier: Apache-2.0 */
/* Names and policy digests against those that swtpm 0.7.1 computed (tpm2_loadexternal,
 * tpm2_nvreadpublic, tpm2_policyauthorize, tpm2_policynv, tpm2_nvwrite --cphash,
 * tpm2_policycphash), and the order file. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "trust/tpm/order.h"

#define VECTORS CRET_SOURCE_DIR "/tests/vectors/tpm/"

static const char *const p256_pem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESUsVKKFGoZwFw9rS/nmp/0hlEKBf\n"
    "1aokSBlSrilWtcrciE9tu3uCFjIwjMwLYUj+8UFD8OXLs+S8HrcWWnu6EA==\n"
    "-----END PUBLIC KEY-----\n";

/* What the TPM said for one key and index; the write is version 2, SHA-256 of "policy". */
struct vector {
    const char *order; /* a file that holds the key */
    const char *key_name, *authorize;
    uint32_t index;
    const char *unwritten, *written, *write_digest, *policy;
};

static const struct vector vectors[] = {
    {"order-p256.json", "000beee6f90d3e6d2cae43e493ec291099eb8371c7f021e167e6f6ce89d40af76ba0",
     "67b75eb9784bc7d9263d7948c85e2428417d52bf9c470ffed3adcee7eff194e5", 0x01800200,
     "000bc6c0d4806c6fbf2027ea0d92974318a2b78f0153f593dbf90bef7c4347438be5",
     "000ba033aeb1477fc2e414e9dc8d14c0e4065a019418a934a398367376ae5a9903ea",
     "fe7f6851aaa1e95ff19415a526518d3186e9b275179c876f0b6201dc0f4b7a45",
     "2cd47b05d6bb16fb1ac6cdef2ff42e67113749ab380887b1cad6d3a41a076be4"},
    {"order-p384.json", "000b083cb4a38bd173716ea822ef1925407b1467552b6cb580ab37d6a1f4db3587c1",
     "e2faab4ca51b26eaed032dae5d8346417288285ca42b003a80507651cc577cc8", 0x01800201,
     "000bc9578218d7ca3938224bc313d560e157b3c00abc9c64ea9d1e1be53e23e7cc84",
     "000b285131bd19e98c8ec8dcc0396e89c314fa1a490c8398d574158915fe74dcd9b8",
     "96dae9d315563214165cbec783613f0b1d0fdf28e83580f137517d6ed8855797",
     "10578e89bed8a7b426d1ec62da29bff19979b6220dfa769ec7ae17dcc1abdd2e"},
};

static char *read_text(const char *name, size_t *ret_size)
{
    char *text = NULL, *path = cret_text_printf(VECTORS "%s", name);
    cr_assert_not_null(path);
    cr_assert_eq(
        cret_file_read(&text, ret_size, path, cret_order_format.bytes, CRET_ERR_USAGE, NULL),
        CRET_OK);
    free(path);
    return text;
}

static struct cret_order read_order(const char *name)
{
    struct cret_order order;
    struct cret_err err;
    size_t size = 0;
    char *text = read_text(name, &size);
    cr_assert_eq(cret_order_parse(&order, text, size, name, &err), CRET_OK, "%s", err.what);
    free(text);
    return order;
}

static void expect_hex(const uint8_t *data, size_t size, const char *expected, const char *what)
{
    char hex[256];
    cret_hex_encode(hex, data, size);
    cr_assert_str_eq(hex, expected, "%s", what);
}

Test(order, names_and_policies_are_those_of_a_tpm)
{
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const struct vector *vector = &vectors[i];
        struct cret_order order = read_order(vector->order);
        uint8_t digest[CRET_SHA256_BYTES], name[CRET_TPM_NAME_BYTES];
        uint8_t content[CRET_TPM_ANCHOR_BYTES];
        expect_hex(cret_tpm_key_name(order.owner), CRET_TPM_NAME_BYTES, vector->key_name, "key");
        cr_assert_eq(cret_tpm_anchor_policy(digest, order.owner, NULL), CRET_OK);
        expect_hex(digest, sizeof(digest), vector->authorize, "PolicyAuthorize");
        cr_assert_eq(cret_tpm_anchor_name(name, vector->index, order.owner, false, NULL), CRET_OK);
        expect_hex(name, sizeof(name), vector->unwritten, "index before the first write");
        cr_assert_eq(cret_tpm_anchor_name(name, vector->index, order.owner, true, NULL), CRET_OK);
        expect_hex(name, sizeof(name), vector->written, "index after the first write");
        cr_assert_eq(cret_sha256(digest, "policy", 6, NULL), CRET_OK);
        cret_tpm_anchor_content(content, 2, digest);
        cr_assert_eq(cret_tpm_write_digest(digest, name, content, NULL), CRET_OK);
        expect_hex(digest, sizeof(digest), vector->write_digest, "cpHash of NV_Write");
        cr_assert_eq(cret_tpm_order_policy(digest, name, content, NULL), CRET_OK);
        expect_hex(digest, sizeof(digest), vector->policy, "PolicyNV and PolicyCpHash");
        cret_order_clear(&order);
    }
}

Test(order, the_anchor_keeps_version_and_digest)
{
    uint8_t content[CRET_TPM_ANCHOR_BYTES], digest[CRET_SHA256_BYTES], back[CRET_SHA256_BYTES];
    uint64_t version = 0;
    memset(digest, 0xa5, sizeof(digest));
    cret_tpm_anchor_content(content, 0x0102030405060708u, digest);
    cr_assert_eq(content[0], 1);
    cr_assert_eq(content[7], 8);
    cret_tpm_anchor_parse(content, &version, back);
    cr_assert_eq(version, 0x0102030405060708u);
    cr_assert_arr_eq(back, digest, sizeof(digest));
}

static const char *const order_files[] = {"order-p256.json", "order-p384.json", "order-rsa.json"};

Test(order, orders_that_a_tpm_obeyed_verify)
{
    for (size_t i = 0; i < sizeof(order_files) / sizeof(order_files[0]); i++) {
        struct cret_order order = read_order(order_files[i]);
        bool valid = false;
        cr_assert_eq(cret_order_verify(&order, &valid, NULL), CRET_OK);
        cr_assert(valid, "%s", order_files[i]);
        cret_order_clear(&order);
    }
}

Test(order, every_field_is_signed)
{
    for (size_t i = 0; i < sizeof(order_files) / sizeof(order_files[0]); i++) {
        for (int change = 0; change < 4; change++) {
            struct cret_order order = read_order(order_files[i]);
            bool valid = true;
            order.version += change == 0;
            order.digest[31] ^= change == 1;
            order.index ^= change == 2;
            order.signature[order.signature_size - 1] ^= change == 3;
            cr_assert_eq(cret_order_verify(&order, &valid, NULL), CRET_OK);
            cr_assert_not(valid, "%s, change %d", order_files[i], change);
            cret_order_clear(&order);
        }
    }
}

Test(order, print_and_parse_are_inverse)
{
    for (size_t i = 0; i < sizeof(order_files) / sizeof(order_files[0]); i++) {
        struct cret_order order = read_order(order_files[i]);
        size_t size = 0, original_size = 0;
        char *text = NULL, *original = read_text(order_files[i], &original_size);
        cr_assert_eq(cret_order_print(&text, &size, &order, NULL), CRET_OK);
        cr_assert_eq(size, original_size);
        cr_assert_arr_eq(text, original, size);
        free(text);
        free(original);
        cret_order_clear(&order);
    }
}

/* A change of the JSON text of the P-256 order, by key; json NULL removes the key. */
static enum cret_status parse_changed(const char *key, json_t *value, struct cret_err *err)
{
    struct cret_order order = {0};
    size_t size = 0;
    json_t *json = NULL;
    char *text = read_text("order-p256.json", &size), *changed = NULL;
    cr_assert_eq(
        cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, NULL),
        CRET_OK);
    if (value != NULL) {
        cr_assert_eq(json_object_set_new(json, key, value), 0);
    } else {
        cr_assert_eq(json_object_del(json, key), 0);
    }
    cr_assert_eq(cret_json_print(&changed, &size, json, NULL), CRET_OK);
    const enum cret_status status = cret_order_parse(&order, changed, size, "x.order", err);
    cret_order_clear(&order);
    free(changed);
    free(text);
    json_decref(json);
    return status;
}

static void expect_usage(const char *key, json_t *value)
{
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_neq(parse_changed(key, value, &err), CRET_OK, "%s", key);
    cr_assert_eq(err.class, CRET_ERR_USAGE, "%s: %s", key, err.what);
    cr_assert_neq(err.what[0], '\0');
}

Test(order, another_form_is_a_usage_error)
{
    static const char *const keys[] = {"cretula",   "version",   "policySha256", "index",
                                       "algorithm", "publicKey", "signature"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        expect_usage(keys[i], NULL);
    }
    expect_usage("cretula", json_string("trust/1"));
    expect_usage("extra", json_true());
    expect_usage("version", json_integer(0));
    expect_usage("version", json_integer(-1));
    expect_usage("version", json_string("2"));
    expect_usage("index", json_string("0x1800100"));
    expect_usage("index", json_string("0x0180010G"));
    expect_usage("index", json_string("01800100"));
    expect_usage("algorithm", json_string("ecdsa-p384-sha256"));
    expect_usage("algorithm", json_string("none"));
    expect_usage("signature", json_string("AAAA"));
    expect_usage("signature", json_string("***"));
    expect_usage("publicKey", json_string("no key"));
}

/* lesson 7: a key is accepted in one form, of kinds that a TPM can load. */
Test(order, keys_that_a_tpm_may_not_load_are_refused)
{
    static const char *const files[] = {"p521", "rsa-2048", "rsa-4096", "ed25519"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct cret_tpm_key *key = NULL;
        struct cret_err err;
        size_t size = 0;
        char name[64];
        cret_err_clear(&err);
        snprintf(name, sizeof(name), "key-%s.pem", files[i]);
        char *text = read_text(name, &size);
        cr_assert_neq(cret_tpm_key_from_pem(&key, text, size, name, CRET_TPM_USE_VERIFY, &err),
                      CRET_OK);
        cr_assert_eq(err.class, CRET_ERR_USAGE, "%s: %s", name, err.what);
        cr_assert_null(key);
        free(text);
    }
}

Test(order, a_private_key_or_two_keys_are_no_public_key)
{
    struct cret_tpm_key *key = NULL;
    struct cret_err err;
    char *two = cret_text_printf("%s%s", p256_pem, p256_pem);
    static const char other[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    cr_assert_neq(cret_tpm_key_from_pem(&key, two, strlen(two), "two", CRET_TPM_USE_VERIFY, &err),
                  CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_neq(
        cret_tpm_key_from_pem(&key, other, strlen(other), "private", CRET_TPM_USE_VERIFY, &err),
        CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_neq(cret_tpm_key_from_pem(&key, "", 0, "empty", CRET_TPM_USE_VERIFY, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    free(two);
}

Test(order, a_signature_by_another_key_is_not_taken)
{
    struct cret_order order = read_order("order-p256.json");
    struct cret_err err;
    static const uint8_t der[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01};
    static const uint8_t damaged[] = {0x30, 0x06, 0x02, 0x01, 0x01};
    cr_assert_neq(cret_order_sign(&order, der, sizeof(der), &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_neq(cret_order_sign(&order, damaged, sizeof(damaged), &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cret_order_clear(&order);
}
