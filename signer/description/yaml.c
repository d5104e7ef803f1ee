/* SPDX-License-Identifier: Apache-2.0 */
/* From libyaml's events to nodes, or to the line and column of what is not allowed. */
#include "signer/description/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/finding/limits.h"
#include "base/text/nature.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

enum cret_status cret_mark_where(struct cret_err *err, const struct cret_mark *mark)
{
    if (mark->line == 0) {
        return cret_err_where(err, "%s", mark->file);
    }
    return cret_err_where(err, "%s:%u:%u", mark->file, mark->line, mark->column);
}

struct cret_node *cret_node_new(enum cret_node_kind kind, const struct cret_mark *mark,
                                const char *text)
{
    struct cret_node *node = calloc(1, sizeof(*node));
    if (node == NULL) {
        return NULL;
    }
    node->kind = kind;
    node->mark = *mark;
    if (text != NULL && (node->text = cret_unicode_compose(text)) == NULL) {
        free(node);
        return NULL;
    }
    return node;
}

void cret_node_free(struct cret_node **node)
{
    if (node == NULL || *node == NULL) {
        return;
    }
    for (size_t i = 0; i < (*node)->count; i++) {
        cret_node_free(&(*node)->items[i]);
        if ((*node)->keys != NULL) {
            free((*node)->keys[i]);
        }
    }
    free((*node)->items);
    free((*node)->keys);
    free((*node)->key_marks);
    free((*node)->text);
    free(*node);
    *node = NULL;
}

static enum cret_status grow(struct cret_node *node)
{
    const size_t capacity = node->capacity > 0 ? 2 * node->capacity : 4;
    void *items = realloc(node->items, capacity * sizeof(*node->items));
    if (items == NULL) {
        return CRET_FAILED;
    }
    node->items = items;
    if (node->kind == CRET_NODE_MAPPING) {
        void *keys = realloc(node->keys, capacity * sizeof(*node->keys));
        if (keys == NULL) {
            return CRET_FAILED;
        }
        node->keys = keys;
        void *marks = realloc(node->key_marks, capacity * sizeof(*node->key_marks));
        if (marks == NULL) {
            return CRET_FAILED;
        }
        node->key_marks = marks;
    }
    node->capacity = capacity;
    return CRET_OK;
}

enum cret_status cret_node_add(struct cret_node *parent, const char *key,
                               const struct cret_mark *key_mark, struct cret_node *child,
                               struct cret_err *err)
{
    if (parent->count == parent->capacity && grow(parent) != CRET_OK) {
        cret_node_free(&child);
        return cret_err_memory(err);
    }
    if (parent->kind == CRET_NODE_MAPPING) {
        char *copy = strdup(key);
        if (copy == NULL) {
            cret_node_free(&child);
            return cret_err_memory(err);
        }
        parent->keys[parent->count] = copy;
        parent->key_marks[parent->count] = *key_mark;
    }
    parent->items[parent->count++] = child;
    return CRET_OK;
}

size_t cret_node_find(const struct cret_node *mapping, const char *key, size_t size)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (strncmp(mapping->keys[i], key, size) == 0 && mapping->keys[i][size] == '\0') {
            return i;
        }
    }
    return SIZE_MAX;
}

struct cret_node *cret_node_get(const struct cret_node *node, const char *key)
{
    if (node == NULL || node->kind != CRET_NODE_MAPPING) {
        return NULL;
    }
    const size_t index = cret_node_find(node, key, strlen(key));
    return index != SIZE_MAX ? node->items[index] : NULL;
}

