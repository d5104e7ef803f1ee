/* SPDX-License-Identifier: Apache-2.0 */
/* When a signature was made, and whether its path was revoked then, as far as the policy asks. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/policy/policy_claim.h"
#include "trust/x509/revocation.h"

/* Lists that count: under "off" those alone that the operator gives by hand. */
static size_t first_list(const struct cret_policy *policy)
{
    return policy->revocation == CRET_DEMAND_OFF ? policy->own_crl_count : 0;
}

/* Every certificate that the policy trusts for whatever; those of removed signers too. The caller
 * frees the list. */
static enum cret_status list_anchors(const struct cret_certificate ***ret_list, size_t *ret_count,
                                     const struct cret_policy *policy, struct cret_err *err)
{
    size_t most = policy->authority_count, count = 0;
    for (size_t i = 0; i < policy->scope_count; i++) {
        most += 2 * policy->scopes[i].signer_count;
    }
    const struct cret_certificate **list = calloc(most + 1, sizeof(*list));
    if (list == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < policy->authority_count; i++) {
        list[count++] = policy->authorities[i].anchor.certificate;
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        for (size_t j = 0; j < policy->scopes[i].signer_count; j++) {
            list[count++] = policy->scopes[i].signers[j].anchor.certificate;
            list[count++] = policy->scopes[i].signers[j].post_quantum.certificate;
        }
    }
    *ret_list = list;
    *ret_count = count;
    return CRET_OK;
}

/* As far as the policy asks: under "require" somebody must answer, but for what is pinned. */
static enum cret_status check_lists(const struct cret_policy_lists *lists,
                                    const struct cret_chain_request *path,
                                    const struct cret_chain *chain,
                                    struct cret_revocation *ret_revocation, struct cret_err *err)
{
    const struct cret_policy *policy = lists->policy;
    const size_t first = first_list(policy);
    const bool pinned = path->anchor->kind != CRET_ANCHOR_CA;
    const struct cret_certificate **anchors = NULL;
    struct cret_revocation_request request = {
        /* No list is no array: nothing is added to NULL. */
        .crls =
            policy->crl_count > first ? (const struct cret_crl *const *)policy->crls + first : NULL,
        .crl_count = policy->crl_count - first,
        .maximum_age = policy->crl_max_age,
        .now = lists->now,
        .time = lists->time,
        .timestamped = lists->timestamped,
        .is_authority = lists->is_authority,
        .as_of = policy->as_of,
        .path = path,
    };
    struct cret_revocation revocation;
    memset(ret_revocation, 0, sizeof(*ret_revocation));
    if (policy->revocation == CRET_DEMAND_OFF && request.crl_count == 0) {
        return CRET_OK;
    }
    if (pinned && list_anchors(&anchors, &request.anchor_count, policy, err) != CRET_OK) {
        return CRET_FAILED;
    }
    request.anchors = anchors;
    const enum cret_status status = cret_revocation_check(&request, chain, &revocation, err);
    free(anchors);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    if (policy->revocation == CRET_DEMAND_REQUIRE && !revocation.known && !pinned) {
        if (err != NULL) {
            *err = revocation.why;
        }
        return CRET_FAILED;
    }
    *ret_revocation = revocation;
    return CRET_OK;
}

enum cret_status cret_policy_accept_path(const struct cret_chain_request *request,
                                         const struct cret_chain *chain, struct cret_err *err)
{
    struct cret_revocation ignored;
    return check_lists(request->context, request, chain, &ignored, err);
}

/* Whoever has the signer's key could give every signature the time that he likes. */
static enum cret_status refuse_own_key(const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_certificate *authority = cret_timestamp_signer(cret_cms_timestamp(cms));
    if (memcmp(cret_certificate_key_digest(authority),
               cret_certificate_key_digest(cret_cms_signer(cms)), CRET_SHA256_BYTES) != 0) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_TIMESTAMP,
                    "the timestamp was made with the key of the signature that it is to date");
    cret_err_actual(err, "%s", cret_certificate_subject(authority));
    return cret_err_hint(err, "ask the vendor for a timestamp by somebody else");
}

