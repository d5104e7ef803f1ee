/* SPDX-License-Identifier: Apache-2.0 */
/* review: releases that were accepted once, under the keys, revocations, lifecycle and advisories
 * of today. */
#ifndef CRET_VERIFIER_REVIEW_H
#define CRET_VERIFIER_REVIEW_H

#include "base/page/page.h"
#include "base/schema/file_format.h"
#include "verifier/catalogue/catalogue.h"
#include "verifier/child/advice_files.h"
#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

extern const struct cret_file_format cret_review_format;

/* One release that is reviewed. */
struct cret_reviewed {
    bool has_identity; /* false: its archive does not say which release it is */
    uint8_t identity[CRET_SHA256_BYTES];
    json_t *release; /* vendor, product, version, sequence: as the journal or the archive says */
    char *archive;   /* where it was found; NULL: nowhere */
    json_t *then;    /* {"line", "time", "verdict", "asset"} of the journal; NULL: none */
    json_t *before;  /* the checks of its record, or NULL: it is not there */
    char *why;       /* it lies there, and cannot be looked at; else NULL */
    const char *now; /* verdict, or "NOT REVIEWED"; set by the review */
    json_t *reasons; /* what is new, or why it was not reviewed */
    bool affected, possible, partial; /* by advisories; something was not compared */
    bool no_record;                   /* of then, so that what is new is not known */
};

struct cret_review {
    const struct cret_session *session;
    const struct cret_advice_files *advice; /* NULL: none were named */
    bool want_sha512;
    struct cret_reviewed *list;
    size_t count, capacity;
    size_t refused, not_reviewed;
    size_t noted;  /* accepted, with something that the record of then has not */
    size_t warned; /* accepted, with something to say, and no journal to tell what of it is new */
    size_t uncounted; /* lines of a journal that say accepted, and do not count as that */
};

/* The releases that a journal accepted, each once, by its newest line. */
CRET_MUST_CHECK enum cret_status cret_review_journal(struct cret_review *review, const char *folder,
                                                     struct cret_err *err);
/* Looks into a folder for the archives of these releases; all: every archive in it is reviewed,
 * each file of its own, and so is whatever might be one and cannot be looked at. class UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_review_folder(struct cret_review *review, const char *folder,
                                                    bool all, struct cret_err *err);
/* The same from a catalogue. */
CRET_MUST_CHECK enum cret_status cret_review_catalogue(struct cret_review *review,
                                                       struct cret_catalogue *catalogue,
                                                       struct cret_err *err);
/* Verifies each again, and says what is new. class UNDECIDED: memory. */
CRET_MUST_CHECK enum cret_status cret_review_run(struct cret_review *review, struct cret_err *err);
void cret_review_clear(struct cret_review *review);

#define CRET_REVIEW_NOT "NOT REVIEWED"

/* 1: one would be refused today, or reaches the level of --fail-on (NULL: none); 3: one was not
 * reviewed, or not compared with everything, or there is none. */
int cret_review_code(const struct cret_review *review, const char *level);
/* New reference; NULL: memory. */
json_t *cret_review_json(const struct cret_review *review, int code);
void cret_review_page(struct cret_page *page, const struct cret_review *review, int code,
                      bool verbose);

#endif
