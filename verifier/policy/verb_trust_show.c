/* SPDX-License-Identifier: Apache-2.0 */
/* trust show: who may sign what. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/run/trust_file.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static void show_signer(const struct cret_policy_signer *signer, const json_t *json)
{
    static const char *const kinds[] = {[CRET_ANCHOR_CA] = "any signer below this CA",
                                        [CRET_ANCHOR_CERTIFICATE] = "exactly this certificate",
                                        [CRET_ANCHOR_KEY] = "exactly this key"};
    char hex[CRET_SHA256_HEX], until[32];
    printf("    signer %s: %s\n", signer->name, kinds[signer->anchor.kind]);
    if (signer->anchor.certificate != NULL) {
        const struct cret_certificate *certificate = signer->anchor.certificate;
        cret_time_words(until, cret_certificate_not_after(certificate));
        cret_hex_encode(hex, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
        printf("      certificate  %s\n      valid until  %s\n      algorithm    %s\n"
               "      fingerprint  %s\n",
               cret_certificate_subject(certificate), until,
               cret_certificate_key_algorithm(certificate), hex);
    }
    cret_hex_encode(hex, signer->anchor.key_digest, CRET_SHA256_BYTES);
    printf("      key SHA-256  %s\n", hex);
    const char *by = cret_json_string(json, "added.by");
    if (by != NULL) {
        const char *at = cret_json_string(json, "added.at");
        const char *how = cret_json_string(json, "added.how");
        printf("      added        by %s at %s (%s)\n", by, at != NULL ? at : "?",
               how != NULL ? how : "how: not said");
    }
}

static void show_scope(const struct cret_policy_scope *scope, const json_t *json)
{
    printf("\n  vendor %s, products", scope->vendor);
    for (size_t i = 0; i < scope->product_count; i++) {
        printf("%s %s", i > 0 ? "," : "",
               strcmp(scope->products[i], "*") == 0 ? "(all)" : scope->products[i]);
    }
    putchar('\n');
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        printf("    role %s: %u of", role->name, role->threshold);
        for (size_t j = 0; j < role->signer_count; j++) {
            printf("%s %s", j > 0 ? "," : "", scope->signers[role->signers[j]].name);
        }
        putchar('\n');
    }
    const json_t *signers = json_object_get(json, "signers");
    for (size_t i = 0; i < scope->signer_count; i++) {
        show_signer(&scope->signers[i], json_array_get(signers, i));
    }
    for (size_t i = 0; i < scope->floor_count; i++) {
        printf("    %s: no release below sequence %" PRId64 "\n", scope->floors[i].product,
               scope->floors[i].sequence);
    }
}

static const char *const demands[] = {[CRET_DEMAND_OFF] = "off",
                                      [CRET_DEMAND_PREFER] = "asked for, a warning where missing",
                                      [CRET_DEMAND_REQUIRE] = "required"};

/* Lists, demands and owners: what the policy says besides its scopes. */
static void show_rules(const struct cret_policy *policy, const json_t *json)
{
    printf("  revocation lists: %s (%zu in the policy)\n  timestamps: %s (%zu authorities)\n"
           "  post-quantum signatures: %s\n  algorithms:",
           demands[policy->revocation], policy->crl_count, demands[policy->timestamp],
           policy->authority_count, demands[policy->post_quantum]);
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        printf("%s %s", i > 0 ? "," : "", policy->algorithms[i]);
    }
    printf("%s%s\n", policy->algorithm_count == 0 ? " all of the profile" : "",
           policy->rsa_2048 ? ", and RSA keys of 2048 bits (rsa-2048)" : "");
    size_t index;
    json_t *waivable;
    json_array_foreach(json_object_get(json, "waivable"), index, waivable)
    {
        printf("  %s: can be waived\n", json_string_value(waivable));
    }
    const char *check;
    json_t *severity;
    json_object_foreach(json_object_get(json, "severities"), check, severity)
    {
        printf("  %s: %s\n", check, json_string_value(severity));
    }
}

