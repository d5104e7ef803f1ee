/* SPDX-License-Identifier: Apache-2.0 */
/* Advisory files that are named on the command line: read, not looked into. */
#ifndef CRET_VERIFIER_ADVICE_FILES_H
#define CRET_VERIFIER_ADVICE_FILES_H

#include "verifier/advise.h"

struct cret_advice_files {
    struct cret_advice *list;
    size_t count, capacity;
    size_t bytes;
    bool has_named; /* one was named itself, not found in a folder */
};

/* Reads a file, or every *.json below a folder (sorted, links not followed, at most 8 deep). Caps
 * on number and size together. class USAGE: it is not there, or nothing is in it; UNDECIDED: it
 * cannot be read. */
CRET_MUST_CHECK enum cret_status cret_advice_files_add(struct cret_advice_files *files,
                                                       const char *path, struct cret_err *err);
void cret_advice_files_clear(struct cret_advice_files *files);

#endif
