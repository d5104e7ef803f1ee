/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to advisories, for people: by advisory, with what they reach in the same line. */
#ifndef CRET_VERIFIER_ADVICE_TEXT_H
#define CRET_VERIFIER_ADVICE_TEXT_H

#include <stdio.h>

#include "verifier/child/advice_coverage.h"

/* One verified release: document is its document, with "advisories" that cret_advice_cover()
 * completed; standing: what its words are worth ("verified"); quiet: what is or may be affected,
 * and what was not checked, only. */
void cret_advice_print(FILE *stream, const char *archive, const char *standing,
                       const json_t *document, bool quiet);
/* A release of which nothing is said, and why. */
void cret_advice_print_unused(FILE *stream, const char *archive, const char *why);

#endif
