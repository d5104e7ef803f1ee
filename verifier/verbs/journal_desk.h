/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of `journal` share: the folder, its TPM, and how they end. */
#ifndef CRET_VERIFIER_JOURNAL_DESK_H
#define CRET_VERIFIER_JOURNAL_DESK_H

#include "evidence/journal/journal.h"
#include "verifier/run/tpm_guard.h"

struct cret_desk {
    struct cret_guard *guard; /* NULL where no TPM takes part */
    const char *folder;
    struct cret_journal *journal; /* NULL until a verb opens it */
};

/* The folder that the operand or the site names, and the TPM. class USAGE where nothing does.
 * Close it also after a failure. */
CRET_MUST_CHECK enum cret_status
cret_desk_open(struct cret_desk *desk, const struct cret_options *options, struct cret_err *err);
void cret_desk_close(struct cret_desk *desk);
/* Prints {"cretula": purpose, "folder", "number", "head"} of the open journal, or one sentence.
 * Returns the exit code. */
int cret_desk_done(const struct cret_options *options, const struct cret_desk *desk,
                   const char *purpose, const char *sentence);
/* How many findings of a report are faults. */
size_t cret_desk_faults(const struct cret_journal_report *report);

#endif
