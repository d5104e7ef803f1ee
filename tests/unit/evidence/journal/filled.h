/* SPDX-License-Identifier: Apache-2.0 */
/* A journal with a few runs in it, and the ways to disturb it. */
#ifndef TEST_JOURNAL_FILLED_H
#define TEST_JOURNAL_FILLED_H

#include "test_journal_support.h"

/* Accepted, refused, accepted and signed, undecided: lines 1 to 4 behind the genesis. */
extern const struct run run_first, run_second, run_third, run_fourth;
void journal_fill(const char *folder, const struct cret_journal_witness *witness);

/* Puts the lines into another order, or leaves some out. */
void journal_rearrange(const char *folder, const size_t *order, size_t count);
/* Replaces a text in the journal once. */
void journal_edit(const char *folder, const char *from, const char *to);
/* Adds a line that fits, as somebody with a text editor and sha256sum can. */
void journal_forge_line(const char *folder, const char *verdict);

/* The journal does not open, for that class of reason and in these words. */
void expect_closed(const char *folder, enum cret_journal_mode mode,
                   const struct cret_journal_witness *witness, enum cret_err_class class,
                   const char *words);

#endif
