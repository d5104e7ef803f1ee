/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces that pages are made of: JSON values in words, findings that say the same. */
#ifndef CRET_VERIFIER_PIECES_H
#define CRET_VERIFIER_PIECES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text/text.h"

/* The text at a dotted path; "" where there is none. Borrowed. */
const char *cret_piece_text(const json_t *object, const char *path);

/* A value in words: texts as they are, numbers, yes and no, lists with commas, objects as their
 * values. Nothing for NULL. */
void cret_piece_value(struct cret_buffer *out, const json_t *value);
/* The name of a field in words: "officialName" as "official name". */
void cret_piece_key(struct cret_buffer *out, const char *key);
/* Bytes as people say them: 6.4 MB. */
void cret_piece_size(struct cret_buffer *out, int64_t bytes);

/* Whether a finding of a record has that result ("PASS"). */
bool cret_piece_is(const json_t *finding, const char *result);

/* Places of a group that are told beside the first one. */
enum { CRET_PIECE_PLACES = 4 };

struct cret_piece_group {
    const json_t *first; /* borrowed of the record */
    size_t count;
    const json_t *more[CRET_PIECE_PLACES]; /* those behind the first */
};

/* Findings of a record with one result, those that say the same of several places together, in the
 * order of their first. */
struct cret_piece_groups {
    struct cret_piece_group *groups;
    size_t count;
};
/* Caller frees with cret_piece_groups_free(). False: out of memory. */
CRET_MUST_CHECK bool cret_piece_group(struct cret_piece_groups *ret_groups, const json_t *findings,
                                      const char *result);
void cret_piece_groups_free(struct cret_piece_groups *groups);

#endif
