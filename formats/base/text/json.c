/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing and printing JSON in the one form, pointers, and look-ups that never fail. */
#include "base/text/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"

void cret_json_prepare(void)
{
    json_object_seed(0);
}

/* Where the scan before the parser stands. */
struct scan {
    const char *text;
    size_t size, at;
    size_t line, line_start;
    unsigned depth;
    size_t values; /* at least: separators and openings so far */
};

static enum cret_status refuse_at(const struct scan *scan, enum cret_check_id check,
                                  struct cret_err *err, const char *what)
{
    cret_err_refuse(err, check, "%s", what);
    return cret_err_where(err, "line %zu, column %zu", scan->line, scan->at - scan->line_start + 1);
}

/* Moves past a string; scan->at is on its quotation mark. The parser checks what is in it. */
static void skip_string(struct scan *scan)
{
    for (scan->at++; scan->at < scan->size && scan->text[scan->at] != '"'; scan->at++) {
        if (scan->text[scan->at] == '\\') {
            scan->at++;
        }
        if (scan->at < scan->size && scan->text[scan->at] == '\n') {
            scan->line++;
            scan->line_start = scan->at + 1;
        }
    }
}

/* Moves to the last character of a number; where the flavour asks for it, holds it to whole numbers
 * within +-2^53-1. */
static enum cret_status scan_number(struct scan *scan, enum cret_json_flavour flavour,
                                    enum cret_check_id check, struct cret_err *err)
{
    size_t end = scan->at;
    bool real = false;
    int64_t value = 0;
    for (; end < scan->size && scan->text[end] != '\0' &&
           strchr("+-.0123456789Ee", scan->text[end]) != NULL;
         end++) {
        char digit = scan->text[end];
        if (digit == '.' || digit == 'e' || digit == 'E') {
            real = true;
        } else if (digit >= '0' && digit <= '9' && value <= CRET_LIMIT_JSON_INTEGER) {
            value = value * 10 + (digit - '0');
        }
    }
    if (flavour == CRET_JSON_STRICT && (real || value > CRET_LIMIT_JSON_INTEGER)) {
        refuse_at(scan, check, err, real ? "a number is not whole" : "a number is too large");
        cret_err_expected(err, "a whole number from -(2^53-1) to 2^53-1");
        size_t shown = end - scan->at < 40 ? end - scan->at : 40;
        return cret_err_actual(err, "%.*s", (int)shown, scan->text + scan->at);
    }
    scan->at = end - 1;
    return CRET_OK;
}

/* Depth and numbers, before a recursive parser sees the text. */
static enum cret_status scan_text(struct scan *scan, enum cret_json_flavour flavour,
                                  enum cret_check_id check, struct cret_err *err)
{
    for (; scan->at < scan->size; scan->at++) {
        char byte = scan->text[scan->at];
        if ((byte == ',' || byte == '{' || byte == '[') &&
            ++scan->values > CRET_LIMIT_JSON_VALUES) {
            refuse_at(scan, check, err, "the JSON text has too many values");
            return cret_err_expected(err, "at most %u", CRET_LIMIT_JSON_VALUES);
        }
        if (byte == '"') {
            skip_string(scan);
        } else if (byte == '\n') {
            scan->line++;
            scan->line_start = scan->at + 1;
        } else if (byte == '{' || byte == '[') {
            if (++scan->depth > CRET_LIMIT_JSON_DEPTH) {
                refuse_at(scan, check, err, "the JSON text is nested too deep");
                return cret_err_expected(err, "at most %u levels", CRET_LIMIT_JSON_DEPTH);
            }
        } else if ((byte == '}' || byte == ']') && scan->depth > 0) {
            scan->depth--;
        } else if (byte == '-' || (byte >= '0' && byte <= '9')) {
            if (scan_number(scan, flavour, check, err) != CRET_OK) {
                return CRET_FAILED;
            }
        } else if (byte == '\0') {
            return refuse_at(scan, check, err, "the JSON text holds a zero byte");
        }
    }
    return CRET_OK;
}

/* What people write who know other notations, by what the parser stopped at; what to do. */
static const struct {
    const char *near;
    const char *hint;
} habits[] = {
    {"/", "JSON has no comments: take them out"},
    {"#", "JSON has no comments: take them out"},
    {"'", "texts and names stand in double quotes"},
    {"\xe2\x80\x9c", "these are typographic quotes: put straight ones"},
    {"\xe2\x80\x9e", "these are typographic quotes: put straight ones"},
    {"}", "look for a comma before it that nothing follows, or for a missing value"},
    {"]", "look for a comma before it that nothing follows, or for a missing value"},
    {"True", "true, false and null stand in small letters"},
    {"False", "true, false and null stand in small letters"},
    {"None", "nothing is null, in small letters"},
    {"NULL", "true, false and null stand in small letters"},
    {"\x1a", "an editor put this byte at the end: take it out"},
    {"<", "this is a page of HTML or XML, perhaps of a failed download"},
};

