/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of evidence records share: an authority, two objects, how a record is judged. */
#ifndef CRET_TESTS_SEAL_SUPPORT_H
#define CRET_TESTS_SEAL_SUPPORT_H

#include "token.h"
#include "trust/seal/seal.h"

enum { ROOT, TSA, SHORT_TSA, OTHER, PEOPLE };
extern struct pki_entity people[PEOPLE];
extern struct cret_policy policy;
extern struct cret_policy_authority authority;
void begin(void);
void end(void);

extern const struct cret_seal_object objects[2];
/* Both objects, at PKI_NOW. */
extern const struct cret_seal_request whole;

#define YEAR(n) "202" #n "0101000000Z"

const struct cret_digest_algorithm *sha(const char *name);
/* A token of one of the people over this digest; the caller frees its data. */
struct cret_bytes token_of(int who, const char *time, const char *digest, const uint8_t *imprint);

/* A record as bytes. */
struct record {
    uint8_t *der;
    size_t size;
};
enum cret_status judge(const struct record *record, const struct cret_seal_request *request,
                       struct cret_seal_proof *proof, struct cret_err *err);
void assert_refused(const struct record *record, const struct cret_seal_request *request,
                    enum cret_check_id check, const char *words);

#endif
