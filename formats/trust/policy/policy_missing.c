/* SPDX-License-Identifier: Apache-2.0 */
/* What is missing where no scope is met: first the scope that whoever reads it came for. */
#include <string.h>

#include "base/text/unicode.h"
#include "trust/policy/policy_parts.h"

enum { LISTED = 3 /* so many other scopes are named */ };

/* "vendor V", or what a bare anchor stands for. */
const char *cret_policy_scope_words(const struct cret_policy_scope *scope, char *out, size_t size)
{
    if (scope->vendor == NULL) {
        snprintf(out, size, "the given anchors");
    } else {
        snprintf(out, size, "the scope of %s", scope->vendor);
    }
    return out;
}

/* "release 1 of 1, quality 0 of 1" */
void cret_policy_count_words(const struct cret_policy_scope *scope,
                             const struct cret_scope_judgement *judgement, struct cret_buffer *text)
{
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_policy_role *role = &scope->roles[i];
        if (!cret_role_counts(role, judgement->waivers)) {
            continue;
        }
        if (role->threshold == 0 && judgement->role_signers[i] == 0) {
            continue;
        }
        cret_buffer_printf(text, "%s%s %zu of %u", text->size == 0 ? "" : ", ", role->name,
                           judgement->role_signers[i], cret_role_threshold(role));
    }
}

/* Is the role one that this judgement asks for, and not met? */
static bool is_missing(const struct cret_policy_scope *scope,
                       const struct cret_scope_judgement *judgement, size_t index)
{
    const struct cret_policy_role *role = &scope->roles[index];
    return cret_role_counts(role, judgement->waivers) && role->threshold > 0 &&
           judgement->role_signers[index] < role->threshold;
}

static size_t counted_signers(const struct cret_policy_scope *scope,
                              const struct cret_scope_judgement *judgement)
{
    size_t total = 0;
    for (size_t i = 0; i < scope->role_count; i++) {
        total += judgement->role_signers[i];
    }
    return total;
}

/* The scope with most counted signers; among equals the one of the claimed product, else of the
 * claimed vendor, else the first one. */
static size_t find_nearest(const struct cret_policy *policy,
                           const struct cret_scope_judgement *scopes, const char *vendor,
                           const char *product)
{
    size_t nearest = 0, best = 0;
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        const bool same =
            vendor != NULL && scope->vendor != NULL && cret_unicode_same(scope->vendor, vendor);
        const size_t score = 3 * counted_signers(scope, &scopes[i]) + (same ? 1 : 0) +
                             (same && cret_policy_scope_covers(scope, product) ? 1 : 0);
        if (i == 0 || score > best) {
            nearest = i;
            best = score;
        }
    }
    return nearest;
}

/* "a quality signature is missing", "2 signatures are missing"; "" where no role is short. */
static void missing_words(const struct cret_policy_scope *scope,
                          const struct cret_scope_judgement *judgement, char *out, size_t size)
{
    size_t missing = 0;
    const char *role = "";
    out[0] = '\0';
    for (size_t i = 0; i < scope->role_count; i++) {
        if (!is_missing(scope, judgement, i)) {
            continue;
        }
        missing += scope->roles[i].threshold - judgement->role_signers[i];
        role = scope->roles[i].name;
    }
    if (missing == 1) {
        snprintf(out, size, "%s %s signature is missing", strcmp(role, "owner") == 0 ? "an" : "a",
                 role);
    } else if (missing > 1) {
        snprintf(out, size, "%zu signatures are missing", missing);
    }
}

static const char *hint_for(const struct cret_policy_scope *scope,
                            const struct cret_scope_judgement *judgement)
{
    bool owner = false, vendor = false;
    for (size_t i = 0; i < scope->role_count; i++) {
        const struct cret_role_kind *kind = cret_role_kind_find(scope->roles[i].name);
        if (!is_missing(scope, judgement, i)) {
            continue;
        }
        owner = owner || (kind != NULL && kind->owner);
        vendor = vendor || kind == NULL || !kind->owner;
    }
    return owner && !vendor ? "have the owner approve it (cretula-sign endorse)"
                            : "ask the vendor for what is missing, or check that this is the right "
                              "trust policy";
}

