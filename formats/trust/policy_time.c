/* SPDX-License-Identifier: Apache-2.0 */
/* When a signature was made, and whether its path was revoked then, as far as the policy asks. */
#include <string.h>

#include "trust/policy_parts.h"
#include "trust/revocation.h"

static struct cret_revocation_request
revocation_request(const struct cret_policy *policy, int64_t now, int64_t time, bool timestamped)
{
    return (struct cret_revocation_request){
        .crls = (const struct cret_crl *const *)policy->crls,
        .crl_count = policy->crl_count,
        .maximum_age = policy->crl_max_age,
        .now = now,
        .time = time,
        .timestamped = timestamped,
    };
}

enum cret_status cret_policy_check_revocation(const struct cret_policy *policy,
                                              const struct cret_chain *chain, int64_t now,
                                              struct cret_signature_judgement *result,
                                              struct cret_err *err)
{
    const struct cret_revocation_request request =
        revocation_request(policy, now, result->time, false);
    struct cret_revocation revocation = {0};
    result->revocation_known = false;
    if (policy->revocation == CRET_DEMAND_OFF)
        return CRET_OK;
    if (cret_revocation_check(&request, chain, &revocation, err) != CRET_OK)
        return CRET_FAILED;
    if (policy->revocation != CRET_DEMAND_PREFER && !revocation.known) {
        if (err != NULL)
            *err = revocation.why;
        return CRET_FAILED;
    }
    result->revocation_known = revocation.known;
    result->revocation_why = revocation.why;
    return CRET_OK;
}

void cret_policy_report_revocation(const struct cret_policy *policy,
                                   const struct cret_signature_judgement *signature,
                                   struct cret_findings *findings)
{
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    if (policy->revocation == CRET_DEMAND_OFF)
        return;
    if (signature->revocation_known) {
        cret_findings_add(
            findings, CRET_CHECK_CERTIFICATE_REVOCATION, CRET_RESULT_PASS, subject, NULL, NULL,
            NULL, "%s",
            signature->chain.count > 1
                ? "no revocation list of its issuers revokes a certificate of the path"
                : "pinned by the policy, which alone ends the trust in it");
        return;
    }
    struct cret_err why = signature->revocation_why;
    if (why.where[0] == '\0')
        cret_err_where(&why, "%s", subject);
    cret_findings_add_err(findings, CRET_RESULT_WARN, &why);
}
