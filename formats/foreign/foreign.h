/* SPDX-License-Identifier: Apache-2.0 */
/* A file in a vendor's own format, from its first byte to findings: which kind it is, what its
 * signature proves, whose it is. */
#ifndef CRET_FOREIGN_FOREIGN_H
#define CRET_FOREIGN_FOREIGN_H

#include <jansson.h>

#include "base/finding/finding.h"
#include "foreign/kind.h"

extern const struct cret_foreign_kind *const cret_foreign_kinds[]; /* NULL ends them */

/* What is judged. */
struct cret_foreign_request {
    const struct cret_foreign_file *file;
    const struct cret_foreign_side *sides; /* beside it, as the operator gave them */
    size_t side_count;
    const struct cret_policy *policy;
    const char *vendor, *product; /* expected, or NULL */
    int64_t now;
    bool allow_example_keys;
    /* The operator compared this digest of the file with what the vendor published: what a list
     * that nobody signed proves counts then (adopt). */
    bool published;
    bool adopts; /* an owner's signature is what follows: the scope may ask for it */
};

enum { CRET_FOREIGN_PROOFS = 8 };

/* What became of it. */
struct cret_foreign_result {
    const struct cret_foreign_kind *kind;      /* NULL: none was recognized */
    const struct cret_foreign_side *side;      /* whose it is; NULL: inside. Borrowed */
    uint8_t sha256[CRET_SHA256_BYTES];         /* of the file */
    struct cret_foreign_proof proof;           /* of the file itself, or by its list */
    const struct cret_foreign_kind *list_kind; /* who signed the list; NULL: no list, or nobody */
    const struct cret_foreign_side *list_side;
    struct cret_foreign_proof list_proof;
    const struct cret_foreign_pin *pin; /* on which it rests; NULL: none */
    const struct cret_policy_scope *scope;
};

/* Is the file of a kind that carries its signature inside, by its content? NULL: no. */
const struct cret_foreign_kind *cret_foreign_recognize(const struct cret_foreign_file *file);

/*
 * Judges it. Adds findings of foreign.* (each of them PASS, or FAIL with what is wrong), and of
 * certificate.* where that is what refuses. What could not be done is in *err, class UNDECIDED; a
 * refusal is CRET_OK, and in the findings. Never a PASS of foreign.pin without a pin of the policy.
 */
CRET_MUST_CHECK enum cret_status cret_foreign_judge(struct cret_foreign_result *ret_result,
                                                    const struct cret_foreign_request *request,
                                                    struct cret_findings *findings,
                                                    struct cret_err *err);

/* `foreign` of records and adoptions. New reference; NULL: no memory. */
json_t *cret_foreign_describe(const struct cret_foreign_result *result,
                              const struct cret_foreign_request *request);

#endif
