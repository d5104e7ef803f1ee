/* SPDX-License-Identifier: Apache-2.0 */
/* What a person reads: one page per verified file, errors, and findings. */
#ifndef CRET_VERIFIER_REPORT_H
#define CRET_VERIFIER_REPORT_H

#include <stdio.h>

#include "evidence/record/record.h"
#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

/* Prints an error: what, where, expected, found, what to do. Every text is escaped. A refusal is
 * called REFUSED, so that nobody takes it for a fault of the tool. */
void cret_report_error(FILE *stream, const char *program, const struct cret_err *err);

/* The one page: verdict, product, release, signers, what was checked, what was not, what to do
 * next. archive: name as given; next: the command to suggest after an acceptance, or NULL. */
void cret_report_outcome(FILE *stream, const struct cret_session *session,
                         const struct cret_outcome *outcome, const char *archive, const char *next);

/* `show`: identity, content, signers; every heading says UNVERIFIED where nothing was judged. */
void cret_report_show(FILE *stream, const struct cret_session *session,
                      const struct cret_outcome *outcome, const char *archive);

/* Flushes standard output: code where that worked, and nothing was left unanswered (base/fault.h),
 * else a message and 3. Last call of each verb. */
int cret_report_flush(int code);
/* The exit code of the run: code, or 3 with a message where something was left unanswered. */
int cret_report_end(int code);

/* Prints JSON in the one written form. CRET_FAILED: memory, or the stream failed. */
CRET_MUST_CHECK enum cret_status cret_report_json(FILE *stream, const json_t *json,
                                                  struct cret_err *err);
/* Prints text as it is, NULL being no memory. Fails as cret_report_json(). */
CRET_MUST_CHECK enum cret_status cret_report_text(FILE *stream, const char *text, size_t size,
                                                  struct cret_err *err);
/* The same on one line, where several documents are a stream (JSON Lines). text is in the one
 * written form. */
CRET_MUST_CHECK enum cret_status cret_report_json_line(FILE *stream, const char *text, size_t size,
                                                       struct cret_err *err);

#endif
