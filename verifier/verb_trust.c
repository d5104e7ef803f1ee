/* SPDX-License-Identifier: Apache-2.0 */
/* trust init, add-signer, show, lint. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/text.h"
#include "verifier/report.h"
#include "verifier/trust_file.h"
#include "verifier/verbs.h"

static const struct cret_option init_options[] = {
    {.name = "name", .argument = "TEXT", .required = true, .help = "Name of the policy."},
    {.name = "review-by", .argument = "TIME", .help = "From when on a review is due."},
    {.name = "expires", .argument = "TIME", .help = "From when on the policy is not used any more."},
    {.name = NULL},
};
const struct cret_option_group cret_trust_init_group = {"Policy", init_options};

static const char *const roles[] = {"release", "quality", "owner", NULL};
static const struct cret_option add_options[] = {
    {.name = "vendor", .argument = "TEXT", .required = true,
     .help = "Whose products this signer may vouch for, as the manifest spells it."},
    {.name = "product", .argument = "TEXT", .repeatable = true,
     .help = "Product name, as the manifest spells it. Default: every product of the vendor."},
    {.name = "signer", .argument = "NAME", .required = true,
     .help = "Name of the person or system that signs."},
    {.name = "role", .argument = "ROLE", .required = true, .choices = roles,
     .help = "release, quality or owner."},
    {.name = "anchor", .argument = "PEM", .required = true,
     .help = "Its certificate: a CA below which it signs, or its own one (pinned)."},
    {.name = "fingerprint", .argument = "HEX",
     .help = "SHA-256 of the certificate, as obtained on another way than the file. Asked for on a "
             "terminal where it is not given."},
    {.name = "threshold", .argument = "N",
     .help = "How many signers of the role must have signed. Default: as it is, or 1."},
    {.name = "added-by", .argument = "TEXT", .help = "Who adds it. Default: the user's name."},
    {.name = "obtained", .argument = "TEXT", .required = true,
     .help = "How the fingerprint was obtained, for example: phone call with the vendor's PSIRT."},
    {.name = "allow-example-keys", .help = "Let a published example key in. For trying out only."},
    {.name = NULL},
};
const struct cret_option_group cret_trust_add_signer_group = {"Signer", add_options};

static const struct cret_option read_options[] = {
    {.name = "json", .help = "Print JSON."},
    {.name = "allow-example-keys", .help = "Do not complain about published example keys."},
    {.name = NULL},
};
const struct cret_option_group cret_trust_read_group = {"Output", read_options};

static int set_time(json_t *json, const char *key, int64_t seconds)
{
    char text[32];
    cret_time_format(text, seconds);
    return json_object_set_new(json, key, json_string(text));
}

static enum cret_status set_optional_time(json_t *json, const char *key,
                                          const struct cret_options *options, const char *option,
                                          struct cret_err *err)
{
    const char *text = cret_options_value(options, option);
    int64_t seconds = 0;
    if (text == NULL) {
        return CRET_OK;
    }
    if (cret_time_parse(&seconds, text) != CRET_OK) {
        (void)cret_err_usage(err, "--%s: not a time: %s", option, text);
        return cret_err_expected(err, "RFC 3339 in UTC, for example 2031-05-04T12:00:00Z");
    }
    return set_time(json, key, seconds) == 0 ? CRET_OK : cret_err_memory(err);
}

int cret_verb_trust_init(const struct cret_options *options)
{
    struct cret_err err;
    cret_err_clear(&err);
    const int64_t now = cret_os_now();
    json_t *json = json_pack("{s:s, s:s, s:i, s:[]}", "cretula", "trust/1", "name",
                             cret_options_value(options, "name"), "version", 1, "scopes");
    int code = 0;
    if (json == NULL || set_time(json, "issued", now) != 0) {
        (void)cret_err_usage(&err, "--name: not UTF-8 text");
        code = cret_verb_fail(options, &err);
    } else if (set_optional_time(json, "reviewBy", options, "review-by", &err) != CRET_OK ||
               set_optional_time(json, "expires", options, "expires", &err) != CRET_OK ||
               cret_trust_file_write(cret_options_operand(options, 0), json, now, false, true, true,
                                     &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        (void)printf("%s: a policy without signers, version 1\nnext: cretula-verify trust "
                     "add-signer %s --vendor ... --signer ... --role release --anchor ...\n",
                     cret_options_operand(options, 0), cret_options_operand(options, 0));
    }
    json_decref(json);
    return code;
}

/* "AB:CD:..." and "abcd..." are the same fingerprint. */
static enum cret_status parse_fingerprint(uint8_t ret_digest[CRET_SHA256_BYTES], const char *text)
{
    char hex[CRET_SHA256_HEX];
    size_t size = 0;
    for (; *text != '\0' && *text != '\n'; text++) {
        if (*text == ':' || *text == ' ') {
            continue;
        }
        if (size == sizeof(hex) - 1) {
            return CRET_FAILED;
        }
        hex[size++] = (char)tolower((unsigned char)*text);
    }
    hex[size] = '\0';
    return cret_hex_decode(ret_digest, CRET_SHA256_BYTES, hex);
}

