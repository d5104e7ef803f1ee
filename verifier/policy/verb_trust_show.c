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
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const char *const demands[] = {[CRET_DEMAND_OFF] = "off",
                                      [CRET_DEMAND_PREFER] = "asked for, a warning where missing",
                                      [CRET_DEMAND_REQUIRE] = "required"};

/* Of what there may be many, so many rows are on the screen. */
enum { SCOPES_SHOWN = 8, NAMES_SHOWN = 4 };
/* A page of everything. */
#define ALL SIZE_MAX

/* "A, B and 3 more": names beyond `most` are counted. */
static void add_name(struct cret_buffer *line, size_t most, size_t index, size_t count,
                     const char *name)
{
    if (index < most) {
        cret_buffer_printf(line, "%s%s", index > 0 ? ", " : "", name);
    } else if (index + 1 == count) {
        cret_buffer_printf(line, " and %zu more", count - most);
    }
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
static void put_demands(struct cret_page *page, const struct cret_policy *policy, size_t most)
{
    struct cret_buffer line = {0};
    cret_page_row(page, "revocation", "%s (%zu %s in the policy)", demands[policy->revocation],
                  policy->crl_count, cret_plural(policy->crl_count, "list", "lists"));
    cret_page_row(page, "timestamps", "%s (%zu %s)", demands[policy->timestamp],
                  policy->authority_count,
                  cret_plural(policy->authority_count, "authority", "authorities"));
    cret_page_row(page, "post-quantum", "%s", demands[policy->post_quantum]);
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        add_name(&line, most, i, policy->algorithm_count, policy->algorithms[i]);
    }
    if (policy->algorithm_count == 0) {
        cret_buffer_printf(&line, "all of the profile");
    }
    if (policy->rsa_2048) {
        cret_buffer_printf(&line, ", and RSA keys of 2048 bits (rsa-2048)");
    }
    cret_page_buffer(page, "algorithms", &line);
}

/* What it softens: severities that it sets, checks that may be waived. */
static void put_soft(struct cret_page *page, const json_t *json, size_t most)
{
    const json_t *severities = json_object_get(json, "severities");
    const json_t *waivable = json_object_get(json, "waivable");
    struct cret_buffer line = {0};
    size_t place = 0;
    CRET_JSON_MEMBERS (check, value, severities) {
        struct cret_buffer one = {0};
        cret_buffer_printf(&one, "%s: %s", check, json_string_value(value));
        add_name(&line, most, place++, json_object_size(severities), one.failed ? check : one.data);
        cret_buffer_free(&one);
    }
    cret_page_buffer(page, "severities", &line);
    CRET_JSON_EACH_AT (index, value, waivable) {
        add_name(&line, most, index, json_array_size(waivable), json_string_value(value));
    }
    cret_page_buffer(page, "waivable", &line);
}

static void put_owners(struct cret_page *page, const struct cret_policy *policy, size_t most)
{
    struct cret_buffer line = {0};
    if (policy->owners.signer_count == 0) {
        cret_page_row(page, "owners", "none: this policy is replaced by hand");
        return;
    }
    cret_buffer_printf(&line, "%u of ", policy->owners.roles[0].threshold);
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        add_name(&line, most, i, policy->owners.signer_count, policy->owners.signers[i].name);
    }
    cret_buffer_printf(&line, " sign the next version");
    cret_page_buffer(page, "owners", &line);
}

static void add_products(struct cret_buffer *line, const struct cret_policy_scope *scope,
                         size_t most)
{
    for (size_t i = 0; i < scope->product_count; i++) {
        add_name(line, most, i, scope->product_count,
                 strcmp(scope->products[i], "*") == 0 ? "all products" : scope->products[i]);
    }
}

/* "1 of ACME CA, QA" */
static void add_role(struct cret_buffer *line, const struct cret_policy_scope *scope,
                     const struct cret_policy_role *role, size_t most)
{
    cret_buffer_printf(line, "%u of ", role->threshold);
    for (size_t i = 0; i < role->signer_count; i++) {
        add_name(line, most, i, role->signer_count, scope->signers[role->signers[i]].name);
    }
}

