/* SPDX-License-Identifier: Apache-2.0 */
/* The findings of a judgement: what was met, or what is missing and why each signature did not
 * count. */
#include <string.h>

#include "base/text/text.h"
#include "trust/policy/policy_parts.h"
#include "trust/x509/example_keys.h"

/* What is said of each signature that counts. */
static const struct {
    enum cret_check_id check;
    const char *reason;
} passes[] = {
    {CRET_CHECK_CERTIFICATE_PATH, "leads to a trusted anchor"},
    {CRET_CHECK_CERTIFICATE_VALIDITY, "valid at the signature time, or pinned"},
    {CRET_CHECK_CERTIFICATE_USAGE, "may sign for this role"},
    {CRET_CHECK_CERTIFICATE_ALGORITHM, "strong keys and digests along the path"},
};

static void add_met(const struct cret_policy_scope *scope,
                    const struct cret_scope_judgement *judgement, struct cret_findings *findings)
{
    char words[200];
    struct cret_buffer counts = {0};
    cret_policy_count_words(scope, judgement, &counts);
    cret_policy_scope_words(scope, words, sizeof(words));
    cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_PASS,
                      (struct cret_finding_text){.actual = counts.data},
                      "enough signers of %s signed: %s", words,
                      counts.data == NULL ? "" : counts.data);
    cret_buffer_free(&counts);
}

static void report_example(const struct cret_signature_judgement *signature, const char *subject,
                           bool allow_example_keys, struct cret_findings *findings)
{
    const char *reason = cret_example_certificate(cret_cms_signer(signature->cms));
    if (reason != NULL) {
        cret_findings_add(
            findings, CRET_CHECK_TRUST_EXAMPLE_KEY, CRET_RESULT_WARN,
            (struct cret_finding_text){
                .where = subject, .hint = "never deploy a release that was signed with this key"},
            "an example key was let through by --allow-example-keys: %s", reason);
    }
    cret_findings_add(findings, CRET_CHECK_TRUST_EXAMPLE_KEY, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = subject}, "%s",
                      allow_example_keys ? "published example keys were allowed for this run"
                                         : "no published example or test key");
}

/* The checks that a signature which counts or completes has passed, and what could not be asked
 * about it. */
static void report_counted(const struct cret_policy *policy,
                           const struct cret_signature_judgement *signature,
                           bool allow_example_keys, struct cret_findings *findings)
{
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    for (size_t i = 0; i < CRET_LENGTH(passes); i++) {
        cret_findings_add(findings, passes[i].check, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = subject}, "%s", passes[i].reason);
    }
    cret_policy_report_timestamp(policy, signature, findings);
    cret_policy_report_revocation(policy, signature, findings);
    report_example(signature, subject, allow_example_keys, findings);
}

/* Whether the signer of a counted signature has signed with his post-quantum key too. Under
 * "require" nobody counts without. */
static void report_post_quantum(const struct cret_policy *policy, size_t scope_index,
                                const struct cret_scope_judgement *scope,
                                const struct cret_signature_judgement *signature, bool unchecked,
                                struct cret_findings *findings)
{
    const struct cret_policy_scope *whose = &policy->scopes[scope_index];
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    size_t signer = 0;
    while (signer < whose->signer_count && whose->signers[signer].name != signature->signer) {
        signer++;
    }
    if (signer < whose->signer_count && scope->completed[signer]) {
        cret_findings_add(findings, CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = subject},
                          "%s signed with a post-quantum key too", signature->signer);
    } else {
        cret_findings_add(
            findings, CRET_CHECK_SIGNATURE_POST_QUANTUM,
            policy->post_quantum == CRET_DEMAND_PREFER ? CRET_RESULT_WARN : CRET_RESULT_FAIL,
            (struct cret_finding_text){
                .where = subject,
                .expected = "a post-quantum signature by the signer's postQuantum anchor",
                .hint = unchecked ? "use a verifier with OpenSSL 3.5 or newer"
                                  : "ask the signer when a post-quantum signature will come"},
            "no post-quantum signature of %s was verified", signature->signer);
    }
}

static void report_scope(const struct cret_policy *policy, size_t scope_index,
                         const struct cret_scope_judgement *scope, size_t count,
                         bool allow_example_keys, struct cret_findings *findings)
{
    bool unchecked = false;
    if (policy->post_quantum == CRET_DEMAND_OFF) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        unchecked = unchecked || !cret_cms_checkable(scope->signatures[i].cms);
    }
    for (size_t i = 0; i < count; i++) {
        if (scope->signatures[i].counted) {
            report_post_quantum(policy, scope_index, scope, &scope->signatures[i], unchecked,
                                findings);
        } else if (scope->signatures[i].completes) {
            report_counted(policy, &scope->signatures[i], allow_example_keys, findings);
        }
    }
}

static void report_met(const struct cret_policy *policy, const struct cret_scope_judgement *scopes,
                       const struct cret_signature_judgement *signatures, size_t count,
                       bool allow_example_keys, struct cret_findings *findings)
{
    for (size_t i = 0; i < count; i++) {
        if (signatures[i].counted) {
            report_counted(policy, &signatures[i], allow_example_keys, findings);
        } else if (signatures[i].why_not.check == CRET_CHECK_CERTIFICATE_REVOCATION) {
            cret_findings_add_err(findings, CRET_RESULT_WARN, &signatures[i].why_not);
        }
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        if (!scopes[i].vendor_met && !scopes[i].owner_met) {
            continue;
        }
        add_met(&policy->scopes[i], &scopes[i], findings);
        report_scope(policy, i, &scopes[i], count, allow_example_keys, findings);
    }
}