/* A person must bring the fingerprint along: a certificate that vouches for itself is none. */
static enum cret_status confirm_fingerprint(const struct cret_options *options,
                                            const struct cret_certificate *certificate,
                                            struct cret_err *err)
{
    char line[256] = "";
    const char *text = cret_options_value(options, "fingerprint");
    if (text == NULL) {
        if (!cret_os_is_terminal(0)) {
            return cret_err_usage(err, "--fingerprint is needed where nobody can be asked");
        }
        (void)printf("Type the SHA-256 fingerprint of the certificate as the vendor told you: ");
        (void)fflush(stdout);
        if (fgets(line, (int)sizeof(line), stdin) == NULL) {
            return cret_err_usage(err, "no fingerprint was typed");
        }
        text = line;
    }
    uint8_t digest[CRET_SHA256_BYTES];
    if (parse_fingerprint(digest, text) != CRET_OK) {
        (void)cret_err_usage(err, "not a fingerprint: %s", text);
        return cret_err_expected(err, "64 hex digits, colons allowed");
    }
    if (memcmp(digest, cret_certificate_digest(certificate), CRET_SHA256_BYTES) != 0) {
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
        (void)cret_err_refuse(err, CRET_CHECK_CERTIFICATE_PATH,
                              "this is not the certificate with that fingerprint");
        (void)cret_err_expected(err, "%s", hex);
        cret_hex_encode(hex, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
        (void)cret_err_actual(err, "%s", hex);
        return cret_err_hint(err, "do not use the file; ask the vendor for its certificate again");
    }
    return CRET_OK;
}

static bool same_products(const json_t *scope, const char *const *products, size_t count)
{
    const json_t *list = json_object_get(scope, "products");
    if (count == 0) {
        return json_array_size(list) == 1 &&
               strcmp(json_string_value(json_array_get(list, 0)), "*") == 0;
    }
    bool same = json_array_size(list) == count;
    for (size_t i = 0; same && i < count; i++) {
        same = strcmp(json_string_value(json_array_get(list, i)), products[i]) == 0;
    }
    return same;
}

/* The scope for exactly this vendor and these products; made where there is none. Borrowed. */
static json_t *find_scope(json_t *policy, const struct cret_options *options)
{
    const char *vendor = cret_options_value(options, "vendor");
    const char *const *products = cret_options_values(options, "product");
    const size_t count = cret_options_count(options, "product");
    json_t *scopes = json_object_get(policy, "scopes");
    size_t index;
    json_t *scope;
    json_array_foreach (scopes, index, scope) {
        if (strcmp(cret_json_string(scope, "vendor"), vendor) == 0 &&
            same_products(scope, products, count)) {
            return scope;
        }
    }
    scope = json_pack("{s:s, s:[], s:[], s:[]}", "vendor", vendor, "products", "signers", "roles");
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
    return json_array_append_new(scopes, scope) == 0 ? scope : NULL;
}

static json_t *find_role(json_t *scope, const char *name)
{
    json_t *list = json_object_get(scope, "roles");
    size_t index;
    json_t *role;
    json_array_foreach (list, index, role) {
        if (strcmp(cret_json_string(role, "role"), name) == 0) {
            return role;
        }
    }
    role = json_pack("{s:s, s:[], s:i}", "role", name, "signers", "threshold", 1);
    return role != NULL && json_array_append_new(list, role) == 0 ? role : NULL;
}

static json_t *make_signer(const struct cret_options *options,
                           const struct cret_certificate *certificate, const char *pem,
                           int64_t now)
{
    char user[256], hex[CRET_SHA256_HEX], at[32];
    cret_os_user_name(user, sizeof(user));
    cret_hex_encode(hex, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
    cret_time_format(at, now);
    const char *by = cret_options_value(options, "added-by");
    return json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "name",
                     cret_options_value(options, "signer"), "anchor", "type",
                     cret_certificate_is_ca(certificate) ? "ca" : "certificate", "pem", pem, "added",
                     "by", by != NULL ? by : user, "at", at, "how",
                     cret_options_value(options, "obtained"), "fingerprint", hex);
}

static enum cret_status insert_signer(json_t *policy, const struct cret_options *options,
                                      const struct cret_certificate *certificate, const char *pem,
                                      int64_t now, struct cret_err *err)
{
    json_t *scope = find_scope(policy, options);
    json_t *role = scope != NULL ? find_role(scope, cret_options_value(options, "role")) : NULL;
    json_t *signer = make_signer(options, certificate, pem, now);
    int64_t threshold = 0;
    if (role == NULL || signer == NULL) {
        json_decref(signer);
        return cret_err_usage(err, "a text option is not UTF-8, or memory is exhausted");
    }
    if (json_array_append_new(json_object_get(scope, "signers"), signer) != 0 ||
        json_array_append_new(json_object_get(role, "signers"),
                              json_string(cret_options_value(options, "signer"))) != 0) {
        return cret_err_memory(err);
    }
    if (cret_options_number(&threshold, options, "threshold", 0, 100, -1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const int64_t version = cret_json_integer(policy, "version", 0);
    if ((threshold >= 0 &&
         json_object_set_new(role, "threshold", json_integer(threshold)) != 0) ||
        json_object_set_new(policy, "version", json_integer(version + 1)) != 0 ||
        set_time(policy, "issued", now) != 0) {
        return cret_err_memory(err);
    }
    return CRET_OK;
}

static enum cret_status add_signer(const struct cret_options *options, struct cret_err *err)
{
    const char *path = cret_options_operand(options, 0);
    const char *anchor = cret_options_value(options, "anchor");
    const bool allow = cret_options_given(options, "allow-example-keys");
    const int64_t now = cret_os_now();
    enum cret_status status = CRET_FAILED;
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    struct cret_certificate **certificates = NULL;
    size_t count = 0, size = 0;
    char *pem = NULL;
    if (cret_trust_file_read(&json, &policy, path, now, allow, true, err) != CRET_OK ||
        cret_file_read(&pem, &size, anchor, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK ||
        cret_certificates_from_pem(&certificates, &count, pem, size, anchor, err) != CRET_OK) {
        goto out;
    }
    if (count != 1) {
        (void)cret_err_usage(err, "%s holds %zu certificates; a signer has one anchor", anchor,
                             count);
        goto out;
    }
    if (confirm_fingerprint(options, certificates[0], err) != CRET_OK ||
        insert_signer(json, options, certificates[0], pem, now, err) != CRET_OK ||
        cret_trust_file_write(path, json, now, allow, false, false, err) != CRET_OK) {
        goto out;
    }
    status = CRET_OK;
out:
    cret_certificates_free(&certificates, count);
    cret_policy_free(&policy);
    json_decref(json);
    free(pem);
    return status;
}

int cret_verb_trust_add_signer(const struct cret_options *options)
{
    struct cret_err err;
    cret_err_clear(&err);
    if (add_signer(options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    (void)printf("%s: added; the policy's version rose\nnext: cretula-verify trust show %s\n",
                 cret_options_operand(options, 0), cret_options_operand(options, 0));
    return 0;
}

static void show_signer(const struct cret_policy_signer *signer, const json_t *json)
{
    static const char *const kinds[] = {[CRET_ANCHOR_CA] = "any signer below this CA",
                                        [CRET_ANCHOR_CERTIFICATE] = "exactly this certificate",
                                        [CRET_ANCHOR_KEY] = "exactly this key"};
    char hex[CRET_SHA256_HEX], until[32];
    (void)printf("    signer %s: %s\n", signer->name, kinds[signer->anchor.kind]);
    if (signer->anchor.certificate != NULL) {
        const struct cret_certificate *certificate = signer->anchor.certificate;
        cret_time_format(until, cret_certificate_not_after(certificate));
        cret_hex_encode(hex, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
        (void)printf("      certificate  %s\n      valid until  %s\n      algorithm    %s\n"
                     "      fingerprint  %s\n",
                     cret_certificate_subject(certificate), until,
                     cret_certificate_key_algorithm(certificate), hex);
    }
    cret_hex_encode(hex, signer->anchor.key_digest, CRET_SHA256_BYTES);
    (void)printf("      key SHA-256  %s\n", hex);
    const char *by = cret_json_string(json, "added.by");
    if (by != NULL) {
        const char *at = cret_json_string(json, "added.at");
        const char *how = cret_json_string(json, "added.how");
        (void)printf("      added        by %s at %s (%s)\n", by, at != NULL ? at : "?",
                     how != NULL ? how : "how: not said");
    }
}

static void show_scope(const struct cret_policy_scope *scope, const json_t *json)
{
    (void)printf("\n  vendor %s, products", scope->vendor);
    for (size_t i = 0; i < scope->product_count; i++) {
        (void)printf("%s %s", i > 0 ? "," : "",
                     strcmp(scope->products[i], "*") == 0 ? "(all)" : scope->products[i]);
    }
    (void)putchar('\n');
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        (void)printf("    role %s: %u of", role->name, role->threshold);
        for (size_t j = 0; j < role->signer_count; j++) {
            (void)printf("%s %s", j > 0 ? "," : "", scope->signers[role->signers[j]].name);
        }
        (void)putchar('\n');
    }
    const json_t *signers = json_object_get(json, "signers");
    for (size_t i = 0; i < scope->signer_count; i++) {
        show_signer(&scope->signers[i], json_array_get(signers, i));
    }
}

static void show_policy(const char *path, const struct cret_policy *policy, const json_t *json)
{
    char hex[CRET_SHA256_HEX], time[32];
    cret_hex_encode(hex, policy->digest, CRET_SHA256_BYTES);
    cret_time_format(time, policy->issued);
    (void)printf("%s: %s, version %" PRId64 ", issued %s\n  SHA-256 %s\n", path, policy->name,
                 policy->version, time, hex);
    if (policy->review_by != 0) {
        cret_time_format(time, policy->review_by);
        (void)printf("  review by %s\n", time);
    }
    if (policy->expires != 0) {
        cret_time_format(time, policy->expires);
        (void)printf("  expires %s\n", time);
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        show_scope(&policy->scopes[i], json_array_get(json_object_get(json, "scopes"), i));
    }
}

static int read_policy(const struct cret_options *options, bool show)
{
    struct cret_err err;
    cret_err_clear(&err);
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    const char *path = cret_options_operand(options, 0);
    if (cret_trust_file_read(&json, &policy, path, cret_os_now(),
                             cret_options_given(options, "allow-example-keys"), false,
                             &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    int code = 0;
    if (cret_options_given(options, "json")) {
        if (cret_report_json(stdout, json, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
    } else if (show) {
        show_policy(path, policy, json);
    } else {
        (void)printf("%s: sound\n", path);
    }
    cret_policy_free(&policy);
    json_decref(json);
    return cret_report_flush(code);
}

int cret_verb_trust_show(const struct cret_options *options)
{
    return read_policy(options, true);
}

int cret_verb_trust_lint(const struct cret_options *options)
{
    return read_policy(options, false);
}