struct cret_node *cret_node_take(struct cret_node *mapping, const char *key)
{
    if (mapping->kind != CRET_NODE_MAPPING) {
        return NULL;
    }
    const size_t index = cret_node_find(mapping, key, strlen(key));
    if (index == SIZE_MAX) {
        return NULL;
    }
    struct cret_node *node = mapping->items[index];
    free(mapping->keys[index]);
    const size_t rest = mapping->count - index - 1;
    memmove(&mapping->items[index], &mapping->items[index + 1], rest * sizeof(*mapping->items));
    memmove(&mapping->keys[index], &mapping->keys[index + 1], rest * sizeof(*mapping->keys));
    memmove(&mapping->key_marks[index], &mapping->key_marks[index + 1],
            rest * sizeof(*mapping->key_marks));
    mapping->count--;
    return node;
}

/* One reading of one text. */
struct reader {
    yaml_parser_t parser;
    const char *file;
    struct cret_err *err;
};

static struct cret_mark mark_of(const struct reader *reader, const yaml_mark_t *mark)
{
    const size_t limit = 1u << 30;
    const struct cret_mark result = {
        .file = reader->file,
        .line = (unsigned)(mark->line < limit ? mark->line : limit) + 1u,
        .column = (unsigned)(mark->column < limit ? mark->column : limit) + 1u,
    };
    return result;
}

static enum cret_status refuse(const struct reader *reader, const yaml_mark_t *at, const char *what,
                               const char *hint)
{
    const struct cret_mark mark = mark_of(reader, at);
    cret_err_usage(reader->err, "%s", what);
    cret_mark_where(reader->err, &mark);
    return cret_err_hint(reader->err, "%s", hint);
}

/* libyaml's own complaint, in its words, at its place. */
static enum cret_status refuse_syntax(const struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return cret_err_memory(reader->err);
    }
    refuse(reader, &parser->problem_mark, "this is not YAML",
           "check indentation (spaces, no tabs) and quotes near this place");
    cret_err_actual(
        reader->err, "%s%s%s", parser->problem != NULL ? parser->problem : "syntax error",
        parser->context != NULL ? ", " : "", parser->context != NULL ? parser->context : "");
    return CRET_FAILED;
}

static enum cret_status next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event) != 1) {
        return refuse_syntax(reader);
    }
    return CRET_OK;
}

/* What every node may not have. */
static enum cret_status check_plainness(const struct reader *reader, const yaml_event_t *event,
                                        const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        return refuse(reader, &event->start_mark, "anchors (&name) are not accepted",
                      "write the value out, or put common parts into an included file");
    }
    if (tag != NULL) {
        return refuse(reader, &event->start_mark, "tags (!name) are not accepted",
                      "leave the tag out; each field has one kind");
    }
    return CRET_OK;
}

static enum cret_status parse_node(struct reader *reader, const yaml_event_t *event, unsigned depth,
                                   struct cret_node **ret_node);

static void trim_line_breaks(char *text)
{
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == '\n') {
        text[--size] = '\0';
    }
}

static enum cret_status parse_scalar(struct reader *reader, const yaml_event_t *event,
                                     struct cret_node **ret_node)
{
    const char *value = (const char *)event->data.scalar.value;
    const struct cret_mark mark = mark_of(reader, &event->start_mark);
    const yaml_scalar_style_t style = event->data.scalar.style;
    if (check_plainness(reader, event, event->data.scalar.anchor, event->data.scalar.tag) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (strlen(value) != event->data.scalar.length) {
        return refuse(reader, &event->start_mark, "a value holds a NUL character",
                      "remove the \\0");
    }
    struct cret_node *node = cret_node_new(CRET_NODE_SCALAR, &mark, value);
    if (node == NULL) {
        return cret_err_memory(reader->err);
    }
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        trim_line_breaks(node->text);
    }
    *ret_node = node;
    return CRET_OK;
}

