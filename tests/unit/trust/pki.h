/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and CMS signatures made by the tests themselves with OpenSSL: good ones, and ones
 * with a single deviation. Everything here stops the test where it fails. */
#ifndef CRET_TESTS_PKI_H
#define CRET_TESTS_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/text/text.h"
#include "trust/policy/policy.h"
#include "trust/x509/certificate.h"
#include "trust/x509/cms_algorithm.h"

#define PKI_BEGIN 1577836800ll /* 2020-01-01T00:00:00Z */
#define PKI_END 2208988800ll   /* 2040-01-01T00:00:00Z */
#define PKI_NOW 1767225600ll   /* 2026-01-01T00:00:00Z */
#define PKI_USAGE "1.3.6.1.5.5.7.3.3"

struct pki_entity {
    EVP_PKEY *pkey;
    X509 *x509;
    struct cret_certificate *certificate; /* NULL where the parser refuses it */
};

struct pki_spec {
    const char *name;                /* CN */
    const char *algorithm;           /* "P-256" (default), "P-384", "P-521", "RSA-3072", ... */
    const struct pki_entity *issuer; /* NULL: self-signed */
    EVP_PKEY *pkey;                  /* use this key instead of a new one */
    const char *extensions[8];       /* "basicConstraints=critical,CA:TRUE" ...; NULL-terminated */
    int64_t not_before, not_after;   /* 0: PKI_BEGIN, PKI_END */
    const EVP_MD *digest;            /* of its signature; NULL: SHA-256 */
    int version;                     /* 0: 3 */
    bool may_be_refused;             /* by our own parser */
};
#define PKI_CA "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"
#define PKI_LEAF                                                                                   \
    "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",                    \
        "extendedKeyUsage=critical,codeSigning"

struct pki_entity pki_make(struct pki_spec spec);
/* A root and a code signer below it. */
struct pki_entity pki_root(const char *name);
struct pki_entity pki_leaf(const char *name, const struct pki_entity *issuer);
void pki_clear(struct pki_entity *entity);
/* PEM of the certificate, and of the public key; the caller frees. */
char *pki_pem(const struct pki_entity *entity);
char *pki_key_pem(const struct pki_entity *entity);

/* One CMS signature with each of its parts open to change. */
enum { FORGE_ATTRIBUTES = 12, FORGE_CERTIFICATES = 12 };
struct forge {
    const struct pki_entity *signer;
    const uint8_t *content;
    size_t content_size;
    const struct cret_digest_algorithm *digest;
    bool pss;
    struct cret_buffer attributes[FORGE_ATTRIBUTES]; /* finished Attributes */
    size_t attribute_count;
    bool unsorted_attributes, no_attributes;
    struct cret_bytes certificates[FORGE_CERTIFICATES]; /* finished Certificates */
    size_t certificate_count;
    bool unsorted_certificates, no_certificates;
    /* Finished elements that replace the right one where set. */
    struct cret_buffer content_type, version, digests, encapsulated, crls, signer_version, sid,
        signer_digest, algorithm, value;
    struct cret_buffer unsigned_attributes, second_signer, after_signers;
};

/* The right signature of signer over content, with these certificates listed after his own. */
void forge_begin(struct forge *forge, const struct pki_entity *signer, const char *content,
                 const struct pki_entity *const *intermediates, size_t intermediate_count);
/* Signs and writes it; the caller frees. The forge can be written again. */
uint8_t *forge_write(struct forge *forge, size_t *ret_size);
void forge_end(struct forge *forge);

void der_put(struct cret_buffer *out, uint8_t tag, const void *content, size_t size);
void der_put_bytes(struct cret_buffer *out, struct cret_bytes bytes);
/* Wraps and empties inner. */
void der_wrap(struct cret_buffer *out, uint8_t tag, struct cret_buffer *inner);
/* Attribute with one value, which is finished DER. */
void der_put_attribute(struct cret_buffer *out, struct cret_bytes type, const void *value,
                       size_t size);
/* ESSCertIDv2 entries; digest NULL: the default, absent. */
void der_put_certificate_id(struct cret_buffer *out, const struct pki_entity *entity,
                            const struct cret_digest_algorithm *digest, bool issuer_serial);
void forge_commitment(struct forge *forge, struct cret_bytes type);
/* Replaces attribute `index` (0 contentType, 1 messageDigest, 2 signingCertificateV2). */
void forge_replace(struct forge *forge, size_t index, struct cret_bytes type, const void *value,
                   size_t size);

/* A parsed signature with this meaning. */
struct cret_cms *pki_cms(const struct pki_entity *signer, const char *content,
                         enum cret_meaning meaning, const struct pki_entity *const *intermediates,
                         size_t intermediate_count);

/* What a policy is asked about a list of signatures, at PKI_NOW. */
#define PKI_REQUEST(which, list, size)                                                             \
    (&(struct cret_judge_request){                                                                 \
        .policy = (which), .signatures = (list), .count = (size), .now = PKI_NOW})

/* Parsed and verified as a verifier would. */
enum cret_status pki_judge(const uint8_t *der, size_t size, const char *text, struct cret_err *err);

/* One certificate in a revocation list. */
struct pki_revoked {
    const struct pki_entity *who;
    int64_t date;
    int reason;            /* CRLReason + 1; 0: absent */
    int64_t invalidity;    /* 0: absent */
    const char *extension; /* "OID" of one more, critical; NULL: none */
};

struct pki_crl_spec {
    const struct pki_entity *issuer; /* his name, and his key unless: */
    const struct pki_entity *key;
    int64_t this_update, next_update; /* 0: PKI_NOW - 1 day, PKI_NOW + 30 days; next -1: absent */
    struct pki_revoked revoked[3];
    const char *extensions[3]; /* "deltaCRL=...", "issuingDistributionPoint=critical,...",
                                  "OID=critical,DER:..." */
    const EVP_MD *digest;      /* NULL: SHA-256 */
    int version;               /* 0: v2; -1: v1, written although it is the default */
};
/* DER of the list; the caller frees with OPENSSL_free. */
uint8_t *pki_crl(const struct pki_crl_spec *spec, size_t *ret_size);

/* A signer below an intermediate below a root. */
struct pki_chain {
    struct pki_entity root, middle, leaf;
};
struct pki_chain pki_chain_make(void);
void pki_chain_clear(struct pki_chain *f);

#endif
