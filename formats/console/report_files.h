/* SPDX-License-Identifier: Apache-2.0 */
/* The files that reports of findings are written to, besides what is printed (--sarif, --junit). */
#ifndef CRET_CONSOLE_REPORT_FILES_H
#define CRET_CONSOLE_REPORT_FILES_H

#include "base/command/options.h"
#include "base/report/report.h"

extern const struct cret_option_group cret_sarif_group; /* --sarif */
extern const struct cret_option_group cret_junit_group; /* --junit */

struct cret_report_files; /* NULL: no report is asked for */

/* A report in the name of this verb. NULL: memory. */
struct cret_report *cret_report_of(const struct cret_options *options);

/* Prints a form, "sarif" or "junit"; NULL is no memory. Returns the exit code: `code`, or UNDECIDED
 * (and says so) where that failed. */
int cret_report_print(const struct cret_report *report, const struct cret_options *options,
                      const char *form, int code);

/* Opens the files that the options name, before anything is read: what cannot be a file is class
 * USAGE, what cannot be written UNDECIDED. *ret_files NULL (and CRET_OK): none is asked for. */
CRET_MUST_CHECK enum cret_status cret_report_files_open(struct cret_report_files **ret_files,
                                                        const struct cret_options *options,
                                                        struct cret_err *err);
/* What is to be filled; NULL where files is. */
struct cret_report *cret_report_files_report(struct cret_report_files *files);
/* Writes all of them, and frees; NULL-safe. Returns the exit code of the run: `code`, or UNDECIDED
 * (and says so on standard error) where one could not be written, unless that was REFUSED. What was
 * not written is as it was before. */
int cret_report_files_finish(struct cret_report_files **files, const struct cret_options *options,
                             int code);

#endif
