/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a record is what it claims, by the means that the command line names: a signature and an
 * anchor, a TPM's attestation and its station, the journal. */
#ifndef CRET_VERIFIER_RECORD_TRUST_H
#define CRET_VERIFIER_RECORD_TRUST_H

#include "base/command/options.h"
#include "verifier/report/report_file.h"
#include "verifier/verbs/record_seal.h"

/* --anchor and what belongs to it, --station, --attestation, --journal, --at. */
extern const struct cret_option_group cret_record_trust_group;

struct cret_record_trust {
    struct cret_record_copy record;
    struct cret_report_copy source;   /* what else its file carries, without the record */
    struct cret_record_sealed sealed; /* .signer NULL: no signature was verified */
    char *signature;                  /* its bytes, once it was verified */
    size_t signature_size;
    struct cret_record_seal seal; /* --seal: the signature is judged at its time */
    char *seal_beside;            /* a seal that nobody was asked about; or NULL */
    bool lists_given;             /* --crl */
    char *as_of;                  /* --at, or NULL */
    bool attested;                /* by the TPM of --station */
    char *station;                /* its name, or NULL */
    bool belongs;                 /* the record says that it belongs to a journal */
    int64_t number;               /* of its line there */
    int64_t line;                 /* number in --journal; -1: not asked */
    bool bound;                   /* that journal is bound to a TPM */
    bool confirmed;               /* it says that this run was finished */
};

/* Whether the command line names something that vouches for the record; else whether the site does.
 */
bool cret_record_trust_given(const struct cret_options *options);
bool cret_record_trust_of_site(const struct cret_options *options);

/* Reads the record, and nothing else: what is shown of it is what cret_record_trust_hold()
 * verifies. Free with cret_record_trust_clear. */
CRET_MUST_CHECK enum cret_status cret_record_trust_read(struct cret_record_trust *ret_trust,
                                                        const struct cret_options *options,
                                                        struct cret_err *err);
/* Verifies what was read by everything that was named, which must be something, as
 * cret_record_trust_open() does. */
CRET_MUST_CHECK enum cret_status cret_record_trust_hold(struct cret_record_trust *trust,
                                                        const struct cret_options *options,
                                                        struct cret_err *err);

/*
 * Reads the record and verifies it by everything that was named: --anchor (signature in
 * --signature, default FILE.p7s; revocation lists in --crl), --station (attestation in
 * --attestation, default FILE.tpm.json), --journal. Of a report, the defaults are what it carries,
 * and its page must show its record (UNDECIDED where another renderer made it). Nothing named:
 * class USAGE. Each must hold: class REFUSED. Free with cret_record_trust_clear.
 */
CRET_MUST_CHECK enum cret_status cret_record_trust_open(struct cret_record_trust *ret_trust,
                                                        const struct cret_options *options,
                                                        struct cret_err *err);
void cret_record_trust_clear(struct cret_record_trust *trust);

/* It counts as an acceptance: by itself, and, where it belongs to a journal, by the line there. */
bool cret_record_trust_accepts(const struct cret_record_trust *trust);
/* Where it belongs to a journal, that was asked: before anybody relies on it. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_record_trust_settled(const struct cret_record_trust *trust,
                                                           struct cret_err *err);

/* What was not asked, in words; NULL behind the last. Texts are static. */
enum { CRET_RECORD_UNASKED = 5 };
void cret_record_trust_unasked(const struct cret_record_trust *trust,
                               const char *ret_words[CRET_RECORD_UNASKED]);

#endif
