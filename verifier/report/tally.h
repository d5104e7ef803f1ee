/* SPDX-License-Identifier: Apache-2.0 */
/* What became of several files, in one table at the end. */
#ifndef CRET_VERIFIER_TALLY_H
#define CRET_VERIFIER_TALLY_H

#include <stdbool.h>

#include "base/page/page.h"
#include "verifier/child/outcome.h"

struct cret_tally; /* rows: verdict, file, release or reason */

/* Caller frees with cret_tally_free. NULL: out of memory. Every function takes NULL. */
struct cret_tally *cret_tally_new(void);
void cret_tally_free(struct cret_tally **tally);

/* A file that was judged, with the exit code that came of it: an acceptance that was not delivered
 * (code is not 0) is none. */
void cret_tally_judged(struct cret_tally *tally, const char *file,
                       const struct cret_outcome *outcome, int code);
/* A file that was not, and why. */
void cret_tally_failed(struct cret_tally *tally, const char *file, const struct cret_err *err);

/* "ACCEPTED 3, REFUSED 15" and a row for each file. False: a row got lost, and nothing is said. */
CRET_MUST_CHECK bool cret_tally_page(struct cret_page *page, const struct cret_tally *tally);

#endif
