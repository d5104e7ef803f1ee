/* SPDX-License-Identifier: Apache-2.0 */
/* Reading libconfig by recursive descent, in bounded depth. */
#include "foreign/libconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/text.h"

struct parser {
    const char *next, *end;
    unsigned line;
    const struct cret_libconfig_reader *reader;
    struct cret_err *err;
};

static enum cret_status refuse(const struct parser *parser, const char *what)
{
    cret_err_refuse(parser->err, CRET_CHECK_FOREIGN_FORM, "sw-description %s", what);
    return cret_err_where(parser->err, "line %u of sw-description", parser->line);
}

static bool at_end(const struct parser *parser)
{
    return parser->next == parser->end;
}

static char look(const struct parser *parser, size_t ahead)
{
    return (size_t)(parser->end - parser->next) > ahead ? parser->next[ahead] : '\0';
}

static void step(struct parser *parser)
{
    parser->line += *parser->next == '\n';
    parser->next++;
}

static void skip_line(struct parser *parser)
{
    while (!at_end(parser) && *parser->next != '\n') {
        step(parser);
    }
}

/* White space and comments. */
static enum cret_status skip(struct parser *parser)
{
    while (!at_end(parser)) {
        const char c = look(parser, 0), second = look(parser, 1);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            step(parser);
        } else if (c == '#' || (c == '/' && second == '/')) {
            skip_line(parser);
        } else if (c == '/' && second == '*') {
            parser->next += 2; /* so that the star of its beginning is not that of its end */
            while (!at_end(parser) && !(look(parser, 0) == '*' && look(parser, 1) == '/')) {
                step(parser);
            }
            if (at_end(parser)) {
                return refuse(parser, "has a comment without an end");
            }
            parser->next += 2;
        } else if (c == '@') {
            return refuse(parser, "includes another file, which nobody signed");
        } else {
            break;
        }
    }
    return CRET_OK;
}

/* One character after a backslash. */
static enum cret_status escape(struct parser *parser, struct cret_buffer *text)
{
    static const char from[] = "\\\"nrtfabv", to[] = "\\\"\n\r\t\f\a\b\v";
    const char c = look(parser, 0);
    const char *at = c != '\0' ? strchr(from, c) : NULL;
    if (at != NULL) {
        cret_buffer_append(text, &to[at - from], 1);
        step(parser);
        return CRET_OK;
    }
    if (c == 'x' && isxdigit((unsigned char)look(parser, 1)) &&
        isxdigit((unsigned char)look(parser, 2))) {
        const char digits[] = {look(parser, 1), look(parser, 2), '\0'};
        const char byte = (char)strtoul(digits, NULL, 16);
        cret_buffer_append(text, &byte, 1);
        parser->next += 3;
        return byte != '\0' ? CRET_OK : refuse(parser, "has a string with a zero in it");
    }
    return refuse(parser, "has an unknown escape in a string");
}

/* A string; those that follow it are its continuation. */
static enum cret_status read_string(struct parser *parser, struct cret_buffer *text)
{
    do {
        step(parser);
        while (look(parser, 0) != '"') {
            if (at_end(parser) || *parser->next == '\0') {
                return refuse(parser, "has a string without an end");
            }
            if (text->size > CRET_LIBCONFIG_STRING) {
                return refuse(parser, "has a string that is too long");
            }
            if (*parser->next == '\\') {
                step(parser);
                if (escape(parser, text) != CRET_OK) {
                    return CRET_FAILED;
                }
            } else {
                cret_buffer_append(text, parser->next, 1);
                step(parser);
            }
        }
        step(parser);
        if (skip(parser) != CRET_OK) {
            return CRET_FAILED;
        }
    } while (look(parser, 0) == '"');
    cret_buffer_append(text, "", 0);
    return text->failed ? cret_err_memory(parser->err) : CRET_OK;
}

/* true, false, a number: what it is does not matter here. */
static enum cret_status read_word(struct parser *parser)
{
    size_t length = 0;
    while (isalnum((unsigned char)look(parser, 0)) ||
           (look(parser, 0) != '\0' && strchr("+-._", look(parser, 0)) != NULL)) {
        step(parser);
        length++;
    }
    return length > 0 && length < CRET_LIBCONFIG_NAME
               ? CRET_OK
               : refuse(parser, "has something that is no value");
}

static enum cret_status read_value(struct parser *parser, unsigned depth, const char *name);

