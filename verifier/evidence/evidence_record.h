/* SPDX-License-Identifier: Apache-2.0 */
/* What the record of a run says, and what the journal's memory adds to its findings. */
#ifndef CRET_VERIFIER_EVIDENCE_RECORD_H
#define CRET_VERIFIER_EVIDENCE_RECORD_H

#include "evidence/journal/journal.h"
#include "verifier/evidence/evidence.h"

/* Where the record will stand in a journal. */
struct cret_record_place {
    const uint8_t *previous; /* digest of the record before it, or NULL */
    const uint8_t *genesis;  /* of the journal, or NULL: in none */
    int64_t line;
};

/* A record's bytes, and what a journal's line quotes of it. */
struct cret_evidence_text {
    json_t *json; /* without the files (evidence/record/record.h) */
    char *text;   /* the bytes of the record file */
    size_t size;
};

/* The caller frees text with free() and json with json_decref(). The text was read back by our own
 * reader; class UNDECIDED where it does not take it. */
CRET_MUST_CHECK enum cret_status
cret_evidence_record(struct cret_evidence_text *ret_text, const struct cret_options *options,
                     const struct cret_session *session, const struct cret_delivery *delivery,
                     const struct cret_outcome *outcome, const struct cret_record_place *place,
                     struct cret_err *err);

/*
 * release.backout (docs/spec/checks.md, release.backout): a sequence below one that the journal saw
 * authorized or deployed on this asset is WARN (or what the policy says), PASS with --backout where
 * the journal accepted this very release before. The caller concludes.
 */
CRET_MUST_CHECK enum cret_status cret_evidence_judge_backout(const struct cret_journal *journal,
                                                             const struct cret_session *session,
                                                             const char *asset, bool backout,
                                                             struct cret_outcome *outcome,
                                                             struct cret_err *err);

/*
 * document.identity: a document of the release with the id and version of one in a release of the
 * same vendor that this journal accepted must be the same bytes. Records that are not there any
 * more are NOT_CHECKED. The caller concludes.
 */
CRET_MUST_CHECK enum cret_status cret_evidence_judge_documents(const struct cret_journal *journal,
                                                               const struct cret_session *session,
                                                               struct cret_outcome *outcome,
                                                               struct cret_err *err);

/*
 * Of a package in a solution: where more FAILs of the check are there than before, a FAIL of
 * package.manifest stands beside them, which no waiver reaches.
 */
void cret_evidence_hold_package(struct cret_outcome *outcome, enum cret_check_id check,
                                size_t before, const char *folder);

#endif
