/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical equivalence of names. */
#include "base/text/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/utf8.h"

char *cret_unicode_compose(const char *text)
{
    utf8proc_uint8_t *composed = NULL;
    const utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)text, 0, &composed,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (size >= 0) {
        return (char *)composed;
    }
    return size == UTF8PROC_ERROR_NOMEM ? NULL : strdup(text);
}

bool cret_unicode_composed(const char *text)
{
    char *composed = cret_unicode_compose(text);
    const bool same =
        cret_utf8_valid(text, strlen(text)) && composed != NULL && strcmp(composed, text) == 0;
    free(composed);
    return same;
}

/* What folding leaves of the Turkish letters: on some systems both are an i. */
static void plain_i(char *text)
{
    static const char *const others[] = {"i\u0307", "\u0131"};
    for (size_t i = 0; i < CRET_LENGTH(others); i++) {
        const size_t size = strlen(others[i]);
        for (char *at = strstr(text, others[i]); at != NULL; at = strstr(at + 1, others[i])) {
            at[0] = 'i';
            memmove(at + 1, at + size, strlen(at + size) + 1);
        }
    }
}

char *cret_unicode_fold(const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    const utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (size < 0) {
        char *plain = size == UTF8PROC_ERROR_NOMEM ? NULL : strdup(text);
        for (char *at = plain; at != NULL && *at != '\0'; at++) {
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
        }
        return plain;
    }
    plain_i((char *)folded);
    return (char *)folded;
}

/* No character decomposes into more than four (Unicode's stability policy on normalization). */
#define DECOMPOSED (4 * CRET_LIMIT_LINE_BYTES)

/* Returns the number of code points, or 0 where the text cannot be decomposed. */
static size_t decompose(utf8proc_int32_t codes[DECOMPOSED], const char *text)
{
    const size_t size = strlen(text);
    if (size > CRET_LIMIT_LINE_BYTES) {
        return 0;
    }
    const utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, codes,
                           DECOMPOSED, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    return count > 0 && (size_t)count <= DECOMPOSED ? (size_t)count : 0;
}

static bool beyond_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return true;
        }
    }
    return false;
}

bool cret_unicode_same(const char *left, const char *right)
{
    utf8proc_int32_t left_codes[DECOMPOSED], right_codes[DECOMPOSED];
    if (strcmp(left, right) == 0) {
        return true;
    }
    if (!beyond_ascii(left) && !beyond_ascii(right)) {
        return false;
    }
    const size_t count = decompose(left_codes, left);
    return count > 0 && decompose(right_codes, right) == count &&
           memcmp(left_codes, right_codes, count * sizeof(left_codes[0])) == 0;
}

/* A copy with every character beyond ASCII as \u{hex}: so that two names that look alike are told
 * apart. Caller frees; NULL: out of memory. */
static char *spell(const char *text)
{
    struct cret_buffer out = {0};
    const size_t size = strlen(text);
    cret_buffer_append(&out, "", 0);
    for (size_t at = 0; at < size;) {
        uint32_t code = 0;
        const size_t length = cret_utf8_decode(&code, text + at, size - at);
        if (length == 0) {
            cret_buffer_printf(&out, "\\x%02x", (unsigned)(unsigned char)text[at]);
        } else if (code < 0x80) {
            cret_buffer_append(&out, text + at, 1);
        } else {
            cret_buffer_printf(&out, "\\u{%04x}", (unsigned)code);
        }
        at += length > 0 ? length : 1;
    }
    if (out.failed) {
        cret_buffer_free(&out);
        return NULL;
    }
    return out.data != NULL ? out.data : strdup("");
}

/* Whether two different names could look alike: some character of one is beyond ASCII. Then a
 * refusal shows both spelled. */
static bool look_alike(const char *left, const char *right)
{
    return strcmp(left, right) != 0 && (beyond_ascii(left) || beyond_ascii(right));
}

char *cret_unicode_tell(const char *text, const char *other)
{
    if (other == NULL || !beyond_ascii(text) || !look_alike(text, other)) {
        return strdup(text);
    }
    char *spelled = spell(text);
    char *told = spelled != NULL ? cret_text_printf("%s (spelled %s)", text, spelled) : NULL;
    free(spelled);
    return told;
}

bool cret_unicode_lists(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], "*") == 0 || cret_unicode_same(names[i], name)) {
            return true;
        }
    }
    return false;
}

size_t cret_unicode_columns(const char *text, size_t size)
{
    size_t columns = 0;
    while (size > 0) {
        uint32_t code = 0;
        if (text[0] >= 0x20 && text[0] < 0x7f) { /* most of what is printed */
            columns++;
            text++;
            size--;
            continue;
        }
        const size_t length = cret_utf8_decode(&code, text, size);
        const int width = length > 0 ? utf8proc_charwidth((utf8proc_int32_t)code) : 1;
        columns += width > 0 ? (size_t)width : 0;
        text += length > 0 ? length : 1;
        size -= length > 0 ? length : 1;
    }
    return columns;
}
