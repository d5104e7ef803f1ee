/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Were the certificates of a path revoked when a signature was made? Judged here and not by
 * X509_verify_cert, which at a past time misreads the list of today.
 */
#ifndef CRET_TRUST_REVOCATION_H
#define CRET_TRUST_REVOCATION_H

#include "trust/x509/chain.h"
#include "trust/x509/crl.h"

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
    bool as_of; /* `now` is not the clock's (--at): lists from after it do not prove the clock wrong
                 */
    /* What the path was found with: certificates that may have signed lists besides those of the
     * path, and whether its signer is pinned. NULL: none, and he is not. */
    const struct cret_chain_request *path;
    /* Certificates that are trusted for whatever: one that issued a pinned signer may have signed
     * the lists that name him. */
    const struct cret_certificate *const *anchors;
    size_t anchor_count;
};

/* What the lists say of a path where nothing in it is revoked. Zeroed is "unknown". */
struct cret_revocation {
    bool known;          /* a fresh list of each issuer covers each certificate */
    bool listed;         /* where not: there is a list of that issuer, which does not answer */
    struct cret_err why; /* where not: what is missing or stale; class REFUSED */
};

/*
 * Looks up every certificate of the path but the anchor in the lists of its issuer, and a pinned
 * signer, with the policy's own certificate of a pinned key, in those that an issuer signed whose
 * certificate is at hand. class REFUSED,
 * certificate.revocation, where one was revoked: since a time up to `time`, or, where that time is
 * not proved, whenever. A stale list, one from a later time, and a delta refuse as well. Lists of
 * others, and ones that the issuer did not sign, say nothing. A list is the issuer's where the key
 * above the certificate signed it, or another key of that name with a path to the same anchor (RFC
 * 5280 6.3.3 (f)). class UNDECIDED where a list that its issuer signed is from after now: the clock
 * is wrong.
 */
CRET_MUST_CHECK enum cret_status
cret_revocation_check(const struct cret_revocation_request *request, const struct cret_chain *chain,
                      struct cret_revocation *ret_revocation, struct cret_err *err);

#endif
