/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories held against releases that were verified: what several verbs do with them. */
#ifndef CRET_VERIFIER_ADVISED_H
#define CRET_VERIFIER_ADVISED_H

#include "verifier/child/advice_files.h"
#include "verifier/child/outcome.h"

/* The document of an accepted outcome, borrowed; NULL: nothing is said of its vulnerabilities. */
json_t *cret_advised_document(const struct cret_outcome *outcome);

/*
 * Sets member "advisories" (verifier/child/advice_coverage.h) of each document that has "advised";
 * of the others nothing is said. documents: at most CRET_ADVISE_TOGETHER; entries may be NULL.
 * class UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_advised(const struct cret_advice_files *advice,
                                              json_t *const *documents, size_t count,
                                              struct cret_err *err);

/* Whether any document has the name of SHA-512 in it, as bytes: computing it costs time, and few
 * documents have one. */
bool cret_advised_by_sha512(const struct cret_advice_files *advice);

#endif
