/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "base/schema.h"
#include "release/sbom_rules_internal.h"

/* Words that tools write where they know nothing. */
static const char *const empty_words[] = {
    "noassertion", "none",    "unknown",       "unspecified", "undefined", "n/a", "na", "null",
    "nil",         "tbd",     "todo",          "-",           "--",        "?",   "*",  "(unknown)",
    "<unknown>",   "not set", "not available", NULL};

bool cret_value_says(const char *text)
{
    if (text == NULL || text[strspn(text, " \t\r\n")] == '\0') {
        return false;
    }
    for (size_t i = 0; empty_words[i] != NULL; i++) {
        if (strcasecmp(text, empty_words[i]) == 0) {
            return false;
        }
    }
    return true;
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
    for (size_t i = 0; text != NULL && i < sizeof(schemes) / sizeof(schemes[0]); i++) {
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
    return text != NULL && cret_shape_date_time(text) && strncmp(text, "2000", 4) >= 0;
}
