/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: what each check found, collected in a list that never loses an entry silently. */
#ifndef CRET_BASE_FINDING_H
#define CRET_BASE_FINDING_H

#include "base/finding/check.h"
#include "base/finding/err.h"

/* FAIL is zero on purpose: a result that nobody set refuses. */
enum cret_result {
    CRET_RESULT_FAIL = 0,
    CRET_RESULT_PASS = 1,
    CRET_RESULT_WARN = 2,
    CRET_RESULT_WAIVED = 3,
    CRET_RESULT_NOT_CHECKED = 4,
    CRET_RESULT_COUNT
};

struct cret_finding {
    enum cret_check_id check;
    enum cret_result result;
    char *reason;   /* for people; never NULL */
    char *where;    /* NULL where there is nothing to point at; JSON pointers begin with '#/' */
    char *expected; /* or NULL */
    char *actual;   /* or NULL */
    char *hint;     /* or NULL */
};

struct cret_findings; /* opaque, growing list; not thread-safe */

/* NULL when memory is exhausted. */
struct cret_findings *cret_findings_new(void);
void cret_findings_free(struct cret_findings **findings);

/* What a finding says besides its reason; each may be NULL. */
struct cret_finding_text {
    const char *where, *expected, *actual, *hint;
};

/*
 * Appends one finding; texts are copied. When memory is
 * exhausted, or CRET_LIMIT_FINDINGS or CRET_LIMIT_FINDINGS_BYTES is reached, the list becomes
 * `broken`, which makes every verdict over it UNDECIDED: a finding is never lost silently. The same
 * after a fault (base/finding/fault.h): what is found then may be none.
 */
void cret_findings_add(struct cret_findings *findings, enum cret_check_id check,
                       enum cret_result result, struct cret_finding_text text,
                       const char *reason_format, ...) CRET_PRINTF(5, 6);

/* Appends what *err says (check, what, where, expected, actual, hint) with the given result. */
void cret_findings_add_err(struct cret_findings *findings, enum cret_result result,
                           const struct cret_err *err);

size_t cret_findings_count(const struct cret_findings *findings);
/* index < count; the pointer is valid until the next add. */
const struct cret_finding *cret_findings_at(const struct cret_findings *findings, size_t index);
/* Marks the list as incomplete: somebody could not add what it found. */
void cret_findings_break(struct cret_findings *findings);
/* Also where something could not be found out in this process (base/finding/fault.h): nobody knows
 * what is missing then. */
bool cret_findings_broken(const struct cret_findings *findings);
/* CRET_OK where it is not; else class UNDECIDED, with what kept findings out of the list. */
CRET_MUST_CHECK enum cret_status cret_findings_whole(const struct cret_findings *findings,
                                                     struct cret_err *err);
/* How many findings of that check have that result. */
size_t cret_findings_tally(const struct cret_findings *findings, enum cret_check_id check,
                           enum cret_result result);
/* How many findings of all checks have that result. */
size_t cret_findings_total(const struct cret_findings *findings, enum cret_result result);
/* The first FAIL at `start` or behind it; NULL where there is none. Valid until the next add. */
const struct cret_finding *cret_findings_first_fault(const struct cret_findings *findings,
                                                     size_t start);
/* A finding as an error, class REFUSED: *err says what it says. Returns CRET_FAILED always. */
enum cret_status cret_finding_refuse(struct cret_err *err, const struct cret_finding *finding);
/* Whether any finding is a FAIL, or findings got lost. */
bool cret_findings_failed(const struct cret_findings *findings);

/*
 * Turns each FAIL of a check that can be waived (its row says so) into WAIVED, with this hint in
 * the place of the old one; returns how many. Other findings never change. Memory: the list is
 * broken.
 */
size_t cret_findings_waive(struct cret_findings *findings, enum cret_check_id check,
                           const char *hint);

/* "PASS", "FAIL", "WARN", "WAIVED", "NOT_CHECKED"; the list of them ends with NULL. */
extern const char *const cret_result_names[];
const char *cret_result_name(enum cret_result result);

#endif
