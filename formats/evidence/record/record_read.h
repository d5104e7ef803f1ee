/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record again: form, consistency, signature. */
#ifndef CRET_EVIDENCE_RECORD_READ_H
#define CRET_EVIDENCE_RECORD_READ_H

#include "evidence/record/record.h"

struct cret_record_copy {
    json_t *json;
    char *text; /* the bytes of the file */
    size_t size;
    uint8_t digest[CRET_SHA256_BYTES];
    enum cret_verdict verdict;
};

/*
 * Reads a record: strict JSON, the field table, and a verdict that follows from the checks listed
 * (ACCEPTED never with a FAIL or without the core checks, exit code as the verdict's). class
 * REFUSED, check record.form; UNDECIDED where it cannot be read. Says nothing about who made it.
 * Free with cret_record_copy_clear.
 */
CRET_MUST_CHECK enum cret_status cret_record_read(struct cret_record_copy *ret_copy,
                                                  const char *path, struct cret_err *err);
/* The same over bytes; origin names them. */
CRET_MUST_CHECK enum cret_status cret_record_parse(struct cret_record_copy *ret_copy,
                                                   const char *text, size_t size,
                                                   const char *origin, struct cret_err *err);
/*
 * Whether our own reader takes a record that cret_record_print() made: what cret_record_parse()
 * asks, but holding one file of the list at a time. class UNDECIDED where it does not: such a
 * record must not leave the program.
 */
CRET_MUST_CHECK enum cret_status cret_record_read_back(const char *text, size_t size,
                                                       struct cret_err *err);
/*
 * For a page of a record in its one written form, terminated text[size]: the record with the first
 * `most` of its files, and the number of all of them, holding one file of the rest at a time. New
 * reference. class UNDECIDED or REFUSED for what cret_record_read_back() does not take.
 */
CRET_MUST_CHECK enum cret_status cret_record_read_brief(json_t **ret_record, size_t *ret_files,
                                                        const char *text, size_t size, size_t most,
                                                        struct cret_err *err);
void cret_record_copy_clear(struct cret_record_copy *copy);

/* By whom a record may have been signed, and the time for which his certificate is judged. */
struct cret_record_judges {
    const struct cret_policy *policy; /* of bare anchors, with the lists of --crl */
    int64_t now;
    bool allow_example_keys;
};

/* What was found out about whoever signed; cret_record_sealed_clear. */
struct cret_record_sealed {
    char *signer;          /* subject of his certificate */
    bool revocation_known; /* fresh lists answered for his whole path */
    char *revocation_why;  /* where not: what is missing; NULL where nothing is */
};

/*
 * The CMS signature over the record's bytes: in the profile, valid, and its signer leads to an
 * anchor of the policy (role release of a bare anchor: EKU codeSigning). His certificate is judged
 * at judges->now, whatever the signature says of its time: validity, and revocation by the lists of
 * the policy. class REFUSED (record.signature, or the check that the fault belongs to).
 */
CRET_MUST_CHECK enum cret_status
cret_record_verify_signature(struct cret_record_sealed *ret_sealed,
                             const struct cret_record_copy *copy, const uint8_t *signature,
                             size_t signature_size, const struct cret_record_judges *judges,
                             struct cret_err *err);
/*
 * Whether a signature was made over this record, whoever made it: nothing is trusted by that. class
 * REFUSED (record.signature) where it belongs to something else; of an algorithm that this OpenSSL
 * lacks the digest alone is compared.
 */
CRET_MUST_CHECK enum cret_status cret_record_signature_belongs(const struct cret_record_copy *copy,
                                                               const uint8_t *signature,
                                                               size_t signature_size,
                                                               struct cret_err *err);
void cret_record_sealed_clear(struct cret_record_sealed *sealed);

/* Whether the record alone is one of an acceptance: ACCEPTED or with waivers, not as of another
 * time, without example keys. */
bool cret_record_accepts(const struct cret_record_copy *copy);

#endif
