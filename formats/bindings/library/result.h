/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a verification, read from the JSON that cretula-verify prints. */
#ifndef CRETULA_RESULT_H
#define CRETULA_RESULT_H

#include <jansson.h>

#include "cretula.h"
#include "stream.h"
#include "worker.h"

/* Undecided, with a reason that lives as long as the program. NULL: no memory. */
cretula_result *cret_lib_result_new(void);

/* Nothing was judged. why: copied as far as it fits. */
void cret_lib_result_not_judged(cretula_result *result, const char *why);

/*
 * Takes over what a run answered; *answer is empty then. An acceptance is one where the run ended
 * by itself with exit code 0, its record says so too, and the stream, where there is one, gave
 * every file. Everything that contradicts itself is undecided.
 */
void cret_lib_result_take(cretula_result *result, struct cret_lib_answer *answer,
                          const struct cret_lib_stream *stream);

#endif
