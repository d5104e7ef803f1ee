/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures that another tool made, brought into the one form of docs/spec/signatures.md. */
#ifndef CRET_KEYS_FOREIGN_H
#define CRET_KEYS_FOREIGN_H

#include "base/finding/finding.h"
#include "trust/x509/certificate.h"

/* The signature, and what it is held to. */
struct cret_foreign_signature {
    const char *data; /* DER, BER, or PEM */
    size_t size;
    const struct cret_certificate *const *certificates; /* more than the signature embeds */
    size_t certificate_count;
    int64_t now; /* seconds */
    bool allow_example_keys;
    const char *origin; /* names the signature in notes */
};

/*
 * A CMS signature that another tool made, brought into the one form: what no signature covers is
 * written anew (encoding, order, certificates other than those that signingCertificateV2 lists,
 * CRLs, embedded content, unsigned attributes), what it covers stays as it is.
 * notes: a WARN for everything that was left out. Then held to the verifier's rules over content
 * and to cret_sign_check. class REFUSED with the reason where that cannot be; USAGE for
 * certificates that may not sign. Caller frees *ret_der.
 */
CRET_MUST_CHECK enum cret_status cret_foreign_adapt(uint8_t **ret_der, size_t *ret_size,
                                                    struct cret_findings *notes,
                                                    const struct cret_foreign_signature *signature,
                                                    const uint8_t *content, size_t size,
                                                    struct cret_err *err);

#endif
