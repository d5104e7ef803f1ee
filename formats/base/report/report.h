/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run found, for other tools: one model, and one table of forms (SARIF, JUnit), of which
 * each is a file and a row. Both programs fill the model; the form escapes for its place.
 *
 * Texts are copied; what is not UTF-8 or cannot be seen is written as \xNN. A failure (memory)
 * sticks, and is told when the report is made. Every function takes NULL for a report that nobody
 * asked for.
 */
#ifndef CRET_BASE_REPORT_H
#define CRET_BASE_REPORT_H

#include <jansson.h>

#include "base/finding/finding.h"
#include "base/text/text.h"

struct cret_report;

/* tool: "cretula-sign lint". NULL: out of memory. */
struct cret_report *cret_report_new(const char *tool);
void cret_report_free(struct cret_report **report);

/* What findings are of; help may be NULL. Each id once, before the first finding of it. */
void cret_report_rule(struct cret_report *report, const char *id, const char *title,
                      const char *meaning, const char *help);
/* All checks, as rules. */
void cret_report_checks(struct cret_report *report);

/* Begins a file: what follows is said of it. */
void cret_report_file(struct cret_report *report, const char *name);
struct cret_report_place {
    const char *file;    /* NULL: the file that was begun */
    size_t line, column; /* from 1; 0: not known */
};
struct cret_report_item {
    const char *rule;
    enum cret_result result;
    const char *reason;
    const char *where; /* in words, or a JSON pointer */
    const char *expected, *actual, *hint;
    struct cret_report_place place;
};
void cret_report_add(struct cret_report *report, const struct cret_report_item *item);
/* A finding as its reader is told it. */
void cret_report_finding(struct cret_report *report, const struct cret_finding *finding,
                         enum cret_reader reader, struct cret_report_place place);
/* What came of the file: a word ("ACCEPTED"), the exit code, and why nothing was judged (class
 * NONE: it was). */
void cret_report_verdict(struct cret_report *report, const char *verdict, int code,
                         const struct cret_err *error);

/* A form. The bytes depend on the report alone. */
struct cret_report_form {
    const char *option; /* --OPTION FILE asks for it */
    void (*write)(struct cret_buffer *out, const json_t *report);
};
extern const struct cret_report_form cret_report_forms[]; /* ended by a NULL option */

/* Makes a form of it. Fails for memory, or where something could not be found out. */
CRET_MUST_CHECK enum cret_status cret_report_make(struct cret_buffer *out,
                                                  const struct cret_report *report,
                                                  const struct cret_report_form *form,
                                                  struct cret_err *err);

#endif
