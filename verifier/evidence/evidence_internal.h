/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to verifier/evidence: what a run keeps in mind of its evidence. */
#ifndef CRET_VERIFIER_EVIDENCE_INTERNAL_H
#define CRET_VERIFIER_EVIDENCE_INTERNAL_H

#include "base/text/optional.h"
#include "verifier/evidence/evidence.h"

struct cret_evidence {
    const struct cret_options *options;
    const struct cret_session *session;
    const char *journal; /* folder, or NULL */
    bool signs;
    struct cret_record_signer signer;
    uint8_t signer_digest[CRET_SHA256_BYTES]; /* of its certificate: the journal's line names it */
    struct cret_optional number;              /* of the last file's line in the journal */
    char *place;
    /* Of the last file: what stands under its final name beside --record. */
    bool left_record, left_signature, left_attestation, left_report;
    bool has_digest; /* of the last record */
    uint8_t digest[CRET_SHA256_BYTES];
};

/* --planned-at: whether this run is before the change (evidence.order). */
CRET_MUST_CHECK enum cret_status cret_evidence_judge_order(const struct cret_session *session,
                                                           struct cret_outcome *outcome,
                                                           struct cret_err *err);

#endif
