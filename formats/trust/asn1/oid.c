/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers that are known here, and their dotted form. */
#include "trust/asn1/oid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OID(name, ...)                                                                             \
    static const uint8_t name##_octets[] = {__VA_ARGS__};                                          \
    const struct cret_bytes cret_oid_##name = {name##_octets, sizeof(name##_octets)}

OID(data, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01);
OID(signed_data, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
OID(content_type, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03);
OID(message_digest, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04);
OID(signing_time, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05);
OID(algorithm_protection, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x34);
OID(signing_certificate, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f);
OID(commitment_type, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x10);
OID(proof_of_origin, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x01);
OID(proof_of_receipt, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x02);
OID(proof_of_approval, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x05);
OID(signing_certificate_v1, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c);
OID(timestamp_token, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e);
OID(timestamp_info, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04);

/* Signed attributes of other tools. */
static const struct {
    const char *oid, *words;
} known[] = {
    {"1.2.840.113549.1.9.15", "smimeCapabilities, by S/MIME tools; for OpenSSL: -nosmimecap"},
    {"1.2.840.113549.1.9.16.2.1", "receiptRequest, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.2", "securityLabel, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.4", "contentHint, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.7", "contentIdentifier, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.10", "contentReference, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.11", "encrypKeyPref, by S/MIME tools"},
    {"1.2.840.113549.1.9.16.2.12", "signingCertificate by SHA-1, as of CAdES before 2007"},
    {"1.2.840.113549.1.9.16.2.15", "sigPolicyId, by CAdES-EPES tools"},
    {"1.2.840.113549.1.9.16.2.17", "signerLocation, by CAdES tools"},
    {"1.2.840.113549.1.9.16.2.18", "signerAttr, by CAdES tools"},
    {"1.2.840.113549.1.9.16.2.19", "otherSigCert, by CAdES tools"},
    {"1.2.840.113549.1.9.16.2.20", "contentTimestamp, by CAdES tools"},
    {"1.2.840.113549.1.9.16.2.47", "signingCertificateV2"},
    {"1.2.840.113583.1.1.8", "adbe-revocationInfoArchival, by PDF tools"},
    {"1.2.840.113635.100.9.1", "CDHashes, by Apple's codesign"},
    {"1.2.840.113635.100.9.2", "CDHashes2, by Apple's codesign"},
    {"1.3.6.1.4.1.311.2.1.11", "SpcStatementType, by Authenticode tools (signtool, osslsigncode)"},
    {"1.3.6.1.4.1.311.2.1.12", "SpcSpOpusInfo, by Authenticode tools (signtool, osslsigncode)"},
    {"1.3.6.1.4.1.311.16.4", "encryptionKeyPreference, by Microsoft's S/MIME tools"},
    {"0.4.0.1733.2.1", "mimeType, by CAdES tools"},
    {"0.4.0.19122.1.1", "signerAttributesV2, by CAdES tools"},
};

/* X.690 8.19. */
static void put_dotted(struct cret_bytes oid, char *out, size_t size)
{
    size_t used = 0;
    uint64_t arc = 0;
    bool first = true;
    out[0] = '\0';
    for (size_t i = 0; i < oid.size && used + 1 < size; i++) {
        int written = 0;
        arc = arc << 7 | (oid.data[i] & 0x7fu);
        if (oid.data[i] >= 0x80) {
            continue;
        }
        if (first) {
            const uint64_t root = arc < 80 ? arc / 40 : 2;
            written =
                snprintf(out + used, size - used, "%" PRIu64 ".%" PRIu64, root, arc - root * 40);
        } else {
            written = snprintf(out + used, size - used, ".%" PRIu64, arc);
        }
        first = false;
        arc = 0;
        used += written > 0 ? (size_t)written : 0;
    }
}

void cret_oid_text(struct cret_bytes oid, char *out, size_t size)
{
    put_dotted(oid, out, size);
    for (size_t i = 0; i < CRET_LENGTH(known); i++) {
        const size_t used = strlen(out);
        if (strcmp(known[i].oid, out) == 0) {
            snprintf(out + used, size - used, " (%s)", known[i].words);
            return;
        }
    }
}
