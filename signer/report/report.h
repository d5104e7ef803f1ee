/* SPDX-License-Identifier: Apache-2.0 */
/* What cretula-sign prints: errors, findings, progress. Whatever comes from inputs is escaped. */
#ifndef CRET_SIGNER_REPORT_H
#define CRET_SIGNER_REPORT_H

#include <stdio.h>

#include "base/command/options.h"
#include "signer/description/description.h"

enum { CRET_EXIT_DONE = 0, CRET_EXIT_REFUSED = 1, CRET_EXIT_USAGE = 2, CRET_EXIT_UNDECIDED = 3 };

/* Text without what a terminal could obey. */
void cret_print_safe(FILE *stream, const char *text);
/* "  label      text\n"; nothing where text is NULL or empty. */
void cret_print_line(FILE *stream, const char *label, const char *text);

/* An error on standard error and, with json, as "error/1" on standard output. Returns the exit
 * code of its class. */
int cret_report_error(const char *program, const struct cret_err *err, bool json);
/* The same for a verb. */
int cret_verb_fail(const struct cret_options *options, const struct cret_err *err);

/* Every finding but PASS, with file, line and column where it points into the description. */
void cret_report_findings(FILE *stream, const struct cret_description *description,
                          const struct cret_findings *findings);
/* The same as a JSON array. New reference; NULL: out of memory. */
json_t *cret_report_findings_json(const struct cret_description *description,
                                  const struct cret_findings *findings);

/* Prints JSON in the one written form and takes it over; NULL counts as out of memory. Returns the
 * exit code: `code`, or UNDECIDED where printing failed. */
int cret_report_json(const struct cret_options *options, json_t *json, int code);
/* "error/1" with the findings that led to it, on standard output; the error on standard error too.
 * description and findings may be NULL. Returns the exit code of its class. */
int cret_report_failure_json(const struct cret_options *options, const struct cret_err *err,
                             const struct cret_description *description,
                             const struct cret_findings *findings);
/* What was to be printed could not be made: says so, and returns the exit code. */
int cret_report_memory(const struct cret_options *options);
/* Flushes standard output; UNDECIDED (and said so) where that failed, or something was left
 * unanswered (base/fault.h), else `code`. */
int cret_report_flush(const struct cret_options *options, int code);
/* The exit code of the run: code, or UNDECIDED with a message where something was left unanswered.
 */
int cret_report_end(const char *program, int code);

/* Progress on standard error where that is a terminal. context: a struct cret_progress. */
struct cret_progress {
    const char *label;
    uint64_t start; /* cret_os_monotonic_ms */
    bool shown;
};
bool cret_progress_wanted(bool quiet);
void cret_progress_show(void *context, uint64_t done, uint64_t total);
void cret_progress_end(struct cret_progress *progress);

#endif
