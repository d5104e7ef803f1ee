/* SPDX-License-Identifier: Apache-2.0 */
/* tpm apply: a new trust policy, with the trust owner's order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/policy/policy_rotation.h"
#include "verifier/run/site.h"
#include "verifier/run/tpm_guard.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* One run. */
struct application {
    const struct cret_options *options;
    struct cret_guard *guard;
    struct cret_order order;
    struct cret_policy *policy; /* the new one */
    char *text;
    size_t size;
    const char *target;     /* trust.json of the station */
    struct cret_held *held; /* that file; NULL: it is missing */
    bool already;           /* the TPM held it before */
    bool owners; /* owners of the installed policy signed; else the order's key alone decided */
};

static enum cret_status read_order(struct application *run, struct cret_err *err)
{
    const char *path = cret_options_operand(run->options, 0);
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, cret_order_format.bytes, CRET_ERR_USAGE, err) !=
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
    cret_err_usage(err, "the order is for another trust policy than --new");
    cret_hex_encode(hex, run->order.digest, CRET_SHA256_BYTES);
    cret_err_expected(err, "version %llu, SHA-256 %s", (unsigned long long)run->order.version, hex);
    cret_hex_encode(hex, run->policy->digest, CRET_SHA256_BYTES);
    cret_err_actual(err, "version %lld, SHA-256 %s", (long long)run->policy->version, hex);
    return cret_err_hint(err, "ask the trust owner which file belongs to the order");
}

