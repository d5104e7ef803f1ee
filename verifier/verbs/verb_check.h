/* SPDX-License-Identifier: Apache-2.0 */
/* What check and extract share: all of it, but that extract has a folder to write to. */
#ifndef CRET_VERIFIER_VERB_CHECK_H
#define CRET_VERIFIER_VERB_CHECK_H

#include "base/command/options.h"

/* Verifies every operand, and leaves and prints what came of it; with --to, extracts the one that
 * there is. Returns the exit code of all. */
int cret_check_run(const struct cret_options *options);

#endif
