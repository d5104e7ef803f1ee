/* SPDX-License-Identifier: Apache-2.0 */
/* What archives, records and journals hold, put into a catalogue. */
#ifndef CRET_VERIFIER_GATHER_H
#define CRET_VERIFIER_GATHER_H

#include "verifier/catalogue/catalogue.h"
#include "verifier/run/session.h"
#include "verifier/run/targets.h"

/* What one operand brought. */
struct cret_gathered {
    const char *kind; /* archive, manifest, record, journal */
    char *words;      /* which release it is, or how many lines; owned */
    size_t items, gaps;
};

/*
 * Adds an archive, a MANIFEST.json alone, a record or the folder of a journal. An archive is
 * verified first where the session has trust; the files of archives inside it are listed only then.
 * class REFUSED: the archive, or record, was refused, and nothing was added; USAGE: it is nothing
 * of the kind; UNDECIDED. Free words with free().
 */
CRET_MUST_CHECK enum cret_status cret_gather(struct cret_gathered *ret_gathered,
                                             struct cret_catalogue *catalogue,
                                             const struct cret_session *session, const char *path,
                                             struct cret_err *err);

/*
 * Whether an operand is a folder that is no journal: then the archives in it are meant, and
 * *ret_targets has them, with the number of what was passed over. class USAGE: it has none.
 * Caller: cret_targets_free, also after a failure.
 */
CRET_MUST_CHECK enum cret_status cret_gather_folder(struct cret_targets *ret_targets,
                                                    bool *ret_folder, const char *path,
                                                    struct cret_err *err);

#endif
