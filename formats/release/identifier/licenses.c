/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX licence expressions against the list of licence ids. */
#include "release/identifier/licenses.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/attributes.h"
#include "release/licenses_table.h"

#define DEEPEST 32u
#define LONGEST_ID 200u

static const char id_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

bool cret_license_known(const char *id)
{
    return bsearch(id, cret_license_ids, CRET_LENGTH(cret_license_ids), sizeof(cret_license_ids[0]),
                   compare) != NULL;
}

/* Reads one word into out; 0 where there is none, or it is too long. */
static size_t read_word(const char *text, char out[LONGEST_ID])
{
    const size_t size = strcspn(text, " ()");
    if (size == 0 || size >= LONGEST_ID) {
        return 0;
    }
    memcpy(out, text, size);
    out[size] = '\0';
    return size;
}

static bool is_reference(const char *id)
{
    static const char document[] = "DocumentRef-", license[] = "LicenseRef-";
    if (strncmp(id, document, sizeof(document) - 1) == 0) {
        const char *rest = id + sizeof(document) - 1;
        const size_t size = strspn(rest, id_characters);
        if (size == 0 || rest[size] != ':') {
            return false;
        }
        id = rest + size + 1;
    }
    if (strncmp(id, license, sizeof(license) - 1) != 0) {
        return false;
    }
    const char *rest = id + sizeof(license) - 1;
    return rest[0] != '\0' && strspn(rest, id_characters) == strlen(rest);
}

/* An id, perhaps with the + of "or later". */
static bool is_license(char *word)
{
    const size_t size = strlen(word);
    if (cret_license_known(word) || is_reference(word)) {
        return true;
    }
    if (size > 1 && word[size - 1] == '+') {
        word[size - 1] = '\0';
        return cret_license_known(word);
    }
    return false;
}

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " ");
}

/* A licence, with its exception, or parentheses; then more, joined by AND or OR. Returns what is
 * behind it, NULL where it is none. */
static const char *read_expression(const char *text, unsigned depth)
{
    char word[LONGEST_ID];
    for (;;) {
        text = skip_spaces(text);
        if (*text == '(') {
            text = depth < DEEPEST ? read_expression(text + 1, depth + 1) : NULL;
            if (text == NULL || *skip_spaces(text) != ')') {
                return NULL;
            }
            text = skip_spaces(text) + 1;
        } else {
            const size_t size = read_word(text, word);
            if (size == 0 || !is_license(word)) {
                return NULL;
            }
            text += size;
            if (read_word(skip_spaces(text), word) != 0 && strcmp(word, "WITH") == 0) {
                text = skip_spaces(skip_spaces(text) + strlen("WITH"));
                const size_t exception = read_word(text, word);
                if (exception == 0 || !cret_license_known(word)) {
                    return NULL;
                }
                text += exception;
            }
        }
        const char *next = skip_spaces(text);
        const size_t size = read_word(next, word);
        if (size == 0 || (strcmp(word, "AND") != 0 && strcmp(word, "OR") != 0)) {
            return next;
        }
        text = next + size;
    }
}

bool cret_license_expression(const char *text)
{
    const char *end = read_expression(text, 0);
    return end != NULL && *end == '\0';
}