/* Is the token one of this authority, as far as the policy asks? */
static enum cret_status by_authority(const struct cret_policy *policy, int64_t now,
                                     bool allow_example_keys,
                                     const struct cret_policy_authority *authority,
                                     struct cret_signature_judgement *result, struct cret_err *err)
{
    const struct cret_timestamp *timestamp = cret_cms_timestamp(result->cms);
    const struct cret_certificate *known[CRET_PATH_CANDIDATES];
    struct cret_chain chain;
    struct cret_revocation revocation;
    const struct cret_policy_lists lists = {.policy = policy,
                                            .now = now,
                                            .time = cret_timestamp_latest(timestamp),
                                            .timestamped = true,
                                            .is_authority = true};
    struct cret_chain_request request = {.intermediates = known,
                                         .anchor = &authority->anchor,
                                         .allow_example_keys = allow_example_keys,
                                         .allow_rsa_2048 = policy->rsa_2048,
                                         .accept = cret_policy_accept_path,
                                         .context = &lists};
    request.intermediate_count =
        cret_policy_candidates(policy, cret_timestamp_cms(timestamp), known);
    if (refuse_own_key(result->cms, err) != CRET_OK ||
        cret_timestamp_verify(timestamp, &request, &chain, err) != CRET_OK ||
        check_lists(&lists, &request, &chain, &revocation, err) != CRET_OK) {
        return CRET_FAILED;
    }
    result->authority_known = revocation.known;
    result->authority_chain = chain;
    return CRET_OK;
}

size_t cret_policy_candidates(const struct cret_policy *policy, const struct cret_cms *cms,
                              const struct cret_certificate *ret_list[CRET_PATH_CANDIDATES])
{
    size_t count = 0;
    for (size_t i = 0; i < cret_cms_intermediate_count(cms) && count < CRET_LIMIT_CHAIN; i++) {
        ret_list[count++] = cret_cms_intermediate(cms, i);
    }
    for (size_t i = 0; i < policy->intermediate_count && i < CRET_LIMIT_INTERMEDIATES; i++) {
        ret_list[count++] = policy->intermediates[i];
    }
    return count;
}

/* The reason that a token proves nothing, as one about the token. */
static void distrust(struct cret_signature_judgement *result, const struct cret_err *reason)
{
    struct cret_err *why = &result->timestamp_why;
    if (reason != NULL) {
        *why = *reason;
        if (why->check == CRET_CHECK_CERTIFICATE_PATH) {
            cret_err_hint(why, "in timestampAuthorities the trust policy needs the authority's own "
                               "certificate or the CA above it; or its root, and the CAs between "
                               "them in intermediates: the timestamp has only those that its "
                               "authority's signature covers");
        }
        why->check = CRET_CHECK_SIGNATURE_TIMESTAMP;
        cret_err_context(why, "the timestamp is not trusted");
        return;
    }
    cret_err_refuse(why, CRET_CHECK_SIGNATURE_TIMESTAMP,
                    "the timestamp is not trusted: the policy names no timestamp authority");
    cret_err_actual(
        why, "by %s",
        cret_certificate_subject(cret_timestamp_signer(cret_cms_timestamp(result->cms))));
    cret_err_hint(why, "verify with a trust policy (--trust) that names the authority in "
                       "timestampAuthorities");
}

static enum cret_status refuse_future(int64_t time, int64_t now, struct cret_err *err)
{
    char expected[32], actual[32];
    cret_time_format(expected, now);
    cret_time_format(actual, time);
    cret_err_refuse(err, CRET_CHECK_SIGNATURE_TIMESTAMP,
                    "the timestamp is from after the time of this run");
    cret_err_expected(err, "a time up to %s", expected);
    cret_err_actual(err, "%s", actual);
    return cret_err_hint(err, "check the clock of this machine (and --at); else ask the signer "
                              "which authority made the timestamp");
}

/* Of waivers, profiles: what counts is who may decide now. */
static void pass_over(struct cret_signature_judgement *result)
{
    cret_err_refuse(&result->timestamp_why, CRET_CHECK_SIGNATURE_TIMESTAMP,
                    "such a signature is judged as of now: its timestamp proves nothing");
    cret_err_hint(&result->timestamp_why,
                  "have it signed again by somebody whom the trust policy trusts today");
}

/* Tries the authorities of the policy: sets the parts of *result about the time where one of them
 * made the timestamp, else *kept to the most telling reason. */
