/* SPDX-License-Identifier: Apache-2.0 */
/* Which lists count for a certificate at a time, and what they say. */
#include "trust/x509/revocation.h"

#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/x509/certificate_rules.h"

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

/* Does the entry count against a signature of this time? Without a proved time any does: the date
 * of a list says when its authority acted, not that the signature is older. */
static bool counts(const struct cret_revocation_request *request,
                   const struct cret_crl_entry *entry)
{
    if (!request->timestamped && !request->is_authority) {
        return true;
    }
    if (entry->since <= request->time) {
        return true;
    }
    return request->is_authority && !harmless_for_authority(entry->reason);
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
    if (request->timestamped) {
        cret_err_expected(err, "not revoked at the signature time, %s",
                          time_text(time, request->time));
    } else {
        cret_err_expected(err,
                          "on no list at all: no trusted timestamp proves that the signature is "
                          "older than the revocation");
    }
    return cret_err_hint(err,
                         "do not rely on what it signed; ask its holder's security contact why "
                         "it was revoked, and for a signature with another");
}

/* Is the list one that may answer now? Otherwise *why says what is wrong with it. */
static bool is_fresh(const struct cret_revocation_request *request, const struct cret_crl *crl,
                     struct cret_err *why)
{
    char begin[32], end[32], now[32];
    const int64_t from = cret_crl_this_update(crl);
    int64_t until = cret_crl_next_update(crl);
    if (request->maximum_age.given && request->maximum_age.value < until - from) {
        until = from + request->maximum_age.value;
    }
    if (request->now >= from && request->now < until) {
        return true;
    }
    cret_err_refuse(why, CHECK, "the revocation list of %s is %s", cret_crl_issuer(crl),
                    request->now < from ? "from a later time" : "too old");
    cret_err_expected(why, "a list for %s", time_text(now, request->now));
    cret_err_actual(why, "of %s, good until %s", time_text(begin, from), time_text(end, until));
    cret_err_hint(why, "fetch the issuer's current list and give it with --crl or in the trust "
                       "policy");
    return false;
}

/* One certificate of a path, and what the lists say of it. */
struct question {
    const struct cret_revocation_request *request;
    const struct cret_certificate *certificate;
    const struct cret_certificate *issuer; /* above it in the path; NULL: it is pinned */
    bool known;                            /* a fresh list answers */
    bool listed;                           /* there is a list in the name of its issuer */
    struct cret_err why;                   /* not known: why */
    const struct cret_crl *later;          /* rightly signed, and from after now; NULL: none */
};

/* May this certificate, of the issuer's name, have signed the list? The one above a pin is known by
 * having issued it; another one of an issuer in the path by a path of its own to the anchor. */
static bool may_sign(const struct question *question, const struct cret_certificate *candidate)
{
    const struct cret_chain_request *path = question->request->path;
    if (question->issuer == NULL) {
        return cret_certificate_issued_by(question->certificate, candidate);
    }
    return cret_chain_reaches(path, candidate, question->request->time) ||
           cret_chain_reaches(path, candidate, question->request->now);
}

/* Did another certificate at hand sign the list: the issuer's, above a pin, embedded or an anchor
 * of the policy; or a second key of an issuer in the path? */
static bool signed_by_another(const struct question *question, const struct cret_crl *crl,
                              const char **ret_why)
{
    const struct cret_chain_request *path = question->request->path;
    const size_t count = path == NULL ? 0 : path->intermediate_count;
    const size_t others = question->issuer == NULL ? question->request->anchor_count : 0;
    for (size_t i = 0; i < count + 2 + others && path != NULL; i++) {
        const struct cret_certificate *candidate = i < count    ? path->intermediates[i]
                                                   : i == count ? path->anchor->certificate
                                                   : i == count + 1
                                                       ? question->certificate
                                                       : question->request->anchors[i - count - 2];
        const char *why = NULL;
        if (candidate == NULL || !cret_certificate_names_issuer(question->certificate, candidate)) {
            continue;
        }
        if (!cret_crl_signed_by(crl, candidate, &why)) {
            if (*ret_why == NULL) {
                *ret_why = why;
            }
        } else if (may_sign(question, candidate)) {
            return true;
        }
    }
    return false;
}

static bool is_signed(const struct question *question, const struct cret_crl *crl,
                      const char **ret_why)
{
    *ret_why = NULL;
    if (question->issuer != NULL && cret_crl_signed_by(crl, question->issuer, ret_why)) {
        return true;
    }
    if (signed_by_another(question, crl, ret_why)) {
        return true;
    }
    if (*ret_why == NULL) {
        *ret_why = "cannot be verified: neither the signature nor the trust policy has the "
                   "certificate of that issuer";
    }
    return false;
}

