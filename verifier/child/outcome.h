/* SPDX-License-Identifier: Apache-2.0 */
/* What the parent knows of one verification: received frames, checked for consistency. */
#ifndef CRET_VERIFIER_OUTCOME_H
#define CRET_VERIFIER_OUTCOME_H

#include <jansson.h>

#include "base/digest/hash_engine.h"
#include "base/system/confine.h"
#include "base/system/frames.h"
#include "evidence/record/record.h"

struct cret_outcome {
    enum cret_verdict verdict; /* read it; cret_outcome_conclude() writes it */
    struct cret_findings *findings;
    struct cret_required required; /* what the verdict needs, as the parent sees it */
    bool partial;
    bool has_identity;
    uint8_t identity[CRET_SHA256_BYTES];
    bool identity_open; /* nobody judged it, and another one may be named where somebody does */
    bool product_bound;
    bool has_archive_size; /* of a file, as it was read */
    uint64_t archive_size;
    bool has_archive_digest;
    struct cret_confined confined; /* what held the child; written by cret_child_run */
    bool again;                    /* it lacks what a second one can be given */
    bool has_engine;               /* it came to reading files */
    enum cret_hash_id engine;
    uint8_t archive_digest[CRET_SHA256_BYTES];
    json_t *document;               /* see child.c; NULL where the gate stayed closed */
    struct cret_record_file *files; /* only where asked for */
    size_t file_count;
    struct cret_record_waiver *waivers; /* behind its WAIVED findings (waiver_files.h) */
    size_t waiver_count;
    /* What the verdict's line says of a release that is older than what the journal has in service;
     * NULL: it is not. Not owned. */
    const char *backout;
    struct cret_err error; /* why UNDECIDED */
};

/* What the parent expects of a child. */
struct cret_expectation {
    const struct cret_required *required;
    bool partial;
    bool unverified; /* nothing was authenticated: no signature has to count */
    bool want_files; /* FILE frames were asked for */
    bool foreign;    /* it may turn out to be a file in a vendor's own format */
    const struct cret_patience *patience;
    void (*progress)(void *context, uint64_t done, uint64_t total); /* or NULL */
    void *context;
};

/*
 * Reads frames from fd until its end. The verdict is decided here again from the findings received,
 * and compared: any malformed, missing, or contradictory frame makes it UNDECIDED, and so does a
 * child that goes on for too long or makes no progress, answers what only its parent can ask
 * (journal, TPM, station), or accepts a release of which it does not say what it is and who signed
 * it. Whatever it sends, at most CRET_LIMIT_FINDINGS_BYTES, CRET_LIMIT_NAMES_BYTES and one document
 * are kept. NULL only when memory is exhausted.
 */
struct cret_outcome *cret_outcome_receive(int fd, const struct cret_expectation *expectation);

/*
 * The verdict over all that is known now: UNDECIDED where `error` says why, else
 * cret_verdict_decide() over the findings. The one place that writes outcome->verdict. Call it
 * after the last finding was added, before the verdict is used. It keeps nothing in mind, so that
 * it may be called again: a record holds the verdict, and is written before it is known whether
 * writing works; what failed then is one more finding, over which the same function decides.
 */
void cret_outcome_conclude(struct cret_outcome *outcome);

/* The outcome is UNDECIDED for that reason (the first one given stays), and concluded. */
void cret_outcome_undecide(struct cret_outcome *outcome, const struct cret_err *err);

/*
 * Something that had to be left or asked after the archive was read failed. Evidence against the
 * release or the station (class REFUSED) is a FAIL of its own check; all else is a NOT_CHECKED of
 * `owed` (a check whose row says so), and the reason why nothing is decided, unless something
 * refuses already. Concludes.
 */
void cret_outcome_spoil(struct cret_outcome *outcome, enum cret_check_id owed,
                        const struct cret_err *err);
void cret_outcome_free(struct cret_outcome **outcome);

#endif
