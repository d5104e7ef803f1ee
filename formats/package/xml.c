/* SPDX-License-Identifier: Apache-2.0 */
/* A reader of a small XML, event by event. */
#include "package/xml.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"

#define DEPTH 8u
#define SPACES CRET_LIMIT_PACKAGE_XML_NAMESPACES

struct space {
    char *prefix; /* "" is the default */
    char *uri;
    size_t depth;
};

struct cret_xml {
    const char *text, *name;
    size_t size, at;
    char *open[DEPTH]; /* names of the elements that are open, with prefix */
    size_t depth;
    struct space spaces[SPACES];
    size_t space_count;
    struct cret_xml_attribute attributes[CRET_XML_ATTRIBUTES];
    size_t attribute_count;
    char *content;
    bool closing; /* an element that ends where it begins has its end still to tell */
    bool rooted;  /* the root was opened */
};

size_t cret_xml_line(const struct cret_xml *xml)
{
    size_t line = 1;
    for (size_t i = 0; i < xml->at; i++) {
        line += xml->text[i] == '\n' ? 1 : 0;
    }
    return line;
}

static enum cret_status refuse(const struct cret_xml *xml, struct cret_err *err, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_MANIFEST, "%s", what);
    return cret_err_where(err, "%s, line %zu", xml->name, cret_xml_line(xml));
}

static bool begins(const struct cret_xml *xml, const char *words)
{
    const size_t size = strlen(words);
    return xml->size - xml->at >= size && memcmp(xml->text + xml->at, words, size) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool skip_blanks(struct cret_xml *xml)
{
    const size_t before = xml->at;
    while (xml->at < xml->size && is_blank(xml->text[xml->at])) {
        xml->at++;
    }
    return xml->at > before;
}

static bool is_name_character(char c, bool first)
{
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'));
}

static enum cret_status take_name(struct cret_xml *xml, char **ret_name, struct cret_err *err)
{
    const size_t from = xml->at;
    while (xml->at < xml->size && is_name_character(xml->text[xml->at], xml->at == from)) {
        xml->at++;
    }
    if (xml->at == from) {
        return refuse(xml, err, "a name was expected");
    }
    *ret_name = strndup(xml->text + from, xml->at - from);
    return *ret_name != NULL ? CRET_OK : cret_err_memory(err);
}

/* Text up to `end`, with the predefined entities replaced. */
static enum cret_status take_text(struct cret_xml *xml, char end, char **ret_text,
                                  struct cret_err *err)
{
    static const struct {
        const char *words;
        const char *meaning;
    } entities[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}};
    struct cret_buffer text = {0};
    enum cret_status status = CRET_FAILED;
    cret_buffer_append(&text, "", 0);
    while (xml->at < xml->size && xml->text[xml->at] != end) {
        size_t i = 0;
        if (xml->text[xml->at] == '<') {
            refuse(xml, err, "a < stands where it must not");
            goto out;
        }
        if (xml->text[xml->at] != '&') {
            cret_buffer_append(&text, xml->text + xml->at++, 1);
            continue;
        }
        while (i < CRET_LENGTH(entities) && !begins(xml, entities[i].words)) {
            i++;
        }
        if (i == CRET_LENGTH(entities)) {
            refuse(xml, err,
                   begins(xml, "&#") ? "a character reference, of which a signed list has none"
                                     : "an entity that is none of the five that XML itself "
                                       "defines");
            goto out;
        }
        cret_buffer_append(&text, entities[i].meaning, 1);
        xml->at += strlen(entities[i].words);
    }
    cret_buffer_append(&text, "", 1);
    if (text.failed) {
        cret_err_memory(err);
        goto out;
    }
    *ret_text = text.data;
    return CRET_OK;
out:
    cret_buffer_free(&text);
    return status;
}

static void clear_attributes(struct cret_xml *xml)
{
    for (size_t i = 0; i < xml->attribute_count; i++) {
        free(xml->attributes[i].name);
        free(xml->attributes[i].value);
    }
    xml->attribute_count = 0;
}

