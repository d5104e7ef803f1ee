/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a record is what it claims, by the means that the command line names: a signature and an
 * anchor, a TPM's attestation and its station, the journal. */
#ifndef CRET_VERIFIER_RECORD_TRUST_H
#define CRET_VERIFIER_RECORD_TRUST_H

#include "base/options.h"
#include "evidence/record_read.h"

struct cret_record_trust {
    struct cret_record_copy record;
    char *signer;     /* subject of whoever signed; NULL: no signature was verified */
    bool attested;    /* by the TPM of --station */
    char *station;    /* its name, or NULL */
    int64_t line;     /* number in --journal; -1: not asked */
    bool unconfirmed; /* the journal says that this run did not finish */
};

/*
 * Reads the record and verifies it by everything that was named: --anchor (signature in
 * --signature, default FILE.p7s), --station (attestation in --attestation, default FILE.tpm.json),
 * --journal. Nothing named: class USAGE. Each must hold: class REFUSED. Free with
 * cret_record_trust_clear.
 */
CRET_MUST_CHECK enum cret_status cret_record_trust_open(struct cret_record_trust *ret_trust,
                                                        const struct cret_options *options,
                                                        struct cret_err *err);
void cret_record_trust_clear(struct cret_record_trust *trust);

/* It counts as an acceptance: by itself, and the journal (if asked) says nothing else. */
bool cret_record_trust_accepts(const struct cret_record_trust *trust);

#endif
