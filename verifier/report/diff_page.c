/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison in lines, or in sections of tables. */
#include "verifier/report/diff_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/diff/diff.h"
#include "verifier/report/diff_line.h"
#include "verifier/report/diff_words.h"
#include "verifier/report/pieces.h"
#include "verifier/report/release_page.h"

/* Two screens, and what the steps before and after and what was not compared may take of them;
 * rows of what must not lose its end. */
enum { PAGE_LINES = 48, STEP_LINES = 5, GAP_LINES = 3, ROWS = CRET_DIFF_LINE_ROWS, PLACES = 40 };
/* The verdict, the two releases, and the two last lines. */
enum { FRAME_LINES = 7 };

static bool is_verified(const json_t *diff)
{
    return cret_json_boolean(diff, "old.verified", false) &&
           cret_json_boolean(diff, "new.verified", false);
}

static void put_release(struct cret_buffer *out, const json_t *side)
{
    cret_buffer_printf(out, "%s (sequence %" PRId64 ")", cret_piece_text(side, "version"),
                       cret_json_integer(side, "sequence", 0));
}

static void put_verdict(struct cret_page *page, const json_t *diff)
{
    const json_t *was = json_object_get(diff, "old"), *is = json_object_get(diff, "new");
    const char *order = cret_piece_text(diff, "order");
    const bool identical = cret_json_boolean(diff, "identical", false);
    const bool other =
        strcmp(cret_piece_text(was, "product"), cret_piece_text(is, "product")) != 0 ||
        strcmp(cret_piece_text(was, "vendor"), cret_piece_text(is, "vendor")) != 0;
    const bool older = strcmp(order, "older") == 0;
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s %s ", cret_piece_text(was, "vendor"),
                       cret_piece_text(was, "product"));
    put_release(&text, was);
    if (!identical) {
        cret_buffer_printf(&text, " -> ");
        if (other) {
            cret_buffer_printf(&text, "%s %s ", cret_piece_text(is, "vendor"),
                               cret_piece_text(is, "product"));
        }
        put_release(&text, is);
    }
    cret_page_verdict(page, older || !is_verified(diff) ? CRET_TONE_CAUTION : CRET_TONE_PLAIN,
                      identical ? is_verified(diff) ? "THE SAME RELEASE" : "THE SAME MANIFEST"
                      : older   ? "OLDER"
                      : strcmp(order, "same") == 0 ? "SAME SEQUENCE, OTHER RELEASE"
                                                   : "NEWER",
                      "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
    if (identical) {
        cret_page_qualify(page, is_verified(diff)
                                    ? "nothing differs: both have the same identity"
                                    : "both manifests are the same; their files were not read");
    }
    if (other) {
        cret_page_qualify(page, "different products");
    }
    if (!is_verified(diff)) {
        cret_page_qualify(page, "UNVERIFIED: anybody may have written this");
    }
}

static void put_side(struct cret_page *page, const json_t *diff, const char *name, bool whole)
{
    const json_t *side = json_object_get(diff, name);
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s: %s", cret_piece_text(side, "standing"),
                       cret_piece_text(side, "file"));
    if (whole) {
        cret_page_buffer(page, name, &line);
        cret_page_row(page, "", "released %s, identity %s", cret_piece_text(side, "date"),
                      cret_piece_text(side, "identity"));
        return;
    }
    cret_diff_line(page, CRET_TONE_PLAIN, name, &line, 1, 0, 0);
}

static void put_heading(struct cret_page *page, const json_t *diff, const char *words,
                        const char *source)
{
    cret_page_section(page, "%s%s, say %s", is_verified(diff) ? "" : "UNVERIFIED ", words, source);
}

/* What changed: of an object the field of it, in words; else the name of an entry, which may be the
 * same as that of a field, and is told as it is. */
static void put_subject(struct cret_buffer *out, const json_t *difference)
{
    const char *section = cret_piece_text(difference, "section");
    const char *subject = cret_piece_text(difference, "subject");
    const json_t *details = json_object_get(difference, "details");
    const char *field = cret_piece_text(json_array_get(details, 0), "field");
    if (json_array_size(details) == 1 && strcmp(field, subject) == 0) {
        cret_diff_put_words(out, section, subject);
    } else {
        cret_buffer_printf(out, "%s", subject);
    }
}

enum { DAY = 10 };

