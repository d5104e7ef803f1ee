/* SPDX-License-Identifier: Apache-2.0 */
/* Holding a JSON tree to a field table, and telling where it deviates. */
#include "base/schema/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/schema_internal.h"
#include "base/text/json.h"
#include "base/text/nearest.h"
#include "base/text/text.h"

/* Deviations listed of one document. More help nobody, and a hostile one must not fill a record. */
enum { DEVIATIONS = 200, QUOTED_BYTES = 100 };

/* A place in the tree; the pointer text is made only where there is something to say. */
struct place {
    const struct place *parent; /* NULL: the document itself */
    const char *name;           /* NULL: an entry of a list */
    size_t index;
};

struct validation {
    enum cret_schema_side side;
    enum cret_check_id check;
    struct cret_findings *findings;
    size_t deviations;
};

bool cret_field_known(const struct cret_field *field, enum cret_schema_side side)
{
    unsigned other = side == CRET_SCHEMA_MANIFEST ? CRET_DESCRIPTION_ONLY : CRET_GENERATED;
    return (field->flags & other) == 0;
}

bool cret_field_required(const struct cret_field *field, enum cret_schema_side side)
{
    if (!cret_field_known(field, side)) {
        return false;
    }
    unsigned required = CRET_REQUIRED;
    if (side == CRET_SCHEMA_MANIFEST) {
        required |= CRET_DEFAULTED;
    } else if (field->flags & CRET_DEFAULTED) {
        return false;
    }
    return (field->flags & required) != 0;
}

int64_t cret_field_maximum(const struct cret_field *field)
{
    if (field->maximum != 0) {
        return field->maximum;
    }
    switch (field->kind) {
    case CRET_KIND_STRING:
        return cret_format_bytes(field->format);
    case CRET_KIND_INTEGER:
        return CRET_LIMIT_JSON_INTEGER;
    default:
        return CRET_LIMIT_LIST;
    }
}

static char *place_text(const struct place *place)
{
    const struct place *path[CRET_LIMIT_JSON_DEPTH + 2];
    struct cret_buffer text = {0};
    size_t depth = 0;
    for (; place->parent != NULL && depth < CRET_LENGTH(path); place = place->parent) {
        path[depth++] = place;
    }
    cret_buffer_append(&text, depth == 0 ? "#/" : "#", depth == 0 ? 2 : 1);
    while (depth-- > 0) {
        if (path[depth]->name != NULL) {
            cret_json_pointer_push(&text, path[depth]->name);
        } else {
            cret_json_pointer_push_index(&text, path[depth]->index);
        }
    }
    if (text.failed) {
        cret_buffer_free(&text);
    }
    return text.data;
}

static void deviate(struct validation *validation, const struct place *place, const char *reason,
                    const char *expected, const char *actual, const char *hint)
{
    validation->deviations++;
    if (validation->deviations > DEVIATIONS) {
        return;
    }
    if (validation->deviations == DEVIATIONS) {
        cret_findings_add(validation->findings, validation->check, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = "#/", .hint = "correct these first"},
                          "there are more deviations than %d", DEVIATIONS - 1);
        return;
    }
    char *where = place_text(place);
    cret_findings_add(validation->findings, validation->check, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .where = where, .expected = expected, .actual = actual, .hint = hint},
                      "%s", reason);
    free(where);
}

