/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures over attestations: bare values without certificates, judged by the role provenance of
 * a trust policy. They count for nothing else, and nothing else counts for them. */
#ifndef CRET_TRUST_ATTEST_H
#define CRET_TRUST_ATTEST_H

#include "trust/policy/policy.h"

struct cret_attest_signature {
    const uint8_t *value;
    size_t size;
    const char
        *keyid; /* a hint, or NULL: it proves nothing, and the key of nobody is passed over */
};

/* What was signed, and by whom it is said to be. */
struct cret_attest_request {
    const struct cret_policy *policy;
    const char *vendor, *product; /* of the authenticated manifest */
    int64_t now;                  /* seconds: whoever attests must be trusted now */
    const char *message;
    size_t size;
    const struct cret_attest_signature *signatures;
    size_t count;
    const char *builder; /* that the message names, or NULL: none */
};

enum cret_attest_answer {
    CRET_ATTEST_UNASKED, /* the policy names nobody for the role provenance of this product */
    CRET_ATTEST_UNSIGNED,
    CRET_ATTEST_UNKNOWN, /* signed, by fewer of those whom it names than it asks for */
    CRET_ATTEST_BROKEN,  /* a signature names a key of the policy as its own, and is not by it */
    CRET_ATTEST_REVOKED, /* signed by one whose certificate a revocation list names */
    CRET_ATTEST_BUILDER, /* signed as asked, but not for this builder */
    CRET_ATTEST_PROVED,
};

struct cret_attest_judgement {
    enum cret_attest_answer answer;
    char *signers;      /* names of those who counted, joined with commas; owned; or NULL */
    size_t counted;     /* how many */
    unsigned threshold; /* how many are asked for */
    bool has_level;     /* the policy grants this builder a level */
    unsigned level;     /* SLSA build level, where PROVED */
    /* What lists that speak in the name of the signers' issuers leave open, and, where REVOKED,
     * what one says; class REFUSED, check certificate.revocation. class 0: nothing. */
    struct cret_err lists;
};

/*
 * Judges one attestation. Every signature is tried with every pinned key of the role that did not
 * end or was removed, by the algorithms that the policy lets count: RSA with PKCS#1 v1.5 or PSS and
 * SHA-256, ECDSA with the digest of its curve or SHA-256 (value in DER), Ed25519, ML-DSA, SLH-DSA.
 * Signers count once. One whose pinned certificate is on a revocation list of its issuer, of the
 * policy or given by hand, does not count, whatever the list says since when: nothing proves that
 * the attestation is older. No list need answer for a pin. CRET_FAILED only where that could not be
 * found out, or where a list proves the clock wrong: class UNDECIDED. Clear in every case.
 */
CRET_MUST_CHECK enum cret_status
cret_policy_judge_attestation(struct cret_attest_judgement *ret_judgement,
                              const struct cret_attest_request *request, struct cret_err *err);
void cret_attest_judgement_clear(struct cret_attest_judgement *judgement);

#endif