static enum cret_status parse_sequence(struct reader *reader, unsigned depth,
                                       struct cret_node *sequence)
{
    for (;;) {
        yaml_event_t event;
        struct cret_node *item = NULL;
        if (next_event(reader, &event) != CRET_OK) {
            return CRET_FAILED;
        }
        const bool end = event.type == YAML_SEQUENCE_END_EVENT;
        const enum cret_status status =
            end ? CRET_OK : parse_node(reader, &event, depth + 1, &item);
        yaml_event_delete(&event);
        if (end || status != CRET_OK) {
            return status;
        }
        if (cret_node_add(sequence, NULL, NULL, item, reader->err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
}

static enum cret_status check_key(const struct reader *reader, const yaml_event_t *event,
                                  const struct cret_node *mapping)
{
    if (event->type == YAML_ALIAS_EVENT) {
        return refuse(reader, &event->start_mark, "aliases (*name) are not accepted",
                      "write the value out, or put common parts into an included file");
    }
    if (event->type != YAML_SCALAR_EVENT) {
        return refuse(reader, &event->start_mark, "a key must be a name",
                      "quote a key that begins with [ or {");
    }
    if (check_plainness(reader, event, event->data.scalar.anchor, event->data.scalar.tag) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const char *key = (const char *)event->data.scalar.value;
    if (strlen(key) != event->data.scalar.length) {
        return refuse(reader, &event->start_mark, "a key holds a NUL character", "remove the \\0");
    }
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(key, "<<") == 0) {
        return refuse(reader, &event->start_mark, "merge keys (<<) are not accepted",
                      "put common parts into an included file: include: company.yaml");
    }
    const size_t known = cret_node_find(mapping, key, strlen(key));
    if (known != SIZE_MAX) {
        refuse(reader, &event->start_mark, "a field is given twice", "keep one of the two");
        cret_err_actual(reader->err, "%s, first in line %u", key, mapping->key_marks[known].line);
        return CRET_FAILED;
    }
    if (mapping->count >= CRET_LIMIT_LIST) {
        return refuse(reader, &event->start_mark, "too many fields at one place",
                      "split the description");
    }
    return CRET_OK;
}

static enum cret_status parse_mapping(struct reader *reader, unsigned depth,
                                      struct cret_node *mapping)
{
    for (;;) {
        yaml_event_t key, value;
        struct cret_node *child = NULL;
        if (next_event(reader, &key) != CRET_OK) {
            return CRET_FAILED;
        }
        if (key.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&key);
            return CRET_OK;
        }
        const struct cret_mark mark = mark_of(reader, &key.start_mark);
        enum cret_status status = check_key(reader, &key, mapping);
        if (status == CRET_OK) {
            status = next_event(reader, &value);
            if (status == CRET_OK) {
                status = parse_node(reader, &value, depth + 1, &child);
                yaml_event_delete(&value);
            }
        }
        if (status == CRET_OK) {
            status = cret_node_add(mapping, (const char *)key.data.scalar.value, &mark, child,
                                   reader->err);
        }
        yaml_event_delete(&key);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
}

static enum cret_status parse_collection(struct reader *reader, const yaml_event_t *event,
                                         unsigned depth, struct cret_node **ret_node)
{
    const bool mapping = event->type == YAML_MAPPING_START_EVENT;
    const struct cret_mark mark = mark_of(reader, &event->start_mark);
    const yaml_char_t *anchor =
        mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag =
        mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (check_plainness(reader, event, anchor, tag) != CRET_OK) {
        return CRET_FAILED;
    }
    if (depth >= CRET_LIMIT_JSON_DEPTH) {
        return refuse(reader, &event->start_mark, "nested too deeply",
                      "no field nests that deeply");
    }
    struct cret_node *node =
        cret_node_new(mapping ? CRET_NODE_MAPPING : CRET_NODE_SEQUENCE, &mark, NULL);
    if (node == NULL) {
        return cret_err_memory(reader->err);
    }
    if ((mapping ? parse_mapping(reader, depth, node) : parse_sequence(reader, depth, node)) !=
        CRET_OK) {
        cret_node_free(&node);
        return CRET_FAILED;
    }
    *ret_node = node;
    return CRET_OK;
}

static enum cret_status parse_node(struct reader *reader, const yaml_event_t *event, unsigned depth,
                                   struct cret_node **ret_node)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return parse_scalar(reader, event, ret_node);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return parse_collection(reader, event, depth, ret_node);
    case YAML_ALIAS_EVENT:
        return refuse(reader, &event->start_mark, "aliases (*name) are not accepted",
                      "write the value out, or put common parts into an included file");
    default:
        return refuse(reader, &event->start_mark, "this is not YAML", "check the indentation");
    }
}

/* Directives bring tags and versions of the language; none is needed. */
static enum cret_status check_document_start(const struct reader *reader, const yaml_event_t *event)
{
    const yaml_version_directive_t *version = event->data.document_start.version_directive;
    if (event->data.document_start.tag_directives.start !=
        event->data.document_start.tag_directives.end) {
        return refuse(reader, &event->start_mark, "tag directives (%TAG) are not accepted",
                      "leave the directive out");
    }
    if (version != NULL && (version->major != 1 || version->minor != 2)) {
        return refuse(reader, &event->start_mark, "only YAML 1.2 is accepted",
                      "leave the %YAML directive out");
    }
    return CRET_OK;
}

/* STREAM-START DOCUMENT-START node DOCUMENT-END STREAM-END, and nothing else. */
static enum cret_status parse_stream(struct reader *reader, struct cret_node **ret_node)
{
    enum cret_status status = CRET_FAILED;
    struct cret_node *node = NULL;
    for (bool end = false; !end;) {
        yaml_event_t event;
        if (next_event(reader, &event) != CRET_OK) {
            break;
        }
        enum cret_status step = CRET_OK;
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            step = node != NULL ? refuse(reader, &event.start_mark, "more than one YAML document",
                                         "keep one document a file; remove the second ---")
                                : check_document_start(reader, &event);
            break;
        case YAML_STREAM_END_EVENT:
            end = true;
            step = node != NULL ? CRET_OK
                                : refuse(reader, &event.start_mark, "the description is empty",
                                         "cretula-sign init writes one to start from");
            status = step;
            break;
        default:
            step = parse_node(reader, &event, 0, &node);
            break;
        }
        yaml_event_delete(&event);
        if (step != CRET_OK) {
            break;
        }
    }
    if (status != CRET_OK) {
        cret_node_free(&node);
        return CRET_FAILED;
    }
    *ret_node = node;
    return CRET_OK;
}

