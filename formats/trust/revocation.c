/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/revocation.h"

#include <string.h>

#include "base/text.h"

#define CHECK CRET_CHECK_CERTIFICATE_REVOCATION

static const char *time_text(char out[32], int64_t seconds)
{
    cret_time_words(out, seconds);
    return out;
}

/* RFC 3161 4: after these reasons, where the list gives them, earlier tokens stay valid. */
static bool harmless_for_authority(int reason)
{
    return reason == CRET_REASON_UNSPECIFIED || reason == CRET_REASON_AFFILIATION_CHANGED ||
           reason == CRET_REASON_SUPERSEDED || reason == CRET_REASON_CESSATION;
}

/* Does the entry count against a signature of this time? */
static bool counts(const struct cret_revocation_request *request,
                   const struct cret_crl_entry *entry)
{
    if (entry->since <= request->time)
        return true;
    if (request->is_authority)
        return !harmless_for_authority(entry->reason);
    return cret_crl_reason_is_compromise(entry->reason) && !request->timestamped;
}

static enum cret_status refuse(const struct cret_revocation_request *request,
                               const struct cret_certificate *certificate,
                               const struct cret_crl *crl, const struct cret_crl_entry *entry,
                               struct cret_err *err)
{
    char since[32], time[32];
    cret_err_refuse(err, CHECK, "the certificate of %s was revoked as of %s (%s)",
                    cret_certificate_subject(certificate), time_text(since, entry->since),
                    cret_crl_reason_words(entry->reason));
    cret_err_where(err, "revocation list of %s", cret_crl_issuer(crl));
    cret_err_expected(err, "not revoked at the signature time, %s%s",
                      time_text(time, request->time),
                      request->timestamped ? "" : " (no trusted timestamp: the time of this run)");
    return cret_err_hint(err, "do not install the release; ask the vendor's security contact why "
                              "the certificate was revoked, and for a release signed with another");
}

/* Is the list one that may answer now? Otherwise *why says what is wrong with it. */
static bool is_fresh(const struct cret_revocation_request *request, const struct cret_crl *crl,
                     struct cret_err *why)
{
    char begin[32], end[32], now[32];
    const int64_t from = cret_crl_this_update(crl);
    int64_t until = cret_crl_next_update(crl);
    if (request->maximum_age > 0 && from + request->maximum_age < until)
        until = from + request->maximum_age;
    if (request->now >= from && request->now < until)
        return true;
    cret_err_refuse(why, CHECK, "the revocation list of %s is %s", cret_crl_issuer(crl),
                    request->now < from ? "from a later time" : "too old");
    cret_err_expected(why, "a list for %s", time_text(now, request->now));
    cret_err_actual(why, "of %s, good until %s", time_text(begin, from), time_text(end, until));
    cret_err_hint(why, "fetch the issuer's current list and give it with --crl or in the trust "
                       "policy");
    return false;
}

/* One certificate under its issuer. CRET_OK with *ret_known false: no list answers, see *why. */
static enum cret_status check_one(const struct cret_revocation_request *request,
                                  const struct cret_certificate *certificate,
                                  const struct cret_certificate *issuer, bool *ret_known,
                                  struct cret_err *why, struct cret_err *err)
{
    *ret_known = false;
    cret_err_refuse(why, CHECK,
                    "no revocation list of %s was given: whether %s was revoked is not known",
                    cret_certificate_issuer(certificate), cret_certificate_subject(certificate));
    cret_err_hint(why, "fetch the issuer's list and give it with --crl or in the trust policy; or "
                       "ask the vendor, or pin the certificate");
    for (size_t i = 0; i < request->crl_count; i++) {
        const struct cret_crl *crl = request->crls[i];
        const char *fault = NULL;
        struct cret_crl_entry entry;
        if (!cret_crl_names_issuer_of(crl, certificate))
            continue;
        if (!cret_crl_signed_by(crl, issuer, &fault)) {
            cret_err_refuse(why, CHECK, "a revocation list in the name of %s %s",
                            cret_crl_issuer(crl), fault);
            cret_err_hint(why, "fetch the list from the issuer itself");
            continue;
        }
        if (cret_crl_find(crl, certificate, &entry) && counts(request, &entry))
            return refuse(request, certificate, crl, &entry, err);
        if (!cret_crl_covers(crl, certificate)) {
            cret_err_refuse(why, CHECK, "the revocation list of %s does not cover %s",
                            cret_crl_issuer(crl), cret_certificate_subject(certificate));
            cret_err_hint(why, "fetch the list that the certificate's distribution point names");
        } else if (is_fresh(request, crl, why)) {
            *ret_known = true;
        }
    }
    return CRET_OK;
}

enum cret_status cret_revocation_check(const struct cret_revocation_request *request,
                                       const struct cret_chain *chain,
                                       struct cret_revocation *ret_revocation, struct cret_err *err)
{
    struct cret_revocation result = {.known = chain->count > 0};
    cret_err_clear(&result.why);
    for (size_t i = 0; i + 1 < chain->count; i++) {
        bool known = false;
        struct cret_err why;
        cret_err_clear(&why);
        if (check_one(request, chain->certificates[i], chain->certificates[i + 1], &known, &why,
                      err) != CRET_OK)
            return CRET_FAILED;
        if (!known && result.known) {
            result.known = false;
            result.why = why;
        }
    }
    *ret_revocation = result;
    return CRET_OK;
}
