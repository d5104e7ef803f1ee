/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a journal as JSON: "journal-list/1", and what `journal verify` repeats. */
#ifndef CRET_VERIFIER_JOURNAL_LINES_H
#define CRET_VERIFIER_JOURNAL_LINES_H

#include <jansson.h>

#include "base/schema/file_format.h"
#include "evidence/journal/journal.h"

#define CRET_JOURNAL_LIST_PURPOSE "journal-list/1"

/* The format as a table, and the text of its schema. */
extern const struct cret_file_format cret_journal_list_format;

/* One line. New reference; NULL: out of memory. */
json_t *cret_journal_line_json(const struct cret_journal_entry *entry);

#endif
