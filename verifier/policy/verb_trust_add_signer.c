/* SPDX-License-Identifier: Apache-2.0 */
/* trust add-signer: who may sign what, with how it was obtained. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* What is being added. */
struct anchor {
    struct cret_certificate **certificates; /* one */
    size_t count;
    char *pem;
    const char *type;
    const uint8_t *fingerprint;      /* of the certificate, or of the key where that is pinned */
    uint8_t bare[CRET_SHA256_BYTES]; /* of a public key without a certificate */
};

static void clear_anchor(struct anchor *anchor)
{
    cret_certificates_free(&anchor->certificates, anchor->count);
    free(anchor->pem);
}

/* Attestations bring no certificate along, and a build service has a key alone. All others sign
 * with a certificate, which says who they are. */
static bool may_be_bare(const struct cret_options *options)
{
    const char *role = cret_options_value(options, "role");
    return role != NULL && cret_role_attests(role);
}

static enum cret_status read_bare(struct anchor *anchor, const struct cret_options *options,
                                  const char *data, const char *path, struct cret_err *err)
{
    if (strstr(data, "-----BEGIN PUBLIC KEY-----") == NULL) {
        return CRET_OK;
    }
    if (!may_be_bare(options)) {
        cret_err_usage(err, "%s holds a public key without a certificate", path);
        cret_err_expected(err, "the certificate of whoever signs");
        return cret_err_hint(err,
                             "give his certificate, and --pin-key where the key alone is to be "
                             "pinned; a bare key is enough for the role provenance only");
    }
    anchor->type = "key";
    anchor->fingerprint = anchor->bare;
    return cret_policy_read_bare_key(&anchor->pem, anchor->bare, data, path, err);
}

static enum cret_status read_anchor(struct anchor *anchor, const struct cret_options *options,
                                    struct cret_err *err)
{
    const char *path = cret_options_value(options, "anchor");
    size_t size = 0;
    char *data = NULL;
    enum cret_status status =
        cret_file_read(&data, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err);
    if (status == CRET_OK) {
        status = read_bare(anchor, options, data, path, err);
    }
    if (status == CRET_OK && anchor->pem == NULL) {
        status =
            cret_certificates_read(&anchor->certificates, &anchor->count, data, size, path, err);
    }
    if (status != CRET_OK && may_be_bare(options) && data != NULL &&
        (strstr(data, " PUBLIC KEY-----") != NULL || strstr(data, "-----BEGIN ") == NULL)) {
        cret_err_hint(err,
                      "a public key is given as PEM of SubjectPublicKeyInfo: openssl pkey -pubin "
                      "-inform DER -in FILE -pubout, or openssl rsa -RSAPublicKey_in -in FILE "
                      "-pubout");
    }
    free(data);
    if (status != CRET_OK || anchor->pem != NULL) {
        return status;
    }
    if (anchor->count != 1) {
        return cret_err_usage(err, "%s holds %zu certificates; a signer has one anchor", path,
                              anchor->count);
    }
    const struct cret_certificate *certificate = anchor->certificates[0];
    anchor->pem = cret_certificate_pem(certificate); /* whatever the file looks like */
    if (anchor->pem == NULL) {
        return cret_err_memory(err);
    }
    const bool authority = cret_certificate_is_ca(certificate);
    const bool pin_key = cret_options_given(options, "pin-key");
    if (authority && (pin_key || cret_options_given(options, "policy-owner"))) {
        cret_err_usage(err, "%s is the certificate of a certification authority", path);
        return cret_err_hint(err, "owners and keys are pinned: give the certificate of the one "
                                  "person or system");
    }
    anchor->type = pin_key ? "key" : authority ? "ca" : "certificate";
    anchor->fingerprint =
        pin_key ? cret_certificate_key_digest(certificate) : cret_certificate_digest(certificate);
    return CRET_OK;
}

