/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories held against releases that were verified: what several verbs do with them. */
#ifndef CRET_VERIFIER_ADVISED_H
#define CRET_VERIFIER_ADVISED_H

#include "verifier/child/advice_files.h"
#include "verifier/child/outcome.h"

/*
 * Sets member "advisories" (verifier/child/advice_coverage.h) of the document of each accepted
 * outcome that has "advised"; of the others nothing is said. outcomes: at most
 * CRET_ADVISE_TOGETHER; entries may be NULL. class UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_advised(const struct cret_advice_files *advice,
                                              struct cret_outcome *const *outcomes, size_t count,
                                              struct cret_err *err);

/* Whether any document has the name of SHA-512 in it, as bytes: computing it costs time, and few
 * documents have one. */
bool cret_advised_by_sha512(const struct cret_advice_files *advice);

#endif