static const char *type_words(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction or exponent";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

/* What a value is, for "actual": short texts and numbers in full. */
static void quote_value(char *out, size_t size, const json_t *json)
{
    if (json_is_string(json)) {
        const char *text = json_string_value(json);
        struct cret_err quoted = {0};
        cret_err_actual(&quoted, "%s", text); /* cuts at a character */
        snprintf(out, size, strlen(text) >= sizeof(quoted.actual) ? "\"%s\" ..." : "\"%s\"",
                 quoted.actual);
    } else if (json_is_integer(json)) {
        snprintf(out, size, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    } else if (json_is_boolean(json)) {
        snprintf(out, size, "%s", json_is_true(json) ? "true" : "false");
    } else {
        snprintf(out, size, "%s", type_words(json));
    }
}

static void wrong_type(struct validation *validation, const struct place *place,
                       const char *expected, const json_t *json)
{
    char actual[QUOTED_BYTES * 4];
    quote_value(actual, sizeof(actual), json);
    deviate(validation, place, "the value has the wrong type", expected, actual,
            json_is_integer(json) && strcmp(expected, "a text") == 0 ? "put it in quotation marks"
                                                                     : NULL);
}

/* "a, b, c" of the fields known here; the caller frees. names gets them for cret_nearest. */
static char *known_names(const struct cret_field *fields, enum cret_schema_side side,
                         const char ***ret_names)
{
    struct cret_buffer text = {0};
    size_t count = 0, known = 0;
    while (fields[count].name != NULL) {
        count++;
    }
    const char **names = calloc(count + 1, sizeof(*names));
    for (size_t i = 0; names != NULL && i < count; i++) {
        if (!cret_field_known(&fields[i], side)) {
            continue;
        }
        cret_buffer_printf(&text, known == 0 ? "%s" : ", %s", fields[i].name);
        names[known++] = fields[i].name;
    }
    *ret_names = names;
    if (text.failed) {
        cret_buffer_free(&text);
    }
    return text.data;
}

/* The object below this one that knows the name: people forget one level. */
static const struct cret_field *object_with(const struct cret_field *fields, const char *name,
                                            enum cret_schema_side side)
{
    for (; fields->name != NULL; fields++) {
        if (fields->kind != CRET_KIND_OBJECT || !cret_field_known(fields, side)) {
            continue;
        }
        for (const struct cret_field *below = fields->fields; below->name != NULL; below++) {
            if (strcmp(below->name, name) == 0 && cret_field_known(below, side)) {
                return fields;
            }
        }
    }
    return NULL;
}

static void unknown_field(struct validation *validation, const struct place *place,
                          const struct cret_field *fields, const char *name)
{
    const struct place here = {.parent = place, .name = name};
    const char **names = NULL;
    char *expected = known_names(fields, validation->side, &names), *hint = NULL;
    const char *nearest = names == NULL ? NULL : cret_nearest(name, names);
    const struct cret_field *object = object_with(fields, name, validation->side);
    const struct cret_field *row = fields;
    while (row->name != NULL && strcmp(row->name, name) != 0) {
        row++;
    }

    if (row->name != NULL && validation->side == CRET_SCHEMA_DESCRIPTION) {
        hint = strdup("leave it out: the tools write this field");
    } else if (row->name != NULL) {
        hint = strdup("this field belongs into a release description only");
    } else if (object != NULL) {
        hint = cret_text_printf("did you mean '%s.%s'?", object->name, name);
    } else if (nearest != NULL) {
        hint = cret_text_printf("did you mean '%s'?", nearest);
    }
    char *reason = cret_text_printf("the field '%s' is %s", name,
                                    row->name != NULL ? "not allowed here" : "unknown");
    deviate(validation, &here, reason == NULL ? "unknown field" : reason, expected, name, hint);
    free(reason);
    free(hint);
    free(expected);
    free(names);
}

static bool listed(const char *const *values, const char *text)
{
    for (; *values != NULL; values++) {
        if (strcmp(*values, text) == 0) {
            return true;
        }
    }
    return false;
}

static void not_listed(struct validation *validation, const struct place *place,
                       const char *const *values, const json_t *json)
{
    struct cret_buffer expected = {0};
    char actual[QUOTED_BYTES * 4];
    const char *nearest = cret_nearest(json_string_value(json), values);
    char *hint = nearest == NULL ? NULL : cret_text_printf("did you mean '%s'?", nearest);
    cret_buffer_printf(&expected, values[0] != NULL && values[1] == NULL ? "" : "one of: ");
    for (size_t i = 0; values[i] != NULL; i++) {
        cret_buffer_printf(&expected, i == 0 ? "%s" : ", %s", values[i]);
    }
    quote_value(actual, sizeof(actual), json);
    deviate(validation, place, "the value is none of those that are allowed",
            expected.failed ? NULL : expected.data, actual, hint);
    cret_buffer_free(&expected);
    free(hint);
}

/* A number out of the bounds of its row. */
static void out_of_bounds(struct validation *validation, const struct place *place,
                          const char *reason, int64_t minimum, int64_t maximum, int64_t value,
                          const char *unit)
{
    char expected[96], actual[64];
    snprintf(expected, sizeof(expected), "%lld to %lld%s", (long long)minimum, (long long)maximum,
             unit);
    snprintf(actual, sizeof(actual), "%lld%s", (long long)value, unit);
    deviate(validation, place, reason, expected, actual, NULL);
}

static void check_string(struct validation *validation, const struct place *place,
                         const struct cret_field *field, int64_t minimum, int64_t maximum,
                         const json_t *json)
{
    if (!json_is_string(json)) {
        wrong_type(validation, place, "a text", json);
        return;
    }
    const char *text = json_string_value(json);
    int64_t size = (int64_t)json_string_length(json);
    if (field->format == CRET_FORMAT_ENUM && field->values != NULL) {
        if (!listed(field->values, text)) {
            not_listed(validation, place, field->values, json);
        }
        return;
    }
    /* The length first: a checker need not be fast. */
    const bool long_form =
        size > maximum && size <= QUOTED_BYTES && !cret_format_accepts(field->format, text);
    if (size > maximum && !long_form) {
        out_of_bounds(validation, place, "the text is too long", minimum, maximum, size, " bytes");
    } else if (long_form || (size_t)size != strlen(text) ||
               !cret_format_accepts(field->format, text)) {
        char actual[QUOTED_BYTES * 4];
        quote_value(actual, sizeof(actual), json);
        deviate(validation, place, "the value has the wrong form", cret_format_words(field->format),
                actual, NULL);
    } else if (size < minimum) {
        out_of_bounds(validation, place, "the text is too short", minimum, maximum, size, " bytes");
    }
}

static void check_integer(struct validation *validation, const struct place *place,
                          const struct cret_field *field, const json_t *json)
{
    if (!json_is_integer(json)) {
        wrong_type(validation, place, "a whole number", json);
        return;
    }
    int64_t value = json_integer_value(json);
    if (value < field->minimum || value > cret_field_maximum(field)) {
        out_of_bounds(validation, place, "the number is out of range", field->minimum,
                      cret_field_maximum(field), value, "");
    }
}

static void check_object(struct validation *validation, const struct place *place,
                         const struct cret_field *fields, const json_t *json);

static void check_entries(struct validation *validation, const struct place *place,
                          const struct cret_field *field, size_t entries)
{
    int64_t count = (int64_t)entries;
    if (count < field->minimum || count > cret_field_maximum(field)) {
        out_of_bounds(validation, place, "the number of entries is out of range", field->minimum,
                      cret_field_maximum(field), count, " entries");
    }
}

static void check_list(struct validation *validation, const struct place *place,
                       const struct cret_field *field, const json_t *json)
{
    if (!json_is_array(json)) {
        wrong_type(validation, place, "a list", json);
        return;
    }
    size_t count = json_array_size(json);
    check_entries(validation, place, field, count);
    for (size_t i = 0; i < count && validation->deviations <= DEVIATIONS; i++) {
        const struct place entry = {.parent = place, .index = i};
        const json_t *value = json_array_get(json, i);
        if (field->kind == CRET_KIND_OBJECTS) {
            check_object(validation, &entry, field->fields, value);
        } else {
            check_string(validation, &entry, field, 0, cret_format_bytes(field->format), value);
        }
    }
}

/* MAP: keys of the row's format. OPEN: keys are URIs, values anything. */
static void check_map(struct validation *validation, const struct place *place,
                      const struct cret_field *field, const json_t *json)
{
    bool open = field->kind == CRET_KIND_OPEN;
    enum cret_format format = open ? CRET_FORMAT_URI : field->format;
    struct cret_field text = {.format = CRET_FORMAT_TEXT};
    if (field->values != NULL) {
        text = (struct cret_field){.format = CRET_FORMAT_ENUM, .values = field->values};
    }
    if (!json_is_object(json)) {
        wrong_type(validation, place, "an object", json);
        return;
    }
    check_entries(validation, place, field, json_object_size(json));
    CRET_JSON_MEMBERS (key, value, json) {
        const struct place entry = {.parent = place, .name = key};
        if ((int64_t)strlen(key) > cret_format_bytes(format) || !cret_format_accepts(format, key)) {
            deviate(validation, &entry, "the key has the wrong form", cret_format_words(format),
                    NULL, NULL);
        }
        if (!open && field->fields != NULL) {
            check_object(validation, &entry, field->fields, value);
        } else if (!open) {
            check_string(validation, &entry, &text, 0, cret_format_bytes(text.format), value);
        }
    }
}

static void check_value(struct validation *validation, const struct place *place,
                        const struct cret_field *field, const json_t *json)
{
    switch (field->kind) {
    case CRET_KIND_STRING:
        check_string(validation, place, field, field->minimum, cret_field_maximum(field), json);
        return;
    case CRET_KIND_INTEGER:
        check_integer(validation, place, field, json);
        return;
    case CRET_KIND_BOOLEAN:
        if (!json_is_boolean(json)) {
            wrong_type(validation, place, "true or false", json);
        }
        return;
    case CRET_KIND_OBJECT:
        check_object(validation, place, field->fields, json);
        return;
    case CRET_KIND_STRINGS:
    case CRET_KIND_OBJECTS:
        check_list(validation, place, field, json);
        return;
    case CRET_KIND_MAP:
    case CRET_KIND_OPEN:
        check_map(validation, place, field, json);
        return;
    }
    deviate(validation, place, "the field table has a row of an unknown kind", NULL, NULL, NULL);
}

static void check_object(struct validation *validation, const struct place *place,
                         const struct cret_field *fields, const json_t *json)
{
    if (!json_is_object(json)) {
        wrong_type(validation, place, "an object", json);
        return;
    }
    size_t met = 0;
    for (const struct cret_field *field = fields; field->name != NULL; field++) {
        const struct place here = {.parent = place, .name = field->name};
        if (!cret_field_known(field, validation->side)) {
            continue;
        }
        const json_t *value = json_object_get(json, field->name);
        if (value != NULL) {
            met++;
            check_value(validation, &here, field, value);
        } else if (cret_field_required(field, validation->side)) {
            char *reason = cret_text_printf("the field '%s' is missing", field->name);
            deviate(validation, &here, reason == NULL ? "a field is missing" : reason,
                    field->description, "nothing", NULL);
            free(reason);
        }
    }
    if (met == json_object_size(json)) {
        return;
    }
    CRET_JSON_MEMBERS (key, value, json) {
        const struct cret_field *field = fields;
        while (field->name != NULL &&
               (strcmp(field->name, key) != 0 || !cret_field_known(field, validation->side))) {
            field++;
        }
        if (field->name == NULL) {
            unknown_field(validation, place, fields, key);
        }
    }
}

enum cret_status cret_schema_validate(const struct cret_field *fields, const json_t *json,
                                      enum cret_schema_side side, enum cret_check_id check,
                                      struct cret_findings *findings)
{
    struct validation validation = {.side = side, .check = check, .findings = findings};
    const struct place document = {0};
    if (json == NULL) {
        deviate(&validation, &document, "there is no value", "an object", "nothing", NULL);
        return CRET_FAILED;
    }
    check_object(&validation, &document, fields, json);
    return validation.deviations == 0 && !cret_findings_broken(findings) ? CRET_OK : CRET_FAILED;
}
