/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 certificates as this project sees them. */
#ifndef CRET_TRUST_CERTIFICATE_H
#define CRET_TRUST_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

/* Extended key usages (RFC 5280 4.2.1.12, RFC 3161 2.3). */
#define CRET_USAGE_CODE_SIGNING "1.3.6.1.5.5.7.3.3"
#define CRET_USAGE_TIME_STAMPING "1.3.6.1.5.5.7.3.8"

struct cret_certificate; /* one parsed certificate */
struct cret_public_key;

/* Strict DER, no trailing byte, SubjectPublicKeyInfo in the one form of the profile. */
CRET_MUST_CHECK enum cret_status
cret_certificate_from_der(struct cret_certificate **ret_certificate, const uint8_t *der,
                          size_t size, struct cret_err *err);
/* A file: one certificate in DER, or all CERTIFICATE blocks of a PEM text, in order; at least one;
 * any other block, or a text with no block, is an error of class USAGE that names `origin` (a
 * path). Caller frees the list. */
CRET_MUST_CHECK enum cret_status cret_certificates_read(struct cret_certificate ***ret_list,
                                                        size_t *ret_count, const char *data,
                                                        size_t size, const char *origin,
                                                        struct cret_err *err);
/* One CERTIFICATE block. The caller frees; NULL: out of memory. */
char *cret_certificate_pem(const struct cret_certificate *certificate);
void cret_certificate_free(struct cret_certificate **certificate);
void cret_certificates_free(struct cret_certificate ***list, size_t count);

/* Accessors; borrowed. Names are RFC 2253 text, escaped. */
const char *cret_certificate_subject(const struct cret_certificate *certificate);
const char *cret_certificate_issuer(const struct cret_certificate *certificate);
const char *cret_certificate_serial(const struct cret_certificate *certificate); /* hex */
const uint8_t *cret_certificate_der(const struct cret_certificate *certificate, size_t *ret_size);
/* SHA-256 of the DER SubjectPublicKeyInfo: the identity of the key. */
const uint8_t *cret_certificate_key_digest(const struct cret_certificate *certificate);
/* SHA-256 of the certificate: its fingerprint. */
const uint8_t *cret_certificate_digest(const struct cret_certificate *certificate);
int64_t cret_certificate_not_before(const struct cret_certificate *certificate);
int64_t cret_certificate_not_after(const struct cret_certificate *certificate);
bool cret_certificate_is_ca(const struct cret_certificate *certificate);
/* "ecdsa-p256", "rsa-3072", "ml-dsa-65", ... */
const char *cret_certificate_key_algorithm(const struct cret_certificate *certificate);
/* The key itself (trust/x509/public_key.h). */
const struct cret_public_key *cret_certificate_key(const struct cret_certificate *certificate);
/* An RSA key of 2048 to 3071 bits, which counts only where a trust policy names rsa-2048. */
bool cret_certificate_key_is_rsa_2048(const struct cret_certificate *certificate);
/* Whether this OpenSSL can use such a key. */
bool cret_certificate_key_available(const struct cret_certificate *certificate);

#endif