/* Looks the certificate up in one list in the name of its issuer. class REFUSED: it was revoked. */
static enum cret_status look_up(struct question *question, const struct cret_crl *crl,
                                struct cret_err *err)
{
    const struct cret_revocation_request *request = question->request;
    const char *fault = NULL;
    struct cret_crl_entry entry;
    question->listed = true;
    if (!is_signed(question, crl, &fault)) {
        cret_err_refuse(&question->why, CHECK, "a revocation list in the name of %s %s",
                        cret_crl_issuer(crl), fault);
        cret_err_hint(&question->why, "fetch the list from the issuer itself");
        return CRET_OK;
    }
    if (cret_crl_find(crl, question->certificate, &entry) && counts(request, &entry)) {
        return refuse(request, question->certificate, crl, &entry, err);
    }
    if (cret_crl_this_update(crl) > request->now && !request->as_of) {
        question->later = crl;
    }
    if (cret_crl_is_delta(crl)) {
        return CRET_OK;
    }
    if (!cret_crl_covers(crl, question->certificate)) {
        cret_err_refuse(&question->why, CHECK, "the revocation list of %s does not cover %s",
                        cret_crl_issuer(crl), cret_certificate_subject(question->certificate));
        cret_err_hint(&question->why,
                      "fetch the list that the certificate's distribution point names");
    } else if (is_fresh(request, crl, &question->why)) {
        question->known = true;
    }
    return CRET_OK;
}

static enum cret_status ask(struct question *question, struct cret_err *err)
{
    const struct cret_revocation_request *request = question->request;
    cret_err_clear(&question->why);
    cret_err_refuse(&question->why, CHECK,
                    "no revocation list of %s was given: whether %s was revoked is not known",
                    cret_certificate_issuer(question->certificate),
                    cret_certificate_subject(question->certificate));
    cret_err_hint(&question->why,
                  "fetch the issuer's list and give it with --crl or in the trust policy; or ask "
                  "the signer, or pin the certificate");
    for (size_t i = 0; i < request->crl_count; i++) {
        const struct cret_crl *crl = request->crls[i];
        if (cret_crl_names_issuer_of(crl, question->certificate) &&
            look_up(question, crl, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* A list that its issuer signed cannot be from after now, unless now is not the clock's. */
static enum cret_status refuse_clock(const struct cret_revocation_request *request,
                                     const struct cret_crl *crl, struct cret_err *err)
{
    char from[32], now[32];
    cret_err_undecided(err,
                       "the clock of this machine is wrong: the revocation list of %s, rightly "
                       "signed, is from a later time",
                       cret_crl_issuer(crl));
    cret_err_expected(err, "%s or later", time_text(from, cret_crl_this_update(crl)));
    cret_err_actual(err, "%s", time_text(now, request->now));
    return cret_err_hint(err, "set the clock (UTC) and run it again");
}

enum cret_status cret_revocation_check(const struct cret_revocation_request *request,
                                       const struct cret_chain *chain,
                                       struct cret_revocation *ret_revocation, struct cret_err *err)
{
    struct cret_revocation result = {.known = chain->count > 0};
    const struct cret_crl *later = NULL;
    const bool pinned = request->path != NULL && request->path->anchor->kind != CRET_ANCHOR_CA;
    const struct cret_certificate *pin = pinned && request->path->anchor->kind == CRET_ANCHOR_KEY
                                             ? request->path->anchor->certificate
                                             : NULL;
    cret_err_clear(&result.why);
    for (size_t i = 0; i < chain->count + 1; i++) {
        /* Of a pinned key the certificate that the policy has counts too: whoever stole the key can
         * make others for it, which are on no list. */
        struct question question = {.request = request,
                                    .certificate = i < chain->count ? chain->certificates[i] : pin};
        if (i + 1 < chain->count) {
            question.issuer = chain->certificates[i + 1];
        } else if (!pinned || question.certificate == NULL) {
            break; /* the anchor, which no list can end */
        }
        if (ask(&question, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (question.later != NULL) {
            later = question.later;
        }
        /* Nobody need answer for a pin; a list in its issuer's name that says nothing is told. */
        if (!question.known && result.known && (!pinned || question.listed)) {
            result.known = false;
            result.listed = question.listed;
            result.why = question.why;
        }
    }
    if (later != NULL) {
        return refuse_clock(request, later, err);
    }
    *ret_revocation = result;
    return CRET_OK;
}
