/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a certificate is fit for its place in a path. */
#include "trust/x509/certificate_rules.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/asn1/library.h"
#include "trust/x509/certificate_parts.h"

#define ANY_USAGE "2.5.29.37.0" /* anyExtendedKeyUsage, RFC 5280 4.2.1.12 */

/* Digests of certificate signatures, as NIDs of OpenSSL. */
static const int strong_digests[] = {NID_sha256, NID_sha384, NID_sha512};

static const struct {
    const char *oid, *words;
} usages[] = {
    {CRET_USAGE_CODE_SIGNING, "code signing"},  {CRET_USAGE_TIME_STAMPING, "time stamping"},
    {"1.3.6.1.5.5.7.3.4", "e-mail protection"}, {"1.3.6.1.5.5.7.3.1", "TLS server"},
    {"1.3.6.1.5.5.7.3.2", "TLS client"},        {ANY_USAGE, "any usage"},
};

/* "code signing (1.3.6.1.5.5.7.3.3)" for people. */
static const char *usage_words(const char *usage, char *out, size_t size)
{
    for (size_t i = 0; i < CRET_LENGTH(usages); i++) {
        if (strcmp(usages[i].oid, usage) == 0) {
            snprintf(out, size, "%s (%s)", usages[i].words, usage);
            return out;
        }
    }
    snprintf(out, size, "%s", usage);
    return out;
}

/* The usages of a certificate, for an error. */
static void list_usages(const EXTENDED_KEY_USAGE *list, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
        char oid[80], words[120];
        if (OBJ_obj2txt(oid, (int)sizeof(oid), sk_ASN1_OBJECT_value(list, i), 1) <= 0) {
            continue;
        }
        usage_words(oid, words, sizeof(words));
        const int written = snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ", words);
        if (written < 0 || (size_t)written >= size - used) {
            return;
        }
        used += (size_t)written;
    }
}

static bool list_contains(const EXTENDED_KEY_USAGE *list, const char *usage)
{
    for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
        char oid[80];
        const int length = OBJ_obj2txt(oid, (int)sizeof(oid), sk_ASN1_OBJECT_value(list, i), 1);
        if (length > 0 && (size_t)length < sizeof(oid) && strcmp(oid, usage) == 0) {
            return true;
        }
    }
    return false;
}

/* `any`: anyExtendedKeyUsage is enough. */
static enum cret_status check_extended(const struct cret_certificate *certificate,
                                       const char *usage, bool required, bool any,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    int critical = -1;
    char wanted[120], found[200];
    if (usage == NULL) {
        return CRET_OK;
    }
    EXTENDED_KEY_USAGE *list =
        X509_get_ext_d2i(cret_certificate_x509(certificate), NID_ext_key_usage, &critical, NULL);
    usage_words(usage, wanted, sizeof(wanted));
    if (list == NULL && critical == -1) {
        if (!required) {
            return CRET_OK;
        }
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "the certificate of %s has no extended key usage",
                        cret_certificate_subject(certificate));
        cret_err_expected(err, "%s", wanted);
        cret_err_hint(err, "the signer needs a certificate that was issued for %s", wanted);
        goto out;
    }
    if (list == NULL) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "the extended key usage of %s cannot be read",
                        cret_certificate_subject(certificate));
        goto out;
    }
    if (!list_contains(list, usage) && !(any && list_contains(list, ANY_USAGE))) {
        list_usages(list, found, sizeof(found));
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "the certificate of %s was not issued for %s",
                        cret_certificate_subject(certificate), wanted);
        cret_err_expected(err, "%s", wanted);
        cret_err_actual(err, "%s", found);
        cret_err_hint(err,
                      any ? "the issuer must certify that authority for %s, or for any usage"
                          : "the signer needs a certificate that was issued for %s; "
                            "anyExtendedKeyUsage does not count",
                      wanted);
        goto out;
    }
    status = CRET_OK;
out:
    EXTENDED_KEY_USAGE_free(list);
    return status;
}

enum cret_status cret_certificate_usage_within(const struct cret_certificate *certificate,
                                               const char *usage, struct cret_err *err)
{
    return check_extended(certificate, usage, false, true, err);
}

