/* SPDX-License-Identifier: Apache-2.0 */
/* The path from a certificate that signed in another format to a pin, or to an authority. */
#include "trust/policy/pin_judge.h"

#include <stdlib.h>
#include <string.h>

#include "trust/policy/policy_parts.h"

static enum cret_status of_somebody_else(const struct cret_foreign_pin *pin, const char *what,
                                         const char *wanted, const char *found,
                                         struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_PIN, "%s is not the one that is pinned as %s", what,
                    pin->name);
    cret_err_expected(err, "%s", wanted);
    return cret_err_actual(err, "%s", found);
}

/* A public root vouches for thousands of publishers: the names say which of them is meant. */
static enum cret_status check_names(const struct cret_pin_request *request,
                                    const struct cret_foreign_pin *pin, struct cret_err *err)
{
    const char *subject = cret_certificate_subject(request->signer);
    const char *issuer = cret_certificate_issuer(request->signer);
    if (pin->subject == NULL && !pin->own) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_PIN,
                               "the pin %s names an authority and no publisher", pin->name);
    }
    if (pin->subject != NULL && strcmp(pin->subject, subject) != 0) {
        return of_somebody_else(pin, "the publisher", pin->subject, subject, err);
    }
    if (pin->issuer != NULL && strcmp(pin->issuer, issuer) != 0) {
        return of_somebody_else(pin, "the issuer of the publisher's certificate", pin->issuer,
                                issuer, err);
    }
    return CRET_OK;
}

/* A certificate or a key is this one or none; that is asked first, in words of its own. */
static enum cret_status check_identity(const struct cret_pin_request *request,
                                       const struct cret_foreign_pin *pin, struct cret_err *err)
{
    const bool by_key = pin->anchor.kind == CRET_ANCHOR_KEY;
    const uint8_t *found = by_key ? cret_certificate_key_digest(request->signer)
                                  : cret_certificate_digest(request->signer);
    const uint8_t *wanted =
        by_key ? pin->anchor.key_digest : cret_certificate_digest(pin->anchor.certificate);
    char found_hex[CRET_SHA256_HEX], wanted_hex[CRET_SHA256_HEX];
    if (memcmp(found, wanted, CRET_SHA256_BYTES) == 0) {
        return CRET_OK;
    }
    cret_hex_encode(found_hex, found, CRET_SHA256_BYTES);
    cret_hex_encode(wanted_hex, wanted, CRET_SHA256_BYTES);
    return of_somebody_else(pin, by_key ? "the signer's key" : "the signer's certificate",
                            wanted_hex, found_hex, err);
}

/* The certificates between: those that came along, then the policy's. Caller frees. */
static const struct cret_certificate **candidates(const struct cret_pin_request *request,
                                                  size_t *ret_count)
{
    const struct cret_policy *policy = request->policy;
    const struct cret_certificate **list =
        calloc(request->other_count + policy->intermediate_count + 1, sizeof(*list));
    size_t count = 0;
    for (size_t i = 0; list != NULL && i < request->other_count; i++) {
        list[count++] = request->others[i];
    }
    for (size_t i = 0; list != NULL && i < policy->intermediate_count; i++) {
        list[count++] = policy->intermediates[i];
    }
    *ret_count = count;
    return list;
}

/* Which of those that came along the path is made of. Of a pinned key not even the signer's: its
 * certificate could be anybody's. */
static void mark_needed(const struct cret_pin_request *request, const struct cret_anchor *anchor,
                        const struct cret_chain *chain)
{
    for (size_t i = 0;
         request->needed != NULL && anchor->kind != CRET_ANCHOR_KEY && i < request->other_count;
         i++) {
        for (size_t j = 0; j < chain->count; j++) {
            request->needed[i] = request->needed[i] || request->others[i] == chain->certificates[j];
        }
    }
}

static enum cret_status verify_path(const struct cret_pin_request *request,
                                    const struct cret_anchor *anchor, const char *usage,
                                    bool is_authority, struct cret_err *err)
{
    struct cret_chain chain;
    size_t count = 0;
    const struct cret_certificate **known = candidates(request, &count);
    const int64_t time = request->time.given ? request->time.value : request->now;
    const struct cret_policy_lists lists = {.policy = request->policy,
                                            .now = request->now,
                                            .time = time,
                                            .timestamped = request->time.given,
                                            .is_authority = is_authority};
    const struct cret_chain_request path = {.signer = request->signer,
                                            .intermediates = known,
                                            .intermediate_count = count,
                                            .anchor = anchor,
                                            .time = time,
                                            .usage = usage,
                                            .any_usage = usage == NULL,
                                            .allow_example_keys = request->allow_example_keys,
                                            .allow_rsa_2048 = true,
                                            .accept = cret_policy_accept_path,
                                            .context = &lists};
    if (known == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_chain_verify(&path, &chain, err);
    if (status == CRET_OK) {
        mark_needed(request, anchor, &chain);
    }
    free(known);
    return status;
}

enum cret_status cret_pin_judge(const struct cret_pin_request *request,
                                const struct cret_foreign_pin *pin, struct cret_err *err)
{
    if (!pin->has_anchor) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_PIN,
                               "the pin %s is no certificate and no key of one", pin->name);
    }
    const bool named = pin->anchor.kind == CRET_ANCHOR_CA;
    if ((named ? check_names(request, pin, err) : check_identity(request, pin, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    return verify_path(request, &pin->anchor, request->usage, false, err);
}

enum cret_status cret_pin_judge_authority(const struct cret_pin_request *request,
                                          const char **ret_name, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    struct cret_err kept = {0};
    cret_err_refuse(&kept, CRET_CHECK_FOREIGN_TIMESTAMP,
                    "the policy names no authority for timestamps");
    for (size_t i = 0; policy->timestamp != CRET_DEMAND_OFF && i < policy->authority_count; i++) {
        struct cret_err reason = {0};
        if (verify_path(request, &policy->authorities[i].anchor, CRET_USAGE_TIME_STAMPING, true,
                        &reason) == CRET_OK) {
            *ret_name = policy->authorities[i].name;
            return CRET_OK;
        }
        if (reason.class != CRET_ERR_REFUSED) {
            if (err != NULL) {
                *err = reason;
            }
            return CRET_FAILED;
        }
        if (kept.check == CRET_CHECK_FOREIGN_TIMESTAMP) {
            kept = reason;
        } else {
            cret_reason_keep(&kept, &reason);
        }
    }
    kept.check = CRET_CHECK_FOREIGN_TIMESTAMP;
    if (err != NULL) {
        *err = kept;
    }
    return cret_err_actual(err, "by %s", cret_certificate_subject(request->signer));
}
