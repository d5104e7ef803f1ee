/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's errors on certification paths in our words. */
#include "trust/x509/chain_errors.h"

#include <openssl/x509_vfy.h>

#include "base/finding/attributes.h"

const char cret_chain_other_anchor[] =
    "check that this is the right anchor for this vendor, and that the signature embeds the "
    "intermediate certificates";
const char cret_chain_ask_issuer[] = "the issuer must issue a certificate that follows RFC 5280";

/* OpenSSL's verification errors in our terms. What is not listed is certificate.path. */
static const struct cret_chain_error rows[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CRET_CHECK_CERTIFICATE_PATH,
     "does not lead to the trusted anchor: its issuer is missing", cret_chain_other_anchor},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CRET_CHECK_CERTIFICATE_PATH,
     "does not lead to the trusted anchor: its issuer is missing", cret_chain_other_anchor},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CRET_CHECK_CERTIFICATE_PATH,
     "does not lead to the trusted anchor", cret_chain_other_anchor},
    {X509_V_ERR_UNSPECIFIED, CRET_CHECK_CERTIFICATE_PATH, "does not lead to the trusted anchor",
     cret_chain_other_anchor},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CRET_CHECK_CERTIFICATE_PATH,
     "is self-signed and is not the trusted anchor", cret_chain_other_anchor},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CRET_CHECK_CERTIFICATE_PATH,
     "leads to another root than the trusted anchor", cret_chain_other_anchor},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, CRET_CHECK_CERTIFICATE_PATH,
     "was not signed by the key of its issuer", cret_chain_other_anchor},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, CRET_CHECK_CERTIFICATE_PATH,
     "is at the end of a path that is too long", cret_chain_ask_issuer},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, CRET_CHECK_CERTIFICATE_PATH,
     "has a critical extension that is not understood", cret_chain_ask_issuer},
    {X509_V_ERR_PERMITTED_VIOLATION, CRET_CHECK_CERTIFICATE_PATH,
     "has a name that its issuer is not permitted to certify", cret_chain_ask_issuer},
    {X509_V_ERR_EXCLUDED_VIOLATION, CRET_CHECK_CERTIFICATE_PATH,
     "has a name that its issuer is not permitted to certify", cret_chain_ask_issuer},
    {X509_V_ERR_NO_EXPLICIT_POLICY, CRET_CHECK_CERTIFICATE_PATH,
     "lacks the certificate policy that its issuer requires", cret_chain_ask_issuer},
    {X509_V_ERR_INVALID_POLICY_EXTENSION, CRET_CHECK_CERTIFICATE_PATH,
     "has a certificate policy that cannot be read", cret_chain_ask_issuer},
    {X509_V_ERR_INVALID_CA, CRET_CHECK_CERTIFICATE_USAGE,
     "issued another one, but is not the certificate of a certification authority",
     cret_chain_ask_issuer},
    {X509_V_ERR_INVALID_NON_CA, CRET_CHECK_CERTIFICATE_USAGE,
     "must not be the certificate of a certification authority", cret_chain_ask_issuer},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, CRET_CHECK_CERTIFICATE_USAGE,
     "exceeds the path length of its basic constraints", cret_chain_ask_issuer},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, CRET_CHECK_CERTIFICATE_USAGE,
     "issued another one, but its key usage does not allow that", cret_chain_ask_issuer},
    {X509_V_ERR_INVALID_PURPOSE, CRET_CHECK_CERTIFICATE_USAGE,
     "is used for something it was not issued for", cret_chain_ask_issuer},
    {X509_V_ERR_EE_KEY_TOO_SMALL, CRET_CHECK_CERTIFICATE_ALGORITHM, "has a key that is too weak",
     cret_chain_ask_issuer},
    {X509_V_ERR_CA_KEY_TOO_SMALL, CRET_CHECK_CERTIFICATE_ALGORITHM, "has a key that is too weak",
     cret_chain_ask_issuer},
    {X509_V_ERR_CA_MD_TOO_WEAK, CRET_CHECK_CERTIFICATE_ALGORITHM,
     "was signed with a digest that is too weak", cret_chain_ask_issuer},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, CRET_CHECK_CERTIFICATE_ALGORITHM,
     "has an EC key with explicit parameters", cret_chain_ask_issuer},
};

const struct cret_chain_error *cret_chain_error(int code)
{
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (rows[i].code == code) {
            return &rows[i];
        }
    }
    return NULL;
}
