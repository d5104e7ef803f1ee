/* SPDX-License-Identifier: Apache-2.0 */
/* tpm apply: a new trust policy, with the trust owner's order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/text.h"
#include "verifier/tpm_guard.h"
#include "verifier/verb_tpm.h"
#include "verifier/verbs.h"

static const struct cret_option apply_options[] = {
    {.name = "new",
     .argument = "FILE",
     .required = true,
     .help = "The new trust policy that the order is about."},
    {.name = "trust",
     .argument = "FILE",
     .help = "The station's trust.json, which the new one replaces. Default: that of the site "
             "configuration."},
    {.name = "allow-example-keys", .help = "Let published example keys in. For trying out only."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_tpm_apply_group = {"Trust policy", apply_options};

static const struct cret_option station_options[] = {
    {.name = "station", .argument = "FILE", .help = "The station.json of this TPM."},
    {.name = "tcti",
     .argument = "TCTI",
     .help = "Connection to the TPM. Default: device:/dev/tpmrm0."},
    {.name = "journal-auth",
     .argument = "FILE",
     .help = "Authorization of the journal head. Default: journal.auth beside station.json."},
    {.name = "config",
     .argument = "FILE",
     .help = "Site configuration, on a machine without /etc/cretula/verify.json."},
    {.name = NULL},
};
const struct cret_option_group cret_tpm_station_group = {"Station", station_options};

enum cret_status cret_tpm_read_policy(struct cret_policy **ret_policy, char **ret_text,
                                      size_t *ret_size, const char *path,
                                      const struct cret_options *options, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_policy_parse(ret_policy, text, size, path, cret_os_now(),
                          cret_options_given(options, "allow-example-keys"), err);
    if (status == CRET_OK && ret_text != NULL) {
        *ret_text = text;
        *ret_size = size;
        text = NULL;
    }
    free(text);
    return status;
}

const char *cret_tpm_policy_path(const struct cret_options *options, const struct cret_site *site)
{
    return site->trust != NULL ? site->trust : cret_options_value(options, "trust");
}

/* One run. */
struct application {
    const struct cret_options *options;
    struct cret_site site;
    struct cret_guard *guard;
    struct cret_order order;
    struct cret_policy *policy; /* the new one */
    char *text;
    size_t size;
    const char *target; /* trust.json of the station */
    bool already;       /* the TPM held it before */
};

static enum cret_status read_order(struct application *run, struct cret_err *err)
{
    const char *path = cret_options_operand(run->options, 0);
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_ORDER_BYTES_MAXIMUM, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return cret_err_context(err, "the order");
    }
    const enum cret_status status = cret_order_parse(&run->order, text, size, path, err);
    free(text);
    return status;
}

/* The file that will lie beside the anchor must be the one that the order names; whether the order
 * may be obeyed is the TPM's to say. */
static enum cret_status check_file(const struct application *run, struct cret_err *err)
{
    char hex[CRET_SHA256_HEX];
    if (memcmp(run->policy->digest, run->order.digest, CRET_SHA256_BYTES) == 0 &&
        run->policy->version >= 0 && (uint64_t)run->policy->version == run->order.version) {
        return CRET_OK;
    }
    (void)cret_err_usage(err, "the order is for another trust policy than --new");
    cret_hex_encode(hex, run->order.digest, CRET_SHA256_BYTES);
    (void)cret_err_expected(err, "version %llu, SHA-256 %s", (unsigned long long)run->order.version,
                            hex);
    cret_hex_encode(hex, run->policy->digest, CRET_SHA256_BYTES);
    (void)cret_err_actual(err, "version %lld, SHA-256 %s", (long long)run->policy->version, hex);
    return cret_err_hint(err, "ask the trust owner which file belongs to the order");
}

static enum cret_status prepare(struct application *run, struct cret_err *err)
{
    const struct cret_options *options = run->options;
    if (cret_site_load(&run->site, CRET_SITE_PATH, options, err) != CRET_OK ||
        cret_guard_station_open(&run->guard, options, &run->site, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->target = cret_tpm_policy_path(options, &run->site);
    if (run->target == NULL) {
        (void)cret_err_usage(err, "--trust is missing: the station's trust.json, which the new one "
                                  "replaces");
        return cret_err_hint(err, "--trust FILE, or `trust` in the site configuration");
    }
    if (read_order(run, err) != CRET_OK ||
        cret_tpm_read_policy(&run->policy, &run->text, &run->size,
                             cret_options_value(options, "new"), options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return check_file(run, err);
}

/* TPM first, then the file: whatever interrupts it, a second run finishes the work, and between the
 * two every verification is refused rather than made under an old policy. */
static enum cret_status apply(struct application *run, struct cret_err *err)
{
    struct cret_tpm *tpm = NULL;
    uint64_t version = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_guard_connect(run->guard, &tpm, err) != CRET_OK ||
        cret_tpm_read_anchor(tpm, &version, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->already =
        version == run->order.version && memcmp(digest, run->order.digest, sizeof(digest)) == 0;
    if (!run->already && cret_tpm_apply(tpm, &run->order, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_guard_release(run->guard);
    if (cret_file_write(run->target, run->text, run->size, 0644, err) != CRET_OK) {
        (void)cret_err_context(err,
                               "the TPM holds the new trust policy, but the file is not in its "
                               "place");
        return cret_err_hint(err, "run the same command again");
    }
    return CRET_OK;
}

static int print(const struct application *run)
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, run->order.digest, CRET_SHA256_BYTES);
    if (cret_options_given(run->options, "json")) {
        (void)printf("{\"cretula\": \"tpm-apply/1\", \"version\": %llu, \"policySha256\": \"%s\", "
                     "\"already\": %s}\n",
                     (unsigned long long)run->order.version, hex, run->already ? "true" : "false");
    } else {
        (void)printf("%s trust policy version %llu, SHA-256 %s.\n%s is that file.\n",
                     run->already ? "The TPM held it already:" : "The TPM obeyed the order:",
                     (unsigned long long)run->order.version, hex, run->target);
    }
    return fflush(stdout) == 0 ? 0 : (int)CRET_ERR_UNDECIDED;
}

int cret_verb_tpm_apply(const struct cret_options *options)
{
    struct application run = {.options = options};
    struct cret_err err;
    cret_err_clear(&err);
    int code = 0;
    if (prepare(&run, &err) != CRET_OK || apply(&run, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = print(&run);
    }
    cret_guard_free(&run.guard);
    cret_order_clear(&run.order);
    cret_policy_free(&run.policy);
    cret_site_free(&run.site);
    free(run.text);
    return code;
}