/* A person must bring the fingerprint along: a certificate that vouches for itself is none. */
static enum cret_status confirm_fingerprint(const struct cret_options *options,
                                            const struct anchor *anchor, struct cret_err *err)
{
    char line[256] = "";
    const char *text = cret_options_value(options, "fingerprint");
    const char *what = strcmp(anchor->type, "key") == 0 ? "key" : "certificate";
    if (text == NULL) {
        if (!cret_os_is_terminal(0)) {
            return cret_err_usage(err, "--fingerprint is needed where nobody can be asked");
        }
        cret_print_prompt("Type the SHA-256 fingerprint of the %s as its holder told you: ", what);
        if (fgets(line, (int)sizeof(line), stdin) == NULL) {
            return cret_err_usage(err, "no fingerprint was typed");
        }
        line[strcspn(line, "\r\n")] = '\0';
        text = line;
    }
    uint8_t digest[CRET_SHA256_BYTES];
    if (cret_sha256_read(digest, text) != CRET_OK) {
        cret_err_usage(err, "not a fingerprint: %s", text);
        return cret_sha256_expected(err, text);
    }
    if (memcmp(digest, anchor->fingerprint, CRET_SHA256_BYTES) != 0) {
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH,
                        "this is not the %s with that fingerprint", what);
        cret_err_expected(err, "%s", hex);
        cret_hex_encode(hex, anchor->fingerprint, CRET_SHA256_BYTES);
        cret_err_actual(err, "%s", hex);
        return cret_err_hint(err, "do not use the file; ask its holder for the %s again", what);
    }
    return CRET_OK;
}

/* The scope for exactly this vendor and these products; made where there is none. Borrowed. */
static json_t *make_scope(const struct cret_trust_edit *edit)
{
    const char *const *products = cret_options_values(edit->options, "product");
    const size_t count = cret_options_count(edit->options, "product");
    json_t *scope = cret_trust_edit_scope(edit, NULL);
    if (scope != NULL) {
        return scope;
    }
    scope = json_pack("{s:s, s:[], s:[], s:[]}", "vendor",
                      cret_options_value(edit->options, "vendor"), "products", "signers", "roles");
    json_t *list = json_object_get(scope, "products");
    bool failed = scope == NULL;
    if (!failed && count == 0) {
        failed = json_array_append_new(list, json_string("*")) != 0;
    }
    for (size_t i = 0; !failed && i < count; i++) {
        failed = json_array_append_new(list, json_string(products[i])) != 0;
    }
    if (failed) {
        json_decref(scope);
        return NULL;
    }
    return json_array_append_new(json_object_get(edit->json, "scopes"), scope) == 0 ? scope : NULL;
}

static json_t *make_role(json_t *scope, const char *name)
{
    json_t *list = json_object_get(scope, "roles");
    json_t *role = cret_trust_edit_find(list, "role", name, NULL);
    if (role != NULL) {
        return role;
    }
    role = json_pack("{s:s, s:[], s:i}", "role", name, "signers", "threshold", 1);
    return role != NULL && json_array_append_new(list, role) == 0 ? role : NULL;
}

static json_t *make_owners(json_t *policy)
{
    json_t *owners = json_object_get(policy, "owners");
    if (owners != NULL) {
        return owners;
    }
    owners = json_pack("{s:[], s:i}", "signers", "threshold", 1);
    return owners != NULL && json_object_set_new(policy, "owners", owners) == 0 ? owners : NULL;
}

static json_t *make_signer(const struct cret_trust_edit *edit, const struct anchor *anchor)
{
    char user[256], hex[CRET_SHA256_HEX], at[32];
    cret_os_user_name(user, sizeof(user));
    cret_hex_encode(hex, anchor->fingerprint, CRET_SHA256_BYTES);
    cret_time_format(at, edit->now);
    const char *by = cret_options_value(edit->options, "added-by");
    return json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "name",
                     cret_options_value(edit->options, "signer"), "anchor", "type", anchor->type,
                     "pem", anchor->pem, "added", "by", by != NULL ? by : user, "at", at, "how",
                     cret_options_value(edit->options, "obtained"), "fingerprint", hex);
}

static enum cret_status insert_signer(struct cret_trust_edit *edit, const struct anchor *anchor,
                                      struct cret_err *err)
{
    const struct cret_options *options = edit->options;
    const bool owner = cret_options_given(options, "policy-owner");
    json_t *scope = owner ? make_owners(edit->json) : make_scope(edit);
    json_t *group = owner           ? scope
                    : scope != NULL ? make_role(scope, cret_options_value(options, "role"))
                                    : NULL;
    json_t *signer = make_signer(edit, anchor);
    if (group == NULL || signer == NULL) {
        json_decref(signer);
        return cret_err_usage(err, "a text option is not UTF-8, or memory is exhausted");
    }
    if (json_array_append_new(json_object_get(scope, "signers"), signer) != 0 ||
        (!owner &&
         json_array_append_new(json_object_get(group, "signers"),
                               json_string(cret_options_value(options, "signer"))) != 0)) {
        return cret_err_memory(err);
    }
    return cret_trust_edit_threshold(group, options, err);
}

