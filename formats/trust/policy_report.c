/* SPDX-License-Identifier: Apache-2.0 */
/* What a judgement over signatures says to people: findings of certificate.* and trust.*. */
#include <string.h>

#include "base/text.h"
#include "trust/policy_parts.h"

static void scope_name(char *out, size_t size, const struct cret_policy_scope *scope)
{
    struct cret_buffer text = {0};
    if (scope->vendor == NULL)
        cret_buffer_printf(&text, "the anchor");
    else
        cret_buffer_printf(&text, "vendor %s", scope->vendor);
    const size_t kept = text.failed ? 0 : (text.size < size ? text.size : size - 1);
    if (kept > 0)
        memcpy(out, text.data, kept);
    out[kept] = '\0';
    cret_buffer_free(&text);
}

/* "release 1 of 2, quality 1 of 1": what is there and what is asked for. */
static void describe_roles(struct cret_buffer *text, const struct cret_policy_scope *scope,
                           const struct cret_scope_judgement *judgement)
{
    for (size_t i = 0; i < scope->role_count; i++)
        cret_buffer_printf(text, "%s%s %zu of %u", i > 0 ? ", " : "", scope->roles[i].name,
                           judgement->role_signers[i], scope->roles[i].threshold);
}

static void report_met(const struct cret_policy_scope *scope,
                       const struct cret_scope_judgement *judgement,
                       struct cret_findings *findings)
{
    char name[256];
    struct cret_buffer roles = {0};
    scope_name(name, sizeof name, scope);
    describe_roles(&roles, scope, judgement);
    cret_findings_add(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_PASS, NULL, NULL,
                      roles.failed ? NULL : roles.data, NULL, "enough signers signed for %s: %s",
                      name, roles.failed ? "" : roles.data);
    cret_buffer_free(&roles);
}

/* The checks that every counted signature has passed, said once for each. */
static void report_counted(const struct cret_signature_judgement *signature,
                           bool allow_example_keys, struct cret_findings *findings)
{
    const struct {
        enum cret_check_id check;
        const char *reason;
    } passed[] = {
        {CRET_CHECK_CERTIFICATE_PATH, "leads to a trusted anchor"},
        {CRET_CHECK_CERTIFICATE_VALIDITY, "valid at the signature time, or pinned"},
        {CRET_CHECK_CERTIFICATE_USAGE, "may sign for this role"},
        {CRET_CHECK_CERTIFICATE_ALGORITHM, "strong keys and digests along the path"},
        {CRET_CHECK_TRUST_EXAMPLE_KEY, allow_example_keys
                                           ? "published example keys were allowed for this run"
                                           : "no published example or test key"},
    };
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        cret_findings_add(findings, passed[i].check, CRET_RESULT_PASS, subject, NULL, NULL, NULL,
                          "%s", passed[i].reason);
}

static void report_not_counted(const struct cret_signature_judgement *signature,
                               struct cret_findings *findings, struct cret_err *err)
{
    struct cret_err reason = signature->why_not;
    if (reason.class != CRET_ERR_REFUSED) {
        cret_err_clear(&reason);
        (void)cret_err_refuse(&reason, CRET_CHECK_CERTIFICATE_PATH,
                              "the signature leads to no trusted anchor");
    }
    if (reason.where[0] == '\0')
        (void)cret_err_where(&reason, "%s",
                             cret_certificate_subject(cret_cms_signer(signature->cms)));
    cret_findings_add_err(findings, CRET_RESULT_FAIL, &reason);
    if (err != NULL && err->class == CRET_ERR_NONE)
        *err = reason;
}

static void report_missing(const struct cret_policy_scope *scope,
                           const struct cret_scope_judgement *judgement, size_t count,
                           struct cret_findings *findings, struct cret_err *err)
{
    char name[256];
    struct cret_err reason;
    struct cret_buffer roles = {0};
    cret_err_clear(&reason);
    scope_name(name, sizeof name, scope);
    describe_roles(&roles, scope, judgement);
    (void)cret_err_refuse(&reason, CRET_CHECK_TRUST_THRESHOLD,
                          "not enough trusted signers for %s: %s", name,
                          roles.failed ? "" : roles.data);
    (void)cret_err_actual(&reason, "%zu signatures in the archive", count);
    (void)cret_err_hint(&reason, "check that the archive is from this vendor and complete, and that "
                                 "the anchor or policy is the right one");
    cret_buffer_free(&roles);
    cret_findings_add_err(findings, CRET_RESULT_FAIL, &reason);
    if (err != NULL && err->class == CRET_ERR_NONE)
        *err = reason;
}

void cret_policy_report(const struct cret_policy *policy, const struct cret_scope_judgement *scopes,
                        const struct cret_signature_judgement *signatures, size_t count,
                        bool allow_example_keys, struct cret_findings *findings,
                        struct cret_err *err)
{
    bool any_met = false;
    for (size_t i = 0; i < policy->scope_count; i++) {
        if (scopes[i].vendor_met || scopes[i].owner_met) {
            report_met(&policy->scopes[i], &scopes[i], findings);
            any_met = true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (signatures[i].counted)
            report_counted(&signatures[i], allow_example_keys, findings);
        else if (!any_met)
            report_not_counted(&signatures[i], findings, err);
    }
    for (size_t i = 0; !any_met && i < policy->scope_count; i++)
        report_missing(&policy->scopes[i], &scopes[i], count, findings, err);
}
