/* SPDX-License-Identifier: Apache-2.0 */
/* The seals beside a journal, for `journal verify`. */
#ifndef CRET_VERIFIER_JOURNAL_SEALS_H
#define CRET_VERIFIER_JOURNAL_SEALS_H

#include "base/command/options.h"
#include "base/finding/finding.h"

/*
 * Where --authority is given: judges every seal in FOLDER/seals, and adds a FAIL for each that does
 * not hold, else a PASS that says how many do and which lines existed since when. No seal at all is
 * a FAIL. Without the option a folder of seals is NOT_CHECKED. CRET_FAILED only where the tool
 * could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_journal_seals_judge(struct cret_findings *findings,
                                                          const struct cret_options *options,
                                                          const char *folder, struct cret_err *err);

#endif
