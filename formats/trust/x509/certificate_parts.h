/* SPDX-License-Identifier: Apache-2.0 */
/* What trust/ and keys/ see of a certificate beyond certificate.h. Internal to these two folders.
 */
#ifndef CRET_TRUST_CERTIFICATE_PARTS_H
#define CRET_TRUST_CERTIFICATE_PARTS_H

#include <openssl/x509.h>

#include "trust/x509/certificate.h"
#include "trust/x509/public_key.h"

struct cret_certificate_parts {
    unsigned version;                  /* 1 or 3 */
    struct cret_bytes serial;          /* INTEGER with tag and length */
    struct cret_bytes issuer, subject; /* Name with tag and length */
    struct cret_bytes key_info;        /* SubjectPublicKeyInfo with tag and length */
    struct cret_bytes signature;       /* AlgorithmIdentifier of the issuer's signature, whole */
    struct cret_public_key key;
};

/* Borrowed. */
const struct cret_certificate_parts *
cret_certificate_parts(const struct cret_certificate *certificate);
/* OpenSSL's view of the same bytes; borrowed, not to be changed. It holds no public key where this
 * OpenSSL cannot use its kind (cret_public_key_available). */
X509 *cret_certificate_x509(const struct cret_certificate *certificate);
/* RFC 2253 text with UTF-8 left readable, then made safe for terminals and logs. The caller frees;
 * NULL: out of memory. */
char *cret_certificate_name_text(const X509_NAME *name);

#endif
