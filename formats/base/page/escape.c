/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping for markup and for tables of fields. */
#include "base/page/escape.h"

#include <stdlib.h>
#include <string.h>

static const char *markup_of(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* A line without its line break. */
static void append_markup(struct cret_buffer *out, const char *line, size_t size)
{
    char *copy = strndup(line, size);
    char *safe = copy != NULL ? cret_text_escape(copy) : NULL;
    if (safe == NULL) {
        out->failed = true;
    }
    for (const char *place = safe; place != NULL && *place != '\0'; place++) {
        const char *escaped = markup_of(*place);
        if (escaped != NULL) {
            cret_buffer_append(out, escaped, strlen(escaped));
        } else {
            cret_buffer_append(out, place, 1);
        }
    }
    free(safe);
    free(copy);
}

void cret_escape_markup(struct cret_buffer *out, const char *text)
{
    for (;;) {
        const size_t size = strcspn(text, "\n");
        append_markup(out, text, size);
        text += size;
        if (*text == '\0') {
            return;
        }
        cret_buffer_append(out, "\n", 1);
        text++;
    }
}

/* A negative number is a number, and stays one: -5, -0.25. */
static bool is_negative_number(const char *text)
{
    static const char digits[] = "0123456789";
    const size_t whole = text[0] == '-' ? strspn(text + 1, digits) : 0;
    if (whole == 0) {
        return false;
    }
    text += 1 + whole;
    const size_t part = text[0] == '.' ? strspn(text + 1, digits) : 0;
    return text[part > 0 ? 1 + part : 0] == '\0';
}

/* What spreadsheets take for the beginning of a formula, in narrow and in full width. */
static bool begins_formula(const char *text)
{
    static const char *const starts[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};
    if (is_negative_number(text)) {
        return false;
    }
    text += strspn(text, " ");
    for (size_t i = 0; i < CRET_LENGTH(starts); i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return false;
}

void cret_escape_csv(struct cret_buffer *out, const char *text)
{
    char *safe = cret_text_escape(text);
    if (safe == NULL) {
        out->failed = true;
        return;
    }
    const bool formula = begins_formula(text);
    cret_buffer_append(out, formula ? "\"'" : "\"", formula ? 2 : 1);
    for (const char *place = safe; *place != '\0'; place++) {
        cret_buffer_append(out, *place == '"' ? "\"\"" : place, *place == '"' ? 2 : 1);
    }
    cret_buffer_append(out, "\"", 1);
    free(safe);
}
