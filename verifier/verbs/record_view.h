/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a record, for the verbs of `record`. */
#ifndef CRET_VERIFIER_RECORD_VIEW_H
#define CRET_VERIFIER_RECORD_VIEW_H

#include "base/command/options.h"
#include "base/page/page.h"
#include "evidence/record/record_read.h"

/* Fills the page as --verbose and --files say. word: what is known of the record itself; counts:
 * what it counts as. */
void cret_record_view_add(struct cret_page *page, const struct cret_options *options,
                          const struct cret_record_copy *record, const char *word,
                          const char *counts);

#endif