static enum cret_status ask_authorities(const struct cret_judge_request *request,
                                        struct cret_signature_judgement *result,
                                        struct cret_err *kept, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    const int64_t latest = cret_timestamp_latest(cret_cms_timestamp(result->cms));
    const int64_t time = latest < request->now ? latest : request->now;
    for (size_t i = 0; policy->timestamp != CRET_DEMAND_OFF && i < policy->authority_count; i++) {
        struct cret_err reason = {0};
        if (by_authority(policy, request->now, request->allow_example_keys, &policy->authorities[i],
                         result, &reason) == CRET_OK) {
            result->time = time;
            result->authority = policy->authorities[i].name;
            result->doubted = (struct cret_optional){0};
            cret_err_clear(&result->timestamp_why);
            return CRET_OK;
        }
        if (reason.class != CRET_ERR_REFUSED) {
            if (err != NULL) {
                *err = reason;
            }
            return CRET_FAILED;
        }
        if (reason.check == CRET_CHECK_CERTIFICATE_REVOCATION) {
            result->doubted = cret_optional_of(time);
        }
        cret_reason_keep(kept, &reason);
    }
    return CRET_OK;
}

/* Sets the parts of *result about the time of result->cms. class REFUSED where its timestamp is
 * from after now. */
static enum cret_status judge_time(const struct cret_judge_request *request,
                                   struct cret_signature_judgement *result, struct cret_err *err)
{
    const struct cret_timestamp *timestamp = cret_cms_timestamp(result->cms);
    const int64_t now = request->now;
    struct cret_err kept = {0};
    result->time = now;
    result->authority = NULL;
    cret_err_refuse(&result->timestamp_why, CRET_CHECK_SIGNATURE_TIMESTAMP,
                    "the signature has no timestamp: when it was made is not proved");
    cret_err_hint(&result->timestamp_why,
                  "ask the signer for a timestamp: without one the signature cannot be verified "
                  "after its certificate ends");
    if (timestamp == NULL) {
        return CRET_OK;
    }
    if (cret_timestamp_time(timestamp) > now) {
        return refuse_future(cret_timestamp_time(timestamp), now, err);
    }
    if (request->as_of_now) {
        pass_over(result);
        return CRET_OK;
    }
    distrust(result, NULL);
    if (ask_authorities(request, result, &kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (result->authority == NULL && kept.class != CRET_ERR_NONE) {
        distrust(result, &kept);
    }
    return CRET_OK;
}

/* A seal dates what no timestamp does. It is no timestamp: whoever is on a revocation list stays
 * refused, whatever the date. */
static void take_seal(const struct cret_judge_request *request, size_t index,
                      struct cret_signature_judgement *result)
{
    if (request->as_of_now || request->sealed == NULL || !request->sealed[index].held ||
        result->authority != NULL) {
        return;
    }
    result->sealed = request->sealed[index];
    result->time = result->sealed.since < request->now ? result->sealed.since : request->now;
}

enum cret_status cret_policy_judge_times(struct cret_signature_judgement **ret_times,
                                         const struct cret_judge_request *request,
                                         struct cret_signature_judgement *ret_judgements,
                                         struct cret_findings *findings, struct cret_err *err)
{
    bool good = true;
    const size_t count = request->count;
    struct cret_signature_judgement *times = calloc(count + 1, sizeof(*times));
    if (times == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        struct cret_err why = {0};
        times[i].cms = request->signatures[i];
        if (judge_time(request, &times[i], &why) == CRET_OK) {
            take_seal(request, i, &times[i]);
            continue;
        }
        if (why.where[0] == '\0') {
            cret_err_where(&why, "%s", cret_certificate_subject(cret_cms_signer(times[i].cms)));
        }
        if (why.class == CRET_ERR_REFUSED) {
            cret_findings_add_err(findings, CRET_RESULT_FAIL, &why);
        }
        times[i].why_not = why;
        if (good && err != NULL) {
            *err = why;
        }
        good = false;
    }
    if (!good) {
        memcpy(ret_judgements, times, count * sizeof(*times));
        free(times);
        return CRET_FAILED;
    }
    *ret_times = times;
    return CRET_OK;
}

void cret_policy_explain_time(struct cret_signature_judgement *result)
{
    if (result->why_not.check == CRET_CHECK_CERTIFICATE_VALIDITY && result->authority == NULL &&
        cret_cms_timestamp(result->cms) != NULL) {
        cret_err_hint(&result->why_not, "%s; %s", result->timestamp_why.what,
                      result->timestamp_why.hint);
    }
}

static void report_seal(const struct cret_sealed *sealed, const char *subject,
                        struct cret_findings *findings)
{
    char since[32], until[32];
    cret_time_format(since, sealed->since);
    cret_time_format(until, sealed->until);
    cret_findings_add(findings, CRET_CHECK_SEAL_TIME, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = subject, .actual = since},
                      "sealed: the signature existed on %s, says %s; proved until %s by %s", since,
                      sealed->authority, until, sealed->last);
}

void cret_policy_report_timestamp(const struct cret_policy *policy,
                                  const struct cret_signature_judgement *signature,
                                  struct cret_findings *findings)
{
    char time[32];
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    if (signature->sealed.held) {
        report_seal(&signature->sealed, subject, findings);
    }
    if (policy->timestamp == CRET_DEMAND_OFF) {
        return;
    }
    if (signature->authority == NULL) {
        struct cret_err why = signature->timestamp_why;
        if (why.where[0] == '\0') {
            cret_err_where(&why, "%s", subject);
        }
        if (signature->revocation_pinned && cret_cms_timestamp(signature->cms) == NULL) {
            cret_err_hint(&why, "no hurry: the signer is pinned, and the end of its certificate "
                                "does not count; a timestamp would prove when the "
                                "signature was made");
        }
        cret_findings_add_err(findings, CRET_RESULT_WARN, &why);
        return;
    }
    cret_time_format(time, signature->time);
    cret_findings_add(findings, CRET_CHECK_SIGNATURE_TIMESTAMP, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = subject, .actual = time},
                      "made by %s, says %s%s", time, signature->authority,
                      cret_timestamp_named_by_sha1(cret_cms_timestamp(signature->cms))
                          ? " (the token names its certificate by SHA-1 alone)"
                          : "");
    if (policy->revocation != CRET_DEMAND_OFF && !signature->authority_known) {
        cret_findings_add(
            findings, CRET_CHECK_SIGNATURE_TIMESTAMP, CRET_RESULT_WARN,
            (struct cret_finding_text){
                .where = subject, .hint = "give the list of the authority's issuer with --crl"},
            "no fresh revocation list answers for the timestamp authority %s",
            signature->authority);
    }
}

