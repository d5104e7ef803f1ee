/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to advisories, for people: by advisory, with what they reach in the same line. */
#ifndef CRET_VERIFIER_ADVICE_PAGE_H
#define CRET_VERIFIER_ADVICE_PAGE_H

#include "base/page/page.h"
#include "verifier/child/advice_coverage.h"

/* One release. */
struct cret_advice_view {
    const char *archive;
    const char *standing;   /* what the words of its document are worth ("verified") */
    const json_t *document; /* with "advisories" that cret_advice_cover() completed */
    bool quiet;             /* what is or may be affected, and what was not checked, only */
};
void cret_advice_page(struct cret_page *page, const struct cret_advice_view *view);

#endif
