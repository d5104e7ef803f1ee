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

/* Lists, demands and owners: what the policy says besides its scopes. */
static void show_rules(const struct cret_policy *policy, const json_t *json)
{
    static const char *const demands[] = {[CRET_DEMAND_OFF] = "off",
                                          [CRET_DEMAND_PREFER] =
                                              "asked for, a warning where missing",
                                          [CRET_DEMAND_REQUIRE] = "required"};
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

static int act(const struct cret_options *options)
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
        code = cret_print_json(options, json_incref(json), code);
    } else {
        show_policy(path, policy, json);
    }
    cret_policy_free(&policy);
    json_decref(json);
    return code;
}

const struct cret_verb cret_verb_trust_show = {
    .name = "show",
    .operands = "FILE",
    .summary = "Show a trust policy: who may sign what",
    .groups = CRET_GROUPS(&cret_example_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify trust show trust.json"),
    .run = act,
};
