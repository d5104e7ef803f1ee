/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "release/advisory_internal.h"

#define WORDS 24u
#define WORD 40u

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
    if (strcasecmp(left, right) == 0) {
        return left[0] != '\0'; /* also where all words are such that say nothing */
    }
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
    return strcasecmp(left, right) == 0 ||
           (one.count > 0 && strcmp(one.squeezed, other.squeezed) == 0) || all_in(&one, &other) ||
           all_in(&other, &one);
}
