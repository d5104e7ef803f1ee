/* SPDX-License-Identifier: Apache-2.0 */
/* What a key says of itself: a self-signed certificate, or a request to an authority. */
#ifndef CRET_KEYS_CERTIFY_H
#define CRET_KEYS_CERTIFY_H

#include <stdint.h>

#include "keys/keystore.h"

struct cret_certify_request {
    const char *subject; /* RFC 4514 */
    unsigned days;       /* that the certificate is valid */
    int64_t now;         /* seconds; its first moment */
    bool for_authority;  /* PKCS#10 (RFC 2986) in the place of a certificate; no days */
};

/* PEM, the caller's: a certificate (EKU codeSigning, critical; keyUsage digitalSignature; SHA-2),
 * or a request for one. Its signature was verified. class USAGE for a subject that is none, and for
 * a key without a public half; UNDECIDED where the key does not sign. */
CRET_MUST_CHECK enum cret_status cret_key_certify(char **ret_pem, const struct cret_key *key,
                                                  const struct cret_certify_request *request,
                                                  struct cret_err *err);
/* "ecdsa-p256", "rsa-3072". */
const char *cret_key_algorithm(const struct cret_key *key);

#endif
