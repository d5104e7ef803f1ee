/* SPDX-License-Identifier: Apache-2.0 */
/* The order of versions of one product, where it is sure. */
#include "release/statements/version.h"

#include <string.h>
#include <strings.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/unicode.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Words behind a version, by what they make of it: below zero before the release itself, ascending;
 * above zero after it. */
static const struct {
    const char *word;
    int rank;
} stages[] = {
    {"snapshot", -5}, {"dev", -5}, {"pre-alpha", -5}, {"alpha", -4}, {"beta", -3}, {"pre", -2},
    {"preview", -2},  {"rc", -1},  {"hotfix", 1},     {"hf", 1},     {"patch", 1}, {"sp", 1},
};

/* The stage that a rest of a version begins with, 0 where it begins with none; *ret_size is its
 * length with the separator before it. */
static int stage_of(const char *text, size_t *ret_size)
{
    const size_t separator = *text != '\0' && strchr("-._~ ", *text) != NULL ? 1 : 0;
    text += separator;
    const size_t size = strncasecmp(text, "pre-alpha", strlen("pre-alpha")) == 0
                            ? strlen("pre-alpha")
                            : strspn(text, LETTERS);
    for (size_t i = 0; i < CRET_LENGTH(stages); i++) {
        if (strlen(stages[i].word) == size && strncasecmp(stages[i].word, text, size) == 0) {
            *ret_size = separator + size;
            return stages[i].rank;
        }
    }
    return 0;
}

/* Two runs of digits as numbers; both are moved behind their run. */
static enum cret_order order_numbers(const char **left, const char **right)
{
    *left += strspn(*left, "0");
    *right += strspn(*right, "0");
    const size_t left_size = strspn(*left, DIGITS);
    const size_t right_size = strspn(*right, DIGITS);
    int order = (left_size > right_size) - (left_size < right_size);
    if (order == 0) {
        order = memcmp(*left, *right, left_size);
    }
    *left += left_size;
    *right += right_size;
    return order == 0 ? CRET_ORDER_SAME : order < 0 ? CRET_ORDER_LOWER : CRET_ORDER_HIGHER;
}

/* A further number of a dotted version. */
static bool begins_number(const char *text)
{
    return text[0] == '.' && strspn(text + 1, DIGITS) > 0;
}

/* What is left of the longer of two versions whose beginning is the same: its order against the
 * shorter one. `before`: the shorter one ends with a digit. */
static enum cret_order order_of_rest(const char *rest, bool before)
{
    size_t size = 0;
    if (!before) {
        return CRET_ORDER_UNSURE;
    }
    bool zero = true;
    while (begins_number(rest)) {
        const size_t digits = strspn(rest + 1, DIGITS);
        zero = zero && strspn(rest + 1, "0") == digits;
        rest += 1 + digits;
    }
    const int last = stage_of(rest, &size);
    if (*rest != '\0' && last == 0) {
        return CRET_ORDER_UNSURE;
    }
    if (!zero) {
        return CRET_ORDER_HIGHER;
    }
    return last == 0 ? CRET_ORDER_SAME : last < 0 ? CRET_ORDER_LOWER : CRET_ORDER_HIGHER;
}

static enum cret_order opposite(enum cret_order order)
{
    switch (order) {
    case CRET_ORDER_LOWER:
        return CRET_ORDER_HIGHER;
    case CRET_ORDER_HIGHER:
        return CRET_ORDER_LOWER;
    default:
        return order;
    }
}

/* A letter that stands alone: revision B, 2C. */
static bool single_letter(const char *text)
{
    return strspn(text, LETTERS) == 1;
}

/* Two versions at the first place where they are not the same characters. `start`: their common
 * beginning; behind it, a word may have begun already. */
