/* SPDX-License-Identifier: Apache-2.0 */
/* Files that people give by mistake, known by how they begin. */
#include "trust/asn1/mistaken.h"

#include <string.h>

#include "base/finding/attributes.h"

#define STAYS "this is a private key: it stays with its signer, and nothing but --key asks for one"
#define OF_BUNDLE                                                                                  \
    "a bundle (PKCS #7): take the certificates out, openssl pkcs7 -print_certs -in FILE -out "     \
    "certs.pem (in DER with -inform DER)"
#define OF_STORE                                                                                   \
    "a key store (PKCS #12): take the certificate out, openssl pkcs12 -clcerts -nokeys -in FILE "  \
    "-out cert.pem"
#define AS_X509 "write it anew: openssl x509 -in FILE -out cert.pem"

static const struct {
    const char *label; /* its end */
    const char *way;
} labels[] = {
    {"PRIVATE KEY", STAYS},
    {"PKCS7", OF_BUNDLE},
    {"CMS", OF_BUNDLE},
    {"TRUSTED CERTIFICATE", AS_X509},
    {"X509 CERTIFICATE", AS_X509},
    {"CERTIFICATE REQUEST", "a request is no certificate: give what the CA made of it"},
    {"PUBLIC KEY", "a public key says nothing of its holder: give the certificate"},
    {"X509 CRL", "this is a revocation list: --crl takes it"},
    {"CERTIFICATE", "this is a certificate: --cert, --chain or --anchor takes it"},
};

static int ends_with(const char *text, const char *end)
{
    const size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

const char *cret_mistaken_label(const char *label)
{
    for (size_t i = 0; i < CRET_LENGTH(labels); i++) {
        if (ends_with(label, labels[i].label)) {
            return labels[i].way;
        }
    }
    return NULL;
}

/* What stands first in the outermost SEQUENCE. */
static const struct {
    const char *bytes;
    size_t size;
    const char *way;
} contents[] = {
    {"\x02\x01\x03\x30", 4, OF_STORE}, /* PFX: version 3, then authSafe (RFC 7292 4) */
    {"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 11, OF_BUNDLE}, /* id-signedData */
    {"\x02\x01\x00\x30", 4, STAYS}, /* PKCS #8: version 0, then the algorithm */
    {"\x02\x01\x01\x04", 4, STAYS}, /* an EC key of RFC 5915 */
};

const char *cret_mistaken_der(const void *der, size_t size)
{
    const unsigned char *bytes = der;
    if (size < 2 || bytes[0] != 0x30) {
        return NULL;
    }
    const size_t head = bytes[1] < 0x80 ? 2 : 2u + (bytes[1] & 0x0fu);
    for (size_t i = 0; i < CRET_LENGTH(contents); i++) {
        if (size >= head + contents[i].size &&
            memcmp(bytes + head, contents[i].bytes, contents[i].size) == 0) {
            return contents[i].way;
        }
    }
    return NULL;
}

/* By what the text begins its first block with. */
static const struct {
    const char *begin;
    const char *way;
} keys[] = {
    {"-----BEGIN OPENSSH PRIVATE KEY-----",
     "a key of OpenSSH: turn a copy of it into PKCS#8, ssh-keygen -p -m PKCS8 -f COPY"},
    {"-----BEGIN PUBLIC KEY-----", "this is the public half: give the private key"},
    {"-----BEGIN CERTIFICATE-----", "this is a certificate, which --cert takes: give the key"},
    {"-----BEGIN CERTIFICATE REQUEST-----",
     "this is a request: give the key that it was made with"},
    {"-----BEGIN PGP PRIVATE KEY BLOCK-----",
     "keys of OpenPGP make no signatures of this kind: make a key with cretula-sign keygen"},
};

const char *cret_mistaken_key(const char *text, size_t size)
{
    const char *first = memmem(text, size, "-----BEGIN ", strlen("-----BEGIN "));
    for (size_t i = 0; first != NULL && i < CRET_LENGTH(keys); i++) {
        const size_t length = strlen(keys[i].begin);
        if ((size_t)(text + size - first) >= length && memcmp(first, keys[i].begin, length) == 0) {
            return keys[i].way;
        }
    }
    return "convert it: DER with openssl pkey -inform DER -in FILE -out key.pem, PKCS#12 with "
           "openssl pkcs12 -nocerts -in FILE -out key.pem";
}