static const char *habit(const char *message)
{
    static const char near[] = " near '";
    const char *at = strstr(message, near);
    for (size_t i = 0; at != NULL && i < CRET_LENGTH(habits); i++) {
        if (strncmp(at + sizeof(near) - 1, habits[i].near, strlen(habits[i].near)) == 0) {
            return habits[i].hint;
        }
    }
    return at != NULL && strncmp(message, "string or '}' expected", 22) == 0
               ? "names stand in double quotes"
               : NULL;
}

/* Whether it begins as the files that are read here do. */
static bool looks_like_json(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL) {
        at++;
    }
    return at == size || text[at] == '{' || text[at] == '[';
}

static enum cret_status parser_failed(const json_error_t *error, const char *text, size_t size,
                                      enum cret_check_id check, struct cret_err *err)
{
    if (json_error_code(error) == json_error_out_of_memory) {
        return cret_err_memory(err);
    }
    if (looks_like_json(text, size)) {
        cret_err_refuse(err, check, "not valid JSON: %s", error->text);
    } else { /* another file, perhaps a secret: nothing of it is repeated */
        cret_err_refuse(err, check,
                        "not a JSON file as it is read here: it begins with neither { nor [");
    }
    if (error->line > 0) {
        cret_err_where(err, "line %d, column %d", error->line, error->column);
    }
    if (json_error_code(error) == json_error_duplicate_key) {
        cret_err_expected(err, "every key once in an object");
        return CRET_FAILED;
    }
    const char *hint = habit(error->text);
    return hint != NULL ? cret_err_hint(err, "%s", hint) : CRET_FAILED;
}

enum cret_status cret_json_parse(json_t **ret_json, const char *text, size_t size,
                                 enum cret_json_flavour flavour, enum cret_check_id check,
                                 struct cret_err *err)
{
    struct scan scan = {.text = text, .size = size, .line = 1};
    if (size == 0) {
        return refuse_at(&scan, check, err, "the JSON text is empty");
    }
    const size_t mark = cret_text_mark_size(text, size);
    if (mark > 0 && flavour == CRET_JSON_STRICT) {
        refuse_at(&scan, check, err, "the JSON text begins with a byte order mark");
        cret_err_expected(err, "UTF-8 without byte order mark");
        return cret_err_hint(err, "an editor added it: save the file as UTF-8 without BOM");
    }
    if (cret_text_is_utf16(text, size)) {
        refuse_at(&scan, check, err, "the JSON text is in UTF-16");
        return cret_err_hint(err, CRET_TEXT_UTF16_HINT);
    }
    if (!cret_utf8_valid(text, size)) {
        return cret_err_refuse(err, check, "the JSON text is not valid UTF-8");
    }
    text += mark;
    size -= mark;
    scan.text = text;
    scan.size = size;
    if (scan_text(&scan, flavour, check, err) != CRET_OK) {
        return CRET_FAILED;
    }

    json_error_t error = {0};
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        return parser_failed(&error, text, size, check, err);
    }
    *ret_json = json;
    return CRET_OK;
}

static int append_part(const char *data, size_t size, void *context)
{
    struct cret_buffer *buffer = context;
    cret_buffer_append(buffer, data, size);
    return buffer->failed ? -1 : 0;
}

/* Nearly every document is, and needs no copy. ASCII but DEL was escaped by the printer. */
static bool all_seen(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x7f) {
            return false;
        }
    }
    return true;
}

static enum cret_status print(char **ret_text, size_t *ret_size, const json_t *json, size_t flags,
                              struct cret_err *err)
{
    struct cret_buffer text = {0};
    if (json_dump_callback(json, append_part, &text, flags | JSON_ENCODE_ANY) != 0) {
        text.failed = true;
    }
    cret_buffer_append(&text, "\n", 1);
    if (!text.failed && !all_seen(text.data)) {
        struct cret_buffer quoted = {0};
        cret_buffer_quoted(&quoted, text.data, CRET_QUOTE_JSON);
        cret_buffer_free(&text);
        text = quoted;
    }
    if (text.failed) {
        cret_buffer_free(&text);
        return cret_err_memory(err);
    }
    *ret_text = text.data;
    *ret_size = text.size;
    return CRET_OK;
}

enum cret_status cret_json_print(char **ret_text, size_t *ret_size, const json_t *json,
                                 struct cret_err *err)
{
    return print(ret_text, ret_size, json, JSON_INDENT(2), err);
}

static int count_part(const char *data, size_t size, void *context)
{
    size_t *left = context;
    (void)data;
    if (size > *left) {
        return -1;
    }
    *left -= size;
    return 0;
}

