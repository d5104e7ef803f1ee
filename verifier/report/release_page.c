/* SPDX-License-Identifier: Apache-2.0 */
/* The two forms of the table of sections. */
#include "verifier/report/release_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/time.h"
#include "verifier/report/pieces.h"

enum { MOST_FIELDS = 8, MOST_LINES = 4 };

/* Whether an entry comes first: a security change, a setting that must be looked at. */
static bool comes_first(const json_t *entry)
{
    return json_is_true(json_object_get(entry, "security")) ||
           json_is_true(json_object_get(entry, "mustChange"));
}

/* What a flag of the entry says, in words before its text. */
static const char *mark_of(const json_t *entry)
{
    return json_is_true(json_object_get(entry, "security"))     ? "security, "
           : json_is_true(json_object_get(entry, "mustChange")) ? "must change: "
           : json_is_true(json_object_get(entry, "fixed"))      ? "cannot change: "
                                                                : "";
}

/* A value in a line; of a time its day. */
static void add_value(struct cret_buffer *line, const json_t *value)
{
    int64_t seconds = 0;
    const char *text = json_string_value(value);
    if (text != NULL && cret_time_parse_any(&seconds, text) == CRET_OK) {
        cret_buffer_printf(line, "%.10s", text);
    } else {
        cret_piece_value(line, value);
    }
}

static void add_entry(struct cret_buffer *line, const json_t *entry,
                      const struct cret_piece_field *fields)
{
    const size_t before = line->size;
    if (!json_is_object(entry)) {
        cret_piece_value(line, entry);
        return;
    }
    cret_buffer_printf(line, "%s", mark_of(entry));
    for (const struct cret_piece_field *field = fields; field->path != NULL; field++) {
        const json_t *value = field->lead != NULL ? cret_json_get(entry, field->path) : NULL;
        if (value != NULL) {
            const bool first = line->size == before;
            cret_buffer_printf(line, "%s", field->lead + (first ? strspn(field->lead, " ,:;") : 0));
            add_value(line, value);
        }
    }
}

static void line_of(struct cret_page *page, const char *label, const json_t *entry,
                    const struct cret_piece_field *fields)
{
    struct cret_buffer line = {0};
    add_entry(&line, entry, fields);
    cret_page_buffer(page, label, &line);
}

/* Entries of a list, what comes first before the rest. */
static const json_t *ordered(const json_t *list, size_t place)
{
    size_t found = 0;
    for (int first = 1; first >= 0; first--) {
        CRET_JSON_EACH (entry, list) {
            if (comes_first(entry) == (first == 1) && found++ == place) {
                return entry;
            }
        }
    }
    return NULL;
}

/* How many entries of a list have a line of their own: where some come first, those alone; of a
 * list that is longer than a few lines the first of them. */
static size_t told_of(const json_t *list)
{
    size_t first = 0;
    CRET_JSON_EACH (entry, list) {
        first += comes_first(entry) ? 1u : 0u;
    }
    const size_t count = json_array_size(list);
    return first > 0 ? first : count > MOST_LINES ? MOST_LINES - 1 : count;
}

static void lines_of(struct cret_page *page, const struct cret_piece_section *section,
                     const json_t *list)
{
    const size_t told = told_of(list), count = json_array_size(list);
    for (size_t i = 0; i < told; i++) {
        line_of(page, i == 0 ? section->label : "", ordered(list, i), section->fields);
    }
    if (told < count) {
        cret_page_row(page, "", "and %zu %s (--section %s)", count - told,
                      cret_plural(count - told, "other", "others"), section->name);
    }
}

static void joined_line(struct cret_page *page, const struct cret_piece_section *section,
                        const json_t *list)
{
    const size_t told = told_of(list), count = json_array_size(list);
    struct cret_buffer line = {0};
    for (size_t i = 0; i < told; i++) {
        cret_buffer_printf(&line, i > 0 ? "; " : "");
        add_entry(&line, ordered(list, i), section->fields);
    }
    if (told < count) {
        cret_buffer_printf(&line, "; and %zu %s (--section %s)", count - told,
                           cret_plural(count - told, "other", "others"), section->name);
    }
    cret_page_buffer(page, section->label, &line);
}

void cret_release_page_lines(struct cret_page *page, const json_t *facts)
{
    struct cret_buffer counted = {0};
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        const json_t *value = cret_json_get(facts, one->key);
        const size_t count = json_array_size(value);
        if (value == NULL || (json_is_array(value) && count == 0)) {
            continue;
        }
        if (one->form == CRET_PIECE_COUNTED) {
            cret_buffer_printf(&counted, "%s%s", counted.size > 0 ? ", " : "", one->name);
            if (count > 0) {
                cret_buffer_printf(&counted, " (%zu)", count);
            }
        } else if (json_is_object(value)) {
            line_of(page, one->label, value, one->fields);
        } else if (one->form == CRET_PIECE_JOINED) {
            joined_line(page, one, value);
        } else {
            lines_of(page, one, value);
        }
    }
    if (counted.size > 0) {
        cret_page_row(page, "more", "--section %s", cret_page_words(page, &counted));
    }
    cret_buffer_free(&counted);
}

