/* SPDX-License-Identifier: Apache-2.0 */
/* From a scalar to the value that its field wants. */
#include "signer/description/typing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"

static bool is_one_of(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A whole number of the core schema. */
static bool core_integer(const char *text, json_int_t *ret_number)
{
    const char *digits = text;
    const char *accepted = "0123456789";
    int base = 10;
    if (strncmp(text, "0o", 2) == 0 || strncmp(text, "0x", 2) == 0) {
        base = text[1] == 'o' ? 8 : 16;
        accepted = base == 8 ? "01234567" : "0123456789abcdefABCDEF";
        digits = text + 2;
    } else if (text[0] == '-' || text[0] == '+') {
        digits = text + 1;
    }
    const size_t size = strspn(digits, accepted);
    if (size == 0 || digits[size] != '\0') {
        return false;
    }
    errno = 0;
    const long long number = strtoll(base == 10 ? text : digits, NULL, base);
    *ret_number = number;
    return errno == 0;
}

static bool core_boolean(const char *text, bool *ret_value)
{
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};
    *ret_value = is_one_of(text, yes);
    return *ret_value || is_one_of(text, no);
}

static bool core_null(const char *text)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return is_one_of(text, words);
}

/* What holds for the values below a node. */
struct place {
    enum cret_kind kind;             /* of a scalar here */
    enum cret_format format;         /* of a text here */
    const struct cret_field *fields; /* of a mapping here, or of mappings in a sequence here */
    bool map;                        /* free keys; fields hold for the values */
};

/* A time in another zone, as `date -Iseconds` and the variables of pipelines give it, is written in
 * UTC; whatever is no time comes back as it is, for the validator. */
static json_t *time_to_json(const char *text)
{
    char utc[32];
    int64_t seconds = 0;
    if (cret_time_read(&seconds, text) != CRET_OK) {
        return json_string(text);
    }
    cret_time_format(utc, seconds);
    return json_string(utc);
}

/* kind: that of the field; OPEN: whatever the scalar looks like. */
static json_t *scalar_to_json(const struct cret_node *node, const struct place *place)
{
    const enum cret_kind kind = place->kind;
    json_int_t number = 0;
    bool value = false;
    const bool open = kind == CRET_KIND_OPEN;
    if (node->plain) {
        if ((open || kind == CRET_KIND_INTEGER) && core_integer(node->text, &number)) {
            return json_integer(number);
        }
        if ((open || kind == CRET_KIND_BOOLEAN) && core_boolean(node->text, &value)) {
            return json_boolean(value);
        }
        if (open && core_null(node->text)) {
            return json_null();
        }
    }
    const bool time = kind == CRET_KIND_STRING && (place->format == CRET_FORMAT_DATE_TIME ||
                                                   place->format == CRET_FORMAT_DATE_OR_TBA);
    return time ? time_to_json(node->text) : json_string(node->text);
}

static struct place place_of(const struct cret_field *field)
{
    struct place place = {.kind = CRET_KIND_STRING};
    if (field == NULL) {
        return place;
    }
    place.kind = field->kind;
    place.format = field->format;
    place.fields = field->fields;
    place.map = field->kind == CRET_KIND_MAP;
    return place;
}

static const struct cret_field *find_field(const struct cret_field *fields, const char *name)
{
    for (const struct cret_field *field = fields; field != NULL && field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

/* The place of one value of a mapping. */
static struct place value_place(const struct place *place, const char *key)
{
    if (place->kind == CRET_KIND_OPEN) {
        return *place;
    }
    if (place->map) {
        const struct place value = {.kind = CRET_KIND_STRING, .fields = place->fields};
        return value;
    }
    return place_of(find_field(place->fields, key));
}

static json_t *to_json(const struct cret_node *node, const struct place *place);

static json_t *mapping_to_json(const struct cret_node *node, const struct place *place)
{
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < node->count; i++) {
        const struct place below = value_place(place, node->keys[i]);
        json_t *value = to_json(node->items[i], &below);
        if (json_object_set_new(object, node->keys[i], value) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *sequence_to_json(const struct cret_node *node, const struct place *place)
{
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < node->count; i++) {
        if (json_array_append_new(array, to_json(node->items[i], place)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *to_json(const struct cret_node *node, const struct place *place)
{
    switch (node->kind) {
    case CRET_NODE_MAPPING:
        return mapping_to_json(node, place);
    case CRET_NODE_SEQUENCE:
        return sequence_to_json(node, place);
    default:
        return scalar_to_json(node, place);
    }
}

json_t *cret_node_to_json(const struct cret_node *node, const struct cret_field *fields)
{
    const struct place top = {.kind = CRET_KIND_OBJECT, .fields = fields};
    return to_json(node, &top);
}
