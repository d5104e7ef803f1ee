/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 2 in tag-value form (Zephyr, ESP-IDF): its lines, put where their tags say in the
 * JSON form. */
#include "release/sbom/sbom_tag_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "release/sbom/sbom_tag_value_internal.h"

/* An object of the JSON form, and its pointer. */
struct place {
    json_t *object; /* borrowed; NULL: none is open */
    char pointer[64];
};

struct reader {
    const char *end, *at;
    size_t line;    /* of what is read, counted from 1 */
    size_t entries; /* tags so far */
    json_t *document, *lines;
    struct place places[CRET_TAG_SCOPES];
    json_t *owner; /* the package that files below it belong to, or NULL */
    struct cret_shape_run *run;
    bool failed; /* memory */
};

/* A value of a tag: a copy, ended. */
struct entry {
    char *name, *value;
    size_t line;
};

static void fault(struct reader *reader, size_t line, const char *expected, const char *actual,
                  const char *reason)
{
    reader->run->line = line;
    cret_shape_fault(reader->run, NULL, expected, actual, "%s", reason);
}

bool cret_tag_value_is(const char *text, size_t size)
{
    static const char word[] = "SPDXVersion:";
    const size_t length = sizeof(word) - 1;
    const size_t most = size < 4096 ? size : 4096;
    size_t at = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < most && memchr(" \t\r\n", text[at], 4) != NULL) {
        at++;
    }
    if (at < most && memchr("{[<", text[at], 3) != NULL) {
        return false;
    }
    while (at + length <= most) {
        if (memcmp(text + at, word, length) == 0) {
            return true;
        }
        const char *next = memchr(text + at, '\n', most - at);
        at = next == NULL ? most : (size_t)(next - text) + 1;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* A copy of a range without blanks around it. NULL: memory. */
static char *copy(const char *from, const char *to)
{
    while (from < to && (is_blank(*from) || *from == '\n')) {
        from++;
    }
    while (to > from && (is_blank(to[-1]) || to[-1] == '\n')) {
        to--;
    }
    return strndup(from, (size_t)(to - from));
}

/* The end of the value that begins here: of its line, or behind </text>, lines below. NULL: the
 * text has no end. */
static const char *value_end(struct reader *reader, const char **from, const char *line_end)
{
    static const char open[] = "<text>", close[] = "</text>";
    const char *start = *from;
    while (start < line_end && is_blank(*start)) {
        start++;
    }
    if ((size_t)(line_end - start) < sizeof(open) - 1 ||
        memcmp(start, open, sizeof(open) - 1) != 0) {
        reader->at = line_end;
        return line_end;
    }
    start += sizeof(open) - 1;
    const char *end = memmem(start, (size_t)(reader->end - start), close, sizeof(close) - 1);
    if (end == NULL) {
        return NULL;
    }
    for (const char *c = start; c < end; c++) {
        reader->line += *c == '\n' ? 1u : 0u;
    }
    reader->at = end + sizeof(close) - 1;
    *from = start;
    return end;
}

/* Reads the line at reader->at up to its end. False: nothing on it, or a fault that was said. */
static bool read_entry(struct reader *reader, struct entry *entry)
{
    const char *start = reader->at;
    const char *found = memchr(start, '\n', (size_t)(reader->end - start));
    const char *line_end = found != NULL ? found : reader->end;
    entry->line = reader->line;
    while (start < line_end && is_blank(*start)) {
        start++;
    }
    if (start == line_end || *start == '#') {
        reader->at = line_end;
        return false;
    }
    const char *colon = memchr(start, ':', (size_t)(line_end - start));
    if (colon == NULL) {
        reader->at = line_end;
        fault(reader, entry->line, "TAG: VALUE, or # and a comment", NULL,
              "the line is no tag with a value");
        return false;
    }
    const char *value = colon + 1;
    const char *end = value_end(reader, &value, line_end);
    if (end == NULL) {
        reader->at = reader->end;
        fault(reader, entry->line, "</text>", "the end of the file",
              "a text that begins with <text> has no end");
        return false;
    }
    entry->name = copy(start, colon);
    entry->value = copy(value, end);
    reader->failed |= entry->name == NULL || entry->value == NULL;
    return !reader->failed;
}

static void set_line(struct reader *reader, const char *pointer, size_t line)
{
    reader->failed |=
        json_object_set_new(reader->lines, pointer, json_integer((json_int_t)line)) != 0;
}

/* The list of that name, made where there is none. NULL: memory. */
static json_t *list_of(struct reader *reader, json_t *object, const char *member)
{
    json_t *list = json_object_get(object, member);
    if (list == NULL) {
        list = json_array();
        reader->failed |= json_object_set_new(object, member, list) != 0;
    }
    return reader->failed ? NULL : list;
}

/* Appends to the list `member` of a place, and notes the line. ret_place: the new entry, or NULL.
 */
static void append(struct reader *reader, const struct place *place, const char *member,
                   json_t *value, size_t line, struct place *ret_place)
{
    char pointer[160];
    json_t *list = list_of(reader, place->object, member);
    if (list == NULL || json_array_append_new(list, value) != 0) {
        reader->failed = true;
        return;
    }
    snprintf(pointer, sizeof(pointer), "%s/%s/%zu", place->pointer, member,
             json_array_size(list) - 1);
    set_line(reader, pointer, line);
    if (ret_place != NULL) {
        ret_place->object = value;
        snprintf(ret_place->pointer, sizeof(ret_place->pointer), "%.60s", pointer);
    }
}

/* Splits off the next word; *rest goes behind it and the blanks after it. */
static char *next_word(char **rest)
{
    char *word = *rest;
    char *end = word + strcspn(word, " \t");
    *rest = end + strspn(end, " \t");
    *end = '\0';
    return word;
}

/* "SHA256: ab12..." */
static json_t *checksum_of(struct reader *reader, const struct entry *entry, char *text)
{
    char *colon = strchr(text, ':');
    if (colon == NULL) {
        fault(reader, entry->line, "ALGORITHM: DIGEST", text, "the checksum has no algorithm");
        return NULL;
    }
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    json_t *made = json_pack("{s:s, s:s}", "algorithm", text, "checksumValue", value);
    reader->failed |= made == NULL;
    return made;
}

/* Values of three words each. */
static json_t *three_words(struct reader *reader, const struct entry *entry,
                           const struct cret_tag *tag)
{
    char *rest = entry->value;
    char *first = next_word(&rest), *second = next_word(&rest);
    json_t *made = NULL;
    if (rest[0] == '\0') {
        fault(reader, entry->line,
              tag->kind == CRET_TAG_REFER    ? "CATEGORY TYPE LOCATOR"
              : tag->kind == CRET_TAG_RELATE ? "ID TYPE ID"
                                             : "DocumentRef-NAME NAMESPACE ALGORITHM: DIGEST",
              first, "the value has not its three parts");
        return NULL;
    }
    if (tag->kind == CRET_TAG_FOREIGN) {
        json_t *checksum = checksum_of(reader, entry, rest);
        if (checksum == NULL) {
            return NULL;
        }
        made = json_pack("{s:s, s:s, s:o}", "externalDocumentId", first, "spdxDocument", second,
                         "checksum", checksum);
    } else if (tag->kind == CRET_TAG_REFER) {
        made = json_pack("{s:s, s:s, s:s}", "referenceCategory", first, "referenceType", second,
                         "referenceLocator", rest);
    } else {
        made = json_pack("{s:s, s:s, s:s}", "spdxElementId", first, "relationshipType", second,
                         "relatedSpdxElement", rest);
    }
    reader->failed |= made == NULL;
    return made;
}

/* A value that stands once; NULL: a fault that was said, or memory. */
static json_t *single_value(struct reader *reader, const struct entry *entry,
                            enum cret_tag_kind kind)
{
    json_t *made = NULL;
    if (kind == CRET_TAG_FLAG) {
        const bool yes = strcmp(entry->value, "true") == 0;
        if (!yes && strcmp(entry->value, "false") != 0) {
            fault(reader, entry->line, "true or false", entry->value, "the value is neither");
            return NULL;
        }
        made = json_boolean(yes);
    } else if (kind == CRET_TAG_CODE) {
        made = json_pack("{s:s%}", "packageVerificationCodeValue", entry->value,
                         strcspn(entry->value, " ("));
    } else {
        made = json_string(entry->value);
    }
    reader->failed |= made == NULL;
    return made;
}

static void set_single(struct reader *reader, const struct entry *entry, const struct cret_tag *tag,
                       const struct place *place)
{
    char pointer[160];
    if (json_object_get(place->object, tag->member) != NULL) {
        fault(reader, entry->line, "the tag once", entry->name,
              "a tag that stands once is there again");
        return;
    }
    json_t *value = single_value(reader, entry, tag->kind);
    if (value == NULL) {
        return;
    }
    if (tag->scope == CRET_TAG_OF_ELEMENT &&
        reader->places[CRET_TAG_OF_FILE_ENTRY].object != NULL && reader->owner != NULL) {
        json_t *files = list_of(reader, reader->owner, "hasFiles");
        reader->failed |= files == NULL || json_array_append(files, value) != 0;
    }
    reader->failed |= json_object_set_new(place->object, tag->member, value) != 0;
    snprintf(pointer, sizeof(pointer), "%s/%s", place->pointer, tag->member);
    set_line(reader, pointer, entry->line);
}

/* A package or another entry of the document begins: what was open before is closed. */
static void open_entry(struct reader *reader, const struct entry *entry, const struct cret_tag *tag)
{
    struct place *place = &reader->places[tag->scope];
    for (int scope = CRET_TAG_OF_PACKAGE; scope < CRET_TAG_OF_ELEMENT; scope++) {
        reader->places[scope].object = NULL;
    }
    json_t *made = json_object();
    reader->failed |= made == NULL;
    if (!reader->failed) {
        append(reader, &reader->places[CRET_TAG_OF_DOCUMENT], tag->opens, made, entry->line, place);
    }
    if (tag->scope == CRET_TAG_OF_PACKAGE || tag->scope == CRET_TAG_OF_FILE_ENTRY) {
        reader->places[CRET_TAG_OF_ELEMENT] = *place;
        reader->owner = tag->scope == CRET_TAG_OF_PACKAGE ? made : reader->owner;
    } else if (tag->scope == CRET_TAG_OF_SNIPPET) {
        reader->places[CRET_TAG_OF_ELEMENT].object = NULL; /* its id has a tag of its own */
    }
}

static void take(struct reader *reader, const struct entry *entry)
{
    const struct cret_tag *tag = cret_tag_find(entry->name);
    if (tag == NULL) {
        reader->run->line = entry->line;
        cret_shape_warn(reader->run, NULL, "a tag of SPDX 2", entry->name,
                        "the tag is not known, and is passed over");
        return;
    }
    if (tag->opens != NULL) {
        open_entry(reader, entry, tag);
    }
    const struct place place = reader->places[tag->scope];
    /* Comments follow what they are about at once. */
    reader->places[CRET_TAG_OF_RELATION].object = NULL;
    reader->places[CRET_TAG_OF_REFERENCE].object = NULL;
    if (reader->failed) {
        return;
    }
    if (place.object == NULL) {
        fault(reader, entry->line, "the tag below what it is about", entry->name,
              "nothing that this tag is about has begun");
        return;
    }
    json_t *made = NULL;
    struct place *next = NULL;
    switch (tag->kind) {
    case CRET_TAG_PASSED:
        return;
    case CRET_TAG_TEXT:
    case CRET_TAG_FLAG:
    case CRET_TAG_CODE:
        set_single(reader, entry, tag, &place);
        return;
    case CRET_TAG_TEXTS:
        made = json_string(entry->value);
        reader->failed |= made == NULL;
        break;
    case CRET_TAG_CHECKSUM:
        made = checksum_of(reader, entry, entry->value);
        break;
    case CRET_TAG_REFER:
    case CRET_TAG_RELATE:
    case CRET_TAG_FOREIGN:
        made = three_words(reader, entry, tag);
        next = tag->kind == CRET_TAG_REFER    ? &reader->places[CRET_TAG_OF_REFERENCE]
               : tag->kind == CRET_TAG_RELATE ? &reader->places[CRET_TAG_OF_RELATION]
                                              : NULL;
        break;
    }
    if (made != NULL) {
        append(reader, &place, tag->member, made, entry->line, next);
    }
}

/* Every line, from the first to the last. */
static void read_all(struct reader *reader)
{
    while (reader->at < reader->end && !reader->failed) {
        struct entry entry = {.name = NULL};
        if (read_entry(reader, &entry)) {
            take(reader, &entry);
            reader->entries++;
        }
        free(entry.name);
        free(entry.value);
        /* Behind a text nothing else stands on its line. */
        while (reader->at < reader->end && is_blank(*reader->at)) {
            reader->at++;
        }
        if (reader->at < reader->end && *reader->at != '\n') {
            const char *next = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
            fault(reader, reader->line, "the end of the line", NULL,
                  "something follows </text> on its line");
            reader->at = next != NULL ? next : reader->end;
        }
        if (reader->at < reader->end) {
            reader->at++;
            reader->line++;
        }
        if (reader->entries > CRET_LIMIT_JSON_VALUES / 4) {
            fault(reader, reader->line, "at most 1000000 tags", NULL, "the document is too large");
            return;
        }
    }
}

enum cret_status cret_tag_value_read(json_t **ret_json, json_t **ret_lines, const char *text,
                                     size_t size, struct cret_shape_run *run, struct cret_err *err)
{
    struct reader reader = {
        .end = text + size,
        .at = text + (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0),
        .line = 1,
        .document = json_object(),
        .lines = json_object(),
        .run = run,
    };
    if (!cret_utf8_valid(text, size) || memchr(text, '\0', size) != NULL) {
        json_decref(reader.document);
        json_decref(reader.lines);
        cret_err_refuse(err, run->check, "the tag-value text is not UTF-8");
        return cret_err_hint(err, CRET_TEXT_UTF16_HINT);
    }
    json_t *creation = json_object();
    reader.places[CRET_TAG_OF_DOCUMENT].object = reader.document;
    reader.places[CRET_TAG_OF_ELEMENT].object = reader.document;
    reader.places[CRET_TAG_OF_CREATION].object = creation;
    snprintf(reader.places[CRET_TAG_OF_CREATION].pointer,
             sizeof(reader.places[CRET_TAG_OF_CREATION].pointer), "/creationInfo");
    reader.failed = reader.document == NULL || reader.lines == NULL ||
                    json_object_set_new(reader.document, "creationInfo", creation) != 0;
    if (!reader.failed) {
        read_all(&reader);
    }
    run->line = 0;
    if (reader.failed || run->at.failed) {
        json_decref(reader.document);
        json_decref(reader.lines);
        return cret_err_memory(err);
    }
    *ret_json = reader.document;
    *ret_lines = reader.lines;
    return CRET_OK;
}