static enum cret_order order_of_texts(const char *start, const char *left, const char *right)
{
    const bool word_began = left > start && strspn(left - 1, LETTERS) > 0;
    const bool both_lower = *left >= 'a' && *right >= 'a';
    const bool both_upper = *left <= 'Z' && *right <= 'Z';
    /* C2 and D1, but not B and R1: there R may be the word "revision". */
    const bool alike = (strspn(left + 1, DIGITS) > 0) == (strspn(right + 1, DIGITS) > 0);
    if (!word_began && single_letter(left) && single_letter(right) && alike &&
        (both_lower || both_upper)) {
        return *left < *right ? CRET_ORDER_LOWER : CRET_ORDER_HIGHER;
    }
    size_t left_size = 0, right_size = 0;
    while (left > start && strspn(left - 1, LETTERS) > 0) {
        left--;
        right--;
    }
    const int left_stage = stage_of(left, &left_size);
    const int right_stage = stage_of(right, &right_size);
    if ((left_stage < 0 && begins_number(right)) || (right_stage < 0 && begins_number(left))) {
        return left_stage < 0 ? CRET_ORDER_LOWER : CRET_ORDER_HIGHER;
    }
    if (left_stage == 0 || right_stage == 0 || left_stage == right_stage) {
        return CRET_ORDER_UNSURE;
    }
    return left_stage < right_stage ? CRET_ORDER_LOWER : CRET_ORDER_HIGHER;
}

static const char *bare(const char *version)
{
    return (*version == 'v' || *version == 'V') && strspn(version + 1, DIGITS) > 0 ? version + 1
                                                                                   : version;
}

enum cret_order cret_version_order(const char *left, const char *right)
{
    left = bare(left);
    right = bare(right);
    const char *start = left;
    while (*left != '\0' && *right != '\0') {
        if (strspn(left, DIGITS) > 0 && strspn(right, DIGITS) > 0) {
            const enum cret_order order = order_numbers(&left, &right);
            if (order != CRET_ORDER_SAME) {
                return order;
            }
        } else if (*left != *right) {
            return order_of_texts(start, left, right);
        } else {
            left++;
            right++;
        }
    }
    const bool number_before = left > start && strspn(left - 1, DIGITS) > 0;
    if (*left != '\0') {
        return order_of_rest(left, number_before);
    }
    return *right != '\0' ? opposite(order_of_rest(right, number_before)) : CRET_ORDER_SAME;
}

enum cret_within cret_version_within(const char *version, const char *from, const char *to)
{
    const enum cret_order low = from != NULL ? cret_version_order(version, from) : CRET_ORDER_SAME;
    const enum cret_order high = to != NULL ? cret_version_order(version, to) : CRET_ORDER_SAME;
    if (low == CRET_ORDER_LOWER || high == CRET_ORDER_HIGHER) {
        return CRET_WITHIN_OUTSIDE;
    }
    return low == CRET_ORDER_UNSURE || high == CRET_ORDER_UNSURE ? CRET_WITHIN_UNSURE
                                                                 : CRET_WITHIN_INSIDE;
}

/* One split of "MODEL:REVISION"; revision NULL: none was said. */
static bool entry_matches(const json_t *entry, const char *model, size_t model_size,
                          const char *revision)
{
    const char *const names[] = {cret_json_string(entry, "model"), cret_json_string(entry, "sku")};
    char wanted[CRET_LIMIT_LINE_BYTES + 1];
    bool named = false;
    if (model_size >= sizeof(wanted)) {
        return false;
    }
    memcpy(wanted, model, model_size);
    wanted[model_size] = '\0';
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        named = named || (names[i] != NULL && cret_unicode_same(names[i], wanted));
    }
    const char *from = cret_json_string(entry, "revisionFrom");
    const char *to = cret_json_string(entry, "revisionTo");
    if (!named) {
        return false;
    }
    return revision == NULL ? from == NULL && to == NULL
                            : cret_version_within(revision, from, to) == CRET_WITHIN_INSIDE;
}

bool cret_hardware_covers(const json_t *entry, const char *hardware)
{
    if (entry_matches(entry, hardware, strlen(hardware), NULL)) {
        return true;
    }
    for (const char *colon = strchr(hardware, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        if (entry_matches(entry, hardware, (size_t)(colon - hardware), colon + 1)) {
            return true;
        }
    }
    return false;
}