/* "ACME: EG-200, RTU-7: release 1 of ACME CA; quality 1 of QA; its files of other formats by ACME
 * (authenticode)" */
static void put_scope(struct cret_page *page, const struct cret_policy_scope *scope)
{
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s: ", scope->vendor);
    add_products(&line, scope, NAMES_SHOWN);
    for (size_t i = 0; i < scope->role_count; i++) {
        cret_buffer_printf(&line, "; %s ", scope->roles[i].name);
        add_role(&line, scope, &scope->roles[i], NAMES_SHOWN);
    }
    for (size_t i = 0; i < scope->floor_count; i++) {
        cret_buffer_printf(&line, "; no %s below sequence %" PRId64, scope->floors[i].product,
                           scope->floors[i].sequence);
    }
    for (size_t i = 0; i < scope->pin_count && i < NAMES_SHOWN; i++) {
        cret_buffer_printf(&line, "%s%s (%s)", i > 0 ? ", " : "; files of other formats by ",
                           scope->pins[i].name, scope->pins[i].kind);
    }
    if (scope->pin_count > NAMES_SHOWN) {
        cret_buffer_printf(&line, " and %zu more", scope->pin_count - NAMES_SHOWN);
    }
    cret_page_buffer(page, "vendor", &line);
}

static const char *const anchor_kinds[] = {[CRET_ANCHOR_CA] = "any signer below this CA",
                                           [CRET_ANCHOR_CERTIFICATE] = "exactly this certificate",
                                           [CRET_ANCHOR_KEY] = "exactly this key"};

static void put_anchor(struct cret_page *page, const struct cret_anchor *anchor)
{
    const struct cret_certificate *certificate = anchor->certificate;
    char hex[CRET_SHA256_HEX], until[32];
    if (certificate != NULL) {
        cret_time_words(until, cret_certificate_not_after(certificate));
        cret_hex_encode(hex, cret_certificate_digest(certificate), CRET_SHA256_BYTES);
        cret_page_text(page, "certificate", cret_certificate_subject(certificate));
        cret_page_row(page, "valid until", "%s%s", until,
                      anchor->kind == CRET_ANCHOR_CA ? "" : "; pinned: that day does not count");
        cret_page_text(page, "algorithm", cret_certificate_key_algorithm(certificate));
        cret_page_text(page, "fingerprint", hex);
    }
    cret_hex_encode(hex, anchor->key_digest, CRET_SHA256_BYTES);
    cret_page_text(page, "key SHA-256", hex);
    if (anchor->not_after.given) {
        cret_time_words(until, anchor->not_after.value);
        cret_page_text(page, "trust ends", until);
    }
}

static void put_added(struct cret_page *page, const json_t *json)
{
    const char *by = cret_json_string(json, "added.by");
    if (by != NULL) {
        const char *at = cret_json_string(json, "added.at");
        const char *how = cret_json_string(json, "added.how");
        cret_page_row(page, "added", "by %s at %s (%s)", by, at != NULL ? at : "?",
                      how != NULL ? how : "how: not said");
    }
}

static void put_signer(struct cret_page *page, const struct cret_policy_signer *signer,
                       const json_t *json)
{
    cret_page_row(page, "signer", "%s: %s", signer->name, anchor_kinds[signer->anchor.kind]);
    put_anchor(page, &signer->anchor);
    put_added(page, json);
}

/* Whose signatures in another format count. */
static void put_pin(struct cret_page *page, const struct cret_foreign_pin *pin, const json_t *json)
{
    const char *who = "exactly this key";
    if (pin->has_anchor) {
        who = pin->subject != NULL ? "the signer of this name below this CA"
                                   : anchor_kinds[pin->anchor.kind];
    }
    cret_page_row(page, "foreign", "%s (%s): %s", pin->name, pin->kind, who);
    if (pin->has_anchor) {
        put_anchor(page, &pin->anchor);
    } else {
        cret_page_text(page, "key", pin->key);
    }
    if (pin->subject != NULL && pin->issuer != NULL) {
        cret_page_text(page, "subject", pin->subject);
        cret_page_text(page, "issuer", pin->issuer);
    }
    if (pin->weak_digests) {
        cret_page_text(page, "weak digests", "count, and are named");
    }
    if (pin->legacy) {
        cret_page_text(page, "legacy", "old forms of the format count, and are named");
    }
    put_added(page, json);
}

