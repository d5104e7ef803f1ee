/* SPDX-License-Identifier: Apache-2.0 */
/* trust add-signer: who may sign what, with how it was obtained. */
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/policy/trust_anchor.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* The scope for exactly this vendor and these products; made where there is none. Borrowed. */
static json_t *make_scope(const struct cret_trust_edit *edit)
{
    const char *const *products = cret_options_values(edit->options, "product");
    const size_t count = cret_options_count(edit->options, "product");
    json_t *scope = cret_trust_edit_scope(edit, NULL);
    if (scope != NULL) { /* it may have pins of foreign files alone */
        return (json_object_get(scope, "signers") != NULL ||
                json_object_set_new(scope, "signers", json_array()) == 0) &&
                       (json_object_get(scope, "roles") != NULL ||
                        json_object_set_new(scope, "roles", json_array()) == 0)
                   ? scope
                   : NULL;
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

static json_t *make_signer(const struct cret_trust_edit *edit,
                           const struct cret_trust_anchor *anchor)
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

static enum cret_status insert_signer(struct cret_trust_edit *edit,
                                      const struct cret_trust_anchor *anchor, struct cret_err *err)
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
    if (!owner && cret_trust_edit_pins(scope, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_trust_edit_threshold(group, options, err);
}

/* A CA that has ended is no fault of the file, and hardly what was meant. */
static void warn_ended(const struct cret_options *options, const struct cret_trust_anchor *anchor,
                       int64_t now)
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
    struct cret_trust_anchor anchor = {.count = 0};
    enum cret_status status = CRET_FAILED;
    const bool owner = cret_options_given(edit->options, "policy-owner");
    if (!owner && !cret_options_given(edit->options, "role")) {
        cret_err_usage(err, "--vendor and --role are missing: what may this signer sign?");
        return cret_err_hint(err, "--policy-owner for somebody who signs the policy itself");
    }
    if (cret_trust_anchor_read(&anchor, edit->options, cret_options_value(edit->options, "anchor"),
                               err) == CRET_OK &&
        cret_trust_anchor_confirm(&anchor, edit->options, err) == CRET_OK &&
        insert_signer(edit, &anchor, err) == CRET_OK) {
        status = cret_trust_edit_write(edit, owner, err);
    }
    if (status == CRET_OK) {
        warn_ended(edit->options, &anchor, edit->now);
    }
    cret_trust_anchor_clear(&anchor);
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
        "than the file; in either case, with colons or without, or as `openssl x509 -fingerprint "
        "-sha256` prints it. Asked for on a terminal where it is not given."),
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
            "with what the vendor told you on another way than the file came. A second, "
            "post-quantum key of the same signer follows by `trust set "
            "--post-quantum-anchor`.",
    .groups =
        CRET_GROUPS(&signer_group, &cret_trust_edit_group, &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify trust add-signer trust.json --vendor \"Example Automation GmbH\" "
        "--signer \"Release signing\" --role release --anchor vendor-root.pem "
        "--obtained \"phone call with the vendor's PSIRT\""),
    .run = act,
};
