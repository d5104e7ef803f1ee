/* SPDX-License-Identifier: Apache-2.0 */
/* What people call the fields of a comparison. */
#ifndef CRET_VERIFIER_DIFF_WORDS_H
#define CRET_VERIFIER_DIFF_WORDS_H

#include "base/text/text.h"

/* Appends the word for a field of a section: that of a table, or the field's name in plain words
 * ("appliesTo": "applies to"). */
void cret_diff_put_words(struct cret_buffer *out, const char *section, const char *field);

/* What the note of a difference is in this section: "role" of a file. */
const char *cret_diff_note_word(const char *section);
/* What stands before the note in a line: ", role " of a file, ": " of what says more. */
const char *cret_diff_note_lead(const char *section);

#endif
