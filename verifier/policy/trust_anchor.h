/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor that a verb of `trust` puts into a policy. */
#ifndef CRET_VERIFIER_TRUST_ANCHOR_H
#define CRET_VERIFIER_TRUST_ANCHOR_H

#include "base/command/options.h"
#include "base/digest/digest.h"
#include "trust/x509/certificate.h"

struct cret_trust_anchor {
    struct cret_certificate **certificates; /* one; none for a bare key */
    size_t count;
    char *pem;                       /* in the one form of a policy */
    const char *type;                /* "ca", "certificate", "key" */
    const uint8_t *fingerprint;      /* of the certificate, or of the key where that is pinned */
    uint8_t bare[CRET_SHA256_BYTES]; /* of a public key without a certificate */
};

/* One certificate; for --role provenance a public key too. --pin-key pins its key alone. Cleared by
 * the caller, after a failure too. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_trust_anchor_read(struct cret_trust_anchor *anchor,
                                                        const struct cret_options *options,
                                                        const char *path, struct cret_err *err);
/* --fingerprint, or what is typed: a person must bring it along, for a certificate that vouches for
 * itself is none. REFUSED where it is another one, class USAGE where it is none. */
CRET_MUST_CHECK enum cret_status cret_trust_anchor_confirm(const struct cret_trust_anchor *anchor,
                                                           const struct cret_options *options,
                                                           struct cret_err *err);
void cret_trust_anchor_clear(struct cret_trust_anchor *anchor);

#endif
