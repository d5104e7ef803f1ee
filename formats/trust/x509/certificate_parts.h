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
/* Where OpenSSL decoded a certificate already, as part of something else. `get` returns a reference
 * of its own to what has exactly these bytes, or NULL: then they are decoded here. It is asked when
 * they have passed the walker. */
struct cret_certificate_decoded {
    X509 *(*get)(void *context, const uint8_t *der, size_t size);
    void *context;
};
/* cret_certificate_from_der, which decodes nothing twice. decoded may be NULL. */
CRET_MUST_CHECK enum cret_status
cret_certificate_from_decoded(struct cret_certificate **ret_certificate, const uint8_t *der,
                              size_t size, const struct cret_certificate_decoded *decoded,
                              struct cret_err *err);
/* RFC 2253 text with UTF-8 left readable, then made safe for terminals and logs. The caller frees;
 * NULL: out of memory. */
char *cret_certificate_name_text(const X509_NAME *name);

#endif
