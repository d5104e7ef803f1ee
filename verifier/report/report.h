/* SPDX-License-Identifier: Apache-2.0 */
/* What a person reads: one page per verified file, and its findings. */
#ifndef CRET_VERIFIER_REPORT_H
#define CRET_VERIFIER_REPORT_H

#include <stdio.h>

#include "evidence/record/record.h"
#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

/* The one page: verdict, product, release, signers, what was checked, what was not, what to do
 * next. archive: name as given; next: the command to suggest after an acceptance, or NULL. */
void cret_report_outcome(FILE *stream, const struct cret_session *session,
                         const struct cret_outcome *outcome, const char *archive, const char *next);

#endif
