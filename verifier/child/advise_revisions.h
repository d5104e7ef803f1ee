/* SPDX-License-Identifier: Apache-2.0 */
/* Which of several revisions of one advisory speaks. */
#ifndef CRET_VERIFIER_ADVISE_REVISIONS_H
#define CRET_VERIFIER_ADVISE_REVISIONS_H

#include <jansson.h>
#include <stddef.h>

/*
 * revisions: what cret_advisory_revision() gave for each file; NULL where it is none.
 * newest[i]: the file that speaks in the place of i, i itself where it does. against[i]: another
 * file that claims to be the same revision as i and says something else, so that neither is judged;
 * i itself where there is none. Both of `count` places. Non-zero: memory.
 */
int cret_advise_revisions(json_t *const *revisions, size_t count, size_t *newest, size_t *against);

#endif
