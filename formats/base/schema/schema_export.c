/* SPDX-License-Identifier: Apache-2.0 */
/* Key order, and the JSON Schema of a field table. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/schema_internal.h"
#include "base/text/json.h"

/* Steals value; false for a missing value or when memory is exhausted. */
static bool put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static int compare_keys(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The keys of an object sorted bytewise; NULL when memory is exhausted. */
static const char **sorted_keys(const json_t *json)
{
    size_t count = 0;
    const char **keys = calloc(json_object_size(json) + 1, sizeof(*keys));
    if (keys == NULL) {
        return NULL;
    }
    CRET_JSON_MEMBERS (key, value, json) {
        keys[count++] = key;
    }
    qsort(keys, count, sizeof(*keys), compare_keys);
    return keys;
}

/* A deep copy whose objects have sorted keys, at every depth. */
static json_t *copy_sorted(const json_t *json)
{
    if (json_is_array(json)) {
        json_t *copy = json_array();
        for (size_t i = 0; copy != NULL && i < json_array_size(json); i++) {
            if (json_array_append_new(copy, copy_sorted(json_array_get(json, i))) != 0) {
                json_decref(copy);
                return NULL;
            }
        }
        return copy;
    }
    if (!json_is_object(json)) {
        return json_deep_copy(json);
    }
    const char **keys = sorted_keys(json);
    json_t *copy = keys == NULL ? NULL : json_object();
    for (size_t i = 0; copy != NULL && keys[i] != NULL; i++) {
        if (!put(copy, keys[i], copy_sorted(json_object_get(json, keys[i])))) {
            json_decref(copy);
            copy = NULL;
        }
    }
    free(keys);
    return copy;
}

/* A map: sorted keys, values in the order of their table. */
static json_t *order_map(const struct cret_field *fields, const json_t *json)
{
    const char **keys = sorted_keys(json);
    json_t *copy = keys == NULL ? NULL : json_object();
    for (size_t i = 0; copy != NULL && keys[i] != NULL; i++) {
        if (!put(copy, keys[i], cret_schema_order(fields, json_object_get(json, keys[i])))) {
            json_decref(copy);
            copy = NULL;
        }
    }
    free(keys);
    return copy;
}

static json_t *order_list(const struct cret_field *fields, const json_t *json)
{
    json_t *copy = json_array();
    for (size_t i = 0; copy != NULL && i < json_array_size(json); i++) {
        if (json_array_append_new(copy, cret_schema_order(fields, json_array_get(json, i))) != 0) {
            json_decref(copy);
            return NULL;
        }
    }
    return copy;
}

static json_t *order_value(const struct cret_field *field, const json_t *json)
{
    if (field->kind == CRET_KIND_OPEN) {
        return copy_sorted(json);
    }
    if (field->kind == CRET_KIND_MAP && field->fields == NULL) {
        return copy_sorted(json);
    }
    if (field->kind == CRET_KIND_MAP && json_is_object(json)) {
        return order_map(field->fields, json);
    }
    if (field->kind == CRET_KIND_OBJECTS && json_is_array(json)) {
        return order_list(field->fields, json);
    }
    if (field->kind == CRET_KIND_OBJECT) {
        return cret_schema_order(field->fields, json);
    }
    return json_deep_copy(json);
}

json_t *cret_schema_order(const struct cret_field *fields, const json_t *json)
{
    if (!json_is_object(json)) {
        return json_deep_copy(json);
    }
    json_t *copy = json_object();
    for (const struct cret_field *field = fields; copy != NULL && field->name != NULL; field++) {
        const json_t *value = json_object_get(json, field->name);
        if (value != NULL && json_object_get(copy, field->name) == NULL &&
            !put(copy, field->name, order_value(field, value))) {
            goto failed;
        }
    }
    if (copy == NULL) {
        return NULL;
    }
    /* Validation leaves no unknown key; were there one, it must not vanish silently. */
    CRET_JSON_MEMBERS (key, value, json) {
        if (json_object_get(copy, key) == NULL && !put(copy, key, json_deep_copy(value))) {
            goto failed;
        }
    }
    return copy;
failed:
    json_decref(copy);
    return NULL;
}

static json_t *export_object(const struct cret_field *fields, enum cret_schema_side side,
                             unsigned depth);

/* A string of a format, with its closed list where it has one. */
static bool export_string(json_t *schema, enum cret_format format, const char *const *values,
                          int64_t minimum, int64_t maximum)
{
    bool made = put(schema, "type", json_string("string"));
    if (format == CRET_FORMAT_ENUM && values != NULL) {
        json_t *list = json_array();
        for (size_t i = 0; list != NULL && values[i] != NULL; i++) {
            made = json_array_append_new(list, json_string(values[i])) == 0 && made;
        }
        return put(schema, "enum", list) && made;
    }
    const char *pattern = cret_format_pattern(format);
    if (pattern != NULL) {
        made = put(schema, "pattern", json_string(pattern)) && made;
    }
    /* Lengths are bytes here and characters there: the schema's upper bound is the looser one. */
    made = put(schema, "minLength", json_integer(minimum > 0 ? 1 : 0)) && made;
    return put(schema, "maxLength", json_integer(maximum)) && made;
}

static bool export_bounds(json_t *schema, const char *minimum_key, const char *maximum_key,
                          const struct cret_field *field)
{
    return put(schema, minimum_key, json_integer(field->minimum)) &&
           put(schema, maximum_key, json_integer(cret_field_maximum(field)));
}

static bool export_list(json_t *schema, const struct cret_field *field, enum cret_schema_side side,
                        unsigned depth)
{
    json_t *items = NULL;
    bool made = put(schema, "type", json_string("array"));
    if (field->kind == CRET_KIND_OBJECTS) {
        items = export_object(field->fields, side, depth);
    } else {
        items = json_object();
        made = items != NULL &&
               export_string(items, field->format, field->values, 1,
                             cret_format_bytes(field->format)) &&
               made;
    }
    made = put(schema, "items", items) && made;
    return export_bounds(schema, "minItems", "maxItems", field) && made;
}

static bool export_map(json_t *schema, const struct cret_field *field, enum cret_schema_side side,
                       unsigned depth)
{
    bool open = field->kind == CRET_KIND_OPEN;
    enum cret_format format = open ? CRET_FORMAT_URI : field->format;
    json_t *names = json_object();
    bool made = put(schema, "type", json_string("object"));
    made =
        names != NULL && export_string(names, format, NULL, 1, cret_format_bytes(format)) && made;
    made = put(schema, "propertyNames", names) && made;
    json_t *values = NULL;
    if (open) {
        values = json_true();
    } else if (field->fields != NULL) {
        values = export_object(field->fields, side, depth);
    } else {
        enum cret_format text = field->values != NULL ? CRET_FORMAT_ENUM : CRET_FORMAT_TEXT;
        values = json_object();
        made = values != NULL &&
               export_string(values, text, field->values, 1, cret_format_bytes(text)) && made;
    }
    made = put(schema, "additionalProperties", values) && made;
    return export_bounds(schema, "minProperties", "maxProperties", field) && made;
}

static json_t *export_field(const struct cret_field *field, enum cret_schema_side side,
                            unsigned depth)
{
    json_t *schema =
        field->kind == CRET_KIND_OBJECT ? export_object(field->fields, side, depth) : json_object();
    bool made = schema != NULL;
    switch (field->kind) {
    case CRET_KIND_STRING:
        made = made &&
               export_string(schema, field->format, field->values,
                             field->minimum > 0 ? field->minimum : 1, cret_field_maximum(field));
        break;
    case CRET_KIND_INTEGER:
        made = made && put(schema, "type", json_string("integer")) &&
               export_bounds(schema, "minimum", "maximum", field);
        break;
    case CRET_KIND_BOOLEAN:
        made = made && put(schema, "type", json_string("boolean"));
        break;
    case CRET_KIND_OBJECT:
        break;
    case CRET_KIND_STRINGS:
    case CRET_KIND_OBJECTS:
        made = made && export_list(schema, field, side, depth);
        break;
    case CRET_KIND_MAP:
    case CRET_KIND_OPEN:
        made = made && export_map(schema, field, side, depth);
        break;
    }
    if (made && field->description != NULL) {
        made = put(schema, "description", json_string(field->description));
    }
    if (!made) {
        json_decref(schema);
        return NULL;
    }
    return schema;
}

/* depth ends a table that contains itself. */
static json_t *export_object(const struct cret_field *fields, enum cret_schema_side side,
                             unsigned depth)
{
    if (depth == 0) {
        return NULL;
    }
    json_t *schema = json_object(), *properties = json_object(), *required = json_array();
    bool made = schema != NULL && properties != NULL && required != NULL;
    for (const struct cret_field *field = fields; made && field->name != NULL; field++) {
        if (!cret_field_known(field, side)) {
            continue;
        }
        made = put(properties, field->name, export_field(field, side, depth - 1));
        if (made && cret_field_required(field, side)) {
            made = json_array_append_new(required, json_string(field->name)) == 0;
        }
    }
    made = made && put(schema, "type", json_string("object")) &&
           json_object_set(schema, "properties", properties) == 0 &&
           json_object_set(schema, "required", required) == 0 &&
           put(schema, "additionalProperties", json_false());
    json_decref(properties);
    json_decref(required);
    if (!made) {
        json_decref(schema);
        return NULL;
    }
    return schema;
}

json_t *cret_schema_export(const struct cret_field *fields, enum cret_schema_side side,
                           const char *id, const char *title)
{
    json_t *body = export_object(fields, side, CRET_LIMIT_JSON_DEPTH), *schema = json_object();
    bool made =
        body != NULL && schema != NULL &&
        put(schema, "$schema", json_string("https://json-schema.org/draft/2020-12/schema")) &&
        put(schema, "$id", json_string(id)) && put(schema, "title", json_string(title)) &&
        json_object_update(schema, body) == 0;
    json_decref(body);
    if (!made) {
        json_decref(schema);
        return NULL;
    }
    return schema;
}
