/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run leaves behind: the record, its signature, the journal's line, the line in the system
 * log. In an order in which nothing is called accepted that cannot be proved later: the record is
 * built, and read back, under the journal's lock; line, fsync, TPM; then the result is put in
 * place; then the record gets its final name; then it is signed; then the verdict is printed.
 */
#ifndef CRET_VERIFIER_EVIDENCE_H
#define CRET_VERIFIER_EVIDENCE_H

#include "verifier/child/outcome.h"
#include "verifier/run/session.h"

struct cret_evidence;

/*
 * Settles --journal (or that of the site configuration), --backout, --sign-record, --record-cert,
 * --record-chain and the options for its secret; opens the key. class USAGE. options and session
 * must outlive the result; free with cret_evidence_free.
 */
CRET_MUST_CHECK enum cret_status cret_evidence_new(struct cret_evidence **ret_evidence,
                                                   const struct cret_options *options,
                                                   const struct cret_session *session,
                                                   struct cret_err *err);
void cret_evidence_free(struct cret_evidence **evidence); /* NULL-safe */

/* The journal's folder, or NULL. */
const char *cret_evidence_journal(const struct cret_evidence *evidence);

/* Before the archive is read: a TPM must hold trust policy and journal (cret_guard_before); a
 * journal that is there must be sound, and the clock not behind its last line. class UNDECIDED, or
 * that of cret_guard_before. */
CRET_MUST_CHECK enum cret_status cret_evidence_before(const struct cret_evidence *evidence,
                                                      struct cret_err *err);

/* Erases the key from this process; for the child, which reads what others wrote. */
void cret_evidence_forget(void *evidence);

/* One file's result on its way out. */
struct cret_delivery {
    const char *name;        /* as given */
    const char *record_path; /* RECORD.json to write, or NULL */
    const char *report_path; /* the report to write, or NULL */
    bool want_record;        /* the caller prints it */
    /* Puts the result in place (extract). Called for an acceptance only, after the journal has its
     * line. NULL: nothing to do. */
    enum cret_status (*publish)(void *context, struct cret_err *err);
    void *context;
};

/*
 * Leaves all that was asked for. What cannot be left turns an acceptance into UNDECIDED, with the
 * reason in outcome->error; a refusal stays one, and *ret_problem says what is missing.
 * *ret_record: the bytes of the record as it was delivered (caller frees), NULL where none was
 * wanted or it could not be made.
 */
void cret_evidence_leave(struct cret_evidence *evidence, const struct cret_delivery *delivery,
                         struct cret_outcome *outcome, char **ret_record, size_t *ret_size,
                         struct cret_err *ret_problem);

/* What a record of this run says, for its page: without the list of files, and kept nowhere. New
 * reference; NULL: out of memory. */
json_t *cret_evidence_page(const struct cret_options *options, const struct cret_session *session,
                           const struct cret_delivery *delivery,
                           const struct cret_outcome *outcome);

/* Where the last file's line stands: "line 5 of DIR"; NULL where there is none. Borrowed. */
const char *cret_evidence_place(const struct cret_evidence *evidence);

/* The acceptance could not be delivered: the journal's line of the last file shall not count, and
 * its record goes from where --record put it. A failure says which line still stands. */
CRET_MUST_CHECK enum cret_status cret_evidence_withdraw(struct cret_evidence *evidence,
                                                        const struct cret_delivery *delivery,
                                                        const char *reason, struct cret_err *err);

/* --syslog where no log service listens: a finding (evidence.syslog) with the severity of the
 * policy. */
CRET_MUST_CHECK enum cret_status cret_evidence_judge_syslog(const struct cret_options *options,
                                                            const struct cret_session *session,
                                                            struct cret_outcome *outcome,
                                                            struct cret_err *err);

/* --syslog: one line, or a warning on stderr where nobody takes it. Nothing where it was not given.
 */
void cret_evidence_log(const struct cret_evidence *evidence, const struct cret_delivery *delivery,
                       const struct cret_outcome *outcome);

/* --journal, --sign-record, ...: further options of check and extract. */
extern const struct cret_option_group cret_evidence_journal_group;
/* How the key's secret is obtained: the options of cret_secret_group. */

/* The key of --sign-record or --key, with its certificate. */
struct cret_record_signer {
    struct cret_key *key;
    struct cret_certificate **certificates; /* the signer's, then intermediates */
    size_t certificate_count;
};
CRET_MUST_CHECK enum cret_status
cret_record_signer_open(struct cret_record_signer *ret_signer, const struct cret_options *options,
                        const char *key_option, const char *certificate_option,
                        const char *chain_option, struct cret_err *err);
void cret_record_signer_clear(struct cret_record_signer *signer);

#endif
