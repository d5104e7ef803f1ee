/* SPDX-License-Identifier: Apache-2.0 */
/* trust-order: the order that lets stations take a new trust policy into their TPM. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "console/open_key.h"
#include "keys/order_sign.h"
#include "signer/command/options.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"
#include "trust/policy/policy.h"

/* One run. */
struct making {
    const struct cret_options *options;
    struct cret_policy *policy;
    struct cret_key *key;
    struct cret_order order;
    const char *out;
};

static enum cret_status read_policy(struct making *making, struct cret_err *err)
{
    const char *path = cret_options_operand(making->options, 0);
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_policy_parse(&making->policy, text, size, path, cret_os_now(),
                          cret_options_given(making->options, "allow-example-keys"), err);
    free(text);
    if (status != CRET_OK && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err,
                         CRET_ERR_USAGE); /* nothing was judged: the owner's own file is at fault */
    }
    return status;
}

static enum cret_status read_index(struct making *making, struct cret_err *err)
{
    const char *text = cret_options_value(making->options, "index");
    making->order.index = CRET_TPM_ANCHOR_INDEX;
    if (text != NULL && (cret_tpm_handle_parse(&making->order.index, text) != CRET_OK ||
                         making->order.index >> 24 != 0x01)) {
        cret_err_usage(err, "--index: not an NV index: %s", text);
        return cret_err_expected(err, "0x01 and six lower-case hex digits, as in station.json");
    }
    return CRET_OK;
}

static enum cret_status make(struct making *making, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    making->out = cret_options_value(making->options, "out");
    if (read_index(making, err) != CRET_OK || read_policy(making, err) != CRET_OK ||
        cret_open_key(&making->key, making->options, "key", NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    making->order.version = (uint64_t)making->policy->version;
    memcpy(making->order.digest, making->policy->digest, CRET_SHA256_BYTES);
    if (cret_key_sign_order(&making->order, making->key,
                            cret_options_given(making->options, "allow-example-keys"),
                            err) == CRET_OK &&
        cret_order_print(&text, &size, &making->order, err) == CRET_OK) {
        status = cret_file_write(making->out, text, size, 0644, err);
    }
    free(text);
    return status;
}

static int print(const struct making *making)
{
    const struct cret_options *options = making->options;
    char digest[CRET_SHA256_HEX], key[CRET_SHA256_HEX];
    cret_hex_encode(digest, making->order.digest, CRET_SHA256_BYTES);
    cret_hex_encode(key, cret_tpm_key_digest(making->order.owner), CRET_SHA256_BYTES);
    if (cret_options_given(options, "json")) {
        return cret_print_json(
            options,
            json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "cretula", "trust-order/1", "order",
                      making->out, "version", (json_int_t)making->order.version, "policySha256",
                      digest, "keyAlgorithm", cret_tpm_key_algorithm(making->order.owner),
                      "keySha256", key),
            CRET_EXIT_DONE);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "Made the order for trust policy version %" PRIu64,
                        making->order.version);
    cret_page_text(page, "order", making->out);
    cret_page_text(page, "policy", digest);
    cret_page_text(page, "key", key);
    cret_page_text(page, "next",
                   "send it with the new trust.json to the stations: cretula-verify tpm apply");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct making making = {.options = options};
    struct cret_err err = {0};
    const int code =
        make(&making, &err) == CRET_OK ? print(&making) : cret_verb_fail(options, &err);
    cret_order_clear(&making.order);
    cret_key_free(&making.key);
    cret_policy_free(&making.policy);
    return code;
}

static const struct cret_option order_options[] = {
    CRET_OPTION("key", "URI", "The trust owner's private key: RSA-3072, P-256 or P-384.",
                .required = true),
    CRET_OPTION("out", "FILE", "The order to write.", .required = true),
    CRET_OPTION("index", "HANDLE",
                "NV index of the anchor, as in station.json. Default: 0x01800100."),
    CRET_OPTION_END,
};
static const struct cret_option_group order_group = {"Order", order_options};

const struct cret_verb cret_verb_trust_order = {
    .name = "trust-order",
    .operands = "TRUST.json",
    .summary = "Sign the order that lets stations take a trust policy into their TPM",
    .help = "The order is for this file alone, and only for stations whose TPM holds a lower "
            "version and obeys this key. Stations take it with cretula-verify tpm apply.",
    .groups = CRET_GROUPS(&order_group, &cret_secret_group, &cret_example_group, &cret_quiet_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign trust-order trust.json --key owner.key.pem "
                              "--out order.json"),
    .run = act,
};
