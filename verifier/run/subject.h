/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A release that a verb speaks about: an archive or a manifest alone, read in a child of its own,
 * and verified where trust is named. For verbs that take it as material (diff, export, trace);
 * those that judge it have their own ways.
 */
#ifndef CRET_VERIFIER_SUBJECT_H
#define CRET_VERIFIER_SUBJECT_H

#include "verifier/child/child.h"
#include "verifier/run/session.h"

struct cret_subject {
    const char *name;             /* as it was given; borrowed */
    bool verified;                /* accepted by the trust of the run; else UNVERIFIED */
    bool alone;                   /* a MANIFEST.json without its archive */
    struct cret_outcome *outcome; /* owned: findings, document, files where they were asked for */
    const json_t *manifest;       /* but for files[]; borrowed of the outcome */
};

/*
 * Opens what is called `name` ("-": standard input) under the session's trust; wanted: what the
 * child hands over besides the manifest (its want_... members; extract_directory where it is above
 * 0, and portable_names), and whether a manifest alone may stand for a release (`alone`); the rest
 * of it is not looked at. One that the session's trust does not accept, or that is malformed, is
 * class REFUSED with its first fault; a manifest alone under trust is class USAGE, for it has no
 * signatures. On failure nothing is left to free.
 */
CRET_MUST_CHECK enum cret_status
cret_subject_open(struct cret_subject *ret_subject, const struct cret_session *session,
                  const char *name, const struct cret_child_job *wanted, struct cret_err *err);
void cret_subject_close(struct cret_subject *subject);

/* What stands beside whatever is said of the subject: "UNVERIFIED", "verified", or that with what
 * narrows it in brackets ("verified (product not bound)"). Caller frees; NULL: memory. */
char *cret_subject_standing(const struct cret_subject *subject, const struct cret_session *session);

#endif