static void show_owners(const struct cret_policy *policy, const json_t *json)
{
    const json_t *signers = json_object_get(json_object_get(json, "owners"), "signers");
    if (policy->owners.signer_count == 0) {
        puts("\n  no owners: this policy is replaced by hand");
        return;
    }
    printf("\n  owners: %u of", policy->owners.roles[0].threshold);
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        printf("%s %s", i > 0 ? "," : "", policy->owners.signers[i].name);
    }
    puts(" sign the next version");
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        show_signer(&policy->owners.signers[i], json_array_get(signers, i));
    }
}

static void show_policy(const char *path, const struct cret_policy *policy, const json_t *json)
{
    char hex[CRET_SHA256_HEX], time[32];
    cret_hex_encode(hex, policy->digest, CRET_SHA256_BYTES);
    cret_time_format(time, policy->issued);
    printf("%s: %s, version %" PRId64 ", issued %s\n  SHA-256 %s\n", path, policy->name,
           policy->version, time, hex);
    if (policy->review_by.given) {
        cret_time_format(time, policy->review_by.value);
        printf("  review by %s\n", time);
    }
    if (policy->expires.given) {
        cret_time_format(time, policy->expires.value);
        printf("  expires %s\n", time);
    }
    show_rules(policy, json);
    show_owners(policy, json);
    for (size_t i = 0; i < policy->scope_count; i++) {
        show_scope(&policy->scopes[i], json_array_get(json_object_get(json, "scopes"), i));
    }
}

/* Of what there may be many, so many rows are on the screen. */
enum { SCOPES_SHOWN = 8, NAMES_SHOWN = 4 };

/* "A, B and 3 more" */
static void add_name(struct cret_buffer *line, size_t index, size_t count, const char *name)
{
    if (index < NAMES_SHOWN) {
        cret_buffer_printf(line, "%s%s", index > 0 ? ", " : "", name);
    } else if (index + 1 == count) {
        cret_buffer_printf(line, " and %zu more", count - NAMES_SHOWN);
    }
}

static void put_row(struct cret_page *page, const char *label, struct cret_buffer *line)
{
    cret_page_row(page, label, "%s",
                  line->failed         ? "(out of memory)"
                  : line->data != NULL ? line->data
                                       : "");
    cret_buffer_free(line);
}

static void put_dates(struct cret_page *page, const struct cret_policy *policy)
{
    char review[32], expires[32];
    cret_time_format(review, policy->review_by.value);
    cret_time_format(expires, policy->expires.value);
    cret_page_row(page, "review by", "%s", policy->review_by.given ? review : "");
    cret_page_row(page, "expires", "%s", policy->expires.given ? expires : "");
}

/* What it asks of every signature. */
static void put_demands(struct cret_page *page, const struct cret_policy *policy)
{
    struct cret_buffer line = {0};
    cret_page_row(page, "revocation", "%s (%zu lists in the policy)", demands[policy->revocation],
                  policy->crl_count);
    cret_page_row(page, "timestamps", "%s (%zu authorities)", demands[policy->timestamp],
                  policy->authority_count);
    cret_page_row(page, "post-quantum", "%s", demands[policy->post_quantum]);
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        add_name(&line, i, policy->algorithm_count, policy->algorithms[i]);
    }
    if (policy->algorithm_count == 0) {
        cret_buffer_printf(&line, "all of the profile");
    }
    if (policy->rsa_2048) {
        cret_buffer_printf(&line, ", and RSA keys of 2048 bits (rsa-2048)");
    }
    put_row(page, "algorithms", &line);
}

/* What it softens: severities that it sets, checks that may be waived. */
static void put_soft(struct cret_page *page, const json_t *json)
{
    const json_t *severities = json_object_get(json, "severities");
    const json_t *waivable = json_object_get(json, "waivable");
    struct cret_buffer line = {0};
    const char *check;
    json_t *value;
    size_t index = 0;
    json_object_foreach((json_t *)(uintptr_t)severities, check, value)
    {
        struct cret_buffer one = {0};
        cret_buffer_printf(&one, "%s: %s", check, json_string_value(value));
        add_name(&line, index++, json_object_size(severities), one.failed ? check : one.data);
        cret_buffer_free(&one);
    }
    put_row(page, "severities", &line);
    json_array_foreach(waivable, index, value)
    {
        add_name(&line, index, json_array_size(waivable), json_string_value(value));
    }
    put_row(page, "waivable", &line);
}

