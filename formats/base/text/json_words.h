/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON value in words, as people read it. */
#ifndef CRET_BASE_JSON_WORDS_H
#define CRET_BASE_JSON_WORDS_H

#include <jansson.h>

#include "base/text/text.h"

/* Texts as they are, numbers, yes and no, lists with commas, objects as their values. Nothing for
 * NULL. */
void cret_json_words(struct cret_buffer *out, const json_t *value);

#endif
