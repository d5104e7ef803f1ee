/* SPDX-License-Identifier: Apache-2.0 */
/* Certification paths (RFC 5280) from a signer to one trust anchor. */
#ifndef CRET_TRUST_CHAIN_H
#define CRET_TRUST_CHAIN_H

#include "base/text/optional.h"
#include "trust/x509/certificate.h"

enum cret_anchor_kind {
    CRET_ANCHOR_CA,          /* a CA certificate: any valid path below it */
    CRET_ANCHOR_CERTIFICATE, /* exactly this end-entity certificate; does not expire by itself */
    CRET_ANCHOR_KEY,         /* exactly this public key, in whatever certificate */
};

struct cret_anchor {
    enum cret_anchor_kind kind;
    struct cret_certificate *certificate;  /* CA, CERTIFICATE; owned */
    uint8_t key_digest[CRET_SHA256_BYTES]; /* SPKI SHA-256; for every kind */
    uint8_t *key; /* SubjectPublicKeyInfo of a bare public key; owned; NULL: see certificate */
    size_t key_size;
    struct cret_optional not_after; /* an end that the policy gives, seconds */
};

struct cret_chain;

struct cret_chain_request {
    const struct cret_certificate *signer;
    const struct cret_certificate *const *intermediates; /* embedded, then the policy's */
    size_t intermediate_count;
    const struct cret_anchor *anchor;
    int64_t time;      /* signature time, seconds */
    const char *usage; /* EKU the signer must have: dotted OID; codeSigning by default */
    bool any_usage;    /* whatever it is for: formats that ask for none; usage is not looked at */
    bool allow_example_keys;
    bool allow_rsa_2048; /* keys of 2048 to 3071 bits too: the policy names rsa-2048 */
    bool
        issuer_of_lists; /* the signer is an authority whose revocation lists are meant: no usage */
    /* What else a path must be; NULL: nothing. A path that it refuses (class REFUSED) is passed
     * over for another one; any other error ends the search. */
    enum cret_status (*accept)(const struct cret_chain_request *request,
                               const struct cret_chain *chain, struct cret_err *err);
    const void *context; /* for accept */
};

/* A path that was found: signer first, anchor last; borrowed from the request. */
struct cret_chain {
    const struct cret_certificate *certificates[12];
    size_t count;
};

/*
 * Does a path lead from the signer to this anchor, valid at `time`? Tries every path
 * (chain_paths.h, in bounded work): each is verified by OpenSSL (security level 2, no network, no
 * default store), then by hand: EKU present and containing `usage` in the signer
 * (anyExtendedKeyUsage does not count) and, where present, in each intermediate (there it does);
 * keyUsage digitalSignature where present; CA flag, keyCertSign and path length of issuers
 * (self-issued certificates are not counted); key sizes and digests of every certificate but the
 * anchor's own signature; example keys anywhere in the path; then request->accept. Pins: signer
 * identity alone, and its form, and request->accept. err: REFUSED with certificate.path, .validity,
 * .usage, .algorithm, trust.example-key, or what accept said; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_chain_verify(const struct cret_chain_request *request,
                                                   struct cret_chain *ret_chain,
                                                   struct cret_err *err);

/* Does a valid path lead from this authority, whose revocation list is to be believed, to the
 * anchor of the request at this time (RFC 5280 6.3.3 (f))? False where that could not be found out.
 */
CRET_MUST_CHECK bool cret_chain_reaches(const struct cret_chain_request *request,
                                        const struct cret_certificate *issuer, int64_t time);

#endif