/* One attribute, into the next free place. */
static enum cret_status take_attribute(struct cret_xml *xml, struct cret_err *err)
{
    if (xml->attribute_count == CRET_XML_ATTRIBUTES) {
        return refuse(xml, err, "an element has too many attributes");
    }
    struct cret_xml_attribute *one = &xml->attributes[xml->attribute_count];
    *one = (struct cret_xml_attribute){0};
    xml->attribute_count++;
    if (take_name(xml, &one->name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!begins(xml, "=\"") && !begins(xml, "='")) {
        return refuse(xml, err, "an attribute has no value in quotes");
    }
    const char quote = xml->text[xml->at + 1];
    xml->at += 2;
    if (take_text(xml, quote, &one->value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (xml->at == xml->size) {
        return refuse(xml, err, "an attribute does not end");
    }
    xml->at++;
    for (size_t i = 0; i + 1 < xml->attribute_count; i++) {
        if (strcmp(xml->attributes[i].name, one->name) == 0) {
            return refuse(xml, err, "an attribute stands twice");
        }
    }
    return CRET_OK;
}

/* Attributes that declare namespaces leave the list. */
static enum cret_status declare_spaces(struct cret_xml *xml, struct cret_err *err)
{
    for (size_t i = 0; i < xml->attribute_count;) {
        struct cret_xml_attribute *one = &xml->attributes[i];
        const bool plain = strcmp(one->name, "xmlns") == 0;
        if (!plain && strncmp(one->name, "xmlns:", 6) != 0) {
            i++;
            continue;
        }
        if (xml->space_count == SPACES) {
            return refuse(xml, err, "too many namespaces");
        }
        char *prefix = strdup(plain ? "" : one->name + 6);
        if (prefix == NULL) {
            return cret_err_memory(err);
        }
        xml->spaces[xml->space_count++] =
            (struct space){.prefix = prefix, .uri = one->value, .depth = xml->depth};
        free(one->name);
        *one = xml->attributes[--xml->attribute_count];
    }
    return CRET_OK;
}

/* The name without its prefix, and the namespace that the prefix means. */
static enum cret_status resolve(const struct cret_xml *xml, const char *whole,
                                struct cret_xml_event *event, struct cret_err *err)
{
    const char *colon = strchr(whole, ':');
    const size_t size = colon == NULL ? 0 : (size_t)(colon - whole);
    event->name = colon == NULL ? whole : colon + 1;
    if (strchr(event->name, ':') != NULL || event->name[0] == '\0') {
        return refuse(xml, err, "a name with two prefixes, or with a prefix alone");
    }
    for (size_t i = xml->space_count; i > 0; i--) {
        const struct space *space = &xml->spaces[i - 1];
        if (strlen(space->prefix) == size && strncmp(space->prefix, whole, size) == 0) {
            event->space = space->uri;
            return CRET_OK;
        }
    }
    event->space = "";
    return colon == NULL ? CRET_OK : refuse(xml, err, "a prefix that no namespace was given");
}

static void leave(struct cret_xml *xml)
{
    xml->depth--;
    free(xml->open[xml->depth]);
    xml->open[xml->depth] = NULL;
    while (xml->space_count > 0 && xml->spaces[xml->space_count - 1].depth > xml->depth) {
        xml->space_count--;
        free(xml->spaces[xml->space_count].prefix);
        free(xml->spaces[xml->space_count].uri);
    }
}

static enum cret_status take_end(struct cret_xml *xml, struct cret_xml_event *event,
                                 struct cret_err *err)
{
    char *name = NULL;
    xml->at += 2;
    if (take_name(xml, &name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool fits = xml->depth > 0 && strcmp(xml->open[xml->depth - 1], name) == 0;
    free(name);
    skip_blanks(xml);
    if (!fits || !begins(xml, ">")) {
        return refuse(xml, err, "an end that is not that of the open element");
    }
    xml->at++;
    leave(xml);
    event->kind = CRET_XML_END;
    return CRET_OK;
}

static enum cret_status take_start(struct cret_xml *xml, struct cret_xml_event *event,
                                   struct cret_err *err)
{
    if (xml->depth == DEPTH) {
        return refuse(xml, err, "elements lie too deep in each other");
    }
    if (xml->depth == 0 && xml->rooted) {
        return refuse(xml, err, "something follows the root element");
    }
    xml->at++;
    if (take_name(xml, &xml->open[xml->depth], err) != CRET_OK) {
        return CRET_FAILED;
    }
    xml->depth++;
    xml->rooted = true;
    bool parted = skip_blanks(xml);
    while (xml->at < xml->size && xml->text[xml->at] != '>' && !begins(xml, "/>")) {
        if (!parted) {
            return refuse(xml, err, "attributes are not parted by a space");
        }
        if (take_attribute(xml, err) != CRET_OK) {
            return CRET_FAILED;
        }
        parted = skip_blanks(xml);
    }
    if (xml->at == xml->size) {
        return refuse(xml, err, "an element does not end");
    }
    xml->closing = xml->text[xml->at] == '/';
    xml->at += xml->closing ? 2 : 1;
    if (declare_spaces(xml, err) != CRET_OK ||
        resolve(xml, xml->open[xml->depth - 1], event, err) != CRET_OK) {
        return CRET_FAILED;
    }
    event->kind = CRET_XML_START;
    event->attributes = xml->attributes;
    event->attribute_count = xml->attribute_count;
    return CRET_OK;
}

static enum cret_status take_content(struct cret_xml *xml, struct cret_xml_event *event,
                                     bool *ret_blank, struct cret_err *err)
{
    if (xml->depth == 0) {
        return refuse(xml, err, "text outside of the root element");
    }
    const size_t from = xml->at;
    while (xml->at < xml->size && xml->text[xml->at] != '<') {
        xml->at++;
    }
    const size_t end = xml->at, whole = xml->size;
    xml->at = from;
    xml->size = end;
    const enum cret_status status = take_text(xml, '<', &xml->content, err);
    xml->size = whole;
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    event->kind = CRET_XML_TEXT;
    event->text = xml->content;
    const char *rest = xml->content;
    while (is_blank(*rest)) {
        rest++;
    }
    *ret_blank = *rest == '\0';
    return CRET_OK;
}

/* What XML allows beside elements and text. */
static enum cret_status refuse_extra(const struct cret_xml *xml, struct cret_err *err)
{
    static const struct {
        const char *begin, *words;
    } rows[] = {
        {"<!DOCTYPE",
         "a document type, of which a signed list has none: it can ask for other files"},
        {"<!--", "a comment, of which a signed list has none"},
        {"<![CDATA[", "a CDATA section, of which a signed list has none"},
        {"<?", "a processing instruction, of which a signed list has none"},
    };
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (i == 0 && begins(xml, rows[0].begin) && strstr(xml->text + xml->at, "<!ENTITY")) {
            return refuse(xml, err, "a document type that defines entities");
        }
        if (begins(xml, rows[i].begin)) {
            return refuse(xml, err, rows[i].words);
        }
    }
    return refuse(xml, err, "a declaration, of which a signed list has none");
}

enum cret_status cret_xml_next(struct cret_xml *xml, struct cret_xml_event *event,
                               struct cret_err *err)
{
    *event = (struct cret_xml_event){.kind = CRET_XML_DONE};
    clear_attributes(xml);
    if (xml->closing) {
        xml->closing = false;
        leave(xml);
        event->kind = CRET_XML_END;
        return CRET_OK;
    }
    for (;;) {
        bool blank = false;
        free(xml->content);
        xml->content = NULL;
        if (xml->depth == 0) {
            skip_blanks(xml);
        }
        if (xml->at == xml->size) {
            return xml->depth == 0 && xml->rooted
                       ? CRET_OK
                       : refuse(xml, err, "it ends before its root element does");
        }
        if (begins(xml, "<!") || begins(xml, "<?")) {
            return refuse_extra(xml, err);
        }
        if (begins(xml, "</")) {
            return take_end(xml, event, err);
        }
        if (xml->text[xml->at] == '<') {
            return take_start(xml, event, err);
        }
        if (take_content(xml, event, &blank, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!blank) {
            return CRET_OK;
        }
    }
}

/* <?xml version="1.0" encoding="UTF-8"?>, which may be left out. */
static enum cret_status take_declaration(struct cret_xml *xml, struct cret_err *err)
{
    static const char *const forms[] = {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
        "<?xml version='1.0' encoding='UTF-8'?>",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
        "<?xml version=\"1.0\"?>",
    };
    for (size_t i = 0; i < CRET_LENGTH(forms); i++) {
        if (begins(xml, forms[i])) {
            xml->at += strlen(forms[i]);
            return CRET_OK;
        }
    }
    return begins(xml, "<?xml") ? refuse(xml, err, "an XML declaration other than 1.0 in UTF-8")
                                : CRET_OK;
}

enum cret_status cret_xml_new(struct cret_xml **ret_xml, const char *text, size_t size,
                              const char *name, struct cret_err *err)
{
    struct cret_xml *xml = calloc(1, sizeof(*xml));
    if (xml == NULL) {
        return cret_err_memory(err);
    }
    *xml = (struct cret_xml){.text = text, .size = size, .name = name};
    bool controls = !cret_utf8_valid(text, size);
    for (size_t i = 0; i < size; i++) {
        controls = controls || ((unsigned char)text[i] < 0x20 && !is_blank(text[i]));
    }
    if (controls) {
        refuse(xml, err, "it is not text in UTF-8");
    } else if (take_declaration(xml, err) == CRET_OK) {
        *ret_xml = xml;
        return CRET_OK;
    }
    cret_xml_free(&xml);
    return CRET_FAILED;
}

void cret_xml_free(struct cret_xml **xml)
{
    if (xml == NULL || *xml == NULL) {
        return;
    }
    clear_attributes(*xml);
    while ((*xml)->depth > 0) {
        leave(*xml);
    }
    free((*xml)->content);
    free(*xml);
    *xml = NULL;
}
