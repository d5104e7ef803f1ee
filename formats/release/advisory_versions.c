/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions and ranges of versions as advisories write them. How versions are ordered depends on who
 * made them, so that only dotted numbers are ever ordered here; all else is UNKNOWN, which a person
 * looks at. OUTSIDE must be sure: it is what makes a statement "affected" not count.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "release/advisory_internal.h"

#define CONSTRAINTS 64u

enum order { LOWER, SAME, HIGHER, UNSURE };

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

/* The next number of a dotted version, without leading zeros; where there is none, the empty
 * number, which is zero. */
static const char *next_number(const char **text, size_t *ret_size)
{
    const char *start = *text + strspn(*text, "0");
    *ret_size = strspn(start, "0123456789");
    *text = start + *ret_size;
    if ((*text)[0] == '.' && isdigit((unsigned char)(*text)[1]) != 0) {
        (*text)++;
    }
    return start;
}

/* Of two versions; SAME and UNSURE where their numbers are the same: 1.0 and 1.0.0, 1.0 and 1.0-rc1. */
static enum order order_of(const char *left, const char *right)
{
    left = bare_version(left);
    right = bare_version(right);
    if (strcasecmp(left, right) == 0) {
        return SAME;
    }
    /* An epoch comes before everything else. */
    if (isdigit((unsigned char)*left) == 0 || isdigit((unsigned char)*right) == 0 ||
        strchr(left, ':') != NULL || strchr(right, ':') != NULL) {
        return UNSURE;
    }
    while (isdigit((unsigned char)*left) != 0 || isdigit((unsigned char)*right) != 0) {
        size_t left_size = 0, right_size = 0;
        const char *one = next_number(&left, &left_size);
        const char *other = next_number(&right, &right_size);
        if (left_size != right_size) {
            return left_size < right_size ? LOWER : HIGHER;
        }
        const int order = memcmp(one, other, left_size);
        if (order != 0) {
            return order < 0 ? LOWER : HIGHER;
        }
    }
    return strcasecmp(left, right) == 0 ? SAME : UNSURE;
}

enum operator{ EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

struct constraint {
    enum operator operator;
    char version[128];
};

/* Whether a text is one version: dotted numbers, then at most a letter or a usual word with its
 * number (1.1.1k, 2.0-rc1, 4.2 SP3 without the space). "1.x", "1.0-2.0" and "2.0+" are none. */
static bool is_one_version(const char *text)
{
    static const char *const words[] = {"alpha", "beta", "build", "dev", "hf",   "p",  "patch",
                                        "post",  "pre",  "r",     "rc",  "rev", "sp", "u", NULL};
    text = bare_version(text);
    if (isdigit((unsigned char)*text) == 0) {
        return false;
    }
    while (isdigit((unsigned char)*text) != 0) {
        size_t size = 0;
        (void)next_number(&text, &size);
    }
    if (*text == '\0') {
        return true;
    }
    if (isalpha((unsigned char)text[0]) != 0 && text[1] == '\0') {
        return tolower((unsigned char)text[0]) != 'x';
    }
    text += strchr("-._~", *text) != NULL ? 1 : 0;
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t size = strlen(words[i]);
        if (strncasecmp(text, words[i], size) == 0) {
            const char *rest = text + size;
            rest += *rest == '.' || *rest == '-' ? 1 : 0;
            if (rest[strspn(rest, "0123456789")] == '\0') {
                return true;
            }
        }
    }
    return false;
}

/* Text without the white space around it. */
static void trim(const char **text, size_t *size)
{
    while (*size > 0 && isspace((unsigned char)**text) != 0) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && isspace((unsigned char)(*text)[*size - 1]) != 0) {
        (*size)--;
    }
}

/* One constraint. False where it is none: in words, or longer than any version. */
static bool read_constraint(struct constraint *constraint, const char *text, size_t size)
{
    static const struct {
        const char *sign;
        enum operator operator;
    } signs[] = {{">=", GREATER_EQUAL}, {"<=", LESS_EQUAL}, {"!=", NOT_EQUAL}, {"==", EQUAL},
                 {">", GREATER},        {"<", LESS},        {"=", EQUAL}};
    trim(&text, &size);
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
    trim(&text, &size);
    if (size == 0 || size >= sizeof(constraint->version)) {
        return false;
    }
    memcpy(constraint->version, text, size);
    constraint->version[size] = '\0';
    return is_one_version(constraint->version);
}

static bool is_lower_bound(const struct constraint *one)
{
    return one->operator== GREATER || one->operator== GREATER_EQUAL;
}

static bool is_upper_bound(const struct constraint *one)
{
    return one->operator== LESS || one->operator== LESS_EQUAL;
}

/* vers specification: versions ascend, and lower and upper bounds take turns. What is written in
 * another order could mean anything. */
static bool in_order(const struct constraint *list, size_t count)
{
    const struct constraint *bound = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            const enum order order = order_of(list[i - 1].version, list[i].version);
            if (order == HIGHER || order == SAME) {
                return false;
            }
        }
        if (is_lower_bound(&list[i]) || is_upper_bound(&list[i])) {
            if (bound != NULL && is_lower_bound(bound) == is_lower_bound(&list[i])) {
                return false;
            }
            bound = &list[i];
        }
    }
    return true;
}

/* One bound: the version is on its right side, is not, or nobody knows. */
static enum cret_range within_bound(const struct constraint *bound, const char *version)
{
    const enum order order = order_of(version, bound->version);
    if (order == UNSURE) {
        return CRET_RANGE_UNKNOWN;
    }
    const bool inside = order == SAME ? bound->operator== LESS_EQUAL ||
                                            bound->operator== GREATER_EQUAL
                                      : (order == HIGHER) == is_lower_bound(bound);
    return inside ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
}

static enum cret_range both(enum cret_range left, enum cret_range right)
{
    return left < right ? left : right;
}

static enum cret_range either(enum cret_range left, enum cret_range right)
{
    return left > right ? left : right;
}

/* vers specification, "Checking if a version is contained within a range": single versions first,
 * then the intervals that the bounds make. */
static enum cret_range contained(const struct constraint *list, size_t count, const char *version)
{
    enum cret_range result = CRET_RANGE_OUTSIDE;
    const struct constraint *lower = NULL;
    bool any_bound = false;
    for (size_t i = 0; i < count; i++) {
        const struct constraint *one = &list[i];
        const enum order order = order_of(version, one->version);
        if (one->operator!= EQUAL && one->operator!= NOT_EQUAL) {
            any_bound = true;
        } else if (order == SAME) {
            return one->operator== EQUAL ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
        } else if (order == UNSURE) {
            result = CRET_RANGE_UNKNOWN;
        }
    }
    if (!any_bound) {
        return list[0].operator== NOT_EQUAL ? either(result, CRET_RANGE_INSIDE) : result;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_lower_bound(&list[i])) {
            lower = &list[i];
        } else if (is_upper_bound(&list[i])) {
            enum cret_range here = within_bound(&list[i], version);
            here = lower != NULL ? both(here, within_bound(lower, version)) : here;
            result = either(result, here);
            lower = NULL;
        }
    }
    return lower != NULL ? either(result, within_bound(lower, version)) : result;
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
    if (count == 0 || !in_order(list, count)) {
        return CRET_RANGE_UNKNOWN;
    }
    return contained(list, count, version);
}
