/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One certificate revocation list (RFC 5280 5), of version 1 or 2, read by a strict walker. What is
 * not a list of its own issuer is refused when it is read: indirect lists, lists of some reasons or
 * of attribute certificates only, unknown critical extensions.
 */
#ifndef CRET_TRUST_CRL_H
#define CRET_TRUST_CRL_H

#include "trust/asn1/der.h"
#include "trust/x509/certificate.h"

struct cret_crl;

/* DER, no trailing byte. Says nothing about the signature. class REFUSED, certificate.revocation.
 */
CRET_MUST_CHECK enum cret_status cret_crl_from_der(struct cret_crl **ret_crl, const uint8_t *der,
                                                   size_t size, struct cret_err *err);
/* A file of the operator: one list in DER, or X509 CRL blocks of a PEM text. Appends to the list,
 * which the caller owns: each at most CRET_LIMIT_CRL_BYTES of DER, CRET_LIMIT_CRLS of
 * CRET_LIMIT_CRLS_BYTES in all. class USAGE; origin names the file. */
CRET_MUST_CHECK enum cret_status cret_crls_read(struct cret_crl ***list, size_t *count,
                                                const char *data, size_t size, const char *origin,
                                                struct cret_err *err);
/* A delta needs a complete list of its issuer beside it: alone it answers for nobody. class USAGE.
 */
CRET_MUST_CHECK enum cret_status cret_crls_check_bases(struct cret_crl *const *list, size_t count,
                                                       struct cret_err *err);
void cret_crls_free(struct cret_crl ***list, size_t count);

/* Accessors; borrowed. The issuer is RFC 2253 text, escaped. */
const char *cret_crl_issuer(const struct cret_crl *crl);
int64_t cret_crl_this_update(const struct cret_crl *crl);
int64_t cret_crl_next_update(const struct cret_crl *crl);
const uint8_t *cret_crl_digest(const struct cret_crl *crl); /* SHA-256 of the DER */
/* One X509 CRL block. The caller frees; NULL: out of memory. */
char *cret_crl_pem(const struct cret_crl *crl);
/* A delta says what changed since another list. What it revokes is revoked; it answers for nothing
 * else. */
bool cret_crl_is_delta(const struct cret_crl *crl);

/* Is it the list of whoever issued this certificate, by name? */
bool cret_crl_names_issuer_of(const struct cret_crl *crl,
                              const struct cret_certificate *certificate);
/* Signed with the key of `issuer`, who may sign lists, by an accepted algorithm? *ret_why is a
 * half-sentence where not ("was not signed by the issuer's key"). */
CRET_MUST_CHECK bool cret_crl_signed_by(const struct cret_crl *crl,
                                        const struct cret_certificate *issuer,
                                        const char **ret_why);
/* Would this certificate be in the list, were it revoked? A list can be of some kinds of
 * certificates, or of some distribution points only (RFC 5280 5.2.5). */
bool cret_crl_covers(const struct cret_crl *crl, const struct cret_certificate *certificate);

/* CRLReason (RFC 5280 5.3.1). */
enum {
    CRET_REASON_ABSENT = -1,
    CRET_REASON_UNSPECIFIED = 0,
    CRET_REASON_KEY_COMPROMISE = 1,
    CRET_REASON_CA_COMPROMISE = 2,
    CRET_REASON_AFFILIATION_CHANGED = 3,
    CRET_REASON_SUPERSEDED = 4,
    CRET_REASON_CESSATION = 5,
    CRET_REASON_HOLD = 6,
    CRET_REASON_REMOVED = 8, /* delta lists only */
    CRET_REASON_PRIVILEGE_WITHDRAWN = 9,
    CRET_REASON_AA_COMPROMISE = 10
};
const char *cret_crl_reason_words(int reason); /* "keyCompromise", ...; "no reason given" */

struct cret_crl_entry {
    int64_t since; /* the earlier one of revocationDate and invalidityDate */
    int reason;
};
/* The entry of this certificate, by serial number; false where it has none. Two entries of one
 * certificate give the earlier time, and a compromise where either names one. removeFromCRL in a
 * delta is no entry: its base judges. */
bool cret_crl_find(const struct cret_crl *crl, const struct cret_certificate *certificate,
                   struct cret_crl_entry *ret_entry);

#endif