/* A scope as a section: roles, floors, and every signer with his certificate. */
static void put_whole_scope(struct cret_page *page, const struct cret_policy_scope *scope,
                            const json_t *json)
{
    const json_t *signers = json_object_get(json, "signers");
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "Vendor %s", scope->vendor);
    cret_page_section(page, "%s", cret_page_words(page, &line));
    cret_buffer_free(&line);
    add_products(&line, scope, ALL);
    cret_page_buffer(page, "products", &line);
    for (size_t i = 0; i < scope->role_count; i++) {
        cret_buffer_printf(&line, "%s, ", scope->roles[i].name);
        add_role(&line, scope, &scope->roles[i], ALL);
        cret_page_buffer(page, "role", &line);
    }
    for (size_t i = 0; i < scope->floor_count; i++) {
        cret_page_row(page, "floor", "%s: no release below sequence %" PRId64,
                      scope->floors[i].product, scope->floors[i].sequence);
    }
    for (size_t i = 0; i < scope->signer_count; i++) {
        put_signer(page, &scope->signers[i], json_array_get(signers, i));
    }
    for (size_t i = 0; i < scope->pin_count; i++) {
        put_pin(page, &scope->pins[i], json_array_get(json_object_get(json, "foreign"), i));
    }
}

/* Every signer with his certificate: the owners, then scope by scope. */
static void put_people(struct cret_page *page, const struct cret_policy *policy, const json_t *json)
{
    const json_t *owners = json_object_get(json_object_get(json, "owners"), "signers");
    if (policy->owners.signer_count > 0) {
        cret_page_section(page, "Owners");
    }
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        put_signer(page, &policy->owners.signers[i], json_array_get(owners, i));
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        put_whole_scope(page, &policy->scopes[i],
                        json_array_get(json_object_get(json, "scopes"), i));
    }
}

static void put_title(struct cret_page *page, const char *path, const struct cret_policy *policy)
{
    char hex[CRET_SHA256_HEX], issued[32];
    cret_hex_encode(hex, policy->digest, CRET_SHA256_BYTES);
    cret_time_format(issued, policy->issued);
    cret_page_verdict(page, CRET_TONE_PLAIN, "trust policy",
                      "%s, version %" PRId64 ", issued %s (%s)", policy->name, policy->version,
                      issued, path);
    cret_page_row(page, "SHA-256", "%s", hex);
}

static int show(const struct cret_options *options, const struct cret_policy *policy,
                const json_t *json)
{
    const bool whole = cret_options_given(options, "verbose");
    const size_t most = whole ? ALL : NAMES_SHOWN;
    struct cret_page *page = cret_page_new();
    put_title(page, cret_options_operand(options, 0), policy);
    put_dates(page, policy);
    put_owners(page, policy, most);
    put_demands(page, policy, most);
    put_soft(page, json, most);
    if (whole) {
        put_people(page, policy, json);
        return cret_print_last(options, &page, CRET_EXIT_DONE);
    }
    for (size_t i = 0; i < policy->scope_count && i < SCOPES_SHOWN; i++) {
        put_scope(page, &policy->scopes[i]);
    }
    if (policy->scope_count > SCOPES_SHOWN) {
        cret_page_row(page, "", "and %zu more", policy->scope_count - SCOPES_SHOWN);
    }
    cret_page_row(page, "more", "--verbose: certificates, fingerprints, who added them and how");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    if (cret_trust_edit_read(&json, &policy, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = cret_options_given(options, "json")
                         ? cret_print_json(options, json_incref(json), CRET_EXIT_DONE)
                         : show(options, policy, json);
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