/* Values between brackets, with commas between them. */
static enum cret_status read_list(struct parser *parser, unsigned depth, char end)
{
    bool first = true;
    step(parser);
    for (;;) {
        if (skip(parser) != CRET_OK) {
            return CRET_FAILED;
        }
        if (look(parser, 0) == end) {
            step(parser);
            return CRET_OK;
        }
        if (!first) {
            if (look(parser, 0) != ',') {
                return refuse(parser, "has a list without commas, or without an end");
            }
            step(parser);
            if (skip(parser) != CRET_OK) {
                return CRET_FAILED;
            }
            if (look(parser, 0) == end) { /* libconfig lets a last comma stand */
                step(parser);
                return CRET_OK;
            }
        }
        first = false;
        if (read_value(parser, depth + 1, NULL) != CRET_OK) {
            return CRET_FAILED;
        }
    }
}

/* The names of a group so far; which two readers could take differently, if one stood twice. */
struct names {
    char list[CRET_LIBCONFIG_SETTINGS][CRET_LIBCONFIG_NAME];
    size_t count;
};

static enum cret_status read_name(struct parser *parser, struct names *names, const char **ret_name)
{
    size_t length = 0;
    if (names->count == CRET_LIBCONFIG_SETTINGS) {
        return refuse(parser, "has a group with too many settings");
    }
    char *name = names->list[names->count];
    while (isalnum((unsigned char)look(parser, 0)) ||
           (look(parser, 0) != '\0' && strchr("-_*", look(parser, 0)) != NULL)) {
        if (length + 1 == CRET_LIBCONFIG_NAME) {
            return refuse(parser, "has a name that is too long");
        }
        name[length++] = look(parser, 0);
        step(parser);
    }
    name[length] = '\0';
    if (length == 0 || isdigit((unsigned char)name[0])) {
        return refuse(parser, "has no name where one must stand");
    }
    for (size_t i = 0; i < names->count; i++) {
        if (strcasecmp(names->list[i], name) == 0) {
            return refuse(parser, "has the same name twice in a group");
        }
    }
    names->count++;
    *ret_name = name;
    return CRET_OK;
}

/* name = value; or name : value, with ; or , behind it, or neither. */
static enum cret_status read_setting(struct parser *parser, unsigned depth, struct names *names)
{
    const char *name = NULL;
    if (read_name(parser, names, &name) != CRET_OK || skip(parser) != CRET_OK) {
        return CRET_FAILED;
    }
    if (look(parser, 0) != '=' && look(parser, 0) != ':') {
        return refuse(parser, "has a name without a value");
    }
    step(parser);
    if (skip(parser) != CRET_OK || read_value(parser, depth, name) != CRET_OK ||
        skip(parser) != CRET_OK) {
        return CRET_FAILED;
    }
    if (look(parser, 0) == ';' || look(parser, 0) == ',') {
        step(parser);
    }
    return skip(parser);
}

/* Settings up to `end`; '\0' is the end of the text. */
static enum cret_status read_group(struct parser *parser, unsigned depth, char end)
{
    enum cret_status status = CRET_FAILED;
    struct names *names = calloc(1, sizeof(*names));
    if (names == NULL) {
        return cret_err_memory(parser->err);
    }
    if (skip(parser) != CRET_OK) {
        goto out;
    }
    while (end == '\0' ? !at_end(parser) : look(parser, 0) != end) {
        if (at_end(parser)) {
            refuse(parser, "has a group without an end");
            goto out;
        }
        if (read_setting(parser, depth, names) != CRET_OK) {
            goto out;
        }
    }
    if (end != '\0') {
        step(parser);
    }
    status = parser->reader->group(parser->reader->context, depth, parser->err);
out:
    free(names);
    return status;
}

static enum cret_status read_value(struct parser *parser, unsigned depth, const char *name)
{
    struct cret_buffer text = {0};
    enum cret_status status = CRET_FAILED;
    if (depth >= CRET_LIBCONFIG_DEPTH) {
        return refuse(parser, "is nested too deeply");
    }
    switch (look(parser, 0)) {
    case '{':
        step(parser);
        return read_group(parser, depth + 1, '}');
    case '(':
        return read_list(parser, depth, ')');
    case '[':
        return read_list(parser, depth, ']');
    case '"':
        status = read_string(parser, &text);
        if (status == CRET_OK && name != NULL) {
            status = parser->reader->string(parser->reader->context, depth, name,
                                            text.data != NULL ? text.data : "", parser->err);
        }
        cret_buffer_free(&text);
        return status;
    default:
        return read_word(parser);
    }
}

enum cret_status cret_libconfig_read(const char *text, size_t size,
                                     const struct cret_libconfig_reader *reader,
                                     struct cret_err *err)
{
    struct parser parser = {text, text + size, 1, reader, err};
    if (memchr(text, '\0', size) != NULL) {
        return refuse(&parser, "has a zero in it");
    }
    return read_group(&parser, 0, '\0');
}
