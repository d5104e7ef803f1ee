/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What --tpm adds to a run: the TPM must hold this trust policy and this journal's head before the
 * archive is read, and is extended with the line of the run. Connections are short: at most one at
 * a time, opened under the journal's lock and released with it, since some TPMs serve one program
 * at a time.
 */
#ifndef CRET_VERIFIER_TPM_GUARD_H
#define CRET_VERIFIER_TPM_GUARD_H

#include "base/command/options.h"
#include "evidence/journal/journal.h"
#include "trust/policy/policy.h"
#include "verifier/child/outcome.h"
#include "verifier/tpm/tpm.h"

struct cret_guard;

/*
 * Settles --tpm, --tpm-verify, --station, --tcti, --journal-auth and the site configuration, and
 * reads station.json; asks the TPM nothing. *ret_guard NULL where no TPM takes part. class USAGE,
 * also in a build without TPM. The caller frees it with cret_guard_free.
 */
CRET_MUST_CHECK enum cret_status cret_guard_new(struct cret_guard **ret_guard,
                                                const struct cret_options *options,
                                                struct cret_err *err);
/* The same for the verbs of tpm, which always mean a TPM. with_auth: the authorization of the
 * journal head is needed as well. */
CRET_MUST_CHECK enum cret_status cret_guard_station_open(struct cret_guard **ret_guard,
                                                         const struct cret_options *options,
                                                         bool with_auth, struct cret_err *err);
void cret_guard_free(struct cret_guard **guard); /* NULL-safe */

/* For evidence/journal: reads, extends and attests the head. NULL where the guard is NULL, or was
 * asked for --tpm-verify only. */
const struct cret_journal_witness *cret_guard_witness(const struct cret_guard *guard);

/*
 * Before the archive is read: the journal at `folder` (it may not exist yet) ends at the TPM's
 * head, and began at this station's; the anchor is `policy`. class REFUSED (tpm.anchor,
 * tpm.journal) where the TPM denies, UNDECIDED where it cannot be asked, USAGE where policy or
 * journal are not given. CRET_OK where the guard is NULL. No connection is left open.
 * *ret_journal: the journal as it was found sound, open for reading (free it), so that nobody reads
 * it twice; NULL where there is none, or no guard.
 */
CRET_MUST_CHECK enum cret_status cret_guard_before(struct cret_guard *guard, const char *folder,
                                                   const struct cret_policy *policy,
                                                   struct cret_journal **ret_journal,
                                                   struct cret_err *err);

/* The parts of the above. The first leaves the connection open; policy and ret_journal may be NULL
 * in the second. */
CRET_MUST_CHECK enum cret_status cret_guard_check_anchor(struct cret_guard *guard,
                                                         const struct cret_policy *policy,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_guard_check_journal(struct cret_guard *guard,
                                                          const char *folder,
                                                          const struct cret_policy *policy,
                                                          struct cret_journal **ret_journal,
                                                          struct cret_err *err);

/*
 * Before a journal is begun that continues `earlier`: the TPM has seen no line yet, or none but
 * those of `earlier`. Else a cut journal could be carried on as if it were whole. class REFUSED,
 * tpm.journal. CRET_OK where the guard is NULL. Leaves the connection open.
 */
CRET_MUST_CHECK enum cret_status cret_guard_before_continue(struct cret_guard *guard,
                                                            const struct cret_journal *earlier,
                                                            struct cret_err *err);

/* Ends the connection. Call before the journal's lock is released. NULL-safe. */
void cret_guard_release(struct cret_guard *guard);

/* --tpm-verify was given: the child must hand over what is needed. NULL-safe. */
bool cret_guard_cross_checks(const struct cret_guard *guard);

/* The recognized TPM (connected where it is not yet), for the verbs of tpm. */
CRET_MUST_CHECK enum cret_status
cret_guard_connect(struct cret_guard *guard, struct cret_tpm **ret_tpm, struct cret_err *err);
const struct cret_station *cret_guard_station(const struct cret_guard *guard);
/* Digest of station.json for the record; NULL where the guard is NULL. */
const uint8_t *cret_guard_station_digest(const struct cret_guard *guard);

#endif
