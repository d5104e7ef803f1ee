/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record again: form, consistency, signature. */
#ifndef CRET_EVIDENCE_RECORD_READ_H
#define CRET_EVIDENCE_RECORD_READ_H

#include "evidence/record.h"

#define CRET_RECORD_BYTES (1u << 30) /* 200,000 files at some hundred bytes each, and room */

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
 * Whether our own reader takes a record that cret_record_print() made: what cret_record_parse() asks,
 * but holding one file of the list at a time. class UNDECIDED where it does not: such a record must
 * not leave the program.
 */
CRET_MUST_CHECK enum cret_status cret_record_read_back(const char *text, size_t size,
                                                       struct cret_err *err);
void cret_record_copy_clear(struct cret_record_copy *copy);

/*
 * The CMS signature over the record's bytes: in the profile, valid, and its signer leads to an
 * anchor of the policy (role release of a bare anchor). *ret_signer: subject of the signer, caller
 * frees. class REFUSED (record.signature, or the check that the fault belongs to).
 */
CRET_MUST_CHECK enum cret_status
cret_record_verify_signature(char **ret_signer, const struct cret_record_copy *copy,
                             const uint8_t *signature, size_t signature_size,
                             const struct cret_policy *policy, int64_t now, bool allow_example_keys,
                             struct cret_err *err);

/* Whether the record alone is one of an acceptance: ACCEPTED or with waivers, not as of another
 * time, without example keys. */
bool cret_record_accepts(const struct cret_record_copy *copy);

#endif
