/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "release/advisory_internal.h"
#include "release/version.h"

#define WORDS 24u
#define WORD 40u
#define CONSTRAINTS 64u

/* The "v" of v1.2 and V9.1. */
static const char *bare_version(const char *text)
{
    text += strspn(text, " \t");
    return (text[0] == 'v' || text[0] == 'V') && isdigit((unsigned char)text[1]) != 0 ? text + 1
                                                                                      : text;
}

bool cret_version_same(const char *left, const char *right)
{
    return strcasecmp(bare_version(left), bare_version(right)) == 0;
}

enum operator{ EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

struct constraint {
    enum operator operator;
    char version[128];
};

/* One constraint, trimmed. False where it is none: in words, or longer than any version. */
static bool read_constraint(struct constraint *constraint, const char *text, size_t size)
{
    static const struct {
        const char *sign;
        enum operator operator;
    } signs[] = {{">=", GREATER_EQUAL}, {"<=", LESS_EQUAL}, {"!=", NOT_EQUAL}, {"==", EQUAL},
                 {">", GREATER},        {"<", LESS},        {"=", EQUAL}};
    while (size > 0 && isspace((unsigned char)*text) != 0) {
        text++;
        size--;
    }
    while (size > 0 && isspace((unsigned char)text[size - 1]) != 0) {
        size--;
    }
    constraint->operator= EQUAL;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        const size_t length = strlen(signs[i].sign);
        if (size > length && strncmp(text, signs[i].sign, length) == 0) {
            constraint->operator= signs[i].operator;
            text += length;
            size -= length;
            break;
        }
    }
    while (size > 0 && isspace((unsigned char)*text) != 0) {
        text++;
        size--;
    }
    if (size == 0 || size >= sizeof(constraint->version) || memchr(text, ' ', size) != NULL) {
        return false;
    }
    memcpy(constraint->version, text, size);
    constraint->version[size] = '\0';
    /* A version begins with a digit; a word such as "all" or "prior" is a sentence of its own. */
    return isdigit((unsigned char)bare_version(constraint->version)[0]) != 0;
}

static bool above(const struct constraint *lower, const char *version)
{
    const int order = cret_version_compare(version, bare_version(lower->version));
    return order > 0 || (order == 0 && lower->operator== GREATER_EQUAL);
}

static bool below(const struct constraint *upper, const char *version)
{
    const int order = cret_version_compare(version, bare_version(upper->version));
    return order < 0 || (order == 0 && upper->operator== LESS_EQUAL);
}

/* vers specification, "Checking if a version is contained within a range": single versions first,
 * then the intervals that lower and upper bounds make in their order. */
static bool contained(const struct constraint *list, size_t count, const char *version)
{
    const struct constraint *lower = NULL;
    bool any_bound = false;
    for (size_t i = 0; i < count; i++) {
        const bool same = cret_version_compare(version, bare_version(list[i].version)) == 0;
        if (same && (list[i].operator== EQUAL || list[i].operator== NOT_EQUAL)) {
            return list[i].operator== EQUAL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (list[i].operator== GREATER || list[i].operator== GREATER_EQUAL) {
            lower = &list[i];
            any_bound = true;
        } else if (list[i].operator== LESS || list[i].operator== LESS_EQUAL) {
            if ((lower == NULL || above(lower, version)) && below(&list[i], version)) {
                return true;
            }
            lower = NULL;
            any_bound = true;
        }
    }
    if (!any_bound) {
        /* Only versions that are left out. */
        return count > 0 && list[0].operator== NOT_EQUAL;
    }
    return lower != NULL && above(lower, version);
}

enum cret_range cret_range_holds(const char *range, const char *version)
{
    struct constraint list[CONSTRAINTS];
    size_t count = 0;
    if (strncmp(range, "vers:", 5) == 0) {
        const char *slash = strchr(range, '/');
        if (slash == NULL) {
            return CRET_RANGE_UNKNOWN;
        }
        range = slash + 1;
    }
    if (strcmp(range, "*") == 0) {
        return CRET_RANGE_INSIDE;
    }
    while (*range != '\0') {
        const size_t size = strcspn(range, "|,");
        if (count == CONSTRAINTS || !read_constraint(&list[count++], range, size)) {
            return CRET_RANGE_UNKNOWN;
        }
        range += size;
        range += *range != '\0' ? 1u : 0u;
    }
    version = bare_version(version);
    if (count == 0 || isdigit((unsigned char)version[0]) == 0) {
        return CRET_RANGE_UNKNOWN;
    }
    return contained(list, count, version) ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
}

/* Words that say nothing of which vendor or product is meant. */
static bool is_filler(const char *word)
{
    static const char *const fillers[] = {
        "ag",      "bv",           "co",       "company", "corp",   "corporation", "gmbh",
        "inc",     "incorporated", "kg",       "limited", "llc",    "ltd",         "plc",
        "sa",      "sas",          "se",       "spa",     "srl",    "the",         "and",
        "of",      "for",          "by",       "a",       "s",      "r",           "tm",
        "version", "firmware",     "software", "series",  "family", "product",     "products",
        NULL};
    for (size_t i = 0; fillers[i] != NULL; i++) {
        if (strcmp(fillers[i], word) == 0) {
            return true;
        }
    }
    return false;
}

struct words {
    char list[WORDS][WORD];
    size_t count;
    char squeezed[WORDS * WORD]; /* all of them without what is between */
};

/* Runs of letters and digits, in lower case; bytes above ASCII count as letters. */
static void read_words(struct words *words, const char *text)
{
    size_t squeezed = 0;
    *words = (struct words){0};
    while (*text != '\0' && words->count < WORDS) {
        char word[WORD];
        size_t size = 0;
        while (*text != '\0' && isalnum((unsigned char)*text) == 0 && (unsigned char)*text < 0x80) {
            text++;
        }
        while (isalnum((unsigned char)*text) != 0 || (unsigned char)*text >= 0x80) {
            if (size + 1 < WORD) {
                word[size++] = (char)tolower((unsigned char)*text);
            }
            text++;
        }
        word[size] = '\0';
        if (size > 0 && !is_filler(word)) {
            memcpy(words->list[words->count++], word, size + 1);
            memcpy(words->squeezed + squeezed, word, size + 1);
            squeezed += size;
        }
    }
}

static bool has_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->list[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static bool all_in(const struct words *few, const struct words *many)
{
    for (size_t i = 0; i < few->count; i++) {
        if (!has_word(many, few->list[i])) {
            return false;
        }
    }
    return few->count > 0;
}

/* Enough to tell one product from others: two words, or one with a digit, or a long one. */
static bool is_significant(const struct words *words)
{
    return words->count >= 2 ||
           (words->count == 1 &&
            (strpbrk(words->list[0], "0123456789") != NULL || strlen(words->list[0]) >= 6));
}

bool cret_names_alike(const char *left, const char *right)
{
    struct words one, other;
    read_words(&one, left);
    read_words(&other, right);
    if (one.count == 0 || other.count == 0) {
        return false;
    }
    if (strcmp(one.squeezed, other.squeezed) == 0) {
        return true;
    }
    return (all_in(&one, &other) && is_significant(&one)) ||
           (all_in(&other, &one) && is_significant(&other));
}

bool cret_vendors_alike(const char *left, const char *right)
{
    struct words one, other;
    read_words(&one, left);
    read_words(&other, right);
    return (one.count > 0 && strcmp(one.squeezed, other.squeezed) == 0) || all_in(&one, &other) ||
           all_in(&other, &one);
}
