/* SPDX-License-Identifier: Apache-2.0 */
/* Telling values from placeholders. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/schema/schema.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/sbom/values.h"

/* Words that tools write where they know nothing. */
static const char *const empty_words[] = {
    "noassertion", "none",    "unknown",       "unspecified", "undefined", "n/a",
    "na",          "null",    "nil",           "tbd",         "todo",      "(unknown)",
    "<unknown>",   "not set", "not available", NULL};

/* Bytes of a Unicode space (no-break, ideographic, U+2000 to U+200A, U+202F, U+205F) at text; 0:
 * there is none. */
static size_t space_at(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] == 0xc2) {
        return byte[1] == 0xa0 ? 2 : 0;
    }
    if (byte[0] == 0xe2 && byte[1] == 0x80) {
        return (byte[2] >= 0x80 && byte[2] <= 0x8a) || byte[2] == 0xaf ? 3 : 0;
    }
    return strncmp(text, "\xe2\x81\x9f", 3) == 0 || strncmp(text, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Whether there is a letter or digit of any script; a text of blanks and marks says nothing. */
static bool has_letter(const char *text)
{
    for (; *text != '\0'; text++) {
        const size_t space = space_at(text);
        if (space > 0) {
            text += space - 1;
        } else if (isalnum((unsigned char)*text) != 0 || (unsigned char)*text >= 0x80) {
            return true;
        }
    }
    return false;
}

/* Without the blanks around it. */
static const char *trim(const char *text, size_t *ret_size)
{
    const char *start = text + strspn(text, " \t\r\n");
    size_t size = strlen(start);
    while (size > 0 && strchr(" \t\r\n", start[size - 1]) != NULL) {
        size--;
    }
    *ret_size = size;
    return start;
}

bool cret_value_unknown(const char *text)
{
    size_t size = 0;
    const char *start = text != NULL ? trim(text, &size) : "";
    return (size == 7 && strncasecmp(start, "unknown", 7) == 0) ||
           (size == 11 && strncasecmp(start, "noassertion", 11) == 0);
}

bool cret_value_says(const char *text)
{
    /* What cannot be seen, or turns the order of letters around, is no name for people. */
    if (text == NULL || !has_letter(text) || !cret_text_clean(text, true)) {
        return false;
    }
    size_t size;
    const char *start = trim(text, &size);
    for (size_t i = 0; empty_words[i] != NULL; i++) {
        if (strlen(empty_words[i]) == size && strncasecmp(start, empty_words[i], size) == 0) {
            return false;
        }
    }
    return true;
}

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

/* What encloses the name of a variable in the templates of pipelines. */
static const struct {
    const char *open, *close;
} templates[] = {{"${", "}"}, {"$(", ")"}, {"{{", "}"}, {"{%", "%"}, {"<", ">"},
                 {"@", "@"},  {"%", "%"},  {"[[", "]"}, {"#{", "}"}};

bool cret_value_unfilled(const char *text)
{
    for (size_t i = 0; i < CRET_LENGTH(templates); i++) {
        const char *open = strstr(text, templates[i].open);
        const char *inside = open != NULL ? open + strlen(templates[i].open) : NULL;
        if (inside == NULL) {
            continue;
        }
        /* Short marks may be text as well: 5% to 10%. Between them stands a name, and nothing else.
         */
        const bool names_only = strlen(templates[i].open) == 1;
        const size_t size =
            names_only ? strspn(inside, NAME_CHARACTERS) : strcspn(inside, templates[i].close);
        if (size > 0 &&
            strncmp(inside + size, templates[i].close, strlen(templates[i].close)) == 0) {
            return true;
        }
    }
    if (text[0] == '$' && (isalpha((unsigned char)text[1]) != 0 || text[1] == '_')) {
        return true;
    }
    return !cret_value_says(text);
}

bool cret_value_email(const char *text)
{
    const char *at = text != NULL ? strchr(text, '@') : NULL;
    if (at == NULL || at == text || strchr(at + 1, '@') != NULL ||
        strpbrk(text, " \t\r\n<>(),;:\\\"") != NULL) {
        return false;
    }
    const char *dot = strrchr(at + 1, '.');
    return dot != NULL && dot > at + 1 && dot[1] != '\0' && at[1] != '.' &&
           strstr(at, "..") == NULL;
}

bool cret_value_url(const char *text)
{
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; text != NULL && i < CRET_LENGTH(schemes); i++) {
        const size_t size = strlen(schemes[i]);
        if (strncasecmp(text, schemes[i], size) == 0) {
            const char *host = text + size;
            return strcspn(host, "/?#:") > 0 && cret_format_accepts(CRET_FORMAT_URI, text);
        }
    }
    return false;
}

bool cret_value_time(const char *text)
{
    return text != NULL && cret_time_is_date_time(text) && strncmp(text, "2000", 4) >= 0;
}