/* Whether it is a time as a manifest writes it, "2036-12-31T23:59:59Z". */
static bool is_time(const char *value)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    size_t i = 0;
    while (form[i] != '\0' &&
           (form[i] == '0' ? value[i] >= '0' && value[i] <= '9' : value[i] == form[i])) {
        i++;
    }
    return form[i] == '\0' && value[i] == '\0';
}

/* Times as days, unless both are of one day. */
static void put_value(struct cret_buffer *line, const char *value, const char *other)
{
    const bool day = is_time(value) && (other == NULL || strncmp(value, other, DAY) != 0);
    cret_buffer_printf(line, "%.*s", (int)(day ? DAY : strlen(value)), value);
}

/* ", license X -> Y", or ", license Y" of what is there in one release alone.
 */
static void put_detail(struct cret_buffer *line, const json_t *difference, const json_t *detail,
                       bool first)
{
    const char *change = cret_piece_text(difference, "change");
    const char *field = cret_piece_text(detail, "field");
    const char *was = cret_json_string(detail, "old"), *is = cret_json_string(detail, "new");
    const bool single = (was == NULL || is == NULL) &&
                        (strcmp(change, "added") == 0 || strcmp(change, "removed") == 0 ||
                         strcmp(change, "fixed") == 0);
    const bool bare =
        strcmp(field, "version") == 0 || strcmp(field, cret_piece_text(difference, "subject")) == 0;
    cret_buffer_printf(line, "%s", first ? " " : ", ");
    if (!bare) {
        cret_diff_put_words(line, cret_piece_text(difference, "section"), field);
        cret_buffer_printf(line, " ");
    }
    if (!single || was != NULL) {
        put_value(line, was != NULL ? was : "none", is);
    }
    cret_buffer_printf(line, "%s", single ? "" : " -> ");
    if (!single || is != NULL) {
        put_value(line, is != NULL ? is : "none", was);
    }
}

/* "upgraded zlib 1.2.11 -> 1.3.1, license X -> Y: note"; what asks for
 * attention says why first. */
static void put_difference(struct cret_buffer *line, const json_t *difference)
{
    const char *lead = cret_diff_note_lead(cret_piece_text(difference, "section"));
    const char *note = cret_json_string(difference, "note");
    const bool attention = json_is_true(json_object_get(difference, "attention"));
    size_t told = 0;
    cret_buffer_printf(line, "%s%s ", attention ? "! " : "", cret_piece_text(difference, "change"));
    put_subject(line, difference);
    if (note != NULL && attention) {
        cret_buffer_printf(line, "%s%s;", lead, note);
    }
    CRET_JSON_EACH (detail, json_object_get(difference, "details")) {
        const char *field = cret_piece_text(detail, "field");
        /* The whole page has these. */
        if (strcmp(field, "sha256") != 0 && strcmp(field, "size") != 0) {
            put_detail(line, difference, detail, told++ == 0);
        }
    }
    if (note != NULL && !attention) {
        cret_buffer_printf(line, "%s%s", lead, note);
    } else if (note != NULL && told == 0 && !line->failed) {
        line->data[--line->size] = '\0'; /* the semicolon */
    }
}

/* Differences of one section; those that ask for more first. */
static const json_t *find_difference(const json_t *list, const char *section, size_t place)
{
    size_t found = 0;
    for (int attention = 1; attention >= 0; attention--) {
        CRET_JSON_EACH (difference, list) {
            if (strcmp(cret_piece_text(difference, "section"), section) == 0 &&
                json_is_true(json_object_get(difference, "attention")) == (attention == 1) &&
                found++ == place) {
                return difference;
            }
        }
    }
    return NULL;
}

/* Those of a section; `marked`: only those that ask for attention. */
static size_t count_section(const json_t *list, const char *section, bool marked)
{
    size_t count = 0;
    CRET_JSON_EACH (difference, list) {
        count += strcmp(cret_piece_text(difference, "section"), section) == 0 &&
                         (!marked || json_is_true(json_object_get(difference, "attention")))
                     ? 1u
                     : 0u;
    }
    return count;
}

/* How many of a section are behind its first ones, and how many of these ask for attention. */
static size_t left_behind(const json_t *list, size_t section, size_t lines, bool marked)
{
    const size_t count = count_section(list, cret_diff_sections[section].name, marked);
    return count > lines ? count - lines : 0;
}

