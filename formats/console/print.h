/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both programs print: errors, lines, JSON. Nothing that came from outside reaches a terminal
 * raw. Whether all of it was written is asked once, after the verb (run.h).
 */
#ifndef CRET_CONSOLE_PRINT_H
#define CRET_CONSOLE_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "base/command/options.h"
#include "base/page/page.h"

enum { CRET_EXIT_DONE = 0, CRET_EXIT_REFUSED = 1, CRET_EXIT_USAGE = 2, CRET_EXIT_UNDECIDED = 3 };
/* The exit code of two runs: the first of REFUSED, USAGE, UNDECIDED that one of them has, else
 * DONE. */
int cret_exit_worse(int left, int right);

/* An error on standard error: what, where, expected, found, what to do. */
void cret_print_error(const struct cret_options *options, const struct cret_err *err);

/* What a verb ends with where it failed: the error on standard error and, where JSON is wanted,
 * "error/1" on standard output. Returns the exit code of its class. */
int cret_verb_fail(const struct cret_options *options, const struct cret_err *err);

/* Prints JSON in the one written form and takes it over; NULL counts as out of memory. Returns the
 * exit code: `code`, or UNDECIDED (and says so) where printing failed. */
int cret_print_json(const struct cret_options *options, json_t *json, int code);
/* Prints a JSON document that is in the one written form; on one line where several operands are
 * judged (JSON Lines). CRET_FAILED: memory, or it could not be written. */
CRET_MUST_CHECK enum cret_status cret_print_document(const struct cret_options *options,
                                                     const char *text, size_t size,
                                                     struct cret_err *err);
/* Prints a page in this terminal's width, and writes it out. Fails as cret_print_document(), and
 * where something was left unanswered before (base/finding/fault.h): then nothing is printed. */
CRET_MUST_CHECK enum cret_status cret_print_page(FILE *stream, const struct cret_page *page,
                                                 struct cret_err *err);
/* How a verb ends: prints the page on standard output and frees it. Returns `code`, or where that
 * failed the exit code of cret_verb_fail(). */
int cret_print_last(const struct cret_options *options, struct cret_page **page, int code);
/* The same on standard error, beside what is printed: notes, warnings. */
int cret_print_notes(const struct cret_options *options, struct cret_page **page, int code);
/* The same of a page that says UNDECIDED: it is printed all the same. */
CRET_MUST_CHECK enum cret_status cret_print_undecided(FILE *stream, const struct cret_page *page,
                                                      struct cret_err *err);
/* One note on standard error, beside what is printed: "cretula-verify: ...". */
void cret_print_note(const struct cret_options *options, const char *format, ...) CRET_PRINTF(2, 3);
/* A question to whoever sits at the terminal: the answer stands in its line. */
void cret_print_prompt(const char *format, ...) CRET_PRINTF(1, 2);
/* An empty line between two pages. */
void cret_print_gap(FILE *stream);
/* Prints text as it is, NULL being no memory. Fails as cret_print_document(). */
CRET_MUST_CHECK enum cret_status cret_print_text(FILE *stream, const char *text, size_t size,
                                                 struct cret_err *err);
/* That standard output cannot be written; returns UNDECIDED. */
int cret_print_lost(const struct cret_options *options);

#endif
