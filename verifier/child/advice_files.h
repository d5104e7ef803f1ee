/* SPDX-License-Identifier: Apache-2.0 */
/* Advisory files that are named on the command line: read, not looked into. */
#ifndef CRET_VERIFIER_ADVICE_FILES_H
#define CRET_VERIFIER_ADVICE_FILES_H

#include "verifier/child/advise.h"

struct cret_advice_files {
    struct cret_advice *list;
    size_t count, capacity;
    size_t bytes;
    bool allow_unconfined; /* of the process that parses them */
    /* What lies in folders and is not read: [{"kind", "way", "silent", "count", "files": the first
     * ones}] (release/sbom/foreign.h). */
    json_t *left_out;
};

/* Reads a file, or every *.json below a folder (sorted, links not followed, at most 8 deep); what
 * else lies there is counted. Caps on number and size together. class USAGE: it is not there, or
 * nothing is in it; UNDECIDED: it cannot be read. */
CRET_MUST_CHECK enum cret_status cret_advice_files_add(struct cret_advice_files *files,
                                                       const char *path, struct cret_err *err);
/* Counts one that is left out, in a list as left_out; names the first ones. Non-zero: memory. */
int cret_advice_leave_out(json_t *list, const char *path, const char *kind, const char *way,
                          bool silent);
void cret_advice_files_clear(struct cret_advice_files *files);

#endif
