/* SPDX-License-Identifier: Apache-2.0 */
/* trust sign: an owner's signature of a version of the policy, for the series that trust update
 * walks through (trust/policy/policy_rotation.h). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "console/print.h"
#include "keys/sign.h"
#include "trust/policy/policy_rotation.h"
#include "verifier/evidence/evidence.h"
#include "verifier/run/clock.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* One run. */
struct signing {
    const struct cret_options *options;
    struct cret_record_signer signer;
    struct cret_policy *policy, *previous; /* previous: NULL where the folder has none */
    char *text;
    size_t size;
    uint8_t *der;
    size_t der_size;
    const char *folder;
    const char *name; /* of the owner; borrowed */
    char *policy_path, *signature_path;
    bool allow_example_keys, owns, owned_before, complete;
    struct cret_err missing; /* why it is not complete */
};

static enum cret_status read_version(struct cret_policy **ret_policy, char **ret_text,
                                     size_t *ret_size, const char *path, int64_t now,
                                     bool allow_example_keys, struct cret_err *err)
{
    if (cret_file_read(ret_text, ret_size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_policy_parse(ret_policy, *ret_text, *ret_size, path, now, allow_example_keys, err) !=
        CRET_OK) {
        cret_err_reclass(err,
                         CRET_ERR_USAGE); /* nothing was judged: the owner's own file is at fault */
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* The version before, where it lies in the folder. */
static enum cret_status read_previous(struct signing *run, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    char *text = NULL;
    size_t size = 0;
    char *path =
        cret_text_printf("%s/%" PRId64 ".trust.json", run->folder, run->policy->version - 1);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = cret_os_stat_path(&info, &exists, path, err);
    if (status == CRET_OK && exists) {
        status = read_version(&run->previous, &text, &size, path, INT64_MIN,
                              run->allow_example_keys, err);
    }
    free(text);
    free(path);
    return status;
}

static const char *find_owner(const struct cret_policy *policy,
                              const struct cret_certificate *certificate)
{
    for (size_t i = 0; policy != NULL && i < policy->owners.signer_count; i++) {
        const struct cret_policy_signer *owner = &policy->owners.signers[i];
        const bool key_only = owner->anchor.kind == CRET_ANCHOR_KEY;
        if (memcmp(key_only ? owner->anchor.key_digest
                            : cret_certificate_digest(owner->anchor.certificate),
                   key_only ? cret_certificate_key_digest(certificate)
                            : cret_certificate_digest(certificate),
                   CRET_SHA256_BYTES) == 0) {
            return owner->name;
        }
    }
    return NULL;
}

static enum cret_status check_owner(struct signing *run, struct cret_err *err)
{
    const struct cret_certificate *certificate = run->signer.certificates[0];
    const char *before = find_owner(run->previous, certificate);
    const char *own = find_owner(run->policy, certificate);
    run->owned_before = before != NULL;
    run->owns = own != NULL;
    run->name = own != NULL ? own : before;
    if (run->name != NULL) {
        return CRET_OK;
    }
    cret_err_usage(err, "%s is the certificate of no owner of this version%s",
                   cret_certificate_subject(certificate),
                   run->previous != NULL ? " or of the one before" : "");
    return cret_err_hint(err, run->previous != NULL
                                  ? "its signature would count for nothing"
                                  : "an owner of the version before signs with that version, "
                                    "N-1.trust.json, in the folder");
}

static enum cret_status prepare(struct signing *run, struct cret_err *err)
{
    const int64_t now = cret_os_now();
    if (read_version(&run->policy, &run->text, &run->size, cret_options_operand(run->options, 0),
                     now, run->allow_example_keys, err) != CRET_OK ||
        cret_clock_check(now, run->policy, err) != CRET_OK || read_previous(run, err) != CRET_OK ||
        cret_record_signer_open(&run->signer, run->options, "key", "cert", "no-chain", err) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    if (run->policy->owners.signer_count == 0) {
        cret_err_usage(err, "this version names no owners, so that no station takes it by "
                            "trust update");
        return cret_err_hint(err, "cretula-verify trust add-signer FILE --policy-owner "
                                  "--signer NAME --anchor PEM --obtained TEXT");
    }
    return check_owner(run, err);
}

/* The signature counts by the algorithms of the version that counts it. */
static enum cret_status check_algorithm(const struct signing *run, const char *algorithm,
                                        struct cret_err *err)
{
    if ((!run->owns || cret_policy_allows_algorithm(run->policy, algorithm)) &&
        (!run->owned_before || cret_policy_allows_algorithm(run->previous, algorithm))) {
        return CRET_OK;
    }
    cret_err_usage(err, "the policy does not let signatures by %s count", algorithm);
    return cret_err_hint(err, "add it with trust set --algorithm, or sign with another key");
}

static enum cret_status make(struct signing *run, struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    char hex[17];
    const struct cret_sign_request request = {.key = run->signer.key,
                                              .certificate = run->signer.certificates[0],
                                              .meaning = CRET_MEANING_APPROVAL,
                                              .has_signing_time = true,
                                              .signing_time = cret_os_now(),
                                              .allow_example_keys = run->allow_example_keys};
    if (cret_key_sign(&run->der, &run->der_size, &request, (const uint8_t *)run->text, run->size,
                      err) != CRET_OK ||
        cret_cms_parse(&cms, run->der, run->der_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_cms_member_name(cms, hex);
    const enum cret_status status = check_algorithm(run, cret_cms_algorithm(cms), err);
    cret_cms_free(&cms);
    run->policy_path =
        cret_text_printf("%s/%" PRId64 ".trust.json", run->folder, run->policy->version);
    run->signature_path =
        cret_text_printf("%s/%" PRId64 ".%s.p7s", run->folder, run->policy->version, hex);
    if (run->policy_path == NULL || run->signature_path == NULL) {
        return cret_err_memory(err);
    }
    return status;
}

/* The version itself goes into the folder, or is there already, byte by byte: owners sign at the
 * same time, and only one of them puts it there. */
static enum cret_status put_policy(const struct signing *run, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false, created = false;
    char *text = NULL;
    size_t size = 0;
    if (cret_os_make_directory(run->folder, 0755, &created, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_file_create(run->policy_path, run->text, run->size, 0644, err) == CRET_OK) {
        return CRET_OK;
    }
    if (cret_os_stat_path(&info, &exists, run->policy_path, NULL) != CRET_OK || !exists) {
        return CRET_FAILED;
    }
    cret_err_clear(err);
    if (cret_file_read(&text, &size, run->policy_path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE,
                       err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool same = size == run->size && memcmp(text, run->text, size) == 0;
    free(text);
    if (same) {
        return CRET_OK;
    }
    cret_err_usage(err, "%s is another file with the same version", run->policy_path);
    return cret_err_hint(err, "a version is one file for ever: raise the version of the other one");
}

/* Whether stations with the version before would take this one now. */
static void judge_folder(struct signing *run)
{
    struct cret_rotation rotation;
    cret_err_clear(&run->missing);
    if (run->previous == NULL) {
        return;
    }
    run->complete = cret_policy_walk(&rotation, run->previous, run->folder,
                                     cret_optional_of(run->policy->version), cret_os_now(),
                                     run->allow_example_keys, &run->missing) == CRET_OK;
    if (run->complete) {
        cret_rotation_clear(&rotation);
    }
}

static int print(const struct signing *run)
{
    if (cret_options_given(run->options, "json")) {
        return cret_print_json(run->options,
                               json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:b}", "cretula",
                                         "trust-sign/1", "policy", run->policy->name, "version",
                                         (json_int_t)run->policy->version, "owner", run->name,
                                         "file", run->policy_path, "signature", run->signature_path,
                                         "complete", run->complete),
                               0);
    }
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_PLAIN, run->signature_path,
                      "signed version %" PRId64 " of %s as %s, owner of %s", run->policy->version,
                      run->policy->name, run->name,
                      run->owns && run->owned_before ? "this version and of the one before"
                      : run->owns                    ? "this version"
                                                     : "the version before");
    if (run->complete) {
        cret_page_row(page, "complete", "stations with version %" PRId64 " take it (trust update)",
                      run->policy->version - 1);
    } else if (run->previous != NULL) {
        cret_page_row(page, "not complete", "%s (needed: %s; there: %s)", run->missing.what,
                      run->missing.expected, run->missing.actual);
    }
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct signing run = {.options = options,
                          .folder = cret_options_value(options, "to"),
                          .allow_example_keys = cret_options_given(options, "allow-example-keys")};
    struct cret_err err = {0};
    int code = 0;
    if (prepare(&run, &err) != CRET_OK || make(&run, &err) != CRET_OK ||
        put_policy(&run, &err) != CRET_OK ||
        cret_file_write(run.signature_path, run.der, run.der_size, 0644, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        cret_record_signer_clear(&run.signer); /* no private key in memory from here on */
        judge_folder(&run);
        code = print(&run);
    }
    cret_record_signer_clear(&run.signer);
    cret_policy_free(&run.policy);
    cret_policy_free(&run.previous);
    free(run.text);
    free(run.der);
    free(run.policy_path);
    free(run.signature_path);
    return code;
}

static const struct cret_option sign_options[] = {
    CRET_OPTION("key", "URI", "The owner's private key: a PEM file, pkcs11:... or handle:0x81...",
                .required = true),
    CRET_OPTION("to", "DIR",
                "Folder of the series, made where it is missing: the version goes there as "
                "N.trust.json, the signature as N.<16 hex digits>.p7s. Where N-1.trust.json lies "
                "there too, its owners can sign, and what is missing is said.",
                .required = true),
    CRET_OPTION_END,
};
static const struct cret_option_group sign_group = {"Signature", sign_options};

const struct cret_verb cret_verb_trust_sign = {
    .name = "sign",
    .operands = "FILE",
    .summary = "Sign a version of a trust policy as one of its owners",
    .help = "Each owner of the version before, and of this one, signs on a machine of his own; the "
            "folder goes from one to the other, and then to the stations.",
    .groups = CRET_GROUPS(&sign_group, &cret_certificate_group, &cret_secret_group,
                          &cret_example_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify trust sign trust.json --key owner.key.pem "
                              "--cert owner.cert.pem --to series"),
    .run = act,
};