/* It did not count, and there is a reason to tell. */
static bool is_unmet(const struct cret_signature_judgement *signature)
{
    return !signature->counted && !signature->completes &&
           signature->why_not.class == CRET_ERR_REFUSED;
}

static const struct cret_err *most_telling(const struct cret_signature_judgement *signatures,
                                           size_t count)
{
    const struct cret_err *telling = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct cret_err *why = &signatures[i].why_not;
        if (is_unmet(&signatures[i]) &&
            (telling == NULL || cret_reason_rank(why) > cret_reason_rank(telling))) {
            telling = why;
        }
    }
    return telling;
}

static void report_unmet(const struct cret_judge_request *request,
                         const struct cret_scope_judgement *scopes,
                         const struct cret_signature_judgement *signatures,
                         struct cret_findings *findings, struct cret_err *err)
{
    const size_t count = request->count;
    const struct cret_err *telling = most_telling(signatures, count);
    /* That a certificate leads elsewhere is no wonder where no scope is for this vendor. */
    const bool no_scope = telling != NULL && cret_reason_rank(telling) <= CRET_REASON_ELSEWHERE &&
                          cret_policy_report_no_scope(request, scopes, findings);
    for (size_t i = 0; i < count; i++) {
        const struct cret_err *why = &signatures[i].why_not;
        if (!is_unmet(&signatures[i])) {
            continue;
        }
        struct cret_err reason = *why;
        if (reason.where[0] == '\0') {
            cret_err_where(&reason, "%s",
                           cret_certificate_subject(cret_cms_signer(signatures[i].cms)));
        }
        cret_findings_add_err(findings, CRET_RESULT_FAIL, &reason);
    }
    if (!no_scope) {
        cret_policy_report_missing(request, scopes, findings);
    }
    if (err == NULL) {
        return;
    }
    if (telling != NULL) {
        *err = *telling;
        return;
    }
    cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD, "%s",
                    count == 0 ? "there is no signature to count"
                               : "not enough signers of any scope of the trust policy signed");
    cret_err_hint(
        err,
        "get the missing signatures from those who should sign, or check that this is the right "
        "trust policy or anchor");
}

/* Who of a path that was used has an RSA key of 2048 bits; NULL: nobody. */
static const char *rsa_2048_in(const struct cret_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (cret_certificate_key_is_rsa_2048(chain->certificates[i])) {
            return cret_certificate_subject(chain->certificates[i]);
        }
    }
    return NULL;
}

/* Whoever reads a verdict learns by what it may have come about. */
static void report_rsa_2048(const struct cret_policy *policy,
                            const struct cret_signature_judgement *signatures, size_t count,
                            struct cret_findings *findings)
{
    const char *who = NULL;
    if (!policy->rsa_2048) {
        return;
    }
    for (size_t i = 0; who == NULL && i < count; i++) {
        if (!signatures[i].counted && !signatures[i].completes) {
            continue;
        }
        who = rsa_2048_in(&signatures[i].chain);
        if (who == NULL && signatures[i].authority != NULL) {
            who = rsa_2048_in(&signatures[i].authority_chain);
        }
    }
    cret_findings_add(
        findings, CRET_CHECK_CERTIFICATE_ALGORITHM, CRET_RESULT_WARN,
        (struct cret_finding_text){
            .where = who,
            .expected = "RSA keys of at least 3072 bits",
            .hint = "ask their holders when certificates with stronger keys will come; then take "
                    "rsa-2048 out of the policy"},
        "the trust policy lets RSA keys of 2048 bits count (rsa-2048): %s",
        who != NULL ? "this verdict rests on one" : "none was needed here");
}

/* A delta says what changed since a complete list: it revokes, and answers for nothing. */
static void report_deltas(const struct cret_policy *policy, struct cret_findings *findings)
{
    for (size_t i = 0; i < policy->crl_count; i++) {
        if (cret_crl_is_delta(policy->crls[i])) {
            cret_findings_add(
                findings, CRET_CHECK_CERTIFICATE_REVOCATION, CRET_RESULT_WARN,
                (struct cret_finding_text){
                    .where = cret_crl_issuer(policy->crls[i]),
                    .hint = "the issuer's complete list, which is there too, decides"},
                "a delta list: what it revokes counts, and nothing else is taken "
                "from it");
        }
    }
}

void cret_policy_report(const struct cret_judge_request *request,
                        const struct cret_scope_judgement *scopes,
                        const struct cret_signature_judgement *signatures,
                        struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    bool met = false;
    for (size_t i = 0; i < policy->scope_count; i++) {
        met = met || scopes[i].vendor_met || (scopes[i].owner_met && !policy->bare_anchor);
    }
    if (met && request->count > 0) {
        report_met(policy, scopes, signatures, request->count, request->allow_example_keys,
                   findings);
    } else {
        report_unmet(request, scopes, signatures, findings, err);
    }
    report_rsa_2048(policy, signatures, request->count, findings);
    report_deltas(policy, findings);
}
