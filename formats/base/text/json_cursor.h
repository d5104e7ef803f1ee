/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a JSON document somebody is who goes through it: a pointer that grows and shrinks with
 * him. */
#ifndef CRET_BASE_JSON_CURSOR_H
#define CRET_BASE_JSON_CURSOR_H

#include "base/text/text.h"

struct cret_json_cursor {
    struct cret_buffer pointer; /* RFC 6901, without '#' */
    bool failed;                /* memory is exhausted, here or where somebody said so */
};

/* One step into the value; returns what cret_json_leave takes to come back. */
size_t cret_json_enter(struct cret_json_cursor *cursor, const char *name);
size_t cret_json_enter_index(struct cret_json_cursor *cursor, size_t index);
/* Several steps at once; `pointer` as another cursor had it. */
size_t cret_json_enter_pointer(struct cret_json_cursor *cursor, const char *pointer);
void cret_json_leave(struct cret_json_cursor *cursor, size_t mark);
/* The place that cret_json_leave comes back to from any depth. */
size_t cret_json_mark(const struct cret_json_cursor *cursor);

/* The pointer, "" for the whole document; valid until the next step. */
const char *cret_json_here(const struct cret_json_cursor *cursor);
void cret_json_cursor_clear(struct cret_json_cursor *cursor);

#endif
