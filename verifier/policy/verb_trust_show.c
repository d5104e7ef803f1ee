/* SPDX-License-Identifier: Apache-2.0 */
/* trust show, lint. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/report.h"
#include "verifier/run/trust_file.h"
#include "verifier/verbs/verbs.h"

enum { DAY = 86400, EXPIRY_DAYS = 90 };

static const struct cret_option read_options[] = {
    {.name = "json", .help = "Print JSON."},
    {.name = "allow-example-keys", .help = "Do not complain about published example keys."},
    {.name = NULL},
};
const struct cret_option_group cret_trust_read_group = {"Output", read_options};

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

/* What is allowed, and still hardly meant. Each is one line, said to the list. */
static void find_warnings(const struct cret_policy *policy, int64_t now, json_t *warnings)
{
    char end[32];
    json_t *text = NULL;
    if (policy->owners.signer_count == 0) {
        text = json_string("no owners: stations cannot take the next version by trust update");
    } else if (policy->owners.roles[0].threshold == 1) {
        text = json_string("one owner alone can change this policy (owners threshold 1)");
    } else if (policy->owners.roles[0].threshold == policy->owners.signer_count) {
        text = json_string("every owner must sign: were one key lost, nobody could change this "
                           "policy any more");
    }
    json_array_append_new(warnings, text); /* NULL is not appended */
    if (!policy->expires.given) {
        json_array_append_new(warnings, json_string("no end: it holds until it is replaced"));
    } else if (policy->expires.value - now < (int64_t)EXPIRY_DAYS * DAY) {
        cret_time_format(end, policy->expires.value);
        json_array_append_new(warnings, json_sprintf("it ends on %s, in %" PRId64
                                                     " days: nothing can be verified by "
                                                     "it then",
                                                     end, (policy->expires.value - now) / DAY));
    }
    if (cret_optional_past(policy->review_by, now)) {
        cret_time_format(end, policy->review_by.value);
        json_array_append_new(warnings, json_sprintf("its review was due on %s", end));
    }
    for (size_t i = 0; i < policy->owners.signer_count; i++) {
        for (size_t j = 0; j < policy->scope_count; j++) {
            for (size_t k = 0; k < policy->scopes[j].signer_count; k++) {
                if (memcmp(policy->owners.signers[i].anchor.key_digest,
                           policy->scopes[j].signers[k].anchor.key_digest,
                           CRET_SHA256_BYTES) == 0) {
                    json_array_append_new(
                        warnings, json_sprintf("%s owns the policy and signs releases with the "
                                               "same key",
                                               policy->owners.signers[i].name));
                }
            }
        }
    }
}

/* Adds a line where a CA of the policy has ended: it looks sound, and nothing below it counts. */
static void find_ended(const struct cret_certificate *certificate, const char *what,
                       const char *name, int64_t now, json_t *warnings)
{
    char end[32];
    if (certificate == NULL || cret_certificate_not_after(certificate) > now) {
        return;
    }
    cret_time_format(end, cret_certificate_not_after(certificate));
    json_array_append_new(
        warnings, json_sprintf("%s%s%s ended on %s: signatures below it count only with a trusted "
                               "timestamp from before that day",
                               what, name != NULL ? " of " : "", name != NULL ? name : "", end));
}

static void find_ended_authorities(const struct cret_policy *policy, int64_t now, json_t *warnings)
{
    for (size_t i = 0; i < policy->scope_count; i++) {
        for (size_t j = 0; j < policy->scopes[i].signer_count; j++) {
            const struct cret_policy_signer *signer = &policy->scopes[i].signers[j];
            if (signer->anchor.kind == CRET_ANCHOR_CA) {
                find_ended(signer->anchor.certificate, "the CA", signer->name, now, warnings);
            }
            if (signer->has_post_quantum && signer->post_quantum.kind == CRET_ANCHOR_CA) {
                find_ended(signer->post_quantum.certificate, "the postQuantum CA", signer->name,
                           now, warnings);
            }
        }
    }
    for (size_t i = 0; i < policy->authority_count; i++) {
        if (policy->authorities[i].anchor.kind == CRET_ANCHOR_CA) {
            find_ended(policy->authorities[i].anchor.certificate,
                       "the CA of the timestamp authority", policy->authorities[i].name, now,
                       warnings);
        }
    }
    for (size_t i = 0; i < policy->intermediate_count; i++) {
        find_ended(policy->intermediates[i], "the intermediate certificate",
                   cret_certificate_subject(policy->intermediates[i]), now, warnings);
    }
}