/* A CA that has ended is no fault of the file, and hardly what was meant. */
static void warn_ended(const struct cret_options *options, const struct anchor *anchor, int64_t now)
{
    char end[32];
    if (strcmp(anchor->type, "ca") != 0) {
        return;
    }
    const struct cret_certificate *certificate = anchor->certificates[0];
    if (cret_certificate_not_after(certificate) > now) {
        return;
    }
    cret_time_format(end, cret_certificate_not_after(certificate));
    cret_print_note(options,
                    "warning: this CA ended on %s: signatures below it count only with a trusted "
                    "timestamp from before that day",
                    end);
}

static enum cret_status add_signer(struct cret_trust_edit *edit, struct cret_err *err)
{
    struct anchor anchor = {.count = 0};
    enum cret_status status = CRET_FAILED;
    const bool owner = cret_options_given(edit->options, "policy-owner");
    if (!owner && !cret_options_given(edit->options, "role")) {
        cret_err_usage(err, "--vendor and --role are missing: what may this signer sign?");
        return cret_err_hint(err, "--policy-owner for somebody who signs the policy itself");
    }
    if (read_anchor(&anchor, edit->options, err) == CRET_OK &&
        confirm_fingerprint(edit->options, &anchor, err) == CRET_OK &&
        insert_signer(edit, &anchor, err) == CRET_OK) {
        status = cret_trust_edit_write(edit, owner, err);
    }
    if (status == CRET_OK) {
        warn_ended(edit->options, &anchor, edit->now);
    }
    clear_anchor(&anchor);
    return status;
}

static int act(const struct cret_options *options)
{
    return cret_trust_edit_run(options, true, add_signer, "added");
}

static const struct cret_option add_options[] = {
    CRET_OPTION("vendor", "TEXT",
                "Whose products this signer may vouch for, as the manifest spells it."),
    CRET_OPTION("product", "TEXT",
                "Product name, as the manifest spells it. Default: every product of the vendor.",
                .repeatable = true, .needs = "vendor"),
    CRET_OPTION("signer", "NAME", "Name of the person or system that signs.", .required = true),
    CRET_OPTION("role", "ROLE", "release, quality, owner, waiver or provenance.",
                .choices = cret_role_names, .needs = "vendor"),
    CRET_FLAG("policy-owner",
              "An owner of the policy itself, who signs its next versions (trust sign), instead of "
              "a signer of releases.",
              .excludes = "vendor product role"),
    CRET_OPTION("anchor", "PEM",
                "Its certificate: a CA below which it signs, or its own one (pinned). For the role "
                "provenance its public key alone, too, as openssl pkey -pubout writes it.",
                .required = true),
    CRET_FLAG("pin-key",
              "Pin the key of that certificate, whatever certificate it has later. The fingerprint "
              "is then that of the key (SHA-256 of the SubjectPublicKeyInfo)."),
    CRET_OPTION(
        "fingerprint", "HEX",
        "SHA-256 of the certificate (of a public key: of its DER), as obtained on another way "
        "than the file. Asked for on a terminal where it is not given."),
    CRET_OPTION(
        "threshold", "N",
        "How many signers of the role, or owners, must have signed. Default: as it is, or 1."),
    CRET_OPTION("added-by", "TEXT", "Who adds it. Default: the user's name."),
    CRET_OPTION(
        "obtained", "TEXT",
        "How the fingerprint was obtained, for example: phone call with the vendor's PSIRT.",
        .required = true),
    CRET_OPTION_END,
};
static const struct cret_option_group signer_group = {"Signer", add_options};

const struct cret_verb cret_verb_trust_add_signer = {
    .name = "add-signer",
    .operands = "FILE",
    .summary = "Add a signer to a role of a scope",
    .help = "The fingerprint of the certificate must be given (--fingerprint) or typed: compare it "
            "with what the vendor told you on another way than the file came.",
    .groups =
        CRET_GROUPS(&signer_group, &cret_trust_edit_group, &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify trust add-signer trust.json --vendor \"Example Automation GmbH\" "
        "--signer \"Release signing\" --role release --anchor vendor-root.pem "
        "--obtained \"phone call with the vendor's PSIRT\""),
    .run = act,
};
