/* SPDX-License-Identifier: Apache-2.0 */
/* What a release says of itself, in sections, for `show`, records and their report. */
#ifndef CRET_VERIFIER_RELEASE_PAGE_H
#define CRET_VERIFIER_RELEASE_PAGE_H

#include <jansson.h>

#include "base/page/page.h"
#include "verifier/report/release_sections.h"

/* facts: a manifest, or what a record repeats of one (what). A section that says nothing is left
 * out. In lines, one an entry, for a screen; */
void cret_release_page_lines(struct cret_page *page, const json_t *facts);
/* as a section of its own, with every field; */
void cret_release_page_section(struct cret_page *page, const json_t *facts,
                               const struct cret_piece_section *section, const char *mark);
/* or all sections. mark: before each heading ("UNVERIFIED "), or "". */
void cret_release_page_sections(struct cret_page *page, const json_t *facts, const char *mark);

/* Documents with their versions and the topics that they answer: a table; */
void cret_release_page_documents(struct cret_page *page, const json_t *facts, const char *mark);
/* on a screen, topics in words before the document that answers them, and those that none does; */
void cret_release_page_document_lines(struct cret_page *page, const json_t *facts);
/* or a line for each topic: "S5 authentication: TITLE VERSION, FILE". */
void cret_release_page_topics(struct cret_page *page, const json_t *facts, const char *mark);

#endif
