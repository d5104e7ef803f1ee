/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structure of one CMS signature (RFC 5652) held to the profile of docs/spec/signatures.md,
 * before any other parser sees it. Internal to trust/. Everything is borrowed from the DER. From
 * the bottom up: cms_walk.c and cms_attributes.c, cms_object.c, cms_verify.c, timestamp.c, cms.c.
 */
#ifndef CRET_TRUST_CMS_FORM_H
#define CRET_TRUST_CMS_FORM_H

#include <openssl/cms.h>

#include "base/finding/limits.h"
#include "trust/cms/cms.h"
#include "trust/x509/cms_algorithm.h"

/* What is walked: a signature of the archive, or the timestamp token of one (timestamp.h). */
/* CADES: a signature of a format of others, which may carry certificates that it does not name. */
enum cret_cms_kind { CRET_CMS_SIGNATURE = 0, CRET_CMS_TOKEN, CRET_CMS_CADES };

/* ContentInfo, SignedData, SignerInfo: the fields whose values differ between signatures. */
struct cret_cms_form {
    enum cret_cms_kind kind;
    struct cret_bytes certificates[CRET_LIMIT_CHAIN]; /* in the order of the SET OF */
    size_t certificate_count;
    struct cret_bytes issuer, serial; /* sid, with tag and length */
    const struct cret_digest_algorithm *digest;
    struct cret_bytes digest_identifier; /* as it is written */
    struct cret_bytes attributes;        /* signedAttrs: content of the [0] */
    struct cret_bytes algorithm;         /* signatureAlgorithm, with tag and length */
    struct cret_bytes value;             /* signature: content */
    struct cret_bytes content;           /* of a token: eContent; empty for a signature */
    struct cret_bytes token;  /* timestamp of a signature, with tag and length; size 0: none */
    struct cret_bytes head;   /* the fields of SignedData before signerInfos */
    struct cret_bytes signer; /* the fields of SignerInfo up to the signature value */
};

/* class REFUSED, signature.form or signature.algorithm; where = byte of the signature. */
CRET_MUST_CHECK enum cret_status cret_cms_form_parse(struct cret_cms_form *ret_form,
                                                     enum cret_cms_kind kind, const uint8_t *der,
                                                     size_t size, struct cret_err *err);

/* One ESSCertIDv2 (RFC 5035 4), or ESSCertID (RFC 2634 5.4.1) in a token. */
struct cret_cms_certificate_id {
    bool explicit_hash; /* SHA-256 or another one by its identifier */
    const struct cret_digest_algorithm *digest;
    struct cret_bytes hash;
    struct cret_bytes issuer, serial; /* issuerSerial, with tag and length; size 0: absent */
};

/* Sets what err expects: the certificate with this hash. Returns CRET_FAILED. */
enum cret_status cret_cms_expect_certificate(const struct cret_cms_certificate_id *id,
                                             struct cret_err *err);

struct cret_cms_attributes {
    struct cret_bytes message_digest;
    struct cret_cms_certificate_id ids[CRET_LIMIT_CHAIN]; /* signer first */
    size_t id_count;
    bool named_by_sha1; /* of a token: by signingCertificate alone, which has SHA-1 */
    enum cret_meaning meaning;
    bool has_signing_time;
    int64_t signing_time;
    struct cret_bytes protected_digest;    /* cmsAlgorithmProtection; size 0: attribute absent */
    struct cret_bytes protected_signature; /* content only: its tag is implicit there */
};

/* Reads the signed attributes: exactly those of the profile, none twice, sorted. `der` is the whole
 * signature, so that errors can say where. */
CRET_MUST_CHECK enum cret_status
cret_cms_attributes_parse(struct cret_cms_attributes *ret_attributes, const uint8_t *der,
                          const struct cret_cms_form *form, struct cret_err *err);

/* What OpenSSL made of the whole signature when the certificate in it was wanted: kept for the one
 * who verifies it, since decoding a key costs OpenSSL as much as verifying with it. */
struct cret_cms_decoded {
    CMS_ContentInfo *info; /* NULL: taken */
};

/* One SignedData in its form: of a signature, or of the token in one. */
struct cret_cms {
    uint8_t *der;
    size_t size;
    struct cret_cms_form form; /* points into der, as do the attributes */
    struct cret_cms_attributes attributes;
    struct cret_certificate *chain[CRET_LIMIT_CHAIN]; /* signer first */
    size_t chain_count;
    struct cret_cms_decoded *decoded; /* NULL: only cret_cms_verify has it decoded */
    const struct cret_signature_algorithm *algorithm;
    char algorithm_name[48];
    struct cret_timestamp *timestamp; /* cms.c: of a signature; NULL: none */
};

/* cms_object.c: what cret_cms_parse_under holds a signature to, and a token likewise, but for the
 * timestamp in it; the value is not verified. Errors as there. Frees with cret_cms_object_free. */
CRET_MUST_CHECK enum cret_status cret_cms_object_parse(struct cret_cms **ret_cms,
                                                       enum cret_cms_kind kind, const uint8_t *der,
                                                       size_t size, bool allow_rsa_2048,
                                                       struct cret_err *err);
void cret_cms_object_free(struct cret_cms **cms);
/* cms_verify.c: what OpenSSL decodes of a signature whose form was walked, where its own encoding
 * of that gives the same bytes. The caller frees. class REFUSED, signature.form. */
CRET_MUST_CHECK enum cret_status cret_cms_decode(CMS_ContentInfo **ret_info,
                                                 const struct cret_cms *cms, struct cret_err *err);
/* Whether a token names its certificates by SHA-1 alone (signingCertificate, RFC 5816 3). */
bool cret_cms_named_by_sha1(const struct cret_cms *cms);
/* Borrowed. */
const struct cret_cms_form *cret_cms_form(const struct cret_cms *cms);

#endif