/* NIST SP 800-57 part 1 revision 5, table 4; BSI TR-02102-1, 3.5. */
static void find_short_keys(const struct cret_policy *policy, json_t *warnings)
{
    if (policy->rsa_2048) {
        json_array_append_new(
            warnings,
            json_string("rsa-2048: RSA keys of 2048 bits count, and every verdict says so. NIST SP "
                        "800-57 allows 112 bits of strength until the end of 2030; BSI TR-02102-1 "
                        "has asked for 3000 bits since 2024"));
    }
}

static int lint(const struct cret_options *options, const char *path,
                const struct cret_policy *policy)
{
    struct cret_err err;
    size_t index;
    json_t *warning;
    json_t *warnings = json_array();
    int code = 0;
    cret_err_clear(&err);
    find_warnings(policy, cret_os_now(), warnings);
    find_ended_authorities(policy, cret_os_now(), warnings);
    find_short_keys(policy, warnings);
    if (cret_options_given(options, "json")) {
        json_t *json =
            json_pack("{s:s, s:s, s:I, s:O}", "cretula", "trust-lint/1", "policy", policy->name,
                      "version", (json_int_t)policy->version, "warnings", warnings);
        if (cret_report_json(stdout, json, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
        json_decref(json);
    } else {
        printf("%s: sound\n", path);
        json_array_foreach(warnings, index, warning)
        {
            printf("warning: %s\n", json_string_value(warning));
        }
    }
    json_decref(warnings);
    return code;
}

/* Each word of the policy on a check that would have no effect; also where another fault was found
 * first. NULL: memory. */
static struct cret_findings *find_idle(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    struct cret_findings *faults = cret_findings_new();
    if (cret_file_read(&text, &size, path, CRET_LIMIT_POLICY_BYTES, CRET_ERR_USAGE, NULL) ==
            CRET_OK &&
        cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, NULL) ==
            CRET_OK) {
        cret_policy_checks_idle(json, faults);
    }
    json_decref(json);
    free(text);
    return faults;
}

/* What cret_verb_fail does, and every word without an effect besides. */
static int refuse(const struct cret_options *options, const char *path, const struct cret_err *err)
{
    struct cret_findings *faults = find_idle(path);
    const size_t count = cret_findings_count(faults);
    const char *program = cret_options_program(options)->name;
    json_t *list = json_array();
    struct cret_err ignored;
    for (size_t i = 0; i < count; i++) {
        const struct cret_finding *fault = cret_findings_at(faults, i);
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "where", fault->where, "message", fault->reason));
    }
    json_t *json = cret_record_error_json(program, err);
    if (cret_options_given(options, "json") &&
        (json_object_set(json, "faults", list) != 0 ||
         cret_report_json(stdout, json, &ignored) != CRET_OK)) {
        fputs("cretula-verify: cannot write to standard output\n", stderr);
    }
    cret_report_error(stderr, program, err);
    for (size_t i = 0; count > 1 && i < count; i++) {
        const struct cret_finding *fault = cret_findings_at(faults, i);
        char *where = cret_text_escape(fault->where), *reason = cret_text_escape(fault->reason);
        fprintf(stderr, "  %s: %s\n", where != NULL ? where : "", reason != NULL ? reason : "");
        free(where);
        free(reason);
    }
    json_decref(list);
    json_decref(json);
    cret_findings_free(&faults);
    return (int)err->class;
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
        return show ? cret_verb_fail(options, &err) : refuse(options, path, &err);
    }
    int code = 0;
    if (!show) {
        code = lint(options, path, policy);
    } else if (!cret_options_given(options, "json")) {
        show_policy(path, policy, json);
    } else if (cret_report_json(stdout, json, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
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