/* Rows of the first lines of a section. */
static size_t rows_of_section(const json_t *list, size_t section, size_t lines)
{
    size_t rows = 0;
    for (size_t place = 0; place < lines; place++) {
        const json_t *one = find_difference(list, cret_diff_sections[section].name, place);
        const bool last = place + 1 == lines;
        struct cret_buffer line = {0};
        put_difference(&line, one);
        rows +=
            json_is_true(json_object_get(one, "attention"))
                ? cret_diff_line_rows(&line, last ? left_behind(list, section, lines, false) : 0,
                                      last ? left_behind(list, section, lines, true) : 0)
                : 1;
        cret_buffer_free(&line);
    }
    return rows;
}

/* Lines for each section: one, and then one more in turn while there is room. */
static void share_lines(const json_t *list, size_t *lines, const size_t *counts, size_t sections,
                        size_t room)
{
    size_t rows[PLACES] = {0};
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < sections; i++) {
            const size_t then = lines[i] < counts[i] ? rows_of_section(list, i, lines[i] + 1) : 0;
            if (then > 0 && then <= rows[i] + room) {
                room = room + rows[i] - then;
                rows[i] = then;
                lines[i]++;
                more = true;
            }
        }
    }
}

static void put_lines(struct cret_page *page, const json_t *list, size_t room)
{
    size_t counts[PLACES] = {0}, lines[PLACES] = {0}, sections = 0, left = 0, left_marked = 0;
    for (; sections < PLACES && cret_diff_sections[sections].name != NULL; sections++) {
        counts[sections] = count_section(list, cret_diff_sections[sections].name, false);
    }
    share_lines(list, lines, counts, sections, room);
    for (size_t i = 0; i < sections; i++) {
        left += lines[i] == 0 ? counts[i] : 0;
        left_marked += lines[i] == 0 ? left_behind(list, i, 0, true) : 0;
        for (size_t place = 0; place < lines[i]; place++) {
            const json_t *one = find_difference(list, cret_diff_sections[i].name, place);
            const bool attention = json_is_true(json_object_get(one, "attention"));
            const bool last = place + 1 == lines[i];
            struct cret_buffer line = {0};
            put_difference(&line, one);
            cret_diff_line(page, attention ? CRET_TONE_CAUTION : CRET_TONE_PLAIN,
                           place == 0 ? cret_diff_sections[i].label : "", &line,
                           attention ? ROWS : 1, last ? left_behind(list, i, lines[i], false) : 0,
                           last ? left_behind(list, i, lines[i], true) : 0);
        }
    }
    if (left_marked > 0) {
        cret_page_row(page, "more", "%zu %s in other sections, %zu with !", left,
                      cret_plural(left, "difference", "differences"), left_marked);
    } else if (left > 0) {
        cret_page_row(page, "more", "%zu %s in other sections", left,
                      cret_plural(left, "difference", "differences"));
    }
}

/* Steps, or what was not compared: how many of them are told. */
static size_t told_of(const json_t *diff, const char *name, size_t most)
{
    const size_t count = json_array_size(json_object_get(diff, name));
    return count < most ? count : most;
}

/* Rows of the steps that are told. */
static size_t rows_of_steps(const json_t *diff, const char *name)
{
    const json_t *steps = json_object_get(diff, name);
    const size_t told = told_of(diff, name, STEP_LINES);
    size_t rows = 0;
    for (size_t i = 0; i < told; i++) {
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "%s", cret_piece_text(json_array_get(steps, i), "text"));
        rows += cret_diff_line_rows(&line, i + 1 == told ? json_array_size(steps) - told : 0, 0);
        cret_buffer_free(&line);
    }
    return rows;
}

static void put_steps(struct cret_page *page, const json_t *diff, const char *name, bool whole)
{
    const json_t *steps = json_object_get(diff, name);
    const size_t count = json_array_size(steps);
    const size_t told = whole ? count : told_of(diff, name, STEP_LINES);
    if (whole && count > 0) {
        put_heading(page, diff,
                    strcmp(name, "before") == 0 ? "Before the update" : "After the update",
                    "the manifests");
    }
    for (size_t i = 0; i < told; i++) {
        const json_t *step = json_array_get(steps, i);
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "%s", cret_piece_text(step, "text"));
        if (whole) {
            cret_page_buffer(page, cret_piece_text(step, "section"), &line);
        } else {
            cret_diff_line(page, CRET_TONE_PLAIN, i == 0 ? name : "", &line, ROWS,
                           i + 1 == told ? count - told : 0, 0);
        }
    }
}