/* The columns of a table that have something in some entry. */
static size_t used_columns(struct cret_page_column *columns, const struct cret_piece_field **used,
                           const json_t *list, const struct cret_piece_field *fields)
{
    size_t count = 0;
    for (const struct cret_piece_field *field = fields; field->path != NULL; field++) {
        bool there = false;
        CRET_JSON_EACH (entry, list) {
            there = there || cret_json_get(entry, field->path) != NULL;
        }
        if (there && count < MOST_FIELDS) {
            columns[count] = (struct cret_page_column){.name = field->name};
            used[count++] = field;
        }
    }
    return count;
}

static void table_of(struct cret_page *page, const json_t *list,
                     const struct cret_piece_field *fields)
{
    struct cret_page_column columns[MOST_FIELDS];
    const struct cret_piece_field *used[MOST_FIELDS];
    const size_t count = used_columns(columns, used, list, fields);
    cret_page_table(page, columns, count);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = ordered(list, i);
        for (size_t column = 0; column < count; column++) {
            struct cret_buffer text = {0};
            cret_piece_value(&text, cret_json_get(entry, used[column]->path));
            cret_page_cell(page, "%s", text.data != NULL ? text.data : "");
            cret_buffer_free(&text);
        }
    }
}

static bool is_flat(const json_t *value)
{
    CRET_JSON_EACH (member, value) {
        if (json_is_object(member) || json_is_array(member)) {
            return false;
        }
    }
    return !json_is_object(value);
}

static const struct cret_piece_field *field_of(const struct cret_piece_field *fields,
                                               const char *key)
{
    for (; fields != NULL && fields->path != NULL; fields++) {
        if (strcmp(fields->path, key) == 0) {
            return fields;
        }
    }
    return NULL;
}

/* Whether columns can hold every member of every entry. */
static bool fits_a_table(const json_t *list, const struct cret_piece_field *fields)
{
    CRET_JSON_EACH (entry, list) {
        CRET_JSON_MEMBERS (key, member, entry) {
            if (field_of(fields, key) == NULL || !is_flat(member)) {
                return false;
            }
        }
    }
    return true;
}

/* Members of members, each with its name: nothing is left out. */
static void add_members(struct cret_buffer *out, const json_t *value, const char *between)
{
    size_t count = 0;
    if (is_flat(value)) {
        cret_piece_value(out, value);
        return;
    }
    CRET_JSON_EACH_AT (index, member, value) {
        cret_buffer_printf(out, "%s", index > 0 ? between : "");
        add_members(out, member, "; ");
    }
    CRET_JSON_MEMBERS (key, member, value) {
        cret_buffer_printf(out, "%s", count++ > 0 ? ", " : "");
        cret_piece_key(out, key);
        cret_buffer_printf(out, " ");
        add_members(out, member, "; ");
    }
}

/* Every member of an object, in its order. */
static void rows_of(struct cret_page *page, const json_t *object,
                    const struct cret_piece_field *fields)
{
    CRET_JSON_MEMBERS (key, member, object) {
        const struct cret_piece_field *field = field_of(fields, key);
        struct cret_buffer label = {0}, text = {0};
        if (field != NULL) {
            cret_buffer_printf(&label, "%s", field->name);
        } else {
            cret_piece_key(&label, key);
        }
        add_members(&text, member, "\n");
        cret_page_buffer(page, cret_page_words(page, &label), &text);
        cret_buffer_free(&label);
    }
}

/* Entries that no table can hold, each below a heading of its own. */
static void blocks_of(struct cret_page *page, const struct cret_piece_section *section,
                      const json_t *list, const char *mark)
{
    const size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        if (count > 1) {
            cret_page_section(page, "%s%s (%zu of %zu)", mark, section->heading, i + 1, count);
        } else {
            cret_page_section(page, "%s%s", mark, section->heading);
        }
        rows_of(page, ordered(list, i), section->fields);
    }
}

void cret_release_page_section(struct cret_page *page, const json_t *facts,
                               const struct cret_piece_section *section, const char *mark)
{
    const json_t *value = cret_json_get(facts, section->key);
    if (value == NULL || (json_is_array(value) && json_array_size(value) == 0)) {
        return;
    }
    if (json_is_array(value) && section->fields != NULL && !fits_a_table(value, section->fields)) {
        blocks_of(page, section, value, mark);
        return;
    }
    cret_page_section(page, "%s%s", mark, section->heading);
    if (json_is_object(value)) {
        rows_of(page, value, section->fields);
    } else if (json_is_string(value)) {
        cret_page_paragraph(page, "%s", json_string_value(value));
    } else if (section->fields != NULL) {
        table_of(page, value, section->fields);
    }
    for (size_t i = 0; section->fields == NULL && i < json_array_size(value); i++) {
        cret_page_paragraph(page, "%s", json_string_value(json_array_get(value, i)));
    }
}

void cret_release_page_sections(struct cret_page *page, const json_t *facts, const char *mark)
{
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        cret_release_page_section(page, facts, one, mark);
    }
}