static void add_nearest(const struct cret_policy_scope *scope,
                        const struct cret_scope_judgement *judgement, const char *vendor,
                        const char *product, struct cret_findings *findings)
{
    static const char expected[] = "as many signers in each role as the trust policy asks for";
    char missing[80], words[200];
    struct cret_buffer counts = {0};
    const bool claimed = vendor != NULL && scope->vendor != NULL &&
                         cret_unicode_same(scope->vendor, vendor) &&
                         cret_policy_scope_covers(scope, product);
    cret_policy_count_words(scope, judgement, &counts);
    cret_policy_scope_words(scope, words, sizeof(words));
    missing_words(scope, judgement, missing, sizeof(missing));
    const char *said = counts.data == NULL ? "nobody" : counts.data;
    if (scope->vendor == NULL || missing[0] == '\0') {
        cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.expected = expected,
                                                     .actual = counts.data,
                                                     .hint = hint_for(scope, judgement)},
                          "not enough signers of %s signed: %s", words, said);
    } else if (claimed) {
        cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.expected = expected,
                                                     .actual = counts.data,
                                                     .hint = hint_for(scope, judgement)},
                          "%s (%s, for %s %s, which the file claims to be: unverified)", missing,
                          said, vendor, product);
    } else {
        cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.expected = expected,
                                                     .actual = counts.data,
                                                     .hint = hint_for(scope, judgement)},
                          "%s (%s, for products of %s)", missing, said, scope->vendor);
    }
    cret_buffer_free(&counts);
}

/* All the other scopes in one line. */
static void add_others(const struct cret_policy *policy, const struct cret_scope_judgement *scopes,
                       size_t nearest, struct cret_findings *findings)
{
    struct cret_buffer text = {0};
    size_t listed = 0;
    const size_t others = policy->scope_count - 1;
    if (others > LISTED) {
        cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                          (struct cret_finding_text){0},
                          "none of the %zu other scopes of the trust policy is met either", others);
        return;
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        if (i == nearest) {
            continue;
        }
        struct cret_buffer counts = {0};
        cret_policy_count_words(&policy->scopes[i], &scopes[i], &counts);
        cret_buffer_printf(&text, "%s%s (%s)", listed++ > 0 ? ", " : "", policy->scopes[i].vendor,
                           counts.data == NULL ? "nobody" : counts.data);
        cret_buffer_free(&counts);
    }
    if (text.failed) {
        cret_findings_break(findings);
    } else {
        cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                          (struct cret_finding_text){0},
                          "no other scope of the trust policy is met either: %s", text.data);
    }
    cret_buffer_free(&text);
}

/* What the file claims to be; NULL and NULL where it does not say, or nobody may ask. */
static void ask_claim(const struct cret_judge_request *request, const char **ret_vendor,
                      const char **ret_product)
{
    const struct cret_claimed_product *claimed = request->claimed;
    if (claimed == NULL || !claimed->ask(claimed->context, ret_vendor, ret_product)) {
        *ret_vendor = *ret_product = NULL;
    }
}

/* "Vendor A, Vendor B and 31 others"; a vendor with several scopes is named once. */
static void vendor_words(const struct cret_policy *policy, struct cret_buffer *text)
{
    size_t vendors = 0;
    for (size_t i = 0; i < policy->scope_count; i++) {
        bool before = false;
        for (size_t j = 0; j < i && !before; j++) {
            before = cret_unicode_same(policy->scopes[j].vendor, policy->scopes[i].vendor);
        }
        if (!before && vendors++ < LISTED) {
            cret_buffer_printf(text, "%s%s", vendors > 1 ? ", " : "", policy->scopes[i].vendor);
        }
    }
    if (vendors > LISTED) {
        cret_buffer_printf(text, " and %zu %s", vendors - LISTED,
                           cret_plural(vendors - LISTED, "other", "others"));
    }
}

bool cret_policy_report_no_scope(const struct cret_judge_request *request,
                                 const struct cret_scope_judgement *scopes,
                                 struct cret_findings *findings)
{
    const struct cret_policy *policy = request->policy;
    const char *vendor = NULL, *product = NULL;
    struct cret_buffer vendors = {0};
    ask_claim(request, &vendor, &product);
    if (vendor == NULL) {
        return false;
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        if (scope->vendor == NULL || counted_signers(scope, &scopes[i]) > 0 ||
            (cret_unicode_same(scope->vendor, vendor) &&
             cret_policy_scope_covers(scope, product))) {
            return false;
        }
    }
    vendor_words(policy, &vendors);
    cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .expected = "a scope for the vendor and the product of the file",
                          .actual = vendors.failed ? NULL : vendors.data,
                          .hint = "check that this is the right file and the right trust policy; "
                                  "if both are, whoever keeps the policy adds the vendor's "
                                  "certificate (cretula-verify trust add-signer)"},
                      "the trust policy has no scope for %s, %s, which the file claims to be "
                      "(unverified)",
                      vendor, product);
    cret_buffer_free(&vendors);
    return true;
}

void cret_policy_report_missing(const struct cret_judge_request *request,
                                const struct cret_scope_judgement *scopes,
                                struct cret_findings *findings)
{
    const struct cret_policy *policy = request->policy;
    const char *vendor = NULL, *product = NULL;
    ask_claim(request, &vendor, &product);
    const size_t nearest = find_nearest(policy, scopes, vendor, product);
    add_nearest(&policy->scopes[nearest], &scopes[nearest], vendor, product, findings);
    if (policy->scope_count > 1) {
        add_others(policy, scopes, nearest, findings);
    }
}
