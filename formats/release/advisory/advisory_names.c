/* SPDX-License-Identifier: Apache-2.0 */
/* Names of vendors and products, and model numbers, as people write them. */
#include "release/advisory/advisory_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD 40u
#define LONGEST 480u      /* bytes of a name that are looked at */
#define SHORTEST_MODEL 4u /* characters of an abbreviated model number */
#define WILD '?'

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

/* What is written in several bytes and means something else than a letter. */
static const struct {
    const char *bytes;
    char means;
} signs[] = {
    {"\xc2\xae", ' '},      {"\xc2\xa9", ' '},     {"\xe2\x84\xa2", ' '},  {"\xe2\x84\xa0", ' '},
    {"\xc2\xa0", ' '},      {"\xe2\x80\xaf", ' '}, {"\xe2\x80\x87", ' '},  {"\xe2\x80\x89", ' '},
    {"\xe2\x80\x8b", ' '},  {"\xef\xbb\xbf", ' '}, {"\xe3\x80\x80", ' '},  {"\xc2\xad", '-'},
    {"\xe2\x80\x90", '-'},  {"\xe2\x80\x91", '-'}, {"\xe2\x80\x92", '-'},  {"\xe2\x80\x93", '-'},
    {"\xe2\x80\x94", '-'},  {"\xe2\x88\x92", '-'}, {"\xe2\x96\xa1", WILD}, {"\xe2\x96\xa0", WILD},
    {"\xe2\x96\xa2", WILD},
};

/* Lower case, with trademark signs and odd spaces as spaces, dashes as '-', and boxes as wildcards.
 * Returns the size. */
static size_t fold(char out[LONGEST], const char *text)
{
    size_t size = 0;
    while (*text != '\0' && size + 1 < LONGEST) {
        char character = (char)tolower((unsigned char)*text);
        size_t length = 1;
        for (size_t i = 0; (unsigned char)*text >= 0x80 && i < CRET_LENGTH(signs); i++) {
            if (strncmp(text, signs[i].bytes, strlen(signs[i].bytes)) == 0) {
                character = signs[i].means;
                length = strlen(signs[i].bytes);
                break;
            }
        }
        out[size++] = character;
        text += length;
    }
    out[size] = '\0';
    return size;
}