static enum cret_status prepare(struct application *run, struct cret_err *err)
{
    const struct cret_options *options = run->options;
    const char *path = cret_options_value(options, "new");
    if (cret_guard_station_open(&run->guard, options, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->target = cret_site_value(options, CRET_SITE_TRUST);
    if (run->target == NULL) {
        cret_err_usage(err, "--trust is missing: the station's trust.json, which the new one "
                            "replaces");
        return cret_err_hint(err, "--trust FILE, or `trust` in the site configuration");
    }
    if (read_order(run, err) != CRET_OK ||
        cret_file_read(&run->text, &run->size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE,
                       err) != CRET_OK ||
        cret_policy_parse(&run->policy, run->text, run->size, path, cret_os_now(),
                          cret_options_given(options, "allow-example-keys"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    return check_file(run, err);
}

/* Reads the station's file (path NULL) or another one, and its digest; the caller frees the text in
 * every case. */
static enum cret_status read_candidate(const struct application *run, const char *path,
                                       char **ret_text, size_t *ret_size,
                                       uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    const enum cret_status status =
        path == NULL ? cret_site_read(ret_text, ret_size, run->options, CRET_SITE_TRUST, "",
                                      CRET_LIMIT_POLICY_BYTES, err)
                     : cret_file_read(ret_text, ret_size, path, CRET_LIMIT_POLICY_BYTES,
                                      CRET_ERR_USAGE, err);
    return status == CRET_OK ? cret_sha256(ret_digest, *ret_text, *ret_size, err) : CRET_FAILED;
}

static enum cret_status refuse_installed(const char *path, const uint8_t *anchor,
                                         const uint8_t *digest, uint64_t version,
                                         struct cret_err *err)
{
    char hex[CRET_SHA256_HEX];
    cret_err_refuse(err, CRET_CHECK_TPM_ANCHOR,
                    "the trust policy that is there is not the one that the TPM holds");
    cret_err_where(err, "%s", path);
    cret_hex_encode(hex, anchor, CRET_SHA256_BYTES);
    cret_err_expected(err, "version %llu, SHA-256 %s", (unsigned long long)version, hex);
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    cret_err_actual(err, "SHA-256 %s", hex);
    return cret_err_hint(
        err,
        "put version %llu back in its place, or as %llu.trust.json into the folder "
        "of --series: its owners decide about the next one",
        (unsigned long long)version, (unsigned long long)version);
}

/* The policy that is replaced: the station's file, else that version in the folder of --series, but
 * only if it is the one that the TPM holds. Were any other taken for it, whoever can write that
 * file could leave the owners out. */
static enum cret_status read_installed(const struct application *run, uint64_t version,
                                       const uint8_t *anchor, struct cret_policy **ret_policy,
                                       struct cret_err *err)
{
    const char *series = cret_options_value(run->options, "series");
    char *path = cret_text_printf("%s", run->target), *text = NULL;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    enum cret_status status = CRET_FAILED;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (read_candidate(run, NULL, &text, &size, digest, err) != CRET_OK) {
        goto out;
    }
    if (memcmp(digest, anchor, sizeof(digest)) != 0 && series != NULL) {
        free(path);
        free(text);
        text = NULL;
        path = cret_text_printf("%s/%llu.trust.json", series, (unsigned long long)version);
        if (path == NULL) {
            cret_err_memory(err);
            goto out;
        }
        if (read_candidate(run, path, &text, &size, digest, err) != CRET_OK) {
            goto out;
        }
    }
    if (memcmp(digest, anchor, sizeof(digest)) != 0) {
        refuse_installed(path, anchor, digest, version, err);
        goto out;
    }
    /* It may have expired: that is a reason to replace it. */
    status = cret_policy_parse(ret_policy, text, size, path, INT64_MIN,
                               cret_options_given(run->options, "allow-example-keys"), err);
out:
    free(text);
    free(path);
    return status;
}

/* The order is one key. Where the installed policy names owners, as many of them as it says, and as
 * the new one says, must have signed each version up to the new one. */
static enum cret_status check_owners(struct application *run, uint64_t version,
                                     const uint8_t *anchor, struct cret_err *err)
{
    const char *series = cret_options_value(run->options, "series");
    struct cret_policy *installed = NULL;
    struct cret_rotation rotation = {0};
    enum cret_status status = CRET_FAILED;
    if (read_installed(run, version, anchor, &installed, err) != CRET_OK) {
        goto out;
    }
    run->owners = installed->owners.signer_count > 0;
    if (!run->owners) {
        status = CRET_OK;
        goto out;
    }
    if (series == NULL) {
        cret_err_usage(err, "the installed trust policy names owners: their signatures on the "
                            "new one are needed beside the order");
        cret_err_expected(err, "--series DIR with N.trust.json and N.<16 hex>.p7s");
        cret_err_hint(err, "`cretula-verify trust sign` makes them");
        goto out;
    }
    if (cret_policy_walk(&rotation, installed, series, cret_optional_of(run->policy->version),
                         cret_os_now(), cret_options_given(run->options, "allow-example-keys"),
                         err) != CRET_OK) {
        goto out;
    }
    if (rotation.policy == NULL ||
        memcmp(rotation.policy->digest, run->policy->digest, CRET_SHA256_BYTES) != 0) {
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION,
                        "the owners signed another trust policy than the one of the order");
        cret_err_where(err, "%s", series);
        cret_err_hint(err, "ask the trust owner which version %lld is meant",
                      (long long)run->policy->version);
        goto out;
    }
    status = CRET_OK;
out:
    cret_rotation_clear(&rotation);
    cret_policy_free(&installed);
    return status;
}

/* Owners first. Then TPM before file: whatever interrupts it, a second run finishes the work, and
 * between the two every verification is refused rather than made under an old policy. */
static enum cret_status apply(struct application *run, struct cret_err *err)
{
    struct cret_tpm *tpm = NULL;
    uint64_t version = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_held_open(&run->held, run->target, CRET_HELD_WAIT_MS, err) != CRET_OK ||
        cret_guard_connect(run->guard, &tpm, err) != CRET_OK ||
        cret_tpm_read_anchor(tpm, &version, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    run->already =
        version == run->order.version && memcmp(digest, run->order.digest, sizeof(digest)) == 0;
    if (!run->already && (check_owners(run, version, digest, err) != CRET_OK ||
                          cret_tpm_apply(tpm, &run->order, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    cret_guard_release(run->guard);
    if (cret_site_replace_trust(run->options, run->held, run->text, run->size, err) != CRET_OK) {
        cret_err_context(err, "the TPM holds the new trust policy, but the file is not in its "
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
        return cret_print_json(run->options,
                               json_pack("{s:s, s:I, s:s, s:b, s:b}", "cretula", "tpm-apply/1",
                                         "version", (json_int_t)run->order.version, "policySha256",
                                         hex, "already", (int)run->already, "owners",
                                         (int)run->owners),
                               CRET_EXIT_DONE);
    }
    struct cret_page *page = cret_page_new();
    char version[64];
    snprintf(version, sizeof(version), "trust policy version %" PRIu64, run->order.version);
    cret_page_verdict(page, CRET_TONE_GOOD,
                      run->already ? "The TPM held it already" : "The TPM obeyed the order", "%s",
                      version);
    cret_page_text(page, "SHA-256", hex);
    cret_page_text(page, "file", run->target);
    if (!run->already) {
        cret_page_text(page, "by",
                       run->owners ? "the owners of the policy before it, who signed it"
                                   : "the key of the order alone: the policy before it names no "
                                     "owners");
    }
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct application run = {.options = options};
    struct cret_err err = {0};
    int code = 0;
    if (prepare(&run, &err) != CRET_OK || apply(&run, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = print(&run);
    }
    cret_held_close(&run.held);
    cret_guard_free(&run.guard);
    cret_order_clear(&run.order);
    cret_policy_free(&run.policy);
    free(run.text);
    return code;
}

static const struct cret_option apply_options[] = {
    CRET_OPTION("new", "FILE", "The new trust policy that the order is about.", .required = true),
    CRET_OPTION("series", "DIR",
                "Folder with the versions since the installed one, N.trust.json, and the owners' "
                "signatures, N.<16 hex>.p7s. Needed where the installed policy names owners."),
    CRET_OPTION_END,
};
static const struct cret_option_group apply_group = {"Trust policy", apply_options};

const struct cret_verb cret_verb_tpm_apply = {
    .name = "apply",
    .operands = "ORDER",
    .summary = "Take a new trust policy, by the trust owner's order",
    .help = "The TPM judges the order; where it obeys, trust.json is replaced by the new file. Run "
            "it again where it was interrupted.",
    .groups =
        CRET_GROUPS(&apply_group, &cret_installed_group, &cret_example_group, &cret_station_group,
                    &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify tpm apply order.json --new trust.json "
                              "--trust /etc/cretula/trust.json "
                              "--station /etc/cretula/station.json"),
    .run = act,
};