enum cret_status cret_certificate_allows(const struct cret_certificate *certificate,
                                         const char *usage, bool required, struct cret_err *err)
{
    if (check_extended(certificate, usage, required, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    X509 *x509 = cret_certificate_x509(certificate);
    if ((X509_get_extension_flags(x509) & EXFLAG_KUSAGE) != 0 &&
        (X509_get_key_usage(x509) & KU_DIGITAL_SIGNATURE) == 0) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_USAGE,
                        "the key usage of %s does not allow digital signatures",
                        cret_certificate_subject(certificate));
        return cret_err_expected(err, "keyUsage with digitalSignature, or no keyUsage");
    }
    return CRET_OK;
}

bool cret_certificate_issued_by(const struct cret_certificate *certificate,
                                const struct cret_certificate *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(cret_certificate_x509(issuer));
    return cret_certificate_names_issuer(certificate, issuer) && key != NULL &&
           cret_library_holds(X509_verify(cret_certificate_x509(certificate), key));
}

bool cret_certificate_names_issuer(const struct cret_certificate *certificate,
                                   const struct cret_certificate *issuer)
{
    return X509_NAME_cmp(X509_get_issuer_name(cret_certificate_x509(certificate)),
                         X509_get_subject_name(cret_certificate_x509(issuer))) == 0;
}

enum cret_status cret_certificate_check_strength(const struct cret_certificate *certificate,
                                                 bool judge_signature, bool allow_rsa_2048,
                                                 struct cret_err *err)
{
    const struct cret_certificate_parts *parts = cret_certificate_parts(certificate);
    const char *weakness = cret_public_key_weakness_under(&parts->key, allow_rsa_2048);
    if (weakness != NULL) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_ALGORITHM, "the key of %s is not accepted: %s",
                        cret_certificate_subject(certificate), weakness);
        cret_err_actual(err, "%s", parts->key.name);
        if (cret_public_key_is_rsa_2048(&parts->key)) {
            return cret_err_hint(err, CRET_RSA_2048_HINT);
        }
        return CRET_FAILED;
    }
    if (!judge_signature) {
        return CRET_OK;
    }
    /* Ed25519, ML-DSA and SLH-DSA bring their own hash. */
    if (cret_public_key_pure_identifier(parts->signature)) {
        return CRET_OK;
    }
    int digest = NID_undef;
    if (X509_get_signature_info(cret_certificate_x509(certificate), &digest, NULL, NULL, NULL) ==
        1) {
        for (size_t i = 0; i < CRET_LENGTH(strong_digests); i++) {
            if (digest == strong_digests[i]) {
                return CRET_OK;
            }
        }
    }
    cret_err_refuse(err, CRET_CHECK_CERTIFICATE_ALGORITHM,
                    "the certificate of %s was signed with a digest that is not accepted",
                    cret_certificate_subject(certificate));
    cret_err_expected(err, "SHA-256, SHA-384 or SHA-512");
    cret_err_actual(err, "%s", digest == NID_undef ? "an unknown algorithm" : OBJ_nid2sn(digest));
    return cret_err_hint(err, "the issuer must issue this certificate again");
}

static const char *date_text(char out[32], int64_t seconds)
{
    cret_time_words(out, seconds);
    return out;
}

enum cret_status cret_certificate_check_validity(const struct cret_certificate *certificate,
                                                 int64_t time, struct cret_err *err)
{
    char begin[32], end[32], at[32];
    const int64_t not_before = cret_certificate_not_before(certificate);
    const int64_t not_after = cret_certificate_not_after(certificate);
    /* RFC 5280 includes the last second, OpenSSL does not: one rule everywhere, the stricter one.
     */
    if (time >= not_before && time < not_after) {
        return CRET_OK;
    }
    if (time >= not_after) {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_VALIDITY, "the certificate of %s expired on %s",
                        cret_certificate_subject(certificate), date_text(end, not_after));
        cret_err_hint(err, "ask the signer to sign again with a current certificate, or for a "
                           "timestamp from the time when this one was valid");
    } else {
        cret_err_refuse(err, CRET_CHECK_CERTIFICATE_VALIDITY,
                        "the certificate of %s is valid only from %s on",
                        cret_certificate_subject(certificate), date_text(begin, not_before));
        cret_err_hint(err, "check the clock of this machine; else ask the signer why the "
                           "certificate is used before its time");
    }
    cret_err_expected(err, "a time from %s to %s", date_text(begin, not_before),
                      date_text(end, not_after));
    return cret_err_actual(err, "%s", date_text(at, time));
}
