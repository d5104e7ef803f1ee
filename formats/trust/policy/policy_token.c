/* SPDX-License-Identifier: Apache-2.0 */
/* Tries the authorities of a policy on a token that stands for itself. */
#include "trust/policy/policy_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/time.h"
#include "trust/policy/policy_parts.h"

#define CHECK CRET_CHECK_SEAL_TIME

/* A pin does not expire by itself; a seal rests on the key, and nobody keeps an eye on a key whose
 * certificate has ended. */
static enum cret_status check_end(const struct cret_token_request *request,
                                  const struct cret_chain *chain, int64_t *ret_until,
                                  struct cret_err *err)
{
    char end[32], relied[32];
    int64_t until = CRET_LIMIT_TIME_LAST;
    const struct cret_certificate *first = chain->certificates[0];
    for (size_t i = 0; i < chain->count; i++) {
        const int64_t one = cret_certificate_not_after(chain->certificates[i]);
        if (one < until) {
            until = one;
            first = chain->certificates[i];
        }
    }
    if (request->relied <= until) {
        *ret_until = until;
        return CRET_OK;
    }
    cret_time_format(end, until);
    cret_time_format(relied, request->relied);
    cret_err_refuse(err, CHECK,
                    request->renewed
                        ? "the seal was renewed too late: a certificate of the timestamp "
                          "authority ended on %s, and the next timestamp is of %s"
                        : "the seal was not renewed: a certificate of its last timestamp "
                          "authority ended on %s, and it is judged as of %s",
                    end, relied);
    cret_err_actual(err, "%s", cret_certificate_subject(first));
    return cret_err_hint(err, "look for another copy of the seal that was renewed before that day");
}

static enum cret_status by_authority(const struct cret_token_request *request,
                                     const struct cret_timestamp *timestamp,
                                     const struct cret_policy_authority *authority,
                                     int64_t *ret_until, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    const struct cret_certificate *known[CRET_PATH_CANDIDATES];
    struct cret_chain chain;
    const struct cret_policy_lists lists = {.policy = policy,
                                            .now = request->now,
                                            .time = request->relied,
                                            .timestamped = request->renewed,
                                            .is_authority = true};
    struct cret_chain_request path = {.intermediates = known,
                                      .anchor = &authority->anchor,
                                      .allow_example_keys = request->allow_example_keys,
                                      .allow_rsa_2048 = policy->rsa_2048,
                                      .accept = cret_policy_accept_path,
                                      .context = &lists};
    path.intermediate_count = cret_policy_candidates(policy, cret_timestamp_cms(timestamp), known);
    return cret_timestamp_verify(timestamp, &path, &chain, err) == CRET_OK
               ? check_end(request, &chain, ret_until, err)
               : CRET_FAILED;
}

static enum cret_status distrust(const struct cret_timestamp *timestamp,
                                 const struct cret_err *kept, struct cret_err *err)
{
    if (err == NULL) {
        return CRET_FAILED;
    }
    if (kept->class != CRET_ERR_NONE) {
        *err = *kept;
        if (err->check == CRET_CHECK_CERTIFICATE_PATH) {
            cret_err_hint(err, "name the authority's own certificate or the CA above it in "
                               "timestampAuthorities of the trust policy");
        }
        err->check = CHECK;
        return CRET_FAILED;
    }
    cret_err_refuse(err, CHECK, "no timestamp authority is trusted");
    cret_err_actual(err, "by %s", cret_certificate_subject(cret_timestamp_signer(timestamp)));
    return cret_err_hint(err, "name it in timestampAuthorities of the trust policy");
}

enum cret_status cret_policy_judge_token(const struct cret_token_request *request,
                                         const struct cret_timestamp *timestamp,
                                         struct cret_token_judgement *ret_judgement,
                                         struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    struct cret_err kept = {0};
    for (size_t i = 0; policy->timestamp != CRET_DEMAND_OFF && i < policy->authority_count; i++) {
        struct cret_err reason = {0};
        int64_t until = 0;
        if (by_authority(request, timestamp, &policy->authorities[i], &until, &reason) == CRET_OK) {
            ret_judgement->authority = policy->authorities[i].name;
            ret_judgement->until = until;
            return CRET_OK;
        }
        if (reason.class != CRET_ERR_REFUSED) {
            if (err != NULL) {
                *err = reason;
            }
            return CRET_FAILED;
        }
        cret_reason_keep(&kept, &reason);
    }
    return distrust(timestamp, &kept, err);
}

static enum cret_status read_authority(struct cret_policy_authority *authority, const char *path,
                                       bool allow_example_keys, struct cret_err *err)
{
    const struct cret_anchor_rules rules = {.allow_example_keys = allow_example_keys};
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_policy_anchor_from_pem(&authority->anchor, text, path, &rules, err);
    free(text);
    if (status != CRET_OK) {
        return cret_err_where(err, "%s", path);
    }
    authority->name = strdup(cret_certificate_subject(authority->anchor.certificate));
    return authority->name != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_policy_from_authorities(struct cret_policy **ret_policy,
                                              const char *const *paths, size_t count,
                                              bool allow_example_keys, struct cret_err *err)
{
    if (count == 0 || count > CRET_LIMIT_AUTHORITIES) {
        cret_err_usage(err, count == 0 ? "no timestamp authority was named"
                                       : "too many timestamp authorities were named");
        return cret_err_hint(err, "name the one that you trust with --authority PEM");
    }
    struct cret_policy *policy = calloc(1, sizeof(*policy));
    if (policy == NULL) {
        return cret_err_memory(err);
    }
    policy->name = strdup("--authority");
    policy->authorities = calloc(count, sizeof(*policy->authorities));
    enum cret_status status =
        policy->name != NULL && policy->authorities != NULL ? CRET_OK : cret_err_memory(err);
    policy->bare_anchor = true;
    cret_policy_time_defaults(policy);
    cret_policy_check_defaults(policy);
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        policy->authority_count = i + 1;
        status = read_authority(&policy->authorities[i], paths[i], allow_example_keys, err);
    }
    if (status != CRET_OK) {
        cret_policy_free(&policy);
        return CRET_FAILED;
    }
    *ret_policy = policy;
    return CRET_OK;
}
