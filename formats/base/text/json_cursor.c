/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a cursor, written down as a pointer. */
#include "base/text/json_cursor.h"

#include <string.h>

#include "base/text/json.h"

size_t cret_json_enter(struct cret_json_cursor *cursor, const char *name)
{
    const size_t mark = cursor->pointer.size;
    cret_json_pointer_push(&cursor->pointer, name);
    cursor->failed = cursor->failed || cursor->pointer.failed;
    return mark;
}

size_t cret_json_enter_index(struct cret_json_cursor *cursor, size_t index)
{
    const size_t mark = cursor->pointer.size;
    cret_json_pointer_push_index(&cursor->pointer, index);
    cursor->failed = cursor->failed || cursor->pointer.failed;
    return mark;
}

size_t cret_json_enter_pointer(struct cret_json_cursor *cursor, const char *pointer)
{
    const size_t mark = cursor->pointer.size;
    cret_buffer_append(&cursor->pointer, pointer, strlen(pointer));
    cursor->failed = cursor->failed || cursor->pointer.failed;
    return mark;
}

void cret_json_leave(struct cret_json_cursor *cursor, size_t mark)
{
    cursor->pointer.size = mark;
    if (cursor->pointer.data != NULL) {
        cursor->pointer.data[mark] = '\0';
    }
}

size_t cret_json_mark(const struct cret_json_cursor *cursor)
{
    return cursor->pointer.size;
}

const char *cret_json_here(const struct cret_json_cursor *cursor)
{
    return cursor->pointer.data != NULL ? cursor->pointer.data : "";
}

void cret_json_cursor_clear(struct cret_json_cursor *cursor)
{
    cret_buffer_free(&cursor->pointer);
}
