/* SPDX-License-Identifier: Apache-2.0 */
/* JSON values in words. */
#include "base/text/json_words.h"

#include "base/text/json.h"

static void add_member(struct cret_buffer *out, const json_t *value, size_t *count)
{
    const size_t before = out->size;
    cret_buffer_printf(out, *count > 0 ? ", " : "");
    const size_t begun = out->size;
    cret_json_words(out, value);
    if (out->size > begun) {
        (*count)++;
    } else if (out->data != NULL) {
        out->size = before;
        out->data[before] = '\0';
    }
}

void cret_json_words(struct cret_buffer *out, const json_t *value)
{
    size_t count = 0;
    switch (value != NULL ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        cret_buffer_printf(out, "%s", json_string_value(value));
        break;
    case JSON_INTEGER:
        cret_buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_TRUE:
        cret_buffer_printf(out, "yes");
        break;
    case JSON_FALSE:
        cret_buffer_printf(out, "no");
        break;
    case JSON_ARRAY:
        CRET_JSON_EACH (member, value) {
            add_member(out, member, &count);
        }
        break;
    case JSON_OBJECT:
        CRET_JSON_MEMBERS (key, member, value) {
            add_member(out, member, &count);
        }
        break;
    case JSON_REAL:
    case JSON_NULL:
        break;
    }
}