enum cret_status cret_yaml_parse(struct cret_node **ret_node, const char *text, size_t size,
                                 const char *file, struct cret_err *err)
{
    struct reader reader = {.file = file, .err = err};
    const struct cret_nature *nature = cret_nature_in_place_of_text(text, size);
    if (nature != NULL && text[0] != '{' && !cret_text_is_utf16(text, size)) {
        cret_err_usage(err, "this is %s, and no release description", nature->words);
        cret_err_where(err, "%s", file);
        cret_err_expected(err, "the YAML text that a release is packed from (release.yaml)");
        return cret_err_hint(err, "name the description; `cretula-sign init` prints one to begin "
                                  "with");
    }
    if (cret_text_is_utf16(text, size)) {
        cret_err_usage(err, "the description is in UTF-16");
        cret_err_where(err, "%s", file);
        return cret_err_hint(err, CRET_TEXT_UTF16_HINT);
    }
    /* YAML 1.2, 5.2: the mark is no part of the document; libyaml counts it as a column. */
    const size_t byte_order_mark = cret_text_mark_size(text, size);
    text += byte_order_mark;
    size -= byte_order_mark;
    if (!cret_utf8_valid(text, size) || memchr(text, '\0', size) != NULL) {
        cret_err_usage(err, "the description is not UTF-8 text");
        cret_err_where(err, "%s", file);
        return cret_err_hint(err, "save it as UTF-8");
    }
    if (yaml_parser_initialize(&reader.parser) != 1) {
        return cret_err_memory(err);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    const enum cret_status status = parse_stream(&reader, ret_node);
    yaml_parser_delete(&reader.parser);
    return status;
}
