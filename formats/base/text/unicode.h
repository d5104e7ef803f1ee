/* SPDX-License-Identifier: Apache-2.0 */
/* Names that people take for the same: Unicode's canonical equivalence (UAX 15), by utf8proc. */
#ifndef CRET_BASE_UNICODE_H
#define CRET_BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A copy of text in NFC: letters and their marks as one character. So a name that macOS decomposed
 * is the same name again. Text that is not UTF-8 comes back as it is. Caller frees; NULL: out of
 * memory.
 */
char *cret_unicode_compose(const char *text);

/* Whether text is UTF-8 in NFC. False where the memory is not enough. */
bool cret_unicode_composed(const char *text);

/* A key under which texts meet that differ in case or normal form only: full case folding (Unicode
 * 5.18), with the Turkish dotted and dotless i as i, then NFC. Of text that is not UTF-8
 * only ASCII is folded. Caller frees; NULL: out of memory. */
char *cret_unicode_fold(const char *text);

/* Whether two names are the same to a reader: equal in NFC. Needs no memory, so that the answer is
 * never "could not". Text that is not UTF-8, or longer than any name of our formats
 * (CRET_LIMIT_LINE_BYTES), is the same only where its bytes are. */
bool cret_unicode_same(const char *left, const char *right);

/* A copy of text for a refusal that compares it with other: where the two could look alike, with
 * the characters beyond ASCII spelled behind it. Caller frees; NULL: out of memory. */
char *cret_unicode_tell(const char *text, const char *other);

/* How many columns of a terminal a text takes (UAX 11): wide characters two, marks none. Bytes that
 * are not UTF-8 count one each. */
size_t cret_unicode_columns(const char *text, size_t size);

/* Whether a list of names, as a scope has it, holds this one; "*" holds every name. */
bool cret_unicode_lists(const char *const *names, size_t count, const char *name);

#endif
