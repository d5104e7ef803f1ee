/* SPDX-License-Identifier: Apache-2.0 */
/* trust lint: what is allowed, and still hardly meant. */
#include <inttypes.h>
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
#include "evidence/record/record.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

enum { DAY = 86400, EXPIRY_DAYS = 90 };

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
        json_array_append_new(
            warnings, json_sprintf("it ends on %s, in %" PRId64 " %s: nothing can be verified by "
                                   "it then",
                                   end, (policy->expires.value - now) / DAY,
                                   cret_plural((uint64_t)((policy->expires.value - now) / DAY),
                                               "day", "days")));
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

/* What may be waived, where nobody can sign a waiver. */
static void find_idle_waivable(const struct cret_policy *policy, json_t *warnings)
{
    bool waivable = false;
    for (size_t id = 0; id < CRET_CHECK_COUNT; id++) {
        waivable = waivable || policy->waivable[id];
    }
    for (size_t i = 0; i < policy->scope_count && waivable; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        bool signer = false;
        for (size_t j = 0; j < scope->role_count; j++) {
            signer = signer ||
                     (cret_role_counts(&scope->roles[j], true) && scope->roles[j].signer_count > 0);
        }
        if (!signer) {
            json_array_append_new(
                warnings, json_sprintf("waivable has no effect for products of %s: no signer there "
                                       "has the role waiver",
                                       scope->vendor));
        }
    }
}

static int lint(const struct cret_options *options, const char *path,
                const struct cret_policy *policy)
{
    json_t *warnings = json_array();
    int code = 0;
    find_warnings(policy, cret_os_now(), warnings);
    find_ended_authorities(policy, cret_os_now(), warnings);
    find_short_keys(policy, warnings);
    find_idle_waivable(policy, warnings);
    if (cret_options_given(options, "json")) {
        code = cret_print_json(options,
                               json_pack("{s:s, s:s, s:I, s:O}", "cretula", "trust-lint/1",
                                         "policy", policy->name, "version",
                                         (json_int_t)policy->version, "warnings", warnings),
                               code);
    } else {
        struct cret_page *page = cret_page_new();
        cret_page_verdict(page, CRET_TONE_GOOD, path, "sound");
        CRET_JSON_EACH (warning, warnings) {
            cret_page_toned(page, CRET_TONE_CAUTION, "warning", "%s", json_string_value(warning));
        }
        code = cret_print_last(options, &page, code);
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

/* "error/1" with every word without an effect. */
static int refuse_json(const struct cret_options *options, const struct cret_findings *faults,
                       const struct cret_err *err)
{
    json_t *list = json_array();
    for (size_t i = 0; i < cret_findings_count(faults); i++) {
        const struct cret_finding *fault = cret_findings_at(faults, i);
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "where", fault->where, "message", fault->reason));
    }
    json_t *json = cret_record_error_json(cret_options_speaker(options), err);
    if (json_object_set_new(json, "faults", list) != 0) {
        json_decref(json);
        json = NULL;
    }
    return cret_print_json(options, json, (int)err->class);
}

/* What cret_verb_fail does, and every word without an effect besides. */
static int refuse(const struct cret_options *options, const char *path, const struct cret_err *err)
{
    struct cret_findings *faults = find_idle(path);
    const size_t count = cret_findings_count(faults);
    const int code =
        cret_options_given(options, "json") ? refuse_json(options, faults, err) : (int)err->class;
    struct cret_page *page = cret_page_new();
    cret_print_error(options, err);
    for (size_t i = 0; count > 1 && i < count; i++) {
        const struct cret_finding *fault = cret_findings_at(faults, i);
        cret_page_row(page, "also", "%s: %s", fault->where, fault->reason);
    }
    cret_findings_free(&faults);
    return cret_print_notes(options, &page, code);
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
    json_t *json = NULL;
    struct cret_policy *policy = NULL;
    const char *path = cret_options_operand(options, 0);
    if (cret_trust_edit_read(&json, &policy, options, &err) != CRET_OK) {
        return refuse(options, path, &err);
    }
    const int code = lint(options, path, policy);
    cret_policy_free(&policy);
    json_decref(json);
    return code;
}

const struct cret_verb cret_verb_trust_lint = {
    .name = "lint",
    .operands = "FILE",
    .summary = "Check a trust policy",
    .help = "Says what is allowed and still hardly meant: no owners, an end that is near, a review "
            "that is due.",
    .groups = CRET_GROUPS(&cret_example_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify trust lint trust.json"),
    .run = act,
};
