/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: one value that says what is wrong, where, what was expected, what was found, and what
 * the user can do. Made where the failure happens; callers add context on the way up. Libraries
 * never print.
 */
#ifndef CRET_BASE_ERR_H
#define CRET_BASE_ERR_H

#include "base/finding/attributes.h"
#include "base/finding/check.h"

/* The class of a failure; the numbers are the exit codes of both programs (docs/spec/cli.md). */
enum cret_err_class {
    CRET_ERR_NONE = 0,
    CRET_ERR_REFUSED = 1,   /* evidence against the file */
    CRET_ERR_USAGE = 2,     /* usage, configuration, or policy error: nothing was judged */
    CRET_ERR_UNDECIDED = 3, /* the tool could not do its work: I/O, memory, token, clock */
};

/* Texts are UTF-8 or ASCII, always terminated; too long ones are cut at a character boundary. They
 * may quote bytes of an archive: cret_text_escape() them before they reach a terminal. */
struct cret_err {
    enum cret_err_class class;
    enum cret_check_id check; /* meaningful where class is CRET_ERR_REFUSED, else CRET_CHECK_NONE */
    char what[640];           /* one sentence, outermost context first */
    char where[384];          /* file, member, JSON pointer, byte offset */
    char expected[512];
    char actual[320];
    char hint[384]; /* what the user can do */
};

/* Resets *err to "no error". */
void cret_err_clear(struct cret_err *err);

/*
 * Sets *err; any earlier content is replaced. err may be NULL (the caller does not care why). Where
 * something could not be found out before (base/finding/fault.h) the class is UNDECIDED, whatever
 * is asked for. Returns CRET_FAILED always, so that `return cret_err_set(...)` reads as one step.
 */
enum cret_status cret_err_set(struct cret_err *err, enum cret_err_class class,
                              enum cret_check_id check, const char *format, ...) CRET_PRINTF(4, 5);

/* Shorthands of cret_err_set for the three classes. */
enum cret_status cret_err_refuse(struct cret_err *err, enum cret_check_id check, const char *format,
                                 ...) CRET_PRINTF(3, 4);
enum cret_status cret_err_usage(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);
enum cret_status cret_err_undecided(struct cret_err *err, const char *format, ...)
    CRET_PRINTF(2, 3);
/* Memory is exhausted: class UNDECIDED, and a fault (base/finding/fault.h). */
enum cret_status cret_err_memory(struct cret_err *err);

/* CRET_OK where nothing was left unanswered so far (base/finding/fault.h); else class UNDECIDED.
 * Ask before an answer is printed, or gets its final name. */
CRET_MUST_CHECK enum cret_status cret_err_fault(struct cret_err *err);

/* Gives *err another class, without a check unless it is REFUSED: a fault in the user's own file is
 * USAGE, whichever reader found it. What was not found out stays UNDECIDED. The only way to change
 * a class. NULL-safe. */
void cret_err_reclass(struct cret_err *err, enum cret_err_class class);

/* Fill one part each. NULL-safe. Return CRET_FAILED always. */
enum cret_status cret_err_where(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);
enum cret_status cret_err_expected(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);
enum cret_status cret_err_actual(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);
enum cret_status cret_err_hint(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);

/* Puts "<context>: " before err->what. Returns CRET_FAILED always. */
enum cret_status cret_err_context(struct cret_err *err, const char *format, ...) CRET_PRINTF(2, 3);

#endif
