/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of vendors and products, and model numbers, split once and compared often. Whatever is
 * alike here is only ever a possible match.
 */
#ifndef CRET_RELEASE_ADVISORY_NAMES_H
#define CRET_RELEASE_ADVISORY_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/attributes.h"

#define CRET_NAME_WORDS 24u
#define CRET_NAME_TOKENS 16u

/* A name: its significant words, all of them without what is between, and its tokens with digits.
 * Offsets are into text. */
struct cret_name {
    uint8_t count, token_count;
    uint16_t words[CRET_NAME_WORDS], tokens[CRET_NAME_TOKENS], squeezed;
    char text[];
};

/* NULL: memory. Lower case; trademark signs and odd spaces are none; fillers (GmbH, series) are
 * left out; a box is a wildcard, as an x among digits is. */
CRET_MUST_CHECK struct cret_name *cret_name_read(const char *text);
/* A model or order number: one token, whatever is in it. */
CRET_MUST_CHECK struct cret_name *cret_model_read(const char *text);
void cret_name_free(struct cret_name **name);

static inline const char *cret_name_word(const struct cret_name *name, size_t index)
{
    return name->text + name->words[index];
}

static inline const char *cret_name_token(const struct cret_name *name, size_t index)
{
    return name->text + name->tokens[index];
}

static inline const char *cret_name_squeezed(const struct cret_name *name)
{
    return name->text + name->squeezed;
}

/* Whether two names of a product could mean the same: the significant words of one are all in the
 * other. */
bool cret_names_alike(const struct cret_name *left, const struct cret_name *right);
bool cret_vendors_alike(const struct cret_name *left, const struct cret_name *right);
/* Whether they share a token with digits ("3000", "6RA80"), with the wildcards of both; begins:
 * also one that only begins another (CSAF 2.0, 3.1.3.3.5: abbreviated model numbers). */
bool cret_names_share_token(const struct cret_name *left, const struct cret_name *right,
                            bool begins);
/* Whether a model number stands in a name, however it is spaced there. */
bool cret_name_holds_model(const struct cret_name *name, const struct cret_name *model);

#endif
