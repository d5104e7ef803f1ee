/* SPDX-License-Identifier: Apache-2.0 */
/* What a certificate must be fit for: usage, strength, validity. */
#ifndef CRET_TRUST_CERTIFICATE_RULES_H
#define CRET_TRUST_CERTIFICATE_RULES_H

#include "trust/x509/certificate.h"

/*
 * May this certificate sign under this usage (dotted OID)? Extended key usage must be present where
 * `required`, and where present must contain the usage itself: anyExtendedKeyUsage does not count.
 * keyUsage, where present, must contain digitalSignature. class REFUSED, certificate.usage.
 */
CRET_MUST_CHECK enum cret_status cret_certificate_allows(const struct cret_certificate *certificate,
                                                         const char *usage, bool required,
                                                         struct cret_err *err);
/* The extended key usage alone, where present: for the authorities between signer and anchor, on
 * which anyExtendedKeyUsage counts. */
CRET_MUST_CHECK enum cret_status
cret_certificate_usage_within(const struct cret_certificate *certificate, const char *usage,
                              struct cret_err *err);

/* Key and signature digest strong enough? allow_rsa_2048: RSA keys of 2048 to 3071 bits are. The
 * digest is not judged where the certificate's own signature does not matter (a trust anchor).
 * class REFUSED, certificate.algorithm. */
CRET_MUST_CHECK enum cret_status
cret_certificate_check_strength(const struct cret_certificate *certificate, bool judge_signature,
                                bool allow_rsa_2048, struct cret_err *err);
/* Did the subject of `issuer`, with its key, issue this certificate? False where this OpenSSL
 * cannot use the key. */
bool cret_certificate_issued_by(const struct cret_certificate *certificate,
                                const struct cret_certificate *issuer);
/* The names alone: proves nothing. */
bool cret_certificate_names_issuer(const struct cret_certificate *certificate,
                                   const struct cret_certificate *issuer);
/* Valid at `time`? class REFUSED, certificate.validity, with the dates and what to do. */
CRET_MUST_CHECK enum cret_status
cret_certificate_check_validity(const struct cret_certificate *certificate, int64_t time,
                                struct cret_err *err);

#endif
