/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by child.c (the child's side) and child_run.c, which starts it. */
#ifndef CRET_VERIFIER_CHILD_INTERNAL_H
#define CRET_VERIFIER_CHILD_INTERNAL_H

#include "verifier/child/child.h"

/* Everything the child does; results go to fd. Returns its exit code: 0 where all of them were
 * handed over. */
int cret_child_read(const struct cret_child_job *job, int fd);

#endif