static void put_gaps(struct cret_page *page, const json_t *diff, bool whole)
{
    const json_t *gaps = json_object_get(diff, "notCompared");
    const size_t count = json_array_size(gaps);
    const size_t told = whole ? count : told_of(diff, "notCompared", GAP_LINES);
    for (size_t i = 0; i < told; i++) {
        const json_t *gap = json_array_get(gaps, i);
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "%s: %s", cret_piece_text(gap, "section"),
                           cret_piece_text(gap, "reason"));
        if (whole) {
            cret_page_toned(page, CRET_TONE_CAUTION, "NOT COMPARED", "%s",
                            cret_page_words(page, &line));
            cret_buffer_free(&line);
        } else {
            cret_diff_line(page, CRET_TONE_CAUTION, "NOT COMPARED", &line, 1,
                           i + 1 == told ? count - told : 0, 0);
        }
    }
}

/* The first cells of a row; a field that is what changed stands there once. No field: its note. */
static void put_cells(struct cret_page *page, const json_t *difference, const char *field)
{
    const char *section = cret_piece_text(difference, "section");
    const char *subject = cret_piece_text(difference, "subject");
    struct cret_buffer what = {0}, words = {0};
    cret_page_cell(page, "%s%s", json_is_true(json_object_get(difference, "attention")) ? "! " : "",
                   cret_piece_text(difference, "change"));
    put_subject(&what, difference);
    cret_page_cell_buffer(page, &what);
    if (field == NULL) {
        cret_buffer_printf(&words, "%s", cret_diff_note_word(section));
    } else if (strcmp(field, subject) != 0) {
        cret_diff_put_words(&words, section, field);
    }
    cret_page_cell_buffer(page, &words);
}

static void put_rows(struct cret_page *page, const json_t *difference)
{
    const char *note = cret_json_string(difference, "note");
    const json_t *details = json_object_get(difference, "details");
    CRET_JSON_EACH (detail, details) {
        put_cells(page, difference, cret_piece_text(detail, "field"));
        cret_page_cell(page, "%s", cret_piece_text(detail, "old"));
        cret_page_cell(page, "%s", cret_piece_text(detail, "new"));
    }
    if (note != NULL || json_array_size(details) == 0) {
        const bool gone = strcmp(cret_piece_text(difference, "change"), "removed") == 0;
        put_cells(page, difference, note != NULL ? NULL : cret_piece_text(difference, "subject"));
        cret_page_cell(page, "%s", gone && note != NULL ? note : "");
        cret_page_cell(page, "%s", !gone && note != NULL ? note : "");
    }
}

static void put_sections(struct cret_page *page, const json_t *diff)
{
    static const struct cret_page_column columns[] = {
        {.name = "change"}, {.name = "what"}, {.name = "field"}, {.name = "was"}, {.name = "is"}};
    const json_t *list = json_object_get(diff, "differences");
    for (const struct cret_diff_section *one = cret_diff_sections; one->name != NULL; one++) {
        bool begun = false;
        for (int attention = 1; attention >= 0; attention--) {
            CRET_JSON_EACH (difference, list) {
                if (strcmp(cret_piece_text(difference, "section"), one->name) != 0 ||
                    json_is_true(json_object_get(difference, "attention")) != (attention == 1)) {
                    continue;
                }
                if (!begun) {
                    put_heading(page, diff, one->heading, one->source);
                    cret_page_table(page, columns, CRET_LENGTH(columns));
                    begun = true;
                }
                put_rows(page, difference);
            }
        }
    }
}

void cret_diff_page(struct cret_page *page, const json_t *diff, bool whole)
{
    const json_t *list = json_object_get(diff, "differences");
    const bool identical = cret_json_boolean(diff, "identical", false);
    put_verdict(page, diff);
    put_side(page, diff, "old", whole);
    put_side(page, diff, "new", whole);
    put_gaps(page, diff, whole);
    if (!identical && json_array_size(list) == 0) {
        cret_page_row(page, "differences",
                      "none in what is compared; the manifests are not the same");
    }
    put_steps(page, diff, "before", whole);
    put_steps(page, diff, "after", whole);
    if (whole) {
        put_sections(page, diff);
    } else if (!identical) {
        const size_t taken = FRAME_LINES + rows_of_steps(diff, "before") +
                             rows_of_steps(diff, "after") + told_of(diff, "notCompared", GAP_LINES);
        put_lines(page, list, PAGE_LINES - taken);
        cret_page_row(page, "all",
                      "... is cut: --verbose, --html FILE or --json (! needs attention)");
    }
}
