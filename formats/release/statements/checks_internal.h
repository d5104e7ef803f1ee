/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the checks on statements: one check in progress. */
#ifndef CRET_RELEASE_CHECKS_INTERNAL_H
#define CRET_RELEASE_CHECKS_INTERNAL_H

#include "release/manifest/manifest.h"

/* Counts its faults, so that a clean one can say PASS. */
struct cret_checker {
    struct cret_findings *findings;
    enum cret_check_id check;
    size_t faults;
    const char *document; /* the title of the one that is looked at; or NULL */
};

/* A fault at a JSON pointer. */
void cret_checker_fault(struct cret_checker *checker, const char *expected, const char *actual,
                        const char *hint, const char *reason, const char *pointer_format, ...)
    CRET_PRINTF(6, 7);
/* PASS with that reason, where there was no fault. */
void cret_checker_finish(const struct cret_checker *checker, const char *reason);

/* lifecycle.support, lifecycle.dates, lifecycle.updates, release.separate. */
void cret_release_check_lifecycle(const struct cret_manifest *manifest, int64_t now,
                                  struct cret_findings *findings);

#endif
