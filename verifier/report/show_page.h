/* SPDX-License-Identifier: Apache-2.0 */
/* The page of `show`: what an archive says of itself, for people. */
#ifndef CRET_VERIFIER_SHOW_PAGE_H
#define CRET_VERIFIER_SHOW_PAGE_H

#include "base/page/page.h"
#include "verifier/child/outcome.h"

struct cret_show_view {
    const char *section;              /* one section alone; or NULL */
    bool verbose;                     /* all sections, with every field */
    bool files;                       /* the list of files as well */
    const struct cret_policy *policy; /* what it was judged by; NULL: by nothing */
};

/* Whether there is a section of that name; else NULL-terminated names of those that there are. */
bool cret_show_section_known(const char *name);
/* "changes, settings, ...". Caller frees; NULL: out of memory. */
char *cret_show_section_names(void);

/* Where nothing was judged the first line and every heading say UNVERIFIED. */
void cret_show_page(struct cret_page *page, const struct cret_outcome *outcome,
                    const struct cret_show_view *view);

#endif