static bool is_letter(char character)
{
    return isalnum((unsigned char)character) != 0 || (unsigned char)character >= 0x80;
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* Appends a text to the room of a name; its offset. */
static uint16_t append(struct cret_name *name, size_t *used, const char *text, size_t size)
{
    const size_t place = *used;
    memcpy(name->text + place, text, size);
    name->text[place + size] = '\0';
    *used += size + 1;
    return (uint16_t)place;
}

static void read_words(struct cret_name *name, size_t *used, const char *text)
{
    char squeezed[LONGEST];
    size_t squeezed_size = 0;
    while (*text != '\0' && name->count < CRET_NAME_WORDS) {
        char word[WORD];
        size_t size = 0;
        while (*text != '\0' && !is_letter(*text)) {
            text++;
        }
        for (; is_letter(*text); text++) {
            if (size + 1 < WORD) {
                word[size++] = *text;
            }
        }
        word[size] = '\0';
        if (size > 0 && !is_filler(word)) {
            name->words[name->count++] = append(name, used, word, size);
            memcpy(squeezed + squeezed_size, word, size);
            squeezed_size += size;
        }
    }
    name->squeezed = append(name, used, squeezed, squeezed_size);
}

/* Whether a byte belongs to a model number, as people write them. */
static bool in_token(char character)
{
    return is_letter(character) || (character != '\0' && strchr("-_./*?+", character) != NULL);
}

/* A token without what only separates; false where it could not tell one product from another. */
static bool squeeze(char out[WORD], const char *token, size_t size)
{
    size_t length = 0, known = 0;
    for (size_t i = 0; i < size && length + 1 < WORD; i++) {
        if (is_letter(token[i]) || token[i] == WILD || token[i] == '*') {
            known += is_letter(token[i]) && token[i] != 'x' ? 1 : 0;
            out[length++] = token[i];
        }
    }
    out[length] = '\0';
    return length >= 3 && (known >= 2 || (known == 1 && length >= 4)) && has_digit(out);
}

static void add_token(struct cret_name *name, size_t *used, const char *token, size_t size)
{
    char squeezed[WORD];
    if (name->token_count < CRET_NAME_TOKENS && squeeze(squeezed, token, size)) {
        name->tokens[name->token_count++] = append(name, used, squeezed, strlen(squeezed));
    }
}

/* Whether a token is a number with dots: a version, more often than a model. */
static bool is_version(const char *token, size_t size)
{
    const char *text = *token == 'v' ? token + 1 : token;
    const size_t length = size - (size_t)(text - token);
    return memchr(text, '.', length) != NULL && isdigit((unsigned char)*text) != 0;
}

/* Tokens with digits: whole ones, and what stands between '-', '/' and '_' in them. */
static void read_tokens(struct cret_name *name, size_t *used, const char *text)
{
    while (*text != '\0') {
        while (*text != '\0' && !in_token(*text)) {
            text++;
        }
        const char *start = text;
        while (in_token(*text)) {
            text++;
        }
        const size_t size = (size_t)(text - start);
        if (size == 0 || is_version(start, size)) {
            continue;
        }
        add_token(name, used, start, size);
        for (const char *part = start; part < text;) {
            const char *end = part;
            while (end < text && strchr("-/_", *end) == NULL) {
                end++;
            }
            if ((size_t)(end - part) < size) {
                add_token(name, used, part, (size_t)(end - part));
            }
            /* powergate3000: the number by itself, too. */
            const char *digits = part;
            while (digits < end && isdigit((unsigned char)*digits) == 0) {
                digits++;
            }
            if (digits > part && end - digits >= 3 &&
                strspn(digits, "0123456789") == (size_t)(end - digits)) {
                add_token(name, used, digits, (size_t)(end - digits));
            }
            part = end + 1;
        }
    }
}

struct cret_name *cret_name_read(const char *text)
{
    char folded[LONGEST];
    const size_t size = fold(folded, text);
    /* Words and all of them squeezed take each byte twice, tokens each byte three times. */
    struct cret_name *name =
        malloc(sizeof(*name) + 5 * size + CRET_NAME_WORDS + 1 + CRET_NAME_TOKENS);
    if (name == NULL) {
        return NULL;
    }
    size_t used = 0;
    name->count = 0;
    name->token_count = 0;
    read_words(name, &used, folded);
    read_tokens(name, &used, folded);
    struct cret_name *exact = realloc(name, sizeof(*name) + used);
    return exact != NULL ? exact : name;
}

void cret_name_free(struct cret_name **name)
{
    if (name != NULL) {
        free(*name);
        *name = NULL;
    }
}

static bool has_word(const struct cret_name *name, const char *word)
{
    for (size_t i = 0; i < name->count; i++) {
        if (strcmp(cret_name_word(name, i), word) == 0) {
            return true;
        }
    }
    return false;
}

static bool all_in(const struct cret_name *few, const struct cret_name *many)
{
    for (size_t i = 0; i < few->count; i++) {
        if (!has_word(many, cret_name_word(few, i))) {
            return false;
        }
    }
    return few->count > 0;
}

/* Enough to tell one product from others: two words, or one with a digit, or a long one. */
static bool is_significant(const struct cret_name *name)
{
    return name->count >= 2 || (name->count == 1 && (has_digit(cret_name_word(name, 0)) ||
                                                     strlen(cret_name_word(name, 0)) >= 6));
}

bool cret_names_alike(const struct cret_name *left, const struct cret_name *right)
{
    if (left->count == 0 || right->count == 0) {
        return false;
    }
    return strcmp(cret_name_squeezed(left), cret_name_squeezed(right)) == 0 ||
           (is_significant(left) && all_in(left, right)) ||
           (is_significant(right) && all_in(right, left));
}

bool cret_vendors_alike(const struct cret_name *left, const struct cret_name *right)
{
    if (left->count == 0 || right->count == 0) {
        return false;
    }
    return strcmp(cret_name_squeezed(left), cret_name_squeezed(right)) == 0 ||
           all_in(left, right) || all_in(right, left);
}

/* Whether the character at a place of a token stands for any: '?', and an x beside a digit or
 * another x. */
static bool is_wild(const char *token, size_t at)
{
    if (token[at] == WILD) {
        return true;
    }
    const char before = at > 0 ? token[at - 1] : '\0', after = token[at + 1];
    return token[at] == 'x' &&
           (isdigit((unsigned char)before) != 0 || before == 'x' || before == WILD ||
            isdigit((unsigned char)after) != 0 || after == 'x' || after == WILD);
}

/* Whether two tokens can be the same, with the wildcards of both; begins: also where one of them is
 * only the beginning of the other. '*' at a place ends the comparison with what is behind it. */
static bool tokens_fit(const char *left, const char *right, bool begins)
{
    size_t i = 0, j = 0;
    while (left[i] != '\0' && right[j] != '\0' && left[i] != '*' && right[j] != '*') {
        if (left[i] != right[j] && !is_wild(left, i) && !is_wild(right, j)) {
            return false;
        }
        i++;
        j++;
    }
    if (left[i] == '*' || right[j] == '*') {
        const char *pattern = left[i] == '*' ? left + i + 1 : right + j + 1;
        const char *text = left[i] == '*' ? right + j : left + i;
        const size_t size = strlen(pattern), length = strlen(text);
        /* Of several '*' only the first is followed: what is behind the second could be anything.
         */
        if (strchr(pattern, '*') != NULL || strchr(text, '*') != NULL) {
            return true;
        }
        for (size_t at = 0; at + size <= length; at++) {
            if (tokens_fit(pattern, text + at, false) || size == 0) {
                return true;
            }
            if (begins && tokens_fit(pattern, text + at, true)) {
                return true;
            }
        }
        return false;
    }
    return (left[i] == '\0' && right[j] == '\0') || (begins && i >= SHORTEST_MODEL);
}

bool cret_names_share_token(const struct cret_name *left, const struct cret_name *right,
                            bool begins)
{
    for (size_t i = 0; i < left->token_count; i++) {
        for (size_t j = 0; j < right->token_count; j++) {
            if (tokens_fit(cret_name_token(left, i), cret_name_token(right, j), begins)) {
                return true;
            }
        }
    }
    return false;
}

struct cret_name *cret_model_read(const char *text)
{
    char folded[LONGEST], squeezed[WORD];
    const size_t size = fold(folded, text);
    struct cret_name *name = malloc(sizeof(*name) + WORD + 2);
    if (name == NULL) {
        return NULL;
    }
    size_t used = 0;
    *name = (struct cret_name){0};
    name->squeezed = append(name, &used, "", 0);
    /* One that is short is a model all the same, also with wildcards; these alone are none. */
    if (squeeze(squeezed, folded, size) ||
        (squeezed[0] != '\0' &&
         (strpbrk(squeezed, "?*") == NULL || strcspn(squeezed, "?*") >= 2))) {
        name->tokens[name->token_count++] = append(name, &used, squeezed, strlen(squeezed));
    }
    return name;
}

bool cret_name_holds_model(const struct cret_name *name, const struct cret_name *model)
{
    if (model->token_count == 0) {
        return false;
    }
    const char *text = cret_name_token(model, 0);
    return strlen(text) > SHORTEST_MODEL && has_digit(text) &&
           strstr(cret_name_squeezed(name), text) != NULL;
}
