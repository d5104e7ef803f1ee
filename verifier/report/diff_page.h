/* SPDX-License-Identifier: Apache-2.0 */
/* The page of `diff`: a comparison of two releases, for people. */
#ifndef CRET_VERIFIER_DIFF_PAGE_H
#define CRET_VERIFIER_DIFF_PAGE_H

#include <jansson.h>

#include "base/page/page.h"

/* diff: what cret_diff() gave. On two screens of 80 x 24, with a count of what is left out; whole:
 * every difference with its fields, in sections that say who says so. Where one of the two was not
 * verified the first line and every heading say UNVERIFIED. */
void cret_diff_page(struct cret_page *page, const json_t *diff, bool whole);

#endif
