/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Were the certificates of a path revoked when a signature was made? Judged here and not by
 * X509_verify_cert, which at a past time misreads the list of today.
 */
#ifndef CRET_TRUST_REVOCATION_H
#define CRET_TRUST_REVOCATION_H

#include "trust/chain.h"
#include "trust/crl.h"

struct cret_revocation_request {
    const struct cret_crl *const *crls;
    size_t crl_count;
    struct cret_optional maximum_age; /* seconds since thisUpdate; else nextUpdate alone decides */
    int64_t now;                      /* lists must be fresh at this time */
    int64_t time;                     /* signature time */
    bool timestamped;                 /* `time` was proved by a trusted authority; else it is now */
    /* The path is that of a timestamp authority: after a revocation its tokens are worth something
     * only where the list says why, and the reason is harmless (RFC 3161 4). */
    bool is_authority;
};

/* What the lists say of a path where nothing in it is revoked. Zeroed is "unknown". */
struct cret_revocation {
    bool known;          /* a fresh list of each issuer covers each certificate */
    struct cret_err why; /* where not: what is missing or stale; class REFUSED */
};

/*
 * Looks up every certificate of the path but the anchor in the lists of its issuer. class REFUSED,
 * certificate.revocation, where one was revoked: since a time up to `time`; or by a compromise of
 * the key where the time is not proved. A stale list refuses as well as a fresh one. Lists of
 * others, and ones that the issuer did not sign, say nothing.
 */
CRET_MUST_CHECK enum cret_status
cret_revocation_check(const struct cret_revocation_request *request, const struct cret_chain *chain,
                      struct cret_revocation *ret_revocation, struct cret_err *err);

#endif