static void put_owners(struct cret_page *page, const struct cret_policy *policy)
{
    struct cret_buffer line = {0};
    if (policy->owners.signer_count == 0) {
        cret_page_row(page, "owners", "none: this policy is replaced by hand");
        return;
    }
    cret_buffer_printf(&line, "%u of ", policy->owners.roles[0].threshold);
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        add_name(&line, i, policy->owners.signer_count, policy->owners.signers[i].name);
    }
    cret_buffer_printf(&line, " sign the next version");
    put_row(page, "owners", &line);
}

/* "ACME: EG-200, RTU-7: release 1 of ACME CA; quality 1 of QA" */
static void put_scope(struct cret_page *page, const struct cret_policy_scope *scope)
{
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s: ", scope->vendor);
    for (size_t i = 0; i < scope->product_count; i++) {
        add_name(&line, i, scope->product_count,
                 strcmp(scope->products[i], "*") == 0 ? "all products" : scope->products[i]);
    }
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        cret_buffer_printf(&line, "; %s %u of ", role->name, role->threshold);
        for (size_t j = 0; j < role->signer_count; j++) {
            add_name(&line, j, role->signer_count, scope->signers[role->signers[j]].name);
        }
    }
    for (size_t i = 0; i < scope->floor_count; i++) {
        cret_buffer_printf(&line, "; no %s below sequence %" PRId64, scope->floors[i].product,
                           scope->floors[i].sequence);
    }
    put_row(page, "vendor", &line);
}

static void put_policy(struct cret_page *page, const char *path, const struct cret_policy *policy,
                       const json_t *json)
{
    char hex[CRET_SHA256_HEX], issued[32];
    struct cret_buffer title = {0};
    cret_hex_encode(hex, policy->digest, CRET_SHA256_BYTES);
    cret_time_format(issued, policy->issued);
    cret_buffer_printf(&title, "%s, version %" PRId64 ", issued %s (%s)", policy->name,
                       policy->version, issued, path);
    cret_page_verdict(page, CRET_TONE_PLAIN, "trust policy",
                      title.failed ? "(out of memory)" : title.data);
    cret_buffer_free(&title);
    cret_page_row(page, "SHA-256", "%s", hex);
    put_dates(page, policy);
    put_owners(page, policy);
    put_demands(page, policy);
    put_soft(page, json);
    for (size_t i = 0; i < policy->scope_count && i < SCOPES_SHOWN; i++) {
        put_scope(page, &policy->scopes[i]);
    }
    if (policy->scope_count > SCOPES_SHOWN) {
        cret_page_row(page, "", "and %zu more", policy->scope_count - SCOPES_SHOWN);
    }
    cret_page_row(page, "more", "--verbose: certificates, fingerprints, who added them and how");
}

static enum cret_status show_screen(const char *path, const struct cret_policy *policy,
                                    const json_t *json, struct cret_err *err)
{
    struct cret_page *page = cret_page_new();
    put_policy(page, path, policy, json);
    const enum cret_status status =
        cret_page_failed(page) ? cret_err_memory(err) : cret_print_page(stdout, page, err);
    cret_page_free(&page);
    return status;
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
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
        code = cret_print_json(options, json_incref(json), code);
    } else if (cret_options_given(options, "verbose")) {
        show_policy(path, policy, json);
    } else if (show_screen(path, policy, json, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
    cret_policy_free(&policy);
    json_decref(json);
    return code;
}

const struct cret_verb cret_verb_trust_show = {
    .name = "show",
    .operands = "FILE",
    .summary = "Show a trust policy: who may sign what",
    .help = "One screen; --verbose says everything.",
    .groups =
        CRET_GROUPS(&cret_example_group, &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify trust show trust.json",
                              "cretula-verify trust show trust.json --verbose"),
    .run = act,
};
