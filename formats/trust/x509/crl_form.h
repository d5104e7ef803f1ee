/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a revocation list (RFC 5280 5.1), read before any other parser sees it. Internal to
 * trust/. Everything is borrowed from the DER. */
#ifndef CRET_TRUST_CRL_FORM_H
#define CRET_TRUST_CRL_FORM_H

#include "trust/x509/crl.h"

struct cret_crl_form {
    unsigned version; /* 1 or 2 */
    int64_t this_update, next_update;
    struct cret_bytes algorithm;          /* AlgorithmIdentifier, whole */
    struct cret_bytes entries;            /* content of revokedCertificates; size 0: none */
    struct cret_bytes distribution_point; /* content of its fullName; size 0: all certificates */
    bool users_only, cas_only;
    bool delta; /* says what changed since another list */
};

/* Every byte of the list. class REFUSED, certificate.revocation. */
CRET_MUST_CHECK enum cret_status cret_crl_form_parse(struct cret_crl_form *ret_form,
                                                     const uint8_t *der, size_t size,
                                                     struct cret_err *err);
/* The next of the entries, which `list` stands before. */
CRET_MUST_CHECK enum cret_status cret_crl_take_entry(struct cret_der *list,
                                                     const struct cret_crl_form *form,
                                                     struct cret_bytes *ret_serial,
                                                     struct cret_crl_entry *ret_entry);
/* A reader that stands before the first entry of a list that was parsed. */
struct cret_der cret_crl_entries(const struct cret_crl_form *form, const uint8_t *der, size_t size,
                                 struct cret_err *err);

#endif
