/* SPDX-License-Identifier: Apache-2.0 */
/* trust add-foreign: whose files in a format of others count for a vendor, with how that was found
 * out. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/time.h"
#include "console/print.h"
#include "trust/policy/pin.h"
#include "verifier/policy/trust_anchor.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* The scope for exactly this vendor and these products; made where there is none. Borrowed. */
static json_t *make_scope(const struct cret_trust_edit *edit)
{
    json_t *scope = cret_trust_edit_scope(edit, NULL);
    if (scope != NULL) {
        return scope;
    }
    const size_t count = cret_options_count(edit->options, "product");
    json_t *list = json_array();
    bool failed = count == 0 && json_array_append_new(list, json_string("*")) != 0;
    for (size_t i = 0; !failed && i < count; i++) {
        failed = json_array_append_new(
                     list, json_string(cret_options_values(edit->options, "product")[i])) != 0;
    }
    if (failed) {
        json_decref(list);
        return NULL;
    }
    scope = json_pack("{s:s, s:o}", "vendor", cret_options_value(edit->options, "vendor"),
                      "products", list);
    return scope != NULL && json_array_append_new(json_object_get(edit->json, "scopes"), scope) == 0
               ? scope
               : NULL;
}

/* A key as its tool writes it; its fingerprint is the SHA-256 of the file. */
static enum cret_status read_text(struct cret_trust_anchor *anchor, const char *path,
                                  struct cret_err *err)
{
    size_t size = 0;
    if (cret_file_read(&anchor->pem, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (size == 0 || memchr(anchor->pem, '\0', size) != NULL) {
        cret_err_usage(err, "%s is not a key as text", path);
        return cret_err_expected(err, "a key in the text form of its tool (minisign, signify, "
                                      "armored OpenPGP)");
    }
    anchor->type = "key";
    anchor->fingerprint = anchor->bare;
    return cret_sha256(anchor->bare, anchor->pem, size, err);
}

static enum cret_status read_anchor(struct cret_trust_anchor *anchor,
                                    const struct cret_options *options, struct cret_err *err)
{
    const char *key = cret_options_value(options, "key");
    if (key != NULL) {
        return read_text(anchor, key, err);
    }
    if (cret_trust_anchor_read(anchor, options, cret_options_value(options, "anchor"), err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_options_given(options, "exactly") && anchor->count == 1) {
        anchor->type = "certificate"; /* whatever else it could certify counts for nothing */
    }
    return CRET_OK;
}

static enum cret_status put_flag(json_t *pin, const struct cret_options *options,
                                 const char *option, const char *key, struct cret_err *err)
{
    return !cret_options_given(options, option) || json_object_set_new(pin, key, json_true()) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

static json_t *make_added(const struct cret_trust_edit *edit,
                          const struct cret_trust_anchor *anchor)
{
    char user[256], hex[CRET_SHA256_HEX], at[32];
    const char *by = cret_options_value(edit->options, "added-by");
    cret_os_user_name(user, sizeof(user));
    cret_hex_encode(hex, anchor->fingerprint, CRET_SHA256_BYTES);
    cret_time_format(at, edit->now);
    return json_pack("{s:s, s:s, s:s, s:s}", "by", by != NULL ? by : user, "at", at, "how",
                     cret_options_value(edit->options, "obtained"), "fingerprint", hex);
}

static enum cret_status fill_pin(json_t *pin, const struct cret_trust_edit *edit,
                                 const struct cret_trust_anchor *anchor, struct cret_err *err)
{
    const struct cret_options *options = edit->options;
    const char *end = cret_options_value(options, "not-after");
    int64_t seconds = 0;
    json_t *by = cret_options_given(options, "key")
                     ? json_string(anchor->pem)
                     : json_pack("{s:s, s:s}", "type", anchor->type, "pem", anchor->pem);
    if (by == NULL ||
        json_object_set_new(pin, cret_options_given(options, "key") ? "key" : "anchor", by) != 0 ||
        json_object_set_new(pin, "added", make_added(edit, anchor)) != 0) {
        return cret_err_usage(err, "a text option is not UTF-8, or memory is exhausted");
    }
    if (end != NULL && cret_trust_edit_time(&seconds, "not-after", end, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_trust_edit_text(pin, "name", cret_options_value(options, "pin"), err) != CRET_OK ||
        cret_trust_edit_text(pin, "kind", cret_options_value(options, "kind"), err) != CRET_OK ||
        cret_trust_edit_text(pin, "subject", cret_options_value(options, "subject"), err) !=
            CRET_OK ||
        cret_trust_edit_text(pin, "issuer", cret_options_value(options, "issuer"), err) !=
            CRET_OK ||
        cret_trust_edit_text(pin, "notAfter", end, err) != CRET_OK ||
        put_flag(pin, options, "own", "own", err) != CRET_OK ||
        put_flag(pin, options, "weak-digests", "weakDigests", err) != CRET_OK) {
        return CRET_FAILED;
    }
    return put_flag(pin, options, "legacy", "legacy", err);
}

static enum cret_status insert_pin(struct cret_trust_edit *edit,
                                   const struct cret_trust_anchor *anchor, struct cret_err *err)
{
    json_t *scope = make_scope(edit), *list = json_object_get(scope, "foreign");
    if (scope == NULL) {
        return cret_err_usage(err, "a text option is not UTF-8, or memory is exhausted");
    }
    if (list == NULL) {
        list = json_array();
        if (json_object_set_new(scope, "foreign", list) != 0) {
            return cret_err_memory(err);
        }
    }
    json_t *pin = json_object();
    if (json_array_append_new(list, pin) != 0) {
        return cret_err_memory(err);
    }
    return cret_trust_edit_pins(scope, err) == CRET_OK ? fill_pin(pin, edit, anchor, err)
                                                       : CRET_FAILED;
}

/* The command that judges a file by the key or subject of this pin; nothing of a policy says `own`
 * on a command line. Subject and file are words of their own: neither is looked into for the other.
 */
static void put_command(struct cret_page *page, const struct cret_options *options)
{
    const char *key = cret_options_value(options, "key");
    const char *anchor = cret_options_value(options, "anchor");
    const char *subject = cret_options_value(options, "subject");
    const char *path = key != NULL ? key : anchor;
    if (path == NULL || (subject == NULL && cret_options_given(options, "own"))) {
        return;
    }
    char *name = cret_shell_word(subject != NULL ? subject : ""), *file = cret_shell_file(path);
    struct cret_buffer text = {0};
    if (subject != NULL) {
        cret_buffer_printf(&text, "cretula-verify check FILE --foreign-signer=%s --anchor %s",
                           name != NULL ? name : "", file != NULL ? file : "");
    } else {
        cret_buffer_printf(&text, "cretula-verify check FILE --foreign-key %s",
                           file != NULL ? file : "");
    }
    if (name == NULL || file == NULL) {
        cret_page_fail(page);
    } else {
        cret_page_row(page, "to try", "by this key or subject, without what else the pin asks");
        cret_page_command(page, "", cret_page_words(page, &text));
    }
    cret_buffer_free(&text);
    free(name);
    free(file);
}

static int print_dry(const struct cret_trust_edit *edit, const struct cret_trust_anchor *anchor)
{
    static const char *const rows[] = {"vendor", "pin", "kind", "subject", "issuer", "not-after"};
    const struct cret_options *options = edit->options;
    const size_t count = cret_options_count(options, "product");
    char hex[CRET_SHA256_HEX];
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_PLAIN, edit->path,
                      "would have this pin; nothing was written");
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (cret_options_given(options, rows[i])) {
            cret_page_text(page, rows[i], cret_options_value(options, rows[i]));
        }
    }
    for (size_t i = 0; i < count; i++) {
        cret_page_text(page, "product", cret_options_values(options, "product")[i]);
    }
    if (count == 0) {
        cret_page_text(page, "product", "every one of the vendor");
    }
    cret_hex_encode(hex, anchor->fingerprint, CRET_SHA256_BYTES);
    cret_page_row(page, "pinned by", "%s, SHA-256 %s", anchor->type, hex);
    if (cret_options_given(options, "own")) {
        cret_page_text(page, "counts", "whoever this authority certified");
    }
    if (cret_options_given(options, "weak-digests")) {
        cret_page_text(page, "counts", "MD5 and SHA-1 too");
    }
    if (cret_options_given(options, "legacy")) {
        cret_page_text(page, "counts", "older forms of the format too");
    }
    put_command(page, options);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static enum cret_status add_foreign(struct cret_trust_edit *edit, struct cret_err *err)
{
    struct cret_trust_anchor anchor = {.count = 0};
    enum cret_status status = CRET_FAILED;
    const struct cret_options *options = edit->options;
    const char *key = cret_options_value(options, "key");
    const char *path = cret_options_value(options, "anchor");
    if ((key == NULL) == (path == NULL)) {
        cret_err_usage(err, "whose key is pinned? --anchor or --key says it");
        return cret_err_hint(err, "--anchor for a certificate or a public key (PEM), --key for a "
                                  "key in the text form of its tool");
    }
    edit->dry = cret_options_given(options, "dry-run");
    if (read_anchor(&anchor, options, err) == CRET_OK &&
        cret_trust_anchor_confirm(&anchor, options, err) == CRET_OK &&
        insert_pin(edit, &anchor, err) == CRET_OK) {
        status = cret_trust_edit_write(edit, false, err);
    }
    if (status == CRET_OK && edit->dry) {
        edit->code = print_dry(edit, &anchor);
    }
    cret_trust_anchor_clear(&anchor);
    return status;
}

static int act(const struct cret_options *options)
{
    return cret_trust_edit_run(options, true, add_foreign, "pinned");
}

static const struct cret_option add_options[] = {
    CRET_OPTION("vendor", "TEXT", "Whose files these are.", .required = true),
    CRET_OPTION("product", "TEXT",
                "Product name, as --product of check says it. Default: every product of the "
                "vendor.",
                .repeatable = true),
    CRET_OPTION("pin", "NAME", "What the pin is called; verdict and record name it.",
                .required = true),
    CRET_OPTION("kind", "KIND", "The format of the signature.", .choices = cret_pin_kinds,
                .required = true),
    CRET_OPTION("anchor", "PEM",
                "The vendor's certificate (pinned), his public key, or the certificate of an "
                "authority; then --subject and --issuer, or --own.",
                .excludes = "key"),
    CRET_FLAG("pin-key", "Pin the key of that certificate, whatever certificate it has later.",
              .needs = "anchor"),
    CRET_OPTION("subject", "TEXT",
                "Below an authority: the subject of the vendor's certificate, as check prints it.",
                .needs = "anchor"),
    CRET_OPTION("issuer", "TEXT", "Below an authority: the issuer of that certificate.",
                .needs = "anchor"),
    CRET_FLAG("exactly",
              "This certificate alone, though it is an authority's, as of devices whose tools sign "
              "with a self-signed one.",
              .excludes = "subject issuer own pin-key", .needs = "anchor"),
    CRET_FLAG("own",
              "The authority issues for this vendor alone: whoever it certified counts. Never of "
              "a public one.",
              .excludes = "subject issuer", .needs = "anchor"),
    CRET_OPTION("key", "FILE",
                "In the place of --anchor: the key as minisign, signify or gpg --armor writes it."),
    CRET_FLAG("weak-digests", "MD5 and SHA-1 count for this vendor, and are named."),
    CRET_FLAG("legacy", "Older forms of the format count, and are named."),
    CRET_OPTION("not-after", "TIME", "From then on the pin counts for nothing."),
    CRET_OPTION(
        "fingerprint", "HEX",
        "SHA-256 of the certificate (with --pin-key or a public key: of the key; with --key: of "
        "the file), as obtained on another way than the file. Asked for on a terminal where it is "
        "not given."),
    CRET_FLAG("dry-run", "Say what would be pinned, and how to try it on a file; write nothing."),
    CRET_OPTION("added-by", "TEXT", "Who adds the pin. Default: the user's name."),
    CRET_OPTION("obtained", "TEXT", "How the fingerprint was obtained.", .required = true),
    CRET_OPTION_END,
};
static const struct cret_option_group pin_group = {"Pin", add_options};

const struct cret_verb cret_verb_trust_add_foreign = {
    .name = "add-foreign",
    .operands = "FILE",
    .summary = "Pin whose files in other formats count for a vendor",
    .help = "Pins stand in the scope of the vendor, which is made where there is none. What check "
            "prints of a file that nobody pinned (subject, issuer, key) is what such a pin "
            "names; compare it on another way than the download first.",
    .groups =
        CRET_GROUPS(&pin_group, &cret_trust_edit_group, &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify trust add-foreign trust.json --vendor \"Example Controls\" --pin \"setup "
        "programs\" --kind authenticode --anchor public-root.pem --subject \"CN=Example "
        "Controls,O=Example\" --issuer \"CN=Public Code Signing,O=Public\" --obtained \"phone "
        "call with the vendor's PSIRT\"",
        "cretula-verify trust add-foreign trust.json --vendor \"Example Controls\" --pin "
        "\"firmware\" --kind minisign --key vendor.pub --obtained \"printed in the manual\""),
    .run = act,
};
