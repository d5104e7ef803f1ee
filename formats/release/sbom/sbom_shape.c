/* SPDX-License-Identifier: Apache-2.0 */
/* Holding foreign JSON to a table of shapes. */
#include "release/sbom/sbom_shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"

/* What is noted for a pointer, or for what it stands in; NULL: nothing. */
static const json_t *nearest(const json_t *lines, const char *pointer)
{
    char text[256];
    if (lines == NULL || snprintf(text, sizeof(text), "%s", pointer) >= (int)sizeof(text)) {
        return NULL;
    }
    for (;;) {
        const json_t *line = json_object_get(lines, text);
        char *end = strrchr(text, '/');
        if (line != NULL || end == NULL) {
            return line;
        }
        *end = '\0';
    }
}

void cret_shape_origin(char *text, size_t size, const json_t *lines, size_t line,
                       const char *pointer)
{
    const json_t *place = line == 0 ? nearest(lines, pointer) : NULL;
    line = line != 0 ? line : (size_t)json_integer_value(place);
    text[0] = '\0';
    if (line != 0) {
        snprintf(text, size, " (line %zu)", line);
    } else if (json_is_string(place)) {
        snprintf(text, size, " (in %s)", json_string_value(place));
    }
}

static void add(struct cret_shape_run *run, enum cret_result result, const char *name,
                const char *expected, const char *actual, const char *reason)
{
    const size_t mark = cret_json_mark(&run->at);
    if (name != NULL) {
        cret_json_enter(&run->at, name);
    }
    struct cret_buffer where = {0};
    char origin[1200];
    cret_shape_origin(origin, sizeof(origin), run->lines, run->line, cret_json_here(&run->at));
    cret_buffer_printf(&where, "%s#%s%s", run->file, cret_json_here(&run->at), origin);
    if (where.failed || run->at.failed) {
        run->at.failed = true;
    } else {
        cret_findings_add(
            run->findings, run->check, result,
            (struct cret_finding_text){.where = where.data, .expected = expected, .actual = actual},
            "%s", reason);
    }
    cret_buffer_free(&where);
    cret_json_leave(&run->at, mark);
}

void cret_shape_fault(struct cret_shape_run *run, const char *name, const char *expected,
                      const char *actual, const char *reason_format, ...)
{
    char text[512];
    va_list arguments;
    if (run->at.failed || run->faults >= CRET_SHAPE_FAULTS) {
        return;
    }
    run->faults++;
    va_start(arguments, reason_format);
    vsnprintf(text, sizeof(text), reason_format, arguments);
    va_end(arguments);
    add(run, CRET_RESULT_FAIL, name, expected, actual, text);
}

void cret_shape_warn(struct cret_shape_run *run, const char *name, const char *expected,
                     const char *actual, const char *reason_format, ...)
{
    char text[512];
    va_list arguments;
    if (run->at.failed || run->warnings >= CRET_SHAPE_FAULTS) {
        return;
    }
    run->warnings++;
    va_start(arguments, reason_format);
    vsnprintf(text, sizeof(text), reason_format, arguments);
    va_end(arguments);
    add(run, CRET_RESULT_WARN, name, expected, actual, text);
}

bool cret_shape_not_empty(const char *text)
{
    return text[0] != '\0';
}

bool cret_shape_hex(const char *text, size_t digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdefABCDEF") == digits;
}

enum cret_status cret_shape_each(struct cret_shape_run *run, const json_t *object, const char *name,
                                 cret_shape_visit *visit, void *context)
{
    const size_t list_mark = cret_json_enter(&run->at, name);
    enum cret_status status = CRET_OK;
    CRET_JSON_EACH_AT (index, entry, json_object_get(object, name)) {
        const size_t mark = cret_json_enter_index(&run->at, index);
        status = visit(run, entry, context);
        cret_json_leave(&run->at, mark);
        if (status != CRET_OK) {
            break;
        }
    }
    cret_json_leave(&run->at, list_mark);
    return status;
}

void cret_shape_unique(struct cret_shape_run *run, const json_t *array)
{
    json_t *seen = json_object();
    CRET_JSON_EACH_AT (index, element, array) {
        const char *text = json_string_value(element);
        if (seen == NULL) {
            break;
        }
        if (text == NULL) {
            continue;
        }
        if (json_object_get(seen, text) != NULL) {
            char name[24];
            snprintf(name, sizeof(name), "%zu", index);
            cret_shape_fault(run, name, "each entry once", text, "an entry is listed twice");
        }
        if (json_object_set_new(seen, text, json_true()) != 0) {
            run->at.failed = true;
        }
    }
    run->at.failed = run->at.failed || seen == NULL;
    json_decref(seen);
}

static const char *kind_words(enum cret_shape_kind kind)
{
    switch (kind) {
    case CRET_SHAPE_STRING:
        return "a string";
    case CRET_SHAPE_INTEGER:
        return "a whole number";
    case CRET_SHAPE_BOOLEAN:
        return "true or false";
    case CRET_SHAPE_OBJECT:
        return "an object";
    case CRET_SHAPE_STRINGS:
        return "an array of strings";
    case CRET_SHAPE_OBJECTS:
        return "an array of objects";
    case CRET_SHAPE_ARRAY:
        return "an array";
    case CRET_SHAPE_ANY:
        break;
    }
    return "a value";
}

