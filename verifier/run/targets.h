/* SPDX-License-Identifier: Apache-2.0 */
/* The files that a run judges: operands as they are given, and what lies in a folder. */
#ifndef CRET_VERIFIER_TARGETS_H
#define CRET_VERIFIER_TARGETS_H

#include "base/command/options.h"
#include "base/text/text.h"

struct cret_targets {
    char **names;
    size_t count;
    bool several;              /* each result names its file */
    size_t passed_over;        /* entries of folders that are not judged */
    struct cret_buffer passed; /* the first of them, with commas */
};

/*
 * Each operand; in the place of a folder the regular files in it whose names end with .tar, sorted,
 * and those of which nobody can say what they are.
 * class USAGE for a folder without any. Caller: cret_targets_free, also after a failure.
 */
CRET_MUST_CHECK enum cret_status cret_targets_find(struct cret_targets *ret_targets,
                                                   const struct cret_options *options,
                                                   struct cret_err *err);
/* The same of one folder: what it holds is added. */
CRET_MUST_CHECK enum cret_status cret_targets_add_folder(struct cret_targets *targets,
                                                         const char *folder, struct cret_err *err);
void cret_targets_free(struct cret_targets *targets);

#endif