enum cret_status cret_policy_check_revocation(const struct cret_chain_request *request,
                                              const struct cret_chain *chain,
                                              struct cret_signature_judgement *result,
                                              struct cret_err *err)
{
    struct cret_revocation revocation;
    result->revocation_known = false;
    if (check_lists(request->context, request, chain, &revocation, err) != CRET_OK) {
        return CRET_FAILED;
    }
    result->revocation_known = revocation.known;
    result->revocation_listed = revocation.listed;
    result->revocation_pinned = request->anchor->kind != CRET_ANCHOR_CA;
    result->revocation_why = revocation.why;
    return CRET_OK;
}

void cret_policy_report_revocation(const struct cret_policy *policy,
                                   const struct cret_signature_judgement *signature,
                                   struct cret_findings *findings)
{
    const char *subject = cret_certificate_subject(cret_cms_signer(signature->cms));
    /* Under "off" nobody misses a list; but what was given is heard, or it is said why not. */
    if (policy->revocation == CRET_DEMAND_OFF &&
        (first_list(policy) == policy->crl_count ||
         (!signature->revocation_known && !signature->revocation_listed))) {
        return;
    }
    if (signature->revocation_known || signature->revocation_pinned) {
        cret_findings_add(
            findings, CRET_CHECK_CERTIFICATE_REVOCATION, CRET_RESULT_PASS,
            (struct cret_finding_text){.where = subject}, "%s",
            !signature->revocation_pinned ? "no revocation list of its issuers revokes a "
                                            "certificate of the path"
            : signature->revocation_known
                ? "pinned by the policy, and on no revocation list that was given"
                : "pinned by the policy, and on no revocation list that could be verified");
    }
    if (signature->revocation_known) {
        return;
    }
    struct cret_err why = signature->revocation_why;
    if (why.where[0] == '\0') {
        cret_err_where(&why, "%s", subject);
    }
    cret_findings_add_err(findings, CRET_RESULT_WARN, &why);
}