enum cret_status cret_json_print_within(char **ret_text, size_t *ret_size, const json_t *json,
                                        size_t most, struct cret_err *err)
{
    size_t left = most > 0 ? most - 1 : 0; /* the line break at the end */
    const bool fits =
        json_dump_callback(json, count_part, &left, JSON_INDENT(2) | JSON_ENCODE_ANY) == 0;
    return print(ret_text, ret_size, json, fits ? JSON_INDENT(2) : JSON_COMPACT, err);
}

/* Appends a printed value (with its line break), every line `indent` columns further in. */
static void append_indented(struct cret_buffer *buffer, const char *text, size_t size, int indent)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        const size_t line = end != NULL ? (size_t)(end - text) : size;
        cret_buffer_printf(buffer, "\n%*s", indent, "");
        cret_buffer_append(buffer, text, line);
        const size_t used = line + (end != NULL ? 1 : 0);
        text += used;
        size -= used;
    }
}

static enum cret_status append_elements(struct cret_buffer *buffer,
                                        const struct cret_json_list *list, int indent,
                                        struct cret_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        json_t *element = list->element(list->context, i);
        char *text = NULL;
        size_t size = 0;
        if (element == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status = cret_json_print(&text, &size, element, err);
        json_decref(element);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        append_indented(buffer, text, size, indent);
        free(text);
        if (i + 1 < list->count) {
            cret_buffer_append(buffer, ",", 1);
        }
    }
    return CRET_OK;
}

enum cret_status cret_json_print_list(char **ret_text, size_t *ret_size, const json_t *json,
                                      const struct cret_json_list *list, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const int indent = 2 * ((int)list->depth + 1);
    struct cret_buffer text = {0};
    char *tree = NULL;
    size_t size = 0;
    /* A string holds no line break in JSON: these bytes are a key, and the indentation its depth.
     */
    char *empty = cret_text_printf("\n%*s\"%s\": []", indent, "", list->key);
    if (empty == NULL) {
        return cret_err_memory(err);
    }
    if (cret_json_print(&tree, &size, json, err) != CRET_OK) {
        goto out;
    }
    const char *place = strstr(tree, empty);
    const char *rest = place != NULL ? place + strlen(empty) : NULL;
    if (rest == NULL || strstr(rest, empty) != NULL) {
        cret_err_undecided(err, "the list \"%s\" has no place in the text", list->key);
        goto out;
    }
    cret_buffer_append(&text, tree, (size_t)(rest - tree) - 1);
    if (append_elements(&text, list, indent + 2, err) != CRET_OK) {
        goto out;
    }
    if (list->count > 0) {
        cret_buffer_printf(&text, "\n%*s", indent, "");
    }
    cret_buffer_append(&text, "]", 1);
    cret_buffer_append(&text, rest, size - (size_t)(rest - tree));
    if (text.failed) {
        cret_err_memory(err);
        goto out;
    }
    *ret_text = text.data;
    *ret_size = text.size;
    text = (struct cret_buffer){0};
    status = CRET_OK;
out:
    cret_buffer_free(&text);
    free(tree);
    free(empty);
    return status;
}

void cret_json_pointer_push(struct cret_buffer *pointer, const char *name)
{
    cret_buffer_append(pointer, "/", 1);
    for (; *name != '\0'; name++) {
        if (*name == '~') {
            cret_buffer_append(pointer, "~0", 2);
        } else if (*name == '/') {
            cret_buffer_append(pointer, "~1", 2);
        } else {
            cret_buffer_append(pointer, name, 1);
        }
    }
}

void cret_json_pointer_push_index(struct cret_buffer *pointer, size_t index)
{
    cret_buffer_printf(pointer, "/%zu", index);
}

const json_t *cret_json_get(const json_t *object, const char *path)
{
    while (object != NULL && path != NULL) {
        const char *dot = strchr(path, '.');
        size_t size = dot == NULL ? strlen(path) : (size_t)(dot - path);
        char name[128];
        if (!json_is_object(object) || size >= sizeof(name)) {
            return NULL;
        }
        memcpy(name, path, size);
        name[size] = '\0';
        object = json_object_get(object, name);
        path = dot == NULL ? NULL : dot + 1;
    }
    return object;
}

bool cret_json_lists(const json_t *array, const char *text)
{
    CRET_JSON_EACH (element, array) {
        const char *listed = json_string_value(element);
        if (listed != NULL && text != NULL && strcmp(listed, text) == 0) {
            return true;
        }
    }
    return false;
}

const char *cret_json_string(const json_t *object, const char *path)
{
    return json_string_value(cret_json_get(object, path));
}

int64_t cret_json_integer(const json_t *object, const char *path, int64_t fallback)
{
    const json_t *value = cret_json_get(object, path);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool cret_json_boolean(const json_t *object, const char *path, bool fallback)
{
    const json_t *value = cret_json_get(object, path);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}