/* JSON Schema counts 1.0 as whole; beyond 2^53 no fraction could be seen. */
static bool is_whole(double number, bool real)
{
    return real && number >= -9007199254740992.0 && number <= 9007199254740992.0 &&
           number == (double)(json_int_t)number;
}

static bool kind_fits(enum cret_shape_kind kind, const json_t *value)
{
    switch (kind) {
    case CRET_SHAPE_STRING:
        return json_is_string(value);
    case CRET_SHAPE_INTEGER:
        return json_is_integer(value) || is_whole(json_real_value(value), json_is_real(value));
    case CRET_SHAPE_BOOLEAN:
        return json_is_boolean(value);
    case CRET_SHAPE_OBJECT:
        return json_is_object(value);
    case CRET_SHAPE_STRINGS:
    case CRET_SHAPE_OBJECTS:
    case CRET_SHAPE_ARRAY:
        return json_is_array(value);
    case CRET_SHAPE_ANY:
        break;
    }
    return true;
}

static void check_string(struct cret_shape_run *run, const struct cret_shape_field *field,
                         const json_t *value)
{
    const char *text = json_string_value(value);
    if (field->accepts != NULL && !field->accepts(text)) {
        cret_shape_fault(run, NULL, field->words, text, "%s has a value of the wrong form",
                         field->name);
    }
    if (field->values == NULL) {
        return;
    }
    struct cret_buffer words = {0};
    for (const struct cret_shape_value *known = field->values; known->name != NULL; known++) {
        if (known->since <= run->version && strcmp(known->name, text) == 0) {
            cret_buffer_free(&words);
            return;
        }
        if (known->since <= run->version) {
            cret_buffer_printf(&words, "%s%s", words.size > 0 ? ", " : "", known->name);
        }
    }
    cret_shape_fault(run, NULL, words.data, text, "%s has an unknown value", field->name);
    cret_buffer_free(&words);
}

/* Every element of an array; run->at is that of the array. */
static void check_elements(struct cret_shape_run *run, const struct cret_shape_field *field,
                           const json_t *array)
{
    CRET_JSON_EACH_AT (index, element, array) {
        const size_t mark = cret_json_enter_index(&run->at, index);
        if (field->kind == CRET_SHAPE_STRINGS) {
            if (json_is_string(element)) {
                check_string(run, field, element);
            } else {
                cret_shape_fault(run, NULL, "a string", NULL,
                                 "%s holds something else than strings", field->name);
            }
        } else if (!json_is_object(element)) {
            cret_shape_fault(run, NULL, "an object", NULL, "%s holds something else than objects",
                             field->name);
        } else if (field->shape != NULL) {
            cret_shape_object(run, field->shape, element);
        }
        cret_json_leave(&run->at, mark);
    }
}

static void check_value(struct cret_shape_run *run, const struct cret_shape_field *field,
                        const json_t *value)
{
    if (!kind_fits(field->kind, value)) {
        cret_shape_fault(run, NULL, kind_words(field->kind), NULL, "%s is of the wrong type",
                         field->name);
        return;
    }
    switch (field->kind) {
    case CRET_SHAPE_STRING:
        check_string(run, field, value);
        break;
    case CRET_SHAPE_OBJECT:
        if (field->shape != NULL) {
            cret_shape_object(run, field->shape, value);
        }
        break;
    case CRET_SHAPE_STRINGS:
    case CRET_SHAPE_OBJECTS:
        check_elements(run, field, value);
        break;
    default:
        break;
    }
}

static void check_unknown(struct cret_shape_run *run, const struct cret_shape *shape,
                          const json_t *object)
{
    CRET_JSON_MEMBERS (key, value, object) {
        const struct cret_shape_field *field = shape->fields;
        while (field->name != NULL && strcmp(field->name, key) != 0) {
            field++;
        }
        void (*say)(struct cret_shape_run *, const char *, const char *, const char *, const char *,
                    ...) = shape->warns ? cret_shape_warn : cret_shape_fault;
        if (field->name == NULL) {
            say(run, key, "a member that the format knows", key,
                "the format has no member of this name here");
        } else if (field->since > run->version) {
            say(run, key, "a member of this version of the format", key,
                "this version of the format has no member %s here", key);
        }
    }
}

void cret_shape_object(struct cret_shape_run *run, const struct cret_shape *shape,
                       const json_t *object)
{
    if (run->at.failed || run->faults >= CRET_SHAPE_FAULTS) {
        return;
    }
    for (const struct cret_shape_field *field = shape->fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(object, field->name);
        if (value == NULL) {
            if (field->required != 0 && field->required <= run->version) {
                cret_shape_fault(run, field->name, kind_words(field->kind), "absent",
                                 "%s is missing", field->name);
            }
            continue;
        }
        const size_t mark = cret_json_enter(&run->at, field->name);
        check_value(run, field, value);
        cret_json_leave(&run->at, mark);
    }
    if (shape->warns || (shape->closed != 0 && shape->closed <= run->version)) {
        check_unknown(run, shape, object);
    }
    if (shape->check != NULL) {
        shape->check(run, object);
    }
}

void cret_shape_objects(struct cret_shape_run *run, const struct cret_shape *shape,
                        const json_t *array)
{
    const struct cret_shape_field field = {
        .name = "the list", .kind = CRET_SHAPE_OBJECTS, .shape = shape};
    check_elements(run, &field, array);
}
